//! The share of the server that one caller may take: behind a proxy, connections do not tell whose calls are.

use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::body::Holding;
use crate::caller::Caller;
use crate::problem::{Kind, Problem};

/// Refuses a call of somebody who has too many under way. One is under way until its answer was handed over.
pub(crate) async fn no_more_than_a_share(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let caller = match Caller::from_request_parts(&mut parts, &app).await {
        Ok(caller) => caller,
        Err(problem) => return problem.into_response(),
    };
    let Some(entered) = app.crowd.enter(caller.as_str(), 0) else { return Problem::new(Kind::Busy).into_response() };
    let answer = next.run(Request::from_parts(parts, body)).await;
    answer.map(|body| Body::new(Holding::new(body, entered)))
}
