//! The built page, and the answer at an address that no route has.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{
    ACCEPT, ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    ETAG, IF_NONE_MATCH, RETRY_AFTER, SET_COOKIE, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use habilitation_model::place::Place;

use super::invitation_hint;
use crate::app::App;
use crate::bare_page::{self, escaped};
use crate::dist::File;
use crate::headers::{CROSS_ORIGIN_OPENER_POLICY, CROSS_ORIGIN_RESOURCE_POLICY};
use crate::pages::Pages;
use crate::portal::Portal;
use crate::problem::{Problem, ProblemType};
use crate::public_url::PublicUrl;
use crate::secret::bits;
use crate::session::{self, SignedIn};

/// Title and words for somebody who wants to sign in while the identity provider is not known.
const PROVIDER_AWAY: [&str; 2] = ["ProConnect ne répond pas", "La connexion n’est pas possible pour l’instant."];

/// Title and words for somebody from whose network too many sign in.
const TOO_MANY_SIGN_INS: [&str; 2] =
    ["Trop de connexions à la fois", "Depuis votre réseau, trop de connexions ont été demandées en peu de temps."];

/// Title and words for somebody whose sign-in failed here.
const FAILED_SIGN_IN: [&str; 2] = ["La connexion n’a pas abouti", "Ce service n’a pas fonctionné comme prévu."];

/// Returns whether a browser asks for a page to show: it names HTML first (RFC 9110, section 12.5.1).
pub(crate) fn is_wanted(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first = accepted.split([',', ';']).next().unwrap_or_default().trim();
    ["text/html", "application/xhtml+xml"].iter().any(|html| html.eq_ignore_ascii_case(first))
}

/// Answers a person who wants to sign in while the identity provider is not known.
pub(super) fn of_provider_away() -> Response {
    let headers = [(RETRY_AFTER, HeaderValue::from_static("60"))].into_iter().collect();
    of_sign_in(StatusCode::SERVICE_UNAVAILABLE, headers, PROVIDER_AWAY)
}

/// Answers a person whose sign-in came to a problem.
pub(super) fn of_failed_sign_in(problem: Problem) -> Response {
    let words = if problem.is(ProblemType::TooManyCalls) { TOO_MANY_SIGN_INS } else { FAILED_SIGN_IN };
    let (parts, _) = problem.into_response().into_parts();
    of_sign_in(parts.status, parts.headers, words)
}

/// Answers by a page with the way back to the sign-in page.
fn of_sign_in(status: StatusCode, headers: HeaderMap, [title, words]: [&str; 2]) -> Response {
    let more = "Ce que vous avez écrit reste sur cet appareil, si votre navigateur le permet. Attendez une minute, puis réessayez.";
    let way_on = bare_page::way_on("/?page=connexion", "Revenir à la page de connexion");
    bare_page::respond(status, headers, title, &format!("<p>{words} {more}</p>\n{way_on}"))
}

/// Answers a call for another host by a page. The page does not repeat that host: anybody may have made it up.
pub(crate) fn of_another_host(ours: &PublicUrl) -> Response {
    let address = escaped(&ours.to_string());
    let hint = if ours.is_loopback() {
        "Les noms «\u{a0}localhost\u{a0}» et «\u{a0}127.0.0.1\u{a0}» désignent tous deux cet ordinateur, mais pour votre navigateur ce \
         sont deux sites différents, et ce service n’en utilise qu’un."
    } else {
        "Si vous venez de cette adresse, le serveur placé devant ce service ne la lui transmet pas\u{a0}: signalez-le à la \
         personne qui s’occupe de ce site."
    };
    let content = format!("<p>Ouvrez <a href=\"{address}\">{address}</a></p>\n<p class=\"hint\">{hint}</p>");
    let title = "Ce service répond à une autre adresse";
    bare_page::respond(StatusCode::MISDIRECTED_REQUEST, HeaderMap::new(), title, &content)
}

/// Answers where there is nothing at an address. The built page has one address; its places are in the query.
fn of_nothing() -> Response {
    let content = ["<p>Il n’y a rien à cette adresse.</p>\n", &bare_page::way_on("/", "Revenir à l’accueil")].concat();
    bare_page::respond(StatusCode::NOT_FOUND, HeaderMap::new(), "Page introuvable", &content)
}

/// Answers in the window in which an unknown portal asks to act for a person.
fn of_unknown_portal() -> Response {
    let words = "<p>Le site d’où vous venez ne peut pas vous connecter ici. Vous pouvez fermer cette fenêtre.</p>\n";
    let content = [words, &bare_page::way_on("/", "Aller à l’accueil")].concat();
    bare_page::respond(StatusCode::BAD_REQUEST, HeaderMap::new(), "Site inconnu", &content)
}

/// Outcome of reading an address as that of the window in which a person lets a portal act for them.
enum PortalWindow {
    /// The address is another page's.
    No,
    /// The address names a portal that the operator knows.
    Known,
    /// The address names no known portal, or has no valid challenge.
    Unknown,
}

