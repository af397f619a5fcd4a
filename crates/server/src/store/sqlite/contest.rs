//! Requests that were taken over, while a former owner may contest that.

use habilitation_model::{Date, Id};
use rusqlite::{Connection, OptionalExtension};

use super::values::corrupt;
use crate::store::StoreFailure;

/// Condition on rows of recoveries that still say something: the request has the owner of whom they tell, and is not put away.
pub(super) const VALID: &str = "requests.state <> 'archived' AND requests.owner =
     iif(recoveries.state IN ('asked', 'unanswered'), recoveries.owner, recoveries.person)";

/// Returns whether a former owner may contest that a request was taken over, or does.
pub(super) fn is_contestable(connection: &Connection, request: &Id) -> Result<bool, StoreFailure> {
    Ok(contestable_until(connection, request)?.is_some())
}

/// Returns the last day on which a former owner may contest that a request was taken over.
pub(super) fn contestable_until(connection: &Connection, request: &Id) -> Result<Option<Date>, StoreFailure> {
    let sql = format!(
        "SELECT answer_by FROM recoveries JOIN requests ON requests.id = request
         WHERE request = ?1 AND recoveries.state IN ('granted', 'contested') AND {VALID}"
    );
    let day: Option<String> =
        connection.prepare_cached(&sql)?.query_row([request.as_str()], |row| row.get(0)).optional()?;
    day.map(|day| Date::parse(&day).map_err(|_| corrupt("a day"))).transpose()
}
