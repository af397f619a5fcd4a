//! `/api/demo`: signing in as a made-up person, where that is allowed.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use habilitation_model::wire::{self, DemoPeople, DemoSignIn};

use crate::app::App;
use crate::body::Unread;
use crate::client_ip::ClientIp;
use crate::identity::demonstration;
use crate::origin_check::OwnPagesOnly;
use crate::problem::{Problem, ProblemType};
use crate::session::{self, Cookies};

/// The made-up people.
#[utoipa::path(
    get,
    path = "/api/demo/people",
    tag = "session",
    operation_id = "list_demo_people",
    responses((status = 200, description = "Everyone whom one may sign in as. 404 where the demonstration is off, 403 through a proxy.", body = DemoPeople))
)]
pub(crate) async fn people(State(app): State<App>, headers: HeaderMap) -> Result<axum::Json<DemoPeople>, Problem> {
    only_in_demonstration(&app, &headers)?;
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
        description = "Signed in. 404 where the demonstration is off, 403 through a proxy.",
        body = wire::Session,
        headers(("Set-Cookie" = String, description = "What the browser shows from now on."))
    ))
)]
pub(crate) async fn sign_in(
    State(app): State<App>,
    _: OwnPagesOnly,
    client_ip: ClientIp,
    headers: HeaderMap,
    body: Unread,
) -> Result<(StatusCode, Cookies, axum::Json<wire::Session>), Problem> {
    only_in_demonstration(&app, &headers)?;
    app.sign_ins.count(client_ip.as_str())?;
    let DemoSignIn { person } = body.small_json().await?;
    let unknown = || {
        Problem::new(ProblemType::InvalidBody)
            .detail("Nobody has this name here.")
            .error("/person".to_owned(), "unknown_value")
    };
    let (user, organisation) = demonstration::person(&person).ok_or_else(unknown)?;
    let (session, cookies) = session::open(&app, &headers, user, organisation).await?;
    Ok((StatusCode::CREATED, cookies, axum::Json(session)))
}

/// Returns whether a proxy passed the call on, by the headers that proxies add. Behind a proxy on the same machine, the server
/// cannot tell who calls.
fn is_passed_on(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| {
        let name = name.as_str();
        let names = ["forwarded", "via", "x-real-ip", "client-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip"];
        names.contains(&name)
            || ["x-forwarded-", "x-original-", "x-envoy-"].iter().any(|prefix| name.starts_with(prefix))
    })
}

fn only_in_demonstration(app: &App, headers: &HeaderMap) -> Result<(), Problem> {
    if !app.demonstration {
        return Err(Problem::new(ProblemType::NotFound));
    }
    if is_passed_on(headers) {
        let detail = "The demonstration has no passwords: it is for callers on the same machine, not through a proxy.";
        return Err(Problem::new(ProblemType::PassedOn).detail(detail));
    }
    Ok(())
}
