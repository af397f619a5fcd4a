//! Notices above the form: failures to save, with what the person can do, and changes from elsewhere.

use leptos::prelude::*;

use super::state::{StepperState, Submission};
use super::storage_choices::ConfirmErase;
use crate::clock;
use crate::components::{button, heading, link, paragraph, reload};
use crate::context::{Announcer, CurrentDraft, Focus, Host, Session};
use crate::device::Persistence;
use crate::draft::OpenDraft;
use crate::effect::{computed, spawn, watch_changes};
use crate::html::{self, li, live, p, ul};
use crate::ids::new_id;
use crate::model::field::Value;
use crate::model::saving::{Event, Failure, SavedTo};
use crate::model::wire::Kind;
use crate::model::{Field, Step};
use crate::navigation::{Navigation, Place};
use crate::steps::link_to;
use crate::texts::{fields, lifecycle, saving};

/// Shows why answers are not saved, if they are not. Announces each field that changed elsewhere.
#[component]
pub(super) fn Notices(stepper: StepperState) -> impl IntoView {
    let (session, announcer) = (Session::get(), Announcer::get());
    let StepperState { context, .. } = stepper;
    let (last_act, current_draft) = (last_act(context.draft), CurrentDraft::get());
    let (is_invited, is_taken_over) = (current_draft.is_invited(), current_draft.is_taken_over());
    watch_changes(move |before: Option<Vec<Field>>| {
        let changed = context.form.remote_changes();
        let is_new = |field: &&Field| before.as_ref().is_none_or(|before| !before.contains(field));
        let names: Vec<String> = changed.iter().filter(is_new).map(|field| fields::name(*field)).collect();
        if !names.is_empty() {
            announcer.announce(&["Changé ailleurs : ", &names.join(", ")].concat());
        }
        changed
    });
    // A memo, so that a save that changes nothing here draws nothing.
    let failure = computed(move |_| {
        let status = context.draft.status().get();
        let words = match status.failure {
            _ if status.saved_to == SavedTo::Erased => return None,
            Some(Failure::Submitted) => lifecycle::unsent(last_act.get()),
            Some(Failure::NotOnServer | Failure::Gone) if is_invited.get() => saving::NOT_TAKING_PART,
            Some(Failure::NotOnServer | Failure::Gone) if is_taken_over.get() => saving::TAKEN_BACK,
            Some(failure) => saving::notice(failure, &status),
            None if status.persistence == Persistence::Memory && session.api().is_local() => saving::MEMORY_HERE,
            None if status.persistence == Persistence::Memory => saving::MEMORY,
            None => return None,
        };
        Some((status.failure, words, status.rejected_fields))
    });
    live(move || {
        failure.get().map(|(failure, (title, words), rejected)| {
            html::section()
                .attr("class", "note")
                .child(heading(2, title))
                .child(paragraph(words))
                .child(failure.map(|failure| view! { <Remedy stepper failure rejected /> }))
        })
    })
}

/// Returns the kind of the last act that moved a request whose form is closed.
fn last_act(draft: OpenDraft) -> RwSignal<Option<Kind>> {
    let (session, last) = (Session::get(), RwSignal::new(None));
    watch_changes(move |was_closed: Option<bool>| {
        let is_closed = draft.status().with(|status| status.failure == Some(Failure::Submitted));
        if is_closed && was_closed != Some(true) {
            let asking = session.service().events(&draft.id(), 0);
            spawn(async move {
                // Without the history, the notice tells what becomes of the answers all the same.
                let events = asking.await.map(|history| history.events).unwrap_or_default();
                let moved = events.iter().rev().find(|event| event.kind.moves_state());
                _ = last.try_set(moved.map(|event| event.kind));
            });
        }
        is_closed
    });
    last
}

