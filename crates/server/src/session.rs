//! Sessions of signed-in people. A way of [signing in](crate::identity) opens one; this module does not know which.
//!
//! There are two kinds. On our own pages the browser shows a [cookie](cookies). On the pages of a portal the element
//! shows a token that it was [granted](crate::routes::embed), good from that portal's origin alone, and sees only what was
//! begun there. Either is 256 random bits, and the store holds the hash alone. A session ends when it is old, when
//! nothing was asked in it for long, or when the person signs out.

mod cookies;
mod device;

use axum::extract::FromRequestParts;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use habilitation_model::wire::{self, By, Organisation, Side, User};
use jiff::{SignedDuration, Timestamp};

pub(crate) use self::cookies::{Cookies, cleared};
use crate::app::App;
use crate::clock::rfc3339;
use crate::identification::Identification;
use crate::identity;
use crate::portal::Portal;
use crate::problem::{Problem, ProblemType};
use crate::public_url::PublicUrl;
use crate::random::RandomUnavailable;
use crate::secret::Secret;
use crate::security::{self, SecurityEvent};
use crate::store::{OpenSession, Owner, SessionKey, StoreFailure};
use crate::team::Member;

/// Shortest time between two notes that a session is in use: not each call is worth a write.
const TOUCH_INTERVAL: SignedDuration = SignedDuration::from_mins(1);

/// Returns the key under which the session of a token is stored.
pub(crate) fn key(token: &Secret) -> SessionKey {
    SessionKey(token.hash())
}

impl From<RandomUnavailable> for Problem {
    fn from(error: RandomUnavailable) -> Self {
        tracing::error!(%error, "nothing secret can be made");
        Self::new(ProblemType::Internal)
    }
}

/// Returns the time at which a session ends if not used again; none where its issuer is gone.
pub(crate) async fn expiry(app: &App, session: &OpenSession) -> Result<Option<Timestamp>, StoreFailure> {
    let expiry = app.lifetimes.expiry(session);
    match &session.portal_access {
        None => Ok(Some(expiry)),
        Some(access) => {
            let issuer = app.store.session(&access.issued_by).await?;
            Ok(issuer.map(|issuer| expiry.min(app.lifetimes.expiry(&issuer))))
        }
    }
}

/// Returns the member of the team as whom somebody acts in a session. Through a portal nobody is one.
fn member_in(app: &App, session: &OpenSession) -> Option<Member> {
    let is_of_our_pages = session.portal_access.is_none();
    is_of_our_pages.then(|| app.team.member(&session.user.id, session.identification.as_ref())).flatten()
}

/// Converts a session to its wire form. Nobody has a role through a portal.
pub(crate) fn to_wire(app: &App, session: &OpenSession, expiry: Timestamp) -> wire::Session {
    wire::Session {
        user: session.user.clone(),
        organisation: session.organisation.clone(),
        ends_at: rfc3339(expiry),
        role: member_in(app, session).map(|member| member.role),
    }
}

/// Returns the session that the browser has on our own pages, unless it is over.
pub(crate) async fn of_browser(app: &App, headers: &HeaderMap) -> Result<Option<OpenSession>, StoreFailure> {
    let Some(token) = cookies::token(headers, &app.public_url) else { return Ok(None) };
    let (found, now) = (app.store.session(&key(&token)).await?, app.wall_clock.now());
    let is_open = |session: &OpenSession| session.portal_access.is_none() && now < app.lifetimes.expiry(session);
    Ok(found.filter(is_open))
}

/// Ends the session that the browser has, and returns the cookies that clear it.
pub(crate) async fn end(app: &App, headers: &HeaderMap) -> Result<Cookies, Problem> {
    if let Some(session) = of_browser(app, headers).await? {
        security::note(app, SecurityEvent::SignedOut, Some(&session.user.id));
    }
    if let Some(token) = cookies::token(headers, &app.public_url) {
        app.store.end_session(&key(&token)).await?;
    }
    cleared(&app.public_url)
}

/// Opens a session for someone who has proved who they are, and ends the one that the browser had.
pub(crate) async fn open(
    app: &App,
    headers: &HeaderMap,
    user: User,
    organisation: Organisation,
    identification: Option<Identification>,
) -> Result<(wire::Session, Cookies), Problem> {
    if let Some(old) = cookies::token(headers, &app.public_url) {
        app.store.end_session(&key(&old)).await?;
    }
    let token = Secret::draw(app.random.as_ref())?;
    let now = app.wall_clock.now();
    let device = device::of(headers);
    let portal_access = None;
    let session =
        OpenSession { user, organisation, opened_at: now, seen_at: now, device, portal_access, identification };
    app.store.open_session(&key(&token), &session).await?;
    security::note(app, SecurityEvent::SignedIn, Some(&session.user.id));
    Ok((to_wire(app, &session, app.lifetimes.expiry(&session)), cookies::issued(&token, &app.public_url)?))
}

