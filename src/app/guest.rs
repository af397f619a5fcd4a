//! The application as the guest of a portal: how it begins there, what the portal may ask of it, and what the portal is
//! told. [`Portal`] is the way to the portal itself.

use leptos::prelude::*;
use web_sys::Node;

use super::{App, Identity, api_at, owner, rest_for};
use crate::api::Api;
use crate::clock;
use crate::device::{Device, Keeping};
use crate::dom::Child;
use crate::draft::Draft;
use crate::json;
use crate::model::prefill::Given;
use crate::model::saving::{Event, Failure, Whereabouts};
use crate::model::wire::Session;
use crate::model::{ClosedList, Field, Id};
use crate::navigation::{Place, memory};
use crate::portal::{Entrance, Portal};
use crate::rest::Missing;

/// What a portal was last told of the answers: where they are, whether a reload would lose them, the revision, and what is
/// in conflict.
type Reported = Option<(Whereabouts, bool, Option<u64>, Vec<Field>)>;

impl App {
    /// Acts for somebody from now on, by a token.
    pub fn enter(self, token: &str, session: &str) {
        let Some(session) = json::read::<Session>(session) else { return };
        self.api().bear(Some(token));
        let another = self.identity.with_untracked(|identity| match identity {
            Identity::Person(before) => before.user.id != session.user.id,
            Identity::Unknown | Identity::Nobody => false,
        });
        if another {
            // What is on the screen is of the person before.
            self.navigation.replace(&Place::Start);
            self.set_draft(None);
        }
        self.identify(Identity::Person(Box::new(session)));
        if let Place::SignIn(back) = self.navigation.place().get_untracked() {
            self.navigation.replace(&back.map_or(Place::Requests, |back| *back));
        }
        if let Some(draft) = self.draft.get_untracked() {
            draft.happened(Event::SignedIn);
        }
    }

    /// Does something once everything that was typed is on the server.
    pub fn once_saved(self, then: Box<dyn FnOnce()>) {
        let is_typed = |draft: &Draft| {
            let standing = draft.standing().get_untracked();
            !matches!(standing.whereabouts, Whereabouts::Nowhere | Whereabouts::Over)
        };
        match self.draft.get_untracked().filter(is_typed) {
            Some(draft) => draft.once_saved(then),
            None => then(),
        }
    }

    /// What was typed so far in the request that is being filled in, in JSON.
    #[must_use]
    pub fn answers(self) -> Option<String> {
        let form = self.draft.get_untracked()?.form();
        form.collect();
        serde_json::to_string(&form.draft()).ok()
    }

    /// Answers a field in the person's place, in the request that is being filled in or else in the one that is opened next.
    /// Whether such an answer may be given.
    pub fn prefill(self, path: &str, text: &str) -> bool {
        let Some(given) = Given::parse(path, text, clock::today()) else { return false };
        match self.draft.get_untracked() {
            Some(draft) => draft.form().prefill(&given),
            None => self.given.update_value(|waiting| waiting.push(given)),
        }
        true
    }

    /// The answers that wait for a request to be opened.
    #[must_use]
    pub fn take_given(self) -> Vec<Given> {
        self.given.try_update_value(std::mem::take).unwrap_or_default()
    }

    /// The answers that the address of the page proposes for a new request: once.
    #[must_use]
    pub fn take_proposed(self) -> Vec<Given> {
        self.proposed.try_update_value(std::mem::take).unwrap_or_default()
    }

    /// The portal leads the person to a place.
    pub fn lead(self, place: &Place) {
        self.offering.set_value(*place == Place::NewRequest);
        self.navigation.go(place);
    }

    /// Whether a request that was begun is to be offered before a new one is: once.
    #[must_use]
    pub fn is_offering(self) -> bool {
        self.offering.try_update_value(std::mem::take).unwrap_or_default()
    }

    /// A request was sent from here.
    pub fn sent(self, id: &Id) {
        self.sent.set_value(Some(id.clone()));
    }

    /// The receipt of a request is there: if it was sent from here, the portal is told.
    pub fn received(self, id: &Id, number: &str) {
        if self.sent.try_update_value(Option::take).flatten().as_ref() == Some(id) {
            self.tell("submitted", id.as_str(), number);
        }
    }

    /// Tells the portal where the answers are, whenever that changes.
    pub(super) fn report(self) {
        let standing = move || self.draft.get().map(|draft| (draft, draft.standing().get()));
        Effect::new(move |before: Option<Reported>| {
            let now = standing().map(|(draft, standing)| {
                let conflicts = standing.conflicts.iter().map(|conflict| conflict.field).collect();
                (standing.whereabouts, standing.kept == Keeping::Memory, draft.revision(), conflicts)
            });
            if let Some((whereabouts, in_memory, revision, conflicts)) = &now {
                let same = before.as_ref().is_some_and(|before| *before == now);
                let revision = revision.map_or(String::new(), |revision| revision.to_string());
                match whereabouts {
                    _ if same => {}
                    Whereabouts::Server => _ = self.tell("saved", "server", &revision),
                    Whereabouts::Device(failure) => {
                        let place = if *in_memory { "memory" } else { "device" };
                        self.tell("saved", place, &revision);
                        self.tell("error", failure_name(*failure), "");
                    }
                    _ => {}
                }
                let known = before.flatten().is_some_and(|before| before.3 == *conflicts);
                if !known && !conflicts.is_empty() {
                    let fields: Vec<&str> = conflicts.iter().map(|field| field.path()).collect();
                    self.tell("conflict", &fields.join(" "), "");
                }
            }
            now
        });
    }
}

/// Draws the element of a portal in a node of its shadow tree, until the owner that is answered ends.
///
/// # Errors
/// When a part of the program that this takes cannot be had.
pub async fn embed(node: Node, portal: Portal) -> Result<(Owner, App), Missing> {
    let api = portal.api();
    let rest = rest_for(api.as_deref()).await?;
    let owner = owner();
    let app = owner.with(|| {
        let asked = portal.clone();
        let ask = move |place: &Place| {
            let may = match place {
                Place::Request(id, Some(step)) => asked.tell("step", id.as_str(), step.as_str()),
                _ => true,
            };
            may && asked.tell("place", &place.query(), "")
        };
        let start = Place::read(&portal.place());
        let is_new = start == Place::NewRequest;
        let navigation = memory::navigation(start, Box::new(ask));
        // What answers in the page itself is told apart by where the program comes from.
        let device = Device::new(&api.clone().unwrap_or_else(|| portal.base()), keeping(portal.storage().as_deref()));
        let api = api_at(api, &portal.base(), &device, portal.documents(), rest);
        let entrance = portal.entrance();
        let app = App::new(navigation, api, device, Some(portal), entrance, rest);
        app.offering.set_value(is_new);
        app.furnish().draw(&node, None);
        app
    });
    Ok((owner, app))
}

/// Who is there: nobody, unless they signed in before the element was taken away, or the page was loaded again.
pub(super) fn identity_at(entrance: &Entrance, api: &dyn Api) -> Identity {
    let session = || json::read::<Session>(&entrance.session()?);
    match entrance.token().zip(session()) {
        Some((token, session)) => {
            api.bear(Some(&token));
            api.act_for(Some(&session.user.id));
            Identity::Person(Box::new(session))
        }
        None => Identity::Nobody,
    }
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

/// How long a portal wants copies of drafts to stay.
fn keeping(storage: Option<&str>) -> Keeping {
    match storage {
        Some("none") => Keeping::Memory,
        Some("session") => Keeping::Session,
        _ => Keeping::Local,
    }
}
