//! Pages drawn to HTML outside of a browser, by the components that draw them in it.
//!
//! Effects and tasks do not run, and no API answers: a page is drawn as it is before it knows more. Pages that need a person are
//! drawn for one without a name, and a request without answers.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;

use crate::api::unanswered::Unanswered;
use crate::app::App;
use crate::context::{Contexts, Identity, Session};
use crate::device::{DeviceStorage, Persistence};
use crate::lazy::Part;
use crate::model::wire;
use crate::navigation::{HistoryEntry, LinkKind, Navigation, Place};

/// Page drawn to HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Title of the window.
    pub title: String,
    /// Element that holds the whole application.
    pub html: String,
}

/// Draws the page of a place.
#[must_use]
pub fn page(place: Place) -> Page {
    let owner = Owner::new();
    let page = owner.with(|| {
        let title = Rc::new(RefCell::new(String::new()));
        let navigation = navigation(place.clone(), Rc::clone(&title));
        let session = Session::new(Rc::new(Unanswered::new()), DeviceStorage::new("", Persistence::Memory), None);
        if place.is_private() {
            session.set_identity(Identity::Person(Box::new(nobody())));
        }
        if let (Place::Request(id, _), Some(copies)) = (&place, session.copies()) {
            // Nothing is asked of a server about a request that was begun here.
            copies.mark_begun(id);
        }
        Contexts::provide(navigation, session, None, None, &Part::ALL);
        // Leptos gives every custom element an end tag, and an empty class to those whose conditional classes are off.
        let html = App().into_view().to_html().replace("</input>", "").replace(" class=\"\"", "");
        Page { title: title.take(), html }
    });
    owner.cleanup();
    page
}

/// Returns the session of a person of whom nothing is known.
fn nobody() -> wire::Session {
    let user = wire::User {
        id: String::new(),
        given_name: String::new(),
        family_name: String::new(),
        email: String::new(),
        phone: String::new(),
        job_title: String::new(),
    };
    let organisation = wire::Organisation { siret: String::new(), name: String::new(), kind: None };
    wire::Session { user, organisation, ends_at: String::new() }
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
        ]
    }

    fn step_page(step: Step) -> Page {
        page(Place::Request(Id::new(0, [0; 10]), Some(step)))
    }

    fn all() -> Vec<Page> {
        let pages = pages().into_iter().map(|(place, _)| page(place));
        pages.chain(Step::ALL.iter().map(|step| step_page(*step))).collect()
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

    fn values<'a>(html: &'a [(String, Vec<(String, String)>)], attribute: &str) -> Vec<&'a str> {
        let attributes = html.iter().flat_map(|(_, attributes)| attributes);
        attributes.filter(|(name, _)| name == attribute).map(|(_, value)| value.as_str()).collect()
    }

    #[test]
    fn each_page_has_its_heading_and_its_title() {
        for (place, heading) in pages() {
            let Page { title, html } = page(place);
            assert!(title.starts_with(heading), "{title}");
            let after = html.split_once("<h1").and_then(|(_, rest)| rest.split_once('>')).unwrap().1;
            assert!(after.starts_with(heading), "{after}");
            assert_eq!(html.matches("<h1").count(), 1, "{title}");
        }
    }

    #[test]
    fn each_step_has_the_fields_that_an_empty_request_is_asked() {
        for step in Step::ALL {
            let html = step_page(*step).html;
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
            assert!(!html.contains("null"), "{title}");
        }
    }

    #[test]
    fn words_that_follow_signals_are_printed() {
        let html = step_page(Step::Project).html;
        assert!(html.contains("Étape 2 sur 8"), "{html}");
        assert!(html.contains(">Suivant<"), "{html}");
    }
}
