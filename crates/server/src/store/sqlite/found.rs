//! Establishments of submissions, as the public directory described them.

use habilitation_model::Id;
use habilitation_model::wire::OrganisationFound;
use rusqlite::{Connection, OptionalExtension, params};

use super::values::{changed, from_json, json};
use crate::store::{Establishment, StoreFailure};

/// Notes the description of the establishment of a submission. What was noted before stays.
pub(super) fn note(
    connection: &Connection,
    request: &Id,
    n: u32,
    found: &OrganisationFound,
) -> Result<(), StoreFailure> {
    // The request may have been erased while the directory was asked.
    let sql = "INSERT INTO found_organisations (request, n, found)
               SELECT request, n, ?3 FROM submissions WHERE request = ?1 AND n = ?2
               ON CONFLICT DO NOTHING";
    changed(connection, sql, params![request.as_str(), n, json(found)?])?;
    Ok(())
}

/// Returns the establishment of the last submission of a request, if its number is one.
pub(super) fn of_last(connection: &Connection, request: &Id) -> Result<Option<Establishment>, StoreFailure> {
    let sql = "SELECT submission, siret, found
               FROM queue LEFT JOIN found_organisations ON found_organisations.request = queue.request AND n = submission
               WHERE queue.request = ?1 AND siret <> ''";
    let row: Option<(u32, String, Option<String>)> = connection
        .prepare_cached(sql)?
        .query_row([request.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((submission, siret, found)) = row else { return Ok(None) };
    let found = found.map(|text| from_json(&text, "an organisation that was found")).transpose()?;
    Ok(Some(Establishment { submission, siret, found }))
}
