//! Messages of the application beside its pages: announcements, warnings, flash messages.

use leptos::prelude::*;

/// Context of the messages.
#[derive(Clone, Copy)]
pub struct Announcer {
    announcement: RwSignal<String>,
    warning: RwSignal<String>,
    flash: StoredValue<Option<&'static str>>,
}

impl Announcer {
    /// Returns an announcer without messages.
    #[must_use]
    pub fn new() -> Self {
        Self {
            announcement: RwSignal::new(String::new()),
            warning: RwSignal::new(String::new()),
            flash: StoredValue::new(None),
        }
    }

    /// Announces something to screen readers, once.
    pub fn announce(self, words: &str) {
        self.announcement.set(words.to_owned());
    }

    /// Returns the announcement for screen readers.
    #[must_use]
    pub fn announcement(self) -> String {
        self.announcement.get()
    }

    /// Shows a warning, which screen readers announce, until the person goes elsewhere. An empty one removes it.
    pub fn warn(self, words: &str) {
        self.warning.set(words.to_owned());
    }

    /// Returns the warning; empty if there is none.
    #[must_use]
    pub fn warning(self) -> String {
        self.warning.get()
    }

    /// Sets the flash message about a request, for the list to show.
    pub fn set_flash(self, words: &'static str) {
        self.flash.set_value(Some(words));
    }

    /// Returns the flash message and removes it.
    #[must_use]
    pub fn take_flash(self) -> Option<&'static str> {
        self.flash.try_update_value(Option::take).flatten()
    }
}

impl Default for Announcer {
    fn default() -> Self {
        Self::new()
    }
}
