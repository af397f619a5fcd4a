//! Drives the model's saving machine: turns its effects into writes, calls and timers, and their outcomes into events.
//! It decides nothing.
//!
//! Its hands are [`copies`], what this device keeps, and [`tabs`], what other tabs of this browser do.

pub mod copies;
pub mod leftovers;
pub mod tabs;

use std::rc::Rc;
use std::time::Duration;

use leptos::leptos_dom::helpers::{TimeoutHandle, WindowListenerHandle};
use leptos::prelude::*;
use leptos::reactive::spawn_local;
use web_sys::VisibilityState;

use crate::api::{Api, ApiError};
use crate::clock;
use crate::closing::Question;
use crate::device::Keeping;
use crate::form::Form;
use crate::json::Text;
use crate::model::saving::{Basis, Conflict, DeviceCopy, Effect as Order, Event, Failure, Machine, Side, Whereabouts};
use crate::model::schema::{self, Unreadable};
use crate::model::wire::State;
use crate::model::{Draft as Answers, Field, Id};

pub use copies::Copies;
use tabs::{Channel, Turn};

/// Where the answers are, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Where.
    pub whereabouts: Whereabouts,
    /// What keeps answers from the server, or would if there were any to send.
    pub failure: Option<Failure>,
    /// Since when, in milliseconds since 1970, where that is known.
    pub since: Option<u64>,
    /// How long the device's copy will stay.
    pub kept: Keeping,
    /// Whether the browser knows of a network.
    pub online: bool,
    /// Fields that the server does not take as they are.
    pub refused: Vec<Field>,
    /// Fields with two values, of which a person has to choose one.
    pub conflicts: Vec<Conflict>,
}

impl Standing {
    /// Whether closing the page would lose something.
    #[must_use]
    pub fn is_nowhere_else(&self) -> bool {
        match (self.whereabouts, self.kept) {
            (Whereabouts::Device(_), Keeping::Memory | Keeping::Session) => true,
            (whereabouts, kept) => whereabouts == Whereabouts::OnTheWay && kept == Keeping::Memory,
        }
    }
}

/// What somebody waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    Saved,
    Settled,
}

type Waiting = (Until, Box<dyn FnOnce()>);

/// A draft that is kept. Copies share one state.
#[derive(Clone, Copy)]
pub struct Draft {
    id: StoredValue<Id, LocalStorage>,
    copies: StoredValue<Copies, LocalStorage>,
    form: Form,
    machine: StoredValue<Machine, LocalStorage>,
    api: StoredValue<Rc<dyn Api>, LocalStorage>,
    timer: StoredValue<Option<TimeoutHandle>, LocalStorage>,
    channels: StoredValue<Vec<Channel>, LocalStorage>,
    turn: StoredValue<Option<Turn>, LocalStorage>,
    /// The machine waits for its turn, or has it.
    turn_is_wanted: StoredValue<bool, LocalStorage>,
    /// The device's copy as this tab last wrote or read it.
    seen: StoredValue<Option<String>, LocalStorage>,
    /// The files that the server was heard to have, where it was asked again.
    arrived: RwSignal<Option<Vec<Id>>>,
    /// How many saves and questions were sent.
    sent: StoredValue<u32, LocalStorage>,
    /// A newer version of the page wrote the device's copy.
    newer: StoredValue<bool, LocalStorage>,
    /// The person erased what this device has of it, in another tab.
    erased_elsewhere: StoredValue<bool, LocalStorage>,
    standing: RwSignal<Standing>,
    /// Who waits for something.
    waiting: StoredValue<Vec<Waiting>, LocalStorage>,
}

impl Draft {
    /// Keeps what is typed in a form. Must be called where the request's view is owned: its end ends the listening.
    /// `since` is when the answers came where they are, in milliseconds since 1970, where that is known.
    #[must_use]
    pub fn keep(id: &Id, copies: Copies, form: Form, machine: Machine, since: Option<u64>, api: Rc<dyn Api>) -> Self {
        let standing = Standing {
            whereabouts: machine.whereabouts(),
            failure: machine.failure(),
            since,
            kept: copies.keeping(),
            online: window().navigator().on_line(),
            refused: Vec::new(),
            conflicts: machine.conflicts().cloned().collect(),
        };
        let online = standing.online;
        let draft = Self {
            id: StoredValue::new_local(id.clone()),
            copies: StoredValue::new_local(copies),
            form,
            machine: StoredValue::new_local(machine),
            api: StoredValue::new_local(api),
            timer: StoredValue::new_local(None),
            channels: StoredValue::new_local(Vec::new()),
            turn: StoredValue::new_local(None),
            turn_is_wanted: StoredValue::new_local(false),
            seen: StoredValue::new_local(None),
            arrived: RwSignal::new(None),
            sent: StoredValue::new_local(0),
            newer: StoredValue::new_local(false),
            erased_elsewhere: StoredValue::new_local(false),
            standing: RwSignal::new(standing),
            waiting: StoredValue::new_local(Vec::new()),
        };
        form.on_edit(move |answers| draft.happened(Event::Edited(answers)));
        draft.listen();
        draft.hear_tabs();
        if !online {
            draft.happened(Event::Offline);
        }
        draft.happened(Event::Flush);
        draft
    }

