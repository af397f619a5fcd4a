//! Security headers of every answer: they restrict what a browser does with it.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use habilitation::prerender::POLICY;

use crate::app::App;

/// Header that restricts the sites that may load an answer.
pub(crate) const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
/// Header that separates the window of an answer from the one that opened it.
pub(crate) const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// The page asks the machine for nothing but its clipboard, to which it writes.
const PERMISSIONS: &str = "accelerometer=(), camera=(), clipboard-read=(), display-capture=(), fullscreen=(), \
    geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), \
    screen-wake-lock=(), usb=(), xr-spatial-tracking=()";

/// Adds the headers that the handler did not set for itself.
pub(crate) async fn add(State(app): State<App>, request: Request, next: Next) -> Response {
    let of_the_api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    set(headers, CONTENT_SECURITY_POLICY, POLICY);
    set(headers, CROSS_ORIGIN_OPENER_POLICY, "same-origin");
    set(headers, CROSS_ORIGIN_RESOURCE_POLICY, "same-origin");
    set(headers, PERMISSIONS_POLICY, PERMISSIONS);
    set(headers, REFERRER_POLICY, "no-referrer");
    set(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, CACHE_CONTROL, if of_the_api { "no-store" } else { "no-cache" });
    if app.public_url.is_secure() {
        set(headers, STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
    }
    response
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}
