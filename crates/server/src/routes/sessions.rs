//! `/api/sessions`: the open sessions of the person who calls.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use data_encoding::BASE64URL_NOPAD;
use habilitation_model::wire::{SessionList, SessionSummary};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::clock::rfc3339;
use crate::origin_check::OwnPagesOnly;
use crate::problem::{Problem, ProblemType};
use crate::security::{self, SecurityEvent};
use crate::session::{self, SignedIn};
use crate::store::SessionKey;

/// Lists the caller's open sessions, those of portals among them.
#[utoipa::path(
    get,
    path = "/api/sessions",
    tag = "session",
    operation_id = "list_sessions",
    responses((status = 200, description = "The sessions.", body = SessionList))
)]
pub(crate) async fn list(State(app): State<App>, _: OwnPagesOnly, who: SignedIn) -> Result<Json<SessionList>, Problem> {
    let now = app.wall_clock.now();
    let mut sessions = Vec::new();
    for (key, session) in app.store.sessions_of(who.owner.person()).await? {
        if session::expiry(&app, &session).await?.is_none_or(|expiry| now >= expiry) {
            continue;
        }
        sessions.push(SessionSummary {
            id: name(&key),
            current: key == who.key,
            opened_at: rfc3339(session.opened_at),
            seen_at: rfc3339(session.seen_at),
            portal: session.portal_access.map(|access| access.portal.as_str().to_owned()),
            browser: session.device.browser,
            system: session.device.system,
        });
    }
    Ok(Json(SessionList { sessions }))
}

/// Ends one of the caller's sessions, with those of the portals that it let act for the person.
#[utoipa::path(
    delete,
    path = "/api/sessions/{id}",
    tag = "session",
    operation_id = "end_one_session",
    params(("id" = String, Path, description = "`id` of the list.")),
    responses((status = 204, description = "It is over."))
)]
pub(crate) async fn end_one(
    State(app): State<App>,
    _: OwnPagesOnly,
    who: SignedIn,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let mine = app.store.sessions_of(who.owner.person()).await?;
    let named = mine.iter().map(|(key, _)| key).find(|key| name(key) == id);
    app.store.end_session(named.ok_or_else(|| Problem::new(ProblemType::NotFound))?).await?;
    security::note(&app, SecurityEvent::SessionEnded, Some(who.owner.person()));
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all sessions of the person but the one that asks; those of portals too.
#[utoipa::path(
    delete,
    path = "/api/sessions",
    tag = "session",
    operation_id = "end_other_sessions",
    responses((status = 204, description = "They are over."))
)]
pub(crate) async fn end_others(State(app): State<App>, _: OwnPagesOnly, who: SignedIn) -> Result<StatusCode, Problem> {
    app.store.end_other_sessions(who.owner.person(), &who.key).await?;
    security::note(&app, SecurityEvent::SessionEnded, Some(who.owner.person()));
    Ok(StatusCode::NO_CONTENT)
}

/// Returns the name of a session in an address: a hash of its key, which does not give the key away.
fn name(key: &SessionKey) -> String {
    BASE64URL_NOPAD.encode(&Sha256::digest(key.0)[..16])
}
