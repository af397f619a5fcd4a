//! What keeps the answers from the server, and what the person can do about it.
use leptos::prelude::*;

use super::keeping;
use super::state::StepperState;
use crate::clock;
use crate::components::{button, heading, link, paragraph, reload};
use crate::context::{Announcer, Focus, Host, Session};
use crate::device::Persistence;
use crate::effect::{computed, watch_changes};
use crate::files;
use crate::html::{self, li, live, p, ul};
use crate::model::field::Value;
use crate::model::saving::{Event, Failure, SavedTo};
use crate::model::{Field, Step};
use crate::navigation::{Navigation, Place};
use crate::steps::link_to;
use crate::texts::{fields, saving};

/// Shows the trouble, if there is one. Also tells once what changed elsewhere.
#[component]
pub(super) fn Notices(stepper: StepperState) -> impl IntoView {
    let (session, announcer) = (Session::get(), Announcer::get());
    let StepperState { filling, .. } = stepper;
    watch_changes(move |before: Option<Vec<Field>>| {
        let changed = filling.form.changed_elsewhere();
        let is_new = |field: &&Field| before.as_ref().is_none_or(|before| !before.contains(field));
        let names: Vec<String> = changed.iter().filter(is_new).map(|field| fields::name(*field)).collect();
        if !names.is_empty() {
            announcer.announce(&["Changé ailleurs : ", &names.join(", ")].concat());
        }
        changed
    });
    // What changes at each save is not drawn again.
    let trouble = computed(move |_| {
        let status = filling.draft.status().get();
        let words = match status.failure {
            _ if status.saved_to == SavedTo::Over => return None,
            Some(failure) => saving::notice(failure, &status),
            None if status.persistence == Persistence::Memory && session.api().is_local() => saving::MEMORY_HERE,
            None if status.persistence == Persistence::Memory => saving::MEMORY,
            None => return None,
        };
        Some((status.failure, words, status.refused))
    });
    live(move || {
        trouble.get().map(|(failure, (title, words), refused)| {
            html::section()
                .attr("class", "note")
                .child(heading(2, title))
                .child(paragraph(words))
                .child(failure.map(|failure| ways(stepper, failure, &refused)))
        })
    })
}

/// The ways out of a trouble that does not end by itself.
fn ways(stepper: StepperState, failure: Failure, refused: &[Field]) -> AnyView {
    let (session, host) = (Session::get(), Host::get());
    let id = stepper.filling.draft.id();
    let fields = match failure {
        Failure::TooLarge => longest(stepper),
        Failure::NotUnderstood => refused.to_vec(),
        _ => Vec::new(),
    };
    if !fields.is_empty() {
        let item = |field: &Field| li().child(link_to(&id, *field, fields::name(*field)));
        return ul().child(fields.iter().map(item).collect::<Vec<_>>()).into_any();
    }
    let ways = match failure {
        Failure::SignedOut => {
            vec![match session.sign_in_window() {
                Some(entrance) => {
                    button("button main", "Se reconnecter (nouvelle fenêtre)", move || entrance.sign_in())
                }
                None => {
                    link(&Place::SignIn(None), "button main", "Se reconnecter (nouvel onglet)").attr("target", "_blank")
                }
            }]
        }
        Failure::Unknown | Failure::Gone => {
            return keep_or_erase(stepper, "Les effacer de cet appareil", StepperState::leave_for_good);
        }
        Failure::Submitted => {
            let see = |stepper: StepperState| stepper.filling.draft.dispatch(Event::Discarded);
            return keep_or_erase(stepper, "Les effacer et voir la demande envoyée", see);
        }
        // A portal's page is not ours to load again.
        Failure::Outdated if !host.is_portal() => vec![reload()],
        Failure::Intercepted => vec![button("button", "Exporter dans un fichier", move || {
            stepper.filling.form.collect();
            files::export(&stepper.filling.form.draft());
        })],
        Failure::QuotaReached => vec![link(&Place::Requests, "button", "Mes demandes")],
        Failure::Unreachable | Failure::TooLarge | Failure::NotUnderstood | Failure::Outdated => return ().into_any(),
    };
    p().attr("class", "actions").child(ways).into_any()
}

/// What becomes of answers that only this device has: they are never erased by one press.
fn keep_or_erase(stepper: StepperState, words: &'static str, erase: fn(StepperState)) -> AnyView {
    let focus = Focus::get();
    let sure = RwSignal::new(false);
    live(move || {
        if sure.get() {
            let keep = move || {
                sure.set(false);
                focus.on(".note .danger");
            };
            return keeping::doubt(words, move || erase(stepper), keep);
        }
        let doubt = move || {
            sure.set(true);
            focus.on(".note .sure button:last-child");
        };
        p().attr("class", "actions")
            .child(button("button main", "Les garder dans une nouvelle demande", move || keep_anew(stepper)))
            .child(button("button danger", words, doubt))
    })
    .into_any()
}

/// The texts that are longer than the form takes; the longest one where none is.
fn longest(stepper: StepperState) -> Vec<Field> {
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
fn keep_anew(stepper: StepperState) {
    let (session, navigation) = (Session::get(), Navigation::get());
    let StepperState { filling, .. } = stepper;
    filling.form.collect();
    let id = clock::new_id();
    if let Some(copies) = session.copies() {
        copies.keep(&id, &filling.draft.copy().as_new_request(clock::now()));
    }
    // The old one ends once nobody looks at it any more.
    navigation.go(&Place::Request(id, Some(Step::Organisation)));
    filling.draft.dispatch(Event::Discarded);
}
