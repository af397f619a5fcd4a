//! Cross-origin resource sharing (CORS, in the Fetch standard): the pages of portals that the operator names may call the API,
//! without credentials; no other site may. Public files are for everybody: see [`page`](crate::routes::page).

use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::portal::Portal;
use crate::problem::{Problem, ProblemType};

const METHODS: HeaderValue = HeaderValue::from_static("GET, PUT, POST, DELETE");
const HEADERS: HeaderValue = HeaderValue::from_static(
    "authorization, content-type, if-match, if-none-match, habilitation-user, habilitation-saved-at",
);
const EXPOSED: HeaderValue = HeaderValue::from_static("etag, location, retry-after");
/// Seconds for which browsers keep the answer to a preflight request: the most that Chromium accepts.
const MAX_AGE: HeaderValue = HeaderValue::from_static("7200");

/// Answers preflight requests of portals, and lets a portal read the answers to its calls.
pub(crate) async fn answer(State(app): State<App>, request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    let origin = request.headers().get(ORIGIN).cloned();
    let portal = origin.filter(|origin| Portal::among(&app.portals, origin.as_bytes()).is_some());
    let is_preflight =
        *request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = match (is_preflight, &portal) {
        (false, _) => next.run(request).await,
        (true, Some(_)) => may_call(),
        (true, None) => Problem::new(ProblemType::ForeignOrigin)
            .detail("This server lets no page of this origin call it.")
            .into_response(),
    };
    let headers = response.headers_mut();
    headers.append(VARY, HeaderValue::from_static("origin"));
    if let Some(portal) = portal {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, portal);
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
    response
}

fn may_call() -> Response {
    let headers = [
        (ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (ACCESS_CONTROL_ALLOW_HEADERS, HEADERS),
        (ACCESS_CONTROL_MAX_AGE, MAX_AGE),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}
