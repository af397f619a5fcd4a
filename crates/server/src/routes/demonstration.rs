//! `/api/demo`: signing in as a made-up person, the mails that no relay took, and days that pass at will, where that is allowed.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use habilitation_model::wire::{self, CaughtMail, CaughtMails, DemoClock, DemoPeople, DemoSignIn};
use habilitation_words::Letter;

use crate::app::App;
use crate::body::Unread;
use crate::client_ip::ClientIp;
use crate::clock::rfc3339;
use crate::deliveries::deliver_now;
use crate::identity::demonstration;
use crate::keeping::{forget_deliveries, let_days_pass};
use crate::origin_check::OwnPagesOnly;
use crate::problem::{Problem, ProblemType};
use crate::session::{self, Cookies};
use crate::store::outbox::SentDelivery;

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
    let (session, cookies) = session::open(&app, &headers, user, organisation, None).await?;
    Ok((StatusCode::CREATED, cookies, axum::Json(session)))
}

/// Most mails that are told.
const TOLD_MAILS: u32 = 100;
/// Most days by which the clock can be ahead: ten years.
const DAYS_AHEAD_MAX: u32 = 3_650;

/// The mails that were caught. Those that are due are caught first.
#[utoipa::path(
    get,
    path = "/api/demo/mail",
    tag = "demonstration",
    operation_id = "list_demo_mail",
    responses((status = 200, description = "The mails, the last one first. 404 where the demonstration is off, 403 through a proxy.", body = CaughtMails))
)]
pub(crate) async fn mail(State(app): State<App>, headers: HeaderMap) -> Result<axum::Json<CaughtMails>, Problem> {
    only_in_demonstration(&app, &headers)?;
    deliver_now(&app).await?;
    let mut mails = Vec::new();
    for SentDelivery { id, mail, recipient, at } in app.outbox.last_sent(TOLD_MAILS).await? {
        let written = if mail.tells_of_days() {
            let material = app.outbox.outlook(&id, app.mailer.keeping()).await?;
            material.map(|material| (app.mailer.outlook(mail, &material), Some(material.request)))
        } else if mail.is_personal() {
            let material = app.outbox.personal(&id).await?;
            material.map(|material| (app.mailer.personal(mail, &material), material.request))
        } else {
            let material = app.outbox.material(&id).await?;
            material.map(|material| (app.mailer.letter(mail, recipient, &material), Some(material.request)))
        };
        if let Some((Letter { to, subject, body }, request)) = written {
            mails.push(CaughtMail { id, request, mail, recipient, at: rfc3339(at), to, subject, body });
        }
    }
    Ok(axum::Json(CaughtMails { mails }))
}

/// The clock of requests: by how many days their life is ahead of the calendar.
#[utoipa::path(
    get,
    path = "/api/demo/clock",
    tag = "demonstration",
    operation_id = "read_demo_clock",
    responses((status = 200, description = "Days by which the clock is ahead. 404 where the demonstration is off, 403 through a proxy.", body = DemoClock))
)]
pub(crate) async fn read_clock(State(app): State<App>, headers: HeaderMap) -> Result<axum::Json<DemoClock>, Problem> {
    only_in_demonstration(&app, &headers)?;
    Ok(axum::Json(DemoClock { days: app.clock.days_ahead() }))
}

/// Sets the clock of requests forward, and does what is due then. Sessions go by the calendar. Fewer days than before change nothing.
#[utoipa::path(
    put,
    path = "/api/demo/clock",
    tag = "demonstration",
    operation_id = "set_demo_clock",
    request_body(content = DemoClock, description = "Days by which the clock is ahead in all, at most 3,650."),
    responses((status = 204, description = "What is due is done. 404 where the demonstration is off, 403 through a proxy."))
)]
pub(crate) async fn clock(
    State(app): State<App>,
    _: OwnPagesOnly,
    headers: HeaderMap,
    body: Unread,
) -> Result<StatusCode, Problem> {
    only_in_demonstration(&app, &headers)?;
    let DemoClock { days } = body.small_json().await?;
    if days > DAYS_AHEAD_MAX {
        return Err(Problem::new(ProblemType::InvalidBody)
            .detail("The clock can be 3,650 days ahead.")
            .error("/days".to_owned(), "out_of_range"));
    }
    app.clock.set_ahead(days);
    let_days_pass(&app).await?;
    forget_deliveries(&app, app.clock.now()).await?;
    deliver_now(&app).await?;
    Ok(StatusCode::NO_CONTENT)
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
