//! Group of fields under a name of its own.

use leptos::prelude::*;

use crate::components::{heading, paragraph};
use crate::html;

/// Shows fields under a name, which tells alike fields apart.
#[component]
pub(super) fn FieldGroup(
    /// The name.
    name: &'static str,
    /// A sentence on whom or what the fields are about.
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
