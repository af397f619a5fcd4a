//! `/healthz` and `/readyz`: the probes of monitoring.

use axum::extract::State;
use axum::http::StatusCode;

use crate::app::App;
use crate::problem::{Problem, ProblemType};

/// The process answers.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "health",
    operation_id = "is_alive",
    responses((status = 200, description = "It does.", body = String))
)]
pub(crate) async fn alive() -> (StatusCode, &'static str) {
    (StatusCode::OK, "alive\n")
}

/// The database answers, with its tables as this version wants them.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "health",
    operation_id = "is_ready",
    responses(
        (status = 200, description = "It does.", body = String),
        (status = 503, description = "Not now.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn ready(State(app): State<App>) -> Result<&'static str, Problem> {
    app.store.ready().await.map_err(|failure| {
        tracing::warn!(%failure, "not ready");
        Problem::new(ProblemType::NotReady)
    })?;
    Ok("ready\n")
}
