//! The table of sessions.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{changed, corrupt, from_json, json, milliseconds, time};
use crate::portal::Portal;
use crate::store::{Embed, Failure, OpenSession, SessionKey};

pub(super) fn open(connection: &Connection, key: &SessionKey, session: &OpenSession) -> Result<(), Failure> {
    changed(
        connection,
        "INSERT INTO sessions (key, opened_at, seen_at, user, organisation, portal, given_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            key.0,
            milliseconds(session.opened_at),
            milliseconds(session.seen_at),
            json(&session.user)?,
            json(&session.organisation)?,
            session.embed.as_ref().map(|embed| embed.portal.as_str()),
            session.embed.as_ref().map(|embed| embed.given_by.0),
        ],
    )?;
    Ok(())
}

pub(super) fn find(connection: &Connection, key: &SessionKey) -> Result<Option<OpenSession>, Failure> {
    let sql = "SELECT opened_at, seen_at, user, organisation, portal, given_by FROM sessions WHERE key = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([key.0])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let text = |name| -> Result<String, Failure> { Ok(row.get(name)?) };
    let embed = match (row.get::<_, Option<String>>("portal")?, row.get("given_by")?) {
        (Some(portal), Some(given_by)) => {
            let portal: Portal = portal.parse().map_err(|_| corrupt("a portal"))?;
            Some(Embed { portal, given_by: SessionKey(given_by) })
        }
        (None, None) => None,
        _ => return Err(corrupt("a session")),
    };
    Ok(Some(OpenSession {
        user: from_json(&text("user")?, "a user")?,
        organisation: from_json(&text("organisation")?, "an organisation")?,
        opened_at: time(row.get("opened_at")?)?,
        seen_at: time(row.get("seen_at")?)?,
        embed,
    }))
}

pub(super) fn touch(connection: &Connection, key: &SessionKey, at: Timestamp) -> Result<(), Failure> {
    changed(connection, "UPDATE sessions SET seen_at = ?2 WHERE key = ?1", params![key.0, milliseconds(at)])?;
    Ok(())
}

/// Closes a session with those that it gave, and what it granted.
pub(super) fn close(connection: &Connection, key: &SessionKey) -> Result<(), Failure> {
    changed(connection, "DELETE FROM grants WHERE given_by = ?1", [key.0])?;
    changed(connection, "DELETE FROM sessions WHERE given_by = ?1", [key.0])?;
    changed(connection, "DELETE FROM sessions WHERE key = ?1", [key.0])?;
    Ok(())
}
