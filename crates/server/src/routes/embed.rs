//! `/api/embed`: grants by which a portal acts for a person. `docs/embedding-sign-in.md` describes the protocol, and why it is so.

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use habilitation_model::wire::{GrantRequest, Handover, IssuedGrant, IssuedToken, TokenClaim};
use jiff::SignedDuration;

use crate::app::App;
use crate::body::Unread;
use crate::client_ip::ClientIp;
use crate::clock::rfc3339;
use crate::origin_check::OwnPagesOnly;
use crate::portal::Portal;
use crate::problem::{Problem, ProblemType};
use crate::secret::{Secret, bits};
use crate::security::{self, SecurityEvent};
use crate::session::{self, SignedIn};
use crate::store::{Claim, Claimed, Grant};

/// Time for which a token can be claimed after its grant.
pub(crate) const GRANT_LIFETIME: SignedDuration = SignedDuration::from_mins(5);
/// Seconds after which a portal asks again.
const POLL_AFTER: HeaderValue = HeaderValue::from_static("2");

/// Lets a portal act for the person who is signed in. The window that named the portal does it once they agreed.
#[utoipa::path(
    post,
    path = "/api/embed/grants",
    tag = "portals",
    operation_id = "grant_token",
    request_body = GrantRequest,
    responses((status = 201, description = "The portal can claim its token.", body = IssuedGrant))
)]
pub(crate) async fn issue_grant(
    State(app): State<App>,
    _: OwnPagesOnly,
    who: SignedIn,
    body: Unread,
) -> Result<(StatusCode, Json<IssuedGrant>), Problem> {
    app.grants.count(who.owner.person())?;
    let asked: GrantRequest = body.small_json().await?;
    let challenge = bits(&asked.challenge)
        .ok_or_else(|| wrong("/challenge", "wrong_value", "The challenge is not a SHA-256 in base64url."))?;
    let portal = Portal::among(&app.portals, asked.portal.as_bytes())
        .ok_or_else(|| wrong("/portal", "unknown_value", "This server knows no portal of this origin."))?;
    let code = match asked.handover {
        Handover::Message => Some(Secret::draw(app.random.as_ref())?),
        Handover::Poll => None,
    };
    let issued_at = app.wall_clock.now();
    let grant = Grant {
        challenge,
        code: code.as_ref().map(Secret::hash),
        portal: portal.clone(),
        issued_by: who.key,
        issued_at,
    };
    if !app.store.issue_grant(&grant).await? {
        return Err(wrong("/challenge", "taken", "Another grant has this challenge."));
    }
    security::note(&app, SecurityEvent::Granted, Some(who.owner.person()));
    let ends_at = rfc3339(issued_at.saturating_add(GRANT_LIFETIME).unwrap_or(issued_at));
    Ok((StatusCode::CREATED, Json(IssuedGrant { code: code.map(|code| code.as_str().to_owned()), ends_at })))
}

/// Claims the token that was granted, from the portal's own origin. A grant is worth one token, and is used up by a wrong
/// code or another portal.
#[utoipa::path(
    post,
    path = "/api/embed/tokens",
    tag = "portals",
    operation_id = "claim_token",
    request_body = TokenClaim,
    responses(
        (status = 201, description = "The token.", body = IssuedToken),
        (status = 202, description = "Nothing was granted so far, or not without a code.", headers(("Retry-After" = u32, description = "In how many seconds to ask again."))),
    )
)]
pub(crate) async fn claim_token(
    State(app): State<App>,
    client_ip: ClientIp,
    portal: Option<Extension<Portal>>,
    body: Unread,
) -> Result<Response, Problem> {
    app.claims.count(client_ip.as_str())?;
    let not_a_portal = || {
        Problem::new(ProblemType::ForeignOrigin)
            .detail("Only the pages of a portal that this server knows claim tokens.")
    };
    let Extension(portal) = portal.ok_or_else(not_a_portal)?;
    let TokenClaim { verifier, code } = body.small_json().await?;
    let verifier = Secret::parse(&verifier)
        .ok_or_else(|| wrong("/verifier", "wrong_value", "The verifier is not 256 bits in base64url."))?;
    let token = Secret::draw(app.random.as_ref())?;
    let now = app.wall_clock.now();
    let ago = |duration: SignedDuration| now.saturating_sub(duration).unwrap_or(now);
    let claim = Claim {
        challenge: verifier.hash(),
        // What is no code at all is no better than a wrong one.
        code: code.map(|code| Secret::parse(&code).map_or([0; 32], |code| code.hash())),
        portal,
        issued_after: ago(GRANT_LIFETIME),
        issuer_opened_after: ago(app.lifetimes.ours.absolute),
        issuer_seen_after: ago(app.lifetimes.ours.idle),
    };
    let nothing = || Ok((StatusCode::ACCEPTED, [(RETRY_AFTER, POLL_AFTER)]).into_response());
    let claimed = app.store.claim_token(&claim, &session::key(&token), now).await?;
    match &claimed {
        Claimed::Session(session) => security::note(&app, SecurityEvent::Claimed, Some(&session.user.id)),
        Claimed::Nothing => {}
        Claimed::WrongCode | Claimed::WrongPortal => security::note(&app, SecurityEvent::ClaimRefused, None),
    }
    match claimed {
        Claimed::Session(session) => {
            let Some(expiry) = session::expiry(&app, &session).await? else { return nothing() };
            let issued =
                IssuedToken { token: token.as_str().to_owned(), session: session::to_wire(&app, &session, expiry) };
            Ok((StatusCode::CREATED, Json(issued)).into_response())
        }
        Claimed::Nothing => nothing(),
        Claimed::WrongCode => Err(wrong("/code", "wrong_value", "The code is not the one that was granted.")),
        Claimed::WrongPortal => {
            Err(Problem::new(ProblemType::ForeignOrigin).detail("This was granted to another portal."))
        }
    }
}

fn wrong(pointer: &str, code: &str, detail: &str) -> Problem {
    Problem::new(ProblemType::InvalidBody).detail(detail).error(pointer.to_owned(), code)
}
