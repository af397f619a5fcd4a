//! Questions before what cannot be undone.

use leptos::prelude::*;

use super::elements::button;
use crate::html::{div, span};

/// Asks the person to confirm what cannot be undone. The last button changes nothing.
#[component]
pub fn Confirm(
    /// Name of the group for assistive technology: the action, and on what.
    #[prop(into)]
    about: String,
    /// The question.
    question: &'static str,
    /// Words of the button that confirms.
    yes: &'static str,
    /// Words of the button that cancels.
    no: &'static str,
    /// Acts on the confirmation.
    confirm: impl Fn() + 'static,
    /// Takes the question away.
    cancel: impl Fn() + 'static,
) -> impl IntoView {
    div()
        .attr("class", "confirm")
        .attr("role", "group")
        .attr("aria-label", about)
        .child(span().child(question))
        .child(button("quiet danger", yes, confirm))
        .child(button("quiet", no, cancel))
}
