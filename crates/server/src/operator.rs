//! Commands of the operator, on the machine of the server: the way out where nobody else can decide.
//!
//! Each needs a reason and the names of two people, leaves an event that all sides read, and writes to those whom it concerns. The
//! server may run meanwhile.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use habilitation_model::lifecycle::{By, Side};
use habilitation_model::wire::{REASON_MAX, RecoveryDecision};
use habilitation_model::{Id, Text};
use jiff::Timestamp;

use crate::security;
use crate::store::StoreRefusal;
use crate::store::recoveries::Decider;
use crate::store::sqlite::operating::{Database, Grounds};

/// Command of the operator.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Gives a request another owner.
    Reassign {
        /// Number of the request, or its identifier.
        #[arg(long, value_name = "NUMBER|ID")]
        request: String,
        /// E-mail address of the new owner, or the identifier of their account. They have signed in before.
        #[arg(long, value_name = "EMAIL|ACCOUNT")]
        to: String,
        /// People who decide, and their reason.
        #[command(flatten)]
        authority: Authority,
    },
    /// Moves all requests of an organisation to the one that took its place, as where communes merge.
    MoveOrganisation {
        /// Number of the organisation that is no more, of nine digits.
        #[arg(long, value_name = "SIREN")]
        from: String,
        /// Number of the organisation that took its place.
        #[arg(long, value_name = "SIREN")]
        to: String,
        /// People who decide, and their reason.
        #[command(flatten)]
        authority: Authority,
    },
    /// Lists the calls for drafts that never were sent which wait for a decision.
    ListRecoveries {
        /// Place of the database.
        #[command(flatten)]
        place: Place,
    },
    /// Decides on a call for a draft that never was sent, where its owner did not answer, or contests.
    DecideRecovery {
        /// Identifier of the call, as listed.
        #[arg(long, value_name = "ID")]
        recovery: String,
        /// Gives the draft to the person who asks; otherwise it stays with its owner.
        #[arg(long)]
        grant: bool,
        /// Leaves the draft to its owner, or gives it back.
        #[arg(long, conflicts_with = "grant", required_unless_present = "grant")]
        refuse: bool,
        /// People who decide, and their reason.
        #[command(flatten)]
        authority: Authority,
    },
    /// Erases the account of a person, with their drafts. Requests that they sent need a new owner before.
    ErasePerson {
        /// E-mail address of the person, or the identifier of their account.
        #[arg(long, value_name = "EMAIL|ACCOUNT")]
        person: String,
        /// People who decide, and their reason.
        #[command(flatten)]
        authority: Authority,
    },
}

/// Place of the database, by the settings of the server.
#[derive(Clone, Debug, Args)]
pub struct Place {
    /// File of settings, as of the server. A command reads what it has a flag for, and flags and variables overrule it.
    #[arg(long = "settings", env = "HABILITATION_SETTINGS", value_name = "FILE")]
    settings_file: Option<PathBuf>,
    /// Folder of the database.
    #[arg(long, env = "HABILITATION_DATA", value_name = "FOLDER", default_value = "data")]
    data: PathBuf,
}

/// Place of the database, and those who answer for a command.
#[derive(Clone, Debug, Args)]
pub struct Authority {
    /// Place of the database.
    #[command(flatten)]
    place: Place,
    /// Reason, which all whom it concerns read.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Name of the person who runs the command.
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Name of the second person, who agrees.
    #[arg(long, value_name = "NAME")]
    second: String,
    /// File for security events, as of the server: a line tells of the command there, and of an erasure who decided it, of whom, and
    /// why [default: the line is on the standard error, without anybody].
    #[arg(long, env = "HABILITATION_SECURITY_LOG", value_name = "FILE")]
    security_log: Option<PathBuf>,
}

