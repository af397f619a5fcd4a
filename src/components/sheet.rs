//! Pages of text and their sections.

use leptos::prelude::*;

use super::elements::{PENDING, button, heading, paragraph};
use crate::context::Focus;
use crate::html::{self, Element, article, div};

/// Shows a page of text under its heading.
#[component]
pub fn Sheet(
    /// Heading, which also is the title of the page.
    #[prop(into)]
    title: String,
    children: Children,
) -> impl IntoView {
    let focus = Focus::get();
    focus.open_page(&title);
    let sheet = article().attr("class", "card").child(heading(1, title)).child(children());
    div().attr("class", "page").child(sheet)
}

/// Shows a section of a page under its heading.
#[component]
pub fn Section(
    /// Heading.
    title: &'static str,
    children: Children,
) -> impl IntoView {
    html::section().attr("class", "section").child(heading(2, title)).child(children())
}

/// Shows that the page is waiting for data.
#[component]
pub fn Waiting() -> impl IntoView {
    let words = paragraph("Un instant…").attr("class", "card waiting").attr("role", "status").attr(PENDING, "");
    div().attr("class", "page").child(words)
}

/// Returns a button that reloads the page.
#[must_use]
pub fn reload() -> Element {
    button("button primary", "Recharger la page", || {
        // A refused reload leaves the browser's own button.
        let _ = window().location().reload();
    })
}
