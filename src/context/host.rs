//! Surroundings of the application: a window of its own, or the element of a portal.

use leptos::prelude::*;

use crate::portal::Portal;

/// Context of the portal around the application.
#[derive(Clone, Copy)]
pub struct Host(StoredValue<Option<Portal>, LocalStorage>);

impl Host {
    /// Returns the context of a portal, or of a window of our own.
    #[must_use]
    pub fn new(portal: Option<Portal>) -> Self {
        Self(StoredValue::new_local(portal))
    }

    /// Returns the portal; none in a window of our own.
    #[must_use]
    pub fn portal(self) -> Option<Portal> {
        self.0.try_get_value().flatten()
    }

    /// Returns whether a portal shows the application.
    #[must_use]
    pub fn is_portal(self) -> bool {
        self.portal().is_some()
    }

    /// Returns the level of the heading of a page.
    #[must_use]
    pub fn first_heading(self) -> u8 {
        self.portal().map_or(1, |portal| portal.heading().clamp(1, 4))
    }

    /// Dispatches an event to the portal, if there is one, and returns whether the portal allows what it announces.
    pub fn dispatch(self, event: &str, first: &str, second: &str) -> bool {
        self.portal().is_none_or(|portal| portal.dispatch(event, first, second))
    }
}
