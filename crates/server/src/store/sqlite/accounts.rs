//! The tables of accounts and of their subjects.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::account_rows::{COLUMNS, is_of_team, read};
use super::links;
use super::values::{changed, milliseconds, time};
use crate::store::accounts::{Account, AccountSubject, Entry, PREFIX, Visitor, folded_email, is_same_person};
use crate::store::{SignIn, StoreFailure};
use crate::team::Subject;

/// Most subjects that are listed for an operator.
const LISTED_MAX: u32 = 1_000;

/// Finds or opens the account of a visitor.
pub(super) fn enter(connection: &Connection, sign_in: &SignIn) -> Result<(Account, Entry), StoreFailure> {
    let SignIn { visitor, new_account, at, used_after, token, team } = sign_in;
    let (mut account, entry) = match of_subject(connection, &visitor.issuer, &visitor.subject)? {
        Some(account) => (account, Entry::Known),
        None => match only_match(connection, visitor, *used_after, team)? {
            Some(account) => (account, Entry::Linked),
            None => (Account::of(visitor, new_account.clone()), Entry::Opened),
        },
    };
    let former_email = account.email.clone();
    account.update(visitor);
    keep(connection, &account, *at)?;
    if entry != Entry::Known {
        changed(
            connection,
            "INSERT INTO account_subjects (iss, sub, account, added_at) VALUES (?1, ?2, ?3, ?4)",
            params![visitor.issuer, visitor.subject, account.id.as_str(), milliseconds(*at)],
        )?;
    }
    match entry {
        Entry::Linked => links::tell_of_subject(connection, &account, visitor, (&former_email, token), *at)?,
        Entry::Known if folded_email(&former_email) != folded_email(&account.email) => {
            links::tell_of_address(connection, &account, &former_email, *at)?;
        }
        Entry::Known | Entry::Opened => {}
    }
    Ok((account, entry))
}

/// Returns the account of a subject, if there is one.
pub(super) fn of_subject(
    connection: &Connection,
    issuer: &str,
    subject: &str,
) -> Result<Option<Account>, StoreFailure> {
    let sql = format!(
        "SELECT {COLUMNS} FROM accounts WHERE id = (SELECT account FROM account_subjects WHERE iss = ?1 AND sub = ?2)"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![issuer, subject])?;
    rows.next()?.map(read).transpose()
}

/// Returns the subjects of the accounts with an e-mail address, whatever its case, the last seen first.
pub(super) fn of_email(connection: &Connection, email: &str) -> Result<Vec<AccountSubject>, StoreFailure> {
    let sql = format!(
        "SELECT {COLUMNS}, seen_at, iss, sub FROM accounts JOIN account_subjects ON account = id
         WHERE folded_email = ?1 ORDER BY seen_at DESC, added_at LIMIT {LISTED_MAX}"
    );
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([folded_email(email)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (issuer, subject) = (row.get("iss")?, row.get("sub")?);
        found.push(AccountSubject { account: read(row)?, issuer, subject, seen_at: time(row.get("seen_at")?)? });
    }
    Ok(found)
}

/// Returns the account of the same person, if there is only one and it was used after a time. A second one, even an old one, leaves
/// open which of them it is. Of the team nobody is known by this: an address may be anybody's.
fn only_match(
    connection: &Connection,
    visitor: &Visitor,
    used_after: Timestamp,
    team: &[Subject],
) -> Result<Option<Account>, StoreFailure> {
    if team.iter().any(|listed| listed.issuer == visitor.issuer && listed.subject == visitor.subject) {
        return Ok(None);
    }
    let sql = format!("SELECT {COLUMNS}, seen_at >= ?2 AS is_used FROM accounts WHERE folded_email = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![folded_email(&visitor.email), milliseconds(used_after)])?;
    let mut matches = Vec::new();
    while let Some(row) = rows.next()? {
        let (account, is_used): (_, bool) = (read(row)?, row.get("is_used")?);
        if is_same_person(visitor, &account) && !links::is_refused(connection, visitor, &account)? {
            matches.push((account, is_used));
        }
    }
    match <[_; 1]>::try_from(matches) {
        Ok([(account, true)]) if !is_of_team(connection, &account, team)? => Ok(Some(account)),
        _ => Ok(None),
    }
}

/// Returns whether a person belongs to an organisation, as their identity provider verified.
pub(super) fn is_tie_verified(connection: &Connection, person: &str, siren: &str) -> Result<bool, StoreFailure> {
    let Some(account) = person.strip_prefix(PREFIX) else { return Ok(false) };
    let sql = "SELECT 1 FROM accounts WHERE id = ?1 AND siren = ?2 AND is_tie_verified = 1";
    Ok(connection.prepare_cached(sql)?.exists([account, siren])?)
}

fn keep(connection: &Connection, account: &Account, at: Timestamp) -> Result<(), StoreFailure> {
    let Account { id, email, given_name, usual_name, siren, is_tie_verified } = account;
    changed(
        connection,
        "INSERT INTO accounts (id, email, given_name, usual_name, siren, is_tie_verified, folded_email, opened_at,
             seen_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)
         ON CONFLICT (id) DO UPDATE SET email = excluded.email, given_name = excluded.given_name,
             usual_name = excluded.usual_name, siren = excluded.siren, is_tie_verified = excluded.is_tie_verified,
             folded_email = excluded.folded_email, seen_at = excluded.seen_at",
        params![
            id.as_str(),
            email,
            given_name,
            usual_name,
            siren,
            is_tie_verified,
            folded_email(email),
            milliseconds(at)
        ],
    )?;
    Ok(())
}

/// Deletes accounts that were not used since a time, and whose people have neither a request nor a session.
pub(super) fn purge(connection: &Connection, before: Timestamp) -> Result<usize, StoreFailure> {
    changed(
        connection,
        "DELETE FROM accounts WHERE seen_at < ?1
             AND NOT EXISTS (SELECT 1 FROM requests WHERE owner = ?2 || accounts.id)
             AND NOT EXISTS (SELECT 1 FROM participants WHERE person = ?2 || accounts.id)
             AND NOT EXISTS (SELECT 1 FROM sessions WHERE person = ?2 || accounts.id)",
        params![milliseconds(before), PREFIX],
    )
}
