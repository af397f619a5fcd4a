//! The question that the browser asks before the page closes.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use js_sys::Reflect;
use leptos::leptos_dom::helpers::WindowListenerHandle;
use leptos::prelude::window_event_listener_untyped;

type IsLost = dyn Fn() -> bool;

thread_local! {
    static ASKING: RefCell<Vec<Weak<IsLost>>> = const { RefCell::new(Vec::new()) };
}

/// Has the browser ask, until it is dropped.
pub struct Question {
    listening: Option<WindowListenerHandle>,
    _something_is_lost: Rc<IsLost>,
}

impl Question {
    /// Asks whenever something would be lost.
    #[must_use]
    pub fn ask_where(something_is_lost: impl Fn() -> bool + 'static) -> Self {
        let something_is_lost: Rc<IsLost> = Rc::new(something_is_lost);
        ASKING.with_borrow_mut(|asking| {
            asking.retain(|asked| asked.strong_count() > 0);
            asking.push(Rc::downgrade(&something_is_lost));
        });
        // A listener that was removed lives on, in JavaScript: what it holds must not.
        let asked = Rc::downgrade(&something_is_lost);
        let listening = window_event_listener_untyped("beforeunload", move |event| {
            if asked.upgrade().is_some_and(|something_is_lost| something_is_lost()) {
                event.prevent_default();
                // Browsers before 2024 ask for this.
                let _ = Reflect::set(&event, &"returnValue".into(), &true.into());
            }
        });
        Self { listening: Some(listening), _something_is_lost: something_is_lost }
    }
}

impl Drop for Question {
    fn drop(&mut self) {
        if let Some(listening) = self.listening.take() {
            listening.remove();
        }
    }
}

/// Whether closing the page now would lose something.
#[must_use]
pub fn would_lose_something() -> bool {
    let asking: Vec<_> = ASKING.with_borrow(|asking| asking.iter().filter_map(Weak::upgrade).collect());
    asking.iter().any(|something_is_lost| something_is_lost())
}
