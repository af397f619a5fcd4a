//! A request while it is filled in: the list of steps, the step itself, and the ways on.

mod conflicts;
mod example;
mod keeping;
mod lost_files;
mod notices;
mod sending;
mod state;

use leptos::ev;
use leptos::prelude::*;
use web_sys::SubmitEvent;

use crate::components::{Placeholder, disclosure, heading, later, link, paragraph};
use crate::context::{CurrentDraft, Focus, Parts};
use crate::effect::{computed, watch, watch_changes};
use crate::form::{Form, Progress};
use crate::html::{self, Bare, Element, LiveText, anew, div, follow, holds, li, live, nav, ol, p, small, span};
use crate::lazy::{self, deferred};
use crate::model::saving::{Event, SavedTo};
use crate::model::{ClosedList, Finding, Step};
use crate::navigation::{Navigation, Place};
use crate::steps::{Fields, Filling, list_of_errors};
use crate::texts;
use conflicts::Conflicts;
use example::Example;
use keeping::Keeping;
use lost_files::LostFiles;
use notices::Notices;
use state::{SUMMARY, Sending, StepperState, errors_of};

/// Shows a request that is being filled in.
#[component]
pub(super) fn Stepper(
    /// The request.
    filling: Filling,
    /// Shows it anew, for when it turns out to be submitted.
    reload: impl Fn() + 'static,
) -> impl IntoView {
    let (navigation, open) = (Navigation::get(), CurrentDraft::get());
    let id = filling.draft.id();
    let form = filling.form;
    let step = {
        let id = id.clone();
        computed(move |before: Option<&Step>| match navigation.place().get() {
            Place::Request(here, Some(step)) if here == id => step,
            Place::Request(here, None) if here == id => untrack(|| first_incomplete(form)),
            // On the way elsewhere.
            _ => before.copied().unwrap_or(Step::Organisation),
        })
    };
    let (sending, found_by_server) = (RwSignal::new(Sending::No), RwSignal::new(Vec::new()));
    let stepper = StepperState { filling, step, sending, found_by_server };
    open.comes_from_review().set(false);
    // An address without a step gets the one it leads to: a reload and a shared link land there.
    if navigation.place().with_untracked(|place| matches!(place, Place::Request(_, None))) {
        navigation.replace(&Place::Request(id, Some(step.get_untracked())));
    }
    watch(move || {
        if filling.draft.status().with(|status| status.saved_to == SavedTo::Over) {
            reload();
        }
    });
    let column = div()
        .attr("class", "column")
        .child(anew(move || step.get(), move |step| view! { <Sheet stepper step /> }.into_any()))
        .child(later(Placeholder::Nothing, move || keeping(stepper)));
    div().attr("class", "page with-steps").child(view! { <ListOfSteps stepper /> }).child(column)
}

fn first_incomplete(form: Form) -> Step {
    Step::ALL.iter().copied().find(|step| !form.errors(*step).is_empty()).unwrap_or(Step::Review)
}

/// How far a step is; the last one is as far as all the others.
fn progress(form: Form, step: Step) -> Progress {
    if step != Step::Review {
        return form.progress(step);
    }
    let ready = Step::ALL.iter().all(|step| form.errors(*step).is_empty());
    if ready { Progress::Complete } else { Progress::NotStarted }
}

fn number(step: Step) -> usize {
    step as usize + 1
}

