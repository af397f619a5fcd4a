//! Columns of a request that the list shows and searches, taken from the draft at each save.

use habilitation_model::normalize::normalized;
use habilitation_model::wire::RequestSummary;
use habilitation_model::{Draft, Id};
use jiff::Timestamp;

use crate::clock::rfc3339;
use crate::store::sqlite::values::shown_line;

/// Texts and counts that the list keeps of a draft.
pub(super) struct ListColumns {
    pub(super) errors: u32,
    pub(super) name: String,
    pub(super) organisation: String,
}

impl ListColumns {
    pub(super) fn of(draft: &Draft, arrived: &[Id]) -> Self {
        Self {
            errors: u32::try_from(draft.errors(arrived).len()).unwrap_or(u32::MAX),
            name: shown_line(&draft.project.name),
            organisation: shown_line(&draft.organisation.name),
        }
    }

    /// Returns the text that is searched. A line break stands between its parts, which no search holds: a match never spans two.
    pub(super) fn search(&self, number: Option<&str>) -> String {
        [self.name.as_str(), self.organisation.as_str(), number.unwrap_or_default()].map(normalized).join("\n")
    }

    /// Returns the line of the list for a draft that was just saved.
    pub(super) fn summary(&self, id: &Id, revision: u64, at: Timestamp) -> RequestSummary {
        RequestSummary {
            name: self.name.clone(),
            organisation: self.organisation.clone(),
            revision,
            updated_at: rfc3339(at),
            errors: self.errors,
            ..RequestSummary::begun(id.clone())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_keeps_the_first_200_characters() {
        let mut draft = Draft::default();
        draft.project.name = "é".repeat(240).as_str().into();
        draft.organisation.name = "b".repeat(200).as_str().into();
        let columns = ListColumns::of(&draft, &[]);
        assert_eq!((columns.name, columns.organisation), ("é".repeat(200), "b".repeat(200)));
    }
}
