//! The table of sessions.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{changed, from_json, json, milliseconds, time};
use crate::store::{Failure, OpenSession, SessionKey};

pub(super) fn open(connection: &Connection, key: &SessionKey, session: &OpenSession) -> Result<(), Failure> {
    changed(
        connection,
        "INSERT INTO sessions (key, opened_at, seen_at, user, organisation) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            key.0,
            milliseconds(session.opened_at),
            milliseconds(session.seen_at),
            json(&session.user)?,
            json(&session.organisation)?
        ],
    )?;
    Ok(())
}

pub(super) fn find(connection: &Connection, key: &SessionKey) -> Result<Option<OpenSession>, Failure> {
    let sql = "SELECT opened_at, seen_at, user, organisation FROM sessions WHERE key = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([key.0])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let text = |name| -> Result<String, Failure> { Ok(row.get(name)?) };
    Ok(Some(OpenSession {
        user: from_json(&text("user")?, "a user")?,
        organisation: from_json(&text("organisation")?, "an organisation")?,
        opened_at: time(row.get("opened_at")?)?,
        seen_at: time(row.get("seen_at")?)?,
    }))
}

pub(super) fn touch(connection: &Connection, key: &SessionKey, at: Timestamp) -> Result<(), Failure> {
    changed(connection, "UPDATE sessions SET seen_at = ?2 WHERE key = ?1", params![key.0, milliseconds(at)])?;
    Ok(())
}

pub(super) fn close(connection: &Connection, key: &SessionKey) -> Result<(), Failure> {
    changed(connection, "DELETE FROM sessions WHERE key = ?1", [key.0])?;
    Ok(())
}
