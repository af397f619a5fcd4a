//! A browser of fake time, whose tabs share storage, locks and channels.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};
use std::task::{Context, Waker};

use crate::device::Persistence;
use crate::draft::ports::{CopyStorage, Ports, Receive, Subscription, TabChannel, TabMessage, Task, WindowEvent};

/// Time at which every test begins, in milliseconds since 1970.
pub(super) const START: u64 = 1_000_000;

/// Called with the name of what a tab asks of the browser, before it is done.
type Hook = Rc<dyn Fn(&str)>;

/// Told of what happens to the window.
type Notify = Rc<dyn Fn(WindowEvent)>;

struct Timer {
    due: u64,
    fire: Box<dyn FnOnce()>,
    /// Ends with the subscription, whose end stops the timer.
    alive: Option<Weak<()>>,
}

struct Waiting {
    name: String,
    granted: Rc<dyn Fn()>,
    alive: Weak<()>,
}

struct Listening {
    key: String,
    tab: usize,
    receive: Receive,
    alive: Weak<()>,
}

/// The browser, as its tabs share it.
#[derive(Default)]
pub(super) struct FakeBrowser {
    now: Cell<u64>,
    timers: RefCell<Vec<Timer>>,
    tasks: RefCell<Vec<Task>>,
    /// Locks that are held.
    held: RefCell<Vec<(String, Weak<()>)>>,
    waiting: RefCell<Vec<Waiting>>,
    listening: RefCell<Vec<Listening>>,
    messages: RefCell<Vec<(String, usize, TabMessage)>>,
    stored: RefCell<BTreeMap<String, String>>,
    memory: RefCell<BTreeMap<(usize, String), String>>,
    pub(super) refuses_writes: Cell<bool>,
    tabs: Cell<usize>,
}

/// A tab of it.
#[derive(Clone)]
pub(super) struct FakeTab {
    pub(super) browser: Rc<FakeBrowser>,
    number: usize,
    window: Rc<RefCell<Option<Notify>>>,
    hook: Rc<RefCell<Option<Hook>>>,
    log: Rc<RefCell<Vec<String>>>,
}

impl FakeBrowser {
    pub(super) fn new() -> Rc<Self> {
        Rc::new(Self { now: Cell::new(START), ..Self::default() })
    }

    pub(super) fn open_tab(self: &Rc<Self>) -> FakeTab {
        self.tabs.set(self.tabs.get() + 1);
        FakeTab {
            browser: Rc::clone(self),
            number: self.tabs.get(),
            window: Rc::default(),
            hook: Rc::default(),
            log: Rc::default(),
        }
    }

    pub(super) fn now(&self) -> u64 {
        self.now.get()
    }

    /// Returns the text that is stored under a key that ends so.
    pub(super) fn stored(&self, end: &str) -> Option<String> {
        self.stored.borrow().iter().find(|(key, _)| key.ends_with(end)).map(|(_, text)| text.clone())
    }

    /// Does something after so many milliseconds.
    pub(super) fn later(&self, milliseconds: u64, fire: impl FnOnce() + 'static) {
        self.set_timer(milliseconds, Box::new(fire), None);
    }

    fn set_timer(&self, after: u64, fire: Box<dyn FnOnce()>, alive: Option<Weak<()>>) {
        self.timers.borrow_mut().push(Timer { due: self.now.get() + after, fire, alive });
    }

    /// Lets so many milliseconds pass, with all that happens in them.
    pub(super) fn advance(&self, milliseconds: u64) {
        let end = self.now.get() + milliseconds;
        loop {
            self.settle();
            let next = self.timers.borrow().iter().map(|timer| timer.due).min().filter(|due| *due <= end);
            let Some(due) = next else { break };
            self.now.set(due);
            let mut timers = self.timers.borrow_mut();
            let place = timers.iter().position(|timer| timer.due == due).unwrap();
            let timer = timers.remove(place);
            drop(timers);
            if timer.alive.is_none_or(|alive| alive.strong_count() > 0) {
                (timer.fire)();
            }
        }
        self.now.set(end);
    }

    /// Does everything that waits for nothing: tasks, messages, locks.
    pub(super) fn settle(&self) {
        for _ in 0..1_000 {
            let moved = [self.run_tasks(), self.deliver(), self.grant()];
            if moved == [false; 3] {
                return;
            }
        }
        panic!("it goes on for ever");
    }

    fn run_tasks(&self) -> bool {
        let tasks = self.tasks.take();
        let before = tasks.len();
        let mut left = Vec::new();
        for mut task in tasks {
            if task.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
                left.push(task);
            }
        }
        let moved = left.len() < before || !self.tasks.borrow().is_empty();
        self.tasks.borrow_mut().splice(0..0, left);
        moved
    }

    fn deliver(&self) -> bool {
        let messages = self.messages.take();
        for (key, from, message) in &messages {
            let listening = self.listening.borrow();
            let is_told =
                |other: &&Listening| other.key == *key && other.tab != *from && other.alive.strong_count() > 0;
            let told: Vec<Receive> = listening.iter().filter(is_told).map(|other| Rc::clone(&other.receive)).collect();
            drop(listening);
            told.iter().for_each(|receive| receive(*message));
        }
        !messages.is_empty()
    }

    fn grant(&self) -> bool {
        self.held.borrow_mut().retain(|(_, alive)| alive.strong_count() > 0);
        self.waiting.borrow_mut().retain(|waiting| waiting.alive.strong_count() > 0);
        let is_free = |waiting: &Waiting| self.held.borrow().iter().all(|(name, _)| *name != waiting.name);
        let place = self.waiting.borrow().iter().position(is_free);
        let Some(place) = place else { return false };
        let Waiting { name, granted, alive } = self.waiting.borrow_mut().remove(place);
        self.held.borrow_mut().push((name, alive));
        granted();
        true
    }
}

