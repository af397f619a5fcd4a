//! Problem documents (RFC 9457).

use habilitation_model_derive::FromJson;
use serde::Serialize;

use crate::SCHEMA;
use crate::choice::ClosedList;
use crate::draft::Draft;
use crate::finding::Params;
use crate::lifecycle::{ActFinding, By, Event, State};

/// Media type of a [`Problem`] (RFC 9457).
pub const PROBLEM_MEDIA_TYPE: &str = "application/problem+json";

/// Beginning of the `type` of every [`Problem`] of ours.
pub const PROBLEM_TYPE_PREFIX: &str = "/problems/";

/// Part of a [`Problem`] that tells whether it is one of ours.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromJson)]
pub struct ProblemOrigin {
    /// `type`: one of ours begins with [`PROBLEM_TYPE_PREFIX`].
    #[serde(rename = "type")]
    pub kind: String,
}

/// Reason for which a call failed (RFC 9457).
#[derive(Clone, Debug, PartialEq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Kind of problem: a reference that never changes.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in a few words.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// Explanation of this occurrence.
    pub detail: String,
    /// The path that was called.
    pub instance: String,
    /// Wrong places of a body (400, 422), or the quota that is reached (409).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemError>,
    /// State that the server holds (412).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<Current>,
    // The page asks what is there instead of reading the three that follow: what starts need not know them.
    /// State in which the request is, where it is the wrong one for an act (409).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", from_json(skip))]
    pub state: Option<State>,
    /// State of the request of which the team knows another revision (412).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", from_json(skip))]
    pub standing: Option<Standing>,
    /// Events that the caller has not seen (409).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(target_arch = "wasm32", from_json(skip))]
    pub events: Vec<Event>,
    /// Most bytes that the body may have (413).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

impl Problem {
    /// Returns whether the versions differ: the server reads no draft of this one, or holds one of a newer version.
    #[must_use]
    pub fn is_version_mismatch(&self) -> bool {
        self.errors.iter().any(|error| error.pointer == "/schema")
            || self.current.as_ref().is_some_and(|current| current.schema > SCHEMA)
    }

    /// Returns the problem of a status, for the page that answers itself.
    #[must_use]
    pub fn of(status: u16) -> Self {
        let kind = match status {
            401 => "signed-out",
            404 => "not-found",
            409 => "submitted",
            410 => "deleted",
            412 => "stale",
            413 => "too-large",
            415 => "unsupported-file",
            422 => "incomplete",
            507 => "storage-full",
            _ => "internal",
        };
        Self {
            kind: [PROBLEM_TYPE_PREFIX, kind].concat(),
            title: String::new(),
            status,
            detail: String::new(),
            instance: String::new(),
            errors: Vec::new(),
            current: None,
            state: None,
            standing: None,
            events: Vec::new(),
            limit: None,
        }
    }
}

/// State of a request as the team is told of it: nothing of its draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Standing {
    /// State of the request.
    pub state: State,
    /// Revision of the request.
    pub revision: u64,
    /// Person whose act brought it there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<By>,
    /// Time of the last change.
    pub at: String,
}

/// A wrong place in a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProblemError {
    /// A JSON pointer into the body (400) or into the draft (422). An act that is incomplete (422) has pointers into its body.
    /// Empty for a quota, and for the whole draft.
    pub pointer: String,
    /// Code of the mistake.
    pub code: String,
    /// Parameters of the code.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub params: Params,
}

impl From<ActFinding> for ProblemError {
    fn from(finding: ActFinding) -> Self {
        let ActFinding { pointer, code, params } = finding;
        Self { pointer, code: code.as_str().to_owned(), params }
    }
}

/// State that the server holds when a precondition fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Current {
    /// Version of the draft's shape, always that of the release that answers.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1))]
    pub schema: u32,
    /// Revision of the draft.
    pub revision: u64,
    /// Time of the last change.
    pub updated_at: String,
    /// Times at which the revisions before this one were saved, as in `StoredRequest`.
    #[from_json(default)]
    pub earlier: Vec<String>,
    /// First and last name of the person who saved this revision, as in `StoredRequest`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saved_by: Option<String>,
    /// Draft of the request.
    pub draft: Draft,
}
