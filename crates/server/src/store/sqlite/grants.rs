//! The table of grants.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::sessions;
use crate::portal::Portal;
use crate::store::sqlite::values::{changed, corrupt, milliseconds, time};
use crate::store::{Claim, Claimed, Grant, OpenSession, PortalAccess, SessionKey, StoreFailure};

/// Stores a grant, in place of one that the same session issued. Returns false where another session issued one for the challenge.
pub(super) fn issue(connection: &Connection, grant: &Grant) -> Result<bool, StoreFailure> {
    let sql = "INSERT INTO grants (challenge, code, portal, given_by, given_at) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (challenge) DO UPDATE
               SET code = excluded.code, portal = excluded.portal, given_at = excluded.given_at
               WHERE given_by = excluded.given_by";
    let Grant { challenge, code, portal, issued_by, issued_at } = grant;
    let parameters = params![challenge, code, portal.as_str(), issued_by.0, milliseconds(*issued_at)];
    Ok(changed(connection, sql, parameters)? == 1)
}

/// Returns whether there is a grant with this challenge.
pub(super) fn is_there(connection: &Connection, challenge: [u8; 32]) -> Result<bool, StoreFailure> {
    Ok(connection.prepare_cached("SELECT 1 FROM grants WHERE challenge = ?1")?.exists([challenge])?)
}

pub(super) fn claim(
    connection: &Connection,
    claim: &Claim,
    key: &SessionKey,
    at: Timestamp,
) -> Result<Claimed, StoreFailure> {
    let Some(grant) = find(connection, claim.challenge)?.filter(|grant| grant.issued_at > claim.issued_after) else {
        return Ok(Claimed::Nothing);
    };
    if grant.portal == claim.portal && grant.code.is_some() && claim.code.is_none() {
        return Ok(Claimed::Nothing);
    }
    changed(connection, "DELETE FROM grants WHERE challenge = ?1", [claim.challenge])?;
    if grant.portal != claim.portal {
        return Ok(Claimed::WrongPortal);
    }
    if grant.code != claim.code {
        return Ok(Claimed::WrongCode);
    }
    let is_open =
        |issuer: &OpenSession| issuer.opened_at > claim.issuer_opened_after && issuer.seen_at > claim.issuer_seen_after;
    let Some(issuer) = sessions::find(connection, &grant.issued_by)?.filter(is_open) else {
        return Ok(Claimed::Nothing);
    };
    let portal_access = Some(PortalAccess { portal: grant.portal, issued_by: grant.issued_by });
    let session = OpenSession { opened_at: at, seen_at: at, portal_access, ..issuer };
    sessions::open(connection, key, &session)?;
    Ok(Claimed::Session(Box::new(session)))
}

fn find(connection: &Connection, challenge: [u8; 32]) -> Result<Option<Grant>, StoreFailure> {
    let sql = "SELECT code, portal, given_by, given_at FROM grants WHERE challenge = ?1";
    let row = connection.prepare_cached(sql)?.query_row([challenge], |row| {
        Ok((row.get("code")?, row.get::<_, String>("portal")?, row.get("given_by")?, row.get("given_at")?))
    });
    let Some((code, portal, issued_by, issued_at)) = row.optional()? else { return Ok(None) };
    let portal: Portal = portal.parse().map_err(|_| corrupt("a portal"))?;
    Ok(Some(Grant { challenge, code, portal, issued_by: SessionKey(issued_by), issued_at: time(issued_at)? }))
}
