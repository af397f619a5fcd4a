//! The question that the browser asks before the page closes.

use js_sys::Reflect;
use leptos::leptos_dom::helpers::WindowListenerHandle;
use leptos::prelude::window_event_listener_untyped;

/// Has the browser ask, until it is dropped.
pub struct Question(Option<WindowListenerHandle>);

impl Question {
    /// Asks whenever something would be lost.
    #[must_use]
    pub fn ask_where(something_is_lost: impl Fn() -> bool + 'static) -> Self {
        Self(Some(window_event_listener_untyped("beforeunload", move |event| {
            if something_is_lost() {
                event.prevent_default();
                // Browsers before 2024 ask for this.
                let _ = Reflect::set(&event, &"returnValue".into(), &true.into());
            }
        })))
    }
}

impl Drop for Question {
    fn drop(&mut self) {
        if let Some(listening) = self.0.take() {
            listening.remove();
        }
    }
}
