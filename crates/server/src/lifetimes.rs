//! How long sessions last.

use jiff::{SignedDuration, Timestamp};

use crate::settings::Retention;
use crate::store::OpenSession;

/// How long sessions last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetimes {
    /// Those of our own pages.
    pub(crate) ours: Lifetime,
    /// Those of portals.
    pub(crate) embeds: Lifetime,
}

/// How long one kind of session lasts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetime {
    /// Whatever happens.
    pub(crate) whole: SignedDuration,
    /// While nothing is asked.
    pub(crate) idle: SignedDuration,
}

impl Lifetimes {
    pub(crate) fn of(retention: &Retention) -> Self {
        let minutes = |whole: u32, idle: u32| Lifetime {
            whole: SignedDuration::from_mins(whole.into()),
            idle: SignedDuration::from_mins(idle.into()),
        };
        Self {
            ours: minutes(retention.session_minutes, retention.session_idle_minutes),
            embeds: minutes(retention.embed_session_minutes, retention.embed_session_idle_minutes),
        }
    }

    /// When a session ends if nothing more is asked in it, whoever gave it.
    pub(crate) fn end(self, session: &OpenSession) -> Timestamp {
        let Lifetime { whole, idle } = if session.embed.is_some() { self.embeds } else { self.ours };
        let after = |from: Timestamp, duration| from.saturating_add(duration).unwrap_or(Timestamp::MAX);
        after(session.opened_at, whole).min(after(session.seen_at, idle))
    }
}
