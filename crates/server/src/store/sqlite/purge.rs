//! Purge of expired rows, whoever owns them.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::owner_scope;
use crate::files::FileName;
use crate::store::sqlite::values::{changed, corrupt, milliseconds};
use crate::store::{PurgeCutoff, Purged, StoreFailure};

/// Most rows of one kind that one transaction deletes: saves wait no longer than that takes.
const BATCH_SIZE: u32 = 200;

/// Deletes a part of the rows past the cutoff; none when all of them are gone.
pub(super) fn purge_batch(
    connection: &Connection,
    cutoff: &PurgeCutoff,
    at: Timestamp,
) -> Result<Purged, StoreFailure> {
    let mut purged = Purged::default();

    // What was ever submitted stays.
    let sql = "SELECT id, owner FROM requests WHERE state = 'draft' AND number IS NULL AND updated_at < ?1 LIMIT ?2";
    for (id, owner) in pairs(connection, sql, cutoff.drafts)? {
        let files = owner_scope::saving::delete_request(connection, &owner, &id, at)?;
        purged.drafts += 1;
        purged.documents += count(files.len());
        purged.files.extend(files);
    }

    let sql = "SELECT request, id FROM documents WHERE unlisted_since < ?1 AND is_sent = 0 LIMIT ?2";
    for (request, id) in pairs(connection, sql, cutoff.documents)? {
        let sql = "DELETE FROM documents WHERE request = ?1 AND id = ?2 RETURNING file";
        let file: String = connection.prepare_cached(sql)?.query_row(params![request, id], |row| row.get(0))?;
        purged.documents += 1;
        purged.files.push(FileName::parse(&file).ok_or_else(|| corrupt("a file name"))?);
    }

    let sql = "DELETE FROM deleted WHERE id IN (SELECT id FROM deleted WHERE deleted_at < ?1 LIMIT ?2)";
    purged.tombstones += count(changed(connection, sql, params![milliseconds(cutoff.tombstones), BATCH_SIZE])?);

    for (of_portals, opened, seen) in [
        (false, cutoff.sessions_opened, cutoff.sessions_seen),
        (true, cutoff.portal_sessions_opened, cutoff.portal_sessions_seen),
    ] {
        for (column, before) in [("opened_at", opened), ("seen_at", seen)] {
            let sql = format!(
                "DELETE FROM sessions WHERE key IN
                     (SELECT key FROM sessions WHERE {column} < ?1 AND (portal IS NOT NULL) = ?3 LIMIT ?2)"
            );
            let parameters = params![milliseconds(before), BATCH_SIZE, of_portals];
            purged.sessions += count(changed(connection, &sql, parameters)?);
        }
    }

    // The sessions and grants that a session issued end with it.
    let sql = "DELETE FROM sessions WHERE key IN
                   (SELECT key FROM sessions WHERE given_by IS NOT NULL AND given_by NOT IN (SELECT key FROM sessions) LIMIT ?1)";
    purged.sessions += count(changed(connection, sql, [BATCH_SIZE])?);
    let sql = "DELETE FROM grants WHERE challenge IN
                   (SELECT challenge FROM grants WHERE given_by NOT IN (SELECT key FROM sessions) LIMIT ?1)";
    purged.grants += count(changed(connection, sql, [BATCH_SIZE])?);

    let sql = "DELETE FROM grants WHERE challenge IN (SELECT challenge FROM grants WHERE given_at < ?1 LIMIT ?2)";
    purged.grants += count(changed(connection, sql, params![milliseconds(cutoff.grants), BATCH_SIZE])?);

    Ok(purged)
}

fn pairs(connection: &Connection, sql: &str, before: Timestamp) -> Result<Vec<(String, String)>, StoreFailure> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![milliseconds(before), BATCH_SIZE], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}

/// Returns the files, among these, to which no document refers.
pub(super) fn orphans(connection: &Connection, mut files: Vec<FileName>) -> Result<Vec<FileName>, StoreFailure> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM documents WHERE file = ?1")?;
    let mut outcome = Ok(());
    files.retain(|file| match statement.exists([file.as_str()]) {
        Ok(known) => !known,
        Err(error) => {
            outcome = Err(error.into());
            false
        }
    });
    outcome.map(|()| files)
}
