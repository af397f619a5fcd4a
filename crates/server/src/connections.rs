//! The connections that are open: how many there may be, and which one is closed because its caller keeps us waiting.
//!
//! A connection waits for its caller, or its caller waits for us. Only the first kind is ever closed, and only by the rules
//! of [`Stage`] and [`Pace`]: a caller who sends a half of something and then nothing, or one byte from time to time, must not
//! keep others out, nor the server from ending. Nobody's network has more than its share of the places, and when none is free the
//! network that has the most gives one up. Who is not let in is [told so](crate::overload).

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, IoSlice};
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, Request, Response};
use http_body::{Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::body::GuardedBody;

/// Longest time that a connection stays open without a call.
const IDLE: Duration = Duration::from_secs(60);
/// Longest time for the head of a call, from its first byte on.
const HEAD: Duration = Duration::from_secs(10);
/// Longest time for which an answer may stay unread. (How long the next bytes of a body may take is the affair of
/// [`body`](crate::body), which tells the caller.)
const UNREAD: Duration = Duration::from_secs(30);
/// Time without a byte after which a call counts as stalled, when its place is wanted or the server ends.
const STALLED: Duration = Duration::from_secs(2);
/// Shorter limits for the same three, while places are few.
const IDLE_WHEN_FEW: Duration = Duration::from_secs(5);
const HEAD_WHEN_FEW: Duration = Duration::from_secs(5);
const UNREAD_WHEN_FEW: Duration = Duration::from_secs(10);
/// The slowest that an answer may be read in the long run, in bytes a second. (The pace of a body is the affair of
/// [`body`](crate::body).)
const PACE: u64 = 1024;
/// The slowest that the bytes of a call may come and go while its place is wanted by others.
const PACE_WHEN_FEW: u64 = 16 * 1024;
/// Limits of a call whose place is wanted: the time that it may stall, the time that it may wait for its caller all in all before
/// its pace counts, and that pace at least, in bytes a second.
#[derive(Clone, Copy)]
struct Spared {
    stalled: Duration,
    slow: Duration,
    pace: u64,
}
const OF_FEW: Spared = Spared { stalled: STALLED, slow: Duration::from_secs(5), pace: PACE_WHEN_FEW };
/// Limits of a network that has many places: whatever its pace, it does not keep those out who have less.
const OF_MANY: Spared =
    Spared { stalled: Duration::from_millis(500), slow: Duration::from_millis(500), pace: 1024 * 1024 * 1024 };
/// Connections that one browser opens: a network with no more keeps its normal time limits.
const OF_A_BROWSER: usize = 8;
/// A call that waited for its caller for less is not slow, whatever its pace.
const SLOW_LEAST: Duration = Duration::from_secs(1);
/// After how long without a call a slow caller is a new one.
const FORGOTTEN: Duration = Duration::from_secs(5);
/// Longest time for which a connection waits for a place.
const WAIT: Duration = Duration::from_secs(4);
const WAITING: usize = 128;
const WAITING_OF_NETWORK: usize = 16;
/// Longest time for the head of a call once the server ends.
const LAST_HEAD: Duration = Duration::from_secs(1);
/// Shortest time for which an idle connection keeps its place: the head of a call may be on its way.
const FRESH: Duration = Duration::from_millis(250);
/// Interval at which connections are checked.
const LOOK: Duration = Duration::from_millis(250);

/// Progress of the call on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// There is no call, since then.
    Idle(Instant),
    /// A part of the head of a call has come, the first of it then.
    Head(Instant),
    /// A call waits for more of its body, since then.
    Body(Instant),
    /// A call is being answered.
    Answering,
    /// The caller does not take more of an answer, since then.
    Unread(Instant),
}

/// The time that a connection without progress is given.
#[derive(Clone, Copy)]
struct Patience {
    idle: Duration,
    head: Duration,
    unread: Duration,
}

impl Patience {
    const NORMAL: Self = Self { idle: IDLE, head: HEAD, unread: UNREAD };
    const WHEN_FEW: Self = Self { idle: IDLE_WHEN_FEW, head: HEAD_WHEN_FEW, unread: UNREAD_WHEN_FEW };
}

