//! Admission of connections: each needs a slot, waits for one, or takes that of a connection that keeps the server waiting.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::connection::{Connection, lock};
use super::stage::{Stage, Timeouts, Yield, YieldLimits};

/// Connections that one browser opens: a network with no more keeps its normal time limits.
const CONNECTIONS_OF_A_BROWSER: usize = 8;
/// Most connections that wait for a slot at the same time.
const QUEUE_MAX: usize = 128;
/// Most connections of one network that wait for a slot at the same time.
const QUEUE_MAX_OF_NETWORK: usize = 16;
/// Longest time for which a connection waits for a slot.
const QUEUE_TIME: Duration = Duration::from_secs(4);
/// Interval at which connections are checked.
pub(super) const CHECK_EVERY: Duration = Duration::from_millis(250);

/// All connections.
pub(crate) struct Connections {
    slots: usize,
    slots_of_network: usize,
    registry: Mutex<Registry>,
    freed: Notify,
    ending: Mutex<Option<Instant>>,
}

#[derive(Default)]
struct Registry {
    last: u64,
    open: BTreeMap<u64, Arc<Connection>>,
    /// Open connections of each network.
    of_network: HashMap<IpAddr, usize>,
    /// Connections that wait for a slot, by number.
    waiting: BTreeMap<u64, QueueEntry>,
}

/// Entry of the queue for slots.
struct QueueEntry {
    network: IpAddr,
    /// Notified when a connection of a network with fewer slots takes the entry.
    turned_away: Arc<Notify>,
}

impl Registry {
    fn count_of(&self, network: IpAddr) -> usize {
        self.of_network.get(&network).copied().unwrap_or_default()
    }
}

/// Outcome of letting a connection in.
pub(crate) enum Admission {
    /// The connection has a slot.
    Admitted(Slot),
    /// The connection may wait for a slot.
    Queued(Queued),
    /// Too many wait already.
    Refused,
}

impl Connections {
    /// Returns an admission of at most `slots` connections at the same time, and `slots_of_network` of one network.
    pub(crate) fn at_most(slots: usize, slots_of_network: usize) -> Arc<Self> {
        Arc::new(Self {
            slots: slots.max(1),
            slots_of_network: slots_of_network.max(1),
            registry: Mutex::default(),
            freed: Notify::new(),
            ending: Mutex::default(),
        })
    }

    /// Lets a connection of this network in, if there is a slot or it may wait for one.
    pub(crate) fn admit(self: &Arc<Self>, network: IpAddr) -> Admission {
        if let Some(slot) = self.slot(network) {
            return Admission::Admitted(slot);
        }
        let mut registry = lock(&self.registry);
        let of_network = registry.waiting.values().filter(|entry| entry.network == network).count();
        if self.tells_networks_apart() && of_network >= QUEUE_MAX_OF_NETWORK {
            return Admission::Refused;
        }
        if registry.waiting.len() >= QUEUE_MAX {
            let has_most = registry.waiting.iter().max_by_key(|(_, entry)| registry.count_of(entry.network));
            let Some((number, entry)) =
                has_most.filter(|(_, entry)| registry.count_of(entry.network) > registry.count_of(network))
            else {
                return Admission::Refused;
            };
            let number = *number;
            entry.turned_away.notify_one();
            registry.waiting.remove(&number);
        }
        registry.last += 1;
        let (number, turned_away) = (registry.last, Arc::new(Notify::new()));
        registry.waiting.insert(number, QueueEntry { network, turned_away: Arc::clone(&turned_away) });
        Admission::Queued(Queued { connections: Arc::clone(self), network, number, turned_away })
    }

    /// Returns whether this number of slots is large for one network: half of its share, or a quarter of all.
    fn is_large(&self, count: usize) -> bool {
        self.tells_networks_apart() && count >= (self.slots / 4).min(self.slots_of_network / 2).max(2)
    }

    /// Returns whether networks can be told apart: behind a proxy all connections come from one.
    fn tells_networks_apart(&self) -> bool {
        self.slots_of_network < usize::MAX
    }

