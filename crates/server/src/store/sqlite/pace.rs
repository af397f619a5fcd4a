//! Pace at which one person acts on one request.

use habilitation_model::lifecycle::{Event, Kind};
use jiff::{SignedDuration, Timestamp};

use super::values::corrupt;
use crate::store::StoreRefusal;

/// Most messages of one person on one request in 24 hours, and most other acts.
const ACTS_OF_DAY: usize = 30;

/// Refuses an act of a person who has made as many of its sort as one may in 24 hours.
///
/// Messages are one sort, all other acts another. The events are those of the person on the request.
pub(super) fn check_pace<'a>(
    events: impl DoubleEndedIterator<Item = &'a Event>,
    kind: Kind,
    at: Timestamp,
) -> Result<(), StoreRefusal> {
    let day = SignedDuration::from_hours(24);
    let is_alike = |event: &&Event| (event.kind == Kind::Message) == (kind == Kind::Message);
    let Some(first) = events.filter(is_alike).rev().nth(ACTS_OF_DAY - 1) else { return Ok(()) };
    let first: Timestamp = first.at.parse().map_err(|_| corrupt("a time"))?;
    let left = day - at.duration_since(first);
    if left.is_positive() { Err(StoreRefusal::TooManyActs(left)) } else { Ok(()) }
}
