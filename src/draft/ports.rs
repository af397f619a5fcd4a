//! Ports through which the driver reaches a browser, or a test in its place.

use std::any::Any;
use std::pin::Pin;
use std::rc::Rc;

use crate::device::Persistence;

/// Timer, lock or listener, which lasts until it is dropped.
pub type Subscription = Box<dyn Any>;

/// A task that runs beside the others, to its end.
pub type Task = Pin<Box<dyn Future<Output = ()>>>;

/// Receives what other tabs say.
pub type Receive = Rc<dyn Fn(TabMessage)>;

/// An event of the window in which the page is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowEvent {
    /// The browser found a network.
    Online,
    /// The browser lost the network.
    Offline,
    /// The person looks at the page, for the first time or again.
    LookedAt,
    /// The page is out of sight, and may never be seen again.
    Hidden,
    /// The page is left: it closes, or is kept to come back to.
    Left,
    /// The page is shown, for the first time or again.
    Shown,
}

/// A browser, as far as the driver goes.
pub trait Ports {
    /// Returns the time, in milliseconds since 1970.
    fn now(&self) -> u64;

    /// Returns a moment (RFC 3339) in milliseconds since 1970.
    fn parse_time(&self, rfc3339: &str) -> Option<u64>;

    /// Returns any number, to spread retries.
    fn random(&self) -> u32;

    /// Returns whether the browser knows of a network.
    fn is_online(&self) -> bool;

    /// Runs a task.
    fn spawn(&self, task: Task);

    /// Does something after so many milliseconds, unless the subscription is dropped before.
    fn set_timer(&self, after: u32, fire: Box<dyn FnOnce()>) -> Subscription;

    /// Asks for a lock among the tabs of this browser. It is never granted before this returns, and held until the subscription is
    /// dropped.
    fn request_lock(&self, name: &str, granted: Box<dyn Fn()>) -> Subscription;

    /// Listens to what other tabs say under a key.
    fn open_channel(&self, key: &str, receive: Receive) -> Box<dyn TabChannel>;

    /// Listens to what happens to the window.
    fn watch_window(&self, notify: Rc<dyn Fn(WindowEvent)>) -> Subscription;

    /// Has the browser ask before the page closes, whenever something would be lost.
    fn ask_before_closing(&self, would_lose: Box<dyn Fn() -> bool>) -> Subscription;
}

/// A line to the other tabs, open until it is dropped.
pub trait TabChannel {
    /// Tells the other tabs.
    fn send(&self, message: TabMessage);
}

/// Storage of this device for the copies of drafts: values under names, whose keys no other instance of the service shares.
pub trait CopyStorage {
    /// Returns for how long what is written now will stay.
    fn persistence(&self) -> Persistence;

    /// Returns the key of a name, by which tabs of one browser understand each other.
    fn key(&self, name: &str) -> String;

    /// Returns the value of a name.
    fn read(&self, name: &str) -> Option<String>;

    /// Writes a value, and returns for how long it will stay.
    fn write(&self, name: &str, value: &str) -> Persistence;

    /// Erases the value of a name.
    fn erase(&self, name: &str);

    /// Erases a value that is out of date and could not be written over, though not the one in memory.
    fn erase_stored(&self, name: &str);

    /// Returns the names that have a value and begin so, in order.
    fn names(&self, beginning: &str) -> Vec<String>;

    /// Marks a name for as long as the tab lasts.
    fn mark(&self, name: &str);

    /// Returns whether a name was marked in this tab.
    fn is_marked(&self, name: &str) -> bool;

    /// Takes that the computer is shared or not: the values of names that begin so move along.
    fn share(&self, shared: bool, beginning: &str);

    /// Tells the tabs that listen under a key.
    fn tell(&self, key: &str, message: TabMessage);
}

/// A message that tabs of one browser send each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TabMessage {
    /// The device's copy of the draft is another one.
    Changed,
    /// The request was submitted.
    Submitted,
    /// The draft was deleted.
    Deleted,
    /// The person erased what this device has of the draft.
    Erased,
    /// The person signed in.
    SignedIn,
}

impl TabMessage {
    /// Returns the text that goes between the tabs.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Submitted => "submitted",
            Self::Deleted => "deleted",
            Self::Erased => "erased",
            Self::SignedIn => "signed in",
        }
    }

    /// Reads a message. One that a newer page sends asks at least to look at the copy again.
    pub(super) fn parse(text: &str) -> Self {
        let all = [Self::Submitted, Self::Deleted, Self::Erased, Self::SignedIn];
        all.into_iter().find(|message| message.as_str() == text).unwrap_or(Self::Changed)
    }
}
