//! Address of the window, and other addresses that it goes to.

#[cfg(target_arch = "wasm32")]
pub use browser::{go, query};
#[cfg(not(target_arch = "wasm32"))]
pub use stand_in::{go, query, set_query, went_to};

#[cfg(target_arch = "wasm32")]
mod browser {
    use super::super::window;

    /// Returns the query of the address, without its question mark.
    #[must_use]
    pub fn query() -> String {
        let search = window().and_then(|window| window.location().search().ok()).unwrap_or_default();
        search.trim_start_matches('?').to_owned()
    }

    /// Leaves the page for another address.
    pub fn go(address: &str) {
        // One that the browser refuses leaves the page as it is.
        let _ = window().map(|window| window.location().assign(address));
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod stand_in {
    use std::cell::RefCell;

    thread_local! {
        static QUERY: RefCell<String> = const { RefCell::new(String::new()) };
        static WENT_TO: RefCell<Option<String>> = const { RefCell::new(None) };
    }

    /// Returns the query that was set.
    #[must_use]
    pub fn query() -> String {
        QUERY.with_borrow(Clone::clone)
    }

    /// Sets the query of the address.
    pub fn set_query(query: &str) {
        QUERY.set(query.to_owned());
    }

    /// Notes the address.
    pub fn go(address: &str) {
        WENT_TO.set(Some(address.to_owned()));
    }

    /// Returns the address that the page was left for, once.
    #[must_use]
    pub fn went_to() -> Option<String> {
        WENT_TO.take()
    }
}
