//! Outlets: how mails and notices leave, and the service in whose name.

use habilitation_model_derive::FromJson;
use serde::Serialize;

use crate::lifecycle::deadline::Keeping;

/// Outlets of mails and notices: the answer of `GET /api/examination/outlets`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Outlets {
    /// Service in whose name mails are written.
    pub service: Service,
    /// Set where mails leave through a relay; else each is a file.
    pub relay: bool,
    /// Set where a partner is told of habilitations.
    pub partner: bool,
}

/// Service that answers requests, as mails tell of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Service {
    /// Name, such as « Équipe FranceConnect ».
    pub name: String,
    /// Postal address, on as many lines as it has; may be empty.
    pub postal_address: String,
    /// Phone number; may be empty.
    pub phone: String,
    /// E-mail address for questions.
    pub email: String,
    /// E-mail address of the team that examines requests.
    pub team_email: String,
    /// E-mail address of the operator of the program; may be empty.
    pub operator_email: String,
    /// Terms for which requests are kept.
    pub keeping: Keeping,
    /// Court to which a decision is brought.
    pub court: String,
    /// Sentences on what silence means, with `{jour}`, `{demande}` and `{tribunal}`.
    pub silence_notice: String,
    /// Address of the page, up to its query.
    pub page: String,
    /// Address of the space in which a technical contact finds the access of a service.
    pub partner_space: String,
}
