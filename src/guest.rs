//! Application inside a portal: the calls that the portal makes and the events that it receives, through [`Portal`].
//!
//! Functions use the contexts of the application that owns the caller.

use leptos::prelude::*;

use crate::clock;
use crate::context::{CurrentDraft, Host, Identity, Session};
use crate::device::Persistence;
use crate::draft::OpenDraft;
use crate::effect::watch_changes;
use crate::json;
use crate::model::prefill::PrefilledAnswer;
use crate::model::saving::{Event, Failure, SavedTo};
use crate::model::{ClosedList, Field, wire};
use crate::navigation::memory::NavigationGuard;
use crate::navigation::{Navigation, Place};
use crate::portal::Portal;

/// Status last reported to the portal: location of the answers, whether a reload loses them, revision, conflicts.
type Reported = Option<(SavedTo, bool, Option<u64>, Vec<Field>)>;

/// Returns the guard that asks the portal before each change of place.
#[must_use]
pub fn navigation_guard(portal: Portal) -> NavigationGuard {
    Box::new(move |place: &Place| {
        let may = match place {
            Place::Request(id, Some(step)) => portal.dispatch("step", id.as_str(), step.as_str()),
            _ => true,
        };
        may && portal.dispatch("place", &place.query(), "")
    })
}

/// Signs a person in by a token, with their session in JSON.
pub fn sign_in(token: &str, session: &str) {
    let Some(signed_in) = json::read::<wire::Session>(session) else { return };
    let (session, navigation, current_draft) = (Session::get(), Navigation::get(), CurrentDraft::get());
    session.api().set_token(Some(token));
    let is_another = session.identity().with_untracked(|identity| match identity {
        Identity::Person(before) => before.user.id != signed_in.user.id,
        Identity::Pending | Identity::SignedOut => false,
    });
    if is_another {
        // The screen shows data of the person before.
        navigation.replace(&Place::Start);
        current_draft.draft().set(None);
    }
    session.set_identity(Identity::Person(Box::new(signed_in)));
    if let Place::SignIn(back) = navigation.place().get_untracked() {
        navigation.replace(&back.map_or(Place::Requests, |back| *back));
    }
    if let Some(draft) = current_draft.draft().get_untracked() {
        draft.dispatch(Event::SignedIn);
    }
}

/// Calls back once the server has every answer.
pub fn once_saved(then: Box<dyn FnOnce()>) {
    let has_answers = |draft: &OpenDraft| {
        let status = draft.status().get_untracked();
        !matches!(status.saved_to, SavedTo::Nowhere | SavedTo::Erased)
    };
    match CurrentDraft::get().draft().get_untracked().filter(has_answers) {
        Some(draft) => draft.once_saved(then),
        None => then(),
    }
}

/// Returns the answers of the open request, in JSON.
#[must_use]
pub fn draft_json() -> Option<String> {
    let form = CurrentDraft::get().draft().get_untracked()?.form();
    form.sync_controls();
    serde_json::to_string(&form.draft()).ok()
}

/// Prefills a field of the open request, or of the next one, and returns whether the value is allowed.
pub fn prefill(path: &str, text: &str) -> bool {
    let Some(given) = PrefilledAnswer::parse(path, text, clock::today()) else { return false };
    let current_draft = CurrentDraft::get();
    match current_draft.draft().get_untracked() {
        Some(draft) => draft.form().prefill(&given),
        None => current_draft.give_next(given),
    }
    true
}

/// Navigates to a place. An existing request is offered first where the portal asks for a new one.
pub fn navigate(place: &Place) {
    CurrentDraft::get().offer_to_resume(*place == Place::NewRequest);
    Navigation::get().go(place);
}

/// Reports the status of the answers to the portal, whenever it changes.
pub fn report_changes() {
    let (host, current_draft) = (Host::get(), CurrentDraft::get());
    let status = move || current_draft.draft().get().map(|draft| (draft, draft.status().get()));
    watch_changes(move |before: Option<Reported>| {
        let now = status().map(|(draft, status)| {
            let conflicts = status.conflicts.iter().map(|conflict| conflict.field).collect();
            (status.saved_to, status.persistence == Persistence::Memory, draft.revision(), conflicts)
        });
        if let Some((saved_to, in_memory, revision, conflicts)) = &now {
            let same = before.as_ref().is_some_and(|before| *before == now);
            let revision = revision.map_or(String::new(), |revision| revision.to_string());
            match saved_to {
                _ if same => {}
                SavedTo::Server => _ = host.dispatch("saved", "server", &revision),
                SavedTo::Device(failure) => {
                    let place = if *in_memory { "memory" } else { "device" };
                    host.dispatch("saved", place, &revision);
                    host.dispatch("error", failure_name(*failure), "");
                }
                _ => {}
            }
            let known = before.flatten().is_some_and(|before| before.3 == *conflicts);
            if !known && !conflicts.is_empty() {
                let fields: Vec<&str> = conflicts.iter().map(|field| field.path()).collect();
                host.dispatch("conflict", &fields.join(" "), "");
            }
        }
        now
    });
}

/// Returns the name of a failure in events to the portal.
fn failure_name(failure: Failure) -> &'static str {
    match failure {
        Failure::Unreachable => "unreachable",
        Failure::SignedOut => "signed-out",
        Failure::Intercepted => "intercepted",
        Failure::QuotaReached => "quota-reached",
        Failure::NotPermitted => "not-permitted",
        Failure::Gone => "gone",
        Failure::NotOnServer => "unknown",
        Failure::Submitted => "already-submitted",
        Failure::TooLarge => "too-large",
        Failure::NotUnderstood => "not-understood",
        Failure::Outdated => "outdated",
    }
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests;
