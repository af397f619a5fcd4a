//! `/metrics`, which has an address of its own.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::metering;

/// Text format of Prometheus, version 0.0.4.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Returns all metrics. Where the database does not answer, its numbers stay as they were.
pub(crate) async fn read(State(app): State<App>) -> Response {
    // Deliveries fall due by the clock of requests.
    let now = app.clock.now();
    match app.store.gauges(now).await {
        Ok(gauges) => metering::set(&gauges, now),
        Err(failure) => tracing::warn!(%failure, "the database does not tell its numbers"),
    }
    ([(CONTENT_TYPE, TEXT)], metering::render()).into_response()
}
