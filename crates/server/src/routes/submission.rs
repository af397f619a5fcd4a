//! `/api/requests/{id}/submission`: sending a request.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use habilitation_model::wire::{Receipt, SubmissionBody};

use super::openapi::{ChangeHeaders, RequestPath};
use super::{RequestId, organisations};
use crate::app::App;
use crate::body::OptionalJson;
use crate::preconditions::{Preconditions, entity_tag};
use crate::problem::Problem;
use crate::session::SignedIn;
use crate::store::{Sending, Submitted};

/// Submits a draft, which gets a number the first time. Repeating it is harmless: the precondition is not looked at once the
/// request is submitted.
#[utoipa::path(
    post,
    path = "/api/requests/{id}/submission",
    tag = "requests",
    operation_id = "submit_request",
    params(
        RequestPath,
        ChangeHeaders,
    ),
    request_body(content = Option<SubmissionBody>, description = "Words to the team, if there are any."),
    responses(
        (status = 200, description = "It was submitted already; this is its receipt.", body = Receipt, headers(("ETag" = String, description = "Its revision, between quotes."))),
        (status = 201, description = "Submitted.", body = Receipt, headers(("ETag" = String, description = "Its new revision, between quotes."))),
        (status = 409, response = inline(super::openapi::AnotherState)),
        (status = 410, response = inline(super::openapi::ADeletedRequest)),
        (status = 412, response = inline(super::openapi::AnotherRevision)),
        (status = 422, response = inline(super::openapi::AnIncompleteRequest)),
        (status = 428, response = inline(super::openapi::NoPrecondition)),
    )
)]
pub(crate) async fn submit(
    State(app): State<App>,
    who: SignedIn,
    RequestId(id): RequestId,
    preconditions: Preconditions,
    OptionalJson(words): OptionalJson<SubmissionBody>,
) -> Result<Response, Problem> {
    let (expected, sending) = (preconditions.expected(), Sending { by: who.as_applicant(), words });
    let (status, receipt) = match app.store.submit(&who.owner, &id, &expected, &sending, app.clock.now()).await? {
        Submitted::Now(receipt) => {
            organisations::note(&app, &id, receipt.submission, receipt.request.draft.organisation.siret.as_str());
            (StatusCode::CREATED, receipt)
        }
        Submitted::Before(receipt) => (StatusCode::OK, receipt),
    };
    Ok((status, [(ETAG, entity_tag(receipt.request.revision))], Json(receipt)).into_response())
}
