//! Commands of the program: the command line picks one, and each lives in the file that bears its name.
//!
//! Without a name the program serves. A command has a struct of its own for what it is told, a function `run`, and an arm in
//! `run`; those that need the settings of the server flatten [`Settings`] into their struct.

mod accounts;
mod backup;
mod check;
mod copying;
mod documents;
mod manifest;
mod restore;
mod serve;

use std::error::Error;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use tracing::level_filters::LevelFilter;

use crate::clock::{Clock, SystemClock};
use crate::log;
use crate::operator;
use crate::settings::{LogFormat, Settings, with_file};

/// Serves the form for FranceConnect requests: its JSON API, and the built page.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 110, args_conflicts_with_subcommands = true)]
struct CommandLine {
    #[command(flatten)]
    settings: Settings,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Verifies the settings, and all that the server needs, without serving.
    Check(check::Arguments),
    /// Prints issuer and subject of the accounts with an e-mail address. Members of the team are listed by them.
    Accounts(accounts::Arguments),
    /// Copies the data folder while the server runs.
    Backup(backup::Arguments),
    /// Makes a data folder from a backup.
    Restore(restore::Arguments),
    /// Decides where nobody else can.
    #[command(flatten)]
    Operator(operator::Command),
}

/// End of a command: a failure is told in one sentence.
type Done = Result<(), Box<dyn Error>>;

/// Runs the command that the command line names.
#[must_use]
pub fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("error: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Done {
    let (command_line, arguments) = with_file(CommandLine::command(), std::env::args_os().collect())?;
    let matches = command_line.get_matches_from(arguments);
    let CommandLine { settings, command } =
        CommandLine::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match command {
        None => serve::run(&settings),
        Some(Command::Check(arguments)) => check::run(&arguments),
        Some(Command::Accounts(arguments)) => accounts::run(&arguments),
        Some(Command::Backup(arguments)) => backup::run(&arguments),
        Some(Command::Restore(arguments)) => restore::run(&arguments),
        Some(Command::Operator(command)) => {
            let file = command.security_log();
            if let (Err(error), Some(path)) = (log::start(LogFormat::Text, LevelFilter::INFO, file), file) {
                return Err(format!("--security-log {}: {error}", path.display()).into());
            }
            println!("{}", operator::run(&command, SystemClock.now())?);
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<CommandLine, clap::Error> {
        CommandLine::try_parse_from(std::iter::once(&"habilitation-server").chain(arguments))
    }

    #[test]
    fn without_a_command_the_program_serves() {
        CommandLine::command().debug_assert();
        assert!(parse(&["--listen", "127.0.0.1:9"]).unwrap().command.is_none());
    }

    #[test]
    fn a_command_takes_settings_behind_its_name_and_none_before() {
        let Some(Command::Check(arguments)) = parse(&["check", "--listen", "127.0.0.1:9"]).unwrap().command else {
            panic!("no check")
        };
        assert_eq!(arguments.settings.listen.port(), 9);
        assert!(parse(&["--listen", "127.0.0.1:9", "check"]).is_err());
        assert!(parse(&["chek"]).is_err());
    }
}
