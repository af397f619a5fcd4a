//! Events of the window.

#[cfg(target_arch = "wasm32")]
pub use browser::{WindowListenerHandle, window_event_listener_untyped};

#[cfg(not(target_arch = "wasm32"))]
pub use stand_in::{WindowListenerHandle, window_event_listener_untyped};

#[cfg(target_arch = "wasm32")]
mod browser {
    use leptos::leptos_dom::helpers;

    pub use helpers::WindowListenerHandle;

    /// Listens to an event of the window until the handle is removed.
    #[inline]
    #[expect(clippy::disallowed_methods, reason = "the port to it")]
    pub fn window_event_listener_untyped(
        name: &str,
        listener: impl Fn(web_sys::Event) + 'static,
    ) -> WindowListenerHandle {
        helpers::window_event_listener_untyped(name, listener)
    }
}

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
