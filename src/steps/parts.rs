//! Parts that several steps share: a titled part, and help that opens.

use leptos::prelude::*;

use crate::components::{heading, paragraph};
use crate::html::{self, details, div};

/// Shows a part of a step under a name of its own, which tells alike fields apart.
#[component]
pub(super) fn Part(
    /// The name.
    name: &'static str,
    /// A sentence on whom or what the part is about.
    about: &'static str,
    children: Children,
) -> impl IntoView {
    let id = ["part-", name].concat().replace(' ', "-");
    html::section()
        .attr("class", "section")
        .attr("role", "group")
        .attr("aria-labelledby", id.clone())
        .child(heading(2, name).attr("id", id))
        .child(paragraph(about).attr("class", "hint"))
        .child(children())
}

/// Shows help that opens on demand.
#[component]
pub(super) fn Help(
    /// The question that the help answers.
    question: &'static str,
    children: Children,
) -> impl IntoView {
    details().attr("class", "help").child(html::summary().child(question)).child(div().child(children()))
}
