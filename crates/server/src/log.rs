//! What is written to the log: one line for each call, and what goes wrong. Never a path, an address, an identifier of
//! a person or of a request, or anything that was typed.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::HeaderName;
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use data_encoding::HEXLOWER;
use tracing::level_filters::LevelFilter;

use crate::app::App;
use crate::settings::LogFormat;

/// Ties an answer to its line in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Begins to log to the standard error.
pub fn start(format: LogFormat, level: LevelFilter) {
    let lines = tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).with_ansi(false);
    // The second start in one process, as tests may do, keeps the first.
    let _ = match format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    // The message of a panic may quote what was typed: only its place is told.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
}

/// Writes the line of a call, with the template of its route instead of its path.
pub(crate) async fn each_call(State(app): State<App>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let mut id = [0; 8];
    // Without chance the line stays without an identifier of its own.
    let _ = app.chance.fill(&mut id);
    let id = HEXLOWER.encode(&id);
    let method = match *request.method() {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    };
    let template = request.extensions().get::<MatchedPath>().cloned();
    let route = template.as_ref().map_or("other", MatchedPath::as_str);
    let mut response = next.run(request).await;
    let milliseconds = (begun.elapsed().as_secs_f64() * 1_000_000.0).round() / 1_000.0;
    tracing::info!(id, method, route, status = response.status().as_u16(), milliseconds, "call");
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}
