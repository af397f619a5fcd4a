//! The state that every handler may use.

use std::ops::Deref;
use std::sync::Arc;

use crate::clock::{Clock, LifeClock};
use crate::concurrency::ConcurrencyLimit;
use crate::directory::Directory;
use crate::dist::Dist;
use crate::files::Files;
use crate::identity::proconnect::ProConnect;
use crate::lanes::Lanes;
use crate::lifetimes::Lifetimes;
use crate::mail::Mailer;
use crate::pages::Pages;
use crate::portal::Portal;
use crate::public_file::PublicFile;
use crate::public_url::PublicUrl;
use crate::random::Random;
use crate::rate_limit::RateLimit;
use crate::settings::{BounceSecret, Retention};
use crate::store::Store;
use crate::store::cards::Cards;
use crate::store::outbox::Outbox;
use crate::store::people::People;
use crate::store::recoveries::Recoveries;
use crate::team::Team;
use crate::webhook::Webhook;

/// State shared by all handlers.
#[derive(Clone)]
pub(crate) struct App(Arc<Parts>);

/// The parts of the application.
pub(crate) struct Parts {
    pub(crate) public_url: PublicUrl,
    /// Set where anyone may sign in as a made-up person.
    pub(crate) demonstration: bool,
    /// Way to ProConnect, where people sign in with it.
    pub(crate) proconnect: Option<ProConnect>,
    /// Public directory of establishments, where the operator names one.
    pub(crate) directory: Option<Directory>,
    /// Number of proxies in front of this server.
    pub(crate) proxies: usize,
    /// Sites that may show the form in their own pages.
    pub(crate) portals: Vec<Portal>,
    pub(crate) lifetimes: Lifetimes,
    pub(crate) retention: Retention,
    /// E-mail address for lost access.
    pub(crate) access_email: String,
    /// Address to which a weakness of this service is reported.
    pub(crate) security_contact: Option<String>,
    /// Set where security events go to a log file of their own.
    pub(crate) security_log: bool,
    /// Calls in flight of each network address.
    pub(crate) calls_in_flight_of_address: ConcurrencyLimit,
    /// Saves, checks and lists in flight of each person.
    pub(crate) calls_in_flight_of_person: ConcurrencyLimit,
    /// Uploads in flight of each person.
    pub(crate) uploads: ConcurrencyLimit,
    /// Lines of the log for refusals of each route and status.
    pub(crate) refusals: RateLimit,
    /// Calls of each person.
    pub(crate) call_rate: RateLimit,
    /// Sign-ins from each network address.
    pub(crate) sign_ins: RateLimit,
    /// Grants of each person to portals.
    pub(crate) grants: RateLimit,
    /// Claims of tokens from each network address.
    pub(crate) claims: RateLimit,
    /// Reading and answering of cards from each network address.
    pub(crate) card_calls: RateLimit,
    /// Clock of requests, and of all that happens to them.
    pub(crate) clock: LifeClock,
    /// Clock of sessions and grants, which no demonstration sets forward.
    pub(crate) wall_clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) store: Arc<dyn Store>,
    /// People who take part in requests.
    pub(crate) people: Arc<dyn People>,
    /// Mails on their way.
    pub(crate) outbox: Arc<dyn Outbox>,
    /// Links to contacts of drafts.
    pub(crate) cards: Arc<dyn Cards>,
    /// Calls for requests whose owner does not answer for them.
    pub(crate) recoveries: Arc<dyn Recoveries>,
    /// Ways out of the outbox.
    pub(crate) lanes: Lanes,
    /// Writer and sender of mails.
    pub(crate) mailer: Mailer,
    /// Way to the program of a partner, where there is one.
    pub(crate) webhook: Option<Webhook>,
    /// Secret with which a mail server tells of mails that came back.
    pub(crate) bounce_secret: Option<BounceSecret>,
    /// Team that examines requests.
    pub(crate) team: Team,
    pub(crate) files: Files,
    /// The public list as a file, until it changes.
    pub(crate) public_file: PublicFile,
    pub(crate) dist: Dist,
    /// Pages that this server draws; none where the build has no blank document for them.
    pub(crate) pages: Option<Arc<Pages>>,
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