/// Returns whether a call has the cookie of a session, over or not.
pub(crate) fn has_cookie(headers: &HeaderMap, public_url: &PublicUrl) -> bool {
    cookies::token(headers, public_url).is_some()
}

/// Extractor of the signed-in person. A handler that takes it refuses everybody else.
pub(crate) struct SignedIn {
    /// Owner of the requests that the person makes.
    pub(crate) owner: Owner,
    /// Session on the wire.
    pub(crate) session: wire::Session,
    /// Key under which the session is stored.
    pub(crate) key: SessionKey,
    /// Way in which an identity provider knew the person; none for made-up people.
    pub(crate) identification: Option<Identification>,
    /// Member of the team as whom the person acts, if they are one.
    pub(crate) member: Option<Member>,
}

impl SignedIn {
    /// Returns the person as the author of an event on the applicant's side, as they are called now.
    pub(crate) fn as_applicant(&self) -> By {
        let User { given_name, family_name, job_title, .. } = &self.session.user;
        let name = [given_name.as_str(), family_name].join(" ").trim().to_owned();
        By { side: Side::Applicant, name, job_title: job_title.clone() }
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        // `origin_check` tells which portal calls, and lets no cookie of such a call through.
        let portal = parts.extensions.get::<Portal>();
        let signed_out = || signed_out(portal);
        let token = match portal {
            Some(_) => bearer(&parts.headers),
            None => cookies::token(&parts.headers, &app.public_url),
        };
        let key = key(&token.ok_or_else(signed_out)?);
        let mut session = app.store.session(&key).await?.ok_or_else(signed_out)?;
        let is_offered = identity::is_offered(&session.user.id, app.proconnect.is_some());
        if !is_offered || session.portal_access.as_ref().map(|access| &access.portal) != portal {
            return Err(signed_out());
        }
        let now = app.wall_clock.now();
        if expiry(app, &session).await?.is_none_or(|expiry| now >= expiry) {
            return Err(signed_out());
        }
        if parts.headers.get(wire::USER_HEADER).is_some_and(|user| user.as_bytes() != session.user.id.as_bytes()) {
            return Err(signed_out());
        }
        let owner = Owner::of(&session);
        app.call_rate
            .count(owner.person())
            .inspect_err(|_| security::note(app, SecurityEvent::TooManyCalls, Some(owner.person())))?;
        if now.duration_since(session.seen_at) >= TOUCH_INTERVAL {
            match app.store.touch_session(&key, now).await {
                Ok(()) => session.seen_at = now,
                // On a full disk people still read what they have.
                Err(failure) => tracing::warn!(%failure, "a session is not noted as alive"),
            }
        }
        let expiry = expiry(app, &session).await?.ok_or_else(signed_out)?;
        let member = member_in(app, &session);
        let wire = to_wire(app, &session, expiry);
        Ok(Self { owner, session: wire, key, identification: session.identification, member })
    }
}

/// Returns the token in the header of a call (RFC 6750, section 2.1). Credentials of another scheme, which a proxy may want there,
/// are ignored.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") { Secret::parse(token.trim_start()) } else { None }
}

fn signed_out(portal: Option<&Portal>) -> Problem {
    // RFC 9110, section 15.5.2, wants a challenge; no scheme is registered for cookies.
    let challenge = match portal {
        Some(_) => HeaderValue::from_static("Bearer realm=\"Habilitation\""),
        None => HeaderValue::from_static("Cookie realm=\"Habilitation\""),
    };
    Problem::new(ProblemType::SignedOut).header(WWW_AUTHENTICATE, challenge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_bearers_token_is_read() {
        let token = "A".repeat(43);
        let found = |value: &str| {
            let headers = [(AUTHORIZATION, HeaderValue::from_str(value).unwrap())].into_iter().collect();
            bearer(&headers).map(|token| token.as_str().to_owned())
        };
        for value in [format!("Bearer {token}"), format!("bearer  {token}")] {
            assert_eq!(found(&value).as_ref(), Some(&token), "{value}");
        }
        for value in [format!("Basic {token}"), format!("Bearer{token}"), token.clone(), "Bearer".to_owned()] {
            assert_eq!(found(&value), None, "{value}");
        }
    }
}
