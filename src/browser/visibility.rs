//! Visibility of the page.

#[cfg(target_arch = "wasm32")]
pub use browser::is_visible;
#[cfg(not(target_arch = "wasm32"))]
pub use stand_in::{is_visible, set_visible};

#[cfg(target_arch = "wasm32")]
mod browser {
    use super::super::window;

    /// Returns whether the page is on the screen.
    #[must_use]
    pub fn is_visible() -> bool {
        window().and_then(|window| window.document()).is_some_and(|document| !document.hidden())
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod stand_in {
    use std::cell::Cell;

    thread_local! {
        static VISIBLE: Cell<bool> = const { Cell::new(true) };
    }

    /// Returns whether the page is on the screen, as it was set.
    #[must_use]
    pub fn is_visible() -> bool {
        VISIBLE.get()
    }

    /// Sets whether the page is on the screen.
    pub fn set_visible(visible: bool) {
        VISIBLE.set(visible);
    }
}
