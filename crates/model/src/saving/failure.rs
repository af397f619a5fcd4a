//! Failures, which keep answers from the server.

use crate::wire;

/// Failure that keeps answers from the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No response comes: the network or the server is out of reach. Tried again at ever longer intervals, and when the
    /// network is back.
    Unreachable,
    /// A proxy, firewall or network responds in the place of the server, again and again. Tried again like `Unreachable`.
    Intercepted,
    /// The person has as many drafts as they may. Tried again like `Unreachable`: they may delete one.
    QuotaReached,
    /// The session ended. Waits for [`super::Event::SignedIn`].
    SignedOut,
    /// The person may not change the request any more, or not in this session. Waits for [`super::Event::SignedIn`].
    NotPermitted,
    /// The draft was deleted elsewhere. Nothing is sent again.
    Gone,
    /// The server does not know the draft that it once acknowledged. Nothing is sent again.
    NotOnServer,
    /// The request was submitted elsewhere. Nothing is sent again.
    Submitted,
    /// The draft is larger than the server accepts. Waits for an edit.
    TooLarge,
    /// The server does not understand the draft. Waits for an edit.
    NotUnderstood,
    /// The server is of a newer version, or holds a draft of one. Nothing is sent again before the page is reloaded.
    Outdated,
}

impl Failure {
    /// Returns the failure of a save that a problem document of ours tells, by its status and `type` (RFC 9457).
    #[must_use]
    pub fn of_problem(status: u16, kind: &str) -> Self {
        match kind.strip_prefix(wire::PROBLEM_TYPE_PREFIX).unwrap_or_default() {
            "signed-out" => Self::SignedOut,
            "deleted" => Self::Gone,
            // 412 without `current`: nothing is there.
            "not-found" | "stale" => Self::NotOnServer,
            // What was sent cannot be edited, whoever moved it on.
            "submitted" | "wrong-state" => Self::Submitted,
            "not-permitted" => Self::NotPermitted,
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

    /// Returns the failure of a save that was intercepted, by the status of the response: a gateway without a server behind
    /// it, or a program that responds in the place of the server.
    #[must_use]
    pub fn of_intercepted(status: u16) -> Self {
        if invites_again(status) { Self::Unreachable } else { Self::Intercepted }
    }

    /// Returns the kind of the failure, by the event that ends it.
    pub(super) fn kind(self) -> FailureKind {
        match self {
            Self::Unreachable => FailureKind::Passing(PassingFailure::Unreachable),
            Self::Intercepted => FailureKind::Passing(PassingFailure::Intercepted),
            Self::QuotaReached => FailureKind::Passing(PassingFailure::QuotaReached),
            Self::SignedOut => FailureKind::Obstacle(Obstacle::SignedOut),
            Self::NotPermitted => FailureKind::Obstacle(Obstacle::NotPermitted),
            Self::TooLarge => FailureKind::Obstacle(Obstacle::TooLarge),
            Self::NotUnderstood => FailureKind::Obstacle(Obstacle::NotUnderstood),
            Self::Outdated => FailureKind::Obstacle(Obstacle::Outdated),
            Self::Gone => FailureKind::Close(CloseReason::Gone),
            Self::NotOnServer => FailureKind::Close(CloseReason::NotOnServer),
            Self::Submitted => FailureKind::Close(CloseReason::Submitted),
        }
    }
}

/// Failure, by the event that ends it.
pub(super) enum FailureKind {
    Passing(PassingFailure),
    Obstacle(Obstacle),
    Close(CloseReason),
}

/// Failure that may pass by itself: the save is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PassingFailure {
    /// See [`Failure::Unreachable`].
    Unreachable,
    /// See [`Failure::Intercepted`].
    Intercepted,
    /// See [`Failure::QuotaReached`].
    QuotaReached,
}

/// Failure that only the person can end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// See [`Failure::SignedOut`].
    SignedOut,
    /// See [`Failure::NotPermitted`].
    NotPermitted,
    /// See [`Failure::TooLarge`].
    TooLarge,
    /// See [`Failure::NotUnderstood`].
    NotUnderstood,
    /// See [`Failure::Outdated`].
    Outdated,
}

/// Failure that closes the draft for good: no save is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CloseReason {
    /// See [`Failure::Gone`].
    Gone,
    /// See [`Failure::NotOnServer`].
    NotOnServer,
    /// See [`Failure::Submitted`].
    Submitted,
}

impl From<PassingFailure> for Failure {
    fn from(failure: PassingFailure) -> Self {
        match failure {
            PassingFailure::Unreachable => Self::Unreachable,
            PassingFailure::Intercepted => Self::Intercepted,
            PassingFailure::QuotaReached => Self::QuotaReached,
        }
    }
}

impl From<Obstacle> for Failure {
    fn from(obstacle: Obstacle) -> Self {
        match obstacle {
            Obstacle::SignedOut => Self::SignedOut,
            Obstacle::NotPermitted => Self::NotPermitted,
            Obstacle::TooLarge => Self::TooLarge,
            Obstacle::NotUnderstood => Self::NotUnderstood,
            Obstacle::Outdated => Self::Outdated,
        }
    }
}

impl From<CloseReason> for Failure {
    fn from(reason: CloseReason) -> Self {
        match reason {
            CloseReason::Gone => Self::Gone,
            CloseReason::NotOnServer => Self::NotOnServer,
            CloseReason::Submitted => Self::Submitted,
        }
    }
}

/// Returns whether a status invites to come again: too slow, too early, too many calls, or a server out of order. 511
/// does not: it is of a network that requires a sign-in (RFC 6585, section 6).
#[must_use]
pub fn invites_again(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500..=510 | 512..)
}