impl Authority {
    /// Opens the database, once the reason and both names are there.
    fn open(&self) -> Result<(Database, Grounds), String> {
        let (reason, by, second) = (self.reason.trim(), self.by.trim(), self.second.trim());
        if reason.is_empty() || reason.chars().count() as u64 > REASON_MAX {
            return Err("--reason: a reason of at most 2,000 characters is needed".to_owned());
        }
        if by.is_empty() || second.is_empty() || by.to_lowercase() == second.to_lowercase() {
            return Err("--by and --second: the names of two people are needed".to_owned());
        }
        let text = Text::from([reason, "\n\nDécidé par ", by, " avec l’accord de ", second, "."].concat().as_str());
        let by = By { side: Side::Operator, name: by.to_owned(), job_title: String::new() };
        Ok((Database::open(&self.place.data)?, Grounds { by, text }))
    }
}

impl Command {
    /// Returns the file for security events, where one is set.
    #[must_use]
    pub fn security_log(&self) -> Option<&Path> {
        match self {
            Self::Reassign { authority, .. }
            | Self::MoveOrganisation { authority, .. }
            | Self::DecideRecovery { authority, .. }
            | Self::ErasePerson { authority, .. } => authority.security_log.as_deref(),
            Self::ListRecoveries { .. } => None,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Reassign { .. } => "reassign",
            Self::MoveOrganisation { .. } => "move-organisation",
            Self::ListRecoveries { .. } => "list-recoveries",
            Self::DecideRecovery { .. } => "decide-recovery",
            Self::ErasePerson { .. } => "erase-person",
        }
    }
}

/// Runs a command, and returns the sentence that tells what was done.
///
/// # Errors
/// With one sentence that tells why nothing was done.
pub fn run(command: &Command, at: Timestamp) -> Result<String, String> {
    let done = apply(command, at);
    // Neither the people nor the reason: these are in the history of the request. An erasure is in none.
    let erasure = match command {
        Command::ErasePerson { person, authority } if authority.security_log.is_some() => Some((person, authority)),
        _ => None,
    };
    tracing::info!(
        target: security::TARGET, event = "operator", command = command.name(), is_done = done.is_ok(),
        erased = erasure.map(|(person, _)| person.as_str()),
        by = erasure.map(|(_, authority)| authority.by.as_str()),
        second = erasure.map(|(_, authority)| authority.second.as_str()),
        reason = erasure.map(|(_, authority)| authority.reason.as_str()),
        "security"
    );
    done
}

fn apply(command: &Command, at: Timestamp) -> Result<String, String> {
    match command {
        Command::Reassign { request, to, authority } => {
            let (mut database, grounds) = authority.open()?;
            database.reassign(request.trim(), to.trim(), &grounds, at)
        }
        Command::MoveOrganisation { from, to, authority } => {
            let is_siren = |text: &str| text.len() == 9 && text.bytes().all(|byte| byte.is_ascii_digit());
            if !is_siren(from) || !is_siren(to) || from == to {
                return Err("--from and --to: two numbers of nine digits are needed".to_owned());
            }
            let (mut database, grounds) = authority.open()?;
            database.move_organisation(from, to, &grounds, at)
        }
        Command::ListRecoveries { place } => Database::open(&place.data)?.list_recoveries(),
        Command::DecideRecovery { recovery, grant, refuse: _, authority } => {
            let (mut database, Grounds { by, text }) = authority.open()?;
            let id = Id::parse(recovery.trim()).map_err(|_| "--recovery: this is no identifier".to_owned())?;
            let decision = RecoveryDecision { grant: *grant, text };
            let decided = database.decide_recovery(&Decider::Operator(by), &id, &decision, at);
            let is_done = decided.map_err(|refusal| match refusal {
                StoreRefusal::Absent => {
                    "no call for a draft that never was sent waits for a decision under this identifier".to_owned()
                }
                refusal => refusal.to_string(),
            })?;
            Ok(match (is_done, *grant) {
                (false, _) => {
                    format!("The call {id} is over: whoever asked does not belong to the organisation any more.")
                }
                (true, true) => format!("The call {id} is granted."),
                (true, false) => format!("The call {id} is refused."),
            })
        }
        Command::ErasePerson { person, authority } => {
            let (mut database, _) = authority.open()?;
            database.erase_person(person.trim(), at)
        }
    }
}
