//! The server as a whole: opening what it needs, listening, and ending without breaking off what is under way.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};

use crate::app::{self, App, Parts};
use crate::caller::Peer;
use crate::chance::Chance;
use crate::clock::Clock;
use crate::connections::{Connections, Place};
use crate::dist::{Dist, NoPage};
use crate::files::{Files, NotOpened};
use crate::identity::demonstration;
use crate::public_url::PublicUrl;
use crate::rate::Rate;
use crate::retention;
use crate::session::Lifetimes;
use crate::settings::{Settings, WrongSettings};
use crate::store::Failure;
use crate::store::sqlite::SqliteStore;

/// Most bytes of the head of a call.
const HEAD_MAX: usize = 64 * 1024;
/// How long to wait when the system has no more connections to give.
const BREATH: Duration = Duration::from_millis(100);

/// Why the server does not start.
#[derive(Debug, Error)]
pub enum NotStarted {
    /// A setting is wrong.
    #[error(transparent)]
    Settings(#[from] WrongSettings),
    /// There is no page.
    #[error(transparent)]
    Page(#[from] NoPage),
    /// The address is taken, or not ours.
    #[error("--listen {address}: {error}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        error: io::Error,
    },
    /// The data folder cannot be used.
    #[error("--data {}: {reason}", folder.display())]
    Data {
        /// The folder.
        folder: PathBuf,
        /// Why.
        reason: String,
    },
}

/// A server that listens but does not answer yet.
pub struct Server {
    listener: TcpListener,
    listens_at: SocketAddr,
    app: App,
    grace: Duration,
    connections: usize,
    purge_every: Duration,
}

impl Server {
    /// Checks the settings, opens the data folder, reads the page and listens.
    ///
    /// # Errors
    /// With one sentence that tells an operator what is wrong.
    pub async fn open(settings: &Settings, clock: Arc<dyn Clock>, chance: Arc<dyn Chance>) -> Result<Self, NotStarted> {
        let not_listening = |error| NotStarted::Listen { address: settings.listen, error };
        let listener = TcpListener::bind(settings.listen).await.map_err(not_listening)?;
        let listens_at = listener.local_addr().map_err(not_listening)?;
        let public_url = settings.public_url(listens_at)?;
        settings.check_portals(&public_url)?;
        let demonstration = demonstration::is_allowed(listens_at, &public_url);
        let dist = Dist::read(&settings.dist, &settings.page_config(demonstration)?)?;
        let wrong_data = |reason| NotStarted::Data { folder: settings.data.clone(), reason };
        let files = Files::open(&settings.data, Arc::clone(&chance))
            .map_err(|error: NotOpened| wrong_data(error.to_string()))?;
        let store = SqliteStore::open(&settings.data.join("habilitation.sqlite"), settings.quotas())
            .map_err(|error: Failure| wrong_data(error.to_string()))?;
        if !demonstration {
            tracing::warn!("nobody can sign in: the demonstration is for a server that only its own machine reaches");
        }
        let app = App::new(Parts {
            public_url,
            demonstration,
            proxies: settings.proxies,
            portals: settings.embed_origin.clone(),
            lifetimes: Lifetimes::of(&settings.retention),
            retention: settings.retention.clone(),
            calls: Rate::per_minute(settings.limits.calls_per_minute, Arc::clone(&clock)),
            sign_ins: Rate::per_minute(settings.limits.sign_ins_per_minute, Arc::clone(&clock)),
            grants: Rate::per_minute(settings.limits.embed_grants_per_minute, Arc::clone(&clock)),
            claims: Rate::per_minute(settings.limits.embed_claims_per_minute, Arc::clone(&clock)),
            clock,
            chance,
            store: Box::new(store),
            files,
            dist,
        });
        Ok(Self {
            listener,
            listens_at,
            app,
            grace: settings.grace(),
            connections: usize::try_from(settings.limits.connections).unwrap_or(usize::MAX),
            purge_every: Duration::from_secs(60 * u64::from(settings.retention.purge_minutes)),
        })
    }

    /// Under which people reach it.
    #[must_use]
    pub fn public_url(&self) -> &PublicUrl {
        &self.app.public_url
    }

    #[cfg(test)]
    pub(crate) fn app(&self) -> &App {
        &self.app
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.listens_at
    }

    /// What operators may ask of it while it runs.
    #[must_use]
    pub fn chores(&self) -> Chores {
        Chores(self.app.clone())
    }

    /// Answers calls until `stop` is done, then finishes those under way and puts the database in order.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let purging = tokio::spawn(purge_forever(self.app.clone(), self.purge_every));
        let graceful = GracefulShutdown::new();
        let router = app::router(self.app.clone());
        let connections = Connections::at_most(self.connections);
        let watching = tokio::spawn({
            let connections = Arc::clone(&connections);
            async move { connections.watch().await }
        });
        let mut stop = pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = next_connection(&self.listener, &connections) => accepted,
                () = &mut stop => break,
            };
            match accepted {
                Ok((stream, peer, place)) => serve(stream, peer, place, router.clone(), &graceful),
                Err(error) => {
                    tracing::warn!(error = %error.kind(), "a connection cannot be accepted");
                    tokio::time::sleep(BREATH).await;
                }
            }
        }
        drop(self.listener);
        purging.abort();
        // A purge that is broken off has done whole transactions only.
        let _ = purging.await;
        tracing::info!("stopping");
        connections.end();
        if tokio::time::timeout(self.grace, graceful.shutdown()).await.is_err() {
            tracing::warn!("calls that took too long were broken off");
        }
        watching.abort();
        if let Err(error) = self.app.store.close().await {
            tracing::error!(%error, "the database cannot be closed");
        }
        tracing::info!("stopped");
    }
}

/// What operators may ask of a server while it runs.
pub struct Chores(App);

impl Chores {
    /// Forgets now what has had its time, as the server does by itself from time to time.
    ///
    /// # Errors
    /// When the database or the disk is out of order.
    pub async fn purge(&self) -> Result<(), Failure> {
        retention::purge(&self.0).await
    }
}

async fn purge_forever(app: App, every: Duration) {
    let mut turns = tokio::time::interval(every);
    loop {
        turns.tick().await;
        if let Err(error) = retention::purge(&app).await {
            tracing::error!(%error, "the purge failed; it will be tried again");
        }
    }
}

/// Waits for a connection, then for a place: whoever comes meanwhile waits in the system's queue.
async fn next_connection(
    listener: &TcpListener,
    connections: &Arc<Connections>,
) -> io::Result<(TcpStream, SocketAddr, Place)> {
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, connections.admit().await))
}

fn serve(stream: TcpStream, peer: SocketAddr, place: Place, router: Router, graceful: &GracefulShutdown) {
    // Small answers leave at once; where that cannot be had they leave a little later.
    let _ = stream.set_nodelay(true);
    let router = TowerToHyperService::new(router);
    let calls = place.calls();
    let service = service_fn(move |mut call: Request<Incoming>| {
        call.extensions_mut().insert(Peer(peer.ip()));
        let (call, answered) = calls.begin(call);
        let answer = router.call(call);
        async move { answer.await.map(|answer| answered.with(answer)) }
    });
    let connection = http1::Builder::new()
        // Whoever keeps us waiting is watched over by the place.
        .header_read_timeout(None)
        .max_buf_size(HEAD_MAX)
        .serve_connection(TokioIo::new(place.stream(stream)), service);
    // A connection that breaks off is the caller's affair.
    tokio::spawn(place.hold(graceful.watch(connection)));
}
