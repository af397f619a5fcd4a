//! Pages drawn to HTML outside of a browser, by the components that draw them in it.
//!
//! Effects and tasks do not run, and no API answers: a page is drawn as it is before it knows more. It is what a browser shows
//! until the program has drawn the same in its place.

use std::cell::RefCell;
use std::rc::Rc;
use std::thread;

use data_encoding::BASE64;
use leptos::prelude::*;
use serde::Serialize;
use sha2::{Digest, Sha256};

pub use crate::api::unanswered::Backend;
use crate::api::unanswered::Unanswered;
use crate::app::App;
use crate::browser::location;
use crate::context::{Contexts, Identity, Session, Settings};
use crate::device::{DeviceStorage, Persistence};
use crate::lazy::Part;
use crate::model::wire::{self, PageConfig};
use crate::model::{Id, SCHEMA, Step};
use crate::navigation::{HistoryEntry, LinkKind, Navigation, Place};

/// Page drawn to HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Title of the window.
    pub title: String,
    /// Element that holds the whole application.
    pub html: String,
}

/// State in which a page is drawn.
#[derive(Clone, Debug)]
pub struct Known {
    /// Backend that keeps the answers.
    pub backend: Backend,
    /// Configuration of the operator.
    pub config: PageConfig,
    /// Identity of the person.
    pub identity: Identity,
}

/// Draws the page of a place.
///
/// A new request has no identifier yet: its links hold one of zeros.
///
/// # Panics
/// When drawing panics.
#[must_use]
pub fn page(place: Place, known: &Known) -> Page {
    page_at(place, "", known)
}