    /// Hears of what concerns the whole window, until the request is left.
    fn listen(self) {
        let hear = |name: &'static str, tell: fn(Self)| window_event_listener_untyped(name, move |_| tell(self));
        let listeners = [
            hear("online", |draft| draft.network(true)),
            hear("offline", |draft| draft.network(false)),
            hear("focus", Self::looked_at),
            hear("visibilitychange", |draft| match document().visibility_state() {
                VisibilityState::Hidden => draft.hidden(),
                _ => draft.looked_at(),
            }),
            hear("pagehide", Self::leave),
            hear("pageshow", Self::come_back),
        ];
        // Its owner drops it.
        let _ = StoredValue::new_local(Question::ask_where(move || {
            self.standing.with_untracked(Standing::is_nowhere_else)
        }));
        on_cleanup(move || {
            listeners.into_iter().for_each(WindowListenerHandle::remove);
        });
        Owner::on_cleanup(move || {
            self.leave();
            self.timer.update_value(|timer| {
                timer.take().inspect(TimeoutHandle::clear);
            });
        });
    }

    /// Nobody sees the page any more, and it may never be seen again.
    fn hidden(self) {
        self.form.collect();
        self.happened(Event::Hidden);
    }

    /// The page may be closing, or be kept to come back to: one that holds a lock or a channel could not be.
    fn leave(self) {
        self.hidden();
        self.channels.set_value(Vec::new());
        self.turn.set_value(None);
    }

    /// The page is shown, for the first time or again.
    fn come_back(self) {
        self.hear_tabs();
        self.look();
        if self.turn_is_wanted.get_value() {
            self.ask_turn();
        }
    }

    /// Somebody may have signed in where this tab could not hear of it.
    fn looked_at(self) {
        self.happened(Event::SignedIn);
    }

    fn network(self, online: bool) {
        self.stand(|standing| standing.online = online);
        self.happened(if online { Event::Online } else { Event::Offline });
    }

    fn hear_tabs(self) {
        let of_draft = move |message: &str| match message {
            tabs::SUBMITTED => self.happened(Event::Submitted),
            tabs::DELETED => self.happened(Event::Deleted),
            tabs::ERASED => {
                self.erased_elsewhere.set_value(true);
                self.happened(Event::LetGo);
            }
            _ => self.look(),
        };
        let (draft, session) =
            self.copies.with_value(|copies| (copies.key(&self.id.get_value()), copies.session_key()));
        self.channels.set_value(vec![
            Channel::open(&draft, Rc::new(of_draft)),
            Channel::open(&session, Rc::new(move |_: &str| self.looked_at())),
        ]);
    }

    fn tell_tabs(self, message: &str) {
        self.channels.with_value(|channels| channels.iter().take(1).for_each(|channel| channel.tell(message)));
    }

