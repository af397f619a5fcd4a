//! Sessions: who calls. A way of [signing in](crate::identity) opens one; nothing here knows which.
//!
//! The browser holds a random token in a cookie that no script can read; the store holds its SHA-256 alone, so that a
//! copy of the database opens no session. A session ends when it is old, when nothing was asked in it for long, or when
//! the person signs out.

use axum::extract::FromRequestParts;
use axum::http::header::{COOKIE, SET_COOKIE, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::AppendHeaders;
use data_encoding::BASE64URL_NOPAD;
use habilitation_model::wire::{self, Organisation, User};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::chance::Chance;
use crate::clock::rfc3339;
use crate::problem::{Kind, Problem};
use crate::public_url::PublicUrl;
use crate::settings::Retention;
use crate::store::{OpenSession, Owner, SessionKey};

/// A session is noted as alive at most this often: not each call is worth a write.
const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// What a browser shows to be recognised: 256 random bits.
pub(crate) struct Token(String);

impl Token {
    /// Draws a new one.
    pub(crate) fn draw(chance: &dyn Chance) -> Result<Self, Problem> {
        let mut bytes = [0; 32];
        chance.fill(&mut bytes).map_err(|error| {
            tracing::error!(%error, "no session can be opened");
            Problem::new(Kind::Internal)
        })?;
        Ok(Self(BASE64URL_NOPAD.encode(&bytes)))
    }

    /// Under which it is stored.
    pub(crate) fn key(&self) -> SessionKey {
        SessionKey(Sha256::digest(self.0.as_bytes()).into())
    }

    /// The token in a call's cookies, if there is one.
    pub(crate) fn of_call(headers: &HeaderMap, public_url: &PublicUrl) -> Option<Self> {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let name = cookie_name(public_url);
        pairs.find(|(cookie, _)| *cookie == name).map(|(_, token)| Self(token.to_owned()))
    }

    /// The cookies that hand it to the browser, until it closes, and tell the page of it.
    pub(crate) fn cookies(&self, public_url: &PublicUrl) -> Result<Cookies, Problem> {
        let token = format!("{}={}; HttpOnly{}", cookie_name(public_url), self.0, cookie_attributes(public_url));
        let mark = format!("{}=1{}", wire::SIGNED_IN_COOKIE, cookie_attributes(public_url));
        set_cookies([token, mark])
    }
}

/// The cookies of an answer.
pub(crate) type Cookies = AppendHeaders<[(HeaderName, HeaderValue); 2]>;

/// The cookies that make the browser forget.
pub(crate) fn forgotten_cookies(public_url: &PublicUrl) -> Result<Cookies, Problem> {
    let attributes = cookie_attributes(public_url);
    set_cookies([
        format!("{}=; HttpOnly{attributes}; Max-Age=0", cookie_name(public_url)),
        format!("{}={attributes}; Max-Age=0", wire::SIGNED_IN_COOKIE),
    ])
}

fn set_cookies(cookies: [String; 2]) -> Result<Cookies, Problem> {
    let [token, mark] = cookies.map(|cookie| HeaderValue::from_str(&cookie).map_err(|_| Problem::new(Kind::Internal)));
    Ok(AppendHeaders([(SET_COOKIE, token?), (SET_COOKIE, mark?)]))
}

/// With the prefix, browsers take the cookie over TLS and for this very host alone (RFC 6265bis, section 4.1.3.2).
fn cookie_name(public_url: &PublicUrl) -> &'static str {
    if public_url.is_secure() { "__Host-habilitation_session" } else { "habilitation_session" }
}

fn cookie_attributes(public_url: &PublicUrl) -> &'static str {
    if public_url.is_secure() { "; Path=/; SameSite=Lax; Secure" } else { "; Path=/; SameSite=Lax" }
}

/// How long sessions last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetime {
    /// Whatever happens.
    pub(crate) whole: SignedDuration,
    /// While nothing is asked.
    pub(crate) idle: SignedDuration,
}

impl Lifetime {
    pub(crate) fn of(retention: &Retention) -> Self {
        Self {
            whole: SignedDuration::from_mins(retention.session_minutes.into()),
            idle: SignedDuration::from_mins(retention.session_idle_minutes.into()),
        }
    }

    /// When a session ends if nothing more is asked in it.
    fn end(self, session: &OpenSession) -> Timestamp {
        let after = |from: Timestamp, duration| from.saturating_add(duration).unwrap_or(Timestamp::MAX);
        after(session.opened_at, self.whole).min(after(session.seen_at, self.idle))
    }
}

