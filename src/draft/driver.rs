//! The loop that hands events to the saving machine and carries its effects out.
//!
//! Events and effects stand in one queue. The loop takes the first of them; its consequences go to the front, in order, and
//! events that are dispatched meanwhile to the end. So an event is carried out whole before the next, and never within another.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use leptos::prelude::*;

use super::browser::AnyBrowser;
use super::copies::{self, DeviceCopies};
#[cfg(not(test))]
use super::ports::Ports as _;
use super::ports::{Subscription, TabChannel, TabMessage, WindowEvent};
use super::status::SaveStatus;
use crate::api::Api;
use crate::device::Persistence;
use crate::form::Form;
use crate::model::Id;
use crate::model::saving::{DeviceCopy, Effect, Event, Machine, SavedTo};
use crate::model::schema::Unreadable;

/// Event or effect in the queue of the driver.
enum Queued {
    Event(Box<Event>),
    Effect(Effect),
}

impl From<Event> for Queued {
    fn from(event: Event) -> Self {
        Self::Event(Box::new(event))
    }
}

/// State of a draft that a caller waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    /// The server has everything.
    Saved,
    /// The server has everything, or it is known that it cannot be there soon.
    Settled,
}

impl Until {
    fn is_reached(self, saved_to: SavedTo) -> bool {
        match saved_to {
            SavedTo::Server => true,
            SavedTo::OnTheWay => false,
            SavedTo::Nowhere | SavedTo::Device(_) | SavedTo::Erased => self == Self::Settled,
        }
    }
}

type Waiting = (Until, Box<dyn FnOnce()>);

/// Draft that is about to be opened.
pub struct DraftToOpen {
    /// Identifier of the request.
    pub id: Id,
    /// Copies of the person's drafts on this device.
    pub copies: DeviceCopies,
    /// Server that the draft is saved to.
    pub api: Rc<dyn Api>,
    /// Form that holds what is typed.
    pub form: Form,
    /// Saving machine, with the answers of the form.
    pub machine: Machine,
    /// Moment at which the answers came where they are, in milliseconds since 1970; none where it is not known.
    pub since: Option<u64>,
    /// Documents that the server has; none where it did not say yet: it is asked once something is saved.
    pub arrived: Option<Vec<Id>>,
}

/// The driver of one draft in one tab.
pub(super) struct Driver {
    pub(super) ports: Rc<AnyBrowser>,
    pub(super) id: Id,
    pub(super) copies: DeviceCopies,
    pub(super) api: Rc<dyn Api>,
    pub(super) form: Form,
    itself: Weak<Self>,
    machine: RefCell<Machine>,
    queue: RefCell<VecDeque<Queued>>,
    is_running: Cell<bool>,
    /// Text of the device's copy as this tab last wrote or read it.
    known_text: RefCell<Option<String>>,
    /// Set where a newer version of the page wrote the device's copy.
    is_newer: Cell<bool>,
    timer: RefCell<Option<Subscription>>,
    lock: RefCell<Option<Subscription>>,
    /// Set while the machine waits for the lock, or has it.
    lock_is_wanted: Cell<bool>,
    draft_channel: RefCell<Option<Box<dyn TabChannel>>>,
    session_channel: RefCell<Option<Box<dyn TabChannel>>>,
    window: RefCell<Vec<Subscription>>,
    waiting: RefCell<Vec<Waiting>>,
    /// Number of saves and verifications that were sent.
    pub(super) sent: Cell<u32>,
    /// Set once the person erased what this device has of the draft, in another tab.
    pub(super) was_erased_elsewhere: Cell<bool>,
    /// Documents that the server has, by its last answer; none before that.
    pub(super) arrived: ArcRwSignal<Option<Vec<Id>>>,
    pub(super) status: ArcRwSignal<SaveStatus>,
}

impl Driver {
    /// Returns the driver of a draft, which does nothing yet.
    pub(super) fn new(ports: Rc<AnyBrowser>, draft: DraftToOpen) -> Rc<Self> {
        let DraftToOpen { id, copies, api, form, machine, since, arrived } = draft;
        let status = SaveStatus {
            saved_to: machine.saved_to(),
            failure: machine.failure(),
            since,
            persistence: copies.persistence(),
            online: ports.is_online(),
            rejected_fields: Vec::new(),
            conflicts: machine.conflicts().cloned().collect(),
        };
        Rc::new_cyclic(|itself| Self {
            ports,
            id,
            copies,
            api,
            form,
            itself: Weak::clone(itself),
            machine: RefCell::new(machine),
            queue: RefCell::default(),
            is_running: Cell::new(false),
            known_text: RefCell::default(),
            is_newer: Cell::new(false),
            timer: RefCell::default(),
            lock: RefCell::default(),
            lock_is_wanted: Cell::new(false),
            draft_channel: RefCell::default(),
            session_channel: RefCell::default(),
            window: RefCell::default(),
            waiting: RefCell::default(),
            sent: Cell::new(0),
            was_erased_elsewhere: Cell::new(false),
            arrived: ArcRwSignal::new(arrived),
            status: ArcRwSignal::new(status),
        })
    }

