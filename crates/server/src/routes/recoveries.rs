//! `/api/recoveries` and `/api/examination/recoveries`: requests whose owner does not answer for them any more.
//!
//! Whoever asks is answered before anything is looked up: neither the answer nor its time tells what is there.

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use habilitation_model::Text;
use habilitation_model::wire::{
    REASON_MAX, RecoveriesToDecide, RecoveryAnswer, RecoveryDecision, RecoveryList, RecoveryToAsk, User,
};

use super::RequestId;
use super::examination::OfTeam;
use super::openapi::RecoveryPath;
use crate::app::App;
use crate::body;
use crate::problem::{Problem, ProblemType};
use crate::session::SignedIn;
use crate::store::recoveries::{Asker, Decider};

/// Extractor of a person on our own pages, as one who asks. Through a portal there is nothing here.
pub(crate) struct Colleague(Asker);

impl FromRequestParts<App> for Colleague {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, app: &App) -> Result<Self, Problem> {
        let who = SignedIn::from_request_parts(parts, app).await?;
        if who.owner.portal().is_some() {
            return Err(Problem::new(ProblemType::NotFound));
        }
        let User { id, given_name, family_name, email, .. } = who.session.user;
        Ok(Self(Asker {
            person: id,
            given_name,
            family_name,
            email,
            organisation: who.session.organisation.name,
            siren: who.owner.siren().map(str::to_owned),
            is_made_up: app.demonstration,
        }))
    }
}

/// Asks for a request whose owner does not answer for it, or for drafts that never were sent. The answer is always the same. Owners are written to.
#[utoipa::path(
    post,
    path = "/api/recoveries",
    tag = "people",
    operation_id = "ask_recovery",
    request_body = RecoveryToAsk,
    responses(
        (status = 202, description = "If there is such a request in the caller's organisation, its owner is written to."),
        (status = 403, description = "The identity provider does not verify that the caller belongs to their organisation.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
        (status = 422, description = "The reason is empty or too long.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
        (status = 429, description = "The caller has asked less than a week ago.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn ask(
    State(app): State<App>,
    Colleague(asker): Colleague,
    body::Json(call): body::Json<RecoveryToAsk>,
) -> Result<StatusCode, Problem> {
    check_reason(&call.reason, "/reason")?;
    app.recoveries.ask(&asker, &call, app.clock.now()).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Refuses a reason that says nothing, or too much.
fn check_reason(reason: &Text, pointer: &str) -> Result<(), Problem> {
    let code = if reason.trimmed().is_empty() {
        "required"
    } else if reason.as_str().chars().count() as u64 > REASON_MAX {
        "too_long"
    } else {
        return Ok(());
    };
    let detail = "A reason of at most 2,000 characters is needed.";
    Err(Problem::new(ProblemType::Incomplete).detail(detail).error(pointer.to_owned(), code))
}

/// Lists the caller's requests that others ask for, or took over so that the caller may contest it.
#[utoipa::path(
    get,
    path = "/api/recoveries",
    tag = "people",
    operation_id = "list_recoveries",
    responses((status = 200, description = "The recoveries, the oldest first; at most 100.", body = RecoveryList))
)]
pub(crate) async fn list(State(app): State<App>, Colleague(asker): Colleague) -> Result<Json<RecoveryList>, Problem> {
    Ok(Json(app.recoveries.recoveries(&asker).await?))
}

/// Lets a request go or keeps it; where it was taken over, agrees or contests.
#[utoipa::path(
    put,
    path = "/api/recoveries/{id}/answer",
    tag = "people",
    operation_id = "answer_recovery",
    params(RecoveryPath),
    request_body = RecoveryAnswer,
    responses((status = 200, description = "Done; these are the recoveries that are left.", body = RecoveryList))
)]
pub(crate) async fn answer(
    State(app): State<App>,
    Colleague(asker): Colleague,
    RequestId(id): RequestId,
    body::Json(RecoveryAnswer { allow }): body::Json<RecoveryAnswer>,
) -> Result<Json<RecoveryList>, Problem> {
    app.recoveries.answer(&asker.person, &id, allow, app.clock.now()).await?;
    Ok(Json(app.recoveries.recoveries(&asker).await?))
}

/// Lists the recoveries that nobody answered, or that are contested. Those of drafts that never were sent are for the operator.
#[utoipa::path(
    get,
    path = "/api/examination/recoveries",
    tag = "examination",
    operation_id = "list_recoveries_to_decide",
    responses((status = 200, description = "The recoveries, the oldest first; at most 100.", body = RecoveriesToDecide))
)]
pub(crate) async fn to_decide(
    State(app): State<App>,
    OfTeam(member): OfTeam,
) -> Result<Json<RecoveriesToDecide>, Problem> {
    Ok(Json(app.recoveries.to_decide(&member).await?))
}

/// Decides on a recovery that nobody answered, or that is contested.
#[utoipa::path(
    put,
    path = "/api/examination/recoveries/{id}/decision",
    tag = "examination",
    operation_id = "decide_recovery",
    params(RecoveryPath),
    request_body = RecoveryDecision,
    responses(
        (status = 200, description = "Decided; these are the recoveries that are left.", body = RecoveriesToDecide),
        (status = 403, description = "The caller only reads, or is one of both people.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
        (status = 422, description = "The reason is empty or too long.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn decide(
    State(app): State<App>,
    OfTeam(member): OfTeam,
    RequestId(id): RequestId,
    body::Json(decision): body::Json<RecoveryDecision>,
) -> Result<Json<RecoveriesToDecide>, Problem> {
    check_reason(&decision.text, "/text")?;
    app.recoveries.decide(&Decider::Team(member.clone()), &id, &decision, app.clock.now()).await?;
    Ok(Json(app.recoveries.to_decide(&member).await?))
}
