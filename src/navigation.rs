//! Where the person is. Every page, link and change of place goes through [`Navigation`]; which driver stands behind
//! it, the address bar or memory, is nobody else's business.

pub mod memory;
pub mod url;

use crate::model::{ClosedList, Id, Step};
use crate::state::{Derived, Held};

/// A place in the application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// What a request is and how to begin.
    Start,
    /// Answers to common questions.
    Help,
    /// Whether one's organisation may ask.
    Eligibility,
    /// Who is there, and where to go once that is known.
    SignIn(Option<Box<Place>>),
    /// The requests of the person signed in.
    Requests,
    /// Begins a request.
    NewRequest,
    /// A request: one step of it, or wherever its state leads.
    Request(Id, Option<Step>),
    /// A portal asks to act for the person: its challenge and its origin.
    Portal(String, String),
    /// How accessible the site is.
    Accessibility,
    /// Who publishes the site.
    LegalNotice,
    /// What becomes of personal data.
    PersonalData,
    /// Theme.
    Display,
    /// An address that names nothing.
    Unknown,
}

/// Names of the single pages in addresses.
const PAGES: [(&str, Place); 8] = [
    ("aide", Place::Help),
    ("eligibilite", Place::Eligibility),
    ("demandes", Place::Requests),
    ("accessibilite", Place::Accessibility),
    ("mentions-legales", Place::LegalNotice),
    ("donnees-personnelles", Place::PersonalData),
    ("affichage", Place::Display),
    ("connexion", Place::SignIn(None)),
];
const NEW: &str = "nouvelle";
const PORTAL: &str = "portail";

impl Place {
    /// Its address: a query, so that any folder of any web host can serve it.
    #[must_use]
    pub fn query(&self) -> String {
        match self {
            Self::Start | Self::Unknown => String::new(),
            Self::NewRequest => format!("demande={NEW}"),
            Self::Request(id, None) => format!("demande={id}"),
            Self::Request(id, Some(step)) => format!("demande={id}&etape={}", step.as_str()),
            Self::Portal(challenge, origin) => ["page=", PORTAL, "&challenge=", challenge, "&origin=", origin].concat(),
            // What comes back has no character that an address would have to escape but these two.
            Self::SignIn(Some(back)) => {
                format!("page=connexion&retour={}", back.query().replace('=', "%3D").replace('&', "%26"))
            }
            page => {
                PAGES.iter().find(|(_, place)| place == page).map_or(String::new(), |(name, _)| format!("page={name}"))
            }
        }
    }

    /// The place that an address names, by the values of its query.
    pub fn read(value: &dyn Fn(&str) -> Option<String>) -> Self {
        match (value("page"), value("demande")) {
            (None, None) => Self::Start,
            (None, Some(new)) if new == NEW => Self::NewRequest,
            (None, Some(id)) => {
                let step = value("etape").map(|step| Step::parse(&step));
                match (Id::parse(&id), step) {
                    (Ok(id), None) => Self::Request(id, None),
                    (Ok(id), Some(Some(step))) => Self::Request(id, Some(step)),
                    _ => Self::Unknown,
                }
            }
            (Some(page), _) if page == PORTAL => match (value("challenge"), value("origin")) {
                (Some(challenge), Some(origin)) => Self::Portal(challenge, origin),
                _ => Self::Unknown,
            },
            (Some(page), _) => {
                let place = PAGES.iter().find(|(name, _)| *name == page).map(|(_, place)| place.clone());
                match place {
                    Some(Self::SignIn(_)) => {
                        Self::SignIn(value("retour").map(|back| Box::new(Self::from_query(&back))))
                    }
                    Some(place) => place,
                    None => Self::Unknown,
                }
            }
        }
    }

    /// The place that a query names.
    #[must_use]
    pub fn from_query(query: &str) -> Self {
        let pairs: Vec<(&str, &str)> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
        Self::read(&|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    /// Whether only somebody who is signed in can go there.
    #[must_use]
    pub fn is_private(&self) -> bool {
        matches!(self, Self::Requests | Self::NewRequest | Self::Request(..) | Self::Portal(..))
    }
}

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
    place: Derived<Place>,
    go: Held<Go>,
    set_title: Held<SetTitle>,
    links: Links,
}

impl Navigation {
    /// A navigation whose driver goes to places and shows titles.
    pub fn new(place: Derived<Place>, go: Go, set_title: SetTitle, links: Links) -> Self {
        Self { place, go: Held::new(go), set_title: Held::new(set_title), links }
    }

    /// What links are made of.
    #[must_use]
    pub fn links(self) -> Links {
        self.links
    }

    /// Where the person is.
    #[must_use]
    pub fn place(self) -> Derived<Place> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn id() -> Id {
        Id::parse("017f22e2-79b0-7cc3-98c4-dc0c0c07398f").unwrap()
    }

    #[test]
    fn every_place_is_found_again_at_its_address() {
        let mut places: Vec<Place> = PAGES.iter().map(|(_, place)| place.clone()).collect();
        places.push(Place::Portal("E9Melhoa2OwvFrEMTJ".to_owned(), "https://portail.example".to_owned()));
        places.extend([Place::Start, Place::NewRequest, Place::Request(id(), None)]);
        places.extend(Step::ALL.iter().map(|step| Place::Request(id(), Some(*step))));
        for place in places {
            assert_eq!(Place::from_query(&place.query()), place);
        }
    }

    #[test]
    fn signing_in_leads_back_to_where_one_wanted_to_go() {
        let back = Place::Request(id(), Some(Step::Legal));
        let query = Place::SignIn(Some(Box::new(back.clone()))).query();
        assert_eq!(query.matches('=').count(), 2);
        let decoded = query.replace("%3D", "=").replace("%26", "&");
        let retour = decoded.split_once("retour=").unwrap().1.to_owned();
        let read = Place::read(&|name| match name {
            "page" => Some("connexion".to_owned()),
            "retour" => Some(retour.clone()),
            _ => None,
        });
        assert_eq!(read, Place::SignIn(Some(Box::new(back))));
    }

    #[test]
    fn an_address_that_names_nothing_is_unknown() {
        for query in ["page=nulle-part", "demande=12", "demande=017f22e2-79b0-7cc3-98c4-dc0c0c07398f&etape=fin"] {
            assert_eq!(Place::from_query(query), Place::Unknown, "{query}");
        }
    }
}
