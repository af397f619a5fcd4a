//! The built page, and what is answered where there is nothing.

use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::headers::CROSS_ORIGIN_RESOURCE_POLICY;
use crate::problem::{Kind, Problem};

/// What people see at an address where there is nothing. The page has one address; its places are in the query.
const NOTHING_HERE: &str = "<!doctype html>\n<html lang=\"fr\">\n<meta charset=\"utf-8\">\n\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Page introuvable</title>\n\
    <h1>Page introuvable</h1>\n<p>Il n’y a rien à cette adresse. <a href=\"/\">Revenir à l’accueil</a></p>\n";

/// Every address that no route has.
pub(crate) async fn read(State(app): State<App>, request: Request) -> Response {
    let path = request.uri().path();
    if path == "/api" || path.starts_with("/api/") {
        return Problem::new(Kind::NotFound).detail("The API has no such address.").into_response();
    }
    let Some(file) = app.dist.file(path) else {
        let html = [(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))];
        return (StatusCode::NOT_FOUND, html, NOTHING_HERE).into_response();
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let allowed = HeaderValue::from_static("GET,HEAD");
        return Problem::new(Kind::MethodNotAllowed).header(ALLOW, allowed).into_response();
    }
    let body = file.body(request.headers());
    let mut headers = HeaderMap::new();
    let cached = if file.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cached));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    // Portals on other sites load these files.
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    headers.extend(HeaderValue::from_str(&body.tag).map(|tag| (ETAG, tag)));
    if has_already(request.headers(), &body.tag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.content_type));
    headers.extend(body.encoding.map(|encoding| (CONTENT_ENCODING, HeaderValue::from_static(encoding))));
    (headers, body.bytes.clone()).into_response()
}

/// Whether the caller has these very bytes; a proxy may have weakened the tag.
fn has_already(headers: &HeaderMap, tag: &str) -> bool {
    let lines = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    lines
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .any(|held| held == "*" || held.trim_start_matches("W/") == tag)
}
