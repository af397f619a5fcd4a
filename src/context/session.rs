//! Identity of the person, with the API and the device that act for them.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;

use super::host::Host;
use crate::api::examination::Examination;
use crate::api::sharing::Sharing;
use crate::api::{Api, SHOW_COPY_AFTER, Service, service};
use crate::browser::timers::set_timeout;
use crate::device::{self, DeviceStorage};
use crate::draft::DeviceCopies;
use crate::effect::spawn;
use crate::json;
use crate::model::saving::Failure;
use crate::model::wire::{self, TeamRole};
use crate::portal::SignInWindow;

/// Name under which the device keeps the session of the person who signed in last.
const LAST_PERSON: &str = "person";

/// Identity of the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// Not known yet.
    Pending,
    /// No person is signed in.
    SignedOut,
    /// Signed-in person.
    Person(Box<wire::Session>),
}

/// Context of the person's session.
#[derive(Clone, Copy)]
pub struct Session(StoredValue<Rc<State>, LocalStorage>);

struct State {
    identity: ArcRwSignal<Identity>,
    api: Rc<dyn Api>,
    device: DeviceStorage,
    sign_in_window: Option<SignInWindow>,
    /// Flag that the identity comes from the device, because the server has not answered.
    known_from_device: Cell<bool>,
}

impl Session {
    /// Returns the session, with the identity that the page knows before it asks the server.
    ///
    /// `told` is the session that came with the page, in JSON: `null` where nobody is signed in.
    #[must_use]
    pub fn new(
        api: Rc<dyn Api>,
        device: DeviceStorage,
        sign_in_window: Option<SignInWindow>,
        told: Option<String>,
    ) -> Self {
        let identity = match (&sign_in_window, told) {
            (Some(sign_in_window), _) => identity_from_window(sign_in_window, &*api),
            (None, Some(told)) => identity_from_page(&told, &*api),
            (None, None) if api.is_local() || device::may_be_signed_in() => Identity::Pending,
            (None, None) => Identity::SignedOut,
        };
        let identity = ArcRwSignal::new(identity);
        let state = State { identity, api, device, sign_in_window, known_from_device: Cell::new(false) };
        Self(StoredValue::new_local(Rc::new(state)))
    }

    /// Returns the identity of the person.
    ///
    /// # Panics
    /// When the application has ended.
    #[must_use]
    pub fn identity(self) -> ArcRwSignal<Identity> {
        self.0.get_value().identity.clone()
    }

    /// Returns the API.
    #[must_use]
    pub fn api(self) -> Rc<dyn Api> {
        Rc::clone(&self.0.get_value().api)
    }

    /// Returns the API with all that it can do. Only deferred functions may call this.
    #[must_use]
    pub fn service(self) -> Rc<dyn Service> {
        service::of(&*self.api())
    }

    /// Returns the calls of the team that examines requests. Only functions of its part may call this.
    #[must_use]
    pub fn examination(self) -> Rc<dyn Examination> {
        service::examination_of(&*self.api())
    }

    /// Returns whether requests are shared here: by a server of ours, on its own pages, where no portal acts for the person.
    #[must_use]
    pub fn shares_requests(self) -> bool {
        !self.api().is_local() && self.sign_in_window().is_none() && !Host::get().is_portal()
    }

    /// Returns the calls about the people of requests. Only functions of their part may call this.
    #[must_use]
    pub fn sharing(self) -> Rc<dyn Sharing> {
        service::sharing_of(&*self.api())
    }

    /// Returns the role of the person in the team that examines requests, if they have one.
    #[must_use]
    pub fn role(self) -> Option<TeamRole> {
        self.identity().with(|identity| match identity {
            Identity::Person(session) => session.role,
            Identity::Pending | Identity::SignedOut => None,
        })
    }

    /// Returns the storage of the device.
    #[must_use]
    pub fn device(self) -> DeviceStorage {
        self.0.get_value().device.clone()
    }

