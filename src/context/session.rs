//! Who is there, and what acts for them.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;

use crate::api::{Api, PATIENCE, Service, service};
use crate::device::{self, Device};
use crate::draft::DeviceCopies;
use crate::effect::spawn;
use crate::json;
use crate::model::saving::Failure;
use crate::model::wire;
use crate::portal::Entrance;

/// Under which name the device keeps who was signed in last.
const LAST_PERSON: &str = "person";

/// Who is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// It is not known yet.
    Pending,
    /// Nobody is signed in.
    SignedOut,
    /// Somebody is.
    Person(Box<wire::Session>),
}

/// Who is there, and what acts for them.
#[derive(Clone, Copy)]
pub struct Session(StoredValue<Rc<State>, LocalStorage>);

struct State {
    identity: ArcRwSignal<Identity>,
    api: Rc<dyn Api>,
    device: Device,
    sign_in_window: Option<Entrance>,
    /// Nobody answered who is there: it is whoever was there last.
    known_from_device: Cell<bool>,
}

impl Session {
    /// Returns the session of whoever is there as far as that is known.
    #[must_use]
    pub fn new(api: Rc<dyn Api>, device: Device, sign_in_window: Option<Entrance>) -> Self {
        let identity = match &sign_in_window {
            Some(entrance) => identity_at(entrance, &*api),
            None if api.is_local() || device::may_be_signed_in() => Identity::Pending,
            None => Identity::SignedOut,
        };
        let identity = ArcRwSignal::new(identity);
        let state = State { identity, api, device, sign_in_window, known_from_device: Cell::new(false) };
        Self(StoredValue::new_local(Rc::new(state)))
    }

    /// Returns who is there.
    ///
    /// # Panics
    /// When the application has ended.
    #[must_use]
    pub fn identity(self) -> ArcRwSignal<Identity> {
        self.0.get_value().identity.clone()
    }

    /// Returns what answers.
    #[must_use]
    pub fn api(self) -> Rc<dyn Api> {
        Rc::clone(&self.0.get_value().api)
    }

    /// Returns all that the API can do. Only what is deferred may call it.
    #[must_use]
    pub fn service(self) -> Rc<dyn Service> {
        service::of(&*self.api())
    }

    /// Returns what the browser keeps.
    #[must_use]
    pub fn device(self) -> Device {
        self.0.get_value().device.clone()
    }

    /// Returns the window in which one signs in to an API of another site; none where the API is of this one.
    #[must_use]
    pub fn sign_in_window(self) -> Option<Entrance> {
        self.0.try_get_value()?.sign_in_window.clone()
    }

    /// Returns the copies of drafts that the person signed in has on this device.
    #[must_use]
    pub fn copies(self) -> Option<DeviceCopies> {
        self.identity().with_untracked(|identity| match identity {
            Identity::Person(session) => Some(DeviceCopies::new(self.device(), &session.user.id)),
            Identity::Pending | Identity::SignedOut => None,
        })
    }

    /// Returns whether nobody answered who is there: it is whoever was there last.
    #[must_use]
    pub fn is_known_from_device(self) -> bool {
        self.0.get_value().known_from_device.get()
    }

    /// Takes that somebody signed in, or that nobody is any more.
    pub fn identify(self, identity: Identity) {
        if self.0.is_disposed() {
            return;
        }
        if identity == Identity::SignedOut {
            match self.sign_in_window() {
                Some(entrance) => {
                    self.api().bear(None);
                    entrance.forget();
                }
                None => device::forget_signed_in(),
            }
        }
        self.remember(&identity);
        self.api().act_for(match &identity {
            Identity::Person(session) => Some(&session.user.id),
            Identity::Pending | Identity::SignedOut => None,
        });
        self.identity().set(identity);
        if let Some(copies) = self.copies() {
            copies.tell_signed_in();
        }
    }

    /// Remembers who is signed in, for when the page is loaded again and nobody answers; until they are not.
    pub fn remember(self, identity: &Identity) {
        if self.api().is_local() || self.sign_in_window().is_some() {
            return;
        }
        // On a computer that became a shared one, it goes with the tab.
        self.device().erase(LAST_PERSON);
        match identity {
            Identity::Person(session) => {
                if let Ok(text) = serde_json::to_string(session) {
                    self.device().write(LAST_PERSON, &text);
                }
            }
            Identity::SignedOut | Identity::Pending => {}
        }
    }

    /// Asks who is there. Where no answer comes soon, it is whoever was there last: their session is not known to have ended,
    /// and the device has their answers.
    pub fn ask_who_is_there(self) {
        let asking = self.api().session();
        let known = move || self.0.try_get_value().map(|state| state.identity.get_untracked());
        let is_awaited = move || known() == Some(Identity::Pending);
        let take_last = move || {
            let last = is_awaited().then(|| self.device().read(LAST_PERSON)).flatten();
            if let Some(session) = last.and_then(|text| json::read(&text)) {
                self.set_known_from_device(true);
                self.identify(Identity::Person(Box::new(session)));
            }
        };
        set_timeout(take_last, PATIENCE);
        spawn(async move {
            match asking.await {
                Ok(session) => {
                    self.set_known_from_device(false);
                    let there = Identity::Person(Box::new(session));
                    if known().is_some_and(|known| known != there) {
                        self.identify(there);
                    }
                }
                Err(error) if error.failure() == Failure::SignedOut => self.identify(Identity::SignedOut),
                Err(_) => {
                    take_last();
                    if is_awaited() {
                        self.identity().set(Identity::SignedOut);
                    }
                }
            }
        });
    }

    fn set_known_from_device(self, known: bool) {
        if let Some(state) = self.0.try_get_value() {
            state.known_from_device.set(known);
        }
    }
}

/// Returns who is there by what a portal's page keeps: nobody, unless they signed in before the element was taken away, or the
/// page was loaded again.
fn identity_at(entrance: &Entrance, api: &dyn Api) -> Identity {
    let session = || json::read::<wire::Session>(&entrance.session()?);
    match entrance.token().zip(session()) {
        Some((token, session)) => {
            api.bear(Some(&token));
            api.act_for(Some(&session.user.id));
            Identity::Person(Box::new(session))
        }
        None => Identity::SignedOut,
    }
}
