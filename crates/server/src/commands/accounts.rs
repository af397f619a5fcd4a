//! `accounts`: under which issuer and subject people of an e-mail address signed in. It may run beside a server.

use std::fmt::Write;

use clap::Args;

use super::Done;
use crate::clock::rfc3339;
use crate::settings::Settings;
use crate::store::accounts::AccountSubject;
use crate::store::sqlite::{DATABASE, accounts_of};

/// Address to look for, and the settings that name the data folder.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    settings: Settings,

    /// E-mail address, whatever its case.
    #[arg(long, value_name = "E-MAIL")]
    email: String,
}

/// Prints identifier, issuer, subject, name and last visit of each account, one subject a line.
pub(super) fn run(Arguments { settings, email }: &Arguments) -> Done {
    let mut told = String::from("account\tissuer\tsubject\tname\tlast seen\n");
    for AccountSubject { account, issuer, subject, seen_at } in accounts_of(&settings.data.join(DATABASE), email)? {
        let name = [account.given_name.as_str(), &account.usual_name].join(" ");
        writeln!(told, "{}\t{issuer}\t{subject}\t{}\t{}", account.person(), name.trim(), rfc3339(seen_at))?;
    }
    print!("{told}");
    Ok(())
}