/// Draws the page of a place at an address whose query holds more than the place.
///
/// # Panics
/// When drawing panics.
#[must_use]
pub fn page_at(place: Place, query: &str, known: &Known) -> Page {
    let draw = || {
        location::set_query(query);
        draw(place, known)
    };
    // What the page would keep in the memory of its browser goes with the thread.
    match thread::scope(|scope| scope.spawn(draw).join()) {
        Ok(page) => page,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

fn draw(place: Place, known: &Known) -> Page {
    let place = match place {
        Place::NewRequest => Place::Request(Id::new(0, [0; 10]), Some(Step::Organisation)),
        place => place,
    };
    let owner = Owner::new();
    let page = owner.with(|| {
        let title = Rc::new(RefCell::new(String::new()));
        let navigation = navigation(place.clone(), Rc::clone(&title));
        let device = DeviceStorage::new("", Persistence::Local);
        let session = Session::new(Rc::new(Unanswered::new(known.backend)), device, None, None);
        session.set_identity(known.identity.clone());
        if let (Place::Request(id, Some(_)), Some(copies)) = (&place, session.copies()) {
            // Nothing is asked of a server about a request that was begun here.
            copies.mark_begun(id);
        }
        Contexts::provide(navigation, session, None, None, loaded(&place, known));
        Settings::get().config.set(known.config.clone());
        let html = plain(&App().into_view().to_html());
        let html = if matches!(place, Place::Request(..)) { with_need_of_script(&html) } else { html };
        Page { title: title.take(), html }
    });
    owner.cleanup();
    page
}

/// Returns the document of a page: `blank` is the built `index.html` without one.
///
/// `beside` is HTML that stands after the page: templates of other pages, or what the server tells the program.
#[must_use]
pub fn document(blank: &str, page: &Page, beside: &str) -> String {
    let title = ["<title>", &escaped(&page.title), "</title>"].concat();
    let shell = page.html.replacen("<div", "<div id=\"shell\"", 1);
    let blank = match (blank.split_once("<title>"), blank.split_once("</title>")) {
        (Some((before, _)), Some((_, after))) if !page.title.is_empty() => [before, &title, after].concat(),
        _ => blank.to_owned(),
    };
    blank.replacen(SHELL, &[&shell, beside].concat(), 1)
}

/// Place of the page in the blank document.
const SHELL: &str = "<div id=\"shell\"></div>";

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// Data that a server writes beside the page, so that the program need not ask for them.
#[derive(Serialize)]
struct State<'a> {
    api: &'a str,
    config: &'a PageConfig,
    /// Version of the drafts that the page reads.
    schema: u32,
    /// Session of the person; `null` where nobody is signed in. Without the member, the program asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<Option<&'a wire::Session>>,
}

/// Content security policy of every answer. No script or style may stand in a page but those whose hash [`policy`] adds; the page
/// makes one Trusted Types policy.
pub const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types habilitation";

/// Returns the content security policy of a document: the style and the script that stand in it are allowed by their hashes (CSP
/// level 3, section 6.7.3.3).
#[must_use]
pub fn policy(document: &str) -> String {
    let mut policy = POLICY.to_owned();
    for (sources, start, end) in
        [("style-src 'self'", "<style", "</style>"), ("script-src 'self'", "<script>", "</script>")]
    {
        let text = document.split_once(start).and_then(|(_, rest)| rest.split_once(end)).map(|(text, _)| text);
        // The start tag of the style has an attribute.
        let text =
            text.map(|text| if start.ends_with('>') { text } else { text.split_once('>').unwrap_or_default().1 });
        if let Some(text) = text {
            let hash = BASE64.encode(&Sha256::digest(text));
            policy = policy.replace(sources, &[sources, " 'sha256-", &hash, "'"].concat());
        }
    }
    policy
}

/// Returns the element with the data of a server, whose API is at `api`, relative to the page.
#[must_use]
pub fn state(api: &str, known: &Known) -> String {
    let session = match &known.identity {
        Identity::Pending => None,
        Identity::SignedOut => Some(None),
        Identity::Person(session) => Some(Some(&**session)),
    };
    let state = State { api, config: &known.config, schema: SCHEMA, session };
    let json = serde_json::to_string(&state).unwrap_or_default();
    // Nothing in a text may end the element.
    ["<script id=\"state\" type=\"application/json\">", &json.replace('<', "\\u003c"), "</script>"].concat()
}

/// Returns the template of a page that waits for its program. `early.js` shows it where an address asks for another page.
#[must_use]
pub fn waiting(known: &Known) -> String {
    template("waiting", Place::Request(Id::new(0, [0; 10]), None), known)
}

fn template(id: &str, place: Place, known: &Known) -> String {
    let shell = page(place, known).html.replacen("<div", "<div id=\"shell\"", 1);
    ["<template id=\"", id, "\">", &shell, "</template>"].concat()
}

/// Returns the document of a static host: the start page, and templates of what other addresses show first.
///
/// `session` is that of the person of the demonstration.
#[must_use]
pub fn static_document(blank: &str, session: wire::Session) -> String {
    let identity = Identity::Person(Box::new(session));
    let known = Known { backend: Backend::Browser, config: PageConfig::default(), identity };
    let beside = [waiting(&known), template("new-request", Place::NewRequest, &known)].concat();
    // Whether it is a demonstration is known once the host was asked for its settings.
    document(blank, &page(Place::Start, &known), &beside).replace("<div id=\"shell\"", "<div id=\"shell\" data-asking")
}

/// Returns the parts that are loaded when the program first draws a page.
///
/// The first step needs none of them, a page that answers itself has loaded what it needs for that, and other pages wait for theirs.
fn loaded(place: &Place, known: &Known) -> &'static [Part] {
    match (place, &known.identity, known.backend) {
        (Place::Request(_, Some(Step::Organisation)), Identity::Person(_), Backend::Server) => &[],
        (Place::Request(_, Some(Step::Organisation)), Identity::Person(_), Backend::Browser) => &[Part::Local],
        _ => &Part::ALL,
    }
}

/// Makes a form tell that it needs JavaScript, and send nothing without.
fn with_need_of_script(html: &str) -> String {
    let words = "<noscript><p class=\"note\">Vous pouvez lire cette étape, mais il faut JavaScript pour garder vos réponses : activez-le, puis rechargez la page.</p></noscript>";
    let Some((before, form)) = html.split_once("<form") else { return html.to_owned() };
    let form = form.replacen("</header>", &["</header>", words].concat(), 1);
    [before, "<form method=\"dialog\" autocomplete=\"off\"", &form].concat()
}

