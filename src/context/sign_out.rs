//! How far signing out is.

use leptos::prelude::*;

/// How far signing out is, where that takes a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningOut {
    /// Nobody signs out, or they are asked something first.
    No,
    /// What the server lacks is on its way there.
    Saving,
    /// The session is being ended.
    Ending,
}

/// The state of signing out.
#[derive(Clone, Copy)]
pub struct SignOut {
    /// Whether the person is asked what becomes of answers that the server lacks.
    pub asks: RwSignal<bool>,
    /// How far it is.
    pub progress: RwSignal<SigningOut>,
    /// The owner of the drafts that are sent before.
    pub drafts: StoredValue<Option<Owner>>,
}

impl SignOut {
    /// Returns the state of a person who does not sign out.
    #[must_use]
    pub fn new() -> Self {
        Self { asks: RwSignal::new(false), progress: RwSignal::new(SigningOut::No), drafts: StoredValue::new(None) }
    }

    /// Gives signing out up: the person goes on.
    pub fn reset(self) {
        self.asks.set(false);
        self.progress.set(SigningOut::No);
    }
}

impl Default for SignOut {
    fn default() -> Self {
        Self::new()
    }
}
