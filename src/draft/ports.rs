//! Ports through which the driver reaches a browser, or a test in its place.

use std::any::Any;
use std::pin::Pin;
use std::rc::Rc;

use crate::device::Persistence;

/// Timer, lock or listener, which lasts until it is dropped.
pub type Subscription = Box<dyn Any>;

/// Task that runs beside the others, to its end.
pub type Task = Pin<Box<dyn Future<Output = ()>>>;

/// Receiver of the messages of other tabs.
pub type Receive = Rc<dyn Fn(TabMessage)>;

/// Event of the window in which the page is shown.
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

/// Browser, as far as the driver needs one.
pub trait Ports {
    /// Returns the time, in milliseconds since 1970.
    fn now(&self) -> u64;

    /// Returns a moment (RFC 3339) in milliseconds since 1970.
    fn parse_time(&self, rfc3339: &str) -> Option<u64>;

    /// Returns a random number, to spread retries.
    fn random(&self) -> u32;

    /// Returns whether the browser knows of a network.
    fn is_online(&self) -> bool;

    /// Runs a task.
    fn spawn(&self, task: Task);

    /// Calls a function after a number of milliseconds, unless the subscription is dropped before.
    fn set_timer(&self, after: u32, fire: Box<dyn FnOnce()>) -> Subscription;

    /// Requests a lock among the tabs of this browser. It is never granted before this returns, and held until the subscription is
    /// dropped.
    fn request_lock(&self, name: &str, granted: Box<dyn Fn()>) -> Subscription;

    /// Opens a channel to the tabs that use the same key.
    fn open_channel(&self, key: &str, receive: Receive) -> Box<dyn TabChannel>;

    /// Listens to the events of the window.
    fn watch_window(&self, notify: Rc<dyn Fn(WindowEvent)>) -> Subscription;

    /// Makes the browser ask for confirmation before the page closes, whenever something would be lost.
    fn ask_before_closing(&self, would_lose: Box<dyn Fn() -> bool>) -> Subscription;
}

/// Channel to other tabs, open until it is dropped.
pub trait TabChannel {
    /// Sends a message to the other tabs.
    fn send(&self, message: TabMessage);
}

/// Storage of this device for the copies of drafts: values under names, whose keys no other instance of the service shares.
pub trait CopyStorage {
    /// Returns the time for which values that are written now stay.
    fn persistence(&self) -> Persistence;

    /// Returns the key of a name, which tabs of one browser share.
    fn key(&self, name: &str) -> String;

    /// Returns the value of a name.
    fn read(&self, name: &str) -> Option<String>;

    /// Writes a value, and returns the time for which it stays.
    fn write(&self, name: &str, value: &str) -> Persistence;

    /// Erases the value of a name.
    fn erase(&self, name: &str);

    /// Erases an outdated value from the storage, and leaves the one in memory.
    fn erase_stored(&self, name: &str);

    /// Returns the names with the given prefix that have a value, sorted.
    fn names(&self, prefix: &str) -> Vec<String>;

    /// Marks a name for as long as the tab lasts.
    fn mark(&self, name: &str);

    /// Returns whether a name was marked in this tab.
    fn is_marked(&self, name: &str) -> bool;

    /// Declares the computer as shared or not, and moves the values with the given prefixes.
    fn set_shared(&self, shared: bool, prefixes: &[&str]);

    /// Sends a message to the tabs that use a key.
    fn tell_tabs(&self, key: &str, message: TabMessage);
}

/// Message that tabs of one browser send each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TabMessage {
    /// The device's copy of the draft has changed.
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

    /// Reads a message. An unknown one, of a newer page, counts as a changed copy.
    pub(super) fn parse(text: &str) -> Self {
        let all = [Self::Submitted, Self::Deleted, Self::Erased, Self::SignedIn];
        all.into_iter().find(|message| message.as_str() == text).unwrap_or(Self::Changed)
    }
}
