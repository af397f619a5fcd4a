//! An act about people: done once, and told as it ends.

use leptos::prelude::*;

use crate::api::ApiFuture;
use crate::context::{Announcer, Focus, Identity, Session};
use crate::effect::spawn;
use crate::texts::people;

/// Acts about people on one page, of which one runs at a time. Copies share one state.
#[derive(Clone, Copy)]
pub(super) struct Acting {
    pub(super) session: Session,
    pub(super) announcer: Announcer,
    pub(super) focus: Focus,
    is_running: RwSignal<bool>,
    /// Set beside a form, which stays whatever happens to the session.
    is_beside_form: bool,
}

/// Outcomes of an act, in words.
#[derive(Clone, Copy)]
pub(super) struct Told {
    /// Announcement, once it is done.
    pub(super) done: &'static str,
    /// Beginning of the warning where it is not done.
    pub(super) not_done: &'static str,
}

impl Acting {
    pub(super) fn new() -> Self {
        Self {
            session: Session::get(),
            announcer: Announcer::get(),
            focus: Focus::get(),
            is_running: RwSignal::new(false),
            is_beside_form: false,
        }
    }

    /// Returns acts beside a form, which stays where the session has ended.
    pub(super) fn beside_form() -> Self {
        Self { is_beside_form: true, ..Self::new() }
    }

    /// Returns whether an act is under way.
    pub(super) fn is_running(self) -> bool {
        self.is_running.get()
    }

    /// Makes a call, unless another one is under way, and goes on with whether it was done.
    pub(super) fn run<T: 'static>(
        self,
        call: impl FnOnce(Session) -> ApiFuture<T>,
        told: Told,
        then: impl FnOnce(Option<T>) + 'static,
    ) {
        if self.is_running.get_untracked() {
            return;
        }
        self.is_running.set(true);
        self.announcer.warn("");
        let calling = call(self.session);
        spawn(async move {
            let answer = calling.await;
            if self.is_running.try_set(false).is_some() {
                // The page was left.
                return;
            }
            match answer {
                Ok(value) => {
                    if !told.done.is_empty() {
                        self.announcer.announce(told.done);
                    }
                    then(Some(value));
                }
                Err(error) if error.status() == Some(401) && !self.is_beside_form => {
                    self.session.set_identity(Identity::SignedOut);
                }
                Err(error) => {
                    self.announcer.warn(&[told.not_done, " : ", &people::refusal(&error)].concat());
                    then(None);
                }
            }
        });
    }
}
