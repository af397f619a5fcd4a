//! Rows of the table of accounts.

use habilitation_model::Id;
use rusqlite::Row;

use super::values::corrupt;
use crate::store::StoreFailure;
use crate::store::accounts::Account;

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
