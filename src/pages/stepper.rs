//! A request while it is filled in: the list of steps, the step itself, and the ways on.

mod conflicts;
mod example;
mod keeping;
mod lost_files;
mod notices;
mod sending;

pub(crate) use keeping::keeping;
pub(crate) use sending::send;

use leptos::prelude::*;
use web_sys::Event as DomEvent;

use crate::app::{self, App, disclosure};
use crate::dom::{Element, View, element, link, live, paragraph};
use crate::draft::Standing;
use crate::form::{Form, Progress};
use crate::model::saving::{Event, Whereabouts};
use crate::model::{ClosedList, Finding, Step};
use crate::navigation::Place;
use crate::rest::Space;
use crate::steps::{self, Filling, list_of_errors};
use crate::texts;

const SUMMARY: &str = ".summary";

/// What the person sees of one request; copies share one state.
#[derive(Clone, Copy)]
pub(crate) struct Stepper {
    app: App,
    filling: Filling,
    step: Memo<Step>,
    sending: RwSignal<Sending>,
    /// What only the server found.
    found_by_server: RwSignal<Vec<Finding>>,
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
        Memo::new(move |before: Option<&Step>| match app.navigation.place().get() {
            Place::Request(here, Some(step)) if here == id => step,
            Place::Request(here, None) if here == id => untrack(|| first_incomplete(form)),
            // On the way elsewhere.
            _ => before.copied().unwrap_or(Step::Organisation),
        })
    };
    let stepper =
        Stepper { app, filling, step, sending: RwSignal::new(Sending::No), found_by_server: RwSignal::new(Vec::new()) };
    app.come_back_to_review(false);
    // An address without a step gets the one it leads to: a reload and a shared link land there.
    if app.navigation.place().with_untracked(|place| matches!(place, Place::Request(_, None))) {
        app.navigation.replace(&Place::Request(id, Some(step.get_untracked())));
    }
    Effect::new(move |_| {
        if filling.draft.standing().with(|standing| standing.whereabouts == Whereabouts::Over) {
            reload();
        }
    });
    element("div")
        .class("page with-steps")
        .child(list_of_steps(stepper))
        .child(
            element("div")
                .class("column")
                .child(live(move || sheet(stepper, step.get())))
                .child(app.later(Space::Nothing, move |rest| (rest.keeping)(stepper))),
        )
        .into()
}

impl Stepper {
    /// The person gives up what this device has of the request.
    fn leave_for_good(self) {
        let is_saved = |standing: &Standing| standing.whereabouts == Whereabouts::Server;
        self.app.bring_news(if self.filling.draft.standing().with_untracked(is_saved) {
            "La copie gardée sur cet appareil est effacée. La demande reste enregistrée par le service."
        } else {
            "Les réponses gardées sur cet appareil sont effacées."
        });
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
    let open = RwSignal::new(false);
    Effect::new(move |_| {
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
    Effect::new(move |before: Option<bool>| {
        let wrong = !errors().is_empty();
        if before.is_some_and(|before| before != wrong) {
            app.rename(&if wrong { format!("Erreur : {title}") } else { title.clone() });
        }
        wrong
    });
    let submit = move |event: DomEvent| {
        event.prevent_default();
        match app.whole() {
            Some(rest) if step == Step::Review => (rest.send)(stepper),
            _ if step == Step::Review => {}
            _ => go_on(stepper, step),
        }
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
        .on("focusout", move |_| filling.form.collect())
        .on("submit", submit)
        .child(heading)
        .child(app.later(Space::Top, move |rest| (rest.notices)(stepper, step)))
        .child(live(move || summary(stepper, step, &errors())))
        .child(steps::fields(step, filling))
        .child(live(move || failure(stepper.sending.get())))
        .child(actions(stepper, step))
}

/// What stands before the fields of a step, when there is something to say.
pub(crate) fn notices(stepper: Stepper, step: Step) -> View {
    if step == Step::Review {
        sending::watch_saving(stepper);
    }
    View::Several(vec![
        example::example(stepper, step).into(),
        notices::notices(stepper),
        lost_files::lost_files(stepper),
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
    let on = move || {
        // What cannot be read back cannot be sent.
        (step != Step::Review || stepper.app.whole().is_some()).then(|| {
            element("button")
                .class("button main")
                .live_attr("aria-disabled", move || sending().then_some("true"))
                .live_text(words)
        })
    };
    element("div").class("actions between").child(back).child(live(review)).child(live(on))
}

fn next(step: Step) -> Option<Step> {
    Step::ALL.get(step as usize + 1).copied()
}

/// "Suivant": saves, then goes on unless something is wrong.
fn go_on(stepper: Stepper, step: Step) {
    let Stepper { app, filling, .. } = stepper;
    let refused = filling.refused;
    filling.form.collect();
    filling.form.attempt(step);
    step.fields().for_each(|field| filling.form.take_over(field));
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
