//! `/api/proconnect`: the way to ProConnect and back. Browsers follow it by redirections; no script is needed.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use habilitation_model::place::Place;
use habilitation_model::wire::{SignInRefusal, User};
use habilitation_model::{ClosedList, Id};
use jiff::{SignedDuration, Timestamp};

use super::{invitation_hint, page};
use crate::app::App;
use crate::client_ip::ClientIp;
use crate::identity::proconnect::{Attempt, Described, ProConnect, Refusal, ReturnPath, Returned, room_for_one};
use crate::problem::{Problem, ProblemType};
use crate::secret::Secret;
use crate::security::{self, SecurityEvent};
use crate::session::{self, Cookies};
use crate::store::{Account, Entry, SignIn};
use crate::team::Obstacle;

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
        ("as" = Option<String>, Query, description = "`other` signs out here and at ProConnect first, so that another account or organisation can be chosen.", max_length = 16)
    ),
    responses(
        (status = 303, description = "On to ProConnect. The cookie remembers the attempt. Whoever comes by a link of another site is led to the sign-in page instead.", headers(
            ("Location" = String, description = "An address of ProConnect, or the page."),
            ("Set-Cookie" = String, description = "The attempt.")
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
    let query = query.unwrap_or_default();
    let parameter = |name: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(found, _)| found == name).map(|(_, value)| value)
    };
    let path = parameter("to").and_then(|path| ReturnPath::parse(&path)).unwrap_or_default();
    // A new session ends the one before, and those of portals: no link of another site does that unseen.
    if !is_asked_for_here(&headers) {
        return led_on(&at_sign_in_page(Some(&path), None), []);
    }
    let as_other = parameter("as").as_deref() == Some("other");
    let counted = app.sign_ins.count(client_ip.as_str());
    let answer = match counted {
        Ok(()) => begin(&app, proconnect, &headers, path, as_other).await,
        Err(problem) => Err(problem),
    };
    in_words(&headers, answer)
}

/// Returns whether one of our pages leads here, or the person's own browser (W3C Fetch Metadata).
fn is_asked_for_here(headers: &HeaderMap) -> bool {
    let mut sites = headers.get_all("sec-fetch-site").iter();
    sites.all(|site| site == "same-origin" || site == "none")
}

