//! Files that were on their way when the page was left: which did not arrive, and where to choose them again.
use leptos::prelude::*;

use super::state::StepperState;
use crate::components::{heading, paragraph};
use crate::effect::computed;
use crate::html::{self, li, live, ul};
use crate::steps::link_to;
use crate::texts::files::LOST;

/// Shows the files, if there are any.
#[component]
pub(super) fn LostFiles(stepper: StepperState) -> impl IntoView {
    let uploads = stepper.filling.uploads;
    // Whatever else is sent meanwhile, it is drawn again only when something of it changes.
    let names = computed(move |_| {
        uploads
            .lost()
            .iter()
            .fold(String::new(), |names, (field, name)| [&names, "/", field.path(), "/", name].concat())
    });
    live(move || {
        (!names.with(String::is_empty)).then(|| {
            let lost = untrack(|| uploads.lost());
            let id = stepper.filling.draft.id();
            let items: Vec<_> = lost
                .iter()
                .map(|(field, name)| li().child(link_to(&id, *field, name).attr("translate", "no")))
                .collect();
            html::section()
                .attr("class", "note")
                .child(heading(2, LOST.0))
                .child(paragraph(LOST.1))
                .child(ul().child(items))
        })
    })
}
