//! Habilitations in force, as everybody may read them.

use habilitation_model_derive::FromJson;
use serde::Serialize;

use crate::assurance::AssuranceLevel;
use crate::date::Date;
use crate::draft::OrganisationKind;
use crate::scope::Scope;

/// Page of the habilitations in force: the answer of `GET /api/habilitations`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicList {
    /// Habilitations, the last accepted first.
    pub habilitations: Vec<PublicHabilitation>,
    /// Value of `cursor` for the page after this one; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Habilitation in force. No person is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicHabilitation {
    /// Number: that of the request and the rank, `FC-2026-000123-1`.
    pub number: String,
    /// Day of the acceptance in Europe/Paris.
    pub accepted_on: Date,
    /// Number of the establishment.
    pub siret: String,
    /// Name of the organisation.
    pub organisation: String,
    /// Kind of the organisation.
    pub organisation_kind: OrganisationKind,
    /// Name of the project.
    pub name: String,
    /// Level of assurance.
    pub level: AssuranceLevel,
    /// Data that the service may ask for.
    pub scopes: Vec<Scope>,
    /// Legal basis.
    pub basis: String,
    /// Address of the legal basis, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}
