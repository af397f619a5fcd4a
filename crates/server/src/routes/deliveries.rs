//! `/api/examination/deliveries`, `/api/examination/webhook` and `/api/mail/bounces`: what became of mails and notices.

mod query;

use axum::Json;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use habilitation_model::Id;
use habilitation_model::bounce::delivery_in;
use habilitation_model::wire::{Cursor, DeliveryList, Outlets, Service, TeamRole};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use self::query::{DeliveryParameters, PAGE, Query};
use super::RequestId;
use super::examination::OfTeam;
use super::openapi::DeliveryPath;
use crate::app::App;
use crate::body::Unread;
use crate::problem::{Problem, ProblemType};
use crate::team::Member;

/// Most bytes of a message that tells of a mail that came back.
const BOUNCE_MAX: u64 = 256 * 1024;

/// Lists deliveries of mails and notices with their outcome, the last attempt first.
#[utoipa::path(
    get,
    path = "/api/examination/deliveries",
    tag = "examination",
    operation_id = "list_deliveries",
    params(DeliveryParameters),
    responses((status = 200, description = "A page of the list.", body = DeliveryList))
)]
pub(crate) async fn list(
    State(app): State<App>,
    _: OfTeam,
    Query(filter): Query,
) -> Result<Json<DeliveryList>, Problem> {
    let mut deliveries = app.outbox.deliveries(&filter).await?;
    let has_more = deliveries.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    deliveries.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let last = deliveries.last().filter(|_| has_more);
    let next = last.and_then(|last| {
        let at: Timestamp = last.at.parse().ok()?;
        Some(Cursor { updated_at: at.as_millisecond(), id: last.id.clone() }.to_string())
    });
    Ok(Json(DeliveryList { deliveries, next }))
}

/// Tells how mails and notices leave, and in whose name.
#[utoipa::path(
    get,
    path = "/api/examination/outlets",
    tag = "examination",
    operation_id = "read_outlets",
    responses((status = 200, description = "The outlets.", body = Outlets))
)]
pub(crate) async fn outlets(State(app): State<App>, _: OfTeam) -> Json<Outlets> {
    // The team writes nothing to the operator.
    let service = Service { operator_email: String::new(), ..app.mailer.service().clone() };
    let relay = app.mailer.has_relay();
    Json(Outlets { service, relay, partner: app.webhook.is_some() })
}

/// Sends a mail or a notice once more, under the same identifier.
#[utoipa::path(
    post,
    path = "/api/examination/deliveries/{id}/retry",
    tag = "examination",
    operation_id = "retry_delivery",
    params(DeliveryPath),
    responses(
        (status = 202, description = "It will be sent."),
        (status = 403, description = "A reader acts.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn retry(
    State(app): State<App>,
    OfTeam(member): OfTeam,
    RequestId(id): RequestId,
) -> Result<StatusCode, Problem> {
    only_examiners(&member)?;
    if app.outbox.retry(&id, app.clock.now()).await? {
        app.lanes.try_now();
        Ok(StatusCode::ACCEPTED)
    } else {
        Err(Problem::new(ProblemType::NotFound))
    }
}

/// Sends the partner a notice that tries the way. 404 where there is none.
#[utoipa::path(
    post,
    path = "/api/examination/webhook/ping",
    tag = "examination",
    operation_id = "ping_webhook",
    responses(
        (status = 202, description = "It will be sent."),
        (status = 403, description = "A reader acts.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn ping(State(app): State<App>, OfTeam(member): OfTeam) -> Result<StatusCode, Problem> {
    only_examiners(&member)?;
    if app.webhook.is_none() {
        return Err(Problem::new(ProblemType::NotFound));
    }
    let now = app.clock.now();
    let mut bytes = [0; 10];
    app.random.fill(&mut bytes)?;
    let id = Id::new(u64::try_from(now.as_millisecond()).unwrap_or_default(), bytes);
    app.outbox.ping(&id, now).await?;
    app.lanes.try_now();
    Ok(StatusCode::ACCEPTED)
}

fn only_examiners(member: &Member) -> Result<(), Problem> {
    match member.role {
        TeamRole::Examiner => Ok(()),
        TeamRole::Reader => Err(Problem::new(ProblemType::ReadOnly)),
    }
}

/// Takes a message that tells of a mail that came back (RFC 3464), from the mail server of the operator.
#[utoipa::path(
    post,
    path = "/api/mail/bounces",
    tag = "mail",
    operation_id = "take_bounce",
    request_body(content = String, content_type = "message/rfc822", description = "The message as it came, of at most 256 KiB."),
    responses(
        (status = 204, description = "Noted. A message that tells of none of our mails is passed over."),
        (status = 404, description = "No secret is set.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn bounce(State(app): State<App>, headers: HeaderMap, body: Unread) -> Result<StatusCode, Problem> {
    let secret = app.bounce_secret.as_ref().ok_or_else(|| Problem::new(ProblemType::NotFound))?;
    let shown = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| {
        let (scheme, shown) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| shown.trim())
    });
    // Hashes are compared, so that the time tells nothing of the secret.
    if shown.map(Sha256::digest) != Some(Sha256::digest(secret.as_str())) {
        let challenge = HeaderValue::from_static("Bearer realm=\"Habilitation\"");
        return Err(Problem::new(ProblemType::SignedOut).header(WWW_AUTHENTICATE, challenge));
    }
    let message = body.bytes("message/rfc822", BOUNCE_MAX).await?;
    if let Some(delivery) = delivery_in(&message, app.mailer.domain()) {
        let is_known = app.outbox.bounce(&delivery, app.clock.now()).await?;
        tracing::warn!(delivery = delivery.as_str(), is_known, "a mail came back");
    }
    Ok(StatusCode::NO_CONTENT)
}
