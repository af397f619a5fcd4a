//! What every handler may use, and the layers that every call goes through.

use std::ops::Deref;
use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;

use crate::chance::Chance;
use crate::clock::Clock;
use crate::dist::Dist;
use crate::files::Files;
use crate::problem::{self, Kind, Problem};
use crate::public_url::PublicUrl;
use crate::rate::Rate;
use crate::session::Lifetime;
use crate::settings::Retention;
use crate::store::Store;
use crate::{body, gate, headers, log, routes};

/// What every handler may use.
#[derive(Clone)]
pub(crate) struct App(Arc<Parts>);

/// The parts of the application.
pub(crate) struct Parts {
    pub(crate) public_url: PublicUrl,
    /// Whether anyone may sign in as a made-up person.
    pub(crate) demonstration: bool,
    pub(crate) session_lifetime: Lifetime,
    pub(crate) retention: Retention,
    /// Calls of each person.
    pub(crate) calls: Rate,
    /// Sign-ins from each network address.
    pub(crate) sign_ins: Rate,
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

/// The routes behind their layers; the last one added sees a call first.
pub(crate) fn router(app: App) -> Router {
    routes::all()
        .layer(from_fn(body::linger))
        .layer(from_fn_with_state(app.clone(), gate::our_changes_only))
        .layer(from_fn_with_state(app.clone(), gate::our_host_only))
        .layer(CatchPanicLayer::custom(|_| -> Response { Problem::new(Kind::Internal).into_response() }))
        .layer(from_fn(problem::write))
        .layer(from_fn_with_state(app.clone(), headers::add))
        .layer(from_fn_with_state(app.clone(), log::each_call))
        .with_state(app)
}
