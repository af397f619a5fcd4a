//! The table of grants.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::sessions;
use crate::portal::Portal;
use crate::store::sqlite::values::{changed, corrupt, milliseconds, time};
use crate::store::{Embed, Grant, OpenSession, Redeemed, Redemption, SessionKey, StoreFailure};

/// Stores a grant, in place of one that the same session issued. Returns false where another session issued one for the challenge.
pub(super) fn issue(connection: &Connection, grant: &Grant) -> Result<bool, StoreFailure> {
    let sql = "INSERT INTO grants (challenge, code, portal, given_by, given_at) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (challenge) DO UPDATE
               SET code = excluded.code, portal = excluded.portal, given_at = excluded.given_at
               WHERE given_by = excluded.given_by";
    let Grant { challenge, code, portal, given_by, given_at } = grant;
    let parameters = params![challenge, code, portal.as_str(), given_by.0, milliseconds(*given_at)];
    Ok(changed(connection, sql, parameters)? == 1)
}

/// Returns whether there is a grant with this challenge.
pub(super) fn is_there(connection: &Connection, challenge: [u8; 32]) -> Result<bool, StoreFailure> {
    Ok(connection.prepare_cached("SELECT 1 FROM grants WHERE challenge = ?1")?.exists([challenge])?)
}

pub(super) fn redeem(
    connection: &Connection,
    redemption: &Redemption,
    key: &SessionKey,
    at: Timestamp,
) -> Result<Redeemed, StoreFailure> {
    let Some(grant) = find(connection, redemption.challenge)?.filter(|grant| grant.given_at > redemption.issued_after)
    else {
        return Ok(Redeemed::Nothing);
    };
    if grant.portal == redemption.portal && grant.code.is_some() && redemption.code.is_none() {
        return Ok(Redeemed::Nothing);
    }
    changed(connection, "DELETE FROM grants WHERE challenge = ?1", [redemption.challenge])?;
    if grant.portal != redemption.portal {
        return Ok(Redeemed::WrongPortal);
    }
    if grant.code != redemption.code {
        return Ok(Redeemed::WrongCode);
    }
    let is_open = |issuer: &OpenSession| {
        issuer.opened_at > redemption.issuer_opened_after && issuer.seen_at > redemption.issuer_seen_after
    };
    let Some(issuer) = sessions::find(connection, &grant.given_by)?.filter(is_open) else {
        return Ok(Redeemed::Nothing);
    };
    let embed = Some(Embed { portal: grant.portal, given_by: grant.given_by });
    let session = OpenSession { opened_at: at, seen_at: at, embed, ..issuer };
    sessions::open(connection, key, &session)?;
    Ok(Redeemed::Session(Box::new(session)))
}

fn find(connection: &Connection, challenge: [u8; 32]) -> Result<Option<Grant>, StoreFailure> {
    let sql = "SELECT code, portal, given_by, given_at FROM grants WHERE challenge = ?1";
    let row = connection.prepare_cached(sql)?.query_row([challenge], |row| {
        Ok((row.get("code")?, row.get::<_, String>("portal")?, row.get("given_by")?, row.get("given_at")?))
    });
    let Some((code, portal, given_by, given_at)) = row.optional()? else { return Ok(None) };
    let portal: Portal = portal.parse().map_err(|_| corrupt("a portal"))?;
    Ok(Some(Grant { challenge, code, portal, given_by: SessionKey(given_by), given_at: time(given_at)? }))
}
