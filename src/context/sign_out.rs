//! Progress of signing out.

use leptos::prelude::*;

/// Progress of signing out.
///
/// `question` is set while the page shows the question about answers that the server lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignOutState {
    /// The person does not sign out.
    Idle,
    /// Answers that the server lacks are being sent.
    Saving {
        /// Flag that the question shows meanwhile.
        question: bool,
    },
    /// The page asks what becomes of answers that the server lacks.
    Asking,
    /// The session is being ended.
    Ending {
        /// Flag that the question shows meanwhile.
        question: bool,
    },
}

impl SignOutState {
    /// Returns whether the page shows the question about answers that the server lacks.
    #[must_use]
    pub fn shows_question(self) -> bool {
        matches!(self, Self::Asking | Self::Saving { question: true } | Self::Ending { question: true })
    }

    /// Returns the state once waiting has ended: the question stays where it shows.
    #[must_use]
    pub fn stopped(self) -> Self {
        if self.shows_question() { Self::Asking } else { Self::Idle }
    }
}

/// Context of signing out.
#[derive(Clone, Copy)]
pub struct SignOut {
    /// Progress so far.
    pub state: RwSignal<SignOutState>,
    /// Owner of the drafts that are sent before the session ends.
    pub drafts: StoredValue<Option<Owner>>,
}

impl SignOut {
    /// Returns the context of a person who does not sign out.
    #[must_use]
    pub fn new() -> Self {
        Self { state: RwSignal::new(SignOutState::Idle), drafts: StoredValue::new(None) }
    }

    /// Cancels signing out.
    pub fn reset(self) {
        self.state.set(SignOutState::Idle);
    }
}

impl Default for SignOut {
    fn default() -> Self {
        Self::new()
    }
}
