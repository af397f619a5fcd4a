//! `/.well-known/security.txt`: the address to which a weakness is reported (RFC 9116), where the operator gives one.

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;

use crate::app::App;
use crate::clock::rfc3339;
use crate::problem::{Problem, ProblemType};

/// Path of the file (RFC 9116).
pub(crate) const PATH: &str = "/.well-known/security.txt";
/// Time after which the file expires: RFC 9116 recommends less than a year.
const VALIDITY: SignedDuration = SignedDuration::from_hours(180 * 24);

pub(crate) async fn read(State(app): State<App>) -> Response {
    let Some(contact) = &app.security_contact else {
        return Problem::new(ProblemType::NotFound).detail("There is no such file.").into_response();
    };
    let now = app.wall_clock.now();
    let expires = rfc3339(now.saturating_add(VALIDITY).unwrap_or(now));
    let text = format!(
        "Contact: {contact}\nExpires: {expires}\nPreferred-Languages: fr, en\nCanonical: {}{}\n",
        app.public_url.origin(),
        PATH
    );
    ([(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"))], text).into_response()
}
