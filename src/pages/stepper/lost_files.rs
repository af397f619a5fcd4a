//! Files whose upload ended when the page was left.

use leptos::prelude::*;

use super::state::StepperState;
use crate::components::{heading, paragraph};
use crate::effect::computed;
use crate::html::{self, li, live, ul};
use crate::steps::link_to;
use crate::texts::files::LOST;

/// Lists the files that did not arrive, each with a link to where it can be chosen again.
#[component]
pub(super) fn LostFiles(stepper: StepperState) -> impl IntoView {
    let uploads = stepper.context.uploads;
    // A memo, so that the progress of other files draws nothing here.
    let names = computed(move |_| {
        uploads
            .lost()
            .iter()
            .fold(String::new(), |names, (field, name)| [&names, "/", field.path(), "/", name].concat())
    });
    live(move || {
        (!names.with(String::is_empty)).then(|| {
            let lost = untrack(|| uploads.lost());
            let id = stepper.context.draft.id();
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