/// Shows the acts by which a person can end a failure.
#[component]
fn Remedy(stepper: StepperState, failure: Failure, rejected: Vec<Field>) -> impl IntoView {
    let (session, host) = (Session::get(), Host::get());
    let remedy = match failure {
        Failure::TooLarge => return view! { <FieldLinks stepper fields=longest(stepper) /> }.into_any(),
        Failure::NotUnderstood => return view! { <FieldLinks stepper fields=rejected /> }.into_any(),
        Failure::NotOnServer | Failure::Gone => {
            let erase = StepperState::erase_and_leave;
            return view! { <KeepOrErase stepper words="Les effacer de cet appareil" erase /> }.into_any();
        }
        Failure::Submitted | Failure::NotPermitted => {
            let erase = |stepper: StepperState| stepper.context.draft.dispatch(Event::Erased);
            let read = button("button", "Voir la demande", move || stepper.submission.set(Submission::ToRead));
            return view! {
                <KeepOrErase stepper words="Les effacer et voir la demande" erase />
                {p().attr("class", "actions").child(read)}
            }
            .into_any();
        }
        Failure::SignedOut => match session.sign_in_window() {
            Some(window) => button("button primary", "Se reconnecter (nouvelle fenêtre)", move || window.sign_in()),
            None => {
                link(&Place::SignIn(None), "button primary", "Se reconnecter (nouvel onglet)").attr("target", "_blank")
            }
        },
        // A portal's page is not ours to reload.
        Failure::Outdated if !host.is_portal() => reload(),
        Failure::Intercepted => button("button", "Exporter dans un fichier", move || stepper.export()),
        Failure::QuotaReached => link(&Place::Requests, "button", "Mes demandes"),
        Failure::Unreachable | Failure::Outdated => return ().into_any(),
    };
    p().attr("class", "actions").child(remedy).into_any()
}

/// Lists fields, each as a link. Shows nothing where there are none.
#[component]
fn FieldLinks(stepper: StepperState, fields: Vec<Field>) -> impl IntoView {
    let id = stepper.context.draft.id();
    let item = |field: &Field| li().child(link_to(&id, *field, fields::name(*field)));
    (!fields.is_empty()).then(|| ul().child(fields.iter().map(item).collect::<Vec<_>>()))
}

/// Lets the person keep answers that only this device has in a new request, or erase them once they confirmed.
#[component]
fn KeepOrErase(stepper: StepperState, words: &'static str, erase: fn(StepperState)) -> impl IntoView {
    let focus = Focus::get();
    let asks = RwSignal::new(false);
    let ask = move || {
        asks.set(true);
        focus.on(".note .confirm button:last-child");
    };
    let cancel = move || {
        asks.set(false);
        focus.on(".note .danger");
    };
    live(move || match asks.get() {
        true => view! { <ConfirmErase about=words erase=move || erase(stepper) cancel /> }.into_any(),
        false => p()
            .attr("class", "actions")
            .child(button("button primary", "Les garder dans une nouvelle demande", move || {
                keep_as_new_request(stepper);
            }))
            .child(button("button danger", words, ask))
            .into_any(),
    })
}

/// Returns the fields whose text is longer than the form takes, or else the field of the longest text.
fn longest(stepper: StepperState) -> Vec<Field> {
    let draft = stepper.context.form.draft();
    let length = |field: &Field| match field.value(&draft) {
        Value::Text(text) => text.chars().count() as u64,
        _ => 0,
    };
    let is_too_long = |field: &Field| length(field) > field.most_characters();
    let too_long: Vec<Field> = Field::ALL.iter().copied().filter(is_too_long).collect();
    if too_long.is_empty() { Field::ALL.iter().copied().max_by_key(length).into_iter().collect() } else { too_long }
}

/// Begins another request with the answers of one that is gone.
fn keep_as_new_request(stepper: StepperState) {
    let (session, navigation) = (Session::get(), Navigation::get());
    let StepperState { context, .. } = stepper;
    context.form.sync_controls();
    let id = new_id();
    if let Some(copies) = session.copies() {
        copies.keep(&id, &context.draft.copy().as_new_request(clock::now()));
    }
    // The draft that is shown ends after its page has been left.
    navigation.go(&Place::Request(id, Some(Step::Organisation)));
    context.draft.dispatch(Event::Erased);
}
