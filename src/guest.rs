//! The application as the guest of a portal: what the portal may ask of it, and what the portal is told. [`Portal`] is the way
//! to the portal itself.
//!
//! Each function takes the contexts of the application whose owner it is called under.

use leptos::prelude::*;

use crate::clock;
use crate::context::{CurrentDraft, Host, Identity, Session};
use crate::device::Persistence;
use crate::draft::OpenDraft;
use crate::effect::watch_changes;
use crate::json;
use crate::model::prefill::Given;
use crate::model::saving::{Event, Failure, SavedTo};
use crate::model::{ClosedList, Field, wire};
use crate::navigation::memory::Ask;
use crate::navigation::{Navigation, Place};
use crate::portal::Portal;

/// What a portal was last told of the answers: where they are, whether a reload would lose them, the revision, and what is
/// in conflict.
type Reported = Option<(SavedTo, bool, Option<u64>, Vec<Field>)>;

/// Returns what asks a portal whether the person may go to a place.
#[must_use]
pub fn asking(portal: Portal) -> Ask {
    Box::new(move |place: &Place| {
        let may = match place {
            Place::Request(id, Some(step)) => portal.tell("step", id.as_str(), step.as_str()),
            _ => true,
        };
        may && portal.tell("place", &place.query(), "")
    })
}

/// Acts for somebody from now on, by a token. Who they are is the session's JSON.
pub fn enter(token: &str, session: &str) {
    let Some(entered) = json::read::<wire::Session>(session) else { return };
    let (session, navigation, open) = (Session::get(), Navigation::get(), CurrentDraft::get());
    session.api().bear(Some(token));
    let is_another = session.identity().with_untracked(|identity| match identity {
        Identity::Person(before) => before.user.id != entered.user.id,
        Identity::Pending | Identity::SignedOut => false,
    });
    if is_another {
        // What is on the screen is of the person before.
        navigation.replace(&Place::Start);
        open.draft().set(None);
    }
    session.identify(Identity::Person(Box::new(entered)));
    if let Place::SignIn(back) = navigation.place().get_untracked() {
        navigation.replace(&back.map_or(Place::Requests, |back| *back));
    }
    if let Some(draft) = open.draft().get_untracked() {
        draft.dispatch(Event::SignedIn);
    }
}

/// Does something once everything that was typed is on the server.
pub fn once_saved(then: Box<dyn FnOnce()>) {
    let is_typed = |draft: &OpenDraft| {
        let status = draft.status().get_untracked();
        !matches!(status.saved_to, SavedTo::Nowhere | SavedTo::Over)
    };
    match CurrentDraft::get().draft().get_untracked().filter(is_typed) {
        Some(draft) => draft.once_saved(then),
        None => then(),
    }
}

/// Returns what was typed so far in the request that is being filled in, in JSON.
#[must_use]
pub fn answers() -> Option<String> {
    let form = CurrentDraft::get().draft().get_untracked()?.form();
    form.collect();
    serde_json::to_string(&form.draft()).ok()
}

/// Answers a field in the person's place, in the request that is being filled in or else in the one that is opened next.
/// Returns whether such an answer may be given.
pub fn prefill(path: &str, text: &str) -> bool {
    let Some(given) = Given::parse(path, text, clock::today()) else { return false };
    let open = CurrentDraft::get();
    match open.draft().get_untracked() {
        Some(draft) => draft.form().prefill(&given),
        None => open.give_next(given),
    }
    true
}

/// Leads the person to a place.
pub fn lead(place: &Place) {
    CurrentDraft::get().offer_to_resume(*place == Place::NewRequest);
    Navigation::get().go(place);
}

/// Tells the portal where the answers are, whenever that changes.
pub fn report() {
    let (host, open) = (Host::get(), CurrentDraft::get());
    let status = move || open.draft().get().map(|draft| (draft, draft.status().get()));
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
                SavedTo::Server => _ = host.tell("saved", "server", &revision),
                SavedTo::Device(failure) => {
                    let place = if *in_memory { "memory" } else { "device" };
                    host.tell("saved", place, &revision);
                    host.tell("error", failure_name(*failure), "");
                }
                _ => {}
            }
            let known = before.flatten().is_some_and(|before| before.3 == *conflicts);
            if !known && !conflicts.is_empty() {
                let fields: Vec<&str> = conflicts.iter().map(|field| field.path()).collect();
                host.tell("conflict", &fields.join(" "), "");
            }
        }
        now
    });
}

/// What a portal is told of why answers are not on the server.
fn failure_name(failure: Failure) -> &'static str {
    match failure {
        Failure::Unreachable => "unreachable",
        Failure::SignedOut => "signed-out",
        Failure::Intercepted => "intercepted",
        Failure::QuotaReached => "quota-reached",
        Failure::Gone => "gone",
        Failure::Unknown => "unknown",
        Failure::Submitted => "already-submitted",
        Failure::TooLarge => "too-large",
        Failure::NotUnderstood => "not-understood",
        Failure::Outdated => "outdated",
    }
}
