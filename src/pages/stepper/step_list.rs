//! List of the steps, each with its progress.

use leptos::prelude::*;

use super::state::StepperState;
use crate::components::{disclosure, link};
use crate::effect::watch;
use crate::form::{Form, Progress};
use crate::html::{self, LiveText, follow, holds, li, nav, ol, p, small, span};
use crate::model::{ClosedList, Step};
use crate::navigation::Place;
use crate::texts::{self, steps};

/// Lists the steps with the progress of each.
#[component]
pub(super) fn StepList(stepper: StepperState) -> impl IntoView {
    let StepperState { context, step, .. } = stepper;
    let open = RwSignal::new(false);
    watch(move || {
        step.track();
        open.set(false);
    });
    let so_far = move || {
        let is_complete = |step: &&Step| **step != Step::Review && context.form.progress(**step) == Progress::Complete;
        let complete = Step::ALL.iter().filter(is_complete).count();
        let complete = texts::count(complete, "étape complète", "étapes complètes");
        [&steps::position(step.get()), " · ", &complete].concat()
    };
    let bar = html::progress()
        .attr("class", "progress-bar")
        .attr("max", Step::ALL.len().to_string())
        .attr("aria-hidden", "true")
        .attr("value", follow(move || steps::number(step.get()).to_string()));
    let unfold_words = move || if open.get() { "Masquer les étapes" } else { "Voir toutes les étapes" }.to_owned();
    let unfold = disclosure("quiet steps-button", "steps", open).live_text(unfold_words);
    let links: Vec<_> = Step::ALL.iter().map(|step| view! { <StepLink stepper step=*step /> }).collect();
    let list = ol().attr("id", "steps").attr("role", "list").class(("open", holds(move || open.get())));
    nav()
        .attr("class", "steps")
        .attr("aria-label", "Étapes de la demande")
        .child(p().attr("class", "progress-text").live_text(so_far))
        .child(bar)
        .child(unfold)
        .child(list.child(links))
}

/// Shows a link to a step, with its progress.
#[component]
fn StepLink(stepper: StepperState, step: Step) -> impl IntoView {
    let progress = move || progress(stepper.context.form, step);
    let state = move || match progress() {
        Progress::NotStarted => "not-started",
        Progress::Incomplete => "incomplete",
        Progress::Errors(_) => "errors",
        Progress::Remarks(_) => "remarks",
        Progress::Complete => "complete",
    };
    let link = link(&Place::Request(stepper.context.draft.id(), Some(step)), "", "")
        .attr("data-state", follow(state))
        .attr("aria-current", follow(move || (stepper.step.get() == step).then_some("step")))
        .child(span().attr("class", "step-name").child(steps::title(step)))
        .child(small().live_text(move || steps::progress(step, progress())));
    li().child(link)
}

/// Returns the progress of a step. The last step is complete when all others are.
fn progress(form: Form, step: Step) -> Progress {
    if step != Step::Review {
        return form.progress(step);
    }
    let ready = Step::ALL.iter().all(|step| form.errors(*step).is_empty());
    if ready { Progress::Complete } else { Progress::NotStarted }
}
