//! The server as a whole: opening what it needs, listening, and ending without breaking off what is under way.

mod acceptor;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use habilitation_model::schema;
use hyper_util::server::graceful::GracefulShutdown;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::watch;

use self::acceptor::{Acceptor, ConnectionLimits};
use crate::app::{App, Parts};
use crate::clock::{Clock, LifeClock};
use crate::concurrency::ConcurrencyLimit;
use crate::deliveries::{deliver_forever, deliver_now};
use crate::directory::Directory;
use crate::dist::{Dist, NoPage};
use crate::files::{Files, NotOpened};
use crate::identity::demonstration;
use crate::identity::proconnect::ProConnect;
use crate::lanes::Lanes;
use crate::lifetimes::Lifetimes;
use crate::mail::Mailer;
use crate::metering;
use crate::pages::Pages;
use crate::public_file::PublicFile;
use crate::public_url::PublicUrl;
use crate::random::Random;
use crate::rate_limit::RateLimit;
use crate::retention;
use crate::router;
use crate::security;
use crate::settings::{Settings, WrongSettings};
use crate::store::cards::Cards;
use crate::store::outbox::Outbox;
use crate::store::people::People;
use crate::store::recoveries::Recoveries;
use crate::store::sqlite::{DATABASE, SqliteStore};
use crate::store::{ReadDraft, StoreFailure};
use crate::team::Subject;
use crate::webhook::Webhook;

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
    /// The address for metrics is taken, or not ours.
    #[error("--metrics-listen {address}: {error}")]
    MetricsListen {
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
    metrics_listener: Option<TcpListener>,
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
        let metrics_listener = match settings.metrics_listen {
            Some(address) => {
                Some(TcpListener::bind(address).await.map_err(|error| NotStarted::MetricsListen { address, error })?)
            }
            None => None,
        };
        let app = open_app(settings, listens_at, clock, random, read_draft)?;
        bind_team(&app)
            .await
            .map_err(|error| NotStarted::Data { folder: settings.data.clone(), reason: error.to_string() })?;
        Ok(Self {
            listener,
            listens_at,
            health_listener,
            metrics_listener,
            app,
            grace: settings.grace(),
            limits: connection_limits(settings),
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

    /// Returns the address of the metrics, where they have one.
    #[must_use]
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics_listener.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    /// Answers calls until `stop` is done, then finishes those under way and puts the database in order.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let (stops, stopping) = watch::channel(false);
        let mut delivering = tokio::spawn(deliver_forever(self.app.clone(), stopping));
        let purging = tokio::spawn(purge_forever(self.app.clone(), self.purge_every));
        let discovering = tokio::spawn(discover_forever(self.app.clone()));
        shrink_pages(&self.app);
        let graceful = GracefulShutdown::new();
        let main = Acceptor::new(router::all(self.app.clone()), &self.limits);
        let health = self
            .health_listener
            .is_some()
            .then(|| Acceptor::new(router::health(self.app.clone()), &ConnectionLimits { all: 64, of_network: 32 }));
        let probing = async {
            match (&health, &self.health_listener) {
                (Some(health), Some(listener)) => health.accept_forever(listener, &graceful).await,
                _ => std::future::pending().await,
            }
        };
        let metrics = Acceptor::new(router::metrics(self.app.clone()), &ConnectionLimits { all: 16, of_network: 16 });
        let metering = async {
            match &self.metrics_listener {
                Some(listener) => metrics.accept_forever(listener, &graceful).await,
                None => std::future::pending().await,
            }
        };
        let tidying = tokio::spawn(tidy_forever());
        tokio::select! {
            () = main.accept_forever(&self.listener, &graceful) => {}
            () = probing => {}
            () = metering => {}
            () = stop => {}
        }
        drop((self.listener, self.health_listener, self.metrics_listener));
        purging.abort();
        tidying.abort();
        discovering.abort();
        // A purge that is broken off has done whole transactions only.
        let _ = purging.await;
        tracing::info!("stopping");
        stops.send_replace(true);
        main.end();
        metrics.end();
        if let Some(health) = &health {
            health.end();
        }
        if tokio::time::timeout(self.grace, graceful.shutdown()).await.is_err() {
            tracing::warn!("calls that took too long were broken off");
        }
        // A mail that is broken off is sent once more later.
        if tokio::time::timeout(self.grace, &mut delivering).await.is_err() {
            delivering.abort();
            let _ = delivering.await;
        }
        if let Err(error) = self.app.store.close().await {
            tracing::error!(%error, "the database cannot be closed");
        }
        tracing::info!("stopped");
    }
}

/// Makes the pages that many see small, on a thread that ends with the program: neither the first call nor the last waits for it.
///
/// Debug builds leave them as they are: tests start many servers at once.
fn shrink_pages(app: &App) {
    let pages = app.pages.clone().filter(|_| !cfg!(debug_assertions));
    if let Some(pages) = pages {
        std::thread::spawn(move || pages.shrink());
    }
}

/// Most calls to cards from one network address in a minute: a person makes a few, and no token is found by trying.
const CARD_CALLS_PER_MINUTE: u32 = 30;

/// Opens the page and the data folder, and sets the limits.
fn open_app(
    settings: &Settings,
    listens_at: SocketAddr,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    read_draft: ReadDraft,
) -> Result<App, NotStarted> {
    let public_url = settings.public_url(listens_at)?;
    settings.check_portals(&public_url)?;
    let registration = settings.proconnect.registration().map_err(WrongSettings::from)?;
    let team = settings.team.team(registration.as_ref()).map_err(WrongSettings::from)?;
    let demonstration = registration.is_none() && demonstration::is_allowed(listens_at, &public_url);
    let config = settings.page_config(demonstration)?;
    let dist = Dist::read(settings.dist.as_deref(), &config)?;
    let pages = dist.blank().map(|blank| Arc::new(Pages::draw(blank.to_owned(), &config)));
    let wrong_data = |reason| NotStarted::Data { folder: settings.data.clone(), reason };
    let bucket = settings.bucket.bucket().map_err(WrongSettings::from)?;
    let files = Files::open(&settings.data, bucket.as_ref(), Arc::clone(&random))
        .map_err(|error: NotOpened| wrong_data(error.to_string()))?;
    let webhook = Webhook::open(&settings.webhook)?;
    let bounce_secret = settings.webhook.bounces().map_err(WrongSettings::from)?;
    let proconnect = registration
        .map(|registration| ProConnect::open(registration, &public_url, Arc::clone(&clock)))
        .transpose()
        .map_err(|error| WrongSettings::NoCertificates(error.kind()))?;
    let directory = settings.organisation_api.clone().map(|url| Directory::open(url, Arc::clone(&clock)));
    let directory = directory.transpose().map_err(|error| WrongSettings::NoCertificates(error.kind()))?;
    let path = settings.data.join(DATABASE);
    let store = SqliteStore::open(&path, settings.quotas(), read_draft, webhook.is_some())
        .map_err(|error: StoreFailure| wrong_data(error.to_string()))?;
    let store = Arc::new(store);
    let mailer = Mailer::open(settings, &public_url).map_err(WrongSettings::from)?;
    if demonstration {
        tracing::info!("demonstration: anybody on this machine signs in as a made-up person, without a password");
    } else if proconnect.is_none() {
        tracing::warn!(
            "nobody can sign in: the demonstration is for a server that only its own machine reaches, and \
             --proconnect-issuer is not set"
        );
    }
    Ok(App::new(Parts {
        public_url,
        demonstration,
        proconnect,
        directory,
        team: if demonstration { demonstration::team() } else { team },
        proxies: settings.proxies,
        portals: settings.embed_origin.clone(),
        lifetimes: Lifetimes::of(&settings.retention),
        retention: settings.retention.clone(),
        access_email: settings.page.access_email.clone(),
        security_contact: settings.page.security_contact.clone(),
        security_log: settings.security_log.is_some(),
        calls_in_flight_of_address: ConcurrencyLimit::per_client(count(settings.limits.connections_per_address)),
        calls_in_flight_of_person: ConcurrencyLimit::per_client(count(settings.limits.calls_at_once_per_person)),
        uploads: ConcurrencyLimit::per_client(count(settings.limits.uploads_per_person)),
        refusals: RateLimit::per_minute(security::REFUSALS_PER_MINUTE, Arc::clone(&clock)),
        call_rate: RateLimit::per_minute(settings.limits.calls_per_minute, Arc::clone(&clock)),
        sign_ins: RateLimit::per_minute(settings.limits.sign_ins_per_minute, Arc::clone(&clock)),
        grants: RateLimit::per_minute(settings.limits.embed_grants_per_minute, Arc::clone(&clock)),
        claims: RateLimit::per_minute(settings.limits.embed_claims_per_minute, Arc::clone(&clock)),
        card_calls: RateLimit::per_minute(CARD_CALLS_PER_MINUTE, Arc::clone(&clock)),
        clock: LifeClock::new(Arc::clone(&clock)),
        wall_clock: clock,
        random,
        people: Arc::clone(&store) as Arc<dyn People>,
        cards: Arc::clone(&store) as Arc<dyn Cards>,
        recoveries: Arc::clone(&store) as Arc<dyn Recoveries>,
        outbox: Arc::clone(&store) as Arc<dyn Outbox>,
        store,
        lanes: Lanes::default(),
        mailer,
        webhook,
        bounce_secret,
        files,
        public_file: PublicFile::default(),
        dist,
        pages,
    }))
}

/// Finds the accounts of the members of the team, those who have signed in once.
async fn bind_team(app: &App) -> Result<(), StoreFailure> {
    for Subject { issuer, subject } in app.team.subjects() {
        let account = app.store.account_of(&issuer, &subject).await?;
        app.team.bind(&issuer, &subject, account.map(|account| account.person()));
    }
    Ok(())
}

fn connection_limits(settings: &Settings) -> ConnectionLimits {
    ConnectionLimits {
        all: count(settings.limits.connections),
        // All connections of a proxy come from its own address.
        of_network: match settings.proxies {
            0 => count(settings.limits.connections_per_address),
            _ => usize::MAX,
        },
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

    /// Sends the mails that are due now, as the server does by itself.
    ///
    /// # Errors
    /// When the database is out of order.
    pub async fn deliver(&self) -> Result<(), StoreFailure> {
        deliver_now(&self.0).await
    }
}

async fn purge_forever(app: App, every: Duration) {
    let mut turns = tokio::time::interval(every);
    loop {
        turns.tick().await;
        let purged = retention::purge(&app).await;
        metering::count_purge(purged.is_ok(), app.wall_clock.now());
        if let Err(error) = purged {
            tracing::error!(%error, "the purge failed; it will be tried again");
        }
    }
}

/// Keeps times that were measured small, whether or not somebody asks for metrics.
async fn tidy_forever() {
    let mut turns = tokio::time::interval(metering::TIDY_EVERY);
    loop {
        turns.tick().await;
        metering::tidy();
    }
}

/// Keeps the addresses of ProConnect up to date, where people sign in with it.
async fn discover_forever(app: App) {
    if let Some(proconnect) = &app.proconnect {
        proconnect.discover_forever().await;
    }
}

fn count(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
