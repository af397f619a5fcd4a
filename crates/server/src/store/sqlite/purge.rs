//! Purge of expired rows, whoever owns them.

use habilitation_model::ClosedList;
use habilitation_model::lifecycle::Mail;
use habilitation_model::lifecycle::keeping::FOREWARNED_DAYS;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params};

use super::{owner_scope, personal};
use crate::clock::paris_day;
use crate::files::FileName;
use crate::store::sqlite::values::{changed, corrupt, milliseconds};
use crate::store::{PurgeCutoff, Purged, StoreFailure};

/// Most rows of one kind that one transaction deletes: saves wait no longer than that takes.
const BATCH_SIZE: u32 = 200;
/// Time for which it is known who had a request open.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Deletes a part of the rows past the cutoff; none when all of them are gone.
pub(super) fn purge_batch(
    connection: &Connection,
    cutoff: &PurgeCutoff,
    at: Timestamp,
) -> Result<Purged, StoreFailure> {
    let mut purged = Purged::default();

    // What was ever submitted stays.
    for (id, owner) in drafts(connection, cutoff.drafts, at)? {
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

    let sql = "DELETE FROM people WHERE person IN
                   (SELECT person FROM people
                    WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.person = people.person)
                        AND NOT EXISTS (SELECT 1 FROM requests WHERE owner = people.person)
                        AND NOT EXISTS (SELECT 1 FROM participants WHERE participants.person = people.person)
                        AND NOT EXISTS (SELECT 1 FROM invitations WHERE newcomer = people.person)
                    LIMIT ?1)";
    purged.people += count(changed(connection, sql, [BATCH_SIZE])?);

    for (sql, before) in [
        (
            "DELETE FROM invitations WHERE (request, id) IN
              (SELECT request, id FROM invitations WHERE expires_at < ?1 LIMIT ?2)",
            at,
        ),
        (
            "DELETE FROM hand_overs WHERE request IN
              (SELECT request FROM hand_overs WHERE expires_at < ?1 LIMIT ?2)",
            at,
        ),
        (
            "DELETE FROM presences WHERE (request, person) IN
              (SELECT request, person FROM presences WHERE seen_at < ?1 LIMIT ?2)",
            at.saturating_sub(DAY).unwrap_or(at),
        ),
        (
            "DELETE FROM sendings WHERE rowid IN (SELECT rowid FROM sendings WHERE at < ?1 LIMIT ?2)",
            at.saturating_sub(DAY).unwrap_or(at),
        ),
    ] {
        purged.invitations += count(changed(connection, sql, params![milliseconds(before), BATCH_SIZE])?);
    }

    purged.invitations += count(personal::forget_batch(connection, at)?);

    Ok(purged)
}

/// Returns drafts past the cutoff with their owners. Whoever has an address was told in time, after the draft was touched last.
fn drafts(connection: &Connection, before: Timestamp, at: Timestamp) -> Result<Vec<(String, String)>, StoreFailure> {
    let sql = "SELECT id, owner FROM requests
               WHERE state = 'draft' AND number IS NULL AND updated_at < ?1
                   AND (NOT EXISTS (SELECT 1 FROM people WHERE person = owner AND email <> '')
                       OR EXISTS (SELECT 1 FROM forewarnings
                                  WHERE request = requests.id AND mail = ?3 AND forewarnings.at > updated_at AND day <= ?4))
               LIMIT ?2";
    let told = at.saturating_sub(SignedDuration::from_hours(24 * i64::from(FOREWARNED_DAYS))).unwrap_or(at);
    let parameters = params![milliseconds(before), BATCH_SIZE, Mail::Erasure.as_str(), paris_day(told).to_string()];
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(parameters, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
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
