//! Cookies of calls and answers, whatever they hold.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;

use crate::public_url::PublicUrl;

/// Returns the value of a cookie of a call, if it is there.
pub(crate) fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    pairs(headers).find(|(cookie, _)| *cookie == name).map(|(_, value)| value)
}

/// Returns the cookies of a call whose names begin with a prefix, by name and value.
pub(crate) fn beginning_with<'a>(headers: &'a HeaderMap, prefix: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    pairs(headers).filter(move |(name, _)| name.starts_with(prefix))
}

fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='))
}

/// Returns the attributes of all our cookies. `Lax` lets them come along where another site leads a person here.
pub(crate) fn attributes(public_url: &PublicUrl) -> &'static str {
    if public_url.is_secure() { "; Path=/; SameSite=Lax; Secure" } else { "; Path=/; SameSite=Lax" }
}
