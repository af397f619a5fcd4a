//! Grants by which portals act for people.

use habilitation_model_derive::FromJson;
use serde::Serialize;

use super::sessions::Session;
use crate::choice::closed_list;

closed_list! {
    /// The way in which the window of the grant hands over to the portal that asked.
    pub enum Handover {
        /// The window posts a code to the window that opened it.
        Message = "message",
        /// The portal asks by itself: for a window that knows that the portal opened it.
        Poll = "poll",
    }
}

/// A request for a grant by which a portal acts for the person who is signed in: the body of `POST /api/embed/grants`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GrantRequest {
    /// The SHA-256 of the verifier that the portal drew, in base64url without padding.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"))]
    pub challenge: String,
    /// Origin of the portal's pages.
    pub portal: String,
    /// The way in which the portal learns of it.
    pub handover: Handover,
}

/// A grant that was issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssuedGrant {
    /// Code for the portal alone; none when the portal asks by itself.
    pub code: Option<String>,
    /// Time until which the token can be claimed.
    pub ends_at: String,
}

/// A claim of the token that a person granted: the body of `POST /api/embed/tokens`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenClaim {
    /// The verifier that the portal drew: 32 bytes in base64url without padding.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"))]
    pub verifier: String,
    /// The code that the window handed over, if it did.
    pub code: Option<String>,
}

/// The token that a portal acts with from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssuedToken {
    /// Token for the header `Authorization: Bearer`.
    pub token: String,
    /// Session of the person for whom the portal acts.
    pub session: Session,
}
