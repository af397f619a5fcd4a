//! Addresses of the queue.

use crate::model::place::team::{QueueFilter, TeamPlace};
use crate::navigation::Place;

/// Returns the place of the queue under some filters.
pub(super) fn place(filter: &QueueFilter) -> Place {
    Place::Examination(TeamPlace::Queue(filter.clone()).query())
}
