//! Chores of an operator on the data folder, beside the server: nothing but what is printed leaves them.

use std::fmt::Write;
use std::path::Path;

use crate::clock::rfc3339;
use crate::store::accounts::AccountSubject;
use crate::store::{StoreFailure, sqlite};

/// Returns the accounts with an e-mail address, one subject a line: identifier, issuer, subject, name and last visit.
///
/// By issuer and subject a member of the team is listed. The server may run meanwhile.
///
/// # Errors
/// When there is no database in the folder, or it cannot be read.
pub fn accounts(data: &Path, email: &str) -> Result<String, StoreFailure> {
    let mut told = String::from("account\tissuer\tsubject\tname\tlast seen\n");
    for AccountSubject { account, issuer, subject, seen_at } in sqlite::accounts_of(&data.join(sqlite::FILE), email)? {
        let name = [account.given_name.as_str(), &account.usual_name].join(" ");
        // Writing to a string never fails.
        let _ = writeln!(told, "{}\t{issuer}\t{subject}\t{}\t{}", account.person(), name.trim(), rfc3339(seen_at));
    }
    Ok(told)
}
