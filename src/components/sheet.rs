//! The sheets that pages of text are, and their parts.

use leptos::prelude::*;

use super::elements::{button, heading, paragraph};
use crate::context::Focus;
use crate::html::{self, Element, article, div};

/// Shows a page of text under its heading.
#[component]
pub fn Sheet(
    /// The heading, which also names the page.
    #[prop(into)]
    title: String,
    children: Children,
) -> impl IntoView {
    let focus = Focus::get();
    focus.open_page(&title);
    let sheet = article().attr("class", "card").child(heading(1, title)).child(children());
    div().attr("class", "page").child(sheet)
}

/// Shows a part of a page under a heading of its own.
#[component]
pub fn Section(
    /// The heading.
    title: &'static str,
    children: Children,
) -> impl IntoView {
    html::section().attr("class", "section").child(heading(2, title)).child(children())
}

/// Stands in the place of a page while it is not known yet what to show.
#[component]
pub fn Waiting() -> impl IntoView {
    let words = paragraph("Un instant…").attr("class", "card waiting").attr("role", "status");
    div().attr("class", "page").child(words)
}

/// A button that loads the page again.
#[must_use]
pub fn reload() -> Element {
    button("button primary", "Recharger la page", || {
        // Where it is refused, the person can do it.
        let _ = window().location().reload();
    })
}
