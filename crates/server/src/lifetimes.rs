//! Lifetimes of sessions.

use jiff::{SignedDuration, Timestamp};

use crate::settings::Retention;
use crate::store::OpenSession;

/// Lifetimes of sessions, by kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetimes {
    /// Sessions of our own pages.
    pub(crate) ours: Lifetime,
    /// Sessions of portals.
    pub(crate) portals: Lifetime,
}

/// Lifetime of one kind of session.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetime {
    /// Longest time from the sign-in to the end of the session.
    pub(crate) absolute: SignedDuration,
    /// Longest time between two calls in the session.
    pub(crate) idle: SignedDuration,
}

impl Lifetimes {
    pub(crate) fn of(retention: &Retention) -> Self {
        let minutes = |absolute: u32, idle: u32| Lifetime {
            absolute: SignedDuration::from_mins(absolute.into()),
            idle: SignedDuration::from_mins(idle.into()),
        };
        Self {
            ours: minutes(retention.session_minutes, retention.session_idle_minutes),
            portals: minutes(retention.embed_session_minutes, retention.embed_session_idle_minutes),
        }
    }

    /// Returns the time at which a session ends if not used again, apart from the session that granted it.
    pub(crate) fn expiry(self, session: &OpenSession) -> Timestamp {
        let Lifetime { absolute, idle } = if session.portal_access.is_some() { self.portals } else { self.ours };
        let after = |from: Timestamp, duration| from.saturating_add(duration).unwrap_or(Timestamp::MAX);
        after(session.opened_at, absolute).min(after(session.seen_at, idle))
    }
}
