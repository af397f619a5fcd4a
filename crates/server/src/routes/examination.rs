//! `/api/examination`: the queue, requests as the team sees them, and what the team does.

mod query;

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::header::ETAG;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use habilitation_model::Date;
use habilitation_model::wire::{Act, EventList, ExaminedRequest, Kind, Queue, Seen, TeamList, Viewed};

use self::query::{Query, QueueParameters, write_cursor};
use super::documents::{ReceivedDocument, Sender, Upload};
use super::history::{After, HistoryParameters, SubmissionNumber, SubmissionPath, SubmissionWithRequest};
use super::openapi::{ADeletedRequest, ActHeaders, DocumentPath, EventPath, NoPrecondition, RequestPath};
use super::{DocumentId, EventId, RequestId, documents, organisations};
use crate::app::App;
use crate::body;
use crate::clock::{paris_day, rfc3339};
use crate::metering;
use crate::preconditions::{Preconditions, entity_tag};
use crate::problem::{Problem, ProblemType};
use crate::session::SignedIn;
use crate::store::{ActOfTeam, ActedByTeam, Establishment, Examined, WholeSubmission};
use crate::team::Member;

/// Extractor of a member of the team. For everybody else there is nothing here, nor for anybody through a portal.
pub(crate) struct OfTeam(pub(super) Member);

impl FromRequestParts<App> for OfTeam {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let SignedIn { member, .. } = SignedIn::from_request_parts(parts, app).await?;
        member.map(Self).ok_or_else(|| Problem::new(ProblemType::NotFound))
    }
}

fn to_wire(app: &App, examined: Examined, today: Date) -> ExaminedRequest {
    let Examined { id, number, revision, updated_at, is_own, events, seen, related, looks, siren, establishment } =
        examined;
    // Whoever has left the team is named no more.
    let mut of_team = looks.into_iter().filter_map(|look| Some((app.team.named(&look.person)?, look.at)));
    let viewed = of_team.next().map(|(member, at)| Viewed { name: member.name, at: rfc3339(at) });
    ExaminedRequest {
        is_own,
        related,
        viewed,
        siren,
        found: establishment.and_then(|establishment| establishment.found),
        ..ExaminedRequest::of(id, number, (revision, updated_at), &events, seen, today)
    }
}

/// Lists the requests that were submitted. What applicants typed is of their last submissions.
#[utoipa::path(
    get,
    path = "/api/examination/requests",
    tag = "examination",
    operation_id = "list_queue",
    params(QueueParameters),
    responses((status = 200, description = "A page of the queue.", body = Queue))
)]
pub(crate) async fn queue(
    State(app): State<App>,
    OfTeam(member): OfTeam,
    Query(filter): Query,
) -> Result<Json<Queue>, Problem> {
    let _in_flight =
        app.calls_in_flight_of_person.enter(&member.person).ok_or_else(|| Problem::new(ProblemType::Busy))?;
    let page = app.store.queue(&member, &filter, app.clock.now()).await?;
    let next = page.next.as_ref().map(|position| write_cursor(&filter, position));
    Ok(Json(Queue { requests: page.requests, next, total: page.total, is_cut: page.is_cut, counts: page.counts }))
}

/// Returns the members of the team.
#[utoipa::path(
    get,
    path = "/api/examination/team",
    tag = "examination",
    operation_id = "list_team",
    responses((status = 200, description = "The members, by name.", body = TeamList))
)]
pub(crate) async fn team(State(app): State<App>, OfTeam(_): OfTeam) -> Json<TeamList> {
    Json(app.team.list())
}

/// Returns a request that was submitted. Nothing of its draft is told.
#[utoipa::path(
    get,
    path = "/api/examination/requests/{id}",
    tag = "examination",
    operation_id = "examine_request",
    params(RequestPath),
    responses(
        (status = 200, description = "The request.", body = ExaminedRequest, headers(("ETag" = String, description = "Its revision, between quotes."))),
        (status = 410, response = inline(ADeletedRequest)),
    )
)]
pub(crate) async fn read(
    State(app): State<App>,
    OfTeam(member): OfTeam,
    RequestId(id): RequestId,
) -> Result<Response, Problem> {
    let examined = app.store.examined(&member, &id).await?;
    if let Some(Establishment { submission, siret, found: None }) = &examined.establishment {
        organisations::note(&app, &id, *submission, siret);
    }
    let request = to_wire(&app, examined, paris_day(app.clock.now()));
    Ok(([(ETAG, entity_tag(request.revision))], Json(request)).into_response())
}

/// Returns the history of a request that was submitted, whole.
#[utoipa::path(
    get,
    path = "/api/examination/requests/{id}/events",
    tag = "examination",
    operation_id = "examine_events",
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
    OfTeam(member): OfTeam,
    RequestId(id): RequestId,
    After(after): After,
) -> Result<Json<EventList>, Problem> {
    Ok(Json(app.store.examined_events(&member, &id, after).await?))
}

/// Returns a submission. It never changes.
#[utoipa::path(
    get,
    path = "/api/examination/requests/{id}/submissions/{n}",
    tag = "examination",
    operation_id = "examine_submission",
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
    OfTeam(member): OfTeam,
    SubmissionNumber { request, n }: SubmissionNumber,
) -> Result<Json<SubmissionWithRequest>, Problem> {
    let WholeSubmission { submission, request } = app.store.examined_submission(&member, &request, n).await?;
    Ok(Json(SubmissionWithRequest { submission, request }))
}

