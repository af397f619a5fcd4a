//! Reasons why somebody who wanted to sign in is not signed in.

use habilitation_model::wire::SignInRefusal;

/// Refusal of a sign-in: what the page tells the person, and what the log tells the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// Code for the page.
    pub(crate) code: SignInRefusal,
    /// Reason for the log. It names nobody, and repeats nothing that came from outside.
    pub(crate) reason: &'static str,
}

impl Refusal {
    /// Returns the refusal of a code that is over, or was used.
    pub(super) const fn expired(reason: &'static str) -> Self {
        Self { code: SignInRefusal::Expired, reason }
    }

    /// Returns the refusal that the provider gave.
    pub(super) const fn refused(reason: &'static str) -> Self {
        Self { code: SignInRefusal::Refused, reason }
    }

    /// Returns the refusal of a sign-in that takes an answer which does not come.
    pub(crate) const fn unavailable(reason: &'static str) -> Self {
        Self { code: SignInRefusal::Unavailable, reason }
    }

    /// Returns the refusal of a person of whom the provider tells too little.
    pub(super) const fn incomplete(reason: &'static str) -> Self {
        Self { code: SignInRefusal::Incomplete, reason }
    }

    /// Returns the refusal of whatever is not signed by the provider for this attempt.
    pub(super) const fn untrusted(reason: &'static str) -> Self {
        Self { code: SignInRefusal::Untrusted, reason }
    }
}
