//! The steps of the form: which fields, in which order, and the help between them.
use leptos::prelude::*;

mod assurance;
mod data;
mod legal;
mod organisation;
mod people;
mod project;
mod review;
mod suggestions;
mod terms;

use crate::app::{App, heading};
use crate::dom::{Element, View, element, paragraph};
use crate::draft::Draft;
use crate::form::Form;
use crate::model::Step;
use crate::rest::Space;
use crate::uploads::Uploads;

pub use review::{Reading, answer_of, answers, link_to, list_of_errors, review};

/// A request while it is filled in: what a step may use.
#[derive(Clone, Copy)]
pub struct Filling {
    /// Its answers.
    pub form: Form,
    /// How they are kept.
    pub draft: Draft,
    /// Its files.
    pub uploads: Uploads,
    /// The person said that the step is done, and it was not.
    pub refused: RwSignal<bool>,
}

/// The fields of a step.
pub fn fields(step: Step, filling: Filling) -> Vec<View> {
    match step {
        Step::Organisation => organisation::fields(filling),
        Step::Project => project::fields(filling),
        Step::Data => data::fields(filling),
        Step::Assurance => assurance::fields(filling),
        Step::Legal => legal::fields(filling),
        Step::People => people::fields(filling),
        Step::Terms => terms::fields(filling),
        Step::Review => vec![App::get().later(Space::Part, move |rest| (rest.review)(filling))],
    }
}

/// A part of a step under a name of its own, which tells alike fields apart.
fn section(name: &str, about: &str, controls: Vec<View>) -> View {
    let id = ["part-", name].concat().replace(' ', "-");
    element("section")
        .class("section")
        .attr("role", "group")
        .attr("aria-labelledby", &id)
        .child(heading(2, name).attr("id", &id))
        .child(paragraph(about).class("hint"))
        .child(controls)
        .into()
}

/// Help that opens on demand.
fn help(question: &str, answer: Vec<Element>) -> View {
    element("details").class("help").child(element("summary").text(question)).child(element("div").child(answer)).into()
}