/// Returns the bytes of a document that a submission or a message lists. Browsers keep them, and never show them themselves.
#[utoipa::path(
    get,
    path = "/api/examination/requests/{id}/documents/{document}",
    tag = "examination",
    operation_id = "examine_document",
    params(
        RequestPath,
        DocumentPath,
    ),
    responses(
        (
            status = 200,
            description = "The bytes, as an attachment.",
            content((Vec<u8> = "application/pdf"), (Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg")),
            headers(("Content-Disposition" = String, description = "An attachment, by the name that the applicant gave it."))
        ),
        (status = 410, response = inline(ADeletedRequest)),
    )
)]
pub(crate) async fn document(
    State(app): State<App>,
    OfTeam(member): OfTeam,
    DocumentId { request, document }: DocumentId,
) -> Result<Response, Problem> {
    documents::answer(&app, app.store.examined_document(&member, &request, &document).await?).await
}

/// Receives the bytes of a document of a message of the team, which lists it after. Until then nobody else reads it.
///
/// Repeating it is harmless: new bytes stand in place of the old ones, until they are sent. `Content-Length` must announce at most
/// 10 MiB. Bytes that no message lists go after 24 hours.
#[utoipa::path(
    put,
    path = "/api/examination/requests/{id}/documents/{document}",
    tag = "examination",
    operation_id = "send_document_for_team",
    params(
        RequestPath,
        DocumentPath,
    ),
    request_body(
        description = "The bytes. They alone decide of the type: `Content-Type` may be any or none.",
        content(("application/pdf"), ("image/png"), ("image/jpeg"), ("*/*"))
    ),
    responses(
        (status = 200, description = "The bytes are safe on disk, in place of others.", body = ReceivedDocument),
        (status = 201, description = "The bytes are safe on disk.", body = ReceivedDocument),
        (status = 403, description = "A reader sends it, or an examiner for a request of their own.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
        (status = 409, description = "The document was sent, or comes from somebody else; the request is archived, or a quota is reached.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
        (status = 410, response = inline(ADeletedRequest)),
        (status = 411, description = "The length is not announced.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn receive(
    State(app): State<App>,
    OfTeam(member): OfTeam,
    address: DocumentId,
    upload: Upload,
) -> Result<(StatusCode, Json<ReceivedDocument>), Problem> {
    documents::keep(&app, Sender::Team(&member), address, upload).await
}

/// Acts on a request for the team. Repeating it is harmless: the identifier of the event names the act.
#[utoipa::path(
    put,
    path = "/api/examination/requests/{id}/events/{event}",
    tag = "examination",
    operation_id = "act_for_team",
    params(
        RequestPath,
        EventPath,
        ActHeaders,
    ),
    request_body(content = Act, description = "A decision, a request for changes, a message, a note or an assignment. What moves the state tells what was `seen`."),
    responses(
        (status = 200, description = "It was done already; this is the request as it is now.", body = ExaminedRequest, headers(("ETag" = String, description = "Its revision, between quotes."))),
        (status = 201, description = "Done; this is the request as it is now.", body = ExaminedRequest, headers(("ETag" = String, description = "Its revision, between quotes."))),
        (status = 403, description = "A reader acts, or an examiner on a request of their own.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
        (status = 409, description = "The request is in another state, entrusted to somebody else, or has events that were not seen; or another act has this identifier.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
        (status = 410, response = inline(ADeletedRequest)),
        (status = 412, description = "The request is at another revision; `standing` tells which.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
        (status = 422, description = "The act says too little or too much; `errors` has pointers into the body.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
        (status = 428, response = inline(NoPrecondition)),
    )
)]
pub(crate) async fn act(
    State(app): State<App>,
    OfTeam(member): OfTeam,
    EventId { request, event }: EventId,
    preconditions: Preconditions,
    body::Json(act): body::Json<Act>,
) -> Result<Response, Problem> {
    use Kind::{Accepted, Assignment, ChangesRequested, Message, Note, Refused, Resumed, Revoked};

    if !matches!(act.kind, Accepted | Assignment | ChangesRequested | Message | Note | Refused | Resumed | Revoked) {
        return Err(Problem::new(ProblemType::InvalidBody)
            .detail("The team does nothing of this kind here.")
            .error("/kind".to_owned(), "unknown_value"));
    }
    let examiner = act.examiner.as_deref().and_then(|id| app.team.examiner(id)).map(|member| member.as_examiner());
    let to_make = ActOfTeam { event, act, examiner };
    let now = app.clock.now();
    let acted = app.store.act_for_team(&member, &request, &to_make, &preconditions.expected(), now).await?;
    let (status, examined) = match acted {
        ActedByTeam::Now(examined) => {
            metering::count_act(to_make.act.kind);
            (StatusCode::CREATED, examined)
        }
        ActedByTeam::Before(examined) => (StatusCode::OK, examined),
    };
    let request = to_wire(&app, *examined, paris_day(now));
    Ok((status, [(ETAG, entity_tag(request.revision))], Json(request)).into_response())
}

/// Notes up to which event the caller has read the history. It never goes back.
#[utoipa::path(
    put,
    path = "/api/examination/requests/{id}/seen",
    tag = "examination",
    operation_id = "see_events_for_team",
    params(RequestPath),
    request_body = Seen,
    responses(
        (status = 204, description = "Noted."),
        (status = 410, response = inline(ADeletedRequest)),
    )
)]
pub(crate) async fn see(
    State(app): State<App>,
    OfTeam(member): OfTeam,
    RequestId(id): RequestId,
    body::Json(Seen { seq }): body::Json<Seen>,
) -> Result<StatusCode, Problem> {
    app.store.see_for_team(&member, &id, seq, app.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