    pub(super) fn slot(self: &Arc<Self>, network: IpAddr) -> Option<Slot> {
        let mut registry = lock(&self.registry);
        let count = registry.count_of(network);
        // A slot that becomes free is for the networks that have the fewest.
        let is_next = || registry.waiting.values().all(|other| registry.count_of(other.network) >= count);
        if registry.open.len() >= self.slots || count >= self.slots_of_network || !is_next() {
            return None;
        }
        registry.last += 1;
        let connection = Arc::new(Connection::new(network));
        let number = registry.last;
        registry.open.insert(number, Arc::clone(&connection));
        *registry.of_network.entry(network).or_default() += 1;
        Some(Slot { connections: Arc::clone(self), number, connection })
    }

    /// Returns whether a network with fewer slots than this one waits for one.
    pub(super) fn is_wanted_by_others(&self, network: IpAddr) -> bool {
        let registry = lock(&self.registry);
        let count = registry.count_of(network);
        registry.waiting.values().any(|other| registry.count_of(other.network) < count)
    }

    /// Closes the connection that has kept the server waiting the longest, if there is one. It is of this network if that has
    /// its share, else of the network with the most slots, and never of one with fewer slots than this.
    fn close_one_for(&self, network: IpAddr) {
        let now = Instant::now();
        let registry = lock(&self.registry);
        let has_its_share = registry.count_of(network) >= self.slots_of_network;
        let mine = registry.count_of(network);
        let may_lose = |connection: &&Arc<Connection>| {
            if has_its_share { connection.network == network } else { registry.count_of(connection.network) >= mine }
        };
        let candidates = registry.open.values().filter(may_lose);
        let waiting = candidates.filter_map(|connection| {
            let count = registry.count_of(connection.network);
            let Yield { has_call, since } = connection.may_yield(
                now,
                if self.is_large(count) { YieldLimits::OF_LARGE_NETWORK } else { YieldLimits::NORMAL },
            )?;
            Some(((Reverse(count), has_call, since), connection))
        });
        if let Some((_, connection)) = waiting.min_by_key(|(rank, _)| *rank) {
            connection.close.notify_one();
        }
    }

    /// Closes connections that keep the server waiting for too long, at each interval, without end.
    pub(crate) async fn watch(&self) {
        let mut checks = tokio::time::interval(CHECK_EVERY);
        loop {
            checks.tick().await;
            let (now, ending) = (Instant::now(), *lock(&self.ending));
            let registry = lock(&self.registry);
            for connection in registry.open.values() {
                let timeouts = self.timeouts(&registry, connection.network);
                if connection.is_overdue(now, timeouts, ending) {
                    connection.close.notify_one();
                }
            }
        }
    }

    /// Returns the time limits of a network's connections.
    fn timeouts(&self, registry: &Registry, network: IpAddr) -> Timeouts {
        let is_scarce = registry.open.len() >= self.slots - self.slots / 4;
        let is_of_a_browser = self.tells_networks_apart() && registry.count_of(network) <= CONNECTIONS_OF_A_BROWSER;
        if is_scarce && !is_of_a_browser { Timeouts::WHEN_SCARCE } else { Timeouts::NORMAL }
    }

    /// Returns the time after which an idle connection of a network is closed.
    pub(super) fn idle_time(&self, network: IpAddr) -> Duration {
        self.timeouts(&lock(&self.registry), network).idle
    }

    /// Shortens the time limits of all connections, because the server is ending.
    pub(crate) fn end(&self) {
        *lock(&self.ending) = Some(Instant::now());
    }
}

/// A connection that waits for a slot.
pub(crate) struct Queued {
    connections: Arc<Connections>,
    network: IpAddr,
    number: u64,
    turned_away: Arc<Notify>,
}

