//! Submitting the request.

use leptos::prelude::*;

use super::remarks::send_words;
use super::state::{SUMMARY, StepperState, Submission, errors_of};
use crate::api::ApiError;
use crate::components::paragraph;
use crate::context::{Announcer, CurrentDraft, Focus, Host, Session};
use crate::effect::{computed, spawn, watch};
use crate::html::{self, LiveText, follow, live};
use crate::model::lifecycle::act::{REMARK_MAX, TEXT_MAX};
use crate::model::saving::{BaseRevision, Event, Failure, SavedTo};
use crate::model::wire::{ProblemError, SubmissionBody};
use crate::model::{ClosedList, Code, Field, Finding, Level, Step, Text};
use crate::navigation::{Navigation, Place};

/// Shows the button that sends the request.
#[component]
pub(super) fn SendButton(stepper: StepperState) -> impl IntoView {
    let is_invited = CurrentDraft::get().is_invited();
    let is_editor = computed(move |_| is_invited.get());
    live(move || match is_editor.get() {
        true => paragraph("Seule la personne titulaire peut envoyer la demande.").attr("class", "hint").into_any(),
        false => view! { <OwnersButton stepper /> }.into_any(),
    })
}

/// Shows the button to the owner.
#[component]
fn OwnersButton(stepper: StepperState) -> impl IntoView {
    let is_running = move || stepper.submission.get() == Submission::Running;
    let form = stepper.context.form;
    let words = move || if is_running() { "Envoi en cours…" } else { send_words(form) }.to_owned();
    html::button()
        .attr("class", "button primary")
        .attr("aria-disabled", follow(move || is_running().then_some("true")))
        .live_text(words)
}

/// Ends a submission that waits for a save which fails: nothing is submitted later, unasked.
pub(super) fn watch_saving(stepper: StepperState) {
    let StepperState { context, submission, .. } = stepper;
    watch(move || {
        let saved_to = context.draft.status().with(|status| status.saved_to);
        if let (SavedTo::Device(failure), Submission::Running) = (saved_to, submission.get()) {
            submission.set(Submission::failed(cannot_send(failure)));
        }
    });
}

/// Contexts that a submission needs once its response comes, when there is no owner to ask.
#[derive(Clone, Copy)]
struct SubmissionContexts {
    announcer: Announcer,
    focus: Focus,
    host: Host,
    navigation: Navigation,
    current_draft: CurrentDraft,
    session: Session,
}

/// Submits the request, or shows the errors that prevent it.
pub(crate) fn start(stepper: StepperState) {
    let contexts = SubmissionContexts {
        announcer: Announcer::get(),
        focus: Focus::get(),
        host: Host::get(),
        navigation: Navigation::get(),
        current_draft: CurrentDraft::get(),
        session: Session::get(),
    };
    let StepperState { context, submission, .. } = stepper;
    let shows_error_summary = context.shows_error_summary;
    if submission.get_untracked() == Submission::Running {
        return;
    }
    Step::ALL.iter().for_each(|step| context.form.attempt_step(*step));
    if !untrack(|| errors_of(stepper, Step::Review)).is_empty() {
        shows_error_summary.set(true);
        contexts.focus.on(SUMMARY);
        return;
    }
    if untrack(|| context.uploads.has_pending()) {
        submission.set(Submission::failed(
            "Un fichier est encore en cours d’envoi. Attendez qu’il arrive, puis envoyez la demande.",
        ));
        return;
    }
    if context.draft.status().with_untracked(|status| !status.conflicts.is_empty()) {
        submission.set(Submission::failed(
            "Choisissez d’abord entre les deux versions des réponses signalées en haut de la page.",
        ));
        return;
    }
    if let Some(words) = too_long(&context.form.words_to_send()) {
        submission.set(Submission::failed(words));
        return;
    }
    if !contexts.host.dispatch("submit", context.draft.id().as_str(), "") {
        return;
    }
    submission.set(Submission::Running);
    context.draft.once_saved(move || {
        if submission.try_get_untracked() == Some(Submission::Running) {
            submit(stepper, contexts);
        }
    });
}

fn submit(stepper: StepperState, contexts: SubmissionContexts) {
    let context = stepper.context;
    if context.draft.revision().is_none() {
        return;
    }
    let (id, asked) = (context.draft.id(), context.draft.base_revision());
    context.draft.dispatch(Event::Submitting);
    let submitting = contexts.session.service().submit(&id, &asked, &context.form.words_to_send());
    spawn(async move {
        let answer = submitting.await;
        if answer.is_err() {
            context.draft.dispatch(Event::NotSubmitted);
        }
        match answer {
            Ok(()) => {
                contexts.current_draft.sent(&id);
                contexts.navigation.replace(&Place::Request(id, None));
                context.draft.submitted();
            }
            Err(error) => not_submitted(stepper, contexts, &error, asked),
        }
    });
}

