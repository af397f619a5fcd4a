//! A request while it is filled in: the list of steps, the step itself, and the ways on.

use leptos::prelude::*;
use leptos::reactive::spawn_local;

use crate::app::App;
use crate::form::{Form, Progress};
use crate::model::saving::{Event, Failure, Side, Whereabouts};
use crate::model::wire::ProblemError;
use crate::model::{ClosedList, Code, Field, Finding, Level, Params, Step};
use crate::navigation::{Place, href};
use crate::steps::{self, Filling, list_of_errors};
use crate::texts::{self, fields};

const SUMMARY: &str = ".summary";

/// What the person sees of one request; copies share one state.
#[derive(Clone, Copy)]
struct Stepper {
    app: App,
    filling: Filling,
    step: Memo<Step>,
    /// The person said that the step is done, and it was not.
    refused: RwSignal<bool>,
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
pub(super) fn stepper(filling: Filling, reload: impl Fn() + Copy + Send + Sync + 'static) -> AnyView {
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
    let stepper = Stepper {
        app,
        filling,
        step,
        refused: RwSignal::new(false),
        sending: RwSignal::new(Sending::No),
        found_by_server: RwSignal::new(Vec::new()),
    };
    // An address without a step gets the one it leads to: a reload and a shared link land there.
    if app.navigation.place().with_untracked(|place| matches!(place, Place::Request(_, None))) {
        app.navigation.replace(&Place::Request(id, Some(step.get_untracked())));
    }
    Effect::new(move || {
        if filling.draft.standing().with(|standing| standing.whereabouts == Whereabouts::Over) {
            reload();
        }
    });
    // What cannot be saved cannot be sent: say so rather than send it later, unasked.
    let sending = stepper.sending;
    Effect::new(move || {
        let whereabouts = filling.draft.standing().with(|standing| standing.whereabouts);
        if let (Whereabouts::Device(failure), Sending::UnderWay) = (whereabouts, sending.get()) {
            sending.set(Sending::Failed(cannot_send(failure)));
        }
    });
    view! {
        <div class="page with-steps">
            {list_of_steps(stepper)}
            {move || sheet(stepper, step.get())}
        </div>
    }
    .into_any()
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

fn list_of_steps(stepper: Stepper) -> AnyView {
    let Stepper { filling, step, .. } = stepper;
    let open = RwSignal::new(false);
    Effect::new(move || {
        step.track();
        open.set(false);
    });
    let total = Step::ALL.len();
    let complete = Memo::new(move |_| {
        Step::ALL
            .iter()
            .filter(|step| **step != Step::Review && filling.form.progress(**step) == Progress::Complete)
            .count()
    });
    let so_far = move || {
        format!("Étape {} sur {total} · {}", number(step.get()), texts::count(complete.get(), "complète", "complètes"))
    };
    let item = |step: &Step| step_link(stepper, *step);
    view! {
        <nav class="steps" aria-label="Étapes de la demande">
            <p class="so-far">{so_far}</p>
            <progress class="bar" max=total.to_string() prop:value=move || number(step.get()).to_string() aria-hidden="true"></progress>
            <button
                type="button"
                class="quiet steps-button"
                aria-expanded=move || open.get().to_string()
                aria-controls="steps"
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {move || if open.get() { "Masquer les étapes" } else { "Voir toutes les étapes" }}
            </button>
            <ol id="steps" role="list" class:open=move || open.get()>{Step::ALL.iter().map(item).collect_view()}</ol>
        </nav>
    }
    .into_any()
}

fn step_link(stepper: Stepper, step: Step) -> AnyView {
    let progress = Memo::new(move |_| progress(stepper.filling.form, step));
    let state = move || match progress.get() {
        Progress::NotStarted => "not-started",
        Progress::Incomplete => "incomplete",
        Progress::Errors(_) => "errors",
        Progress::Complete => "complete",
    };
    view! {
        <li>
            <a
                href=href(&Place::Request(stepper.filling.draft.id(), Some(step)))
                data-state=state
                aria-current=move || (stepper.step.get() == step).then_some("step")
            >
                <span class="step-name">{texts::steps::title(step)}</span>
                <small>{move || texts::steps::progress(step, progress.get())}</small>
            </a>
        </li>
    }
    .into_any()
}

/// One step.
fn sheet(stepper: Stepper, step: Step) -> AnyView {
    let Stepper { app, filling, refused, .. } = stepper;
    let name = texts::steps::title(step);
    let title = format!("{name} – Étape {} sur {}", number(step), Step::ALL.len());
    app.arrive(&title);
    refused.set(false);
    stepper.sending.set(Sending::No);
    stepper.found_by_server.set(Vec::new());
    let errors = Memo::new(move |_| if refused.get() { errors_of(stepper, step) } else { Vec::new() });
    Effect::new(move |before: Option<bool>| {
        let wrong = errors.with(|errors| !errors.is_empty());
        if before.is_some_and(|before| before != wrong) {
            app.rename(&if wrong { format!("Erreur\u{a0}: {title}") } else { title.clone() });
        }
        wrong
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if step == Step::Review { send(stepper) } else { go_on(stepper, step) }
    };
    let optional = (step != Step::Review)
        .then_some(" Toutes les réponses sont obligatoires, sauf mention «\u{a0}facultatif\u{a0}».");
    view! {
        <form class="sheet" novalidate=true data-step=step.as_str() on:submit=submit>
            <header>
                <h1 tabindex=-1>{name}</h1>
                <p class="lead">{texts::steps::lead(step)}{optional}</p>
            </header>
            {conflicts(stepper)}
            {move || summary(stepper, step, &errors.get())}
            {steps::fields(step, filling)}
            {move || failure(stepper.sending.get())}
            {actions(stepper, step)}
        </form>
    }
    .into_any()
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
fn summary(stepper: Stepper, step: Step, errors: &[Finding]) -> AnyView {
    if errors.is_empty() {
        return ().into_any();
    }
    let words = match errors.len() {
        1 => "Erreur\u{a0}: une réponse est à donner ou à corriger".to_owned(),
        many => format!("Erreur\u{a0}: {many} réponses sont à donner ou à corriger"),
    };
    let on = next(step).map(|next| {
        view! {
            <p>
                <a href=href(&Place::Request(stepper.filling.draft.id(), Some(next)))>{"Continuer quand même"}</a>
                <span class="hint">{" : vous pourrez revenir compléter cette étape."}</span>
            </p>
        }
    });
    view! {
        <div class="summary" tabindex=-1 role="group" aria-labelledby="summary-title">
            <h2 id="summary-title">{words}</h2>
            {list_of_errors(&stepper.filling.draft.id(), errors)}
            {on}
        </div>
    }
    .into_any()
}

/// Fields that were changed elsewhere to another value: both are shown, and the person chooses.
fn conflicts(stepper: Stepper) -> AnyView {
    let draft = stepper.filling.draft;
    let item = move |field: Field| {
        let theirs = draft.on_server().map(|answers| steps::answer_of(&answers, field));
        let mine = steps::answer_of(&stepper.filling.form.draft(), field);
        let choose = move |side: Side| {
            draft.happened(Event::Chosen { field, side });
            stepper.app.focus("h1");
        };
        view! {
            <li>
                <h3>{fields::full_label(field)}</h3>
                <dl class="versions">
                    <div>
                        <dt>{"Ici"}</dt>
                        <dd class="answer">{mine}</dd>
                    </div>
                    <div>
                        <dt>{"Enregistré ailleurs"}</dt>
                        <dd class="answer">{theirs}</dd>
                    </div>
                </dl>
                <div class="row">
                    <button type="button" class="button" on:click=move |_| choose(Side::Mine)>
                        {"Garder ma réponse"}
                        <span class="unseen">{format!(" à «\u{a0}{}\u{a0}»", fields::full_label(field))}</span>
                    </button>
                    <button type="button" class="button" on:click=move |_| choose(Side::Theirs)>
                        {"Prendre l’autre"}
                        <span class="unseen">{format!(" pour «\u{a0}{}\u{a0}»", fields::full_label(field))}</span>
                    </button>
                </div>
            </li>
        }
    };
    (move || {
        let waiting = draft.conflicts();
        (!waiting.is_empty()).then(|| {
            view! {
                <section class="note" role="status">
                    <h2>{"À vérifier : deux versions d’une même réponse"}</h2>
                    <p>{"Ces réponses ont été changées aussi ailleurs, par un autre onglet ou un autre appareil. Choisissez celles à garder."}</p>
                    <ul class="conflicts" role="list">{waiting.into_iter().map(item).collect_view()}</ul>
                </section>
            }
        })
    })
    .into_any()
}

fn failure(sending: Sending) -> AnyView {
    match sending {
        Sending::Failed(words) => view! { <p class="note" role="alert">{words}</p> }.into_any(),
        Sending::No | Sending::UnderWay => ().into_any(),
    }
}

fn actions(stepper: Stepper, step: Step) -> AnyView {
    let id = stepper.filling.draft.id();
    let back = match step as usize {
        0 => ().into_any(),
        place => {
            let before = Step::ALL.get(place - 1).copied();
            view! { <a class="button" href=href(&Place::Request(id, before))>{"Précédent"}</a> }.into_any()
        }
    };
    let sending = move || stepper.sending.get() == Sending::UnderWay;
    let on = move || match (step, sending()) {
        (Step::Review, true) => "Envoi en cours…",
        (Step::Review, false) => "Envoyer la demande",
        _ => "Suivant",
    };
    view! {
        <div class="actions between">
            {back}
            <button class="button main" aria-disabled=move || sending().then_some("true")>{on}</button>
        </div>
    }
    .into_any()
}

fn next(step: Step) -> Option<Step> {
    Step::ALL.get(step as usize + 1).copied()
}

/// "Suivant": saves, then goes on unless something is wrong.
fn go_on(stepper: Stepper, step: Step) {
    let Stepper { app, filling, refused, .. } = stepper;
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
    let Stepper { app, filling, refused, sending, .. } = stepper;
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
    if !untrack(|| filling.draft.conflicts()).is_empty() {
        sending.set(Sending::Failed(
            "Choisissez d’abord entre les deux versions des réponses signalées en haut de la page.",
        ));
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
            "Vous êtes déconnecté. Reconnectez-vous, puis envoyez la demande : vos réponses sont gardées sur cet appareil."
        }
        _ => {
            "La demande n’a pas pu être envoyée : le service ne répond pas. Vos réponses sont gardées sur cet appareil. Réessayez plus tard."
        }
    }
}

fn submit(stepper: Stepper) {
    let Stepper { app, filling, refused, sending, found_by_server, .. } = stepper;
    let Some(revision) = filling.draft.revision() else { return };
    let id = filling.draft.id();
    let submitting = app.api().submit(&id, revision);
    spawn_local(async move {
        match submitting.await {
            Ok(_) => {
                app.navigation.replace(&Place::Request(id, None));
                filling.draft.happened(Event::Submitted);
            }
            Err(error) => match error.problem().map(|problem| found(&problem.errors)) {
                Some(findings) if !findings.is_empty() => {
                    found_by_server.try_set(findings);
                    sending.try_set(Sending::No);
                    refused.try_set(true);
                    app.focus(SUMMARY);
                }
                _ if error.status() == Some(412) => {
                    sending.try_set(Sending::Failed(
                        "La demande a été modifiée ailleurs entre-temps. Rechargez la page pour relire la dernière version.",
                    ));
                }
                _ => {
                    sending.try_set(Sending::Failed(cannot_send(error.failure())));
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
            params: serde_json::from_value::<Params>(error.params.clone().into()).unwrap_or_default(),
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