impl Stage {
    /// Returns whether the connection has had its time; `ending` is when shutdown began, if it did.
    fn is_overdue(self, now: Instant, patience: Patience, ending: Option<Instant>) -> bool {
        let longer_than = |limit: Duration, since: Instant| now.saturating_duration_since(since) >= limit;
        let normally = match self {
            Self::Idle(since) => longer_than(patience.idle, since),
            Self::Head(since) => longer_than(patience.head, since),
            Self::Unread(since) => longer_than(patience.unread, since),
            Self::Body(_) | Self::Answering => false,
        };
        let at_the_end = |begun: Instant| match self {
            Self::Idle(_) | Self::Head(_) => longer_than(LAST_HEAD, begun),
            Self::Body(since) | Self::Unread(since) => longer_than(STALLED, since.max(begun)),
            Self::Answering => false,
        };
        normally || ending.is_some_and(at_the_end)
    }

    /// Since when the connection could be given up for another, if it could: one without a call soon and first, a call that
    /// stalls after a while, one that is slow at once.
    fn spare_since(self, now: Instant, stalled: Duration, is_slow: bool) -> Option<(bool, Instant)> {
        let (has_call, since, least) = match self {
            Self::Idle(since) | Self::Head(since) => (false, since, FRESH),
            Self::Body(since) | Self::Unread(since) => (true, since, if is_slow { Duration::ZERO } else { stalled }),
            Self::Answering => return None,
        };
        (now.saturating_duration_since(since) >= least).then_some((has_call, since))
    }

    /// Since when a call waits for its caller, if it does.
    fn waits_since(self) -> Option<Instant> {
        match self {
            Self::Body(since) | Self::Unread(since) => Some(since),
            Self::Idle(_) | Self::Head(_) | Self::Answering => None,
        }
    }
}

/// Bytes of a call that came and went, and the time for which it waited for its caller.
#[derive(Clone, Copy, Default)]
struct Pace {
    waited: Duration,
    moved: u64,
}

impl Pace {
    fn is_below(self, pace: u64, grace: Duration) -> bool {
        let due = u128::from(pace) * self.waited.as_millis() / 1000;
        self.waited > grace && u128::from(self.moved) < due
    }
}

/// State of one connection, shared by the task that serves it and the one that watches it.
struct Line {
    network: IpAddr,
    known: Mutex<Known>,
    close: Notify,
}

struct Known {
    /// Stage of its calls.
    stage: Stage,
    /// Since when the caller takes nothing of what is written.
    unread: Option<Instant>,
    /// Of the call under way, without what it waits for now.
    pace: Pace,
}

impl Known {
    fn stage(&self) -> Stage {
        self.unread.map_or(self.stage, Stage::Unread)
    }

    fn pace(&self, now: Instant) -> Pace {
        let waits = self.stage().waits_since().map_or(Duration::ZERO, |since| now.saturating_duration_since(since));
        Pace { waited: self.pace.waited + waits, ..self.pace }
    }
}

impl Line {
    fn new(network: IpAddr) -> Self {
        let known = Known { stage: Stage::Idle(Instant::now()), unread: None, pace: Pace::default() };
        Self { network, known: Mutex::new(known), close: Notify::new() }
    }

    fn stage(&self) -> Stage {
        lock(&self.known).stage()
    }

    /// Goes from one stage to another, where this one leads anywhere.
    fn go_on(&self, next: impl FnOnce(Stage) -> Option<Stage>) {
        let mut known = lock(&self.known);
        if let Some(stage) = next(known.stage) {
            let now = Instant::now();
            known.pace = known.pace(now);
            known.stage = stage;
            // What it waited for so far is counted.
            known.unread = known.unread.map(|_| now);
        }
    }

    /// A call begins. The pace of the one before is nothing to it, unless it was slow: a caller who keeps us waiting in many small
    /// calls does so as with one.
    fn begin(&self) {
        let mut known = lock(&self.known);
        let was_away = matches!(known.stage, Stage::Idle(since) if since.elapsed() >= FORGOTTEN);
        if was_away || !known.pace.is_below(PACE_WHEN_FEW, SLOW_LEAST) {
            known.pace = Pace::default();
        }
        known.stage = Stage::Answering;
    }

    /// Notes how much was read from the caller.
    fn read(&self, bytes: usize) {
        lock(&self.known).pace.moved += u64::try_from(bytes).unwrap_or(u64::MAX);
    }

