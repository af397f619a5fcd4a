//! The server as a whole: opening what it needs, listening, and ending without breaking off what is under way.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use habilitation_model::schema;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::app::{App, Parts};
use crate::client_ip::Peer;
use crate::clock::Clock;
use crate::concurrency::ConcurrencyLimit;
use crate::connections::{Admission, CallTracker, Connections, Slot, TrackedStream};
use crate::dist::{Dist, NoPage};
use crate::files::{Files, NotOpened};
use crate::identity::demonstration;
use crate::lifetimes::Lifetimes;
use crate::origin_check::HEAD_MAX;
use crate::overload;
use crate::public_url::PublicUrl;
use crate::random::Random;
use crate::rate_limit::RateLimit;
use crate::retention;
use crate::router;
use crate::security;
use crate::settings::{Settings, WrongSettings};
use crate::store::sqlite::SqliteStore;
use crate::store::{ReadDraft, StoreFailure};

/// Most callers that are told at the same time that there is no slot.
const TURNED_AWAY_MAX: usize = 64;
/// Pause before the next attempt when the system has no more connections to give.
const ACCEPT_RETRY: Duration = Duration::from_millis(100);

/// Reason why the server does not start.
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
        /// Address of the setting.
        address: SocketAddr,
        /// Cause.
        error: io::Error,
    },
    /// The address for probes is taken, or not ours.
    #[error("--health-listen {address}: {error}")]
    HealthListen {
        /// Address of the setting.
        address: SocketAddr,
        /// Cause.
        error: io::Error,
    },
    /// The data folder cannot be used.
    #[error("--data {}: {reason}", folder.display())]
    Data {
        /// The folder.
        folder: PathBuf,
        /// Cause.
        reason: String,
    },
}

/// A server that listens but does not answer yet.
pub struct Server {
    listener: TcpListener,
    listens_at: SocketAddr,
    health_listener: Option<TcpListener>,
    app: App,
    grace: Duration,
    limits: ConnectionLimits,
    purge_every: Duration,
}

impl Server {
    /// Checks the settings, opens the data folder, reads the page and listens.
    ///
    /// # Errors
    /// With one sentence that tells an operator what is wrong.
    pub async fn open(settings: &Settings, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Result<Self, NotStarted> {
        Self::open_with(settings, clock, random, schema::read_draft).await
    }

    /// Opens a server that reads stored drafts by another function, so that tests can make up an older shape.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn open_with(
        settings: &Settings,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        read_draft: ReadDraft,
    ) -> Result<Self, NotStarted> {
        let not_listening = |error| NotStarted::Listen { address: settings.listen, error };
        let listener = TcpListener::bind(settings.listen).await.map_err(not_listening)?;
        let listens_at = listener.local_addr().map_err(not_listening)?;
        let health_listener = match settings.health_listen {
            Some(address) => {
                Some(TcpListener::bind(address).await.map_err(|error| NotStarted::HealthListen { address, error })?)
            }
            None => None,
        };
        let public_url = settings.public_url(listens_at)?;
        settings.check_portals(&public_url)?;
        let demonstration = demonstration::is_allowed(listens_at, &public_url);
        let dist = Dist::read(&settings.dist, &settings.page_config(demonstration)?)?;
        let wrong_data = |reason| NotStarted::Data { folder: settings.data.clone(), reason };
        let files = Files::open(&settings.data, Arc::clone(&random))
            .map_err(|error: NotOpened| wrong_data(error.to_string()))?;
        let store = SqliteStore::open(&settings.data.join("habilitation.sqlite"), settings.quotas(), read_draft)
            .map_err(|error: StoreFailure| wrong_data(error.to_string()))?;
        if demonstration {
            tracing::info!("demonstration: anybody on this machine signs in as a made-up person, without a password");
        } else {
            tracing::warn!("nobody can sign in: the demonstration is for a server that only its own machine reaches");
        }
        let app = App::new(Parts {
            public_url,
            demonstration,
            proxies: settings.proxies,
            portals: settings.embed_origin.clone(),
            lifetimes: Lifetimes::of(&settings.retention),
            retention: settings.retention.clone(),
            security_contact: settings.page.security_contact.clone(),
            security_log: settings.security_log.is_some(),
            client_calls: ConcurrencyLimit::per_client(count(settings.limits.connections_per_address)),
            person_calls: ConcurrencyLimit::per_client(count(settings.limits.calls_at_once_per_person)),
            uploads: ConcurrencyLimit::per_client(count(settings.limits.uploads_per_person)),
            refusals: RateLimit::per_minute(security::REFUSALS_PER_MINUTE, Arc::clone(&clock)),
            calls: RateLimit::per_minute(settings.limits.calls_per_minute, Arc::clone(&clock)),
            sign_ins: RateLimit::per_minute(settings.limits.sign_ins_per_minute, Arc::clone(&clock)),
            grants: RateLimit::per_minute(settings.limits.embed_grants_per_minute, Arc::clone(&clock)),
            redemptions: RateLimit::per_minute(settings.limits.embed_claims_per_minute, Arc::clone(&clock)),
            clock,
            random,
            store: Box::new(store),
            files,
            dist,
        });
        Ok(Self {
            listener,
            listens_at,
            health_listener,
            app,
            grace: settings.grace(),
            limits: ConnectionLimits {
                all: count(settings.limits.connections),
                // All connections of a proxy come from its own address.
                of_network: match settings.proxies {
                    0 => count(settings.limits.connections_per_address),
                    _ => usize::MAX,
                },
            },
            purge_every: Duration::from_secs(60 * u64::from(settings.retention.purge_minutes)),
        })
    }

