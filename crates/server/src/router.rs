//! Every route, and the layers that every call goes through.

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;

use crate::app::App;
use crate::problem::{self, Problem, ProblemType};
use crate::{body, client_limit, cors, headers, log, origin_check, routes};

/// Returns every route, behind the layers.
pub(crate) fn all(app: App) -> Router {
    layered(routes::all(), app)
}

/// Returns the probes at an address of their own, for any host name.
pub(crate) fn health(app: App) -> Router {
    routes::health()
        .layer(from_fn(problem::write))
        .layer(from_fn_with_state(app.clone(), headers::add))
        .layer(from_fn_with_state(app.clone(), log::each_call))
        .with_state(app)
}

/// Returns the metrics at an address of their own, for any host name. Asking for them is no call that is counted.
pub(crate) fn metrics(app: App) -> Router {
    routes::metrics().with_state(app)
}

/// Puts routes behind the layers; the last one added sees a call first.
fn layered(routes: Router<App>, app: App) -> Router {
    routes
        .layer(from_fn(body::drain))
        .layer(from_fn_with_state(app.clone(), origin_check::require_same_origin))
        .layer(from_fn_with_state(app.clone(), client_limit::enforce))
        .layer(from_fn_with_state(app.clone(), cors::answer))
        .layer(from_fn_with_state(app.clone(), origin_check::require_own_host))
        .layer(CatchPanicLayer::custom(|_| -> Response { Problem::new(ProblemType::Internal).into_response() }))
        .layer(from_fn(problem::write))
        .layer(from_fn_with_state(app.clone(), headers::add))
        .layer(from_fn_with_state(app.clone(), log::each_call))
        .with_state(app)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::body::Body;
    use axum::http::Request;
    use axum::routing::get;
    use clap::Parser;
    use http_body_util::BodyExt;
    use hyper::service::Service;
    use hyper_util::service::TowerToHyperService;

    use super::*;
    use crate::client_ip::Peer;
    use crate::clock::SystemClock;
    use crate::random::SystemRandom;
    use crate::server::Server;
    use crate::settings::Settings;

    #[tokio::test]
    async fn a_handler_that_panics_is_a_problem_that_tells_nothing_of_it() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("index.html"), "").unwrap();
        let mut settings = Settings::parse_from(["habilitation-server", "--listen", "127.0.0.1:0"]);
        settings.data = folder.path().join("data");
        settings.dist = Some(folder.path().to_owned());
        let server = Server::open(&settings, Arc::new(SystemClock), Arc::new(SystemRandom)).await.unwrap();
        let panics = Router::new().route("/api/panic", get(async || -> () { panic!("Noémie typed this") }));
        let service = TowerToHyperService::new(layered(panics, server.app().clone()));
        let host = server.address().to_string();
        let peer = Peer(server.address().ip());
        let call = Request::get("/api/panic").header("host", host).extension(peer).body(Body::empty()).unwrap();
        let (head, body) = service.call(call).await.unwrap().into_parts();
        let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        assert_eq!(head.status, 500);
        assert_eq!(head.headers["content-type"], "application/problem+json");
        assert!(head.headers.contains_key("content-security-policy"));
        assert!(body.contains("/problems/internal") && !body.contains("Noémie"), "{body}");
    }
}
