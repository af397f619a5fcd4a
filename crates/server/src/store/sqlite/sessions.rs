//! The table of sessions.

use habilitation_model::ClosedList;
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::portal::Portal;
use crate::store::sqlite::values::{changed, corrupt, from_json, json, milliseconds, time};
use crate::store::{Device, OpenSession, PortalAccess, SessionKey, StoreFailure};

/// Most sessions of one person that are listed.
const LISTED_MAX: u32 = 100;

pub(super) fn open(connection: &Connection, key: &SessionKey, session: &OpenSession) -> Result<(), StoreFailure> {
    changed(
        connection,
        "INSERT INTO sessions (key, opened_at, seen_at, user, organisation, portal, given_by, person, browser, system,
             identification)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            key.0,
            milliseconds(session.opened_at),
            milliseconds(session.seen_at),
            json(&session.user)?,
            json(&session.organisation)?,
            session.portal_access.as_ref().map(|access| access.portal.as_str()),
            session.portal_access.as_ref().map(|access| access.issued_by.0),
            session.user.id,
            session.device.browser.map(ClosedList::as_str),
            session.device.system.map(ClosedList::as_str),
            session.identification.as_ref().map(json).transpose()?,
        ],
    )?;
    keep_person(connection, session)
}

/// Keeps the names and the address of a person, to name them to those with whom they share a request.
fn keep_person(connection: &Connection, session: &OpenSession) -> Result<(), StoreFailure> {
    let OpenSession { user, organisation, .. } = session;
    changed(
        connection,
        "INSERT INTO people (person, email, given_name, family_name, organisation) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (person) DO UPDATE SET email = iif(excluded.email = '', email, excluded.email),
             given_name = excluded.given_name, family_name = excluded.family_name, organisation = excluded.organisation",
        params![user.id, user.email, user.given_name, user.family_name, organisation.name],
    )?;
    Ok(())
}

const COLUMNS: &str = "key, opened_at, seen_at, user, organisation, portal, given_by, browser, system,
    identification";

pub(super) fn find(connection: &Connection, key: &SessionKey) -> Result<Option<OpenSession>, StoreFailure> {
    let sql = format!("SELECT {COLUMNS} FROM sessions WHERE key = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([key.0])?;
    Ok(rows.next()?.map(read).transpose()?.map(|(_, session)| session))
}

pub(super) fn of_person(connection: &Connection, person: &str) -> Result<Vec<(SessionKey, OpenSession)>, StoreFailure> {
    let sql = format!("SELECT {COLUMNS} FROM sessions WHERE person = ?1 ORDER BY seen_at DESC LIMIT {LISTED_MAX}");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([person])?;
    let mut sessions = Vec::new();
    while let Some(row) = rows.next()? {
        sessions.push(read(row)?);
    }
    Ok(sessions)
}

fn read(row: &Row<'_>) -> Result<(SessionKey, OpenSession), StoreFailure> {
    let text = |name| -> Result<String, StoreFailure> { Ok(row.get(name)?) };
    let listed = |name| -> Result<Option<String>, StoreFailure> { Ok(row.get(name)?) };
    let portal_access = match (listed("portal")?, row.get("given_by")?) {
        (Some(portal), Some(issued_by)) => {
            let portal: Portal = portal.parse().map_err(|_| corrupt("a portal"))?;
            Some(PortalAccess { portal, issued_by: SessionKey(issued_by) })
        }
        (None, None) => None,
        _ => return Err(corrupt("a session")),
    };
    let session = OpenSession {
        user: from_json(&text("user")?, "a user")?,
        organisation: from_json(&text("organisation")?, "an organisation")?,
        opened_at: time(row.get("opened_at")?)?,
        seen_at: time(row.get("seen_at")?)?,
        device: Device {
            browser: listed("browser")?.as_deref().and_then(ClosedList::parse),
            system: listed("system")?.as_deref().and_then(ClosedList::parse),
        },
        portal_access,
        identification: listed("identification")?.map(|text| from_json(&text, "an identification")).transpose()?,
    };
    Ok((SessionKey(row.get("key")?), session))
}

pub(super) fn touch(connection: &Connection, key: &SessionKey, at: Timestamp) -> Result<(), StoreFailure> {
    changed(connection, "UPDATE sessions SET seen_at = ?2 WHERE key = ?1", params![key.0, milliseconds(at)])?;
    Ok(())
}

/// Deletes a session with its grants and the sessions of portals that it granted.
pub(super) fn end(connection: &Connection, key: &SessionKey) -> Result<(), StoreFailure> {
    changed(connection, "DELETE FROM grants WHERE given_by = ?1", [key.0])?;
    changed(connection, "DELETE FROM sessions WHERE given_by = ?1", [key.0])?;
    changed(connection, "DELETE FROM sessions WHERE key = ?1", [key.0])?;
    Ok(())
}

/// Deletes all sessions of a person but this one, and the grants of all of them.
pub(super) fn end_others(connection: &Connection, person: &str, key: &SessionKey) -> Result<(), StoreFailure> {
    let sql = "DELETE FROM grants WHERE given_by IN (SELECT key FROM sessions WHERE person = ?1)";
    changed(connection, sql, [person])?;
    changed(connection, "DELETE FROM sessions WHERE person = ?1 AND key <> ?2", params![person, key.0])?;
    Ok(())
}
