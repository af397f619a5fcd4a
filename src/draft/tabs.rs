//! Other tabs of this browser: messages between them, and a lock by which one of them sends at a time.
//!
//! Where a browser lacks channels, messages travel by the `storage` event; where it lacks locks, every tab may send, and the
//! server refuses to let one overwrite another.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::ports::{Receive, TabChannel, TabMessage};
use crate::browser::events::{WindowListenerHandle, window_event_listener_untyped};
use crate::device;
use crate::effect::spawn;

#[wasm_bindgen]
extern "C" {
    type BroadcastChannel;
    #[wasm_bindgen(constructor, catch)]
    fn new(name: &str) -> Result<BroadcastChannel, JsValue>;
    #[wasm_bindgen(method, catch, js_name = postMessage)]
    fn post_message(this: &BroadcastChannel, message: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method)]
    fn close(this: &BroadcastChannel);
    #[wasm_bindgen(method, setter)]
    fn set_onmessage(this: &BroadcastChannel, hear: &JsValue);

    type LockManager;
    #[wasm_bindgen(method, catch)]
    fn request(this: &LockManager, name: &str, options: &JsValue, granted: &JsValue) -> Result<Promise, JsValue>;

    type AbortController;
    #[wasm_bindgen(constructor)]
    fn new_controller() -> AbortController;
    #[wasm_bindgen(method)]
    fn abort(this: &AbortController);
    #[wasm_bindgen(method, getter)]
    fn signal(this: &AbortController) -> JsValue;
}

type Listener = Closure<dyn Fn(JsValue)>;

/// Channel to the tabs that use one key of the storage, open until it is dropped.
///
/// Where browsers have channels, other channels of this tab receive the messages too.
pub struct Channel {
    /// Key of the storage that carries messages, where there are no channels.
    storage_key: String,
    broadcast: Option<(BroadcastChannel, Listener)>,
    storage: Option<WindowListenerHandle>,
}

impl Channel {
    /// Opens the channel of a key.
    #[must_use]
    pub fn open(key: &str, receive: Receive) -> Self {
        let channel = if cfg!(target_arch = "wasm32") { BroadcastChannel::new(key).ok() } else { None };
        let broadcast = channel.map(|channel| {
            let receive = Rc::clone(&receive);
            let closure: Listener = Closure::wrap(Box::new(move |event| {
                receive(TabMessage::parse(&member(&event, "data").as_string().unwrap_or_default()));
            }));
            channel.set_onmessage(closure.as_ref());
            (channel, closure)
        });
        let storage_key = [key, "!"].concat();
        let (key, message_key) = (key.to_owned(), storage_key.clone());
        let storage = window_event_listener_untyped("storage", move |event| {
            let changed = member(&event, "key").as_string().unwrap_or_default();
            if changed == key {
                receive(TabMessage::Changed);
            } else if changed == message_key
                && let Some(message) = member(&event, "newValue").as_string()
            {
                receive(TabMessage::parse(&message));
            }
        });
        Self { storage_key, broadcast, storage: Some(storage) }
    }
}

impl TabChannel for Channel {
    fn send(&self, message: TabMessage) {
        if let Some((channel, _)) = &self.broadcast {
            // An error means that the channel is closed: this tab has ended.
            let _ = channel.post_message(&message.as_str().into());
        } else if message != TabMessage::Changed {
            // A changed copy sends an event of its own.
            device::pass(&self.storage_key, message.as_str());
        }
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        if let Some((channel, _)) = &self.broadcast {
            channel.close();
        }
        if let Some(listener) = self.storage.take() {
            listener.remove();
        }
    }
}

/// Lock among the tabs, requested or held until it is dropped.
pub struct TabLock(Rc<Request>);

struct Request {
    ended: Cell<bool>,
    granted: Box<dyn Fn()>,
    /// Releases the lock, once it is held.
    release: RefCell<Option<Function>>,
    /// Cancels the request, until the lock is held.
    controller: Option<AbortController>,
}

impl TabLock {
    /// Requests the lock of a name. It is never granted before this returns.
    #[must_use]
    pub fn request(name: &str, granted: Box<dyn Fn()>) -> Self {
        let is_browser = cfg!(target_arch = "wasm32");
        let locks = if is_browser { member(&window().navigator(), "locks") } else { JsValue::UNDEFINED };
        let controller = (is_browser && !locks.is_undefined()).then(AbortController::new_controller);
        let requested = Rc::new(Request { ended: Cell::new(false), granted, release: RefCell::new(None), controller });
        let answer = requested.controller.as_ref().and_then(|controller| {
            let options = Object::new();
            Reflect::set(&options, &"signal".into(), &controller.signal()).ok()?;
            let request = Rc::clone(&requested);
            let granted = Closure::once_into_js(move |_: JsValue| request.grant());
            locks.unchecked_ref::<LockManager>().request(name, &options, &granted).ok()
        });
        let without = Rc::clone(&requested);
        spawn(async move {
            let refused = match answer {
                Some(answer) => JsFuture::from(answer).await.is_err(),
                None => true,
            };
            // Without locks, or where they are refused, the lock is granted at once.
            if refused && !without.ended.get() {
                without.grant();
            }
        });
        Self(requested)
    }
}

impl Request {
    /// Notes that the lock is held. The promise that is returned keeps it until it is released.
    fn grant(&self) -> JsValue {
        if self.ended.get() {
            return JsValue::UNDEFINED;
        }
        if cfg!(not(target_arch = "wasm32")) {
            (self.granted)();
            return JsValue::UNDEFINED;
        }
        let held = Promise::new(&mut |release, _| {
            self.release.replace(Some(release));
        });
        (self.granted)();
        held.into()
    }
}

impl Drop for TabLock {
    fn drop(&mut self) {
        let Self(request) = self;
        request.ended.set(true);
        if let Some(release) = request.release.take() {
            // Settling a promise never fails.
            let _ = release.call0(&JsValue::UNDEFINED);
        } else if let Some(controller) = &request.controller {
            controller.abort();
        }
    }
}

fn member(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or_default()
}
