//! A request that is being filled in: the list of steps, the form of one step, and its buttons.

mod conflicts;
mod example;
mod lost_files;
mod notices;
mod remarks;
mod state;
mod step_list;
mod storage_choices;
mod submission;

use leptos::ev;
use leptos::prelude::*;
use web_sys::SubmitEvent;

use crate::components::{Placeholder, deferred_view, heading, link, paragraph};
use crate::context::{CurrentDraft, Focus, Loader, Session};
use crate::effect::{computed, watch, watch_changes};
use crate::form::Form;
use crate::html::{self, anew, div, live, p};
use crate::lazy::{Loading, Part, deferred};
use crate::model::saving::{Event, SavedTo};
use crate::model::{ClosedList, Finding, Step};
use crate::navigation::{Navigation, Place};
use crate::pages::people::beside_form;
use crate::steps::{Errors, Fields, StepContext};
use crate::texts;
use conflicts::Conflicts;
use example::Example;
use lost_files::LostFiles;
use notices::Notices;
use remarks::RemarksNote;
use state::{SUMMARY, StepperState, Submission, errors_of};
use step_list::StepList;
use storage_choices::StorageChoices;
use submission::SendButton;

/// Shows a request that is being filled in.
#[component]
pub(super) fn Stepper(
    /// The request.
    context: StepContext,
    /// Opens the request again, for when it turns out to be submitted.
    reload: impl Fn() + 'static,
) -> impl IntoView {
    let (navigation, current_draft) = (Navigation::get(), CurrentDraft::get());
    let id = context.draft.id();
    let form = context.form;
    let step = {
        let id = id.clone();
        computed(move |before: Option<&Step>| match navigation.place().get() {
            Place::Request(here, Some(step)) if here == id => step,
            Place::Request(here, None) if here == id => untrack(|| first_incomplete(form)),
            // The address is of another page already, which is about to show.
            _ => before.copied().unwrap_or(Step::Organisation),
        })
    };
    let (submission, found_by_server) = (RwSignal::new(Submission::Idle), RwSignal::new(Vec::new()));
    let stepper = StepperState { context, step, submission, found_by_server };
    current_draft.comes_from_review().set(false);
    // An address without a step gets the step it leads to, so that a reload and a shared link lead there too.
    if navigation.place().with_untracked(|place| matches!(place, Place::Request(_, None))) {
        navigation.replace(&Place::Request(id, Some(step.get_untracked())));
    }
    watch(move || {
        let is_erased = context.draft.status().with(|status| status.saved_to == SavedTo::Erased);
        if is_erased || submission.get() == Submission::ToRead {
            reload();
        }
    });
    let column = div()
        .attr("class", "column")
        .child(anew(move || step.get(), move |step| view! { <StepForm stepper step /> }.into_any()))
        .child(deferred_view(Placeholder::Nothing, move || below_steps(stepper)));
    div().attr("class", "page with-steps").child(view! { <StepList stepper /> }).child(column)
}

fn first_incomplete(form: Form) -> Step {
    Step::ALL.iter().copied().find(|step| !form.errors(*step).is_empty()).unwrap_or(Step::Review)
}

/// Shows the form of one step.
#[component]
fn StepForm(stepper: StepperState, step: Step) -> impl IntoView {
    let (focus, current_draft) = (Focus::get(), CurrentDraft::get());
    let StepperState { context, .. } = stepper;
    let shows_error_summary = context.shows_error_summary;
    let name = texts::steps::title(step);
    let title = [name, " – ", &texts::steps::position(step)].concat();
    focus.open_page(&title);
    if step == Step::Review {
        current_draft.comes_from_review().set(false);
    }
    shows_error_summary.set(false);
    stepper.submission.set(Submission::Idle);
    stepper.found_by_server.set(Vec::new());
    on_cleanup(move || step.fields().for_each(|field| context.form.acknowledge_remote_change(field)));
    let errors = move || if shows_error_summary.get() { errors_of(stepper, step) } else { Vec::new() };
    watch_changes(move |before: Option<bool>| {
        let is_invalid = !errors().is_empty();
        if before.is_some_and(|before| before != is_invalid) {
            focus.set_title(&if is_invalid { ["Erreur : ", &title].concat() } else { title.clone() });
        }
        is_invalid
    });
    let summary = move || {
        let errors = errors();
        (!errors.is_empty()).then(|| view! { <Summary stepper step errors /> })
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        match step {
            // The button that submits shows only once the deferred part is there.
            Step::Review => _ = send(stepper).now(),
            _ => go_on(stepper, step),
        }
    };
    let optional = match step {
        Step::Review => "",
        _ => " Toutes les réponses sont obligatoires, sauf mention « facultatif ».",
    };
    let lead = paragraph([texts::steps::lead(step), optional].concat()).attr("class", "lead");
    let has_example = step != Step::Review && Session::get().api().is_local();
    let example = has_example.then(|| deferred_view(Placeholder::Nothing, move || offer_example(stepper)));
    html::form()
        .attr("class", "card")
        .attr("novalidate", true)
        .attr("data-step", step.as_str())
        .on(ev::focusout, move |_| context.form.sync_controls())
        .on(ev::submit, submit)
        .child(html::header().child(heading(1, name)).child(lead))
        .child(example)
        .child(deferred_view(Placeholder::Top, move || above_fields(stepper, step)))
        .child(live(summary))
        .child(view! { <Fields step /> })
        .child(view! {
            <SubmissionError submission=stepper.submission />
            <Actions stepper step />
        })
}