    /// Returns a function that calls this driver, as long as there is one.
    fn callback<T: 'static>(&self, call: impl Fn(&Self, T) + 'static) -> impl Fn(T) + 'static {
        let itself = Weak::clone(&self.itself);
        move |argument| {
            if let Some(driver) = itself.upgrade() {
                call(&driver, argument);
            }
        }
    }

    /// Returns itself, for a task that may outlive it.
    pub(super) fn itself(&self) -> Weak<Self> {
        Weak::clone(&self.itself)
    }

    /// Starts listening, and sends unsent answers.
    pub(super) fn start(&self) {
        self.form.on_edit(self.callback(|driver, answers| driver.dispatch(Event::Edited(answers))));
        let ports = &self.ports;
        let status = self.status.clone();
        let would_lose = Box::new(move || status.with_untracked(SaveStatus::would_be_lost));
        self.window.replace(vec![
            ports.watch_window(Rc::new(self.callback(Self::window_changed))),
            ports.ask_before_closing(would_lose),
        ]);
        self.open_channels();
        if !self.status.with_untracked(|status| status.online) {
            self.dispatch(Event::Offline);
        }
        self.dispatch(Event::Flush);
    }

    /// Sends unsent answers, and stops listening.
    pub(super) fn end(&self) {
        self.window.take();
        self.leave();
        self.timer.take();
    }

    // The queue.

    /// Puts an event in the queue. Unless the loop runs already, the queue is empty when this returns.
    pub(super) fn dispatch(&self, event: Event) {
        self.queue.borrow_mut().push_back(event.into());
        if self.is_running.replace(true) {
            return;
        }
        while let Some(first) = self.pop_front() {
            self.run(first);
            self.update_status(|_| {});
        }
        self.is_running.set(false);
        self.serve_waiting();
    }

    fn pop_front(&self) -> Option<Queued> {
        self.queue.borrow_mut().pop_front()
    }

    /// Puts events and effects before all others, in their order.
    fn push_front(&self, first: impl DoubleEndedIterator<Item = Queued>) {
        let mut queue = self.queue.borrow_mut();
        first.rev().for_each(|queued| queue.push_front(queued));
    }

    fn run(&self, queued: Queued) {
        match queued {
            Queued::Event(event) => {
                let mut before = None;
                if event.reads_device_first() {
                    before = self.read_device_copy();
                }
                if before.is_none() && event.may_change_answers() {
                    before = self.collect_edits();
                }
                match before {
                    Some(before) => self.push_front([before, *event].into_iter().map(Queued::from)),
                    None => {
                        let effects = self.machine.borrow_mut().handle(*event);
                        self.push_front(effects.into_iter().map(Queued::Effect));
                    }
                }
            }
            Queued::Effect(effect) => self.carry_out(effect),
        }
    }

    /// Returns the edit of text that tools wrote into controls without an event.
    fn collect_edits(&self) -> Option<Event> {
        let later = self.queue.take();
        self.form.sync_controls();
        // Each edit holds the whole draft: the last one has them all.
        let edits = self.queue.replace(later);
        edits.into_iter().next_back().and_then(|edit| match edit {
            Queued::Event(event) => Some(*event),
            Queued::Effect(_) => None,
        })
    }

    fn carry_out(&self, effect: Effect) {
        match effect {
            Effect::WriteDevice => match self.read_device_copy() {
                // What another tab wrote meanwhile is merged, not overwritten.
                Some(copy) => self.push_front([copy.into(), Queued::Effect(Effect::WriteDevice)].into_iter()),
                None => self.write_device_copy(),
            },
            Effect::EraseDevice => {
                self.known_text.take();
                self.copies.erase(&self.id);
            }
            Effect::RequestLock => {
                self.lock_is_wanted.set(true);
                self.request_lock();
            }
            Effect::ReleaseLock => {
                self.lock_is_wanted.set(false);
                self.lock.take();
            }
            Effect::Send { base, draft } => self.send(base.as_ref(), &draft),
            Effect::Verify(base) => self.verify(base),
            Effect::Wake { after } => {
                let fire = self.callback(|driver, ()| driver.dispatch(Event::Woken));
                self.timer.replace(Some(self.ports.set_timer(after, Box::new(move || fire(())))));
            }
            Effect::ShowAnswers(fields) => {
                let answers = self.machine.borrow().mine().clone();
                self.form.apply_remote_changes(&answers, &fields);
            }
            // The view that shows conflicts announces them.
            Effect::ShowConflicts(_) => {}
        }
    }

    // The device.

    /// Reads the device's copy, and returns an event if another tab wrote it. A copy of a newer version of the page stays as it
    /// is.
    fn read_device_copy(&self) -> Option<Event> {
        let text = self.copies.text(&self.id);
        if *self.known_text.borrow() == text {
            return None;
        }
        self.known_text.replace(text.clone());
        let copy = copies::parse(&text?);
        self.is_newer.set(copy == Err(Unreadable::Newer));
        copy.ok().map(|copy| Event::OtherTabWrote(Box::new(copy)))
    }

    fn write_device_copy(&self) {
        let Ok(text) = serde_json::to_string(&self.copy()) else { return };
        let Self { copies, id, .. } = self;
        let persistence = if self.is_newer.get() {
            Persistence::Memory
        } else {
            self.known_text.replace(Some(text.clone()));
            copies.write(id, &text)
        };
        self.update_status(|status| status.persistence = persistence);
        if persistence != Persistence::Memory {
            self.push_front([Event::CopyWritten.into()].into_iter());
            self.tell_tabs(TabMessage::Changed);
        } else if self.machine.borrow().saved_to() == SavedTo::Server {
            // After a reload, an older copy would pass for a newer one. It stays as long as the server lacks something that it may
            // hold.
            copies.erase_stored(id);
        }
    }

    /// Returns the copy that the device is to hold.
    pub(super) fn copy(&self) -> DeviceCopy {
        self.machine.borrow().device_copy(self.ports.now())
    }

    // The window and the other tabs.

    fn window_changed(&self, event: WindowEvent) {
        match event {
            WindowEvent::Online => self.network(true),
            WindowEvent::Offline => self.network(false),
            // The person may have signed in where no message reaches this tab.
            WindowEvent::LookedAt => self.dispatch(Event::SignedIn),
            WindowEvent::Hidden => self.hide(),
            WindowEvent::Left => self.leave(),
            WindowEvent::Shown => self.come_back(),
        }
    }

    fn network(&self, online: bool) {
        self.update_status(|status| status.online = online);
        self.dispatch(if online { Event::Online } else { Event::Offline });
    }

    fn hide(&self) {
        self.form.sync_controls();
        self.dispatch(Event::Hidden);
    }

    /// Releases locks and channels, with which browsers keep no page in their back-forward cache.
    fn leave(&self) {
        self.hide();
        self.draft_channel.take();
        self.session_channel.take();
        self.lock.take();
    }

    fn come_back(&self) {
        self.open_channels();
        self.check_device();
        if self.lock_is_wanted.get() {
            self.request_lock();
        }
    }

    fn check_device(&self) {
        if let Some(copy) = self.read_device_copy() {
            self.dispatch(copy);
        }
    }

    fn open_channels(&self) {
        let Self { copies, id, ports, .. } = self;
        let of_draft = self.callback(|driver, message| match message {
            TabMessage::Submitted => driver.dispatch(Event::Submitted),
            TabMessage::Deleted => driver.dispatch(Event::Deleted),
            TabMessage::Erased => {
                driver.was_erased_elsewhere.set(true);
                driver.dispatch(Event::Erased);
            }
            TabMessage::Changed | TabMessage::SignedIn => driver.check_device(),
        });
        let of_session = self.callback(|driver, _| driver.dispatch(Event::SignedIn));
        self.draft_channel.replace(Some(ports.open_channel(&copies.key(id), Rc::new(of_draft))));
        self.session_channel.replace(Some(ports.open_channel(&copies.session_key(), Rc::new(of_session))));
    }

    pub(super) fn tell_tabs(&self, message: TabMessage) {
        if let Some(channel) = &*self.draft_channel.borrow() {
            channel.send(message);
        }
    }

    fn request_lock(&self) {
        let Self { copies, id, ports, .. } = self;
        let granted = self.callback(|driver, ()| driver.dispatch(Event::LockGranted));
        let lock = ports.request_lock(&copies.key(id), Box::new(move || granted(())));
        self.lock.replace(Some(lock));
    }

    // What is told.

    /// Reads from the saving machine.
    pub(super) fn machine<T>(&self, read: impl FnOnce(&Machine) -> T) -> T {
        read(&self.machine.borrow())
    }

    /// Updates the status, if it changed.
    pub(super) fn update_status(&self, change: impl FnOnce(&mut SaveStatus)) {
        let before = self.status.get_untracked();
        let mut status = before.clone();
        change(&mut status);
        let machine = self.machine.borrow();
        status.saved_to = machine.saved_to();
        status.failure = machine.failure();
        status.conflicts = machine.conflicts().cloned().collect();
        status.since = match (before.saved_to, status.saved_to) {
            (_, SavedTo::Server) => machine.base().and_then(|base| self.ports.parse_time(&base.saved_at)),
            (SavedTo::Server | SavedTo::Nowhere, _) => Some(self.ports.now()),
            _ => before.since,
        };
        drop(machine);
        if status != before {
            self.status.set(status);
        }
    }

    /// Calls a function once the draft is in a state: at once if it is already.
    pub(super) fn wait(&self, until: Until, then: Box<dyn FnOnce()>) {
        self.form.sync_controls();
        self.waiting.borrow_mut().push((until, then));
        self.dispatch(Event::Flush);
    }

    fn serve_waiting(&self) {
        let saved_to = self.machine.borrow().saved_to();
        let (now, later): (Vec<Waiting>, Vec<Waiting>) =
            self.waiting.take().into_iter().partition(|(until, _)| until.is_reached(saved_to));
        self.waiting.borrow_mut().extend(later);
        now.into_iter().for_each(|(_, then)| then());
    }
}