/// Opens a session for someone who has proved who they are, and closes the one that the browser had.
pub(crate) async fn open(
    app: &App,
    headers: &HeaderMap,
    user: User,
    organisation: Organisation,
) -> Result<(wire::Session, Cookies), Problem> {
    if let Some(old) = Token::of_call(headers, &app.public_url) {
        app.store.close_session(&old.key()).await?;
    }
    let token = Token::draw(app.chance.as_ref())?;
    let now = app.clock.now();
    let session = OpenSession { user, organisation, opened_at: now, seen_at: now };
    app.store.open_session(&token.key(), &session).await?;
    Ok((on_the_wire(&session, app.session_lifetime), token.cookies(&app.public_url)?))
}

fn on_the_wire(session: &OpenSession, lifetime: Lifetime) -> wire::Session {
    wire::Session {
        user: session.user.clone(),
        organisation: session.organisation.clone(),
        ends_at: rfc3339(lifetime.end(session)),
    }
}

/// The person who calls. A handler that takes one refuses everybody else.
pub(crate) struct SignedIn {
    /// To whom what they make belongs.
    pub(crate) owner: Owner,
    /// Their session, as the page knows it.
    pub(crate) session: wire::Session,
    /// Under which it is stored.
    pub(crate) key: SessionKey,
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let key = Token::of_call(&parts.headers, &app.public_url).ok_or_else(signed_out)?.key();
        let mut session = app.store.session(&key).await?.ok_or_else(signed_out)?;
        let now = app.clock.now();
        if now >= app.session_lifetime.end(&session) {
            return Err(signed_out());
        }
        if parts.headers.get(wire::USER_HEADER).is_some_and(|user| user.as_bytes() != session.user.id.as_bytes()) {
            return Err(signed_out());
        }
        let owner = Owner::of(&session.user);
        app.calls.count(owner.as_str())?;
        if now.duration_since(session.seen_at) >= NOTED_EVERY {
            app.store.touch_session(&key, now).await?;
            session.seen_at = now;
        }
        Ok(Self { owner, session: on_the_wire(&session, app.session_lifetime), key })
    }
}

fn signed_out() -> Problem {
    // RFC 9110, section 15.5.2, wants a challenge; no scheme is registered for cookies.
    let challenge = HeaderValue::from_static("Cookie realm=\"Habilitation\"");
    Problem::new(Kind::SignedOut).header(WWW_AUTHENTICATE, challenge)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(cookies: &[&'static str], url: &str) -> Option<String> {
        let headers = cookies.iter().map(|value| (COOKIE, HeaderValue::from_static(value))).collect();
        Token::of_call(&headers, &url.parse().unwrap()).map(|token| token.0)
    }

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let url = "http://127.0.0.1:8080";
        for cookies in [
            &["habilitation_session=abc"][..],
            &["a=b; habilitation_session=abc; c=d"],
            &["a=b", "habilitation_session=abc"],
        ] {
            assert_eq!(token(cookies, url).as_deref(), Some("abc"), "{cookies:?}");
        }
        for cookies in
            [&[][..], &["habilitation_session"], &["xhabilitation_session=abc"], &["__Host-habilitation_session=abc"]]
        {
            assert_eq!(token(cookies, url), None, "{cookies:?}");
        }
    }

    #[test]
    fn over_tls_only_the_protected_cookie_counts() {
        let url = "https://habilitation.example";
        assert_eq!(token(&["habilitation_session=abc"], url), None);
        assert_eq!(token(&["__Host-habilitation_session=abc"], url).as_deref(), Some("abc"));
        let AppendHeaders(cookies) = Token("abc".to_owned()).cookies(&url.parse().unwrap()).unwrap();
        assert_eq!(
            cookies.map(|(_, cookie)| cookie),
            [
                "__Host-habilitation_session=abc; HttpOnly; Path=/; SameSite=Lax; Secure",
                "habilitation_signed_in=1; Path=/; SameSite=Lax; Secure",
            ]
        );
    }

    #[test]
    fn a_token_has_256_bits_and_is_stored_as_its_hash_alone() {
        struct Zeros;
        impl Chance for Zeros {
            fn fill(&self, buffer: &mut [u8]) -> Result<(), crate::chance::NoChance> {
                buffer.fill(0);
                Ok(())
            }
        }
        let token = Token::draw(&Zeros).unwrap();
        assert_eq!(BASE64URL_NOPAD.decode(token.0.as_bytes()).unwrap().len(), 32);
        assert_ne!(token.key().0, [0; 32]);
    }
}
