//! A request while it is filled in: the list of steps, the step itself, and the ways on.

mod conflicts;
mod example;
mod keeping;
mod notices;

pub(crate) use keeping::keeping;

use leptos::prelude::*;
use leptos::reactive::spawn_local;
use web_sys::Event as DomEvent;

use crate::app::{self, App, disclosure};
use crate::dom::{Element, View, element, link, live, paragraph};
use crate::form::{Form, Progress};
use crate::model::saving::{Event, Failure, Whereabouts};
use crate::model::wire::ProblemError;
use crate::model::{ClosedList, Code, Field, Finding, Level, Step};
use crate::navigation::Place;
use crate::rest::Space;
use crate::state::{Derived, Live, watch, watch_changes};
use crate::steps::{self, Filling, list_of_errors};
use crate::texts;

const SUMMARY: &str = ".summary";

/// What the person sees of one request; copies share one state.
#[derive(Clone, Copy)]
pub(crate) struct Stepper {
    app: App,
    filling: Filling,
    step: Derived<Step>,
    sending: Live<Sending>,
    /// What only the server found.
    found_by_server: Live<Vec<Finding>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sending {
    No,
    UnderWay,
    Failed(&'static str),
}

/// The request being filled in. `reload` is for when it turns out to be submitted.
pub(super) fn stepper(filling: Filling, reload: impl Fn() + Copy + Send + Sync + 'static) -> View {
    let app = App::get();
    let id = filling.draft.id();
    let form = filling.form;
    let step = {
        let id = id.clone();
        Derived::new(move |before: Option<&Step>| match app.navigation.place().get() {
            Place::Request(here, Some(step)) if here == id => step,
            Place::Request(here, None) if here == id => untrack(|| first_incomplete(form)),
            // On the way elsewhere.
            _ => before.copied().unwrap_or(Step::Organisation),
        })
    };
    let stepper =
        Stepper { app, filling, step, sending: Live::new(Sending::No), found_by_server: Live::new(Vec::new()) };
    app.come_back_to_review(false);
    // An address without a step gets the one it leads to: a reload and a shared link land there.
    if app.navigation.place().with_untracked(|place| matches!(place, Place::Request(_, None))) {
        app.navigation.replace(&Place::Request(id, Some(step.get_untracked())));
    }
    watch(move || {
        if filling.draft.standing().with(|standing| standing.whereabouts == Whereabouts::Over) {
            reload();
        }
    });
    // What cannot be saved cannot be sent: say so rather than send it later, unasked.
    let sending = stepper.sending;
    watch(move || {
        let whereabouts = filling.draft.standing().with(|standing| standing.whereabouts);
        if let (Whereabouts::Device(failure), Sending::UnderWay) = (whereabouts, sending.get()) {
            sending.set(Sending::Failed(cannot_send(failure)));
        }
    });
    element("div")
        .class("page with-steps")
        .child(list_of_steps(stepper))
        .child(
            element("div")
                .class("column")
                .child(live(move || sheet(stepper, step.get())))
                .child(app.later(Space::Part, move |rest| (rest.keeping)(stepper))),
        )
        .into()
}

impl Stepper {
    /// The person gives up what this device has of the request.
    fn leave_for_good(self) {
        // The draft ends once nobody looks at it any more.
        self.app.navigation.go(&Place::Requests);
        self.filling.draft.erase();
        self.app.announce("Copie effacée de cet appareil");
    }
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

fn list_of_steps(stepper: Stepper) -> Element {
    let Stepper { filling, step, .. } = stepper;
    let open = Live::new(false);
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
    let bar = element("progress")
        .class("bar")
        .attr("max", &total.to_string())
        .attr("aria-hidden", "true")
        .live_attr("value", move || Some(number(step.get()).to_string()));
    let unfold = disclosure("steps-button", "steps", open)
        .live_text(move || if open.get() { "Masquer les étapes" } else { "Voir toutes les étapes" });
    let links: Vec<Element> = Step::ALL.iter().map(|step| step_link(stepper, *step)).collect();
    let steps = element("ol").attr("id", "steps").attr("role", "list").live_class("open", move || open.get());
    element("nav")
        .class("steps")
        .attr("aria-label", "Étapes de la demande")
        .child(element("p").class("so-far").live_text(so_far))
        .child(bar)
        .child(unfold)
        .child(steps.child(links))
}

fn step_link(stepper: Stepper, step: Step) -> Element {
    let progress = move || progress(stepper.filling.form, step);
    let state = move || match progress() {
        Progress::NotStarted => "not-started",
        Progress::Incomplete => "incomplete",
        Progress::Errors(_) => "errors",
        Progress::Complete => "complete",
    };
    let link = link(&Place::Request(stepper.filling.draft.id(), Some(step)), "", "")
        .live_attr("data-state", move || Some(state()))
        .live_attr("aria-current", move || (stepper.step.get() == step).then_some("step"))
        .child(element("span").class("step-name").text(texts::steps::title(step)))
        .child(element("small").live_text(move || texts::steps::progress(step, progress())));
    element("li").child(link)
}

/// One step.
fn sheet(stepper: Stepper, step: Step) -> Element {
    let Stepper { app, filling, .. } = stepper;
    let refused = filling.refused;
    let name = texts::steps::title(step);
    let title = format!("{name} – Étape {} sur {}", number(step), Step::ALL.len());
    app.arrive(&title);
    if step == Step::Review {
        app.come_back_to_review(false);
    }
    refused.set(false);
    stepper.sending.set(Sending::No);
    stepper.found_by_server.set(Vec::new());
    on_cleanup(move || step.fields().for_each(|field| filling.form.noticed(field)));
    let errors = move || if refused.get() { errors_of(stepper, step) } else { Vec::new() };
    watch_changes(move |before: Option<bool>| {
        let wrong = !errors().is_empty();
        if before.is_some_and(|before| before != wrong) {
            app.rename(&if wrong { format!("Erreur : {title}") } else { title.clone() });
        }
        wrong
    });
    let submit = move |event: DomEvent| {
        event.prevent_default();
        if step == Step::Review { send(stepper) } else { go_on(stepper, step) }
    };
    let optional = match step {
        Step::Review => "",
        _ => " Toutes les réponses sont obligatoires, sauf mention « facultatif ».",
    };
    let heading = element("header")
        .child(app::heading(1, name))
        .child(paragraph(texts::steps::lead(step)).class("lead").text(optional));
    element("form")
        .class("sheet")
        .flag("novalidate", true)
        .attr("data-step", step.as_str())
        .on("submit", submit)
        .child(heading)
        .child(app.later(Space::Nothing, move |rest| (rest.notices)(stepper, step)))
        .child(live(move || summary(stepper, step, &errors())))
        .child(steps::fields(step, filling))
        .child(live(move || failure(stepper.sending.get())))
        .child(actions(stepper, step))
}

/// What stands before the fields of a step, when there is something to say.
pub(crate) fn notices(stepper: Stepper, step: Step) -> View {
    View::Several(vec![
        example::example(stepper, step).into(),
        notices::notices(stepper),
        conflicts::conflicts(stepper),
    ])
}

/// What keeps the person on a step: its own errors, or everybody's where the request is sent.
fn errors_of(stepper: Stepper, step: Step) -> Vec<Finding> {
    let form = stepper.filling.form;
    if step != Step::Review {
        return form.errors(step);
    }
    let mut errors: Vec<Finding> = Step::ALL.iter().flat_map(|step| form.errors(*step)).collect();
    if errors.is_empty() {
        errors = stepper.found_by_server.get();
    }
    errors
}

/// What is wrong, each with a link to its field. It takes the focus when the person wanted to go on.
fn summary(stepper: Stepper, step: Step, errors: &[Finding]) -> Option<Element> {
    let words = match errors.len() {
        0 => return None,
        1 => "Erreur : une réponse est à donner ou à corriger".to_owned(),
        many => format!("Erreur : {many} réponses sont à donner ou à corriger"),
    };
    let id = stepper.filling.draft.id();
    let on = next(step).map(|next| {
        element("p")
            .child(link(&Place::Request(id.clone(), Some(next)), "", "Continuer quand même"))
            .text(" : vous pourrez revenir compléter cette étape.")
    });
    let summary = element("div")
        .class("summary")
        .attr("tabindex", "-1")
        .attr("role", "group")
        .attr("aria-labelledby", "summary-title")
        .child(app::heading(2, &words).attr("id", "summary-title"))
        .child(list_of_errors(&id, errors))
        .child(on);
    Some(summary)
}

fn failure(sending: Sending) -> Option<Element> {
    match sending {
        Sending::Failed(words) => Some(paragraph(words).class("note").attr("role", "alert")),
        Sending::No | Sending::UnderWay => None,
    }
}

fn actions(stepper: Stepper, step: Step) -> Element {
    let id = stepper.filling.draft.id();
    let before = (step as usize).checked_sub(1).and_then(|place| Step::ALL.get(place).copied());
    let back = before.map(|before| link(&Place::Request(id.clone(), Some(before)), "button", "Précédent"));
    let review = move || {
        let place = Place::Request(id.clone(), Some(Step::Review));
        stepper.app.comes_from_review().then(|| link(&place, "button", "Revenir à la relecture"))
    };
    let sending = move || stepper.sending.get() == Sending::UnderWay;
    let words = move || match (step, sending()) {
        (Step::Review, true) => "Envoi en cours…",
        (Step::Review, false) => "Envoyer la demande",
        _ => "Suivant",
    };
    let on = element("button")
        .class("button main")
        .live_attr("aria-disabled", move || sending().then_some("true"))
        .live_text(words);
    element("div").class("actions between").child(back).child(live(review)).child(on)
}

fn next(step: Step) -> Option<Step> {
    Step::ALL.get(step as usize + 1).copied()
}

/// "Suivant": saves, then goes on unless something is wrong.
fn go_on(stepper: Stepper, step: Step) {
    let Stepper { app, filling, .. } = stepper;
    let refused = filling.refused;
    filling.form.attempt(step);
    filling.draft.happened(Event::Flush);
    if untrack(|| filling.form.errors(step)).is_empty() {
        if let Some(next) = next(step) {
            app.navigation.go(&Place::Request(filling.draft.id(), Some(next)));
        }
    } else {
        refused.set(true);
        app.focus(SUMMARY);
    }
}

/// "Envoyer la demande": refused, with every error, until none is left.
fn send(stepper: Stepper) {
    let Stepper { app, filling, sending, .. } = stepper;
    let refused = filling.refused;
    if sending.get_untracked() == Sending::UnderWay {
        return;
    }
    Step::ALL.iter().for_each(|step| filling.form.attempt(*step));
    if !untrack(|| errors_of(stepper, Step::Review)).is_empty() {
        refused.set(true);
        app.focus(SUMMARY);
        return;
    }
    if untrack(|| filling.uploads.busy()) {
        sending.set(Sending::Failed(
            "Un fichier est encore en cours d’envoi. Attendez qu’il arrive, puis envoyez la demande.",
        ));
        return;
    }
    if filling.draft.standing().with_untracked(|standing| !standing.conflicts.is_empty()) {
        sending.set(Sending::Failed(
            "Choisissez d’abord entre les deux versions des réponses signalées en haut de la page.",
        ));
        return;
    }
    if !app.tell("submit", filling.draft.id().as_str(), "") {
        return;
    }
    sending.set(Sending::UnderWay);
    filling.draft.once_saved(move || {
        if sending.try_get_untracked() == Some(Sending::UnderWay) {
            submit(stepper);
        }
    });
}

fn cannot_send(failure: Failure) -> &'static str {
    match failure {
        Failure::SignedOut => {
            "Vous êtes déconnecté. Reconnectez-vous, puis envoyez la demande : vos réponses sont gardées sur cet appareil."
        }
        Failure::Gone => {
            "La demande n’a pas pu être envoyée : elle a été supprimée ailleurs. Vos réponses sont gardées sur cet appareil."
        }
        Failure::Outdated => {
            "La demande n’a pas pu être envoyée : cette page n’est plus à jour. Rechargez-la, puis réessayez."
        }
        Failure::TooLarge | Failure::NotUnderstood => {
            "La demande n’a pas pu être envoyée : vos réponses n’ont pas pu être enregistrées. Raccourcissez les textes les plus longs, puis réessayez."
        }
        Failure::Unreachable | Failure::Submitted => {
            "La demande n’a pas pu être envoyée : le service ne répond pas. Vos réponses sont gardées sur cet appareil. Réessayez plus tard."
        }
    }
}

fn submit(stepper: Stepper) {
    let Stepper { app, filling, sending, found_by_server, .. } = stepper;
    let refused = filling.refused;
    let Some(revision) = filling.draft.revision() else { return };
    let id = filling.draft.id();
    filling.draft.happened(Event::Submitting);
    let submitting = app.api().submit(&id, revision);
    spawn_local(async move {
        let answer = submitting.await;
        if answer.is_err() {
            filling.draft.happened(Event::NotSubmitted);
        }
        match answer {
            Ok(()) => {
                app.sent(&id);
                app.navigation.replace(&Place::Request(id, None));
                filling.draft.submitted();
            }
            Err(error) => match error.problem().map(|problem| found(&problem.errors)) {
                Some(findings) if !findings.is_empty() => {
                    found_by_server.set(findings);
                    sending.set(Sending::No);
                    refused.set(true);
                    app.focus(SUMMARY);
                }
                _ if error.status() == Some(412) => {
                    if let Some(current) = error.current() {
                        filling.draft.happened(Event::Found(current));
                    }
                    sending.set(Sending::Failed(
                        "La demande vient d’être modifiée dans un autre onglet ou sur un autre appareil. Relisez-la, puis envoyez-la.",
                    ));
                }
                // It was sent already, from elsewhere: what was sent is shown.
                _ if error.failure() == Failure::Submitted => filling.draft.submitted(),
                _ => {
                    sending.set(Sending::Failed(cannot_send(error.failure())));
                }
            },
        }
    });
}

/// The server's errors as findings of ours.
fn found(errors: &[ProblemError]) -> Vec<Finding> {
    let finding = |error: &ProblemError| {
        Some(Finding {
            field: Field::from_pointer(&error.pointer)?,
            level: Level::Error,
            code: Code::parse(&error.code)?,
            params: error.params.clone(),
        })
    };
    errors.iter().filter_map(finding).collect()
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