    fn ask_turn(self) {
        let key = self.copies.with_value(|copies| copies.key(&self.id.get_value()));
        self.turn.set_value(Some(Turn::ask(&key, move || self.happened(Event::Turn))));
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

    /// The files that the server was heard to have, where it was asked again.
    #[must_use]
    pub fn arrived(self) -> RwSignal<Option<Vec<Id>>> {
        self.arrived
    }

    /// Where the answers are.
    #[must_use]
    pub fn standing(self) -> RwSignal<Standing> {
        self.standing
    }

    /// The revision that the server last acknowledged.
    #[must_use]
    pub fn revision(self) -> Option<u64> {
        self.machine.with_value(|machine| machine.base().map(|base| base.revision))
    }

    /// The same, and when it was saved.
    #[must_use]
    pub fn basis(self) -> Basis {
        self.machine.with_value(Machine::basis)
    }

    /// The person chose between two values of a field.
    pub fn choose(self, field: Field, side: Side) {
        self.happened(Event::Chosen { field, side });
        self.form.noticed(field);
    }

    /// The person said where copies are kept.
    pub fn moved(self) {
        let kept = self.copies.with_value(Copies::keeping);
        self.stand(|standing| standing.kept = kept);
    }

    /// The copy of it that the device is to keep.
    #[must_use]
    pub fn copy(self) -> DeviceCopy {
        self.machine.with_value(|machine| machine.device_copy(clock::now()))
    }

    /// Does something once everything is on the server: at once if it is.
    pub fn once_saved(self, then: impl FnOnce() + 'static) {
        self.wait(Until::Saved, Box::new(then));
    }

    /// Does something once everything is on the server, or it is known that it cannot be there soon.
    pub fn once_settled(self, then: impl FnOnce() + 'static) {
        self.wait(Until::Settled, Box::new(then));
    }

    fn wait(self, until: Until, then: Box<dyn FnOnce()>) {
        self.form.collect();
        self.waiting.update_value(|waiting| waiting.push((until, then)));
        self.happened(Event::Flush);
    }

    /// Asks the server anew what it holds of it, then goes on. Whoever looks at the page of a draft is told in time; whoever is
    /// about to erase what this device has needs to know now.
    pub fn confirm(self, then: impl FnOnce() + 'static) {
        let asked = self.basis();
        let asking = self.api.with_value(|api| api.request(&self.id.get_value()));
        spawn_local(async move {
            let answer = asking.await;
            if self.standing.is_disposed() {
                return;
            }
            match answer {
                Ok(request) if request.state == State::Draft => {
                    self.happened(Event::Found { current: request.into(), asked });
                }
                Err(error) if error.failure() == Failure::Unknown => self.happened(Event::Unknown),
                _ => {}
            }
            self.once_settled(then);
        });
    }

    /// It was submitted, here: other tabs are told.
    pub fn submitted(self) {
        self.tell_tabs(tabs::SUBMITTED);
        self.happened(Event::Submitted);
    }

    /// The person erases what this device has of it, in every tab.
    pub fn erase(self) {
        self.tell_tabs(tabs::ERASED);
        self.happened(Event::LetGo);
    }

    /// Whether the person erased what this device has of it, in another tab.
    #[must_use]
    pub fn was_erased_elsewhere(self) -> bool {
        self.erased_elsewhere.get_value()
    }

    /// Hands an event to the machine and carries out what it orders.
    pub fn happened(self, event: Event) {
        if event.looks_first() {
            self.look();
        }
        if event.may_show() {
            self.form.collect();
        }
        let Some(orders) = self.machine.try_update_value(|machine| machine.handle(event)) else { return };
        for order in orders {
            self.carry_out(order);
        }
        self.stand(|_| {});
        let served: fn(Until) -> bool = match self.standing.try_with_untracked(|standing| standing.whereabouts) {
            Some(Whereabouts::Server) => |_| true,
            Some(Whereabouts::OnTheWay) | None => return,
            Some(_) => |until| until == Until::Settled,
        };
        let waiting = self.waiting.try_update_value(std::mem::take).unwrap_or_default();
        let (now, later): (Vec<Waiting>, Vec<Waiting>) = waiting.into_iter().partition(|(until, _)| served(*until));
        self.waiting.update_value(|waiting| waiting.extend(later));
        now.into_iter().for_each(|(_, then)| then());
    }

    /// Tells where the answers are now, if that changed.
    fn stand(self, change: impl FnOnce(&mut Standing)) {
        let Some(before) = self.standing.try_get_untracked() else { return };
        let mut standing = before.clone();
        change(&mut standing);
        self.machine.with_value(|machine| {
            standing.whereabouts = machine.whereabouts();
            standing.failure = machine.failure();
            standing.conflicts = machine.conflicts().cloned().collect();
            standing.since = match (before.whereabouts, standing.whereabouts) {
                (_, Whereabouts::Server) => machine.base().and_then(|base| clock::parse(&base.saved_at)),
                (Whereabouts::Server | Whereabouts::Nowhere, _) => Some(clock::now()),
                _ => before.since,
            };
        });
        if standing != before {
            self.standing.set(standing);
        }
    }

    fn carry_out(self, order: Order) {
        match order {
            Order::Keep => self.write(),
            Order::Forget => {
                self.seen.set_value(None);
                self.copies.with_value(|copies| copies.forget(&self.id.get_value()));
            }
            Order::AskTurn => {
                self.turn_is_wanted.set_value(true);
                self.ask_turn();
            }
            Order::EndTurn => {
                self.turn_is_wanted.set_value(false);
                self.turn.set_value(None);
            }
            Order::Send { over: Some(over), asks: true, .. } => self.ask(over),
            Order::Send { over, draft, .. } => self.send(over.as_ref(), &draft),
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
            // Conflicts are told by whoever shows them.
            Order::Ask(_) => {}
        }
    }

    /// Reads the device's copy, in case another tab wrote it. One that a newer version of the page wrote is left alone.
    fn look(self) {
        let Some(text) = self.copies.try_with_value(|copies| copies.text(&self.id.get_value())) else { return };
        if self.seen.with_value(|seen| *seen == text) {
            return;
        }
        self.seen.set_value(text.clone());
        let Some(text) = text else { return };
        let copy = schema::read_copy(&Text(&text));
        self.newer.set_value(copy == Err(Unreadable::Newer));
        if let Ok(copy) = copy {
            self.happened(Event::Elsewhere(Box::new(copy)));
        }
    }

    fn write(self) {
        // What another tab wrote meanwhile is merged, not overwritten.
        self.look();
        let Ok(text) = serde_json::to_string(&self.copy()) else { return };
        let id = self.id.get_value();
        let kept = if self.newer.get_value() {
            Keeping::Memory
        } else {
            self.seen.set_value(Some(text.clone()));
            self.copies.with_value(|copies| copies.write(&id, &text))
        };
        self.stand(|standing| standing.kept = kept);
        if kept == Keeping::Memory {
            // An older copy would come back for news after a reload. It may hold what the server lacks, until it lacks
            // nothing.
            if self.standing.with_untracked(|standing| standing.whereabouts == Whereabouts::Server) {
                self.copies.with_value(|copies| copies.erase_older(&id));
            }
        } else {
            self.happened(Event::Kept);
            self.tell_tabs(tabs::CHANGED);
        }
    }

    fn send(self, over: Option<&Basis>, answers: &Answers) {
        self.sent.update_value(|sent| *sent += 1);
        let saving = self.api.with_value(|api| api.save(&self.id.get_value(), over, answers));
        spawn_local(async move {
            match saving.await {
                Ok(saved) => {
                    self.stand(|standing| standing.refused.clear());
                    self.happened(Event::Saved { revision: saved.revision, saved_at: saved.updated_at });
                }
                Err(error) => self.failed(&error),
            }
        });
    }

    /// Asks whether the server still holds what it acknowledged.
    fn ask(self, over: Basis) {
        let asking = self.api.with_value(|api| api.request(&self.id.get_value()));
        self.sent.update_value(|sent| *sent += 1);
        let number = self.sent.get_value();
        spawn_local(async move {
            let answer = asking.await;
            if self.sent.try_get_value() != Some(number) {
                // A save took its place.
                return;
            }
            if let Ok(request) = &answer
                && !self.arrived.is_disposed()
            {
                self.arrived.set(Some(request.arrived.clone()));
            }
            match answer {
                Ok(request) if request.state == State::Submitted => self.happened(failed(Failure::Submitted)),
                Ok(request) if request.revision == over.revision && request.updated_at == over.saved_at => {
                    self.happened(Event::Saved { revision: over.revision, saved_at: over.saved_at });
                }
                Ok(request) => self.happened(Event::Refused(request.into())),
                Err(error) => self.failed(&error),
            }
        });
    }

    fn failed(self, error: &ApiError) {
        self.stand(|standing| standing.refused = refused_fields(error));
        let Some(current) = error.current() else {
            let (failure, pause) = (error.failure(), error.pause());
            return self.happened(Event::Failed { failure, random: clock::random(), pause });
        };
        let may_be_restored = self.revision().is_some_and(|known| current.base.revision <= known);
        self.happened(Event::Refused(current));
        if may_be_restored {
            self.ask_what_arrived();
        }
    }

    /// Asks which files the server has: a backup may have come back without some.
    pub fn ask_what_arrived(self) {
        let asking = self.api.with_value(|api| api.request(&self.id.get_value()));
        spawn_local(async move {
            if let (Ok(request), false) = (asking.await, self.arrived.is_disposed()) {
                self.arrived.set(Some(request.arrived));
            }
        });
    }
}

fn failed(failure: Failure) -> Event {
    Event::Failed { failure, random: clock::random(), pause: 0 }
}

/// The fields that a refusal is about.
fn refused_fields(error: &ApiError) -> Vec<Field> {
    let Some(problem) = error.problem() else { return Vec::new() };
    let is_named = |field: &&Field| {
        let pointer = ["/draft", &field.pointer()].concat();
        problem.errors.iter().any(|error| error.pointer.starts_with(&pointer))
    };
    Field::ALL.iter().filter(is_named).copied().collect()
}
