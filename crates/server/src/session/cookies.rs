//! Cookies of a session of our own pages: one that no script can read, and a mark beside it that scripts can read, so that the
//! page knows whether to ask for the session.

use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::AppendHeaders;
use habilitation_model::wire::SIGNED_IN_COOKIE;

use crate::cookie::{self, attributes};
use crate::problem::{Problem, ProblemType};
use crate::public_url::PublicUrl;
use crate::secret::Secret;

/// The cookies of an answer.
pub(crate) type Cookies = AppendHeaders<[(HeaderName, HeaderValue); 2]>;

/// Returns the session's token in the cookies of a call, if it is there.
pub(super) fn token(headers: &HeaderMap, public_url: &PublicUrl) -> Option<Secret> {
    Secret::parse(value(headers, public_url)?)
}

fn value<'a>(headers: &'a HeaderMap, public_url: &PublicUrl) -> Option<&'a str> {
    cookie::value(headers, name(public_url))
}

/// Returns the cookies that give a token to the browser, until it closes, and mark the session for scripts.
pub(super) fn issued(token: &Secret, public_url: &PublicUrl) -> Result<Cookies, Problem> {
    let attributes = attributes(public_url);
    set_cookies([
        format!("{}={}; HttpOnly{attributes}", name(public_url), token.as_str()),
        format!("{SIGNED_IN_COOKIE}=1{attributes}"),
    ])
}

/// Returns the cookies that clear those of a session.
pub(crate) fn cleared(public_url: &PublicUrl) -> Result<Cookies, Problem> {
    let attributes = attributes(public_url);
    set_cookies([
        format!("{}=; HttpOnly{attributes}; Max-Age=0", name(public_url)),
        format!("{SIGNED_IN_COOKIE}={attributes}; Max-Age=0"),
    ])
}

fn set_cookies(cookies: [String; 2]) -> Result<Cookies, Problem> {
    let [token, mark] =
        cookies.map(|cookie| HeaderValue::from_str(&cookie).map_err(|_| Problem::new(ProblemType::Internal)));
    Ok(AppendHeaders([(SET_COOKIE, token?), (SET_COOKIE, mark?)]))
}

/// Returns the name of the cookie. With the prefix, browsers take the cookie over TLS and for this very host alone (RFC
/// 6265bis, section 4.1.3.2).
fn name(public_url: &PublicUrl) -> &'static str {
    if public_url.is_secure() { "__Host-habilitation_session" } else { "habilitation_session" }
}

#[cfg(test)]
mod tests {
    use axum::http::header::COOKIE;

    use super::*;

    fn found(cookies: &[&'static str], url: &str) -> Option<String> {
        let headers = cookies.iter().map(|value| (COOKIE, HeaderValue::from_static(value))).collect();
        value(&headers, &url.parse().unwrap()).map(str::to_owned)
    }

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let url = "http://127.0.0.1:8080";
        for cookies in [
            &["habilitation_session=abc"][..],
            &["a=b; habilitation_session=abc; c=d"],
            &["a=b", "habilitation_session=abc"],
        ] {
            assert_eq!(found(cookies, url).as_deref(), Some("abc"), "{cookies:?}");
        }
        for cookies in
            [&[][..], &["habilitation_session"], &["xhabilitation_session=abc"], &["__Host-habilitation_session=abc"]]
        {
            assert_eq!(found(cookies, url), None, "{cookies:?}");
        }
    }

    #[test]
    fn over_tls_only_the_protected_cookie_counts() {
        let url = "https://habilitation.example";
        assert_eq!(found(&["habilitation_session=abc"], url), None);
        assert_eq!(found(&["__Host-habilitation_session=abc"], url).as_deref(), Some("abc"));
        let token = "A".repeat(43);
        let AppendHeaders(cookies) = issued(&Secret::parse(&token).unwrap(), &url.parse().unwrap()).unwrap();
        assert_eq!(
            cookies.map(|(_, cookie)| cookie.to_str().unwrap().to_owned()),
            [
                format!("__Host-habilitation_session={token}; HttpOnly; Path=/; SameSite=Lax; Secure"),
                "habilitation_signed_in=1; Path=/; SameSite=Lax; Secure".to_owned(),
            ]
        );
    }
}
