//! Events of the window.

#[cfg(target_arch = "wasm32")]
pub use leptos::leptos_dom::helpers::{WindowListenerHandle, window_event_listener_untyped};

#[cfg(not(target_arch = "wasm32"))]
pub use stand_in::{WindowListenerHandle, window_event_listener_untyped};

#[cfg(not(target_arch = "wasm32"))]
mod stand_in {
    /// Handle of a listener that is never called.
    #[derive(Debug)]
    pub struct WindowListenerHandle;

    impl WindowListenerHandle {
        /// Removes the listener.
        pub fn remove(self) {}
    }

    /// Drops the listener: without a window there are no events.
    pub fn window_event_listener_untyped(
        _name: &str,
        _listener: impl Fn(web_sys::Event) + 'static,
    ) -> WindowListenerHandle {
        WindowListenerHandle
    }
}
