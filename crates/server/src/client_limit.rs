//! Limit on the calls in flight of one client. Connections are limited too, but behind a proxy all come from its address.

use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::body::GuardedBody;
use crate::client_ip::ClientIp;
use crate::problem::{Problem, ProblemType};

/// Refuses a call of a client that has too many in flight. A call is in flight until its answer was handed over.
pub(crate) async fn enforce(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let client_ip = match ClientIp::from_request_parts(&mut parts, &app).await {
        Ok(client_ip) => client_ip,
        Err(problem) => return problem.into_response(),
    };
    let Some(in_flight) = app.calls_in_flight_of_address.enter(client_ip.as_str()) else {
        return Problem::new(ProblemType::Busy).into_response();
    };
    let answer = next.run(Request::from_parts(parts, body)).await;
    answer.map(|body| Body::new(GuardedBody::new(body, in_flight)))
}
