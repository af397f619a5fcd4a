//! Drives the model's saving machine: turns its effects into writes, calls and timers, and their outcomes into events.
//! It decides nothing.
//!
//! Its hands are [`copies`], what this device keeps, and [`tabs`], what other tabs of this browser do.

pub mod copies;
pub mod leftovers;
pub mod tabs;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use web_sys::VisibilityState;

use crate::api::{Api, ApiError};
use crate::browser::events::{WindowListenerHandle, window_event_listener_untyped};
use crate::browser::network;
use crate::browser::timers::{TimeoutHandle, set_timeout_with_handle};
use crate::browser::unload::UnloadPrompt;
use crate::clock;
use crate::device::Keeping;
use crate::effect::spawn;
use crate::form::Form;
use crate::json::Text;
use crate::model::saving::{Basis, Conflict, DeviceCopy, Effect as Order, Event, Failure, Machine, Side, Whereabouts};
use crate::model::schema::{self, Unreadable};
use crate::model::wire;
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
pub struct Draft(StoredValue<Rc<State>, LocalStorage>);

/// What is known of a draft that is kept.
struct State {
    id: Id,
    copies: Copies,
    api: Rc<dyn Api>,
    machine: RefCell<Machine>,
    timer: Cell<Option<TimeoutHandle>>,
    channels: RefCell<Vec<Channel>>,
    turn: RefCell<Option<Turn>>,
    /// The machine waits for its turn, or has it.
    turn_is_wanted: Cell<bool>,
    /// The device's copy as this tab last wrote or read it.
    seen: RefCell<Option<String>>,
    /// How many saves and questions were sent.
    sent: Cell<u32>,
    /// A newer version of the page wrote the device's copy.
    newer: Cell<bool>,
    /// The person erased what this device has of it, in another tab.
    erased_elsewhere: Cell<bool>,
    /// Who waits for something.
    waiting: RefCell<Vec<Waiting>>,
    form: Form,
    /// The files that the server was heard to have, where it was asked again.
    arrived: ArcRwSignal<Option<Vec<Id>>>,
    standing: ArcRwSignal<Standing>,
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
            online: network::is_online(),
            refused: Vec::new(),
            conflicts: machine.conflicts().cloned().collect(),
        };
        let online = standing.online;
        let state = State {
            id: id.clone(),
            copies,
            api,
            machine: RefCell::new(machine),
            timer: Cell::new(None),
            channels: RefCell::default(),
            turn: RefCell::default(),
            turn_is_wanted: Cell::new(false),
            seen: RefCell::default(),
            sent: Cell::new(0),
            newer: Cell::new(false),
            erased_elsewhere: Cell::new(false),
            waiting: RefCell::default(),
            form,
            arrived: ArcRwSignal::new(None),
            standing: ArcRwSignal::new(standing),
        };
        let draft = Self(StoredValue::new_local(Rc::new(state)));
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
        let _ = StoredValue::new_local(UnloadPrompt::new(move || {
            self.standing().with_untracked(Standing::is_nowhere_else)
        }));
        on_cleanup(move || {
            listeners.into_iter().for_each(WindowListenerHandle::remove);
        });
        Owner::on_cleanup(move || {
            self.leave();
            if let Some(timer) = self.state().timer.take() {
                timer.clear();
            }
        });
    }

    /// Nobody sees the page any more, and it may never be seen again.
    fn hidden(self) {
        self.form().sync_controls();
        self.happened(Event::Hidden);
    }

    /// The page may be closing, or be kept to come back to: one that holds a lock or a channel could not be.
    fn leave(self) {
        self.hidden();
        self.state().channels.replace(Vec::new());
        self.state().turn.replace(None);
    }

    /// The page is shown, for the first time or again.
    fn come_back(self) {
        self.hear_tabs();
        self.look();
        if self.state().turn_is_wanted.get() {
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
                self.state().erased_elsewhere.set(true);
                self.happened(Event::LetGo);
            }
            _ => self.look(),
        };
        let state = self.state();
        let (draft, session) = (state.copies.key(&state.id), state.copies.session_key());
        self.state().channels.replace(vec![
            Channel::open(&draft, Rc::new(of_draft)),
            Channel::open(&session, Rc::new(move |_: &str| self.looked_at())),
        ]);
    }

    fn tell_tabs(self, message: &str) {
        self.state().channels.borrow().iter().take(1).for_each(|channel| channel.tell(message));
    }

    fn ask_turn(self) {
        let state = self.state();
        let key = state.copies.key(&state.id);
        self.state().turn.replace(Some(Turn::ask(&key, move || self.happened(Event::Turn))));
    }

    /// # Panics
    /// When its owner has ended.
    fn state(self) -> Rc<State> {
        self.0.get_value()
    }

    /// What is typed.
    #[must_use]
    pub fn form(self) -> Form {
        self.state().form
    }

    /// Which request it is of.
    #[must_use]
    pub fn id(self) -> Id {
        self.state().id.clone()
    }

    /// The files that the server was heard to have, where it was asked again.
    #[must_use]
    pub fn arrived(self) -> ArcRwSignal<Option<Vec<Id>>> {
        self.state().arrived.clone()
    }

    /// Where the answers are.
    #[must_use]
    pub fn standing(self) -> ArcRwSignal<Standing> {
        self.state().standing.clone()
    }

    /// The revision that the server last acknowledged.
    #[must_use]
    pub fn revision(self) -> Option<u64> {
        self.state().machine.borrow().base().map(|base| base.revision)
    }

    /// The same, and when it was saved.
    #[must_use]
    pub fn basis(self) -> Basis {
        self.state().machine.borrow().basis()
    }

    /// The person chose between two values of a field.
    pub fn choose(self, field: Field, side: Side) {
        self.happened(Event::Chosen { field, side });
        self.form().acknowledge_remote_change(field);
    }

    /// The person said where copies are kept.
    pub fn moved(self) {
        let kept = self.state().copies.keeping();
        self.stand(|standing| standing.kept = kept);
    }

    /// The copy of it that the device is to keep.
    #[must_use]
    pub fn copy(self) -> DeviceCopy {
        self.state().machine.borrow().device_copy(clock::now())
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
        self.form().sync_controls();
        self.state().waiting.borrow_mut().push((until, then));
        self.happened(Event::Flush);
    }

    /// Asks the server anew what it holds of it, then goes on. Whoever looks at the page of a draft is told in time; whoever is
    /// about to erase what this device has needs to know now.
    pub fn confirm(self, then: impl FnOnce() + 'static) {
        let asked = self.basis();
        let state = self.state();
        let asking = state.api.request(&state.id);
        spawn(async move {
            let answer = asking.await;
            if self.0.is_disposed() {
                return;
            }
            match answer {
                Ok(request) if request.state == wire::State::Draft => {
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
        self.state().erased_elsewhere.get()
    }

    /// Hands an event to the machine and carries out what it orders.
    pub fn happened(self, event: Event) {
        if event.looks_first() {
            self.look();
        }
        if event.may_show() {
            self.form().sync_controls();
        }
        let Some(state) = self.0.try_get_value() else { return };
        let orders = state.machine.borrow_mut().handle(event);
        for order in orders {
            self.carry_out(order);
        }
        self.stand(|_| {});
        let served: fn(Until) -> bool = match state.standing.with_untracked(|standing| standing.whereabouts) {
            Whereabouts::Server => |_| true,
            Whereabouts::OnTheWay => return,
            _ => |until| until == Until::Settled,
        };
        let (now, later): (Vec<Waiting>, Vec<Waiting>) =
            state.waiting.take().into_iter().partition(|(until, _)| served(*until));
        state.waiting.borrow_mut().extend(later);
        now.into_iter().for_each(|(_, then)| then());
    }

    /// Tells where the answers are now, if that changed.
    fn stand(self, change: impl FnOnce(&mut Standing)) {
        let Some(state) = self.0.try_get_value() else { return };
        let before = state.standing.get_untracked();
        let mut standing = before.clone();
        change(&mut standing);
        let machine = state.machine.borrow();
        standing.whereabouts = machine.whereabouts();
        standing.failure = machine.failure();
        standing.conflicts = machine.conflicts().cloned().collect();
        standing.since = match (before.whereabouts, standing.whereabouts) {
            (_, Whereabouts::Server) => machine.base().and_then(|base| clock::parse(&base.saved_at)),
            (Whereabouts::Server | Whereabouts::Nowhere, _) => Some(clock::now()),
            _ => before.since,
        };
        drop(machine);
        if standing != before {
            state.standing.set(standing);
        }
    }

    fn carry_out(self, order: Order) {
        match order {
            Order::Keep => self.write(),
            Order::Forget => {
                self.state().seen.take();
                self.state().copies.forget(&self.state().id);
            }
            Order::AskTurn => {
                self.state().turn_is_wanted.set(true);
                self.ask_turn();
            }
            Order::EndTurn => {
                self.state().turn_is_wanted.set(false);
                self.state().turn.replace(None);
            }
            Order::Send { over: Some(over), asks: true, .. } => self.ask(over),
            Order::Send { over, draft, .. } => self.send(over.as_ref(), &draft),
            Order::Wake { after } => {
                let wake = set_timeout_with_handle(
                    move || self.happened(Event::Woken),
                    Duration::from_millis(u64::from(after)),
                );
                if let Some(before) = self.state().timer.replace(wake.ok()) {
                    before.clear();
                }
            }
            Order::Show(fields) => {
                let answers = self.state().machine.borrow().mine().clone();
                self.form().apply_remote_changes(&answers, &fields);
            }
            // Conflicts are told by whoever shows them.
            Order::Ask(_) => {}
        }
    }

    /// Reads the device's copy, in case another tab wrote it. One that a newer version of the page wrote is left alone.
    fn look(self) {
        let Some(state) = self.0.try_get_value() else { return };
        let text = state.copies.text(&state.id);
        if *state.seen.borrow() == text {
            return;
        }
        self.state().seen.replace(text.clone());
        let Some(text) = text else { return };
        let copy = schema::read_copy(&Text(&text));
        self.state().newer.set(copy == Err(Unreadable::Newer));
        if let Ok(copy) = copy {
            self.happened(Event::Elsewhere(Box::new(copy)));
        }
    }

    fn write(self) {
        // What another tab wrote meanwhile is merged, not overwritten.
        self.look();
        let Ok(text) = serde_json::to_string(&self.copy()) else { return };
        let state = self.state();
        let kept = if state.newer.get() {
            Keeping::Memory
        } else {
            self.state().seen.replace(Some(text.clone()));
            state.copies.write(&state.id, &text)
        };
        self.stand(|standing| standing.kept = kept);
        if kept == Keeping::Memory {
            // An older copy would come back for news after a reload. It may hold what the server lacks, until it lacks
            // nothing.
            if state.standing.with_untracked(|standing| standing.whereabouts == Whereabouts::Server) {
                state.copies.erase_older(&state.id);
            }
        } else {
            self.happened(Event::Kept);
            self.tell_tabs(tabs::CHANGED);
        }
    }

    fn send(self, over: Option<&Basis>, answers: &Answers) {
        let state = self.state();
        state.sent.set(state.sent.get() + 1);
        let saving = state.api.save(&state.id, over, answers);
        spawn(async move {
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
        let state = self.state();
        let asking = state.api.request(&state.id);
        let number = state.sent.get() + 1;
        state.sent.set(number);
        spawn(async move {
            let answer = asking.await;
            if self.0.try_get_value().map(|state| state.sent.get()) != Some(number) {
                // A save took its place.
                return;
            }
            if let Ok(request) = &answer
                && let Some(state) = self.0.try_get_value()
            {
                state.arrived.set(Some(request.arrived.clone()));
            }
            match answer {
                Ok(request) if request.state == wire::State::Submitted => self.happened(failed(Failure::Submitted)),
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
            let (failure, pause) = (error.failure(), error.retry_delay());
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
        let state = self.state();
        let asking = state.api.request(&state.id);
        spawn(async move {
            if let (Ok(request), Some(state)) = (asking.await, self.0.try_get_value()) {
                state.arrived.set(Some(request.arrived));
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
