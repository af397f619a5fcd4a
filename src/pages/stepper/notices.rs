//! What keeps the answers from the server, and what the person can do about it.
use leptos::prelude::*;

use super::{Stepper, keeping};
use crate::app;
use crate::clock;
use crate::device::Keeping;
use crate::dom::{View, button, element, link, live, paragraph};
use crate::files;
use crate::model::field::Value;
use crate::model::saving::{Event, Failure, Whereabouts};
use crate::model::{Field, Step};
use crate::navigation::Place;
use crate::pages::reload;
use crate::steps::link_to;
use crate::texts::{fields, saving};

/// The trouble, if there is one. Also tells once what changed elsewhere.
pub(super) fn notices(stepper: Stepper) -> View {
    let Stepper { app, filling, .. } = stepper;
    Effect::new(move |before: Option<Vec<Field>>| {
        let changed = filling.form.changed_elsewhere();
        let is_new = |field: &&Field| before.as_ref().is_none_or(|before| !before.contains(field));
        let names: Vec<String> = changed.iter().filter(is_new).map(|field| fields::name(*field)).collect();
        if !names.is_empty() {
            app.announce(&["Changé ailleurs : ", &names.join(", ")].concat());
        }
        changed
    });
    // What changes at each save is not drawn again.
    let trouble = Memo::new(move |_| {
        let standing = filling.draft.standing().get();
        let words = match standing.failure {
            _ if standing.whereabouts == Whereabouts::Over => return None,
            Some(failure) => saving::notice(failure, &standing),
            None if standing.kept == Keeping::Memory && app.api().is_local() => saving::MEMORY_HERE,
            None if standing.kept == Keeping::Memory => saving::MEMORY,
            None => return None,
        };
        Some((standing.failure, words, standing.refused))
    });
    live(move || {
        trouble.get().map(|(failure, (title, words), refused)| {
            element("section")
                .class("note")
                .child(app::heading(2, title))
                .child(paragraph(words))
                .child(failure.map(|failure| ways(stepper, failure, &refused)))
        })
    })
}

/// The ways out of a trouble that does not end by itself.
fn ways(stepper: Stepper, failure: Failure, refused: &[Field]) -> View {
    let id = stepper.filling.draft.id();
    let fields = match failure {
        Failure::TooLarge => longest(stepper),
        Failure::NotUnderstood => refused.to_vec(),
        _ => Vec::new(),
    };
    if !fields.is_empty() {
        let item = |field: &Field| element("li").child(link_to(&id, *field, &fields::name(*field)));
        return element("ul").child(fields.iter().map(item).collect::<Vec<_>>()).into();
    }
    let ways = match failure {
        Failure::SignedOut => {
            vec![match stepper.app.entrance() {
                Some(entrance) => {
                    button("button main", "Se reconnecter (nouvelle fenêtre)", move || entrance.sign_in())
                }
                None => {
                    link(&Place::SignIn(None), "button main", "Se reconnecter (nouvel onglet)").attr("target", "_blank")
                }
            }]
        }
        Failure::Unknown | Failure::Gone => {
            return keep_or_erase(stepper, "Les effacer de cet appareil", Stepper::leave_for_good);
        }
        Failure::Submitted => {
            let see = |stepper: Stepper| stepper.filling.draft.happened(Event::LetGo);
            return keep_or_erase(stepper, "Les effacer et voir la demande envoyée", see);
        }
        // A portal's page is not ours to load again.
        Failure::Outdated if stepper.app.portal().is_none() => vec![reload()],
        Failure::Intercepted => vec![button("button", "Exporter dans un fichier", move || {
            stepper.filling.form.collect();
            files::export(&stepper.filling.form.draft());
        })],
        Failure::QuotaReached => vec![link(&Place::Requests, "button", "Mes demandes")],
        Failure::Unreachable | Failure::TooLarge | Failure::NotUnderstood | Failure::Outdated => return View::Nothing,
    };
    element("p").class("actions").child(ways).into()
}

/// What becomes of answers that only this device has: they are never erased by one press.
fn keep_or_erase(stepper: Stepper, words: &'static str, erase: fn(Stepper)) -> View {
    let sure = RwSignal::new(false);
    live(move || {
        if sure.get() {
            let keep = move || {
                sure.set(false);
                stepper.app.focus(".note .danger");
            };
            return keeping::doubt(words, move || erase(stepper), keep);
        }
        let doubt = move || {
            sure.set(true);
            stepper.app.focus(".note .sure button:last-child");
        };
        element("p")
            .class("actions")
            .child(button("button main", "Les garder dans une nouvelle demande", move || keep_anew(stepper)))
            .child(button("button danger", words, doubt))
    })
}

/// The texts that are longer than the form takes; the longest one where none is.
fn longest(stepper: Stepper) -> Vec<Field> {
    let draft = stepper.filling.form.draft();
    let length = |field: &Field| match field.value(&draft) {
        Value::Text(text) => text.chars().count() as u64,
        _ => 0,
    };
    let is_too_long = |field: &Field| length(field) > field.most_characters();
    let too_long: Vec<Field> = Field::ALL.iter().copied().filter(is_too_long).collect();
    if too_long.is_empty() { Field::ALL.iter().copied().max_by_key(length).into_iter().collect() } else { too_long }
}

/// Begins another request with the answers of one that is no more.
fn keep_anew(stepper: Stepper) {
    let Stepper { app, filling, .. } = stepper;
    filling.form.collect();
    let id = clock::new_id();
    if let Some(copies) = app.copies() {
        copies.keep(&id, &filling.draft.copy().anew(clock::now()));
    }
    // The old one ends once nobody looks at it any more.
    app.navigation.go(&Place::Request(id, Some(Step::Organisation)));
    filling.draft.happened(Event::LetGo);
}
