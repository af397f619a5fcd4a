//! A request while it is filled in, as its steps see it.

use leptos::prelude::*;

use crate::draft::OpenDraft;
use crate::form::Form;
use crate::uploads::Uploads;

/// A request while it is filled in: what a step may use.
#[derive(Clone, Copy)]
pub struct Filling {
    /// Its answers.
    pub form: Form,
    /// How they are kept.
    pub draft: OpenDraft,
    /// Its files.
    pub uploads: Uploads,
    /// The person said that the step is done, and it was not.
    pub refused: RwSignal<bool>,
}
