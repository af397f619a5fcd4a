//! Requests: drafts that are saved, listed, checked and submitted.

use std::fmt;

use habilitation_model_derive::FromJson;
use serde::Serialize;

use crate::SCHEMA;
use crate::draft::Draft;
use crate::finding::Finding;
use crate::id::Id;
use crate::lifecycle::State;

// The description of the API names the version as a number.
const _: () = assert!(SCHEMA == 1, "the description of each `schema` names the version");

/// A draft to save or to check: the body of `PUT /api/requests/{id}` and of `POST /api/check`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DraftToSave {
    /// Version of the draft's shape; no other is taken.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1))]
    pub schema: u32,
    /// Draft of the request.
    pub draft: Draft,
}

/// A request, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoredRequest {
    /// Identifier, made by the client.
    pub id: Id,
    /// Number, given at submission: `FC-2026-000123`.
    pub number: Option<String>,
    /// State of the request.
    pub state: State,
    /// Version of the draft's shape, always that of the release that answers.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1))]
    pub schema: u32,
    /// 1 at creation, raised by each change of the draft or the state.
    pub revision: u64,
    /// Time of the first save.
    pub created_at: String,
    /// Time of the last change.
    pub updated_at: String,
    /// Times at which the revisions before this one were saved, the newest first, [`EARLIER_MAX`] at most. They tell a revision
    /// that grew out of a known one from one that a restored backup gave the same or a higher number.
    #[from_json(default)]
    pub earlier: Vec<String>,
    /// Time of submission.
    pub submitted_at: Option<String>,
    /// The documents whose bytes have arrived, listed by the draft or not.
    pub arrived: Vec<Id>,
    /// Draft of the request.
    pub draft: Draft,
}

/// Most times of earlier revisions in a response.
pub const EARLIER_MAX: usize = 32;

impl StoredRequest {
    /// Returns [`earlier`](Self::earlier) of the revision that follows this one.
    #[must_use]
    pub fn earlier_of_next(&self) -> Vec<String> {
        let before = std::iter::once(&self.updated_at).chain(&self.earlier);
        before.take(EARLIER_MAX).cloned().collect()
    }

    /// Returns the summary that a list shows, and that answers a save.
    #[must_use]
    pub fn summary(&self) -> RequestSummary {
        let errors = self.draft.errors(&self.arrived).len();
        RequestSummary {
            id: self.id.clone(),
            number: self.number.clone(),
            state: self.state,
            name: self.draft.project.name.line(),
            organisation: self.draft.organisation.name.line(),
            revision: self.revision,
            updated_at: self.updated_at.clone(),
            errors: u32::try_from(errors).unwrap_or(u32::MAX),
        }
    }
}

/// Returns the number of a request, by its rank among those submitted in one year (UTC): `FC-2026-000123`.
#[must_use]
pub fn request_number(year: &str, rank: u64) -> String {
    let rank = rank.to_string();
    let zeros = "000000".get(rank.len()..).unwrap_or_default();
    ["FC-", year, "-", zeros, &rank].concat()
}

/// Summary of a request in a list, and the answer to a save.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestSummary {
    /// Identifier, made by the client.
    pub id: Id,
    /// Number, given at submission.
    pub number: Option<String>,
    /// State of the request.
    pub state: State,
    /// Name of the project, as typed.
    pub name: String,
    /// Name of the organisation, as typed.
    pub organisation: String,
    /// Revision of the draft.
    pub revision: u64,
    /// Time of the last change.
    pub updated_at: String,
    /// Number of findings that block submission.
    pub errors: u32,
}

/// A page of the list of one's requests, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestList {
    /// Requests of the page.
    pub requests: Vec<RequestSummary>,
    /// Cursor of the next page, if there is one.
    pub next: Option<String>,
}

/// Part of a [`Receipt`] by which the page knows it, and its request.
#[derive(Clone, Debug, PartialEq, Eq, FromJson)]
pub struct ReceiptNumber {
    /// `FC-2026-000123`.
    pub number: String,
    /// The request as it was submitted.
    pub request: Identified,
}

/// Part of a response that tells whether it is about the subject of the call.
#[derive(Clone, Debug, PartialEq, Eq, FromJson)]
pub struct Identified {
    /// Identifier of the request, or of the document.
    pub id: Id,
}

/// Receipt of a submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// `FC-2026-000123`.
    pub number: String,
    /// Time of submission.
    pub submitted_at: String,
    /// The request as it was submitted.
    pub request: StoredRequest,
}

/// Findings of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Findings {
    /// Findings in the order of the form.
    pub findings: Vec<Finding>,
}

/// Position in a list of requests, which is in the order of their last change. [`RequestList::next`] holds one, opaque
/// to callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Time of the last change of the request there, in milliseconds since 1970.
    pub updated_at: i64,
    /// Identifier of the request there.
    pub id: Id,
}

impl Cursor {
    /// Reads the form that [`Display`](fmt::Display) writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (updated_at, id) = text.split_once('.')?;
        let cursor = Self { updated_at: updated_at.parse().ok()?, id: Id::parse(id).ok()? };
        // There is one way to write each.
        (cursor.to_string() == text).then_some(cursor)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.updated_at, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_the_place_it_was_made_of_and_nothing_else() {
        for updated_at in [1_798_761_599_999, 0, -1, i64::MAX, i64::MIN] {
            let cursor = Cursor { updated_at, id: Id::new(7, [9; 10]) };
            assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
        }
        let id = Id::new(7, [9; 10]);
        for text in
            ["", ".", "x", "1", &format!("+1.{id}"), &format!("01.{id}"), &format!("1.{id} "), &format!("1..{id}")]
        {
            assert_eq!(Cursor::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_names_its_year_and_its_rank_in_six_digits_or_more() {
        for (rank, number) in [
            (1, "FC-2026-000001"),
            (123, "FC-2026-000123"),
            (999_999, "FC-2026-999999"),
            (1_000_000, "FC-2026-1000000"),
        ] {
            assert_eq!(request_number("2026", rank), number);
        }
    }
}
