//! Pages drawn to HTML, by the components that draw them in browsers: they can be read before the program is there, and without it.
//!
//! Pages that anybody may see are drawn once, when the server starts, and made as small as they can be behind its first calls. A
//! signed-in person's pages are drawn when they are asked for, with who they are: those are never stored anywhere. With ProConnect, a
//! sign-in page that leads back to a place is drawn for each call too.

use std::sync::OnceLock;

use axum::http::HeaderValue;
use habilitation::context::Identity;
use habilitation::prerender::{self, Backend, Known};
use habilitation_model::place::Place;
use habilitation_model::wire::{PageConfig, Session, SignInRefusal};
use habilitation_model::{ClosedList, Id};

use crate::dist::File;

/// Address of the API, relative to the page.
const API: &str = "api";
/// Quality of brotli for pages that many see: about a tenth of a second of computing each.
const SMALLEST: u32 = 11;
/// Quality of brotli for pages that are drawn for one person, or seldom seen: as fast as the line of most.
const SOON: u32 = 5;

/// Pages of this server.
pub(crate) struct Pages {
    /// The built document, without a page.
    blank: String,
    /// Content security policy of every document of the blank one, whose style and script it allows.
    policy: Option<HeaderValue>,
    config: PageConfig,
    /// Pages for who is signed out, by their places.
    public: Vec<(Place, Shared)>,
    /// Pages for who was not signed in by ProConnect, by the reason in their address.
    refused: Vec<(String, File)>,
    /// Page for who may be signed in.
    unknown: Shared,
}

/// Page that many see: there soon, and smaller later.
struct Shared {
    soon: File,
    smallest: OnceLock<File>,
}

impl Shared {
    fn new(soon: File) -> Self {
        Self { soon, smallest: OnceLock::new() }
    }

    fn file(&self) -> &File {
        self.smallest.get().unwrap_or(&self.soon)
    }

    fn shrink(&self) {
        self.smallest.get_or_init(|| self.soon.compressed(SMALLEST));
    }
}

/// Public list before it is asked for.
const PUBLIC_LIST: Place = Place::PublicList(String::new());
/// Longest query for which a sign-in page is drawn that leads back there. No longer one is kept on the way.
const QUERY_MAX: usize = 800;
/// Beginning of the parameter with the reason for which nobody was signed in.
const REFUSAL: &str = "erreur=";

/// Places that show alike to everybody who is signed out.
const PUBLIC: [Place; 10] = [
    Place::Start,
    Place::Help,
    Place::Eligibility,
    Place::SignIn(None),
    Place::Accessibility,
    Place::LegalNotice,
    Place::PersonalData,
    Place::Display,
    PUBLIC_LIST,
    Place::Unknown,
];

impl Pages {
    /// Draws the pages that anybody may see in the blank document that the build made.
    pub(crate) fn draw(blank: String, config: &PageConfig) -> Self {
        let known = |identity| Known { backend: Backend::Server, config: config.clone(), identity };
        let policy = HeaderValue::from_str(&prerender::policy(&blank)).ok();
        let signed_out = known(Identity::SignedOut);
        let page = |place: &Place, query: &str| {
            let drawn = prerender::page_at(place.clone(), query, &signed_out);
            File::page(in_document(&blank, &drawn, &signed_out, ""), policy.clone(), SOON)
        };
        let public = PUBLIC.iter().map(|place| (place.clone(), Shared::new(page(place, "")))).collect();
        let refusals = if config.proconnect { SignInRefusal::ALL } else { &[] };
        let refused = refusals.iter().map(|refusal| [REFUSAL, refusal.as_str()].concat());
        let told = |reason: String| {
            let query = [&Place::SignIn(None).query(), "&", &reason].concat();
            (reason, page(&Place::SignIn(None), &query))
        };
        let refused = refused.map(told).collect();
        let unknown = known(Identity::Pending);
        let waiting = prerender::waiting(&unknown);
        let unknown = File::page(document(&blank, Place::Start, &unknown, &waiting), policy.clone(), SOON);
        let unknown = Shared::new(unknown);
        Self { config: config.clone(), public, refused, unknown, policy, blank }
    }