/// Shows the steps, and how far each one is.
#[component]
fn ListOfSteps(stepper: StepperState) -> impl IntoView {
    let StepperState { filling, step, .. } = stepper;
    let open = RwSignal::new(false);
    watch(move || {
        step.track();
        open.set(false);
    });
    let total = Step::ALL.len();
    let so_far = move || {
        let is_complete = |step: &&Step| **step != Step::Review && filling.form.progress(**step) == Progress::Complete;
        let complete = Step::ALL.iter().filter(is_complete).count();
        format!(
            "Étape {} sur {total} · {}",
            number(step.get()),
            texts::count(complete, "étape complète", "étapes complètes")
        )
    };
    let bar = html::progress()
        .attr("class", "bar")
        .attr("max", total.to_string())
        .attr("aria-hidden", "true")
        .attr("value", follow(move || number(step.get()).to_string()));
    let unfold_words = move || if open.get() { "Masquer les étapes" } else { "Voir toutes les étapes" }.to_owned();
    let unfold = disclosure("quiet steps-button", "steps", open).live_text(unfold_words);
    let links: Vec<_> = Step::ALL.iter().map(|step| step_link(stepper, *step)).collect();
    let steps = ol().attr("id", "steps").attr("role", "list").class(("open", holds(move || open.get())));
    nav()
        .attr("class", "steps")
        .attr("aria-label", "Étapes de la demande")
        .child(p().attr("class", "so-far").live_text(so_far))
        .child(bar)
        .child(unfold)
        .child(steps.child(links))
}

fn step_link(stepper: StepperState, step: Step) -> Bare {
    let progress = move || progress(stepper.filling.form, step);
    let state = move || match progress() {
        Progress::NotStarted => "not-started",
        Progress::Incomplete => "incomplete",
        Progress::Errors(_) => "errors",
        Progress::Complete => "complete",
    };
    let link = link(&Place::Request(stepper.filling.draft.id(), Some(step)), "", "")
        .attr("data-state", follow(state))
        .attr("aria-current", follow(move || (stepper.step.get() == step).then_some("step")))
        .child(span().attr("class", "step-name").child(texts::steps::title(step)))
        .child(small().live_text(move || texts::steps::progress(step, progress())));
    li().child(link)
}

