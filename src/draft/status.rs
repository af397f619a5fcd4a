//! Status of a draft, as the page shows it: where the answers are, and what keeps them from the server.

use crate::device::Persistence;
use crate::model::Field;
use crate::model::saving::{Conflict, Failure, SavedTo};

/// Status of a draft: where the answers are, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaveStatus {
    /// Place that holds all of the answers.
    pub saved_to: SavedTo,
    /// Failure that keeps answers from the server, or would if there were any to send.
    pub failure: Option<Failure>,
    /// Moment at which the answers came there, in milliseconds since 1970; none where it is not known.
    pub since: Option<u64>,
    /// Time for which the device's copy will stay.
    pub persistence: Persistence,
    /// Set where the browser knows of a network.
    pub online: bool,
    /// Fields whose answers the server rejects.
    pub rejected_fields: Vec<Field>,
    /// Fields with two values, of which a person has to choose one.
    pub conflicts: Vec<Conflict>,
}

impl SaveStatus {
    /// Returns whether closing the page would lose answers.
    #[must_use]
    pub fn would_be_lost(&self) -> bool {
        match (self.saved_to, self.persistence) {
            (SavedTo::Device(_), Persistence::Memory | Persistence::Session) => true,
            (saved_to, persistence) => saved_to == SavedTo::OnTheWay && persistence == Persistence::Memory,
        }
    }
}