    /// Makes the pages that many see as small as they can be. One processor has a second or two to do.
    pub(crate) fn shrink(&self) {
        self.public.iter().map(|(_, page)| page).chain([&self.unknown]).for_each(Shared::shrink);
    }

    /// Returns the page of a place for who is signed out, at the address of a query.
    pub(crate) fn signed_out(&self, place: &Place, query: &str) -> &File {
        if matches!(place, Place::SignIn(_)) {
            let told = |(reason, _): &&(String, File)| query.split('&').any(|pair| pair == reason);
            if let Some((_, page)) = self.refused.iter().find(told) {
                return page;
            }
        }
        let shown = match place {
            Place::SignIn(_) => &Place::SignIn(None),
            // The program searches.
            Place::PublicList(_) => &PUBLIC_LIST,
            place if place.is_private() => &Place::SignIn(None),
            place => place,
        };
        self.public.iter().find(|(place, _)| place == shown).map_or(&self.unknown, |(_, page)| page).file()
    }

    /// Returns whether the sign-in page of a place is drawn for each call. Its link to ProConnect leads back to that very place.
    pub(crate) fn leads_back(&self, place: &Place, query: &str) -> bool {
        let has_way_back = matches!(place, Place::SignIn(Some(_))) || place.is_private();
        self.config.proconnect && has_way_back && query.len() <= QUERY_MAX
    }

    /// Draws the sign-in page that leads back to a place, at the address of a query.
    pub(crate) fn leading_back(&self, place: Place, query: &str) -> File {
        let known = Known { backend: Backend::Server, config: self.config.clone(), identity: Identity::SignedOut };
        let drawn = prerender::page_at(place, query, &known);
        File::page(in_document(&self.blank, &drawn, &known, ""), self.policy.clone(), SOON)
    }

    /// Returns the page for who may be signed in: a start page that holds nothing of anybody.
    pub(crate) fn unknown(&self) -> &File {
        self.unknown.file()
    }

    /// Draws the page of a place for a signed-in person, at the address of a query.
    pub(crate) fn personal(&self, place: Place, query: &str, session: Session) -> File {
        let place = match place {
            // What is asked there is answered by the person alone, once they see it.
            Place::Portal(..) => Place::Request(Id::new(0, [0; 10]), None),
            place => place,
        };
        let identity = Identity::Person(Box::new(session));
        let known = Known { backend: Backend::Server, config: self.config.clone(), identity };
        // Of a query beside its place, the sign-in page alone shows something.
        let query = if matches!(place, Place::SignIn(_)) { query } else { "" };
        let drawn = prerender::page_at(place, query, &known);
        File::page(in_document(&self.blank, &drawn, &known, ""), self.policy.clone(), SOON)
    }
}

fn document(blank: &str, place: Place, known: &Known, beside: &str) -> String {
    in_document(blank, &prerender::page(place, known), known, beside)
}

fn in_document(blank: &str, page: &prerender::Page, known: &Known, beside: &str) -> String {
    let beside = [beside, &prerender::state(API, known)].concat();
    prerender::document(blank, page, &beside)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use axum::http::header::ACCEPT_ENCODING;

    use super::*;

    #[test]
    fn a_page_that_was_shrunk_is_the_same_in_fewer_bytes() {
        let words = include_str!("pages.rs");
        let page = Shared::new(File::page(words.to_owned(), None, SOON));
        let packed = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("br"))]);
        let soon = page.file().body(&packed).bytes.len();
        page.shrink();
        let shrunk = page.file();
        assert!(shrunk.body(&packed).bytes.len() < soon, "{} bytes, {soon} before", shrunk.body(&packed).bytes.len());
        assert_eq!(shrunk.body(&packed).encoding, Some("br"));
        assert_eq!(shrunk.body(&HeaderMap::new()).bytes, words);
    }
}