    /// Returns the address under which people reach the server.
    #[must_use]
    pub fn public_url(&self) -> &PublicUrl {
        &self.app.public_url
    }

    #[cfg(test)]
    pub(crate) fn app(&self) -> &App {
        &self.app
    }

    /// Returns the address that the server listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.listens_at
    }

    /// Returns a handle on chores, for operators and tests.
    #[must_use]
    pub fn chores(&self) -> Chores {
        Chores(self.app.clone())
    }

    /// Returns the address of the probes, where they have one of their own.
    #[must_use]
    pub fn health_address(&self) -> Option<SocketAddr> {
        self.health_listener.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    /// Answers calls until `stop` is done, then finishes those under way and puts the database in order.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let purging = tokio::spawn(purge_forever(self.app.clone(), self.purge_every));
        let graceful = GracefulShutdown::new();
        let main = Serving::new(router::all(self.app.clone()), &self.limits);
        let health = self
            .health_listener
            .is_some()
            .then(|| Serving::new(router::health(self.app.clone()), &ConnectionLimits { all: 64, of_network: 32 }));
        let probing = async {
            match (&health, &self.health_listener) {
                (Some(health), Some(listener)) => health.accept_forever(listener, &graceful).await,
                _ => std::future::pending().await,
            }
        };
        tokio::select! {
            () = main.accept_forever(&self.listener, &graceful) => {}
            () = probing => {}
            () = stop => {}
        }
        drop((self.listener, self.health_listener));
        purging.abort();
        // A purge that is broken off has done whole transactions only.
        let _ = purging.await;
        tracing::info!("stopping");
        main.connections.end();
        if let Some(health) = &health {
            health.connections.end();
        }
        if tokio::time::timeout(self.grace, graceful.shutdown()).await.is_err() {
            tracing::warn!("calls that took too long were broken off");
        }
        if let Err(error) = self.app.store.close().await {
            tracing::error!(%error, "the database cannot be closed");
        }
        tracing::info!("stopped");
    }
}

/// Chores of a running server.
pub struct Chores(App);

impl Chores {
    /// Purges expired data now, as the server does by itself at intervals.
    ///
    /// # Errors
    /// When the database or the disk is out of order.
    pub async fn purge(&self) -> Result<(), StoreFailure> {
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

/// Limits on the number of connections.
struct ConnectionLimits {
    all: usize,
    of_network: usize,
}

/// Router of one listening address, with its connections.
struct Serving {
    router: Router,
    connections: Arc<Connections>,
    turned_away: Arc<Semaphore>,
    watching: tokio::task::JoinHandle<()>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.watching.abort();
    }
}

impl Serving {
    fn new(router: Router, limits: &ConnectionLimits) -> Self {
        let connections = Connections::at_most(limits.all, limits.of_network);
        let watching = tokio::spawn({
            let connections = Arc::clone(&connections);
            async move { connections.watch().await }
        });
        Self { router, connections, turned_away: Arc::new(Semaphore::new(TURNED_AWAY_MAX)), watching }
    }

    async fn accept_forever(&self, listener: &TcpListener, graceful: &GracefulShutdown) {
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => self.admit(stream, Peer(peer.ip()), graceful),
                Err(error) => {
                    tracing::warn!(error = %error.kind(), "a connection cannot be accepted");
                    tokio::time::sleep(ACCEPT_RETRY).await;
                }
            }
        }
    }

    /// Gives a connection a slot, lets it wait for one, or turns it away. Other connections are accepted meanwhile.
    fn admit(&self, stream: TcpStream, peer: Peer, graceful: &GracefulShutdown) {
        let admission = self.connections.admit(peer.network());
        let (router, watcher) = (self.router.clone(), graceful.watcher());
        match admission {
            Admission::Admitted(slot) => {
                tokio::spawn(serve(stream, peer, slot, router, watcher));
            }
            Admission::Queued(queued) => {
                let turned_away = Arc::clone(&self.turned_away);
                tokio::spawn(async move {
                    match queued.slot().await {
                        Some(slot) => serve(stream, peer, slot, router, watcher).await,
                        None => turn_away(stream, turned_away).await,
                    }
                });
            }
            Admission::Refused => {
                tokio::spawn(turn_away(stream, Arc::clone(&self.turned_away)));
            }
        }
    }
}

/// Tells a caller to come back, unless so many are being told that it is too much.
async fn turn_away(stream: TcpStream, turned_away: Arc<Semaphore>) {
    if let Ok(_turn) = turned_away.try_acquire() {
        overload::turn_away(stream).await;
    }
}

async fn serve(stream: TcpStream, peer: Peer, slot: Slot, router: Router, watcher: Watcher) {
    // Small answers leave at once; where that cannot be had they leave a little later.
    let _ = stream.set_nodelay(true);
    let router = TowerToHyperService::new(router);
    let calls = CallTracker::of(&slot);
    let service = service_fn(move |mut call: Request<Incoming>| {
        call.extensions_mut().insert(peer);
        let (call, guard) = calls.begin(call);
        let answer = router.call(call);
        async move { answer.await.map(|answer| guard.with(answer)) }
    });
    let connection = http1::Builder::new()
        // A client that keeps the server waiting is watched over by `connections`.
        .header_read_timeout(None)
        // It asks for more of a head up to this size; `origin_check` refuses one that came in larger steps.
        .max_buf_size(HEAD_MAX)
        .serve_connection(TokioIo::new(TrackedStream::of(&slot, stream)), service);
    // A connection that breaks off is the caller's affair.
    slot.hold(watcher.watch(connection)).await;
}

fn count(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
