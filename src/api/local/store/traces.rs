//! Traces of reading, as a record keeps them.

use serde::{Deserialize, Serialize};

/// First time at which a side had read a history up to a rank.
#[derive(Debug, Serialize, Deserialize)]
pub struct Read {
    /// Set for the team; else it is the applicant.
    pub is_of_team: bool,
    /// Rank of the last event that was read.
    pub seq: u64,
    /// Moment of the reading.
    pub at: String,
}

/// Last look of a member of the team at a history.
#[derive(Debug, Serialize, Deserialize)]
pub struct Look {
    /// Identifier of the member.
    pub member: String,
    /// First and last name of the member.
    pub name: String,
    /// Moment of the look.
    pub at: String,
}
