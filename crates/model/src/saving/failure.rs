//! Reasons for which answers are on this device only.

use crate::wire;

/// A reason for which answers are on this device only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No answer comes: the network or the server is out of reach. Tried again later and later, and when the network is back.
    Unreachable,
    /// A proxy, firewall or network answers in the place of the server, again and again. Tried again like `Unreachable`.
    Intercepted,
    /// The person has as many drafts as they may. Tried again like `Unreachable`: they may delete one.
    QuotaReached,
    /// The session ended. Waits for [`super::Event::SignedIn`].
    SignedOut,
    /// The draft was deleted elsewhere. Nothing is sent again.
    Gone,
    /// The server does not know the draft that it once acknowledged. Nothing is sent again.
    Unknown,
    /// The request was submitted elsewhere. Nothing is sent again.
    Submitted,
    /// The draft is larger than the server takes. Waits for an edit.
    TooLarge,
    /// The server does not understand the draft. Waits for an edit.
    NotUnderstood,
    /// The server is of a newer version, or holds what a newer one wrote. Nothing is sent again: the page is to be loaded anew.
    Outdated,
}

impl Failure {
    /// Returns the failure of a save that a problem document of ours tells, by its status and `type` (RFC 9457).
    #[must_use]
    pub fn of_problem(status: u16, kind: &str) -> Self {
        match kind.strip_prefix(wire::PROBLEMS).unwrap_or_default() {
            "signed-out" => Self::SignedOut,
            "deleted" => Self::Gone,
            "not-found" | "stale" => Self::Unknown,
            "submitted" => Self::Submitted,
            "quota-reached" => Self::QuotaReached,
            "too-large" => Self::TooLarge,
            "invalid-body" => Self::NotUnderstood,
            // The page makes no call that deserves one of these: a proxy changed it on its way.
            "foreign-origin"
            | "invalid-parameter"
            | "length-required"
            | "method-not-allowed"
            | "misdirected"
            | "precondition-required"
            | "unsupported-media-type" => Self::Intercepted,
            _ if invites_again(status) => Self::Unreachable,
            // A newer server may know kinds that this page does not.
            _ => match status {
                401 => Self::SignedOut,
                410 => Self::Gone,
                413 => Self::TooLarge,
                400 | 422 => Self::NotUnderstood,
                _ => Self::Intercepted,
            },
        }
    }

    /// Returns the failure of a save that was intercepted, by the status of the answer: a gateway without a server behind it, or a
    /// program that answers in the place of the server.
    #[must_use]
    pub fn of_intercepted(status: u16) -> Self {
        if invites_again(status) { Self::Unreachable } else { Self::Intercepted }
    }

    /// Tells what ends it.
    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Unreachable => Kind::Outage(Outage::Unreachable),
            Self::Intercepted => Kind::Outage(Outage::Intercepted),
            Self::QuotaReached => Kind::Outage(Outage::QuotaReached),
            Self::SignedOut => Kind::Obstacle(Obstacle::SignedOut),
            Self::TooLarge => Kind::Obstacle(Obstacle::TooLarge),
            Self::NotUnderstood => Kind::Obstacle(Obstacle::NotUnderstood),
            Self::Outdated => Kind::Obstacle(Obstacle::Outdated),
            Self::Gone => Kind::End(End::Gone),
            Self::Unknown => Kind::End(End::Unknown),
            Self::Submitted => Kind::End(End::Submitted),
        }
    }
}

/// Failures by what ends them.
pub(super) enum Kind {
    Outage(Outage),
    Obstacle(Obstacle),
    End(End),
}

/// A failure that may pass without anybody doing anything here: the save is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outage {
    /// See [`Failure::Unreachable`].
    Unreachable,
    /// See [`Failure::Intercepted`].
    Intercepted,
    /// See [`Failure::QuotaReached`].
    QuotaReached,
}

/// A failure that only the person can end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// See [`Failure::SignedOut`].
    SignedOut,
    /// See [`Failure::TooLarge`].
    TooLarge,
    /// See [`Failure::NotUnderstood`].
    NotUnderstood,
    /// See [`Failure::Outdated`].
    Outdated,
}

/// A failure that is for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// See [`Failure::Gone`].
    Gone,
    /// See [`Failure::Unknown`].
    Unknown,
    /// See [`Failure::Submitted`].
    Submitted,
}

impl From<Outage> for Failure {
    fn from(outage: Outage) -> Self {
        match outage {
            Outage::Unreachable => Self::Unreachable,
            Outage::Intercepted => Self::Intercepted,
            Outage::QuotaReached => Self::QuotaReached,
        }
    }
}

impl From<Obstacle> for Failure {
    fn from(obstacle: Obstacle) -> Self {
        match obstacle {
            Obstacle::SignedOut => Self::SignedOut,
            Obstacle::TooLarge => Self::TooLarge,
            Obstacle::NotUnderstood => Self::NotUnderstood,
            Obstacle::Outdated => Self::Outdated,
        }
    }
}

impl From<End> for Failure {
    fn from(end: End) -> Self {
        match end {
            End::Gone => Self::Gone,
            End::Unknown => Self::Unknown,
            End::Submitted => Self::Submitted,
        }
    }
}

/// Returns whether a status says to come again: too slow, too early, too many calls, or a server out of order. 511 is of a network
/// that wants to be signed in to (RFC 6585, section 6).
#[must_use]
pub fn invites_again(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500..=510 | 512..)
}
