//! State that the parts of the stepper share. Answers are in the form.

use leptos::prelude::*;

use crate::context::Announcer;
use crate::draft::SaveStatus;
use crate::files;
use crate::model::saving::SavedTo;
use crate::model::{ClosedList, Finding, Step};
use crate::navigation::{Navigation, Place};
use crate::steps::StepContext;

/// Selector of the summary of errors.
pub(super) const SUMMARY: &str = ".error-summary";

/// Step that is shown, and progress of its submission. Copies share one state.
#[derive(Clone, Copy)]
pub(super) struct StepperState {
    pub(super) context: StepContext,
    pub(super) step: Memo<Step>,
    pub(super) submission: RwSignal<Submission>,
    /// Errors that only the server found.
    pub(super) found_by_server: RwSignal<Vec<Finding>>,
}

/// Progress of the submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Submission {
    Idle,
    Running,
    Failed(String),
    /// Impossible from now on: the page of the request takes the place of its form.
    ToRead,
}

impl Submission {
    /// Returns the progress of one that failed, with words about it.
    pub(super) fn failed(words: &str) -> Self {
        Self::Failed(words.to_owned())
    }
}

impl StepperState {
    /// Saves the answers in a file.
    pub(super) fn export(self) {
        self.context.form.sync_controls();
        files::export(&self.context.form.draft());
    }

    /// Erases the device's copy of the request, and leaves its page.
    pub(super) fn erase_and_leave(self) {
        let (announcer, navigation) = (Announcer::get(), Navigation::get());
        let is_saved = |status: &SaveStatus| status.saved_to == SavedTo::Server;
        announcer.set_flash(if self.context.draft.status().with_untracked(is_saved) {
            "La copie gardée sur cet appareil est effacée. La demande reste enregistrée par le service."
        } else {
            "Les réponses gardées sur cet appareil sont effacées."
        });
        // The draft ends after its page has been left.
        navigation.go(&Place::Requests);
        self.context.draft.erase();
        announcer.announce("Copie effacée de cet appareil");
    }
}

/// Returns the errors that keep the person on a step.
///
/// On the last step, these are the errors of all steps, or else those that only the server found.
pub(super) fn errors_of(stepper: StepperState, step: Step) -> Vec<Finding> {
    let form = stepper.context.form;
    if step != Step::Review {
        return form.errors(step);
    }
    let mut errors: Vec<Finding> = Step::ALL.iter().flat_map(|step| form.errors(*step)).collect();
    if errors.is_empty() {
        errors = stepper.found_by_server.get();
    }
    errors
}
