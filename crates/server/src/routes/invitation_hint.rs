//! Address that the identity provider proposes to whoever signs in: that of the invitation whose link led here.
//!
//! The answer to the link leaves its token in a cookie, and the address is found by its hash: no address of ours holds it. A hint is
//! given once, so that a wrong one keeps nobody out.

use axum::http::{HeaderMap, HeaderValue};
use habilitation_model::email::Email;

use crate::addresses::SIGN_IN;
use crate::app::App;
use crate::cookie;
use crate::public_url::PublicUrl;
use crate::secret::Secret;

const COOKIE: &str = "habilitation_invitation";
/// Name of the token in the address of the link.
const TOKEN: &str = "invitation";
/// Seconds for which the token is kept.
const LIFETIME: u32 = 600;

/// Returns the cookie that keeps the token of the link in a query, if there is one.
pub(super) fn kept(query: &str, public_url: &PublicUrl) -> Option<HeaderValue> {
    let (_, token) = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == TOKEN)?;
    set(Secret::parse(&token)?.as_str(), LIFETIME, public_url)
}

/// Returns the cookie that takes the token out of the browser, where it is there.
pub(super) fn spent(headers: &HeaderMap, public_url: &PublicUrl) -> Option<HeaderValue> {
    cookie::value(headers, COOKIE).and_then(|_| set("", 0, public_url))
}

fn set(token: &str, age: u32, public_url: &PublicUrl) -> Option<HeaderValue> {
    let secure = if public_url.is_secure() { "; Secure" } else { "" };
    let attributes = format!("HttpOnly; Path={SIGN_IN}; SameSite=Strict{secure}");
    HeaderValue::from_str(&format!("{COOKIE}={token}; {attributes}; Max-Age={age}")).ok()
}

/// Returns the address that was invited by the token in the cookie, if the provider can read it. Signing in does without.
pub(super) async fn address(app: &App, headers: &HeaderMap) -> Option<String> {
    let token = Secret::parse(cookie::value(headers, COOKIE)?)?;
    let address = match app.people.invited_address(token.hash(), app.clock.now()).await {
        Ok(address) => address?,
        Err(failure) => {
            tracing::warn!(%failure, "the address of an invitation cannot be read");
            return None;
        }
    };
    (address.is_ascii() && Email::parse(&address).is_ok()).then_some(address)
}
