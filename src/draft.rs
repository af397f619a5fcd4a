//! Drives the model's saving machine: turns its effects into writes, calls and timers, and their outcomes into events.
//! It decides nothing. What this device keeps is in [`copies`].

pub mod copies;

use std::rc::Rc;
use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::reactive::spawn_local;

use crate::api::{Api, ApiError};
use crate::clock;
use crate::device::Keeping;
use crate::form::Form;
use crate::model::saving::{Effect as Order, Event, Failure, Machine, Whereabouts};
use crate::model::{Draft as Answers, Id};
use crate::state::{Held, Live};

pub use copies::Copies;

const SIGNED_OUT: Whereabouts = Whereabouts::Device(Failure::SignedOut);

/// Where the answers are, and since when, for the one line that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Where.
    pub whereabouts: Whereabouts,
    /// When the server last acknowledged them, in milliseconds since 1970.
    pub saved_at: Option<u64>,
    /// How long the device's copy will stay.
    pub kept: Keeping,
}

/// A draft that is kept. Copies share one state.
#[derive(Clone, Copy)]
pub struct Draft {
    id: Held<Id>,
    copies: Held<Copies>,
    form: Form,
    machine: Held<Machine>,
    api: Held<Rc<dyn Api>>,
    timer: Held<Option<TimeoutHandle>>,
    standing: Live<Standing>,
    /// Who waits for everything to be on the server.
    waiting: Held<Vec<Box<dyn FnOnce()>>>,
}

impl Draft {
    /// Keeps what is typed in a form. Must be called where the request's view is owned: its end ends the listening.
    #[must_use]
    pub fn keep(id: &Id, copies: Copies, form: Form, machine: Machine, api: Rc<dyn Api>) -> Self {
        let standing = Standing { whereabouts: machine.whereabouts(), saved_at: None, kept: copies.keeping() };
        let draft = Self {
            id: Held::new(id.clone()),
            copies: Held::new(copies),
            form,
            machine: Held::new(machine),
            api: Held::new(api),
            timer: Held::new(None),
            standing: Live::new(standing),
            waiting: Held::new(Vec::new()),
        };
        form.on_edit(move |answers| draft.happened(Event::Edited(answers.clone())));
        draft.listen();
        draft.happened(Event::Flush);
        draft
    }

    /// Hears of what concerns the whole window, until the request is left.
    fn listen(self) {
        let online = window_event_listener_untyped("online", move |_| self.happened(Event::Online));
        let hidden = window_event_listener_untyped("pagehide", move |_| self.happened(Event::Hidden));
        let visibility = window_event_listener_untyped("visibilitychange", move |_| {
            if document().visibility_state() == web_sys::VisibilityState::Hidden {
                self.happened(Event::Hidden);
            } else if self.standing.with_untracked(|standing| standing.whereabouts == SIGNED_OUT) {
                // They may have signed in again in another tab.
                self.happened(Event::SignedIn);
            }
        });
        on_cleanup(move || {
            online.remove();
            hidden.remove();
            visibility.remove();
        });
        Owner::on_cleanup(move || self.happened(Event::Hidden));
    }

    /// What is typed.
    #[must_use]
    pub fn form(self) -> Form {
        self.form
    }

    /// Which request it is of.
    #[must_use]
    pub fn id(self) -> Id {
        self.id.get_value()
    }

    /// Where the answers are.
    #[must_use]
    pub fn standing(self) -> Live<Standing> {
        self.standing
    }

    /// The revision that the server last acknowledged.
    #[must_use]
    pub fn revision(self) -> Option<u64> {
        self.machine.with_value(|machine| machine.base().map(|base| base.revision))
    }

    /// What the server holds, as far as is known.
    #[must_use]
    pub fn on_server(self) -> Option<Answers> {
        self.machine.with_value(|machine| machine.base().map(|base| base.draft.clone()))
    }

    /// The fields that were changed elsewhere to another value.
    #[must_use]
    pub fn conflicts(self) -> Vec<crate::model::Field> {
        self.standing.track();
        self.machine.with_value(|machine| machine.conflicts().map(|conflict| conflict.field).collect())
    }

    /// Does something once everything is on the server: at once if it is.
    pub fn once_saved(self, then: impl FnOnce() + 'static) {
        self.waiting.update_value(|waiting| waiting.push(Box::new(then)));
        self.happened(Event::Flush);
    }

    /// Hands an event to the machine and carries out what it orders.
    pub fn happened(self, event: Event) {
        let Some(orders) = self.machine.try_update_value(|machine| machine.handle(event)) else { return };
        for order in orders {
            self.carry_out(order);
        }
        let whereabouts = self.machine.with_value(Machine::whereabouts);
        if self.standing.with_untracked(|standing| standing.whereabouts != whereabouts) {
            self.standing.update(|standing| standing.whereabouts = whereabouts);
        }
        if whereabouts == Whereabouts::Server {
            let waiting = self.waiting.try_update_value(std::mem::take).unwrap_or_default();
            waiting.into_iter().for_each(|then| then());
        }
    }

    fn carry_out(self, order: Order) {
        match order {
            Order::Keep => {
                let copy = self.machine.with_value(|machine| machine.device_copy(clock::now()));
                let kept = self.copies.with_value(|copies| copies.keep(&self.id.get_value(), &copy));
                if kept != Keeping::Memory {
                    self.happened(Event::Kept);
                }
                if self.standing.with_untracked(|standing| standing.kept != kept) {
                    self.standing.update(|standing| standing.kept = kept);
                }
            }
            Order::Forget => self.copies.with_value(|copies| copies.forget(&self.id.get_value())),
            Order::AskTurn => self.happened(Event::Turn),
            // Nothing is held, and conflicts are watched.
            Order::EndTurn | Order::Ask(_) => {}
            Order::Send { revision, draft } => self.send(revision, &draft),
            Order::Wake { after } => {
                let wake = set_timeout_with_handle(
                    move || self.happened(Event::Woken),
                    Duration::from_millis(u64::from(after)),
                );
                let before = self.timer.try_update_value(|timer| std::mem::replace(timer, wake.ok())).flatten();
                if let Some(before) = before {
                    before.clear();
                }
            }
            Order::Show(fields) => {
                let answers = self.machine.with_value(|machine| machine.mine().clone());
                self.form.replace(&answers, &fields);
            }
        }
    }

    fn send(self, revision: Option<u64>, answers: &Answers) {
        // The body is read here, when the request leaves.
        let saving = self.api.with_value(|api| api.save(&self.id.get_value(), revision, answers));
        spawn_local(async move {
            match saving.await {
                Ok(saved) => {
                    self.standing.update(|standing| standing.saved_at = Some(clock::now()));
                    self.happened(Event::Saved { revision: saved.revision, saved_at: saved.updated_at });
                }
                Err(error) => self.failed(&error),
            }
        });
    }

    fn failed(self, error: &ApiError) {
        let event = match error.current() {
            Some(current) => Event::Refused(current),
            None => Event::Failed { failure: error.failure(), random: clock::random() },
        };
        self.happened(event);
    }
}