// Whoever answers itself has loaded this part: nothing moves once the rest is there.
deferred! {
    in local;
    /// Draws the offer to fill in an example.
    fn offer_example(stepper: StepperState) -> AnyView {
        view! { <Example stepper /> }.into_any()
    }
}

deferred! {
    /// Draws the notices above the fields of a step.
    fn above_fields(stepper: StepperState, step: Step) -> AnyView {
        if step == Step::Review {
            submission::watch_saving(stepper);
            // The receipt has to show whatever happens to the network or to the host's files meanwhile.
            let loader = Loader::get();
            if untrack(|| loader.state(Part::Sent)) == Loading::Idle {
                loader.load(Part::Sent);
            }
        }
        view! {
            <RemarksNote stepper step />
            <Notices stepper />
            <LostFiles stepper />
            <Conflicts stepper />
        }
        .into_any()
    }

    /// Sends the request.
    fn send(stepper: StepperState) -> () {
        submission::start(stepper);
    }

    /// Draws the choices of the person about where their answers are kept, and follows the remarks of the team meanwhile.
    fn below_steps(stepper: StepperState) -> AnyView {
        remarks::follow(stepper);
        let to_read = move || Box::new(move || stepper.submission.set(Submission::ToRead));
        let people = Session::get().shares_requests().then(|| {
            deferred_view(Placeholder::Nothing, move || beside_form(stepper.context.draft, to_read()))
        });
        view! {
            {people}
            <StorageChoices stepper />
        }
        .into_any()
    }

    /// Draws the button that sends the request.
    fn send_button(stepper: StepperState) -> AnyView {
        view! { <SendButton stepper /> }.into_any()
    }
}

/// Lists the errors of the step, each with a link to its field. Takes the focus when the person wanted to go on.
#[component]
fn Summary(stepper: StepperState, step: Step, errors: Vec<Finding>) -> impl IntoView {
    let words = match errors.len() {
        1 => "Erreur : une réponse est à donner ou à corriger".to_owned(),
        many => ["Erreur : ", &many.to_string(), " réponses sont à donner ou à corriger"].concat(),
    };
    let request = stepper.context.draft.id();
    let go_on = next(step).map(|next| {
        p().child(link(&Place::Request(request.clone(), Some(next)), "", "Continuer quand même"))
            .child(" : vous pourrez revenir compléter cette étape.")
    });
    div()
        .attr("class", "error-summary")
        .attr("tabindex", "-1")
        .attr("role", "group")
        .attr("aria-labelledby", "summary-title")
        .child(heading(2, words).attr("id", "summary-title"))
        .child(view! { <Errors request errors /> })
        .child(go_on)
}

/// Tells why the request could not be sent.
#[component]
fn SubmissionError(submission: RwSignal<Submission>) -> impl IntoView {
    live(move || match submission.get() {
        Submission::Failed(words) => Some(paragraph(words).attr("class", "note").attr("role", "alert")),
        _ => None,
    })
}

/// Shows the buttons of a step.
#[component]
fn Actions(stepper: StepperState, step: Step) -> impl IntoView {
    let current_draft = CurrentDraft::get();
    let id = stepper.context.draft.id();
    let before = (step as usize).checked_sub(1).and_then(|place| Step::ALL.get(place).copied());
    let back = before.map(|before| link(&Place::Request(id.clone(), Some(before)), "button", "Précédent"));
    let review = move || {
        let place = Place::Request(id.clone(), Some(Step::Review));
        current_draft.comes_from_review().get().then(|| link(&place, "button", "Revenir à la relecture"))
    };
    // The answers have to be read back before they are sent, which takes the deferred part.
    let on = match step {
        Step::Review => deferred_view(Placeholder::Nothing, move || send_button(stepper)).into_any(),
        _ => html::button().attr("class", "button primary").child("Suivant").into_any(),
    };
    div().attr("class", "actions between").child(back).child(live(review)).child(on)
}

fn next(step: Step) -> Option<Step> {
    Step::ALL.get(step as usize + 1).copied()
}

/// Saves the answers, then goes to the next step unless this one has errors.
fn go_on(stepper: StepperState, step: Step) {
    let (focus, navigation) = (Focus::get(), Navigation::get());
    let StepperState { context, .. } = stepper;
    let shows_error_summary = context.shows_error_summary;
    context.form.sync_controls();
    context.form.attempt_step(step);
    step.fields().for_each(|field| context.form.accept_proposal(field));
    context.draft.dispatch(Event::Flush);
    if untrack(|| context.form.errors(step)).is_empty() {
        if let Some(next) = next(step) {
            navigation.go(&Place::Request(context.draft.id(), Some(next)));
        }
    } else {
        shows_error_summary.set(true);
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
    }
}