/// Shows why the service did not take the request.
fn not_submitted(stepper: StepperState, contexts: SubmissionContexts, error: &ApiError, asked: BaseRevision) {
    let StepperState { context, submission, found_by_server, .. } = stepper;
    let errors = error.problem().map_or(&[][..], |problem| problem.errors.as_slice());
    if let Some(words) = errors.iter().find_map(nothing_new) {
        return submission.set(Submission::failed(words));
    }
    if errors.iter().any(|error| error.pointer.starts_with("/replies")) {
        // Another request for changes has taken the place of the one that was answered.
        contexts.current_draft.was_sent().set(true);
        return submission
            .set(Submission::failed("L’équipe a changé ses remarques. Relisez-les, puis envoyez la demande."));
    }
    let findings = found(errors);
    if !findings.is_empty() {
        if findings.iter().any(|finding| finding.code == Code::MissingFile) {
            // The list of files then tells which one is missing.
            context.draft.ask_what_arrived();
        }
        found_by_server.set(findings);
        submission.set(Submission::Idle);
        context.shows_error_summary.set(true);
        return contexts.focus.on(SUMMARY);
    }
    if error.status() == Some(412) {
        let mut by = "dans un autre onglet ou sur un autre appareil".to_owned();
        if let Some(current) = error.current() {
            if let Some(name) = &current.saved_by {
                by = ["par ", name].concat();
            }
            context.draft.dispatch(Event::Found { current, asked });
        }
        let words = ["La demande vient d’être modifiée ", &by, ". Relisez-la, puis envoyez-la."].concat();
        return submission.set(Submission::Failed(words));
    }
    match error.failure() {
        // A saved draft can only exceed the quota of submissions.
        Failure::QuotaReached => {
            return submission.set(Submission::failed(
                "Vous avez envoyé aujourd’hui autant de demandes que le service en accepte. Celle-ci est enregistrée : envoyez-la demain.",
            ));
        }
        // The team took it back, or it was withdrawn elsewhere: its page tells, and what is typed stays on this device.
        Failure::Submitted => {
            contexts.announcer.warn("La demande n’a pas été envoyée\u{a0}: elle vient de changer. La voici à jour.");
            return submission.set(Submission::ToRead);
        }
        Failure::NotOnServer => context.draft.dispatch(Event::NotOnServer),
        Failure::Gone => context.draft.dispatch(Event::Deleted),
        _ => {}
    }
    submission.set(Submission::failed(cannot_send(error.failure())));
}

fn cannot_send(failure: Failure) -> &'static str {
    match failure {
        Failure::SignedOut => {
            "Votre session est terminée. Reconnectez-vous, puis envoyez la demande : vos réponses sont gardées sur cet appareil."
        }
        Failure::NotOnServer => {
            "La demande n’a pas pu être envoyée : le service ne la connaît plus. Vos réponses sont gardées sur cet appareil."
        }
        Failure::Intercepted => {
            "La demande n’a pas pu être envoyée : quelque chose, entre cet appareil et le service, bloque l’envoi. Vos réponses sont gardées sur cet appareil. Réessayez plus tard, ou depuis un autre réseau."
        }
        Failure::NotPermitted => {
            "La demande n’a pas été envoyée : seule la personne titulaire peut l’envoyer, pour l’organisation de la demande. Vos réponses sont gardées."
        }
        Failure::Gone => {
            "La demande n’a pas pu être envoyée : elle a été supprimée ailleurs. Vos réponses sont gardées sur cet appareil."
        }
        Failure::Outdated => {
            "La demande n’a pas pu être envoyée : cette page n’est plus à jour. Rechargez-la, puis réessayez."
        }
        Failure::NotUnderstood => {
            "La demande n’a pas pu être envoyée : une réponse n’a pas pu être enregistrée. Saisissez de nouveau cette réponse, sans caractère spécial, puis réessayez."
        }
        Failure::TooLarge => {
            "La demande n’a pas pu être envoyée : vos réponses n’ont pas pu être enregistrées. Raccourcissez les textes les plus longs, puis réessayez."
        }
        Failure::QuotaReached => {
            "La demande n’a pas pu être envoyée : vos brouillons occupent toute la place que le service leur réserve. Supprimez ceux dont vous n’avez plus besoin depuis « Mes demandes », puis réessayez."
        }
        Failure::Unreachable | Failure::Submitted => {
            "La demande n’a pas pu être envoyée : le service ne répond pas. Vos réponses sont gardées sur cet appareil. Réessayez plus tard."
        }
    }
}

/// Returns why words cannot be sent, where one of them is too long.
fn too_long(words: &SubmissionBody) -> Option<&'static str> {
    let is_longer = |text: &Text, max: u64| text.trimmed().chars().count() as u64 > max;
    if is_longer(&words.text, TEXT_MAX) {
        return Some(
            "Votre message à l’équipe dépasse 5\u{202f}000 caractères. Raccourcissez-le, puis envoyez la demande.",
        );
    }
    let is_reply_longer = words.replies.iter().any(|reply| is_longer(&reply.text, REMARK_MAX));
    is_reply_longer.then_some(
        "Une réponse à une remarque dépasse 2\u{202f}000 caractères. Raccourcissez-la, puis envoyez la demande.",
    )
}

/// Returns why the service took a submission for an empty one, and what to do.
fn nothing_new(error: &ProblemError) -> Option<&'static str> {
    match Code::parse(&error.code)? {
        Code::Unchanged => {
            Some("Rien n’a changé depuis la demande acceptée. Modifiez au moins une réponse, puis envoyez la demande.")
        }
        Code::Unanswered => Some(
            "Rien n’a changé depuis votre dernier envoi. Modifiez une réponse, répondez à une remarque ou écrivez à l’équipe, puis envoyez la demande.",
        ),
        _ => None,
    }
}

/// Returns the errors of a problem document as findings.
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
