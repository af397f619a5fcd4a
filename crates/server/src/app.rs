//! What every handler may use, and the layers that every call goes through.

use std::ops::Deref;
use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;

use crate::chance::Chance;
use crate::clock::Clock;
use crate::crowd::Crowd;
use crate::dist::Dist;
use crate::files::Files;
use crate::portal::Portal;
use crate::problem::{self, Kind, Problem};
use crate::public_url::PublicUrl;
use crate::rate::Rate;
use crate::session::Lifetimes;
use crate::settings::Retention;
use crate::store::Store;
use crate::{body, cors, crowd, gate, headers, log, routes};

/// What every handler may use.
#[derive(Clone)]
pub(crate) struct App(Arc<Parts>);

/// The parts of the application.
pub(crate) struct Parts {
    pub(crate) public_url: PublicUrl,
    /// Whether anyone may sign in as a made-up person.
    pub(crate) demonstration: bool,
    /// How many proxies stand before this server.
    pub(crate) proxies: usize,
    /// Who may show the form in pages of their own.
    pub(crate) portals: Vec<Portal>,
    pub(crate) lifetimes: Lifetimes,
    pub(crate) retention: Retention,
    /// To whom a weakness of this service is reported.
    pub(crate) security_contact: Option<String>,
    /// Whether there is a log of security of its own.
    pub(crate) security_log: bool,
    /// Calls under way of each network address.
    pub(crate) crowd: Crowd,
    /// Saves, checks and lists of each person that are being worked on.
    pub(crate) working: Crowd,
    /// Documents on their way of each person.
    pub(crate) uploads: Crowd,
    /// Lines of the log for refusals of each route and status.
    pub(crate) refusals: Rate,
    /// Calls of each person.
    pub(crate) calls: Rate,
    /// Sign-ins from each network address.
    pub(crate) sign_ins: Rate,
    /// Grants of each person to portals.
    pub(crate) grants: Rate,
    /// Claims of tokens from each network address.
    pub(crate) claims: Rate,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<dyn Chance>,
    pub(crate) store: Box<dyn Store>,
    pub(crate) files: Files,
    pub(crate) dist: Dist,
}

impl App {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// Every route behind the layers.
pub(crate) fn router(app: App) -> Router {
    layered(routes::all(), app)
}

/// The probes at an address of their own, asked for by whatever name.
pub(crate) fn health_router(app: App) -> Router {
    routes::health()
        .layer(from_fn(problem::write))
        .layer(from_fn_with_state(app.clone(), headers::add))
        .layer(from_fn_with_state(app.clone(), log::each_call))
        .with_state(app)
}

/// Puts routes behind the layers; the last one added sees a call first.
fn layered(routes: Router<App>, app: App) -> Router {
    routes
        .layer(from_fn(body::linger))
        .layer(from_fn_with_state(app.clone(), gate::our_changes_only))
        .layer(from_fn_with_state(app.clone(), crowd::no_more_than_a_share))
        .layer(from_fn_with_state(app.clone(), cors::answer))
        .layer(from_fn_with_state(app.clone(), gate::our_host_only))
        .layer(CatchPanicLayer::custom(|_| -> Response { Problem::new(Kind::Internal).into_response() }))
        .layer(from_fn(problem::write))
        .layer(from_fn_with_state(app.clone(), headers::add))
        .layer(from_fn_with_state(app.clone(), log::each_call))
        .with_state(app)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use axum::routing::get;
    use clap::Parser;
    use http_body_util::BodyExt;
    use hyper::service::Service;
    use hyper_util::service::TowerToHyperService;

    use super::*;
    use crate::caller::Peer;
    use crate::chance::SystemChance;
    use crate::clock::SystemClock;
    use crate::server::Server;
    use crate::settings::Settings;

    #[tokio::test]
    async fn a_handler_that_panics_is_a_problem_that_tells_nothing_of_it() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("index.html"), "").unwrap();
        let mut settings = Settings::parse_from(["habilitation-server", "--listen", "127.0.0.1:0"]);
        settings.data = folder.path().join("data");
        settings.dist = folder.path().to_owned();
        let server = Server::open(&settings, Arc::new(SystemClock), Arc::new(SystemChance)).await.unwrap();
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
