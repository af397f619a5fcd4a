//! `/api/proconnect`: the way to ProConnect and back. Browsers follow it by redirections; no script is needed.

use axum::extract::{RawQuery, State};
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use habilitation_model::place::Place;
use habilitation_model::wire::User;
use habilitation_model::{ClosedList, Id};
use jiff::{SignedDuration, Timestamp};

use super::page;
use crate::app::App;
use crate::client_ip::ClientIp;
use crate::identity::proconnect::{Attempts, Described, ProConnect, Refusal, ReturnPath, Returned};
use crate::problem::{Problem, ProblemType};
use crate::security::{self, SecurityEvent};
use crate::session::{self, Cookies};
use crate::store::{Account, Entry, SignIn};

/// Time within which an account must have been used for a new subject to be added to it.
const LINKED_WITHIN: SignedDuration = SignedDuration::from_hours(24 * 365);

/// Leads to ProConnect, which leads back to the callback.
#[utoipa::path(
    get,
    path = "/api/proconnect/sign-in",
    tag = "session",
    operation_id = "begin_sign_in",
    params(
        ("to" = Option<String>, Query, description = "Place of the page to show then, `/` or `/?…`; anything else leads to the person's requests.", max_length = 800),
        ("as" = Option<String>, Query, description = "`other` signs out at ProConnect first, so that another account or organisation can be chosen.", max_length = 16)
    ),
    responses(
        (status = 303, description = "On to ProConnect. The cookie remembers the attempt.", headers(
            ("Location" = String, description = "An address of ProConnect."),
            ("Set-Cookie" = String, description = "The attempts of this browser.")
        )),
        (status = 404, description = "People do not sign in with ProConnect here.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
        (status = 503, description = "ProConnect does not answer. A browser gets a page.", body = habilitation_model::wire::Problem, content_type = "application/problem+json")
    )
)]
pub(crate) async fn sign_in(
    State(app): State<App>,
    client_ip: ClientIp,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let proconnect = offered(&app)?;
    app.sign_ins.count(client_ip.as_str())?;
    let query = query.unwrap_or_default();
    let parameter = |name: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(found, _)| found == name).map(|(_, value)| value)
    };
    let path = parameter("to").and_then(|path| ReturnPath::parse(&path)).unwrap_or_default();
    let as_other = parameter("as").as_deref() == Some("other");
    begin(&app, proconnect, &headers, path, as_other)
}

/// Begins an attempt and leads to ProConnect: to sign in, or to sign out before.
fn begin(
    app: &App,
    proconnect: &ProConnect,
    headers: &HeaderMap,
    path: ReturnPath,
    as_other: bool,
) -> Result<Response, Problem> {
    let now = app.wall_clock.now();
    let mut attempts = Attempts::read(headers, &app.public_url, now);
    let attempt = attempts.begin(path, app.random.as_ref(), now)?;
    let sign_out = if as_other { proconnect.sign_out_address(Some(&attempt.state())) } else { None };
    match sign_out.or_else(|| proconnect.sign_in_address(attempt)) {
        Some(address) => led_on(&address, attempts.cookie(&app.public_url)),
        None if page::is_wanted(headers) => Ok(page::of_provider_away()),
        None => Err(Problem::new(ProblemType::NotReady).detail("ProConnect does not answer yet.")),
    }
}

/// Takes in whoever comes back from ProConnect, or leads to the sign-in page, whose address says why not.
#[utoipa::path(
    get,
    path = "/api/proconnect/callback",
    tag = "session",
    operation_id = "finish_sign_in",
    responses(
        (status = 303, description = "On to the page: signed in, or at the sign-in page with a reason.", headers(
            ("Location" = String, description = "A place of the page."),
            ("Set-Cookie" = String, description = "The session, and the attempts that are left.")
        )),
        (status = 404, description = "People do not sign in with ProConnect here.", body = habilitation_model::wire::Problem, content_type = "application/problem+json")
    )
)]
pub(crate) async fn callback(
    State(app): State<App>,
    client_ip: ClientIp,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let proconnect = offered(&app)?;
    app.sign_ins.count(client_ip.as_str())?;
    let now = app.wall_clock.now();
    let returned = Returned::read(&query.unwrap_or_default());
    let mut attempts = Attempts::read(&headers, &app.public_url, now);
    let attempt = returned.state.as_deref().and_then(|state| attempts.take(state));
    // The attempt is used up, whatever comes of it.
    let left = attempts.cookie(&app.public_url);
    let Some(attempt) = attempt else {
        let refusal = Refusal::expired("the attempt is over, or of another browser");
        return refused(&app, refusal, None, left);
    };
    let entered = match proconnect.finish(&attempt, &returned).await {
        Ok(described) => enter(&app, &headers, described, now).await,
        Err(refusal) => Err(refusal),
    };
    match entered {
        Ok(cookies) => Ok((cookies, led_on(attempt.path().as_str(), left)?).into_response()),
        Err(refusal) => refused(&app, refusal, Some(attempt.path()), left),
    }
}

