//! Serving: log, limit on open files, signals.

use std::sync::Arc;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::Done;
use crate::clock::{Clock, SystemClock};
use crate::log;
use crate::metering;
use crate::random::SystemRandom;
use crate::server::Server;
use crate::settings::Settings;

/// Serves until a signal ends it.
pub(super) fn run(settings: &Settings) -> Done {
    let log = log::start(settings.log_format, settings.log_level, settings.security_log.as_deref());
    if let (Err(error), Some(path)) = (log, &settings.security_log) {
        return Err(format!("--security-log {}: {error}", path.display()).into());
    }
    allow_for_files(settings);
    if settings.metrics_listen.is_some() {
        metering::start(SystemClock.now())?;
    }
    serve(settings)
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
async fn serve(settings: &Settings) -> Done {
    // Before anything else, so that no signal is missed.
    let signals = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let server = Server::open(settings, Arc::new(SystemClock), Arc::new(SystemRandom)).await?;
    // Whoever started this reads the address here, and the log elsewhere.
    println!("{}", server.public_url());
    if let Some(address) = server.metrics_address() {
        tracing::info!(%address, "metrics are at /metrics");
    }
    server.run(either(signals)).await;
    Ok(())
}

async fn either((mut terminate, mut interrupt): (Signal, Signal)) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