impl FakeTab {
    /// Tells the tab what happens to its window.
    pub(super) fn window(&self, event: WindowEvent) {
        let notify = self.window.borrow().clone();
        notify.expect("the tab is open")(event);
    }

    /// Calls something before each thing that the tab asks of the browser.
    pub(super) fn on_call(&self, hook: impl Fn(&str) + 'static) {
        self.hook.replace(Some(Rc::new(hook)));
    }

    /// Returns the calls that the tab made to the browser since this was last called.
    pub(super) fn calls(&self) -> Vec<String> {
        self.log.take()
    }

    pub(super) fn log(&self, call: &str) {
        self.log.borrow_mut().push(call.to_owned());
        let hook = self.hook.borrow().clone();
        if let Some(hook) = hook {
            hook(call);
        }
    }
}

impl Ports for FakeTab {
    fn now(&self) -> u64 {
        self.browser.now()
    }

    fn parse_time(&self, rfc3339: &str) -> Option<u64> {
        rfc3339.parse().ok()
    }

    fn random(&self) -> u32 {
        u32::try_from(self.number).unwrap()
    }

    fn is_online(&self) -> bool {
        true
    }

    fn spawn(&self, task: Task) {
        self.browser.tasks.borrow_mut().push(task);
    }

    fn set_timer(&self, after: u32, fire: Box<dyn FnOnce()>) -> Subscription {
        self.log(&format!("timer {after}"));
        let alive = Rc::new(());
        self.browser.set_timer(after.into(), fire, Some(Rc::downgrade(&alive)));
        Box::new(alive)
    }

    fn request_lock(&self, name: &str, granted: Box<dyn Fn()>) -> Subscription {
        self.log("lock");
        let alive = Rc::new(());
        let waiting = Waiting { name: name.to_owned(), granted: Rc::from(granted), alive: Rc::downgrade(&alive) };
        self.browser.waiting.borrow_mut().push(waiting);
        Box::new(Lock { tab: self.clone(), _alive: alive })
    }

    fn open_channel(&self, key: &str, receive: Receive) -> Box<dyn TabChannel> {
        let alive = Rc::new(());
        let listening = Listening { key: key.to_owned(), tab: self.number, receive, alive: Rc::downgrade(&alive) };
        self.browser.listening.borrow_mut().push(listening);
        Box::new(FakeChannel { tab: self.clone(), key: key.to_owned(), _alive: alive })
    }

    fn watch_window(&self, notify: Rc<dyn Fn(WindowEvent)>) -> Subscription {
        self.window.replace(Some(notify));
        Box::new(())
    }

    fn ask_before_closing(&self, _would_lose: Box<dyn Fn() -> bool>) -> Subscription {
        Box::new(())
    }
}

struct Lock {
    tab: FakeTab,
    _alive: Rc<()>,
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.tab.log("unlock");
    }
}

struct FakeChannel {
    tab: FakeTab,
    key: String,
    _alive: Rc<()>,
}

impl TabChannel for FakeChannel {
    fn send(&self, message: TabMessage) {
        self.tab.tell_tabs(&self.key, message);
    }
}

impl CopyStorage for FakeTab {
    fn persistence(&self) -> Persistence {
        Persistence::Local
    }

    fn key(&self, name: &str) -> String {
        ["habilitation:", name].concat()
    }

    fn read(&self, name: &str) -> Option<String> {
        let remembered = self.browser.memory.borrow().get(&(self.number, name.to_owned())).cloned();
        remembered.or_else(|| self.browser.stored.borrow().get(name).cloned())
    }

    fn write(&self, name: &str, value: &str) -> Persistence {
        self.log("write");
        let in_memory = (self.number, name.to_owned());
        if self.browser.refuses_writes.get() {
            self.browser.memory.borrow_mut().insert(in_memory, value.to_owned());
            return Persistence::Memory;
        }
        self.browser.memory.borrow_mut().remove(&in_memory);
        self.browser.stored.borrow_mut().insert(name.to_owned(), value.to_owned());
        Persistence::Local
    }

    fn erase(&self, name: &str) {
        self.browser.memory.borrow_mut().remove(&(self.number, name.to_owned()));
        self.erase_stored(name);
    }

    fn erase_stored(&self, name: &str) {
        self.log("erase");
        self.browser.stored.borrow_mut().remove(name);
    }

    fn names(&self, prefix: &str) -> Vec<String> {
        self.browser.stored.borrow().keys().filter(|name| name.starts_with(prefix)).cloned().collect()
    }

    fn mark(&self, name: &str) {
        self.browser.memory.borrow_mut().insert((self.number, name.to_owned()), String::new());
    }

    fn is_marked(&self, name: &str) -> bool {
        self.browser.memory.borrow().contains_key(&(self.number, name.to_owned()))
    }

    fn set_shared(&self, _shared: bool, _prefixes: &[&str]) {}

    fn tell_tabs(&self, key: &str, message: TabMessage) {
        self.browser.messages.borrow_mut().push((key.to_owned(), self.number, message));
    }
}
