//! What the list shows and searches of a draft, taken from it at each save.

use habilitation_model::fold::folded;
use habilitation_model::wire::{RequestSummary, State};
use habilitation_model::{Draft, Id};
use jiff::Timestamp;

use crate::clock::rfc3339;

/// What the list keeps of a draft.
pub(super) struct Digest {
    pub(super) errors: u32,
    pub(super) name: String,
    pub(super) organisation: String,
}

impl Digest {
    pub(super) fn of(draft: &Draft, arrived: &[Id]) -> Self {
        Self {
            errors: u32::try_from(draft.errors(arrived).len()).unwrap_or(u32::MAX),
            name: draft.project.name.line(),
            organisation: draft.organisation.name.line(),
        }
    }

    /// The parts are parted by a line break, which no search holds: a match never spans two of them.
    pub(super) fn search(&self, number: Option<&str>) -> String {
        [self.name.as_str(), self.organisation.as_str(), number.unwrap_or_default()].map(folded).join("\n")
    }

    /// What the list would show of a draft that was just saved.
    pub(super) fn into_summary(self, id: &Id, revision: u64, at: Timestamp) -> RequestSummary {
        RequestSummary {
            id: id.clone(),
            number: None,
            state: State::Draft,
            name: self.name,
            organisation: self.organisation,
            revision,
            updated_at: rfc3339(at),
            errors: self.errors,
        }
    }
}
