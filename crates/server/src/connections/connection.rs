//! State of one connection. The task that serves the connection writes it, the one that watches all connections reads it.

use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::stage::{PACE, PACE_WHEN_WANTED, Pace, Stage, Timeouts, Yield, YieldLimits};

/// Shortest wait of a call for its client before its pace counts.
const PACE_GRACE: Duration = Duration::from_secs(1);
/// Time without a call after which the pace of the last one no longer counts.
const PACE_MEMORY: Duration = Duration::from_secs(5);

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// State of one connection, shared by the task that serves it and the one that watches it.
pub(super) struct Connection {
    pub(super) network: IpAddr,
    pub(super) activity: Mutex<Activity>,
    pub(super) close: Notify,
}

pub(super) struct Activity {
    /// Stage of its calls.
    pub(super) stage: Stage,
    /// Time since which the client has taken no byte of the answer; none while it takes some.
    pub(super) unread: Option<Instant>,
    /// Pace of the call in flight, without its present wait.
    pub(super) pace: Pace,
}

impl Activity {
    pub(super) fn stage(&self) -> Stage {
        self.unread.map_or(self.stage, Stage::Unread)
    }

    pub(super) fn pace(&self, now: Instant) -> Pace {
        let waits = self.stage().waits_since().map_or(Duration::ZERO, |since| now.saturating_duration_since(since));
        Pace { waited: self.pace.waited + waits, ..self.pace }
    }
}

impl Connection {
    pub(super) fn new(network: IpAddr) -> Self {
        let activity = Activity { stage: Stage::Idle(Instant::now()), unread: None, pace: Pace::default() };
        Self { network, activity: Mutex::new(activity), close: Notify::new() }
    }

    pub(super) fn stage(&self) -> Stage {
        lock(&self.activity).stage()
    }

    /// Moves to the next stage, if `next` returns one.
    pub(super) fn go_on(&self, next: impl FnOnce(Stage) -> Option<Stage>) {
        let mut activity = lock(&self.activity);
        if let Some(stage) = next(activity.stage) {
            let now = Instant::now();
            activity.pace = activity.pace(now);
            activity.stage = stage;
            // The wait so far is counted by now.
            activity.unread = activity.unread.map(|_| now);
        }
    }

    /// Notes the beginning of a call. The pace of the call before goes on counting if it was slow, so that many small slow
    /// calls count as one.
    pub(super) fn begin(&self) {
        let mut activity = lock(&self.activity);
        let was_away = matches!(activity.stage, Stage::Idle(since) if since.elapsed() >= PACE_MEMORY);
        if was_away || !activity.pace.is_below(PACE_WHEN_WANTED, PACE_GRACE) {
            activity.pace = Pace::default();
        }
        activity.stage = Stage::Answering;
    }

    /// Notes bytes that were read from the client.
    pub(super) fn read(&self, bytes: usize) {
        lock(&self.activity).pace.moved += u64::try_from(bytes).unwrap_or(u64::MAX);
    }

    /// Notes bytes of the answer that the client took; none if it takes none for now.
    pub(super) fn wrote(&self, taken: Option<usize>) {
        let mut activity = lock(&self.activity);
        match taken {
            Some(bytes) => {
                activity.pace = activity.pace(Instant::now());
                activity.pace.moved += u64::try_from(bytes).unwrap_or(u64::MAX);
                activity.unread = None;
                // The wait for the body is measured from now on.
                if let Stage::Body(since) = &mut activity.stage {
                    *since = Instant::now();
                }
            }
            None => activity.unread = activity.unread.or_else(|| Some(Instant::now())),
        }
    }

    pub(super) fn is_overdue(&self, now: Instant, timeouts: Timeouts, ending: Option<Instant>) -> bool {
        let activity = lock(&self.activity);
        let is_read_too_slowly =
            matches!(activity.stage(), Stage::Unread(_)) && activity.pace(now).is_below(PACE, timeouts.unread);
        is_read_too_slowly || activity.stage().is_overdue(now, timeouts, ending)
    }

    pub(super) fn may_yield(&self, now: Instant, limits: YieldLimits) -> Option<Yield> {
        let activity = lock(&self.activity);
        activity.stage().may_yield(now, limits.stalled, activity.pace(now).is_below(limits.pace, limits.slow))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[tokio::test]
    async fn a_call_whose_bytes_trickle_gives_up_its_slot_and_an_honest_slow_one_does_not() {
        let now = Instant::now();
        for (pace, is_slow) in [(1_100, true), (16_000, true), (20_000, false), (200_000, false)] {
            let connection = Connection::new(ONE);
            connection.begin();
            for second in (1..=10).rev() {
                lock(&connection.activity).stage = Stage::Body(now - seconds(second));
                lock(&connection.activity).pace = Pace { waited: seconds(10 - second), moved: pace * (11 - second) };
            }
            assert_eq!(
                connection.may_yield(now, YieldLimits { stalled: seconds(20), ..YieldLimits::NORMAL }).is_some(),
                is_slow,
                "{pace} bytes a second"
            );
        }
    }

    #[tokio::test]
    async fn an_answer_that_is_read_byte_by_byte_is_broken_off() {
        let connection = Connection::new(ONE);
        connection.begin();
        let now = Instant::now();
        let overdue = |waited, moved| {
            let mut activity = lock(&connection.activity);
            (activity.unread, activity.pace) = (Some(now), Pace { waited: seconds(waited), moved });
            drop(activity);
            connection.is_overdue(now, Timeouts::NORMAL, None)
        };
        assert!(!overdue(30, 30) && overdue(31, 31) && !overdue(31, 31 * 1024), "after half a minute it counts");
    }
}
