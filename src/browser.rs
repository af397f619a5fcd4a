//! Ports to the browser: each knows one of its interfaces and nothing of the page.
//!
//! Outside of a browser (`cargo test`, prerendering) each has a stand-in: no window, an empty storage, a clock and timers that
//! tests set, random numbers in a fixed order.

pub mod clipboard;
pub mod deadline;
pub mod events;
pub mod file;
pub mod location;
pub mod network;
pub mod paris;
pub mod pointer;
pub mod random;
pub mod time;
pub mod timers;
pub mod unicode;
pub mod unload;
pub mod visibility;

/// Returns the window; none outside of a browser.
#[must_use]
pub fn window() -> Option<web_sys::Window> {
    if cfg!(target_arch = "wasm32") { web_sys::window() } else { None }
}
