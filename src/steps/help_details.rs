//! Help that opens on demand.

use leptos::prelude::*;

use crate::html::{details, div, summary};

/// Shows help that opens on demand.
#[component]
pub(super) fn HelpDetails(
    /// The question that the help answers.
    question: &'static str,
    children: Children,
) -> impl IntoView {
    details().attr("class", "help").child(summary().child(question)).child(div().child(children()))
}
