//! Cookies of calls and answers, whatever they hold.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;

use crate::public_url::PublicUrl;

/// Returns the value of a cookie of a call, if it is there.
pub(crate) fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(cookie, _)| *cookie == name).map(|(_, value)| value)
}

/// Returns the attributes of all our cookies. `Lax` lets them come along where another site leads a person here.
pub(crate) fn attributes(public_url: &PublicUrl) -> &'static str {
    if public_url.is_secure() { "; Path=/; SameSite=Lax; Secure" } else { "; Path=/; SameSite=Lax" }
}
