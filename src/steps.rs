//! The steps of the form: which fields, in which order, and the help between them.

mod assurance;
mod data;
mod legal;
mod organisation;
mod people;
mod project;
mod review;
mod terms;

use leptos::prelude::*;

use crate::draft::Draft;
use crate::form::Form;
use crate::model::Step;
use crate::uploads::Uploads;

pub use review::{answer_of, answers, list_of_errors};

/// A request while it is filled in: what a step may use.
#[derive(Clone, Copy)]
pub struct Filling {
    /// Its answers.
    pub form: Form,
    /// How they are kept.
    pub draft: Draft,
    /// Its files.
    pub uploads: Uploads,
}

/// The fields of a step.
pub fn fields(step: Step, filling: Filling) -> AnyView {
    match step {
        Step::Organisation => organisation::fields(filling),
        Step::Project => project::fields(filling),
        Step::Data => data::fields(filling),
        Step::Assurance => assurance::fields(filling),
        Step::Legal => legal::fields(filling),
        Step::People => people::fields(filling),
        Step::Terms => terms::fields(filling),
        Step::Review => review::view(filling),
    }
}

/// A part of a step under a name of its own.
fn section(name: &'static str, about: &'static str, controls: AnyView) -> AnyView {
    let about = (!about.is_empty()).then(|| view! { <p class="hint">{about}</p> });
    view! {
        <section class="section">
            <h2>{name}</h2>
            {about}
            {controls}
        </section>
    }
    .into_any()
}

/// Help that opens on demand.
fn help(question: &'static str, answer: AnyView) -> AnyView {
    view! {
        <details class="help">
            <summary>{question}</summary>
            <div>{answer}</div>
        </details>
    }
    .into_any()
}