impl Queued {
    /// Waits for a slot, for some time. Meanwhile connections that keep the server waiting are closed.
    pub(crate) async fn slot(self) -> Option<Slot> {
        let until = Instant::now() + QUEUE_TIME;
        loop {
            let mut freed = std::pin::pin!(self.connections.freed.notified());
            // A slot that becomes free from here on is not missed.
            freed.as_mut().enable();
            if let Some(slot) = self.connections.slot(self.network) {
                return Some(slot);
            }
            if Instant::now() >= until {
                return None;
            }
            self.connections.close_one_for(self.network);
            tokio::select! {
                () = self.turned_away.notified() => return None,
                // Looks again: a connection may have stalled since.
                _ = tokio::time::timeout(CHECK_EVERY, freed) => {}
            }
        }
    }
}

impl Drop for Queued {
    fn drop(&mut self) {
        lock(&self.connections.registry).waiting.remove(&self.number);
    }
}

/// The slot of one connection, which is free again when this is dropped.
pub(crate) struct Slot {
    pub(super) connections: Arc<Connections>,
    number: u64,
    pub(super) connection: Arc<Connection>,
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut registry = lock(&self.connections.registry);
        registry.open.remove(&self.number);
        if let Some(count) = registry.of_network.get_mut(&self.connection.network) {
            *count -= 1;
            if *count == 0 {
                registry.of_network.remove(&self.connection.network);
            }
        }
        drop(registry);
        // All that wait are notified: some have their share and cannot take the slot.
        self.connections.freed.notify_waiters();
    }
}

