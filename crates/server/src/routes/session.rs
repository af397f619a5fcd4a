//! `/api/session`: who is signed in.

use axum::Json;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use habilitation_model::wire;

use crate::app::App;
use crate::portal::Portal;
use crate::problem::{Problem, ProblemType};
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
/// the person. A portal's own session ends alone. With ProConnect, a session that was over already is no hindrance: whoever leaves
/// a computer to others has to sign out there.
#[utoipa::path(
    delete,
    path = "/api/session",
    tag = "session",
    operation_id = "end_session",
    responses(
        (status = 200, description = "The session is over, maybe for long. With ProConnect, signing out goes on there.", body = wire::SignOutAddress),
        (status = 204, description = "The session is over.")
    )
)]
pub(crate) async fn end(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let (mut parts, _) = request.into_parts();
    match SignedIn::from_request_parts(&mut parts, &app).await {
        Ok(who) => {
            app.store.end_session(&who.key).await?;
            security::note(&app, SecurityEvent::SignedOut, Some(who.owner.person()));
            if who.owner.portal().is_some() {
                return Ok(StatusCode::NO_CONTENT.into_response());
            }
        }
        Err(problem) if !is_over(&app, &mut parts, &problem).await => return Err(problem),
        Err(_) => {}
    }
    let cookies = cleared(&app.public_url)?;
    match &app.proconnect {
        Some(proconnect) => {
            let sign_out_url = proconnect.sign_out_address(None);
            Ok((cookies, Json(wire::SignOutAddress { sign_out_url })).into_response())
        }
        None => Ok((StatusCode::NO_CONTENT, cookies).into_response()),
    }
}

/// Returns whether our own page signs out at ProConnect alone, because its session is over. That of somebody else, who signed in
/// there since, is left alone.
async fn is_over(app: &App, parts: &mut Parts, problem: &Problem) -> bool {
    let from_own_page = parts.extensions.get::<Portal>().is_none();
    if app.proconnect.is_none() || !from_own_page || !problem.is(ProblemType::SignedOut) {
        return false;
    }
    parts.headers.remove(wire::USER_HEADER);
    let anybody = SignedIn::from_request_parts(parts, app).await;
    anybody.is_err_and(|problem| problem.is(ProblemType::SignedOut))
}