    /// Notes how much of what was written the caller took; none if it does not take any.
    fn wrote(&self, taken: Option<usize>) {
        let mut known = lock(&self.known);
        match taken {
            Some(bytes) => {
                known.pace = known.pace(Instant::now());
                known.pace.moved += u64::try_from(bytes).unwrap_or(u64::MAX);
                known.unread = None;
                // What it was waiting for before counts from now on.
                if let Stage::Body(since) = &mut known.stage {
                    *since = Instant::now();
                }
            }
            None => known.unread = known.unread.or_else(|| Some(Instant::now())),
        }
    }

    fn is_overdue(&self, now: Instant, patience: Patience, ending: Option<Instant>) -> bool {
        let known = lock(&self.known);
        let is_read_too_slowly =
            matches!(known.stage(), Stage::Unread(_)) && known.pace(now).is_below(PACE, patience.unread);
        is_read_too_slowly || known.stage().is_overdue(now, patience, ending)
    }

    fn spare_since(&self, now: Instant, spared: Spared) -> Option<(bool, Instant)> {
        let known = lock(&self.known);
        known.stage().spare_since(now, spared.stalled, known.pace(now).is_below(spared.pace, spared.slow))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// All connections.
pub(crate) struct Connections {
    places: usize,
    places_of_network: usize,
    lines: Mutex<Lines>,
    freed: Notify,
    ending: Mutex<Option<Instant>>,
}

#[derive(Default)]
struct Lines {
    last: u64,
    open: BTreeMap<u64, Arc<Line>>,
    /// Open connections of each network.
    of_network: HashMap<IpAddr, usize>,
    /// Connections that wait for a place, by number.
    waiting: BTreeMap<u64, Waiter>,
}

/// A connection that waits for a place, as the others know it.
struct Waiter {
    network: IpAddr,
    /// Told when a connection of a network that has less takes its turn.
    turned_away: Arc<Notify>,
}

impl Lines {
    fn count_of(&self, network: IpAddr) -> usize {
        self.of_network.get(&network).copied().unwrap_or_default()
    }
}

/// Outcome of letting a connection in.
pub(crate) enum Admission {
    /// The connection has a place.
    Now(Place),
    /// The connection may wait for a place.
    Later(Waiting),
    /// Too many wait already.
    Refused,
}

impl Connections {
    /// At most so many at the same time, and so many of one network.
    pub(crate) fn at_most(places: usize, places_of_network: usize) -> Arc<Self> {
        Arc::new(Self {
            places: places.max(1),
            places_of_network: places_of_network.max(1),
            lines: Mutex::default(),
            freed: Notify::new(),
            ending: Mutex::default(),
        })
    }

    /// Lets a connection of this network in, if there is a place or it may wait for one.
    pub(crate) fn admit(self: &Arc<Self>, network: IpAddr) -> Admission {
        if let Some(place) = self.place(network) {
            return Admission::Now(place);
        }
        let mut lines = lock(&self.lines);
        let of_network = lines.waiting.values().filter(|waiter| waiter.network == network).count();
        if self.tells_networks_apart() && of_network >= WAITING_OF_NETWORK {
            return Admission::Refused;
        }
        if lines.waiting.len() >= WAITING {
            let has_most = lines.waiting.iter().max_by_key(|(_, waiter)| lines.count_of(waiter.network));
            let Some((number, waiter)) =
                has_most.filter(|(_, waiter)| lines.count_of(waiter.network) > lines.count_of(network))
            else {
                return Admission::Refused;
            };
            let number = *number;
            waiter.turned_away.notify_one();
            lines.waiting.remove(&number);
        }
        lines.last += 1;
        let (number, turned_away) = (lines.last, Arc::new(Notify::new()));
        lines.waiting.insert(number, Waiter { network, turned_away: Arc::clone(&turned_away) });
        Admission::Later(Waiting { connections: Arc::clone(self), network, number, turned_away })
    }

    /// Returns whether a network with so many places has many: half of its share, or a quarter of all.
    fn are_many(&self, count: usize) -> bool {
        self.tells_networks_apart() && count >= (self.places / 4).min(self.places_of_network / 2).max(2)
    }

    /// Behind a proxy all connections come from one network, which says nothing.
    fn tells_networks_apart(&self) -> bool {
        self.places_of_network < usize::MAX
    }

    fn place(self: &Arc<Self>, network: IpAddr) -> Option<Place> {
        let mut lines = lock(&self.lines);
        let count = lines.count_of(network);
        // A place that becomes free is for those who have the least.
        let is_next = || lines.waiting.values().all(|other| lines.count_of(other.network) >= count);
        if lines.open.len() >= self.places || count >= self.places_of_network || !is_next() {
            return None;
        }
        lines.last += 1;
        let line = Arc::new(Line::new(network));
        let number = lines.last;
        lines.open.insert(number, Arc::clone(&line));
        *lines.of_network.entry(network).or_default() += 1;
        Some(Place { connections: Arc::clone(self), number, line })
    }

    /// Returns whether a network with fewer places than this one waits for one.
    fn is_wanted_by_others(&self, network: IpAddr) -> bool {
        let lines = lock(&self.lines);
        let count = lines.count_of(network);
        lines.waiting.values().any(|other| lines.count_of(other.network) < count)
    }

    /// Closes the connection that has kept us waiting the longest, if one does: of this network if it has its share, else of the
    /// network that has the most, and never of one that has less than this one.
    fn spare_one_for(&self, network: IpAddr) {
        let now = Instant::now();
        let lines = lock(&self.lines);
        let has_its_share = lines.count_of(network) >= self.places_of_network;
        let mine = lines.count_of(network);
        let may_lose = |line: &&Arc<Line>| {
            if has_its_share { line.network == network } else { lines.count_of(line.network) >= mine }
        };
        let candidates = lines.open.values().filter(may_lose);
        let waiting = candidates.filter_map(|line| {
            let count = lines.count_of(line.network);
            let (has_call, since) = line.spare_since(now, if self.are_many(count) { OF_MANY } else { OF_FEW })?;
            Some(((Reverse(count), has_call, since), line))
        });
        if let Some((_, line)) = waiting.min_by_key(|(spare, _)| *spare) {
            line.close.notify_one();
        }
    }

    /// Closes what has had its time, for ever.
    pub(crate) async fn watch(&self) {
        let mut looks = tokio::time::interval(LOOK);
        loop {
            looks.tick().await;
            let (now, ending) = (Instant::now(), *lock(&self.ending));
            let lines = lock(&self.lines);
            let are_few = lines.open.len() >= self.places - self.places / 4;
            for line in lines.open.values() {
                let is_of_a_browser = self.tells_networks_apart() && lines.count_of(line.network) <= OF_A_BROWSER;
                let patience = if are_few && !is_of_a_browser { Patience::WHEN_FEW } else { Patience::NORMAL };
                if line.is_overdue(now, patience, ending) {
                    line.close.notify_one();
                }
            }
        }
    }

    /// From now on callers have less time.
    pub(crate) fn end(&self) {
        *lock(&self.ending) = Some(Instant::now());
    }
}

/// A connection that waits for a place.
pub(crate) struct Waiting {
    connections: Arc<Connections>,
    network: IpAddr,
    number: u64,
    turned_away: Arc<Notify>,
}

impl Waiting {
    /// Waits for a place, for some time. Meanwhile connections that keep us waiting are closed.
    pub(crate) async fn place(self) -> Option<Place> {
        let until = Instant::now() + WAIT;
        loop {
            let mut freed = std::pin::pin!(self.connections.freed.notified());
            // A place that becomes free from here on is not missed.
            freed.as_mut().enable();
            if let Some(place) = self.connections.place(self.network) {
                return Some(place);
            }
            if Instant::now() >= until {
                return None;
            }
            self.connections.spare_one_for(self.network);
            tokio::select! {
                () = self.turned_away.notified() => return None,
                // One that stalls may have to be given up later.
                _ = tokio::time::timeout(LOOK, freed) => {}
            }
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        lock(&self.connections.lines).waiting.remove(&self.number);
    }
}

/// The place of one connection, which is free again when this is dropped.
pub(crate) struct Place {
    connections: Arc<Connections>,
    number: u64,
    line: Arc<Line>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut lines = lock(&self.connections.lines);
        lines.open.remove(&self.number);
        if let Some(count) = lines.of_network.get_mut(&self.line.network) {
            *count -= 1;
            if *count == 0 {
                lines.of_network.remove(&self.line.network);
            }
        }
        drop(lines);
        // Of those who wait, some have their share and cannot take it.
        self.connections.freed.notify_waiters();
    }
}

impl Place {
    /// The stream, as whoever serves the connection reads and writes it.
    pub(crate) fn stream(&self, stream: TcpStream) -> Stream {
        Stream { stream, line: Arc::clone(&self.line) }
    }

    /// Returns the tracker of the connection's calls.
    pub(crate) fn calls(&self) -> Calls {
        Calls { line: Arc::clone(&self.line), connections: Arc::clone(&self.connections) }
    }

    /// Serves the connection to its end, or until its caller has kept us waiting for too long.
    pub(crate) async fn hold(self, connection: impl Future) {
        let mut connection = std::pin::pin!(connection);
        loop {
            tokio::select! {
                biased;
                _ = &mut connection => return,
                () = self.line.close.notified() => {
                    // Something may have come in the meantime.
                    if self.line.stage() != Stage::Answering {
                        return;
                    }
                }
            }
        }
    }
}

/// Notes what goes on with the calls of one connection.
#[derive(Clone)]
pub(crate) struct Calls {
    line: Arc<Line>,
    connections: Arc<Connections>,
}

impl Calls {
    /// A call has come: its head is there.
    pub(crate) fn begin<B>(&self, call: Request<B>) -> (Request<Asked<B>>, Answered) {
        self.line.begin();
        (call.map(|body| Asked { body, line: Arc::clone(&self.line) }), Answered(self.clone()))
    }
}

/// The body of a call.
pub(crate) struct Asked<B> {
    body: B,
    line: Arc<Line>,
}

impl<B: http_body::Body + Unpin> http_body::Body for Asked<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        self.line.go_on(|stage| match (stage, polled.is_pending()) {
            (Stage::Answering, true) => Some(Stage::Body(Instant::now())),
            (Stage::Body(_), false) => Some(Stage::Answering),
            // What a call still sends after it was answered does not count.
            _ => None,
        });
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A call that is not answered yet: it is when this, or the body of its answer, is dropped.
pub(crate) struct Answered(Calls);

impl Answered {
    /// The answer, which tells when all of it was handed over. It is the last one of its connection if somebody who has less waits
    /// for the place: whoever calls again and again keeps nobody waiting, and would otherwise never give it up.
    pub(crate) fn with(self, mut answer: Response<Body>) -> Response<GuardedBody<Answered>> {
        if self.0.connections.is_wanted_by_others(self.0.line.network) {
            answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        answer.map(|body| GuardedBody::new(body, self))
    }
}

impl Drop for Answered {
    fn drop(&mut self) {
        self.0.line.go_on(|_| Some(Stage::Idle(Instant::now())));
    }
}

/// The stream of a connection.
pub(crate) struct Stream {
    stream: TcpStream,
    line: Arc<Line>,
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, into);
        if into.filled().len() > before {
            self.line.read(into.filled().len() - before);
            self.line.go_on(|stage| matches!(stage, Stage::Idle(_)).then(|| Stage::Head(Instant::now())));
        }
        polled
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.line.wrote(taken(&polled));
        polled
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.line.wrote(taken(&polled));
        polled
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Returns the bytes that the client took; an error ends the connection by itself.
fn taken(polled: &Poll<io::Result<usize>>) -> Option<usize> {
    match polled {
        Poll::Ready(written) => Some(written.as_ref().copied().unwrap_or_default()),
        Poll::Pending => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    const ONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    #[tokio::test]
    async fn each_stage_has_its_time_and_a_shorter_one_when_places_are_few_and_at_the_end() {
        let since = Instant::now();
        for (stage, normally, when_few, at_the_end) in [
            (Stage::Idle(since), Some(60), Some(5), Some(1)),
            (Stage::Head(since), Some(10), Some(5), Some(1)),
            (Stage::Unread(since), Some(30), Some(10), Some(2)),
            (Stage::Body(since), None, None, Some(2)),
            (Stage::Answering, None, None, None),
        ] {
            for (limit, patience, ending) in [
                (normally, Patience::NORMAL, None),
                (when_few, Patience::WHEN_FEW, None),
                (at_the_end, Patience::NORMAL, Some(since)),
            ] {
                let overdue = |after| stage.is_overdue(since + after, patience, ending);
                match limit.map(seconds) {
                    Some(limit) => assert!(overdue(limit) && !overdue(limit - LOOK), "{stage:?} {ending:?}"),
                    None => assert!(!overdue(seconds(100_000)), "{stage:?} {ending:?}"),
                }
            }
        }
        let moments_ago = Some(since + seconds(9));
        assert!(
            !Stage::Body(since).is_overdue(since + seconds(10), Patience::NORMAL, moments_ago),
            "it may have stalled for another reason"
        );
    }

    fn in_stage(connections: &Arc<Connections>, network: IpAddr, stage: Stage) -> Option<Place> {
        let place = connections.place(network).unwrap();
        lock(&place.line.known).stage = stage;
        Some(place)
    }

    async fn is_told_to_close(place: &mut Option<Place>) -> bool {
        let told = place.take().unwrap().hold(std::future::pending::<()>());
        tokio::time::timeout(LOOK / 10, told).await.is_ok()
    }

    #[tokio::test]
    async fn the_one_that_keeps_us_waiting_the_longest_gives_up_its_place() {
        let connections = Connections::at_most(6, 6);
        let now = Instant::now();
        let mut places = [
            Stage::Answering,
            Stage::Body(now - seconds(30)),
            Stage::Body(now),
            Stage::Idle(now),
            Stage::Head(now - seconds(5)),
            Stage::Idle(now - seconds(4)),
        ]
        .map(|stage| in_stage(&connections, ONE, stage));
        assert!(connections.place(ONE).is_none());
        // Those without a call first, then the one that stalls, then nobody.
        for told in [4, 5, 1] {
            connections.spare_one_for(ONE);
            assert!(is_told_to_close(&mut places[told]).await, "{told}");
        }
        connections.spare_one_for(ONE);
        for rest in [0, 2, 3] {
            assert!(!is_told_to_close(&mut places[rest]).await, "{rest}");
        }
    }

    #[tokio::test]
    async fn nobodys_network_takes_more_than_its_share_and_the_largest_gives_up_first() {
        let connections = Connections::at_most(4, 3);
        let now = Instant::now();
        let mut theirs = [1, 2, 3].map(|ago| in_stage(&connections, ONE, Stage::Idle(now - seconds(ago))));
        assert!(connections.place(ONE).is_none(), "they have their share");
        let mut mine = in_stage(&connections, OTHER, Stage::Idle(now - seconds(50)));
        assert!(connections.place(OTHER).is_none(), "there is none left");
        connections.spare_one_for(OTHER);
        assert!(is_told_to_close(&mut theirs[2]).await, "the oldest of those who have the most");
        let mut next = in_stage(&connections, OTHER, Stage::Idle(now));
        connections.spare_one_for(ONE);
        assert!(!is_told_to_close(&mut next).await && is_told_to_close(&mut mine).await, "two each: the oldest of all");
    }

    #[tokio::test]
    async fn whoever_calls_again_and_again_gives_up_the_place_to_somebody_who_has_less() {
        let connections = Connections::at_most(2, 2);
        let places = [(); 2].map(|()| connections.place(ONE).unwrap());
        let is_last = || {
            let (_, answered) = places[0].calls().begin(Request::new(()));
            answered.with(Response::default()).headers().contains_key(CONNECTION)
        };
        assert!(!is_last(), "nobody waits");
        let Admission::Later(_ours) = connections.admit(ONE) else { panic!("there is none") };
        assert!(!is_last(), "who waits has as much");
        let Admission::Later(theirs) = connections.admit(OTHER) else { panic!("there is none") };
        assert!(is_last());
        drop(theirs);
        assert!(!is_last());
    }

    #[tokio::test]
    async fn a_place_that_becomes_free_is_for_those_who_have_the_least() {
        let connections = Connections::at_most(2, 2);
        let theirs = in_stage(&connections, ONE, Stage::Answering);
        let _also_theirs = in_stage(&connections, ONE, Stage::Answering);
        let Admission::Later(mine) = connections.admit(OTHER) else { panic!("there is none") };
        drop(theirs);
        assert!(!matches!(connections.admit(ONE), Admission::Now(_)));
        assert!(mine.place().await.is_some());
    }

    #[tokio::test]
    async fn whoever_has_less_loses_nothing_to_those_who_have_more() {
        let connections = Connections::at_most(5, 4);
        let _theirs = [(); 3].map(|()| in_stage(&connections, ONE, Stage::Answering));
        let mut mine = in_stage(&connections, OTHER, Stage::Idle(Instant::now() - seconds(50)));
        let _mine_too = in_stage(&connections, OTHER, Stage::Answering);
        connections.spare_one_for(ONE);
        assert!(!is_told_to_close(&mut mine).await);
    }

    #[tokio::test]
    async fn a_newcomer_who_has_less_takes_the_turn_of_one_who_has_more() {
        let connections = Connections::at_most(2, 2);
        let _theirs = [(); 2].map(|()| in_stage(&connections, ONE, Stage::Answering));
        let other = |number: u8| IpAddr::from([198, 51, 100, number]);
        let mut waiting = Vec::new();
        for number in 0..WAITING {
            let network = if number == 0 { ONE } else { other(u8::try_from(number).unwrap()) };
            let Admission::Later(one) = connections.admit(network) else { panic!("{number}") };
            waiting.push(one);
        }
        assert!(matches!(connections.admit(ONE), Admission::Refused), "who has as much as any");
        assert!(matches!(connections.admit(OTHER), Admission::Later(_)));
        let theirs = tokio::time::timeout(LOOK, waiting.swap_remove(0).place()).await;
        assert!(matches!(theirs, Ok(None)), "whose turn was taken is told at once");
    }

    #[tokio::test]
    async fn a_network_that_has_many_places_gives_up_a_call_whatever_its_pace() {
        let (connections, now) = (Connections::at_most(4, 4), Instant::now());
        let mut theirs = [(); 4].map(|()| in_stage(&connections, ONE, Stage::Body(now)));
        for place in theirs.iter().flatten() {
            lock(&place.line.known).pace = Pace { waited: seconds(1), moved: 1024 * 1024 };
        }
        connections.spare_one_for(OTHER);
        assert!(is_told_to_close(&mut theirs[0]).await);
    }

    #[tokio::test]
    async fn a_call_whose_bytes_trickle_gives_up_its_place_and_an_honest_slow_one_does_not() {
        let now = Instant::now();
        for (pace, is_slow) in [(1_100, true), (16_000, true), (20_000, false), (200_000, false)] {
            let line = Line::new(ONE);
            line.begin();
            for second in (1..=10).rev() {
                lock(&line.known).stage = Stage::Body(now - seconds(second));
                lock(&line.known).pace = Pace { waited: seconds(10 - second), moved: pace * (11 - second) };
            }
            assert_eq!(
                line.spare_since(now, Spared { stalled: STALLED * 10, ..OF_FEW }).is_some(),
                is_slow,
                "{pace} bytes a second"
            );
        }
    }

    #[tokio::test]
    async fn an_answer_that_is_read_byte_by_byte_is_broken_off() {
        let line = Line::new(ONE);
        line.begin();
        let now = Instant::now();
        let overdue = |waited, moved| {
            let mut known = lock(&line.known);
            (known.unread, known.pace) = (Some(now), Pace { waited: seconds(waited), moved });
            drop(known);
            line.is_overdue(now, Patience::NORMAL, None)
        };
        assert!(!overdue(30, 30) && overdue(31, 31) && !overdue(31, 31 * 1024), "after half a minute it counts");
    }

    #[tokio::test]
    async fn whoever_finds_no_place_waits_for_one() {
        let connections = Connections::at_most(1, 1);
        let first = in_stage(&connections, ONE, Stage::Answering);
        let Admission::Later(waiting) = connections.admit(OTHER) else { panic!("there is none") };
        let second = tokio::spawn(async move { waiting.place().await.map(|place| place.number) });
        tokio::task::yield_now().await;
        assert!(!second.is_finished());
        drop(first);
        assert!(second.await.unwrap().is_some());
    }

    #[tokio::test]
    async fn nobody_waits_for_ever_nor_in_any_number() {
        let connections = Connections::at_most(1, 1);
        let _first = in_stage(&connections, ONE, Stage::Answering);
        let mut waiting = Vec::new();
        for _ in 0..WAITING_OF_NETWORK {
            let Admission::Later(one) = connections.admit(ONE) else { panic!("there is room to wait") };
            waiting.push(one);
        }
        assert!(matches!(connections.admit(ONE), Admission::Refused));
        assert!(matches!(connections.admit(OTHER), Admission::Later(_)));
        assert!(waiting.pop().unwrap().place().await.is_none());
        assert!(matches!(connections.admit(ONE), Admission::Later(_)), "one gave up");
    }
}
