//! Network as the browser knows it.

/// Returns whether the browser believes that it is online.
#[must_use]
pub fn is_online() -> bool {
    super::window().is_none_or(|window| window.navigator().on_line())
}