fn portal_window(app: &App, path: &str, query: &str) -> PortalWindow {
    if !matches!(path, "/" | "/index.html") {
        return PortalWindow::No;
    }
    let Place::Portal(challenge, origin) = Place::read(query) else { return PortalWindow::No };
    let is_known = Portal::among(&app.portals, origin.as_bytes()).is_some();
    if is_known && bits(&challenge).is_some() { PortalWindow::Known } else { PortalWindow::Unknown }
}

/// Answers at an address that no route has: with a page, with a file, or with 404.
pub(crate) async fn read(State(app): State<App>, request: Request) -> Response {
    let path = request.uri().path();
    if path == "/api" || path.starts_with("/api/") {
        return Problem::new(ProblemType::NotFound).detail("The API has no such address.").into_response();
    }
    let is_page = matches!(path, "/" | "/index.html") && app.pages.is_some();
    if !is_page && app.dist.file(path).is_none() {
        return of_nothing();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let allowed = HeaderValue::from_static("GET,HEAD");
        return Problem::new(ProblemType::MethodNotAllowed).header(ALLOW, allowed).into_response();
    }
    let mut headers = HeaderMap::new();
    match portal_window(&app, path, request.uri().query().unwrap_or_default()) {
        PortalWindow::No => {}
        // The portal that opened the window is told in it what the person granted.
        PortalWindow::Known => {
            headers.insert(CROSS_ORIGIN_OPENER_POLICY, HeaderValue::from_static("unsafe-none"));
        }
        PortalWindow::Unknown => return of_unknown_portal(),
    }
    match (&app.pages, app.dist.file(path)) {
        (Some(pages), _) if is_page => page(&app, pages, request, headers).await,
        (_, Some(file)) => {
            let cached = if file.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
            headers.insert(CACHE_CONTROL, HeaderValue::from_static(cached));
            headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
            // Portals on other sites load these files.
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
            headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
            sent(file, request.headers(), headers)
        }
        (_, None) => Problem::new(ProblemType::NotFound).into_response(),
    }
}

/// Answers with the page of a place: for a signed-in person with who they are, and to be stored nowhere.
async fn page(app: &App, pages: &Pages, request: Request, mut headers: HeaderMap) -> Response {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding, cookie"));
    let (mut parts, _) = request.into_parts();
    // What a service worker keeps for the time without a network holds nothing of anybody.
    if parts.uri.path() != "/" {
        return sent(pages.unknown(), &parts.headers, headers);
    }
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let place = Place::read(&query);
    if !session::has_cookie(&parts.headers, &app.public_url) {
        return signed_out(app, pages, (place, query), &parts.headers, headers).await;
    }
    match SignedIn::from_request_parts(&mut parts, app).await {
        Ok(SignedIn { session, .. }) => {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            let drawing = app.clone();
            let drawn = move || drawing.pages.as_ref().map(|pages| pages.personal(place, &query, session));
            match tokio::task::spawn_blocking(drawn).await {
                Ok(Some(page)) => sent(&page, &parts.headers, headers),
                _ => Problem::new(ProblemType::Internal).into_response(),
            }
        }
        Err(problem) if problem.is(ProblemType::SignedOut) => {
            signed_out(app, pages, (place, query), &parts.headers, headers).await
        }
        // The program asks again, and knows what to tell the person.
        Err(_) => sent(pages.unknown(), &parts.headers, headers),
    }
}

/// Answers with the page of a place and its query for who is signed out.
async fn signed_out(
    app: &App,
    pages: &Pages,
    (place, query): (Place, String),
    asked: &HeaderMap,
    mut headers: HeaderMap,
) -> Response {
    if let Some(kept) = app.proconnect.as_ref().and_then(|_| invitation_hint::kept(&query, &app.public_url)) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(SET_COOKIE, kept);
    }
    if !pages.leads_back(&place, &query) {
        return sent(pages.signed_out(&place, &query), asked, headers);
    }
    let drawing = app.clone();
    let drawn = move || drawing.pages.as_ref().map(|pages| pages.leading_back(place, &query));
    match tokio::task::spawn_blocking(drawn).await {
        Ok(Some(page)) => sent(&page, asked, headers),
        _ => Problem::new(ProblemType::Internal).into_response(),
    }
}

/// Answers with the smallest form of a file that the client accepts, or 304 where the client has it already.
fn sent(file: &File, asked: &HeaderMap, mut headers: HeaderMap) -> Response {
    let body = file.body(asked);
    headers.extend(HeaderValue::from_str(&body.tag).map(|tag| (ETAG, tag)));
    headers.extend(file.policy.clone().map(|policy| (CONTENT_SECURITY_POLICY, policy)));
    if has_already(asked, &body.tag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.content_type));
    headers.extend(body.encoding.map(|encoding| (CONTENT_ENCODING, HeaderValue::from_static(encoding))));
    (headers, body.bytes.clone()).into_response()
}

/// Returns whether the client has these very bytes; a proxy may have weakened the tag.
fn has_already(headers: &HeaderMap, tag: &str) -> bool {
    let lines = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    lines
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .any(|held| held == "*" || held.trim_start_matches("W/") == tag)
}
