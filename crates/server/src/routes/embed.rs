//! `/api/embed`: grants by which a portal acts for a person. `docs/embedding-sign-in.md` describes the protocol, and why it is so.

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use habilitation_model::wire::{GivenGrant, GivenToken, GrantToGive, Handover, TokenClaim};
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
use crate::store::{Grant, Redeemed, Redemption};

/// Time for which a grant can be redeemed.
pub(crate) const GRANT_LIFETIME: SignedDuration = SignedDuration::from_mins(5);
/// Seconds after which a portal asks again.
const POLL_AFTER: HeaderValue = HeaderValue::from_static("2");

/// Lets a portal act for the person who is signed in. The window that named the portal does it once they agreed.
#[utoipa::path(
    post,
    path = "/api/embed/grants",
    tag = "portals",
    operation_id = "grant_token",
    request_body = GrantToGive,
    responses((status = 201, description = "The portal can claim its token.", body = GivenGrant))
)]
pub(crate) async fn issue_grant(
    State(app): State<App>,
    _: OwnPagesOnly,
    who: SignedIn,
    body: Unread,
) -> Result<(StatusCode, Json<GivenGrant>), Problem> {
    app.grants.count(who.owner.person())?;
    let asked: GrantToGive = body.small_json().await?;
    let challenge = bits(&asked.challenge)
        .ok_or_else(|| wrong("/challenge", "wrong_value", "The challenge is not a SHA-256 in base64url."))?;
    let portal = Portal::among(&app.portals, asked.portal.as_bytes())
        .ok_or_else(|| wrong("/portal", "unknown_value", "This server knows no portal of this origin."))?;
    let code = match asked.handover {
        Handover::Message => Some(Secret::draw(app.random.as_ref())?),
        Handover::Poll => None,
    };
    let given_at = app.clock.now();
    let grant =
        Grant { challenge, code: code.as_ref().map(Secret::hash), portal: portal.clone(), given_by: who.key, given_at };
    if !app.store.issue_grant(&grant).await? {
        return Err(wrong("/challenge", "taken", "Another grant has this challenge."));
    }
    security::note(&app, SecurityEvent::Granted, Some(who.owner.person()));
    let ends_at = rfc3339(given_at.saturating_add(GRANT_LIFETIME).unwrap_or(given_at));
    Ok((StatusCode::CREATED, Json(GivenGrant { code: code.map(|code| code.as_str().to_owned()), ends_at })))
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
        (status = 201, description = "The token.", body = GivenToken),
        (status = 202, description = "Nothing was granted so far, or not without a code.", headers(("Retry-After" = u32, description = "In how many seconds to ask again."))),
    )
)]
pub(crate) async fn redeem_grant(
    State(app): State<App>,
    client_ip: ClientIp,
    portal: Option<Extension<Portal>>,
    body: Unread,
) -> Result<Response, Problem> {
    app.redemptions.count(client_ip.as_str())?;
    let not_a_portal = || {
        Problem::new(ProblemType::ForeignOrigin)
            .detail("Only the pages of a portal that this server knows claim tokens.")
    };
    let Extension(portal) = portal.ok_or_else(not_a_portal)?;
    let TokenClaim { verifier, code } = body.small_json().await?;
    let verifier = Secret::parse(&verifier)
        .ok_or_else(|| wrong("/verifier", "wrong_value", "The verifier is not 256 bits in base64url."))?;
    let token = Secret::draw(app.random.as_ref())?;
    let now = app.clock.now();
    let ago = |duration: SignedDuration| now.saturating_sub(duration).unwrap_or(now);
    let redemption = Redemption {
        challenge: verifier.hash(),
        // What is no code at all is no better than a wrong one.
        code: code.map(|code| Secret::parse(&code).map_or([0; 32], |code| code.hash())),
        portal,
        issued_after: ago(GRANT_LIFETIME),
        issuer_opened_after: ago(app.lifetimes.ours.absolute),
        issuer_seen_after: ago(app.lifetimes.ours.idle),
    };
    let nothing = || Ok((StatusCode::ACCEPTED, [(RETRY_AFTER, POLL_AFTER)]).into_response());
    let claimed = app.store.redeem_grant(&redemption, &session::key(&token), now).await?;
    match &claimed {
        Redeemed::Session(session) => security::note(&app, SecurityEvent::Claimed, Some(&session.user.id)),
        Redeemed::Nothing => {}
        Redeemed::WrongCode | Redeemed::WrongPortal => security::note(&app, SecurityEvent::ClaimRefused, None),
    }
    match claimed {
        Redeemed::Session(session) => {
            let Some(end) = session::end(&app, &session).await? else { return nothing() };
            let given = GivenToken { token: token.as_str().to_owned(), session: session::to_wire(&session, end) };
            Ok((StatusCode::CREATED, Json(given)).into_response())
        }
        Redeemed::Nothing => nothing(),
        Redeemed::WrongCode => Err(wrong("/code", "wrong_value", "The code is not the one that was granted.")),
        Redeemed::WrongPortal => {
            Err(Problem::new(ProblemType::ForeignOrigin).detail("This was granted to another portal."))
        }
    }
}

fn wrong(pointer: &str, code: &str, detail: &str) -> Problem {
    Problem::new(ProblemType::InvalidBody).detail(detail).error(pointer.to_owned(), code)
}
