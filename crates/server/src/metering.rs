//! Metrics: numbers for whoever operates the server. None names a person, a request or an address.
//!
//! Without a recorder, which [`start`] sets, counting does nothing. Names follow those of Prometheus: units are seconds and bytes.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use habilitation_model::ClosedList;
use habilitation_model::lifecycle::Kind;
use jiff::Timestamp;
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};

use crate::store::Gauges;

/// Time of a call, by method, template of its route and status.
const CALLS: &str = "habilitation_http_request_duration_seconds";
const SAVES: &str = "habilitation_saves_total";
const CONFLICTS: &str = "habilitation_save_conflicts_total";
const SUBMISSIONS: &str = "habilitation_submissions_total";
/// Decisions of the team, by kind.
const DECISIONS: &str = "habilitation_decisions_total";
const UPLOADS: &str = "habilitation_uploads_total";
const UPLOADED: &str = "habilitation_uploaded_bytes_total";
/// Failures of the store of documents, by operation.
const STORAGE_FAILURES: &str = "habilitation_storage_failures_total";
/// Attempts to deliver, by channel and outcome.
const ATTEMPTS: &str = "habilitation_delivery_attempts_total";
/// Deliveries that wait, by channel.
const WAITING: &str = "habilitation_outbox_waiting";
const OLDEST: &str = "habilitation_outbox_oldest_seconds";
const SESSIONS: &str = "habilitation_sessions";
/// Time for which work waits for a connection to the database, and time that it takes there, by operation.
const WAITS: &str = "habilitation_database_wait_seconds";
const WORK: &str = "habilitation_database_duration_seconds";
/// Purges, by outcome.
const PURGES: &str = "habilitation_purges_total";
const PURGED_AT: &str = "habilitation_purge_last_success_timestamp_seconds";
const STARTED_AT: &str = "habilitation_start_time_seconds";
const BUILD: &str = "habilitation_build_info";

/// Upper ends of the classes of times, in seconds.
const BUCKETS: [f64; 12] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0];

/// Kinds of acts that are decisions.
const DECIDED: [Kind; 4] = [Kind::Accepted, Kind::ChangesRequested, Kind::Refused, Kind::Revoked];
/// Time between two tidyings of what was counted, where nobody asks for it.
pub(crate) const TIDY_EVERY: Duration = Duration::from_secs(5);

static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();

/// Begins to count. A second start in one process keeps the first.
///
/// # Errors
/// When the recorder cannot be made.
pub(crate) fn start(now: Timestamp) -> Result<(), BuildError> {
    let recorder = PrometheusBuilder::new().set_buckets(&BUCKETS)?.build_recorder();
    let handle = recorder.handle();
    if metrics::set_global_recorder(recorder).is_err() || RECORDER.set(handle).is_err() {
        return Ok(());
    }
    describe_histogram!(CALLS, "Time of calls, by method, route and status.");
    describe_counter!(SAVES, "Saves of drafts that were acknowledged.");
    describe_counter!(CONFLICTS, "Saves that met a later revision.");
    describe_counter!(SUBMISSIONS, "Submissions that were acknowledged.");
    describe_counter!(DECISIONS, "Decisions of the team, by kind.");
    describe_counter!(UPLOADS, "Documents that arrived.");
    describe_counter!(UPLOADED, "Bytes of documents that arrived.");
    describe_counter!(STORAGE_FAILURES, "Failures of the store of documents, by operation.");
    describe_counter!(ATTEMPTS, "Attempts to deliver mails and notices, by channel and outcome.");
    describe_gauge!(WAITING, "Mails and notices that wait, by channel.");
    describe_gauge!(OLDEST, "Time for which the oldest mail or notice that is due has waited, by channel.");
    describe_gauge!(SESSIONS, "Sessions that are stored.");
    describe_histogram!(WAITS, "Time for which work waits for the database, by operation.");
    describe_histogram!(
        WORK,
        "Time that the database takes, by operation; a write is one commit, of one change or more."
    );
    describe_counter!(PURGES, "Purges, by outcome.");
    describe_gauge!(PURGED_AT, "Time of the last purge that was done.");
    describe_gauge!(STARTED_AT, "Time at which the server started.");
    describe_gauge!(BUILD, "Release that runs.");
    // A counter that is there from the start tells its first increment too.
    for name in [SAVES, CONFLICTS, SUBMISSIONS, UPLOADS, UPLOADED] {
        counter!(name).absolute(0);
    }
    for kind in DECIDED {
        counter!(DECISIONS, "kind" => kind.as_str()).absolute(0);
    }
    for operation in ["write", "read", "purge"] {
        counter!(STORAGE_FAILURES, "operation" => operation).absolute(0);
    }
    for outcome in ["done", "failed"] {
        counter!(PURGES, "outcome" => outcome).absolute(0);
    }
    gauge!(STARTED_AT).set(seconds(now));
    gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    Ok(())
}

