//! The connections that are open: how many there may be, and which one is closed because its caller keeps us waiting.
//!
//! A connection waits for its caller, or its caller waits for us. Only the first kind is ever closed, and only by the rules
//! of [`Stage`]: a caller who sends a half of something and then nothing must not keep others out, nor the server from
//! ending. Rules on who is let in at all belong in [`Connections::admit`].

use std::collections::BTreeMap;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Request, Response};
use http_body::{Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::Instant;

/// How long a connection may be open without a call.
const IDLE: Duration = Duration::from_secs(60);
/// How long the head of a call may take, from its first byte on.
const HEAD: Duration = Duration::from_secs(10);
/// How long a caller may leave an answer unread. (How long the next bytes of a body may take is the affair of
/// [`body`](crate::body), which tells the caller.)
const UNREAD: Duration = Duration::from_secs(30);
/// After how long without a byte a call is no longer under way, when its place is wanted or the server ends.
const STALLED: Duration = Duration::from_secs(2);
/// How long the head of a call may still take once the server ends.
const LAST_HEAD: Duration = Duration::from_secs(1);
/// How long a connection without a call keeps its place even if others want it: the head of a call may be on its way.
const FRESH: Duration = Duration::from_millis(250);
/// How often connections are looked at.
const LOOK: Duration = Duration::from_millis(250);

/// What goes on on a connection.
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

impl Stage {
    /// Whether the connection has had its time; `ending` is when the server began to end, if it did.
    fn is_overdue(self, now: Instant, ending: Option<Instant>) -> bool {
        let longer_than = |limit: Duration, since: Instant| now.saturating_duration_since(since) >= limit;
        let normally = match self {
            Self::Idle(since) => longer_than(IDLE, since),
            Self::Head(since) => longer_than(HEAD, since),
            Self::Unread(since) => longer_than(UNREAD, since),
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
    /// stalls after a while.
    fn spare_since(self, now: Instant) -> Option<(bool, Instant)> {
        let (has_call, since, least) = match self {
            Self::Idle(since) | Self::Head(since) => (false, since, FRESH),
            Self::Body(since) | Self::Unread(since) => (true, since, STALLED),
            Self::Answering => return None,
        };
        (now.saturating_duration_since(since) >= least).then_some((has_call, since))
    }
}

/// One connection, as those who serve it and those who watch it know it.
struct Line {
    known: Mutex<Known>,
    close: Notify,
}

struct Known {
    /// What goes on with its calls.
    stage: Stage,
    /// Since when the caller takes nothing of what is written.
    unread: Option<Instant>,
}

impl Line {
    fn new() -> Self {
        let known = Known { stage: Stage::Idle(Instant::now()), unread: None };
        Self { known: Mutex::new(known), close: Notify::new() }
    }

    fn stage(&self) -> Stage {
        let known = lock(&self.known);
        known.unread.map_or(known.stage, Stage::Unread)
    }

    /// Goes from one stage to another, where this one leads anywhere.
    fn go_on(&self, next: impl FnOnce(Stage) -> Option<Stage>) {
        let mut known = lock(&self.known);
        if let Some(stage) = next(known.stage) {
            known.stage = stage;
        }
    }

    /// Notes whether the caller took what was written.
    fn wrote(&self, was_taken: bool) {
        let unread = &mut lock(&self.known).unread;
        *unread = if was_taken { None } else { unread.or_else(|| Some(Instant::now())) };
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// All connections.
pub(crate) struct Connections {
    places: usize,
    lines: Mutex<Lines>,
    freed: Notify,
    ending: Mutex<Option<Instant>>,
}

#[derive(Default)]
struct Lines {
    last: u64,
    open: BTreeMap<u64, Arc<Line>>,
}

impl Connections {
    /// At most so many at the same time.
    pub(crate) fn at_most(places: usize) -> Arc<Self> {
        Arc::new(Self {
            places: places.max(1),
            lines: Mutex::default(),
            freed: Notify::new(),
            ending: Mutex::default(),
        })
    }

    /// Waits for a place. When none is free, the connection that has kept us waiting the longest is closed, if one does.
    pub(crate) async fn admit(self: &Arc<Self>) -> Place {
        loop {
            if let Some(place) = self.place() {
                return place;
            }
            self.spare_one();
            // One that stalls may have to be given up later.
            let _ = tokio::time::timeout(LOOK, self.freed.notified()).await;
        }
    }

    fn place(self: &Arc<Self>) -> Option<Place> {
        let mut lines = lock(&self.lines);
        if lines.open.len() >= self.places {
            return None;
        }
        lines.last += 1;
        let line = Arc::new(Line::new());
        let number = lines.last;
        lines.open.insert(number, Arc::clone(&line));
        Some(Place { connections: Arc::clone(self), number, line })
    }

    fn spare_one(&self) {
        let now = Instant::now();
        let lines = lock(&self.lines);
        let waiting = lines.open.values().filter_map(|line| {
            let spare = line.stage().spare_since(now)?;
            Some((spare, line))
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
            for line in lock(&self.lines).open.values() {
                if line.stage().is_overdue(now, ending) {
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

/// The place of one connection, which is free again when this is dropped.
pub(crate) struct Place {
    connections: Arc<Connections>,
    number: u64,
    line: Arc<Line>,
}

impl Drop for Place {
    fn drop(&mut self) {
        lock(&self.connections.lines).open.remove(&self.number);
        self.connections.freed.notify_one();
    }
}

impl Place {
    /// The stream, as whoever serves the connection reads and writes it.
    pub(crate) fn stream(&self, stream: TcpStream) -> Stream {
        Stream { stream, line: Arc::clone(&self.line) }
    }

    /// What the calls of the connection go through.
    pub(crate) fn calls(&self) -> Calls {
        Calls(Arc::clone(&self.line))
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
pub(crate) struct Calls(Arc<Line>);

impl Calls {
    /// A call has come: its head is there.
    pub(crate) fn begin<B>(&self, call: Request<B>) -> (Request<Asked<B>>, Answered) {
        self.0.go_on(|_| Some(Stage::Answering));
        (call.map(|body| Asked { body, line: Arc::clone(&self.0) }), Answered(Arc::clone(&self.0)))
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
pub(crate) struct Answered(Arc<Line>);

impl Answered {
    /// The answer, which tells when all of it was handed over.
    pub(crate) fn with(self, answer: Response<Body>) -> Response<Answer> {
        answer.map(|body| Answer { body, _answered: self })
    }
}

impl Drop for Answered {
    fn drop(&mut self) {
        self.0.go_on(|_| Some(Stage::Idle(Instant::now())));
    }
}

/// The body of an answer.
pub(crate) struct Answer {
    body: Body,
    _answered: Answered,
}

impl http_body::Body for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
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
            self.line.go_on(|stage| matches!(stage, Stage::Idle(_)).then(|| Stage::Head(Instant::now())));
        }
        polled
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.line.wrote(polled.is_ready());
        polled
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.line.wrote(polled.is_ready());
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

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[tokio::test]
    async fn each_stage_has_its_time_and_a_shorter_one_at_the_end() {
        let since = Instant::now();
        for (stage, normally, at_the_end) in [
            (Stage::Idle(since), Some(60), Some(1)),
            (Stage::Head(since), Some(10), Some(1)),
            (Stage::Unread(since), Some(30), Some(2)),
            (Stage::Body(since), None, Some(2)),
            (Stage::Answering, None, None),
        ] {
            for (limit, ending) in [(normally, None), (at_the_end, Some(since))] {
                let overdue = |after| stage.is_overdue(since + after, ending);
                match limit.map(seconds) {
                    Some(limit) => assert!(overdue(limit) && !overdue(limit - LOOK), "{stage:?} {ending:?}"),
                    None => assert!(!overdue(seconds(100_000)), "{stage:?} {ending:?}"),
                }
            }
        }
        let moments_ago = Some(since + seconds(9));
        assert!(
            !Stage::Body(since).is_overdue(since + seconds(10), moments_ago),
            "it may have stalled for another reason"
        );
    }

    #[tokio::test]
    async fn the_one_that_keeps_us_waiting_the_longest_gives_up_its_place() {
        let connections = Connections::at_most(6);
        let now = Instant::now();
        let places: Vec<Place> = [
            Stage::Answering,
            Stage::Body(now - seconds(30)),
            Stage::Body(now),
            Stage::Idle(now),
            Stage::Head(now - seconds(5)),
            Stage::Idle(now - seconds(4)),
        ]
        .map(|stage| {
            let place = connections.place().unwrap();
            place.line.go_on(|_| Some(stage));
            place
        })
        .into();
        assert!(connections.place().is_none());
        // Those without a call first, then the one that stalls, then nobody.
        let mut places: Vec<Option<Place>> = places.into_iter().map(Some).collect();
        for told in [4, 5, 1] {
            connections.spare_one();
            let place = places[told].take().unwrap();
            tokio::time::timeout(seconds(5), place.hold(std::future::pending::<()>())).await.unwrap();
        }
        connections.spare_one();
        for rest in [0, 2, 3] {
            let told = Arc::clone(&places[rest].as_ref().unwrap().line);
            assert!(tokio::time::timeout(LOOK / 10, told.close.notified()).await.is_err(), "{rest}");
        }
    }

    #[tokio::test]
    async fn whoever_finds_no_place_waits_for_one() {
        let connections = Connections::at_most(1);
        let first = connections.admit().await;
        first.line.go_on(|_| Some(Stage::Answering));
        let second = tokio::spawn({
            let connections = Arc::clone(&connections);
            async move { connections.admit().await.number }
        });
        tokio::task::yield_now().await;
        assert!(!second.is_finished());
        drop(first);
        assert_eq!(second.await.unwrap(), 2);
    }
}
