//! Lanes: mails and notices leave the outbox each in a lane of their own, which stands still for a while where its way is closed.

use std::sync::atomic::{AtomicBool, Ordering};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Mutex, MutexGuard};

use crate::store::outbox::Channel;

/// Longest time for which a lane stands still: so late at most does it notice that its way is open again.
pub(crate) const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(10);

/// The lanes of all channels.
pub(crate) struct Lanes([Lane; 2]);

impl Default for Lanes {
    fn default() -> Self {
        Self([Channel::Mails, Channel::Notices].map(Lane::of))
    }
}

impl Lanes {
    pub(crate) fn all(&self) -> [&Lane; 2] {
        self.0.each_ref()
    }

    /// Lets each lane try its way at its next turn, however long it was to stand still: somebody asks for it.
    pub(crate) fn try_now(&self) {
        for lane in &self.0 {
            lane.is_asked_for.store(true, Ordering::SeqCst);
        }
    }
}

/// Lane of one channel.
pub(crate) struct Lane {
    channel: Channel,
    /// Held by whoever takes what is due out of the outbox.
    back_off: Mutex<BackOff>,
    /// Set where the way has to be tried at the next turn.
    is_asked_for: AtomicBool,
}

impl Lane {
    fn of(channel: Channel) -> Self {
        Self { channel, back_off: Mutex::default(), is_asked_for: AtomicBool::default() }
    }

    pub(crate) fn channel(&self) -> Channel {
        self.channel
    }

    /// Waits for the turn in the lane.
    pub(crate) async fn take_turn(&self) -> MutexGuard<'_, BackOff> {
        let mut back_off = self.back_off.lock().await;
        if self.is_asked_for.swap(false, Ordering::SeqCst) {
            back_off.until = None;
        }
        back_off
    }
}

/// Time for which a lane stands still, after so many failures in a row.
#[derive(Debug, Default)]
pub(crate) struct BackOff {
    failures: u32,
    until: Option<Timestamp>,
}

impl BackOff {
    /// Returns whether the lane stands still. A clock that was set back lets it go on.
    pub(crate) fn lasts(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| now < until && until.duration_since(now) <= LONGEST_WAIT)
    }

    /// Lets the lane stand still until a time, which depends on the number of failures; returns that number.
    pub(crate) fn begin(&mut self, until: impl FnOnce(u32) -> Timestamp) -> u32 {
        self.failures = self.failures.saturating_add(1);
        self.until = Some(until(self.failures));
        self.failures
    }

    pub(crate) fn end(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_stands_still_until_its_time_and_not_longer_where_the_clock_is_set_back() {
        let until: Timestamp = "2027-01-14T10:00:00Z".parse().unwrap();
        let mut back_off = BackOff::default();
        back_off.begin(|_| until);
        for (before, lasts) in [(0, false), (1, true), (600, true), (601, false), (86_400, false)] {
            assert_eq!(back_off.lasts(until - SignedDuration::from_secs(before)), lasts, "{before}");
        }
    }
}
