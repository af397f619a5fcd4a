//! Drawing of the current page anew, where what it shows has changed behind it.

use leptos::prelude::*;

/// Context by which the current page is drawn anew. A demonstration does so when it lets days pass.
#[derive(Clone, Copy)]
pub struct Renewal(RwSignal<u32>);

impl Renewal {
    /// Returns the context of a page that was not drawn anew yet.
    #[must_use]
    pub fn new() -> Self {
        Self(RwSignal::new(0))
    }

    /// Returns how often the page was drawn anew.
    #[must_use]
    pub fn count(self) -> u32 {
        self.0.get()
    }

    /// Follows that the page is drawn anew.
    pub fn track(self) {
        self.0.track();
    }

    /// Draws the current page anew.
    pub fn renew(self) {
        self.0.update(|count| *count += 1);
    }
}

impl Default for Renewal {
    fn default() -> Self {
        Self::new()
    }
}
