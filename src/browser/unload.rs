//! Confirmation that the browser asks for before it closes the page (`beforeunload`).

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use js_sys::Reflect;

use super::events::{WindowListenerHandle, window_event_listener_untyped};

type WouldLoseData = dyn Fn() -> bool;

thread_local! {
    static PROMPTS: RefCell<Vec<Weak<WouldLoseData>>> = const { RefCell::new(Vec::new()) };
}

/// Confirmation before the page closes, asked for until this is dropped.
pub struct UnloadPrompt {
    listener: Option<WindowListenerHandle>,
    _would_lose_data: Rc<WouldLoseData>,
}

impl UnloadPrompt {
    /// Asks for confirmation whenever closing the page would lose data.
    #[must_use]
    pub fn new(would_lose_data: impl Fn() -> bool + 'static) -> Self {
        let would_lose_data: Rc<WouldLoseData> = Rc::new(would_lose_data);
        PROMPTS.with_borrow_mut(|prompts| {
            prompts.retain(|prompt| prompt.strong_count() > 0);
            prompts.push(Rc::downgrade(&would_lose_data));
        });
        // JavaScript keeps a removed listener alive: it must not keep what it would hold.
        let prompt = Rc::downgrade(&would_lose_data);
        let listener = window_event_listener_untyped("beforeunload", move |event| {
            if prompt.upgrade().is_some_and(|would_lose_data| would_lose_data()) {
                event.prevent_default();
                // Browsers before 2024 want this property set.
                let _ = Reflect::set(&event, &"returnValue".into(), &true.into());
            }
        });
        Self { listener: Some(listener), _would_lose_data: would_lose_data }
    }
}

impl Drop for UnloadPrompt {
    fn drop(&mut self) {
        if let Some(listener) = self.listener.take() {
            listener.remove();
        }
    }
}

/// Returns whether closing the page now would lose data.
#[must_use]
pub fn would_lose_data() -> bool {
    let prompts: Vec<_> = PROMPTS.with_borrow(|prompts| prompts.iter().filter_map(Weak::upgrade).collect());
    prompts.iter().any(|would_lose_data| would_lose_data())
}