impl Slot {
    /// Serves the connection to its end, or until its client has kept the server waiting for too long.
    pub(crate) async fn hold(self, connection: impl Future) {
        let mut connection = std::pin::pin!(connection);
        loop {
            tokio::select! {
                biased;
                _ = &mut connection => return,
                () = self.connection.close.notified() => {
                    // A call may have come in the meantime.
                    if self.connection.stage() != Stage::Answering {
                        return;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connections::stage::Pace;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    const ONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    fn in_stage(connections: &Arc<Connections>, network: IpAddr, stage: Stage) -> Option<Slot> {
        let slot = connections.slot(network).unwrap();
        lock(&slot.connection.activity).stage = stage;
        Some(slot)
    }

    async fn is_told_to_close(slot: &mut Option<Slot>) -> bool {
        let told = slot.take().unwrap().hold(std::future::pending::<()>());
        tokio::time::timeout(CHECK_EVERY / 10, told).await.is_ok()
    }

    #[tokio::test]
    async fn the_one_that_keeps_us_waiting_the_longest_gives_up_its_slot() {
        let connections = Connections::at_most(6, 6);
        let now = Instant::now();
        let mut slots = [
            Stage::Answering,
            Stage::Body(now - seconds(30)),
            Stage::Body(now),
            Stage::Idle(now),
            Stage::Head(now - seconds(5)),
            Stage::Idle(now - seconds(4)),
        ]
        .map(|stage| in_stage(&connections, ONE, stage));
        assert!(connections.slot(ONE).is_none());
        // Those without a call first, then the one that stalls, then nobody.
        for told in [4, 5, 1] {
            connections.close_one_for(ONE);
            assert!(is_told_to_close(&mut slots[told]).await, "{told}");
        }
        connections.close_one_for(ONE);
        for rest in [0, 2, 3] {
            assert!(!is_told_to_close(&mut slots[rest]).await, "{rest}");
        }
    }

    #[tokio::test]
    async fn nobodys_network_takes_more_than_its_share_and_the_largest_gives_up_first() {
        let connections = Connections::at_most(4, 3);
        let now = Instant::now();
        let mut theirs = [1, 2, 3].map(|ago| in_stage(&connections, ONE, Stage::Idle(now - seconds(ago))));
        assert!(connections.slot(ONE).is_none(), "they have their share");
        let mut mine = in_stage(&connections, OTHER, Stage::Idle(now - seconds(50)));
        assert!(connections.slot(OTHER).is_none(), "there is none left");
        connections.close_one_for(OTHER);
        assert!(is_told_to_close(&mut theirs[2]).await, "the oldest of those who have the most");
        let mut next = in_stage(&connections, OTHER, Stage::Idle(now));
        connections.close_one_for(ONE);
        assert!(!is_told_to_close(&mut next).await && is_told_to_close(&mut mine).await, "two each: the oldest of all");
    }

    #[tokio::test]
    async fn a_slot_that_becomes_free_is_for_those_who_have_the_least() {
        let connections = Connections::at_most(2, 2);
        let theirs = in_stage(&connections, ONE, Stage::Answering);
        let _also_theirs = in_stage(&connections, ONE, Stage::Answering);
        let Admission::Queued(mine) = connections.admit(OTHER) else { panic!("there is none") };
        drop(theirs);
        assert!(!matches!(connections.admit(ONE), Admission::Admitted(_)));
        assert!(mine.slot().await.is_some());
    }

    #[tokio::test]
    async fn whoever_has_less_loses_nothing_to_those_who_have_more() {
        let connections = Connections::at_most(5, 4);
        let _theirs = [(); 3].map(|()| in_stage(&connections, ONE, Stage::Answering));
        let mut mine = in_stage(&connections, OTHER, Stage::Idle(Instant::now() - seconds(50)));
        let _mine_too = in_stage(&connections, OTHER, Stage::Answering);
        connections.close_one_for(ONE);
        assert!(!is_told_to_close(&mut mine).await);
    }

    #[tokio::test]
    async fn a_newcomer_who_has_less_takes_the_turn_of_one_who_has_more() {
        let connections = Connections::at_most(2, 2);
        let _theirs = [(); 2].map(|()| in_stage(&connections, ONE, Stage::Answering));
        let other = |number: u8| IpAddr::from([198, 51, 100, number]);
        let mut waiting = Vec::new();
        for number in 0..QUEUE_MAX {
            let network = if number == 0 { ONE } else { other(u8::try_from(number).unwrap()) };
            let Admission::Queued(one) = connections.admit(network) else { panic!("{number}") };
            waiting.push(one);
        }
        assert!(matches!(connections.admit(ONE), Admission::Refused), "who has as much as any");
        assert!(matches!(connections.admit(OTHER), Admission::Queued(_)));
        let theirs = tokio::time::timeout(CHECK_EVERY, waiting.swap_remove(0).slot()).await;
        assert!(matches!(theirs, Ok(None)), "whose turn was taken is told at once");
    }

    #[tokio::test]
    async fn a_network_that_has_many_slots_gives_up_a_call_whatever_its_pace() {
        let (connections, now) = (Connections::at_most(4, 4), Instant::now());
        let mut theirs = [(); 4].map(|()| in_stage(&connections, ONE, Stage::Body(now)));
        for slot in theirs.iter().flatten() {
            lock(&slot.connection.activity).pace = Pace { waited: seconds(1), moved: 1024 * 1024 };
        }
        connections.close_one_for(OTHER);
        assert!(is_told_to_close(&mut theirs[0]).await);
    }

    #[tokio::test]
    async fn whoever_finds_no_slot_waits_for_one() {
        let connections = Connections::at_most(1, 1);
        let first = in_stage(&connections, ONE, Stage::Answering);
        let Admission::Queued(waiting) = connections.admit(OTHER) else { panic!("there is none") };
        let second = tokio::spawn(async move { waiting.slot().await.map(|slot| slot.number) });
        tokio::task::yield_now().await;
        assert!(!second.is_finished());
        drop(first);
        assert!(second.await.unwrap().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_ever_nor_in_any_number() {
        let connections = Connections::at_most(1, 1);
        let _first = in_stage(&connections, ONE, Stage::Answering);
        let mut waiting = Vec::new();
        for _ in 0..QUEUE_MAX_OF_NETWORK {
            let Admission::Queued(one) = connections.admit(ONE) else { panic!("there is room to wait") };
            waiting.push(one);
        }
        assert!(matches!(connections.admit(ONE), Admission::Refused));
        assert!(matches!(connections.admit(OTHER), Admission::Queued(_)));
        let begun = Instant::now();
        assert!(waiting.pop().unwrap().slot().await.is_none());
        assert!((QUEUE_TIME..QUEUE_TIME + CHECK_EVERY).contains(&begun.elapsed()), "{:?}", begun.elapsed());
        assert!(matches!(connections.admit(ONE), Admission::Queued(_)), "one gave up");
    }
}
