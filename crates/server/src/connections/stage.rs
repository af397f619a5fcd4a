//! Progress of the call on one connection, and the time that each stage is given.

use std::time::Duration;

use tokio::time::Instant;

/// Longest time that a connection stays open without a call, and the same while slots are scarce.
const IDLE: Duration = Duration::from_secs(60);
const IDLE_WHEN_SCARCE: Duration = Duration::from_secs(5);
/// Longest time for the head of a call, from its first byte on, and the same while slots are scarce.
const HEAD: Duration = Duration::from_secs(10);
const HEAD_WHEN_SCARCE: Duration = Duration::from_secs(5);
/// Longest time for which an answer may stay unread, and the same while slots are scarce. The time for the next bytes of a body
/// is limited by [`body`](crate::body), which tells the client.
const UNREAD: Duration = Duration::from_secs(30);
const UNREAD_WHEN_SCARCE: Duration = Duration::from_secs(10);
/// Time without a byte after which a call counts as stalled, when its slot is wanted or the server ends.
const STALLED: Duration = Duration::from_secs(2);
/// Slowest pace at which an answer may be read in the long run, in bytes a second.
pub(super) const PACE: u64 = 1024;
/// Slowest pace of the bytes of a call while its slot is wanted by others, in bytes a second.
pub(super) const PACE_WHEN_WANTED: u64 = 16 * 1024;
/// Longest time for the head of a call once the server ends.
const HEAD_AT_SHUTDOWN: Duration = Duration::from_secs(1);
/// Shortest time for which an idle connection keeps its slot: the head of a call may be on its way.
const IDLE_MIN: Duration = Duration::from_millis(250);

/// Limits of a call whose slot others wait for.
#[derive(Clone, Copy)]
pub(super) struct YieldLimits {
    /// Longest time without a byte.
    pub(super) stalled: Duration,
    /// Time for which the call may wait for its client all in all, before its pace counts.
    pub(super) slow: Duration,
    /// Slowest pace, in bytes a second.
    pub(super) pace: u64,
}

impl YieldLimits {
    pub(super) const NORMAL: Self = Self { stalled: STALLED, slow: Duration::from_secs(5), pace: PACE_WHEN_WANTED };
    /// Limits of a network that has many slots: it gives them up to networks that have fewer, whatever its pace.
    pub(super) const OF_LARGE_NETWORK: Self =
        Self { stalled: Duration::from_millis(500), slow: Duration::from_millis(500), pace: 1024 * 1024 * 1024 };
}

/// Wait of a connection that may give its slot up.
#[derive(Clone, Copy)]
pub(super) struct Yield {
    /// Set where a call has begun: connections without one give way first.
    pub(super) has_call: bool,
    /// Time since which the connection has waited for its client.
    pub(super) since: Instant,
}

/// Progress of the call on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// No call has begun since this time.
    Idle(Instant),
    /// A part of the head of a call has come, the first byte at this time.
    Head(Instant),
    /// A call has waited since this time for more of its body.
    Body(Instant),
    /// The server is working on an answer.
    Answering,
    /// The client has taken no more of an answer since this time.
    Unread(Instant),
}

/// Longest times of a connection without progress, by stage.
#[derive(Clone, Copy)]
pub(super) struct Timeouts {
    pub(super) idle: Duration,
    pub(super) head: Duration,
    pub(super) unread: Duration,
}

impl Timeouts {
    pub(super) const NORMAL: Self = Self { idle: IDLE, head: HEAD, unread: UNREAD };
    pub(super) const WHEN_SCARCE: Self =
        Self { idle: IDLE_WHEN_SCARCE, head: HEAD_WHEN_SCARCE, unread: UNREAD_WHEN_SCARCE };
}

impl Stage {
    /// Returns whether the connection is to be closed; `ending` is the time at which shutdown began, if it did.
    pub(super) fn is_overdue(self, now: Instant, timeouts: Timeouts, ending: Option<Instant>) -> bool {
        let longer_than = |limit: Duration, since: Instant| now.saturating_duration_since(since) >= limit;
        let normally = match self {
            Self::Idle(since) => longer_than(timeouts.idle, since),
            Self::Head(since) => longer_than(timeouts.head, since),
            Self::Unread(since) => longer_than(timeouts.unread, since),
            Self::Body(_) | Self::Answering => false,
        };
        let at_the_end = |begun: Instant| match self {
            Self::Idle(_) | Self::Head(_) => longer_than(HEAD_AT_SHUTDOWN, begun),
            Self::Body(since) | Self::Unread(since) => longer_than(STALLED, since.max(begun)),
            Self::Answering => false,
        };
        normally || ending.is_some_and(at_the_end)
    }

    /// Returns since when the connection has waited, where it may give its slot up. Without a whole head it may after
    /// `IDLE_MIN`, with a stalled call after `stalled`, with a slow call at once.
    pub(super) fn may_yield(self, now: Instant, stalled: Duration, is_slow: bool) -> Option<Yield> {
        let (has_call, since, least) = match self {
            Self::Idle(since) | Self::Head(since) => (false, since, IDLE_MIN),
            Self::Body(since) | Self::Unread(since) => (true, since, if is_slow { Duration::ZERO } else { stalled }),
            Self::Answering => return None,
        };
        (now.saturating_duration_since(since) >= least).then_some(Yield { has_call, since })
    }

    /// Returns the time since which a call waits for its client, if it does.
    pub(super) fn waits_since(self) -> Option<Instant> {
        match self {
            Self::Body(since) | Self::Unread(since) => Some(since),
            Self::Idle(_) | Self::Head(_) | Self::Answering => None,
        }
    }
}

/// Bytes of a call that came and went, and the time for which it waited for its client.
#[derive(Clone, Copy, Default)]
pub(super) struct Pace {
    pub(super) waited: Duration,
    pub(super) moved: u64,
}

impl Pace {
    pub(super) fn is_below(self, pace: u64, grace: Duration) -> bool {
        let due = u128::from(pace) * self.waited.as_millis() / 1000;
        self.waited > grace && u128::from(self.moved) < due
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connections::admission::CHECK_EVERY;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[tokio::test]
    async fn each_stage_has_its_time_and_a_shorter_one_when_slots_are_few_and_at_the_end() {
        let since = Instant::now();
        for (stage, normally, when_few, at_the_end) in [
            (Stage::Idle(since), Some(60), Some(5), Some(1)),
            (Stage::Head(since), Some(10), Some(5), Some(1)),
            (Stage::Unread(since), Some(30), Some(10), Some(2)),
            (Stage::Body(since), None, None, Some(2)),
            (Stage::Answering, None, None, None),
        ] {
            for (limit, timeouts, ending) in [
                (normally, Timeouts::NORMAL, None),
                (when_few, Timeouts::WHEN_SCARCE, None),
                (at_the_end, Timeouts::NORMAL, Some(since)),
            ] {
                let overdue = |after| stage.is_overdue(since + after, timeouts, ending);
                match limit.map(seconds) {
                    Some(limit) => assert!(overdue(limit) && !overdue(limit - CHECK_EVERY), "{stage:?} {ending:?}"),
                    None => assert!(!overdue(seconds(100_000)), "{stage:?} {ending:?}"),
                }
            }
        }
        let moments_ago = Some(since + seconds(9));
        assert!(
            !Stage::Body(since).is_overdue(since + seconds(10), Timeouts::NORMAL, moments_ago),
            "it may have stalled for another reason"
        );
    }
}
