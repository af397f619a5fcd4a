//! `/api/requests`: the requests of the person who calls.

mod query;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{ETAG, LOCATION};
use axum::response::{IntoResponse, Response};
use habilitation_model::lifecycle::Part;
use habilitation_model::wire::{DraftToSave, RequestList, RequestSummary, StoredRequest};
use habilitation_model::{ClosedList, Code, Draft, SCHEMA};

use self::query::{ListParameters, Query, write_cursor};
use super::openapi::{ChangeHeaders, ReadHeaders, RequestPath, SaveHeaders};
use super::{RequestId, address};
use crate::app::App;
use crate::body;
use crate::preconditions::{Preconditions, entity_tag};
use crate::problem::{Problem, ProblemType};
use crate::session::SignedIn;
use crate::store::{Found, Saved};

/// Lists the caller's requests, last changed first.
#[utoipa::path(
    get,
    path = "/api/requests",
    tag = "requests",
    operation_id = "list_requests",
    params(ListParameters),
    responses((status = 200, description = "A page of the list.", body = RequestList))
)]
pub(crate) async fn list(
    State(app): State<App>,
    who: SignedIn,
    Query(filter): Query,
) -> Result<Json<RequestList>, Problem> {
    let _in_flight =
        app.calls_in_flight_of_person.enter(who.owner.person()).ok_or_else(|| Problem::new(ProblemType::Busy))?;
    let page = app.store.list(&who.owner, &filter, app.clock.now()).await?;
    Ok(Json(page.into_wire(write_cursor)))
}

/// Returns one of the caller's requests, whole.
#[utoipa::path(
    get,
    path = "/api/requests/{id}",
    tag = "requests",
    operation_id = "read_request",
    params(
        RequestPath,
        ReadHeaders,
    ),
    responses(
        (status = 200, description = "The request.", body = StoredRequest, headers(("ETag" = String, description = "Its revision, between quotes."))),
        (status = 304, description = "The caller has this revision."),
        (status = 410, response = inline(super::openapi::ADeletedRequest)),
    )
)]
pub(crate) async fn read(
    State(app): State<App>,
    who: SignedIn,
    RequestId(id): RequestId,
    preconditions: Preconditions,
) -> Result<Response, Problem> {
    match app.store.request(&who.owner, &id, app.clock.now()).await? {
        None => Err(Problem::new(ProblemType::NotFound)),
        Some(Found::Deleted) => Err(Problem::new(ProblemType::Deleted)),
        Some(Found::Request(request)) => {
            let tag = [(ETAG, entity_tag(request.revision))];
            // What follows from a history also depends on its events and on the day.
            let is_own = request.role == Part::Owner && !request.elsewhere;
            if is_own && request.last_event.is_none() && preconditions.has_already(request.revision) {
                return Ok((StatusCode::NOT_MODIFIED, tag).into_response());
            }
            Ok((tag, Json(request)).into_response())
        }
    }
}

/// Creates a draft, or saves it over the revision that the caller knows.
#[utoipa::path(
    put,
    path = "/api/requests/{id}",
    tag = "requests",
    operation_id = "save_request",
    params(
        RequestPath,
        SaveHeaders,
    ),
    request_body = DraftToSave,
    responses(
        (status = 200, description = "Changed.", body = RequestSummary, headers(("ETag" = String, description = "Its new revision, between quotes."))),
        (status = 201, description = "Created.", body = RequestSummary, headers(
            ("ETag" = String, description = "Its revision, between quotes."),
            ("Location" = String, description = "Where it is."),
        )),
        (status = 409, response = inline(super::openapi::ASubmittedRequest)),
        (status = 410, response = inline(super::openapi::ADeletedRequest)),
        (status = 412, response = inline(super::openapi::AnotherRevision)),
        (status = 428, response = inline(super::openapi::NoPrecondition)),
    )
)]
pub(crate) async fn save(
    State(app): State<App>,
    who: SignedIn,
    RequestId(id): RequestId,
    preconditions: Preconditions,
    body::Json(body): body::Json<DraftToSave>,
) -> Result<Response, Problem> {
    refuse_other_schema(&body)?;
    refuse_overlong(&body.draft)?;
    let _in_flight =
        app.calls_in_flight_of_person.enter(who.owner.person()).ok_or_else(|| Problem::new(ProblemType::Busy))?;
    let saved = app.store.save(&who.owner, &id, &body.draft, &preconditions.expected(), app.clock.now()).await?;
    Ok(match saved {
        Saved::Created(summary) => {
            let headers = [(ETAG, entity_tag(summary.revision)), (LOCATION, address(&id))];
            (StatusCode::CREATED, headers, Json(summary)).into_response()
        }
        Saved::Changed(summary) => ([(ETAG, entity_tag(summary.revision))], Json(summary)).into_response(),
    })
}

/// There is one version of the draft's shape so far; a later one is not guessed at.
pub(crate) fn refuse_other_schema(body: &DraftToSave) -> Result<(), Problem> {
    if body.schema == SCHEMA {
        return Ok(());
    }
    let detail = format!("This server reads version {SCHEMA} of the draft's shape.");
    Err(Problem::new(ProblemType::InvalidBody).detail(detail).error("/schema".to_owned(), "unknown_value"))
}

/// A draft keeps what one can type, twice as long as the form takes, and no more.
fn refuse_overlong(draft: &Draft) -> Result<(), Problem> {
    let Some(field) = draft.overlong() else { return Ok(()) };
    let detail = "An answer is more than twice as long as the form takes.";
    Err(Problem::new(ProblemType::TooLarge)
        .detail(detail)
        .error(format!("/draft{}", field.pointer()), Code::TooLong.as_str()))
}

/// Deletes a draft with its documents, if it never was submitted. Its identifier is not used again.
#[utoipa::path(
    delete,
    path = "/api/requests/{id}",
    tag = "requests",
    operation_id = "delete_request",
    params(
        RequestPath,
        ChangeHeaders,
    ),
    responses(
        (status = 204, description = "Deleted."),
        (status = 409, response = inline(super::openapi::AnotherState)),
        (status = 410, response = inline(super::openapi::ADeletedRequest)),
        (status = 412, response = inline(super::openapi::AnotherRevision)),
        (status = 428, response = inline(super::openapi::NoPrecondition)),
    )
)]
pub(crate) async fn delete(
    State(app): State<App>,
    who: SignedIn,
    RequestId(id): RequestId,
    preconditions: Preconditions,
) -> Result<StatusCode, Problem> {
    let files = app.store.delete(&who.owner, &id, &preconditions.expected(), app.clock.now()).await?;
    app.files.remove(files).await;
    Ok(StatusCode::NO_CONTENT)
}
