//! Presence: who has a request open.

use std::collections::HashSet;

use habilitation_model::Id;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use super::PeopleScope;
use crate::store::StoreFailure;
use crate::store::sqlite::values::{changed, milliseconds};

/// Time for which somebody counts as there.
const HERE_FOR: SignedDuration = SignedDuration::from_mins(1);
/// Shortest time between two notes of one person on one request: not each call is worth a write.
const NOTED_EVERY: SignedDuration = SignedDuration::from_secs(20);

impl PeopleScope<'_> {
    /// Returns the others who have a request open.
    pub(super) fn others_here(&self, request: &Id) -> Result<HashSet<String>, StoreFailure> {
        let sql = "SELECT person FROM presences WHERE request = ?1 AND person <> ?2 AND seen_at > ?3";
        let since = self.at.saturating_sub(HERE_FOR).unwrap_or(self.at);
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement
            .query_map(params![request.as_str(), self.person(), milliseconds(since)], |row| row.get::<_, String>(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns whether it is time to note that the caller has a request open.
    pub(in crate::store::sqlite) fn is_to_note(&self, request: &Id) -> Result<bool, StoreFailure> {
        let sql = "SELECT seen_at FROM presences WHERE request = ?1 AND person = ?2";
        let parameters = params![request.as_str(), self.person()];
        let seen_at: Option<i64> =
            self.connection.prepare_cached(sql)?.query_row(parameters, |row| row.get(0)).optional()?;
        let before = self.at.saturating_sub(NOTED_EVERY).unwrap_or(self.at);
        Ok(seen_at.is_none_or(|seen_at| seen_at <= milliseconds(before)))
    }
}

/// Notes that a person has a request open, if it is still there.
pub(in crate::store::sqlite) fn note(
    connection: &Connection,
    request: &Id,
    person: &str,
    at: Timestamp,
) -> Result<(), StoreFailure> {
    let sql = "INSERT INTO presences (request, person, seen_at) SELECT id, ?2, ?3 FROM requests WHERE id = ?1
               ON CONFLICT (request, person) DO UPDATE SET seen_at = excluded.seen_at";
    changed(connection, sql, params![request.as_str(), person, milliseconds(at)])?;
    Ok(())
}
