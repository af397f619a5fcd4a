//! The way of a request through its examination, in three steps.

use leptos::prelude::*;

use crate::clock;
use crate::html::{Element, li, ol, span};
use crate::model::wire::{State, StoredRequest};
use crate::texts::{dates, lifecycle};

/// Shows where a request is on its way; nothing for one that left it without an answer.
#[component]
pub(super) fn Timeline(request: StoredRequest) -> impl IntoView {
    if lifecycle::has_ended_modification(&request) {
        return None;
    }
    let current = current(request.state)?;
    let steps = steps(&request).into_iter().enumerate().map(|(place, (name, words))| {
        let note = (!words.is_empty()).then(|| span().attr("class", "hint").child(words));
        li().attr("aria-current", (place == current).then_some("step")).child(span().child(name)).child(note)
    });
    Some(ol().attr("class", "timeline").attr("aria-label", "Avancement").child(steps.collect::<Vec<Element>>()))
}

/// Returns the place of the current step, of those that [`steps`] tells.
fn current(state: State) -> Option<usize> {
    match state {
        State::Submitted | State::ChangesRequested => Some(1),
        State::Accepted | State::Refused | State::Revoked => Some(2),
        State::Draft | State::Withdrawn | State::Archived => None,
    }
}

/// Returns the steps of a request, each with what is known of it.
fn steps(request: &StoredRequest) -> [(&'static str, String); 3] {
    let last = request.submissions.last().map(|submission| submission.on);
    let sent_on = last.or_else(|| Some(clock::day_in_paris(request.submitted_at.as_deref()?)));
    let sent = sent_on.map(|day| ["le ", &dates::day(day)].concat()).unwrap_or_default();
    let is_answered = current(request.state) == Some(2);
    let examined = match request.state {
        State::Submitted => "examen en cours",
        State::ChangesRequested => "en attente de vos compléments",
        _ => "",
    };
    let answer = match request.due_on {
        _ if is_answered => match request.state {
            State::Accepted => "demande acceptée",
            State::Refused => "demande refusée",
            _ => "habilitation révoquée",
        }
        .to_owned(),
        Some(due_on) => {
            let words = if clock::today_in_paris() > due_on { "attendue depuis le " } else { "attendue avant le " };
            [words, &dates::day(due_on)].concat()
        }
        None => String::new(),
    };
    [("Envoyée", sent), ("Examinée", examined.to_owned()), ("Réponse", answer)]
}