/// Begins an attempt and leads to ProConnect: to sign in, or to sign out before. Whoever wants to be somebody else is signed out here
/// at once: they may never come back.
async fn begin(
    app: &App,
    proconnect: &ProConnect,
    headers: &HeaderMap,
    path: ReturnPath,
    as_other: bool,
) -> Result<Response, Problem> {
    let attempt = Attempt::begin(path, false, app.random.as_ref(), app.wall_clock.now())?;
    let sign_out = if as_other { proconnect.sign_out_address(Some(&attempt.state())) } else { None };
    // Whoever wants to be somebody else is proposed nobody.
    let hint = if as_other { None } else { invitation_hint::address(app, headers).await };
    match sign_out.or_else(|| proconnect.sign_in_address(&attempt, hint.as_deref())) {
        Some(address) => {
            let cookies = room_for_one(headers, &app.public_url).into_iter();
            let led = led_on(
                &address,
                cookies.chain(attempt.cookie(&app.public_url)).chain(invitation_hint::spent(headers, &app.public_url)),
            )?;
            if as_other { Ok((session::end(app, headers).await?, led).into_response()) } else { Ok(led) }
        }
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
        (status = 303, description = "On to the page: signed in, or at the sign-in page with a reason. Somebody of the team who showed one factor is led to ProConnect for a second one.", headers(
            ("Location" = String, description = "A place of the page."),
            ("Set-Cookie" = String, description = "The session, and the attempt, which is used up.")
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
    let answer = come_back(&app, proconnect, &client_ip, &headers, &query.unwrap_or_default()).await;
    in_words(&headers, answer)
}

/// Ends the attempt of whoever comes back: signed in, or at the sign-in page with a reason.
async fn come_back(
    app: &App,
    proconnect: &ProConnect,
    client_ip: &ClientIp,
    headers: &HeaderMap,
    query: &str,
) -> Result<Response, Problem> {
    let now = app.wall_clock.now();
    let returned = Returned::read(query);
    let find = |state| Attempt::find(headers, &app.public_url, state, now);
    let Some(attempt) = returned.state.as_deref().and_then(find) else {
        app.sign_ins.count(client_ip.as_str())?;
        return led_on(&at_sign_in_page(None, Some(SignInRefusal::Expired)), []);
    };
    // The attempt is used up, whatever comes of it.
    let spent = attempt.spent(&app.public_url);
    // Whoever began was counted then, and has no share of that taken; anybody may write attempts into their cookie.
    app.sign_ins.count(&["back ", client_ip.as_str()].concat())?;
    let entered = match proconnect.finish(&attempt, &returned).await {
        Ok(described) => enter(app, headers, described, now).await,
        Err(refusal) => Err(refusal),
    };
    match entered {
        Ok(Entered { cookies, obstacle: None, .. }) => {
            Ok((cookies, led_on(attempt.path().as_str(), spent)?).into_response())
        }
        Ok(Entered { cookies, person, obstacle: Some(obstacle) }) => {
            let led = let_in_as_member(app, proconnect, &attempt, (obstacle, &person), spent)?;
            Ok((cookies, led).into_response())
        }
        Err(refusal) => {
            let let_in = if attempt.wants_two_factors() { let_in_before(app, headers).await } else { None };
            refused(app, refusal, attempt.path(), let_in.as_deref(), spent)
        }
    }
}

/// Returns the listed person who has been let in as an ordinary one, and is asked for more. That an attempt asks for it says nothing:
/// anybody may write one into their cookie.
async fn let_in_before(app: &App, headers: &HeaderMap) -> Option<String> {
    let session = session::of_browser(app, headers).await.ok().flatten()?;
    app.team.obstacle(session.identification.as_ref()?)?;
    Some(session.user.id)
}

/// Person who was let in.
struct Entered {
    cookies: Cookies,
    /// Identifier of the person.
    person: String,
    /// Reason for which somebody of the team is no member in this session.
    obstacle: Option<Obstacle>,
}

/// Leads somebody of the team, who is an ordinary person so far, to the provider for two factors. Where that is of no use, leads them
/// to the page that says how members sign in.
fn let_in_as_member(
    app: &App,
    proconnect: &ProConnect,
    attempt: &Attempt,
    (obstacle, person): (Obstacle, &str),
    spent: Option<HeaderValue>,
) -> Result<Response, Problem> {
    let refusal = match obstacle {
        Obstacle::Provider => SignInRefusal::Provider,
        Obstacle::OneFactor => SignInRefusal::OneFactor,
    };
    if obstacle == Obstacle::OneFactor && !attempt.wants_two_factors() {
        let again = Attempt::begin(attempt.path().clone(), true, app.random.as_ref(), app.wall_clock.now())?;
        if let Some(address) = proconnect.sign_in_address(&again, None) {
            return led_on(&address, spent.into_iter().chain(again.cookie(&app.public_url)));
        }
    }
    note_refusal(app, SecurityEvent::MemberRefused, refusal, Some(person));
    led_on(&at_sign_in_page(Some(attempt.path()), Some(refusal)), spent)
}

/// Finds or opens the account of a person, and opens their session.
async fn enter(app: &App, headers: &HeaderMap, described: Described, now: Timestamp) -> Result<Entered, Refusal> {
    let Described { visitor, phone, organisation, identification } = described;
    let failed = |_: Problem| Refusal::unavailable("the sign-in cannot be kept");
    let mut random = [0; 10];
    app.random.fill(&mut random).map_err(|error| failed(error.into()))?;
    let new_account = Id::new(u64::try_from(now.as_millisecond()).unwrap_or_default(), random);
    let used_after = now.saturating_sub(LINKED_WITHIN).unwrap_or(Timestamp::MIN);
    let token = Arc::new(Secret::draw(app.random.as_ref()).map_err(|error| failed(error.into()))?);
    let team = app.team.subjects();
    let sign_in = SignIn { visitor, new_account, at: now, used_after, token, team };
    let (account, entry) = app.store.enter(&sign_in).await.map_err(|failure| failed(failure.into()))?;
    let event = match entry {
        Entry::Known => None,
        Entry::Linked => Some(SecurityEvent::SubjectLinked),
        Entry::Opened => Some(SecurityEvent::AccountOpened),
    };
    if let Some(event) = event {
        security::note(app, event, Some(&account.person()));
    }
    app.team.bind(&identification.issuer, &identification.subject, Some(account.person()));
    let (person, obstacle) = (account.person(), app.team.obstacle(&identification));
    let user = user(account, phone);
    let (_, cookies) = session::open(app, headers, user, organisation, Some(identification)).await.map_err(failed)?;
    Ok(Entered { cookies, person, obstacle })
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
        (status = 303, description = "On to the start page, to ProConnect, or to the sign-in page where the attempt is over.", headers(
            ("Location" = String, description = "The page, or an address of ProConnect.")
        )),
        (status = 404, description = "People do not sign in with ProConnect here.", body = habilitation_model::wire::Problem, content_type = "application/problem+json")
    )
)]
pub(crate) async fn signed_out(
    State(app): State<App>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let proconnect = offered(&app)?;
    let Some(state) = Returned::read(&query.unwrap_or_default()).state else { return led_on("/", []) };
    let address = match Attempt::find(&headers, &app.public_url, &state, app.wall_clock.now()) {
        // The same attempt goes on, and stays in its cookie.
        Some(attempt) => proconnect
            .sign_in_address(&attempt, None)
            .unwrap_or_else(|| at_sign_in_page(Some(attempt.path()), Some(SignInRefusal::Unavailable))),
        None => at_sign_in_page(None, Some(SignInRefusal::Expired)),
    };
    led_on(&address, [])
}

fn offered(app: &App) -> Result<&ProConnect, Problem> {
    app.proconnect
        .as_ref()
        .ok_or_else(|| Problem::new(ProblemType::NotFound).detail("People do not sign in with ProConnect here."))
}

/// Leads to the sign-in page, whose address says why nobody is signed in, and where they wanted to go. Whoever was let in before reads
/// one thing, however the second trip failed: what they are now.
fn refused(
    app: &App,
    refusal: Refusal,
    path: &ReturnPath,
    let_in: Option<&str>,
    spent: Option<HeaderValue>,
) -> Result<Response, Problem> {
    let (event, told) = match let_in {
        Some(_) => (SecurityEvent::MemberRefused, SignInRefusal::OneFactor),
        None => (SecurityEvent::SignInRefused, refusal.code),
    };
    if note_refusal(app, event, refusal.code, let_in) {
        tracing::warn!(code = refusal.code.as_str(), reason = refusal.reason, "a sign-in came to nothing");
    }
    led_on(&at_sign_in_page(Some(path), Some(told)), spent)
}

/// Notes a refusal, and returns whether it did. Anybody can be refused as often as they like, and fills no log by that.
fn note_refusal(app: &App, event: SecurityEvent, code: SignInRefusal, person: Option<&str>) -> bool {
    // Who signed in as nobody crowds out no member.
    let kind = if person.is_some() { "member " } else { "sign-in " };
    let is_noted = app.refusals.count(&[kind, code.as_str()].concat()).is_ok();
    if is_noted {
        security::note(app, event, person);
    }
    is_noted
}

/// Returns the address of the sign-in page. It says where the person wanted to go, and perhaps why they are not signed in.
fn at_sign_in_page(path: Option<&ReturnPath>, refusal: Option<SignInRefusal>) -> String {
    let back = path.map(|path| Place::read(path.query())).filter(Place::is_private).map(Box::new);
    let told = refusal.map_or_else(String::new, |code| ["&erreur=", code.as_str()].concat());
    ["/?", &Place::SignIn(back).query(), &told].concat()
}

/// Answers a browser with a page where a sign-in fails on the way: nobody reads a problem document there.
fn in_words(headers: &HeaderMap, answer: Result<Response, Problem>) -> Result<Response, Problem> {
    answer.or_else(|problem| if page::is_wanted(headers) { Ok(page::of_failed_sign_in(problem)) } else { Err(problem) })
}

/// Answers with the address that follows, and with cookies.
fn led_on(address: &str, cookies: impl IntoIterator<Item = HeaderValue>) -> Result<Response, Problem> {
    let location = HeaderValue::from_str(address).map_err(|_| Problem::new(ProblemType::Internal))?;
    let cookies = cookies.into_iter().map(|cookie| (SET_COOKIE, cookie));
    Ok((StatusCode::SEE_OTHER, AppendHeaders(cookies.chain([(LOCATION, location)]))).into_response())
}