/// Removes the marks by which Leptos would find the elements again.
///
/// These are markers between views, a space for an empty text, end tags of inputs, and the empty class of elements whose conditional
/// classes are off.
fn plain(html: &str) -> String {
    html.replace("> <!>", ">")
        .replace("<!>", "")
        .replace("> <", "><")
        .replace("</input>", "")
        .replace(" class=\"\"", "")
}

/// Returns a navigation that stays at a place, and keeps the title that the page sets.
fn navigation(place: Place, title: Rc<RefCell<String>>) -> Navigation {
    let go = |_: &Place, _: HistoryEntry| {};
    let set_title = move |new: &str| _ = title.replace(new.to_owned());
    Navigation::new(Memo::new(move |_| place.clone()), Box::new(go), Box::new(set_title), LinkKind::Anchor)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::{ClosedList, Draft, Field, Id, Step};

    /// Pages that a server or a build draws, with the first words of their headings.
    fn pages() -> Vec<(Place, &'static str)> {
        vec![
            (Place::Start, "Demander"),
            (Place::Help, "Aide"),
            (Place::Eligibility, "Mon organisation"),
            (Place::SignIn(None), "Se connecter"),
            (Place::Accessibility, "Accessibilité"),
            (Place::LegalNotice, "Mentions légales"),
            (Place::PersonalData, "Données personnelles"),
            (Place::PublicList(String::new()), "Habilitations en vigueur"),
        ]
    }

    fn known(backend: Backend) -> Known {
        Known { backend, config: PageConfig::default(), identity: Identity::SignedOut }
    }

    fn signed_in(backend: Backend) -> Known {
        let user = wire::User {
            id: "42".to_owned(),
            given_name: "Noémie".to_owned(),
            family_name: "Aubier <script>".to_owned(),
            email: "noemie@vallon.example".to_owned(),
            phone: String::new(),
            job_title: String::new(),
        };
        let organisation =
            wire::Organisation { siret: String::new(), name: "Ville de \"Vallon\"".to_owned(), kind: None };
        let session = wire::Session { user, organisation, ends_at: String::new(), role: None };
        Known { identity: Identity::Person(Box::new(session)), ..known(backend) }
    }

    fn step_page(step: Step) -> Page {
        page(Place::Request(Id::new(0, [0; 10]), Some(step)), &signed_in(Backend::Server))
    }

    fn all() -> Vec<Page> {
        let mut all = Vec::new();
        for backend in [Backend::Server, Backend::Browser] {
            for known in [known(backend), signed_in(backend)] {
                all.extend(pages().into_iter().map(|(place, _)| page(place, &known)));
                all.extend([Place::NewRequest, Place::Requests].map(|place| page(place, &known)));
                let steps = Step::ALL.iter().map(|step| Place::Request(Id::new(0, [0; 10]), Some(*step)));
                all.extend(steps.map(|step| page(step, &known)));
            }
        }
        all
    }

    /// Start tags of a page, each as its name and its attributes.
    fn tags(html: &str) -> Vec<(String, Vec<(String, String)>)> {
        let tag = |part: &str| {
            let inside = part.split_once('>')?.0;
            let (name, mut rest) = inside.split_once(' ').unwrap_or((inside, ""));
            if name.starts_with(['/', '!']) {
                return None;
            }
            let mut attributes = Vec::new();
            while !rest.trim().is_empty() {
                let end = rest.find(['=', ' ']).unwrap_or(rest.len());
                let (name, after) = rest.split_at(end);
                if let Some(quoted) = after.strip_prefix("=\"") {
                    let (value, after) = quoted.split_once('"')?;
                    attributes.push((name.to_owned(), value.to_owned()));
                    rest = after.trim_start();
                } else {
                    attributes.push((name.to_owned(), String::new()));
                    rest = after.trim_start();
                }
            }
            Some((name.to_owned(), attributes))
        };
        html.split('<').skip(1).filter_map(tag).collect()
    }

    /// Leaves out the fields that an empty page does not ask for yet.
    fn without_templates(html: &str) -> String {
        let parts = html.split("<template");
        parts.map(|part| part.rsplit_once("</template>").map_or(part, |(_, rest)| rest)).collect()
    }

    fn values<'a>(html: &'a [(String, Vec<(String, String)>)], attribute: &str) -> Vec<&'a str> {
        let attributes = html.iter().flat_map(|(_, attributes)| attributes);
        attributes.filter(|(name, _)| name == attribute).map(|(_, value)| value.as_str()).collect()
    }

    #[test]
    fn each_page_has_its_heading_and_its_title() {
        for (place, heading) in pages() {
            let Page { title, html } = page(place, &known(Backend::Server));
            assert!(title.starts_with(heading), "{title}");
            let after = html.split_once("<h1").and_then(|(_, rest)| rest.split_once('>')).unwrap().1;
            assert!(after.starts_with(heading), "{after}");
            assert_eq!(html.matches("<h1").count(), 1, "{title}");
        }
    }

    #[test]
    fn with_proconnect_the_sign_in_page_leads_there_and_says_why_nobody_is_signed_in() {
        let config = PageConfig { proconnect: true, ..PageConfig::default() };
        let known = Known { config, ..known(Backend::Server) };
        let html = page(Place::SignIn(None), &known).html;
        assert!(html.contains("href=\"api/proconnect/sign-in?to=/?page%3Ddemandes\""), "{html}");
        assert!(html.contains("&amp;as=other\"") && !html.contains("note\" role=\"alert\""), "{html}");
        let told = |refusal: &wire::SignInRefusal, known: &Known| {
            let query = ["page=connexion&erreur=", refusal.as_str()].concat();
            page_at(Place::SignIn(None), &query, known).html.matches("note\" role=\"alert\"").count()
        };
        let of_members = [wire::SignInRefusal::OneFactor, wire::SignInRefusal::Provider];
        for refusal in wire::SignInRefusal::ALL {
            let is_told = usize::from(!of_members.contains(refusal));
            assert_eq!(told(refusal, &known), is_told, "{refusal:?}: nobody is signed in");
        }
        let mut signed_in = Known { identity: signed_in(Backend::Server).identity, ..known };
        for refusal in wire::SignInRefusal::ALL {
            assert_eq!(told(refusal, &signed_in), 1, "{refusal:?}");
        }
        let Identity::Person(session) = &mut signed_in.identity else { unreachable!() };
        session.role = Some(wire::TeamRole::Reader);
        assert_eq!(of_members.map(|refusal| told(&refusal, &signed_in)), [0, 0], "a member is one");
        let Identity::Person(session) = &mut signed_in.identity else { unreachable!() };
        session.role = None;
        let html = page(Place::SignIn(None), &signed_in).html;
        assert!(html.contains("Ville de \"Vallon\"") && html.contains("Changer de compte"), "{html}");
    }

    #[test]
    fn whoever_wanted_to_be_somebody_else_reads_why_they_are_not_and_who_they_still_are() {
        let config = PageConfig { proconnect: true, ..PageConfig::default() };
        let mut known = Known { config, ..signed_in(Backend::Server) };
        let back = Place::SignIn(Some(Box::new(Place::Requests)));
        let query = "page=connexion&retour=page%3Ddemandes&erreur=refused";
        let html = page_at(back.clone(), query, &known).html;
        assert!(html.contains("note\" role=\"alert\"") && html.contains("toujours ouverte au nom de Noémie"), "{html}");
        assert!(page_at(back.clone(), "", &known).html.contains("Un instant"), "who is signed in goes on");
        let Identity::Person(session) = &mut known.identity else { unreachable!() };
        (session.user.given_name, session.user.family_name) = (String::new(), String::new());
        let html = page_at(back, query, &known).html;
        assert!(html.contains("au nom de noemie@vallon.example, pour"), "{html}");
    }

    #[test]
    fn a_company_that_is_refused_is_not_told_that_it_may_sign_in() {
        let config = PageConfig { proconnect: true, ..PageConfig::default() };
        let known = Known { config, ..known(Backend::Server) };
        for (refusal, is_told) in [("expired", true), ("private-sector", false)] {
            let query = ["page=connexion&erreur=", refusal].concat();
            let html = page_at(Place::SignIn(None), &query, &known).html;
            assert_eq!(html.contains("Peut se connecter toute personne"), is_told, "{refusal}");
        }
    }

    #[test]
    fn each_step_has_the_fields_that_an_empty_request_is_asked() {
        for step in Step::ALL {
            let html = without_templates(&step_page(*step).html);
            let tags = tags(&html);
            // The help to choose a level has inputs of its own.
            let names: BTreeSet<&str> =
                values(&tags, "name").into_iter().filter(|name| !name.starts_with("help-")).collect();
            let asked = step.fields().filter(|field| field.is_shown(&Draft::default()));
            let asked: BTreeSet<&str> = asked.map(Field::path).collect();
            assert_eq!(names, asked, "{}", step.as_str());
            assert_eq!(html.matches("<h1").count(), 1, "{}", step.as_str());
        }
    }

    #[test]
    fn labels_and_descriptions_lead_to_elements_of_the_page() {
        for Page { title, html } in all() {
            let tags = tags(&html);
            let ids: BTreeSet<&str> = values(&tags, "id").into_iter().collect();
            for attribute in ["for", "aria-labelledby", "aria-describedby", "aria-controls"] {
                for id in values(&tags, attribute).iter().flat_map(|value| value.split(' ')) {
                    assert!(ids.contains(id), "{title}: {attribute}={id}");
                }
            }
        }
    }

    #[test]
    fn no_page_has_an_id_twice_or_an_attribute_twice() {
        for Page { title, html } in all() {
            let tags = tags(&html);
            let ids = values(&tags, "id");
            assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{title}: {ids:?}");
            for (name, attributes) in &tags {
                let names: BTreeSet<&str> = attributes.iter().map(|(name, _)| name.as_str()).collect();
                assert_eq!(names.len(), attributes.len(), "{title}: {name} {attributes:?}");
            }
        }
    }

    #[test]
    fn no_page_has_what_the_policy_forbids_or_a_value_that_is_missing() {
        for Page { title, html } in all() {
            let tags = tags(&html);
            assert!(tags.iter().all(|(name, _)| name != "script" && name != "style"), "{title}");
            for (name, attributes) in &tags {
                let is_inline = |(name, _): &(String, String)| name == "style" || name.starts_with("on");
                assert!(!attributes.iter().any(is_inline), "{title}: {name} {attributes:?}");
            }
            assert!(!html.contains("undefined"), "{title}");
            assert!(!html.contains(">null") && !html.contains("=\"null"), "{title}");
        }
    }

    #[test]
    fn a_signed_in_person_finds_their_name_and_their_organisation() {
        let html = page(Place::NewRequest, &signed_in(Backend::Server)).html;
        assert!(html.contains(">Noémie Aubier &lt;script&gt;</span>"), "{html}");
        let tags = tags(&html);
        let value = |path: &str| {
            let has_name = |(name, value): &(String, String)| name == "name" && value == path;
            let (_, attributes) = tags.iter().find(|(_, attributes)| attributes.iter().any(has_name))?;
            attributes.iter().find(|(name, _)| name == "value").map(|(_, value)| value.as_str())
        };
        assert_eq!(value("organisation.applicant.given_name"), Some("Noémie"));
        assert_eq!(value("organisation.name"), Some("Ville de &quot;Vallon&quot;"));
        assert_eq!(value("organisation.siret"), Some(""));
    }

    #[test]
    fn nothing_of_a_person_stays_for_the_next_page() {
        let nobody = page(Place::NewRequest, &known(Backend::Server));
        let _ = page(Place::NewRequest, &signed_in(Backend::Server));
        assert_eq!(page(Place::NewRequest, &known(Backend::Server)), nobody);
        assert!(!nobody.html.contains("Noémie"));
    }

    #[test]
    fn who_is_signed_out_finds_the_way_in_where_a_request_would_begin() {
        let Page { title, html } = page(Place::NewRequest, &known(Backend::Server));
        assert!(title.starts_with("Se connecter"), "{title}");
        assert!(html.contains(">Se connecter<"), "{html}");
    }

    #[test]
    fn a_document_has_the_title_and_the_page_in_their_places() {
        let blank = "<head><title>Demande</title></head><body><div id=\"shell\"></div><p>after</p>";
        let page =
            Page { title: "Aide & <contact>".to_owned(), html: "<div class=\"habilitation\">…</div>".to_owned() };
        assert_eq!(
            document(blank, &page, "<template></template>"),
            "<head><title>Aide &amp; &lt;contact></title></head><body><div id=\"shell\" class=\"habilitation\">…</div>\
             <template></template><p>after</p>"
        );
        let untitled = document(blank, &Page { title: String::new(), ..page }, "");
        assert!(untitled.contains("<title>Demande</title>"), "{untitled}");
    }

    #[test]
    fn no_text_ends_the_element_that_tells_the_program() {
        let element = state("api", &signed_in(Backend::Server));
        assert_eq!(element.matches('<').count(), 2, "{element}");
        assert!(element.contains("Aubier \\u003cscript>"), "{element}");
        assert!(state("api", &known(Backend::Server)).contains("\"session\":null"));
        let unknown = Known { identity: Identity::Pending, ..known(Backend::Server) };
        assert!(!state("api", &unknown).contains("\"session\""));
    }

    #[test]
    fn the_policy_allows_what_stands_in_the_document_by_its_hash() {
        let policy = policy("<style data-href=a.css>a{}</style><script src=a.js></script><script>run()</script>");
        // printf 'a{}' | openssl dgst -sha256 -binary | base64
        assert!(policy.contains("style-src 'self' 'sha256-X1RutGBrXCt9KkSaXMK7tHftWiRscFHOhxsS8tv8hBk=';"), "{policy}");
        assert!(
            policy.contains("script-src 'self' 'sha256-AvyuiL0SD1mVY3NNxR+V2uo+lhk6RMFrytWmRt6CrJQ=' 'wasm-"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe-inline"), "{policy}");
        assert_eq!(super::policy("<p>"), POLICY);
    }

    #[test]
    fn a_static_host_shows_the_start_page_and_keeps_what_other_addresses_show_first() {
        let Identity::Person(session) = signed_in(Backend::Browser).identity else { unreachable!() };
        let document = static_document("<title></title><body><div id=\"shell\"></div>", *session);
        let (start, templates) = document.split_once("<template").unwrap();
        assert!(start.contains("<title>Demander") && start.contains("Commencer une demande"), "{start}");
        assert!(templates.contains("id=\"waiting\"") && templates.contains("Un instant…"), "{templates}");
        assert!(
            templates.contains("id=\"new-request\"") && templates.contains("Remplir avec un exemple"),
            "{templates}"
        );
    }

    #[test]
    fn a_form_says_that_it_needs_javascript_and_sends_nothing_without() {
        for backend in [Backend::Server, Backend::Browser] {
            let html = page(Place::NewRequest, &signed_in(backend)).html;
            assert!(html.contains("<form method=\"dialog\""), "{html}");
            assert!(html.contains("</header><noscript>"), "{html}");
        }
    }

    #[test]
    fn words_that_follow_signals_are_printed() {
        let html = step_page(Step::Project).html;
        assert!(html.contains("Étape 2 sur 8"), "{html}");
        assert!(html.contains(">Suivant<"), "{html}");
    }
}
