//! `/api/requests/{id}/events/{event}` and `/api/requests/{id}/seen`: what the applicant does after a submission.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use habilitation_model::wire::{Act, Kind, Seen, StoredRequest};

use super::openapi::{ADeletedRequest, ActHeaders, AnotherRevision, EventPath, NoPrecondition, RequestPath};
use super::{EventId, RequestId};
use crate::app::App;
use crate::body;
use crate::preconditions::{Preconditions, entity_tag};
use crate::problem::{Problem, ProblemType};
use crate::session::SignedIn;
use crate::store::{ActToMake, Acted};

/// Writes to the team, takes a request back, takes it up again, or puts it away. Repeating it is harmless: the identifier of the
/// event names the act.
#[utoipa::path(
    put,
    path = "/api/requests/{id}/events/{event}",
    tag = "requests",
    operation_id = "act_on_request",
    params(
        RequestPath,
        EventPath,
        ActHeaders,
    ),
    request_body(content = Act, description = "A message, or an act of the kind `withdrawn`, `reopened` or `archived`."),
    responses(
        (status = 200, description = "It was done already; this is the request as it is now.", body = StoredRequest, headers(("ETag" = String, description = "Its revision, between quotes."))),
        (status = 201, description = "Done; this is the request as it is now.", body = StoredRequest, headers(("ETag" = String, description = "Its revision, between quotes."))),
        (status = 409, description = "The request is in another state, or another act has this identifier.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
        (status = 410, response = inline(ADeletedRequest)),
        (status = 412, response = inline(AnotherRevision)),
        (status = 422, description = "The act says too little or too much; `errors` has pointers into the body.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
        (status = 428, response = inline(NoPrecondition)),
    )
)]
pub(crate) async fn act(
    State(app): State<App>,
    who: SignedIn,
    EventId { request, event }: EventId,
    preconditions: Preconditions,
    body::Json(act): body::Json<Act>,
) -> Result<Response, Problem> {
    if !matches!(act.kind, Kind::Message | Kind::Withdrawn | Kind::Reopened | Kind::Archived) {
        return Err(Problem::new(ProblemType::InvalidBody)
            .detail("An applicant does nothing of this kind here.")
            .error("/kind".to_owned(), "unknown_value"));
    }
    let to_make = ActToMake { event, act, by: who.as_applicant() };
    let acted = app.store.act(&who.owner, &request, &to_make, &preconditions.expected(), app.clock.now()).await?;
    let (status, request) = match acted {
        Acted::Now(request) => (StatusCode::CREATED, request),
        Acted::Before(request) => (StatusCode::OK, request),
    };
    Ok((status, [(ETAG, entity_tag(request.revision))], Json(request)).into_response())
}

/// Notes up to which event the caller has read the history. It never goes back.
#[utoipa::path(
    put,
    path = "/api/requests/{id}/seen",
    tag = "requests",
    operation_id = "see_events",
    params(RequestPath),
    request_body = Seen,
    responses(
        (status = 204, description = "Noted."),
        (status = 410, response = inline(ADeletedRequest)),
    )
)]
pub(crate) async fn see(
    State(app): State<App>,
    who: SignedIn,
    RequestId(id): RequestId,
    body::Json(Seen { seq }): body::Json<Seen>,
) -> Result<StatusCode, Problem> {
    app.store.see(&who.owner, &id, seq, app.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
