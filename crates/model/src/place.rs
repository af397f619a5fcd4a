//! Places of the application, and their addresses. Page and server read an address with the same function, so that they
//! agree on it.

use crate::choice::ClosedList;
use crate::id::Id;
use crate::step::Step;

pub mod public;
pub mod team;

/// Place in the application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The start page: what a request is and how to begin.
    Start,
    /// Answers to common questions.
    Help,
    /// The check whether an organisation is eligible.
    Eligibility,
    /// Signing in, and the place that follows.
    SignIn(Option<Box<Place>>),
    /// The requests of the signed-in person.
    Requests,
    /// The invitations and hand-overs that wait for the signed-in person.
    Invitations,
    /// The card of a contact, who has no session.
    Card,
    /// The beginning of a request.
    NewRequest,
    /// A request: one of its steps, or the page of its state.
    Request(Id, Option<Step>),
    /// The question whether a portal may act for the person: its challenge and its origin.
    Portal(String, String),
    /// The statement of accessibility.
    Accessibility,
    /// The legal notice: the publisher of the site.
    LegalNotice,
    /// The notice on personal data.
    PersonalData,
    /// The choice of a theme.
    Display,
    /// The mails that a demonstration caught.
    CaughtMails,
    /// The public list of habilitations in force, by its whole query, which [`public::PublicFilter`] reads.
    PublicList(String),
    /// A place of the team that examines requests, by its whole query, which [`team::TeamPlace`] reads.
    Examination(String),
    /// An address that names no place.
    Unknown,
}

/// Names of the single pages in addresses.
const PAGES: [(&str, Place); 11] = [
    ("aide", Place::Help),
    ("eligibilite", Place::Eligibility),
    ("demandes", Place::Requests),
    ("invitations", Place::Invitations),
    ("coordonnees", Place::Card),
    ("accessibilite", Place::Accessibility),
    ("mentions-legales", Place::LegalNotice),
    ("donnees-personnelles", Place::PersonalData),
    ("affichage", Place::Display),
    ("courriels", Place::CaughtMails),
    ("connexion", Place::SignIn(None)),
];
/// Beginnings of the addresses of the team's places.
const TEAM: [&str; 6] = ["page=examen", "examen=", "page=modeles", "page=envois", "page=reprises", "page=statistiques"];
/// Beginning of the addresses of the public list.
const PUBLIC_LIST: &str = "page=habilitations";
/// Beginnings of the links of mails, whose tokens are no part of a place.
const LINKS: [(&str, Place); 2] = [("invitation=", Place::Invitations), ("card=", Place::Card)];
const NEW: &str = "nouvelle";
const PORTAL: &str = "portail";

/// Names of the values in an address.
const NAMES: [&str; 6] = ["page", "demande", "etape", "challenge", "origin", "retour"];

impl Place {
    /// Returns the address of the place: a query, so that any folder of any web host can serve it.
    #[must_use]
    pub fn query(&self) -> String {
        match self {
            Self::Start | Self::Unknown => String::new(),
            Self::NewRequest => format!("demande={NEW}"),
            Self::Request(id, None) => format!("demande={id}"),
            Self::Request(id, Some(step)) => format!("demande={id}&etape={}", step.as_str()),
            Self::PublicList(query) | Self::Examination(query) => query.clone(),
            Self::Portal(challenge, origin) => ["page=", PORTAL, "&challenge=", challenge, "&origin=", origin].concat(),
            // What comes back has no character that an address would have to escape but these two. Only a search of the team may.
            Self::SignIn(Some(back)) => {
                format!("page=connexion&retour={}", back.query().replace('=', "%3D").replace('&', "%26"))
            }
            page => {
                PAGES.iter().find(|(_, place)| place == page).map_or(String::new(), |(name, _)| format!("page={name}"))
            }
        }
    }

