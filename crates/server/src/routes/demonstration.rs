//! `/api/demo`: signing in as a made-up person, where that is allowed.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use habilitation_model::wire::{self, DemoPeople, DemoSignIn};

use crate::app::App;
use crate::body::Json;
use crate::caller::Caller;
use crate::gate::OurOwn;
use crate::identity::demonstration;
use crate::problem::{Kind, Problem};
use crate::session::{self, Cookies};

/// The made-up people.
#[utoipa::path(
    get,
    path = "/api/demo/people",
    tag = "session",
    operation_id = "list_demo_people",
    responses((status = 200, description = "Everyone whom one may sign in as. 404 where the demonstration is off.", body = DemoPeople))
)]
pub(crate) async fn people(State(app): State<App>) -> Result<axum::Json<DemoPeople>, Problem> {
    only_in_demonstration(&app)?;
    Ok(axum::Json(DemoPeople { people: demonstration::people() }))
}

/// Signs in as one of them. A session that the browser had is over.
#[utoipa::path(
    post,
    path = "/api/demo/session",
    tag = "session",
    operation_id = "sign_in_as_demo_person",
    request_body = DemoSignIn,
    responses((
        status = 201,
        description = "Signed in. 404 where the demonstration is off.",
        body = wire::Session,
        headers(("Set-Cookie" = String, description = "What the browser shows from now on."))
    ))
)]
pub(crate) async fn sign_in(
    State(app): State<App>,
    _: OurOwn,
    caller: Caller,
    headers: HeaderMap,
    body: Result<Json<DemoSignIn>, Problem>,
) -> Result<(StatusCode, Cookies, axum::Json<wire::Session>), Problem> {
    only_in_demonstration(&app)?;
    app.sign_ins.count(caller.as_str())?;
    let Json(DemoSignIn { person }) = body?;
    let unknown = || {
        Problem::new(Kind::InvalidBody)
            .detail("Nobody has this name here.")
            .error("/person".to_owned(), "unknown_value")
    };
    let (user, organisation) = demonstration::person(&person).ok_or_else(unknown)?;
    let (session, cookies) = session::open(&app, &headers, user, organisation).await?;
    Ok((StatusCode::CREATED, cookies, axum::Json(session)))
}

fn only_in_demonstration(app: &App) -> Result<(), Problem> {
    if app.demonstration { Ok(()) } else { Err(Problem::new(Kind::NotFound)) }
}
