//! The history of a request on the wire: events, submissions and habilitations.

use habilitation_model_derive::FromJson;
use serde::Serialize;

use crate::SCHEMA;
use crate::date::Date;
use crate::draft::Draft;
use crate::lifecycle::act::habilitation_number;
use crate::lifecycle::{Acceptance, Event};

// The description of the API names the version as a number.
const _: () = assert!(SCHEMA == 1, "the description of each `schema` names the version");

/// Events of a request that the caller may see: the answer of `GET …/events`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventList {
    /// Events in the order of the history.
    pub events: Vec<Event>,
    /// Rank of the last event that the caller has seen; 0 before the first.
    pub seen: u64,
}

/// Rank up to which a caller has seen the events: the body of `PUT …/seen`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Seen {
    /// Rank of the last event that was shown.
    pub seq: u64,
}

/// A submission, whole. It never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Submission {
    /// Number of the submission in its request, from 1.
    pub n: u32,
    /// Time of the submission.
    pub at: String,
    /// Day of the submission in Europe/Paris.
    pub on: Date,
    /// Version of the draft's shape, always that of the release that answers.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1))]
    pub schema: u32,
    /// Draft as it was typed.
    pub draft: Draft,
    /// Fields that differ from the submission before, as JSON pointers, in the order of the form.
    pub changes: Vec<String>,
    /// Set where nothing but contacts of the active habilitation changes.
    pub contacts_only: bool,
}

/// The active habilitation of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Habilitation {
    /// Number: that of the request and the rank, `FC-2026-000123-1`.
    pub number: String,
    /// Submission that was accepted.
    pub submission: u32,
    /// Time of the acceptance.
    pub accepted_at: String,
}

impl Habilitation {
    /// Makes the habilitation that an acceptance gave, of the request with this number.
    #[must_use]
    pub fn of(acceptance: &Acceptance, request: &str) -> Self {
        Self {
            number: habilitation_number(request, acceptance.rank),
            submission: acceptance.submission,
            accepted_at: acceptance.at.clone(),
        }
    }
}
