//! Where the person is. Every page, link and change of place goes through [`Navigation`]; which driver stands behind
//! it, the address bar or memory, is nobody else's business.
use leptos::prelude::*;

pub mod memory;
pub mod url;

pub use crate::model::place::Place;

/// Whether a change of place can be undone by going back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// It can.
    New,
    /// It takes the place of the one before.
    Replacing,
}

/// How a driver goes to a place.
pub type Go = Box<dyn Fn(&Place, Entry)>;
/// How a driver shows a title.
pub type SetTitle = Box<dyn Fn(&str)>;

/// What a link to a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Links {
    /// An address that the browser follows, and can open elsewhere.
    Addresses,
    /// Something to press: an address would lead the portal elsewhere.
    Presses,
}

/// Where the person is, and how they go elsewhere.
#[derive(Clone, Copy)]
pub struct Navigation {
    place: Memo<Place>,
    go: StoredValue<Go, LocalStorage>,
    set_title: StoredValue<SetTitle, LocalStorage>,
    links: Links,
}

impl Navigation {
    /// A navigation whose driver goes to places and shows titles.
    pub fn new(place: Memo<Place>, go: Go, set_title: SetTitle, links: Links) -> Self {
        Self { place, go: StoredValue::new_local(go), set_title: StoredValue::new_local(set_title), links }
    }

    /// What links are made of.
    #[must_use]
    pub fn links(self) -> Links {
        self.links
    }

    /// Where the person is.
    #[must_use]
    pub fn place(self) -> Memo<Place> {
        self.place
    }

    /// Goes elsewhere.
    pub fn go(self, place: &Place) {
        self.drive(place, Entry::New);
    }

    /// Goes elsewhere, without a way back to here.
    pub fn replace(self, place: &Place) {
        self.drive(place, Entry::Replacing);
    }

    fn drive(self, place: &Place, entry: Entry) {
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