    /// Returns the place that a query names (`application/x-www-form-urlencoded`, WHATWG URL). A query that can be read
    /// in two ways names no place: one that repeats a name of ours, or is still encoded after decoding. Other names,
    /// such as those of answers, are ignored.
    #[must_use]
    pub fn read(query: &str) -> Self {
        if TEAM.iter().any(|beginning| query.starts_with(beginning)) {
            return Self::Examination(query.to_owned());
        }
        if query.starts_with(PUBLIC_LIST) {
            return Self::PublicList(query.to_owned());
        }
        if let Some((_, place)) = LINKS.iter().find(|(beginning, _)| query.starts_with(beginning)) {
            return place.clone();
        }
        let mut values = [const { None }; NAMES.len()];
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if name.as_bytes().contains(&b'%') {
                return Self::Unknown;
            }
            let Some(place) = NAMES.iter().position(|known| *known == name) else { continue };
            if value.as_bytes().contains(&b'%') || values[place].replace(value.into_owned()).is_some() {
                return Self::Unknown;
            }
        }
        Self::named(values).unwrap_or(Self::Unknown)
    }

    fn named([page, request, step, challenge, origin, back]: [Option<String>; NAMES.len()]) -> Option<Self> {
        Some(match (page.as_deref(), request.as_deref()) {
            (None, None) => Self::Start,
            (None, Some(NEW)) => Self::NewRequest,
            (None, Some(id)) => {
                let step = step.map(|step| Step::parse(&step).ok_or(())).transpose().ok()?;
                Self::Request(Id::parse(id).ok()?, step)
            }
            (Some(PORTAL), _) => Self::Portal(challenge?, origin?),
            (Some(page), _) => match PAGES.iter().find(|(name, _)| *name == page)?.1.clone() {
                Self::SignIn(_) => Self::SignIn(back.map(|back| Box::new(Self::read(&back)))),
                place => place,
            },
        })
    }

    /// Returns whether a new request begins there, or after signing in there.
    #[must_use]
    pub fn begins_a_request(&self) -> bool {
        match self {
            Self::NewRequest => true,
            Self::SignIn(Some(back)) => back.begins_a_request(),
            _ => false,
        }
    }

    /// Returns whether the place is for signed-in people alone.
    #[must_use]
    pub fn is_private(&self) -> bool {
        matches!(
            self,
            Self::Requests
                | Self::Invitations
                | Self::NewRequest
                | Self::Request(..)
                | Self::Portal(..)
                | Self::Examination(_)
        )
    }
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
            assert_eq!(Place::read(&place.query()), place);
        }
    }

    #[test]
    fn signing_in_leads_back_to_where_one_wanted_to_go() {
        let back = Place::Request(id(), Some(Step::Legal));
        let query = Place::SignIn(Some(Box::new(back.clone()))).query();
        assert_eq!(query.matches('=').count(), 2);
        let read = Place::read(&query);
        assert_eq!(read, Place::SignIn(Some(Box::new(back))));
    }

    #[test]
    fn the_link_of_a_mail_names_a_page_and_its_token_is_no_part_of_that() {
        for (query, place) in [("invitation=E9Melhoa2OwvFrEMTJ", Place::Invitations), ("card=E9Mel", Place::Card)] {
            assert_eq!(Place::read(query), place);
            assert!(!place.query().contains("E9Mel"));
        }
        assert!(Place::Invitations.is_private() && !Place::Card.is_private());
    }

    #[test]
    fn an_address_that_names_nothing_is_unknown() {
        for query in ["page=nulle-part", "demande=12", "demande=017f22e2-79b0-7cc3-98c4-dc0c0c07398f&etape=fin"] {
            assert_eq!(Place::read(query), Place::Unknown, "{query}");
        }
    }

    #[test]
    fn an_address_that_can_be_read_in_two_ways_is_unknown() {
        for query in include_str!("../../../tests/addresses.txt").lines() {
            let query = query.replace("CHALLENGE", "E9Melhoa2OwvFrEMTJ");
            assert_eq!(Place::read(&query), Place::Unknown, "{query}");
        }
        let portal = "page=portail&challenge=E9Melhoa2OwvFrEMTJ&origin=https%3A%2F%2Fportail.example";
        assert!(matches!(Place::read(portal), Place::Portal(_, origin) if origin == "https://portail.example"));
        let back = "page=connexion&retour=page%3Daide%26page%3Dconnexion";
        assert_eq!(Place::read(back), Place::SignIn(Some(Box::new(Place::Unknown))));
        for query in
            ["page=aide&utm_source=lettre", "page=aide&legal.basis=100%25", "page=aide&a=b&a=b", "p%61ge=a%69de"]
        {
            assert_eq!(Place::read(query), Place::Help, "{query}");
        }
    }
}
