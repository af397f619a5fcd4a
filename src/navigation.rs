//! Where the person is. Every page, link and change of place goes through [`Navigation`]; which driver stands behind
//! it, the address bar or memory, is nobody else's business.
use leptos::prelude::*;

pub mod memory;
pub mod url;

pub use crate::model::place::Place;

/// Whether a change of place can be undone by going back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryEntry {
    /// It can.
    Pushed,
    /// It takes the place of the one before.
    Replaced,
}

/// How a driver goes to a place.
pub type Navigate = Box<dyn Fn(&Place, HistoryEntry)>;
/// How a driver shows a title.
pub type SetTitle = Box<dyn Fn(&str)>;

/// What a link to a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// An address that the browser follows, and can open elsewhere.
    Anchor,
    /// Something to press: an address would lead the portal elsewhere.
    Button,
}

/// Where the person is, and how they go elsewhere.
#[derive(Clone, Copy)]
pub struct Navigation {
    place: Memo<Place>,
    go: StoredValue<Navigate, LocalStorage>,
    set_title: StoredValue<SetTitle, LocalStorage>,
    link_kind: LinkKind,
}

impl Navigation {
    /// A navigation whose driver goes to places and shows titles.
    pub fn new(place: Memo<Place>, go: Navigate, set_title: SetTitle, link_kind: LinkKind) -> Self {
        Self { place, go: StoredValue::new_local(go), set_title: StoredValue::new_local(set_title), link_kind }
    }

    /// What links are made of.
    #[must_use]
    pub fn link_kind(self) -> LinkKind {
        self.link_kind
    }

    /// Where the person is.
    #[must_use]
    pub fn place(self) -> Memo<Place> {
        self.place
    }

    /// Goes elsewhere.
    pub fn go(self, place: &Place) {
        self.navigate(place, HistoryEntry::Pushed);
    }

    /// Goes elsewhere, without a way back to here.
    pub fn replace(self, place: &Place) {
        self.navigate(place, HistoryEntry::Replaced);
    }

    fn navigate(self, place: &Place, entry: HistoryEntry) {
        // Whoever waited for an answer may go on once the application has ended.
        self.go.try_with_value(|go| go(place, entry));
    }

    /// Names the place for the window, where there is one of ours.
    pub fn set_title(self, title: &str) {
        self.set_title.try_with_value(|set| set(title));
    }
}

/// The address of a place, for links.
#[must_use]
pub fn href(place: &Place) -> String {
    format!("?{}", place.query())
}