/// Returns all metrics in the text format of Prometheus; empty without a recorder.
pub(crate) fn render() -> String {
    RECORDER.get().map(PrometheusHandle::render).unwrap_or_default()
}

/// Brings times that were measured into their classes. Until then each takes room of its own.
pub(crate) fn tidy() {
    if let Some(recorder) = RECORDER.get() {
        recorder.run_upkeep();
    }
}

/// Counts a call that was answered.
pub(crate) fn count_call(method: &'static str, route: &str, status: StatusCode, time: Duration) {
    if RECORDER.get().is_none() {
        return;
    }
    let code = status.as_str().to_owned();
    histogram!(CALLS, "method" => method, "route" => route.to_owned(), "status" => code).record(time.as_secs_f64());
    match (method, route) {
        ("PUT", "/api/requests/{id}") if status.is_success() => counter!(SAVES).increment(1),
        ("PUT", "/api/requests/{id}") if status == StatusCode::PRECONDITION_FAILED => counter!(CONFLICTS).increment(1),
        ("POST", "/api/requests/{id}/submission") if status == StatusCode::CREATED => {
            counter!(SUBMISSIONS).increment(1);
        }
        _ => {}
    }
}

/// Counts an act of the team, if it is a decision.
pub(crate) fn count_act(kind: Kind) {
    if DECIDED.contains(&kind) {
        counter!(DECISIONS, "kind" => kind.as_str()).increment(1);
    }
}

/// Counts a document that arrived.
pub(crate) fn count_upload(bytes: u64) {
    counter!(UPLOADS).increment(1);
    counter!(UPLOADED).increment(bytes);
}

/// Counts a failure of the store of documents.
pub(crate) fn count_storage_failure(operation: &'static str) {
    counter!(STORAGE_FAILURES, "operation" => operation).increment(1);
}

/// Counts an attempt to deliver.
pub(crate) fn count_attempt(channel: &'static str, outcome: &'static str) {
    counter!(ATTEMPTS, "channel" => channel, "outcome" => outcome).increment(1);
}

/// Counts a purge.
pub(crate) fn count_purge(is_done: bool, now: Timestamp) {
    counter!(PURGES, "outcome" => if is_done { "done" } else { "failed" }).increment(1);
    if is_done {
        gauge!(PURGED_AT).set(seconds(now));
    }
}

/// Notes for how long work waited for the database.
pub(crate) fn note_wait(operation: &'static str, since: Instant) {
    histogram!(WAITS, "operation" => operation).record(since.elapsed().as_secs_f64());
}

/// Notes how long the database took.
pub(crate) fn note_work(operation: &'static str, since: Instant) {
    histogram!(WORK, "operation" => operation).record(since.elapsed().as_secs_f64());
}

/// Sets the numbers that are as they are, rather than counted.
pub(crate) fn set(gauges: &Gauges, now: Timestamp) {
    for (channel, waiting, due_at) in &gauges.outbox {
        let age = due_at.map_or(0.0, |due_at| (seconds(now) - seconds(due_at)).max(0.0));
        gauge!(WAITING, "channel" => *channel).set(f64::from(*waiting));
        gauge!(OLDEST, "channel" => *channel).set(age);
    }
    gauge!(SESSIONS).set(f64::from(gauges.sessions));
}

fn seconds(at: Timestamp) -> f64 {
    at.as_duration().as_secs_f64()
}