/// Finds or opens the account of a person, and opens their session.
async fn enter(app: &App, headers: &HeaderMap, described: Described, now: Timestamp) -> Result<Cookies, Refusal> {
    let Described { visitor, phone, organisation } = described;
    let failed = |_: Problem| Refusal::unavailable("the sign-in cannot be kept");
    let mut random = [0; 10];
    app.random.fill(&mut random).map_err(|error| failed(error.into()))?;
    let new_account = Id::new(u64::try_from(now.as_millisecond()).unwrap_or_default(), random);
    let used_after = now.saturating_sub(LINKED_WITHIN).unwrap_or(Timestamp::MIN);
    let sign_in = SignIn { visitor, new_account, at: now, used_after };
    let (account, entry) = app.store.enter(&sign_in).await.map_err(|failure| failed(failure.into()))?;
    let event = match entry {
        Entry::Known => None,
        Entry::Linked => Some(SecurityEvent::SubjectLinked),
        Entry::Opened => Some(SecurityEvent::AccountOpened),
    };
    if let Some(event) = event {
        security::note(app, event, Some(&account.person()));
    }
    let user = user(account, phone);
    let (_, cookies) = session::open(app, headers, user, organisation).await.map_err(failed)?;
    Ok(cookies)
}

fn user(account: Account, phone: String) -> User {
    User {
        id: account.person(),
        given_name: account.given_name,
        family_name: account.usual_name,
        email: account.email,
        phone,
        job_title: String::new(),
    }
}

/// Leads on whoever signed out at ProConnect: to the start page, or to a new sign-in if they want another account.
#[utoipa::path(
    get,
    path = "/api/proconnect/signed-out",
    tag = "session",
    operation_id = "finish_sign_out",
    responses(
        (status = 303, description = "On to the start page, or to ProConnect.", headers(
            ("Location" = String, description = "The page, or an address of ProConnect."),
            ("Set-Cookie" = String, description = "The attempts of this browser.")
        )),
        (status = 404, description = "People do not sign in with ProConnect here.", body = habilitation_model::wire::Problem, content_type = "application/problem+json")
    )
)]
pub(crate) async fn signed_out(
    State(app): State<App>,
    client_ip: ClientIp,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let proconnect = offered(&app)?;
    app.sign_ins.count(client_ip.as_str())?;
    let returned = Returned::read(&query.unwrap_or_default());
    let mut attempts = Attempts::read(&headers, &app.public_url, app.wall_clock.now());
    let attempt = returned.state.as_deref().and_then(|state| attempts.take(state));
    // The same attempt goes on, and stays in its cookie.
    let address = attempt.and_then(|attempt| proconnect.sign_in_address(&attempt));
    led_on(address.as_deref().unwrap_or("/"), None)
}

fn offered(app: &App) -> Result<&ProConnect, Problem> {
    app.proconnect
        .as_ref()
        .ok_or_else(|| Problem::new(ProblemType::NotFound).detail("People do not sign in with ProConnect here."))
}

/// Leads to the sign-in page, whose address says why nobody is signed in, and where they wanted to go.
fn refused(
    app: &App,
    refusal: Refusal,
    path: Option<&ReturnPath>,
    left: Option<HeaderValue>,
) -> Result<Response, Problem> {
    security::note(app, SecurityEvent::SignInRefused, None);
    tracing::warn!(code = refusal.code.as_str(), reason = refusal.reason, "nobody is signed in");
    let back = path.map(|path| Place::read(path.query())).filter(Place::is_private).map(Box::new);
    let address = ["/?", &Place::SignIn(back).query(), "&erreur=", refusal.code.as_str()].concat();
    led_on(&address, left)
}

/// Answers with the address that follows, and perhaps a cookie.
fn led_on(address: &str, cookie: Option<HeaderValue>) -> Result<Response, Problem> {
    let location = HeaderValue::from_str(address).map_err(|_| Problem::new(ProblemType::Internal))?;
    let cookie = cookie.map(|cookie| (SET_COOKIE, cookie));
    let headers = cookie.into_iter().chain([(LOCATION, location)]);
    Ok((StatusCode::SEE_OTHER, AppendHeaders(headers)).into_response())
}
