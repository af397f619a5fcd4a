//! The log, with one line for each call and for each failure. It never holds a path, an address, an identifier of a person or
//! of a request, or anything that was typed. The [`security`] log, where an operator wants one, names people by their
//! identifier.

use std::io;
use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::HeaderName;
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use data_encoding::HEXLOWER;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

use crate::app::App;
use crate::files::private;
use crate::metering;
use crate::security;
use crate::settings::LogFormat;

/// Header with the identifier of the log line of a call.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Starts the log on the standard error, and the security log in its own file if one is set.
///
/// # Errors
/// When the file cannot be opened.
pub(crate) fn start(format: LogFormat, level: LevelFilter, security: Option<&Path>) -> io::Result<()> {
    let has_its_own = security.is_some();
    let belongs = filter_fn(move |line| *line.level() <= level && !(has_its_own && line.target() == security::TARGET));
    let lines = fmt::layer().with_writer(io::stderr).with_ansi(false);
    let lines = match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let file = security.map(|path| private().append(true).create(true).open(path)).transpose()?;
    let of_security = file.map(|file| {
        let lines = fmt::layer().json().flatten_event(true).with_target(false).with_writer(Mutex::new(file));
        lines.with_filter(filter_fn(|line| line.target() == security::TARGET))
    });
    // The second start in one process, as tests may do, keeps the first.
    let _ = tracing_subscriber::registry().with(lines.with_filter(belongs)).with(of_security).try_init();
    // The message of a panic may quote what was typed: only its place is told.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
    Ok(())
}

/// Writes the line of a call, with the template of its route instead of its path.
pub(crate) async fn each_call(State(app): State<App>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let mut id = [0; 8];
    // Without random bytes the identifier is all zeros.
    let _ = app.random.fill(&mut id);
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
    metering::count_call(method, route, response.status(), begun.elapsed());
    let milliseconds = (begun.elapsed().as_secs_f64() * 1_000_000.0).round() / 1_000.0;
    security::note_refusal(&app, route, response.status());
    tracing::info!(id, method, route, status = response.status().as_u16(), milliseconds, "call");
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}
