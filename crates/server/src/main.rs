//! The program: settings, log, signals.

#![forbid(unsafe_code)]

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use habilitation_server::clock::SystemClock;
use habilitation_server::random::SystemRandom;
use habilitation_server::settings::{Command, Settings};
use habilitation_server::{Server, StoreFailure, commands, start_log};
use tokio::signal::unix::{Signal, SignalKind, signal};

fn main() -> ExitCode {
    let settings = Settings::parse();
    if let Some(Command::Accounts { data, email }) = &settings.command {
        return print(commands::accounts(data, email));
    }
    let log = start_log(settings.log_format, settings.log_level, settings.security_log.as_deref());
    if let (Err(error), Some(path)) = (log, &settings.security_log) {
        eprintln!("error: --security-log {}: {error}", path.display());
        return ExitCode::FAILURE;
    }
    allow_for_files(&settings);
    match run(&settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("error: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// Prints the outcome of a chore.
fn print(found: Result<String, StoreFailure>) -> ExitCode {
    match found {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(reason) => {
            eprintln!("error: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// Files that are open beside those of connections: the database, documents on their way, the log.
const OTHER_FILES: u64 = 256;

/// Raises the limit on open files: each connection is one, and so may be a document that comes or goes on it. Without a free file,
/// a connection cannot even be turned away.
fn allow_for_files(settings: &Settings) {
    let wanted = 2 * u64::from(settings.limits.connections) + OTHER_FILES;
    match rlimit::increase_nofile_limit(wanted) {
        Ok(allowed) if allowed >= wanted => {}
        Ok(allowed) => tracing::warn!(allowed, wanted, "the system allows few open files for so many connections"),
        Err(error) => tracing::warn!(error = %error.kind(), "how many files may be open cannot be changed"),
    }
}

#[tokio::main]
async fn run(settings: &Settings) -> Result<(), Box<dyn std::error::Error>> {
    // Before anything else, so that no signal is missed.
    let signals = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let server = Server::open(settings, Arc::new(SystemClock), Arc::new(SystemRandom)).await?;
    // Whoever started this reads the address here, and the log elsewhere.
    println!("{}", server.public_url());
    server.run(either(signals)).await;
    Ok(())
}

async fn either((mut terminate, mut interrupt): (Signal, Signal)) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