    /// Returns the window in which people sign in to an API of another site.
    #[must_use]
    pub fn sign_in_window(self) -> Option<SignInWindow> {
        self.0.try_get_value()?.sign_in_window.clone()
    }

    /// Returns the copies of drafts that this device keeps of the signed-in person; none if no person is signed in.
    #[must_use]
    pub fn copies(self) -> Option<DeviceCopies> {
        self.identity().with_untracked(|identity| match identity {
            Identity::Person(session) => Some(DeviceCopies::new(self.device(), &session.user.id)),
            Identity::Pending | Identity::SignedOut => None,
        })
    }

    /// Returns whether the identity comes from the device, because the server has not answered.
    #[must_use]
    pub fn is_known_from_device(self) -> bool {
        self.0.get_value().known_from_device.get()
    }

    /// Sets the identity: a person signed in, or out.
    pub fn set_identity(self, identity: Identity) {
        if self.0.is_disposed() {
            return;
        }
        if identity == Identity::SignedOut {
            match self.sign_in_window() {
                Some(sign_in_window) => {
                    self.api().set_token(None);
                    sign_in_window.forget();
                }
                None => device::forget_signed_in(),
            }
        }
        self.persist_identity(&identity);
        self.api().set_user(match &identity {
            Identity::Person(session) => Some(&session.user.id),
            Identity::Pending | Identity::SignedOut => None,
        });
        self.identity().set(identity);
        self.tell_signed_in();
    }

    /// Tells other tabs that the person is signed in, if somebody is: answers wait there for that.
    pub fn tell_signed_in(self) {
        if let Some(copies) = self.copies() {
            copies.tell_signed_in();
        }
    }

    /// Writes a signed-in person to the device, for a reload while the server does not answer; erases it otherwise.
    pub fn persist_identity(self, identity: &Identity) {
        if self.api().is_local() || self.sign_in_window().is_some() {
            return;
        }
        // Erased from both storages first: the computer may have been declared shared meanwhile.
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

    /// Asks the server for the identity; without an answer soon, takes the person who was signed in last.
    ///
    /// Their session is not known to have ended, and the device has their answers.
    pub fn fetch_identity(self) {
        let answer = self.api().session();
        let known = move || self.0.try_get_value().map(|state| state.identity.get_untracked());
        let is_awaited = move || known() == Some(Identity::Pending);
        let take_last = move || {
            let last = is_awaited().then(|| self.device().read(LAST_PERSON)).flatten();
            if let Some(session) = last.and_then(|text| json::read(&text)) {
                self.set_known_from_device(true);
                self.set_identity(Identity::Person(Box::new(session)));
            }
        };
        set_timeout(take_last, SHOW_COPY_AFTER);
        spawn(async move {
            match answer.await {
                Ok(session) => {
                    self.set_known_from_device(false);
                    let there = Identity::Person(Box::new(session));
                    if known().is_some_and(|known| known != there) {
                        self.set_identity(there);
                    }
                }
                Err(error) if error.failure() == Failure::SignedOut => self.set_identity(Identity::SignedOut),
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

/// Returns the identity that came with the page.
fn identity_from_page(told: &str, api: &dyn Api) -> Identity {
    json::read::<wire::Session>(told).map_or(Identity::SignedOut, |session| {
        api.set_user(Some(&session.user.id));
        Identity::Person(Box::new(session))
    })
}

/// Returns the identity that the sign-in window left to this page, where it outlasts a reload.
fn identity_from_window(sign_in_window: &SignInWindow, api: &dyn Api) -> Identity {
    let session = || json::read::<wire::Session>(&sign_in_window.session()?);
    match sign_in_window.token().zip(session()) {
        Some((token, session)) => {
            api.set_token(Some(&token));
            api.set_user(Some(&session.user.id));
            Identity::Person(Box::new(session))
        }
        None => Identity::SignedOut,
    }
}
