//! The context of the steps of a request that is being filled in.

use leptos::prelude::*;

use crate::draft::OpenDraft;
use crate::form::Form;
use crate::uploads::Uploads;

/// Context of the steps of a request that is being filled in.
#[derive(Clone, Copy)]
pub struct StepContext {
    /// Answers of the request.
    pub form: Form,
    /// Draft that keeps the answers.
    pub draft: OpenDraft,
    /// Files of the request.
    pub uploads: Uploads,
    /// Set once the person tried to leave the step while it had errors.
    pub shows_error_summary: RwSignal<bool>,
}
