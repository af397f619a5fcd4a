//! Rows of the table of accounts.

use habilitation_model::Id;
use rusqlite::{Connection, Row};

use super::values::corrupt;
use crate::store::StoreFailure;
use crate::store::accounts::Account;
use crate::team::Subject;

/// Columns of an account.
pub(super) const COLUMNS: &str = "id, email, given_name, usual_name, siren, is_tie_verified";

/// Reads an account from its columns.
pub(super) fn read(row: &Row<'_>) -> Result<Account, StoreFailure> {
    let id: String = row.get("id")?;
    Ok(Account {
        id: Id::parse(&id).map_err(|_| corrupt("an account"))?,
        email: row.get("email")?,
        given_name: row.get("given_name")?,
        usual_name: row.get("usual_name")?,
        siren: row.get("siren")?,
        is_tie_verified: row.get("is_tie_verified")?,
    })
}

/// Returns whether an account has a handle of the team.
pub(super) fn is_of_team(connection: &Connection, account: &Account, team: &[Subject]) -> Result<bool, StoreFailure> {
    let mut statement = connection.prepare_cached("SELECT iss, sub FROM account_subjects WHERE account = ?1")?;
    let mut rows = statement.query([account.id.as_str()])?;
    while let Some(row) = rows.next()? {
        if team.contains(&Subject { issuer: row.get("iss")?, subject: row.get("sub")? }) {
            return Ok(true);
        }
    }
    Ok(false)
}
