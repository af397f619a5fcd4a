//! Checks of the host and the origin of a call: it must be meant for this host, and a change must come from this site or, with
//! a token, from a portal.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{COOKIE, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::addresses::{BOUNCES, SIGN_IN, SIGN_IN_CALLBACK, SIGNED_OUT, TOKENS};
use crate::app::App;
use crate::portal::Portal;
use crate::problem::{Problem, ProblemType};
use crate::routes::page;
use crate::session;

/// Most bytes of the head of a call.
pub(crate) const HEAD_MAX: usize = 64 * 1024;

/// Paths of probes, which are answered under any host name.
const PROBES: [&str; 2] = ["/healthz", "/readyz"];

/// Refuses a call for another host: a name that somebody else points here must not reach what only this machine, or
/// only this site, may (RFC 9110, section 15.5.20).
pub(crate) async fn require_own_host(State(app): State<App>, request: Request, next: Next) -> Response {
    if head_length(&request) > HEAD_MAX {
        return Problem::new(ProblemType::HeadTooLarge).into_response();
    }
    if PROBES.contains(&request.uri().path()) || is_for_us(&app, &request) {
        return next.run(request).await;
    }
    if wants_html(&request) {
        return page::of_another_host(&app.public_url);
    }
    let detail = format!("This server answers at {} only; a proxy before it has to pass `Host` on.", app.public_url);
    Problem::new(ProblemType::Misdirected).detail(detail).into_response()
}

/// Returns the bytes of the request line and the headers, as HTTP/1.1 writes them.
fn head_length(request: &Request) -> usize {
    let line = request.method().as_str().len() + request.uri().to_string().len() + " ".len() + " HTTP/1.1\r\n".len();
    let headers = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len());
    line + headers.sum::<usize>() + "\r\n".len()
}

/// Returns whether a browser asks for a page to show.
fn wants_html(request: &Request) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
        && !is_api_path(request)
        && page::is_wanted(request.headers())
}

/// Returns whether a call names this host. Its header has to, and so has the absolute form of its target, if it has one (RFC 9112,
/// section 3.2.2).
fn is_for_us(app: &App, request: &Request) -> bool {
    let mut hosts = request.headers().get_all(HOST).iter();
    let only_ours = match (hosts.next().map(|host| host.to_str()), hosts.next()) {
        (Some(Ok(host)), None) => app.public_url.is_host(host),
        _ => false,
    };
    let target = request.uri().authority();
    only_ours && target.is_none_or(|authority| app.public_url.is_host(authority.as_str()))
}

fn is_api_path(request: &Request) -> bool {
    let path = request.uri().path();
    path == "/api" || path.starts_with("/api/")
}

/// Refuses a change that another site asks the browser for, with the cookie that the browser adds by itself.
///
/// Browsers say who asks: `Sec-Fetch-Site` (W3C Fetch Metadata) and `Origin`. Whichever is there must be ours, and one
/// must be. Portals are let in by a token of their own, or to claim one: a handler finds the [`Portal`] that calls among
/// the extensions of the call. No cookie goes any further that the browser added for somebody else: see
/// [`is_from_own_pages`].
pub(crate) async fn require_same_origin(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let ours = app.public_url.origin();
    if !is_from_own_pages(&request, &ours) {
        request.headers_mut().remove(COOKIE);
    }
    if let Some(portal) = calling_portal(&app, request.headers()) {
        let portal = portal.clone();
        let by_token = session::bearer(request.headers()).is_some() || request.uri().path() == TOKENS;
        request.extensions_mut().insert(portal);
        if reads || by_token {
            return next.run(request).await;
        }
    }
    // A mail server is no site, and shows a secret instead.
    let by_secret = request.uri().path() == BOUNCES;
    match check_origin(request.headers(), &ours) {
        Err(problem) if !reads && !by_secret => problem.into_response(),
        _ => next.run(request).await,
    }
}

/// Returns whether the cookie of a call counts: the call comes from a page of ours, from the person directly, or is a
/// navigation to a page of ours. Pages of the same site are not ours: a neighbouring host may belong to anybody.
fn is_from_own_pages(request: &Request, ours: &str) -> bool {
    let headers = request.headers();
    let all =
        |name: &str, right: &[&str]| headers.get_all(name).iter().all(|value| right.iter().any(|one| value == one));
    // Whoever comes back from the identity provider comes from another site, and is led on to a page.
    let leads_to_a_page = [SIGN_IN, SIGN_IN_CALLBACK, SIGNED_OUT].contains(&request.uri().path());
    let goes_to_a_page = matches!(*request.method(), Method::GET | Method::HEAD)
        && headers.get_all("sec-fetch-mode").iter().eq(["navigate"])
        && (leads_to_a_page || !is_api_path(request));
    all("origin", &[ours]) && (all("sec-fetch-site", &["same-origin", "none"]) || goes_to_a_page)
}

/// Returns the portal that a call comes from, by its only `Origin`, if the operator knows it.
fn calling_portal<'a>(app: &'a App, headers: &HeaderMap) -> Option<&'a Portal> {
    let mut origins = headers.get_all(ORIGIN).iter();
    match (origins.next(), origins.next()) {
        (Some(origin), None) => Portal::among(&app.portals, origin.as_bytes()),
        _ => None,
    }
}

/// Extractor of a call of our own pages. A handler that takes it refuses portals, whatever token they show.
pub(crate) struct OwnPagesOnly;

impl<S: Send + Sync> FromRequestParts<S> for OwnPagesOnly {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        if parts.extensions.get::<Portal>().is_some() {
            return Err(Problem::new(ProblemType::ForeignOrigin).detail("This is for the pages of this site alone."));
        }
        Ok(Self)
    }
}

fn check_origin(headers: &HeaderMap, ours: &str) -> Result<(), Problem> {
    let all = |name: &str, right: &str| headers.get_all(name).iter().all(|value| value == right);
    let named = headers.contains_key(ORIGIN) || headers.contains_key("sec-fetch-site");
    if !named {
        let detail = "A change must say which site asks for it: send `Origin`, as browsers do.";
        Err(Problem::new(ProblemType::ForeignOrigin).detail(detail))
    } else if all("origin", ours) && all("sec-fetch-site", "same-origin") {
        Ok(())
    } else {
        Err(Problem::new(ProblemType::ForeignOrigin).detail("This change was asked for by another site."))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn a_change_must_come_from_our_own_pages() {
        for (lines, let_in) in [
            (&[("origin", "https://ours.example")][..], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("origin", "https://ours.example"), ("sec-fetch-site", "same-origin")], true),
            (&[], false),
            (&[("origin", "null")], false),
            (&[("origin", "https://theirs.example")], false),
            (&[("origin", "https://ours.example.theirs.example")], false),
            (&[("origin", "http://ours.example")], false),
            (&[("origin", "https://ours.example"), ("origin", "https://theirs.example")], false),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("origin", "https://theirs.example"), ("sec-fetch-site", "same-origin")], false),
            (&[("origin", "https://ours.example"), ("sec-fetch-site", "cross-site")], false),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in lines {
                headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            assert_eq!(check_origin(&headers, "https://ours.example").is_ok(), let_in, "{lines:?}");
        }
    }
}
