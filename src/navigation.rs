//! Navigation among the places of the application. Pages and links use [`Navigation`] alone; a driver stands behind it, the
//! address bar or memory.
use leptos::prelude::*;

pub mod memory;
pub mod url;

pub use crate::model::place::Place;

/// Effect of a change of place on the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryEntry {
    /// Adds an entry: going back undoes the change.
    Pushed,
    /// Replaces the current entry.
    Replaced,
}

/// Function of a driver that goes to a place.
pub type Navigate = Box<dyn Fn(&Place, HistoryEntry)>;
/// Function of a driver that shows a title.
pub type SetTitle = Box<dyn Fn(&str)>;

/// Element that a link to a place is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// Anchor whose address the browser can open elsewhere too.
    Anchor,
    /// Button with the role of a link: an address would lead the portal's window away.
    Button,
}

/// Context of the current place.
#[derive(Clone, Copy)]
pub struct Navigation {
    place: Memo<Place>,
    go: StoredValue<Navigate, LocalStorage>,
    set_title: StoredValue<SetTitle, LocalStorage>,
    link_kind: LinkKind,
}

impl Navigation {
    /// Returns the navigation of a driver.
    pub fn new(place: Memo<Place>, go: Navigate, set_title: SetTitle, link_kind: LinkKind) -> Self {
        Self { place, go: StoredValue::new_local(go), set_title: StoredValue::new_local(set_title), link_kind }
    }

    /// Returns the element that links are made of.
    #[must_use]
    pub fn link_kind(self) -> LinkKind {
        self.link_kind
    }

    /// Returns the current place.
    #[must_use]
    pub fn place(self) -> Memo<Place> {
        self.place
    }

    /// Goes to a place.
    pub fn go(self, place: &Place) {
        self.navigate(place, HistoryEntry::Pushed);
    }

    /// Goes to a place in place of the current history entry.
    pub fn replace(self, place: &Place) {
        self.navigate(place, HistoryEntry::Replaced);
    }

    fn navigate(self, place: &Place, entry: HistoryEntry) {
        // Tasks may outlive the application, whose navigation is disposed of.
        self.go.try_with_value(|go| go(place, entry));
    }

    /// Sets the title of the window, if it is one of ours.
    pub fn set_title(self, title: &str) {
        self.set_title.try_with_value(|set| set(title));
    }
}

/// Returns the address of a place, relative to the page.
#[must_use]
pub fn href(place: &Place) -> String {
    ["?", &place.query()].concat()
}
