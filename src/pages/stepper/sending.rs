//! Submitting the request.

use leptos::prelude::*;

use super::state::{SUMMARY, Sending, StepperState, errors_of};
use crate::context::{CurrentDraft, Focus, Host, Session};
use crate::effect::{spawn, watch};
use crate::model::saving::{Event, Failure, SavedTo};
use crate::model::wire::ProblemError;
use crate::model::{ClosedList, Code, Field, Finding, Level, Step};
use crate::navigation::{Navigation, Place};

/// Ends a submission that waits for a save which fails: nothing is submitted later, unasked.
pub(super) fn watch_saving(stepper: StepperState) {
    let StepperState { context, sending, .. } = stepper;
    watch(move || {
        let saved_to = context.draft.status().with(|status| status.saved_to);
        if let (SavedTo::Device(failure), Sending::InFlight) = (saved_to, sending.get()) {
            sending.set(Sending::Failed(cannot_send(failure)));
        }
    });
}

/// Contexts that a submission needs once its response comes, when there is no owner to ask.
#[derive(Clone, Copy)]
struct Sender {
    focus: Focus,
    host: Host,
    navigation: Navigation,
    current_draft: CurrentDraft,
    session: Session,
}

/// Submits the request, or shows the errors that prevent it.
pub(crate) fn send(stepper: StepperState) {
    let sender = Sender {
        focus: Focus::get(),
        host: Host::get(),
        navigation: Navigation::get(),
        current_draft: CurrentDraft::get(),
        session: Session::get(),
    };
    let StepperState { context, sending, .. } = stepper;
    let shows_error_summary = context.shows_error_summary;
    if sending.get_untracked() == Sending::InFlight {
        return;
    }
    Step::ALL.iter().for_each(|step| context.form.attempt_step(*step));
    if !untrack(|| errors_of(stepper, Step::Review)).is_empty() {
        shows_error_summary.set(true);
        sender.focus.on(SUMMARY);
        return;
    }
    if untrack(|| context.uploads.has_pending()) {
        sending.set(Sending::Failed(
            "Un fichier est encore en cours d’envoi. Attendez qu’il arrive, puis envoyez la demande.",
        ));
        return;
    }
    if context.draft.status().with_untracked(|status| !status.conflicts.is_empty()) {
        sending.set(Sending::Failed(
            "Choisissez d’abord entre les deux versions des réponses signalées en haut de la page.",
        ));
        return;
    }
    if !sender.host.dispatch("submit", context.draft.id().as_str(), "") {
        return;
    }
    sending.set(Sending::InFlight);
    context.draft.once_saved(move || {
        if sending.try_get_untracked() == Some(Sending::InFlight) {
            submit(stepper, sender);
        }
    });
}

fn submit(stepper: StepperState, sender: Sender) {
    let StepperState { context, sending, found_by_server, .. } = stepper;
    let shows_error_summary = context.shows_error_summary;
    if context.draft.revision().is_none() {
        return;
    }
    let (id, asked) = (context.draft.id(), context.draft.base_revision());
    context.draft.dispatch(Event::Submitting);
    let submitting = sender.session.service().submit(&id, &asked);
    spawn(async move {
        let answer = submitting.await;
        if answer.is_err() {
            context.draft.dispatch(Event::NotSubmitted);
        }
        match answer {
            Ok(()) => {
                sender.current_draft.sent(&id);
                sender.navigation.replace(&Place::Request(id, None));
                context.draft.submitted();
            }
            Err(error) => match error.problem().map(|problem| found(&problem.errors)) {
                Some(findings) if !findings.is_empty() => {
                    if findings.iter().any(|finding| finding.code == Code::MissingFile) {
                        // The list of files then tells which one is missing.
                        context.draft.ask_what_arrived();
                    }
                    found_by_server.set(findings);
                    sending.set(Sending::No);
                    shows_error_summary.set(true);
                    sender.focus.on(SUMMARY);
                }
                _ if error.status() == Some(412) => {
                    if let Some(current) = error.current() {
                        context.draft.dispatch(Event::Found { current, asked });
                    }
                    sending.set(Sending::Failed(
                        "La demande vient d’être modifiée dans un autre onglet ou sur un autre appareil. Relisez-la, puis envoyez-la.",
                    ));
                }
                // A saved draft can only exceed the quota of submissions.
                _ if error.failure() == Failure::QuotaReached => sending.set(Sending::Failed(
                    "Vous avez envoyé aujourd’hui autant de demandes que le service en accepte. Celle-ci est enregistrée : envoyez-la demain.",
                )),
                // The request was submitted elsewhere: it is shown as it was submitted.
                _ if error.failure() == Failure::Submitted => context.draft.submitted(),
                _ => {
                    match error.failure() {
                        Failure::NotOnServer => context.draft.dispatch(Event::NotOnServer),
                        Failure::Gone => context.draft.dispatch(Event::Deleted),
                        _ => {}
                    }
                    sending.set(Sending::Failed(cannot_send(error.failure())));
                }
            },
        }
    });
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
