//! People by their identifier: what they are called, and where they are written to.

use habilitation_model::Id;
use rusqlite::{Connection, OptionalExtension};

use crate::store::StoreFailure;

/// Name and address of a person; empty where nothing is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Described {
    pub(super) name: String,
    pub(super) email: String,
}

/// Returns the name and the address of a person: by their last sign-in, or as the applicant of a submission of theirs.
pub(super) fn person(connection: &Connection, person: &str, request: Option<&Id>) -> Result<Described, StoreFailure> {
    let find = |sql: &str, parameter: &str| -> Result<Option<Described>, StoreFailure> {
        let read = |row: &rusqlite::Row<'_>| Ok(Described { name: row.get(0)?, email: row.get(1)? });
        Ok(connection.prepare_cached(sql)?.query_row([parameter], read).optional()?)
    };
    let signed_in = "SELECT trim(given_name || ' ' || family_name), email FROM people WHERE person = ?1";
    let known = find(signed_in, person)?.unwrap_or_default();
    let Some(request) = request.filter(|_| known.email.is_empty() || known.name.is_empty()) else { return Ok(known) };
    let applicant = "SELECT trim(coalesce(request_json ->> '$.organisation.applicant.given_name', '') || ' '
                                || coalesce(request_json ->> '$.organisation.applicant.family_name', '')),
                            coalesce(request_json ->> '$.organisation.applicant.email', '')
                     FROM submissions WHERE request = ?1 ORDER BY n DESC LIMIT 1";
    let sent = find(applicant, request.as_str())?.unwrap_or_default();
    let either = |known: String, sent: String| if known.is_empty() { sent } else { known };
    Ok(Described { name: either(known.name, sent.name), email: either(known.email, sent.email) })
}
