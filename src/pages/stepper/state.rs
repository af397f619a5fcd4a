//! What the person sees of one request while it is filled in.

use crate::context::Announcer;
use crate::draft::SaveStatus;
use crate::model::saving::SavedTo;
use crate::model::{ClosedList, Finding, Step};
use crate::navigation::{Navigation, Place};
use crate::steps::Filling;
use leptos::prelude::*;

/// Finds the summary of what is wrong.
pub(super) const SUMMARY: &str = ".summary";

/// What the person sees of one request; copies share one state.
#[derive(Clone, Copy)]
pub(super) struct StepperState {
    pub(super) filling: Filling,
    pub(super) step: Memo<Step>,
    pub(super) sending: RwSignal<Sending>,
    /// What only the server found.
    pub(super) found_by_server: RwSignal<Vec<Finding>>,
}

/// How far sending the request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sending {
    No,
    UnderWay,
    Failed(&'static str),
}

impl StepperState {
    /// The person gives up what this device has of the request.
    pub(super) fn leave_for_good(self) {
        let (announcer, navigation) = (Announcer::get(), Navigation::get());
        let is_saved = |status: &SaveStatus| status.saved_to == SavedTo::Server;
        announcer.set_flash(if self.filling.draft.status().with_untracked(is_saved) {
            "La copie gardée sur cet appareil est effacée. La demande reste enregistrée par le service."
        } else {
            "Les réponses gardées sur cet appareil sont effacées."
        });
        // The draft ends once nobody looks at it any more.
        navigation.go(&Place::Requests);
        self.filling.draft.erase();
        announcer.announce("Copie effacée de cet appareil");
    }
}

/// What keeps the person on a step: its own errors, or everybody's where the request is sent.
pub(super) fn errors_of(stepper: StepperState, step: Step) -> Vec<Finding> {
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
