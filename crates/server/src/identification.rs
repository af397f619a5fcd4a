//! Handle and assurance of a sign-in, as an identity provider signed them.

use serde::{Deserialize, Serialize};

/// Way in which an identity provider knew a person who signed in, as it signed it. By these the team's members are known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Identification {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    /// Identifier of the identity provider behind the issuer; empty where it is not told.
    pub(crate) provider: String,
    /// Level of assurance (`acr`); empty where it is not told.
    pub(crate) level: String,
}
