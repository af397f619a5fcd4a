//! What the application stands in: a window of its own, or the element of a portal.

use leptos::prelude::*;

use crate::portal::Portal;

/// The portal that the application is a guest of, where it is one.
#[derive(Clone, Copy)]
pub struct Host(StoredValue<Option<Portal>, LocalStorage>);

impl Host {
    /// Returns the host; none is a window of our own.
    #[must_use]
    pub fn new(portal: Option<Portal>) -> Self {
        Self(StoredValue::new_local(portal))
    }

    /// Returns the portal; none where the window is ours.
    #[must_use]
    pub fn portal(self) -> Option<Portal> {
        self.0.try_get_value().flatten()
    }

    /// Returns whether a portal's page is around the application.
    #[must_use]
    pub fn is_portal(self) -> bool {
        self.portal().is_some()
    }

    /// Returns the level of the heading of a page.
    #[must_use]
    pub fn first_heading(self) -> u8 {
        self.portal().map_or(1, |portal| portal.heading().clamp(1, 4))
    }

    /// Tells the portal, where there is one, what happens. Returns whether it may go on.
    pub fn dispatch(self, event: &str, first: &str, second: &str) -> bool {
        self.portal().is_none_or(|portal| portal.dispatch(event, first, second))
    }
}
