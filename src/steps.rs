//! The steps of the form: the fields of each, in order, and the help between them.

mod assurance;
mod card_request;
mod context;
mod data;
mod establishment;
mod field_group;
mod help_details;
mod legal;
mod organisation;
mod people;
mod project;
mod review;
mod suggestions;
mod terms;

use leptos::prelude::*;

use crate::components::{Placeholder, deferred_view};
use crate::lazy::deferred;
use crate::model::Step;

pub use context::StepContext;
pub use review::{AnswerSummary, AnswerSummaryProps, Errors, ErrorsProps, ReadBack, answer_of, link_to};

/// Shows the fields of a step.
#[component]
pub fn Fields(
    /// The step.
    step: Step,
) -> impl IntoView {
    match step {
        Step::Organisation => organisation::Organisation().into_any(),
        step => deferred_view(Placeholder::Part, move || fields_of(step)).into_any(),
    }
}

deferred! {
    /// Draws the fields of every step but the first.
    fn fields_of(step: Step) -> AnyView {
        match step {
            Step::Organisation => ().into_any(),
            Step::Project => project::Project().into_any(),
            Step::Data => data::Data().into_any(),
            Step::Assurance => assurance::Assurance().into_any(),
            Step::Legal => legal::Legal().into_any(),
            Step::People => people::People().into_any(),
            Step::Terms => terms::Terms().into_any(),
            Step::Review => review::Review().into_any(),
        }
    }
}
