//! What the application tells in words, beside what its pages show.

use leptos::prelude::*;

/// The words that the application tells.
#[derive(Clone, Copy)]
pub struct Announcer {
    announcement: RwSignal<String>,
    warning: RwSignal<String>,
    flash: StoredValue<Option<&'static str>>,
}

impl Announcer {
    /// Returns one that has nothing to tell.
    #[must_use]
    pub fn new() -> Self {
        Self {
            announcement: RwSignal::new(String::new()),
            warning: RwSignal::new(String::new()),
            flash: StoredValue::new(None),
        }
    }

    /// Tells a screen reader something, once.
    pub fn announce(self, words: &str) {
        self.announcement.set(words.to_owned());
    }

    /// Returns what a screen reader is told.
    #[must_use]
    pub fn announcement(self) -> String {
        self.announcement.get()
    }

    /// Says what went wrong, on the screen and to a screen reader, until the person goes elsewhere.
    pub fn warn(self, words: &str) {
        self.warning.set(words.to_owned());
    }

    /// Returns what went wrong; empty where nothing did.
    #[must_use]
    pub fn warning(self) -> String {
        self.warning.get()
    }

    /// Leaves word of what just happened to a request, for the list to say.
    pub fn set_flash(self, words: &'static str) {
        self.flash.set_value(Some(words));
    }

    /// Returns what just happened to a request, once.
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
