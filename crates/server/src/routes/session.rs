//! `/api/session`: who is signed in.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use habilitation_model::wire;

use crate::app::App;
use crate::problem::Problem;
use crate::security::{self, SecurityEvent};
use crate::session::{SignedIn, cleared};

/// Returns the person who is signed in.
#[utoipa::path(
    get,
    path = "/api/session",
    tag = "session",
    operation_id = "read_session",
    responses((status = 200, description = "The person, and when their session ends if nothing more is asked in it.", body = wire::Session))
)]
pub(crate) async fn read(who: SignedIn) -> Json<wire::Session> {
    Json(who.session)
}

/// Signs out: the session is over here, whatever the browser keeps, and with it those of the portals that it let act for
/// the person. A portal's own session ends alone.
#[utoipa::path(
    delete,
    path = "/api/session",
    tag = "session",
    operation_id = "end_session",
    responses(
        (status = 200, description = "The session is over. With ProConnect, signing out goes on there.", body = wire::SignOutAddress),
        (status = 204, description = "The session is over.")
    )
)]
pub(crate) async fn end(State(app): State<App>, who: SignedIn) -> Result<Response, Problem> {
    app.store.end_session(&who.key).await?;
    security::note(&app, SecurityEvent::SignedOut, Some(who.owner.person()));
    if who.owner.portal().is_some() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let cookies = cleared(&app.public_url)?;
    match app.proconnect.as_ref().and_then(|proconnect| proconnect.sign_out_address(None)) {
        Some(sign_out_url) => Ok((cookies, Json(wire::SignOutAddress { sign_out_url })).into_response()),
        None => Ok((StatusCode::NO_CONTENT, cookies).into_response()),
    }
}
