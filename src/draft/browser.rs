//! The browser behind the driver's ports.

use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::document;
use web_sys::VisibilityState;

use super::ports::{CopyStorage, Ports, Receive, Subscription, TabChannel, TabMessage, Task, WindowEvent};
use super::tabs::{Channel, TabLock};
use crate::browser::events::{WindowListenerHandle, window_event_listener_untyped};
use crate::browser::timers::{TimeoutHandle, set_timeout_with_handle};
use crate::browser::unload::UnloadPrompt;
use crate::browser::{network, random};
use crate::clock;
use crate::device::{DeviceStorage, Persistence};
use crate::effect;

/// The browser that shows the page.
pub struct Browser;

/// Ports of the driver: the browser itself, which the program then calls directly; in tests, any implementation.
#[cfg(not(test))]
pub type AnyBrowser = Browser;
/// Ports of the driver: the browser itself, which the program then calls directly; in tests, any implementation.
#[cfg(test)]
pub type AnyBrowser = dyn Ports;

/// Storage of copies: the device itself, which the program then calls directly; in tests, any implementation.
#[cfg(not(test))]
pub type AnyStorage = DeviceStorage;
/// Storage of copies: the device itself, which the program then calls directly; in tests, any implementation.
#[cfg(test)]
pub type AnyStorage = dyn CopyStorage;

impl Ports for Browser {
    fn now(&self) -> u64 {
        clock::now()
    }

    fn parse_time(&self, rfc3339: &str) -> Option<u64> {
        clock::parse(rfc3339)
    }

    fn random(&self) -> u32 {
        random::number()
    }

    fn is_online(&self) -> bool {
        network::is_online()
    }

    fn spawn(&self, task: Task) {
        effect::spawn(task);
    }

    fn set_timer(&self, after: u32, fire: Box<dyn FnOnce()>) -> Subscription {
        Box::new(Timer(set_timeout_with_handle(fire, Duration::from_millis(u64::from(after))).ok()))
    }

    fn request_lock(&self, name: &str, granted: Box<dyn Fn()>) -> Subscription {
        Box::new(TabLock::request(name, granted))
    }

    fn open_channel(&self, key: &str, receive: Receive) -> Box<dyn TabChannel> {
        Box::new(Channel::open(key, receive))
    }

    fn watch_window(&self, notify: Rc<dyn Fn(WindowEvent)>) -> Subscription {
        let listen = |name: &'static str, event: fn() -> WindowEvent| {
            let notify = Rc::clone(&notify);
            Listener(Some(window_event_listener_untyped(name, move |_| notify(event()))))
        };
        Box::new([
            listen("online", || WindowEvent::Online),
            listen("offline", || WindowEvent::Offline),
            listen("focus", || WindowEvent::LookedAt),
            listen("visibilitychange", || match document().visibility_state() {
                VisibilityState::Hidden => WindowEvent::Hidden,
                _ => WindowEvent::LookedAt,
            }),
            listen("pagehide", || WindowEvent::Left),
            listen("pageshow", || WindowEvent::Shown),
        ])
    }

    fn ask_before_closing(&self, would_lose: Box<dyn Fn() -> bool>) -> Subscription {
        Box::new(UnloadPrompt::new(would_lose))
    }
}

struct Timer(Option<TimeoutHandle>);

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(timer) = self.0.take() {
            timer.clear();
        }
    }
}

struct Listener(Option<WindowListenerHandle>);

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(listener) = self.0.take() {
            listener.remove();
        }
    }
}

impl CopyStorage for DeviceStorage {
    fn persistence(&self) -> Persistence {
        self.persistence()
    }

    fn key(&self, name: &str) -> String {
        self.key(name)
    }

    fn read(&self, name: &str) -> Option<String> {
        self.read(name)
    }

    fn write(&self, name: &str, value: &str) -> Persistence {
        self.write(name, value)
    }

    fn erase(&self, name: &str) {
        self.erase(name);
    }

    fn erase_stored(&self, name: &str) {
        self.erase_stored(name);
    }

    fn names(&self, prefix: &str) -> Vec<String> {
        self.names(prefix)
    }

    fn mark(&self, name: &str) {
        self.mark(name);
    }

    fn is_marked(&self, name: &str) -> bool {
        self.is_marked(name)
    }

    fn set_shared(&self, shared: bool, prefixes: &[&str]) {
        self.set_shared(shared, prefixes);
    }

    fn tell_tabs(&self, key: &str, message: TabMessage) {
        Channel::open(key, Rc::new(|_| {})).send(message);
    }
}
