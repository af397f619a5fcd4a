//! `/api/requests/{id}/events` and `/api/requests/{id}/submissions/{n}`: what happened to a request, and what was sent.

use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use habilitation_model::Id;
use habilitation_model::wire::{EventList, Submission};
use serde::Serialize;
use utoipa::ToSchema;

use super::openapi::{ADeletedRequest, RequestPath};
use super::{RequestId, not_an_id};
use crate::app::App;
use crate::problem::{Problem, ProblemType};
use crate::session::SignedIn;
use crate::store::WholeSubmission;

/// Parameters of the history.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the parameter, which `After` reads")]
pub(crate) struct HistoryParameters {
    /// Rank of an event: those after it are returned; all if absent.
    #[param(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    after: Option<u64>,
}

/// Largest rank that is read: the largest integer of which every reader of JSON is sure.
const RANK_MAX: u64 = (1 << 53) - 1;

/// Extractor of the rank after which events are returned.
pub(crate) struct After(pub(crate) u64);

impl<S: Send + Sync> FromRequestParts<S> for After {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut after = None;
        for (name, value) in form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()) {
            let rank = value.parse().ok().filter(|rank| *rank <= RANK_MAX);
            match (name.as_ref(), after, rank) {
                ("after", None, Some(rank)) => after = Some(rank),
                ("after", ..) => return Err(invalid("`after` is not one whole number.")),
                _ => return Err(invalid("The history takes `after`.")),
            }
        }
        Ok(Self(after.unwrap_or_default()))
    }
}

fn invalid(detail: &str) -> Problem {
    Problem::new(ProblemType::InvalidParameter).detail(detail)
}

/// Address of a submission.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it describes a part of the address, which `SubmissionNumber` reads")]
pub(crate) struct SubmissionPath {
    /// Number of the submission in its request, from 1.
    #[param(minimum = 1, maximum = 4_294_967_295_i64)]
    n: u32,
}

/// Identifier of a request and number of one of its submissions in an address.
pub(crate) struct SubmissionNumber {
    pub(crate) request: Id,
    pub(crate) n: u32,
}

impl<S: Send + Sync> FromRequestParts<S> for SubmissionNumber {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path((request, n)) =
            Path::<(String, String)>::from_request_parts(parts, state).await.map_err(|_| not_an_id("id"))?;
        Ok(Self {
            request: Id::parse(&request).map_err(|_| not_an_id("id"))?,
            n: n.parse()
                .ok()
                .filter(|n| *n > 0)
                .ok_or_else(|| invalid("`n` in the address is not a number from 1."))?,
        })
    }
}

/// Submission, whole, with the typed request that was made of its draft.
#[derive(Serialize, ToSchema)]
pub(crate) struct SubmissionWithRequest {
    #[serde(flatten)]
    pub(crate) submission: Submission,
    /// Answers to the fields that the form showed: clean texts, numbers, dates of ISO 8601 and phones of E.164.
    #[schema(value_type = Object)]
    pub(crate) request: serde_json::Value,
}

/// Returns the history of one of the caller's requests, as far as the caller may see it.
#[utoipa::path(
    get,
    path = "/api/requests/{id}/events",
    tag = "requests",
    operation_id = "read_events",
    params(
        RequestPath,
        HistoryParameters,
    ),
    responses(
        (status = 200, description = "The events, the oldest first.", body = EventList),
        (status = 410, response = inline(ADeletedRequest)),
    )
)]
pub(crate) async fn events(
    State(app): State<App>,
    who: SignedIn,
    RequestId(id): RequestId,
    After(after): After,
) -> Result<Json<EventList>, Problem> {
    Ok(Json(app.store.events(&who.owner, &id, after).await?))
}

/// Returns a submission of one of the caller's requests. It never changes.
#[utoipa::path(
    get,
    path = "/api/requests/{id}/submissions/{n}",
    tag = "requests",
    operation_id = "read_submission",
    params(
        RequestPath,
        SubmissionPath,
    ),
    responses(
        (status = 200, description = "The submission.", body = SubmissionWithRequest),
        (status = 410, response = inline(ADeletedRequest)),
    )
)]
pub(crate) async fn submission(
    State(app): State<App>,
    who: SignedIn,
    SubmissionNumber { request, n }: SubmissionNumber,
) -> Result<Json<SubmissionWithRequest>, Problem> {
    let WholeSubmission { submission, request } = app.store.submission(&who.owner, &request, n).await?;
    Ok(Json(SubmissionWithRequest { submission, request }))
}