/// Shows one step.
#[component]
fn Sheet(stepper: StepperState, step: Step) -> impl IntoView {
    let (focus, open) = (Focus::get(), CurrentDraft::get());
    let StepperState { filling, .. } = stepper;
    let refused = filling.refused;
    let name = texts::steps::title(step);
    let title = format!("{name} – Étape {} sur {}", number(step), Step::ALL.len());
    focus.open_page(&title);
    if step == Step::Review {
        open.comes_from_review().set(false);
    }
    refused.set(false);
    stepper.sending.set(Sending::No);
    stepper.found_by_server.set(Vec::new());
    on_cleanup(move || step.fields().for_each(|field| filling.form.noticed(field)));
    let errors = move || if refused.get() { errors_of(stepper, step) } else { Vec::new() };
    watch_changes(move |before: Option<bool>| {
        let is_invalid = !errors().is_empty();
        if before.is_some_and(|before| before != is_invalid) {
            focus.set_title(&if is_invalid { format!("Erreur : {title}") } else { title.clone() });
        }
        is_invalid
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        match step {
            // Where it is not there, neither is what one presses for it.
            Step::Review => _ = lazy::now(Box::pin(send(stepper))),
            _ => go_on(stepper, step),
        }
    };
    let optional = match step {
        Step::Review => "",
        _ => " Toutes les réponses sont obligatoires, sauf mention « facultatif ».",
    };
    let lead = paragraph([texts::steps::lead(step), optional].concat()).attr("class", "lead");
    html::form()
        .attr("class", "sheet")
        .attr("novalidate", true)
        .attr("data-step", step.as_str())
        .on(ev::focusout, move |_| filling.form.collect())
        .on(ev::submit, submit)
        .child(html::header().child(heading(1, name)).child(lead))
        .child(later(Placeholder::Top, move || above_fields(stepper, step)))
        .child(live(move || summary(stepper, step, &errors())))
        .child(view! { <Fields step /> })
        .child(live(move || failure(stepper.sending.get())))
        .child(view! { <Actions stepper step /> })
}

deferred! {
    /// Draws what stands before the fields of a step, when there is something to say.
    fn above_fields(stepper: StepperState, step: Step) -> AnyView {
        if step == Step::Review {
            sending::watch_saving(stepper);
        }
        view! {
            <Example stepper step />
            <Notices stepper />
            <LostFiles stepper />
            <Conflicts stepper />
        }
        .into_any()
    }

    /// Sends the request.
    fn send(stepper: StepperState) -> () {
        sending::send(stepper);
    }

    /// Draws where the answers are kept.
    fn keeping(stepper: StepperState) -> AnyView {
        view! { <Keeping stepper /> }.into_any()
    }
}

/// What is wrong, each with a link to its field. It takes the focus when the person wanted to go on.
fn summary(stepper: StepperState, step: Step, errors: &[Finding]) -> Option<Element> {
    let words = match errors.len() {
        0 => return None,
        1 => "Erreur : une réponse est à donner ou à corriger".to_owned(),
        many => format!("Erreur : {many} réponses sont à donner ou à corriger"),
    };
    let id = stepper.filling.draft.id();
    let on = next(step).map(|next| {
        p().child(link(&Place::Request(id.clone(), Some(next)), "", "Continuer quand même"))
            .child(" : vous pourrez revenir compléter cette étape.")
    });
    let summary = div()
        .attr("class", "summary")
        .attr("tabindex", "-1")
        .attr("role", "group")
        .attr("aria-labelledby", "summary-title")
        .child(heading(2, words).attr("id", "summary-title"))
        .child(list_of_errors(&id, errors))
        .child(on);
    Some(summary)
}

fn failure(sending: Sending) -> Option<Element> {
    match sending {
        Sending::Failed(words) => Some(paragraph(words).attr("class", "note").attr("role", "alert")),
        Sending::No | Sending::UnderWay => None,
    }
}

/// Shows the ways on from a step.
#[component]
fn Actions(stepper: StepperState, step: Step) -> impl IntoView {
    let (open, parts) = (CurrentDraft::get(), Parts::get());
    let id = stepper.filling.draft.id();
    let before = (step as usize).checked_sub(1).and_then(|place| Step::ALL.get(place).copied());
    let back = before.map(|before| link(&Place::Request(id.clone(), Some(before)), "button", "Précédent"));
    let review = move || {
        let place = Place::Request(id.clone(), Some(Step::Review));
        open.comes_from_review().get().then(|| link(&place, "button", "Revenir à la relecture"))
    };
    let sending = move || stepper.sending.get() == Sending::UnderWay;
    let words = move || {
        match (step, sending()) {
            (Step::Review, true) => "Envoi en cours…",
            (Step::Review, false) => "Envoyer la demande",
            _ => "Suivant",
        }
        .to_owned()
    };
    let on = move || {
        // What cannot be read back cannot be sent.
        (step != Step::Review || parts.are_there()).then(|| {
            html::button()
                .attr("class", "button main")
                .attr("aria-disabled", follow(move || sending().then_some("true")))
                .live_text(words)
        })
    };
    div().attr("class", "actions between").child(back).child(live(review)).child(live(on))
}

fn next(step: Step) -> Option<Step> {
    Step::ALL.get(step as usize + 1).copied()
}

/// "Suivant": saves, then goes on unless something is wrong.
fn go_on(stepper: StepperState, step: Step) {
    let (focus, navigation) = (Focus::get(), Navigation::get());
    let StepperState { filling, .. } = stepper;
    let refused = filling.refused;
    filling.form.collect();
    filling.form.attempt(step);
    step.fields().for_each(|field| filling.form.take_over(field));
    filling.draft.dispatch(Event::Flush);
    if untrack(|| filling.form.errors(step)).is_empty() {
        if let Some(next) = next(step) {
            navigation.go(&Place::Request(filling.draft.id(), Some(next)));
        }
    } else {
        refused.set(true);
        focus.on(SUMMARY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_follow_one_another_to_the_last() {
        assert_eq!(next(Step::Organisation), Some(Step::Project));
        assert_eq!(next(Step::Review), None);
        assert_eq!(number(Step::Review), 8);
    }
}
