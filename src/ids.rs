//! Identifiers of requests and documents.

use crate::browser::random;
use crate::clock::now;
use crate::model::Id;

/// Returns a new identifier.
#[must_use]
pub fn new_id() -> Id {
    let mut bytes = [0_u8; 10];
    random::fill(&mut bytes);
    Id::new(now(), bytes)
}
