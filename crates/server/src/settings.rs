//! Settings of an operator, by flag, environment variable or file, checked before anything starts.

mod bucket;
mod directory;
mod file;
mod mail;
mod proconnect;
mod secrets;
mod team;
mod values;
mod webhook;

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Parser, ValueEnum};
use habilitation_model::email::Email;
use habilitation_model::lifecycle::deadline::Keeping;
use habilitation_model::web_address::WebAddress;
use habilitation_model::wire::{Contacts, Operator, PageConfig};
use thiserror::Error;
use tracing::level_filters::LevelFilter;

pub use self::bucket::{BucketArguments, WrongBucketSettings};
pub use self::directory::DirectoryUrl;
pub(crate) use self::file::with_file;
pub use self::mail::{MailSettings, WrongMailSettings};
pub(crate) use self::proconnect::Registration;
pub use self::proconnect::{Issuer, ProConnectSettings, SigningAlgorithm, WrongProConnectSettings};
pub use self::team::{TeamSettings, WrongTeamSettings};
pub(crate) use self::values::is_protected;
use self::values::{email, web_address};
pub use self::webhook::{BounceSecret, WebhookSecret, WebhookSettings, WebhookUrl, WrongWebhookSettings};
use crate::portal::Portal;
use crate::public_url::PublicUrl;
use crate::store::Quotas;

/// Serves the form for FranceConnect requests: its JSON API, and the built page.
#[derive(Clone, Debug, Parser)]
#[command(version, about, max_term_width = 110)]
pub struct Settings {
    /// File of settings, in TOML: `listen = "127.0.0.1:8080"` for `--listen`, and so on. Flags and variables overrule it.
    #[arg(long = "settings", env = "HABILITATION_SETTINGS", value_name = "FILE")]
    settings_file: Option<PathBuf>,

    /// Address and port to listen on; port 0 takes one that is free.
    #[arg(long, env = "HABILITATION_LISTEN", value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Address and port of `/healthz` and `/readyz`, apart from all other calls [default: none, they are answered with
    /// everything else].
    #[arg(long, env = "HABILITATION_HEALTH_LISTEN", value_name = "ADDRESS:PORT")]
    pub health_listen: Option<SocketAddr>,

    /// Address and port of `/metrics`, in the text format of Prometheus [default: none, nothing is counted].
    #[arg(long, env = "HABILITATION_METRICS_LISTEN", value_name = "ADDRESS:PORT")]
    pub metrics_listen: Option<SocketAddr>,

    /// Address under which people reach this server, if another program stands before it [default: where it listens].
    #[arg(long, env = "HABILITATION_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<PublicUrl>,

    /// Number of proxies in front of this server, each adding to `X-Forwarded-For` the address that calls it.
    #[arg(long, env = "HABILITATION_PROXIES", value_name = "COUNT", default_value_t = 0)]
    pub proxies: usize,

    /// Origin of a portal that may show the form within its own pages, such as `https://portail.example`. Repeat it for each
    /// portal, or separate them by commas in the variable.
    #[arg(long, env = "HABILITATION_EMBED_ORIGIN", value_name = "ORIGIN", value_delimiter = ',')]
    pub embed_origin: Vec<Portal>,

    /// Folder of the database, and of documents without a bucket; it is made if it is missing.
    #[arg(long, env = "HABILITATION_DATA", value_name = "FOLDER", default_value = "data")]
    pub data: PathBuf,

    /// Folder of the built page [default: the page that the program carries, or the folder `dist` if it carries none].
    #[arg(long, env = "HABILITATION_DIST", value_name = "FOLDER")]
    pub dist: Option<PathBuf>,

    /// Bucket of the documents.
    #[command(flatten)]
    pub bucket: BucketArguments,

    /// Format of the log on the standard error.
    #[arg(long, env = "HABILITATION_LOG_FORMAT", value_name = "FORMAT", value_enum, default_value = "text")]
    pub log_format: LogFormat,

    /// Least serious messages of the log: error, warn, info, debug or trace.
    #[arg(long, env = "HABILITATION_LOG_LEVEL", value_name = "LEVEL", default_value = "info")]
    pub log_level: LevelFilter,

    /// File for security events (sign-ins, refusals, grants to portals), one JSON object a line, with the person's identifier
    /// [default: they are in the log, without it].
    #[arg(long, env = "HABILITATION_SECURITY_LOG", value_name = "FILE")]
    pub security_log: Option<PathBuf>,

    /// Seconds that calls may still take once the server was asked to stop.
    #[arg(long, env = "HABILITATION_GRACE_SECONDS", value_name = "SECONDS", default_value_t = 20)]
    pub grace_seconds: u64,

    /// Limits on what one person may keep, send and ask for.
    #[command(flatten)]
    pub limits: Limits,

    /// Retention times.
    #[command(flatten)]
    pub retention: Retention,

    /// Texts and addresses that the page shows.
    #[command(flatten)]
    pub page: PageTexts,

    /// Mails.
    #[command(flatten)]
    pub mail: MailSettings,

    /// Notices to a partner, and mails that come back.
    #[command(flatten)]
    pub webhook: WebhookSettings,

    /// Signing in with ProConnect.
    #[command(flatten)]
    pub proconnect: ProConnectSettings,

    /// Address of a public directory of establishments (API Recherche d'entreprises), such as
    /// `https://recherche-entreprises.api.gouv.fr/search` [default: nothing is asked].
    #[arg(long, env = "HABILITATION_ORGANISATION_API", value_name = "URL")]
    pub organisation_api: Option<DirectoryUrl>,

    /// Team that examines requests.
    #[command(flatten)]
    pub team: TeamSettings,
}

/// Format of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// JSON, one object a line.
    Json,
}

/// Limits on what one person may keep, send and ask for.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Limits")]
pub struct Limits {
    /// Most drafts of one person; submitted requests do not count.
    #[arg(long, env = "HABILITATION_DRAFTS_PER_PERSON", value_name = "COUNT", default_value_t = 10_000)]
    pub drafts_per_person: u32,

    /// Most documents of one request, those removed from its draft within a day included.
    #[arg(long, env = "HABILITATION_DOCUMENTS_PER_REQUEST", value_name = "COUNT", default_value_t = 60)]
    pub documents_per_request: u32,

    /// Most bytes of all documents of one person, in MiB.
    #[arg(long, env = "HABILITATION_DOCUMENT_MEBIBYTES_PER_PERSON", value_name = "MIB", default_value_t = 2_048)]
    pub document_mebibytes_per_person: u64,

    /// Most bytes of the answers of one person, in MiB: drafts and submitted requests together.
    #[arg(long, env = "HABILITATION_TEXT_MEBIBYTES_PER_PERSON", value_name = "MIB", default_value_t = 256)]
    pub text_mebibytes_per_person: u64,

    /// Most requests that one person submits in 24 hours.
    #[arg(long, env = "HABILITATION_SUBMISSIONS_PER_DAY", value_name = "COUNT", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    pub submissions_per_day: u32,

    /// Most drafts that one person has deleted and whose identifiers are remembered; with as many, none is begun.
    #[arg(long, env = "HABILITATION_DELETIONS_PER_PERSON", value_name = "COUNT", default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub deletions_per_person: u32,

    /// Most documents of one person that are on their way at the same time.
    #[arg(long, env = "HABILITATION_UPLOADS_PER_PERSON", value_name = "COUNT", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    pub uploads_per_person: u32,

    /// Most saves, checks and lists of one person that are worked on at the same time.
    #[arg(long, env = "HABILITATION_CALLS_AT_ONCE_PER_PERSON", value_name = "COUNT", default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..))]
    pub calls_at_once_per_person: u32,

    /// Most calls of one person in a minute, in a row or over that time.
    #[arg(long, env = "HABILITATION_CALLS_PER_MINUTE", value_name = "COUNT", default_value_t = 3_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub calls_per_minute: u32,

    /// Most sign-ins from one network address in a minute; they may come all at once.
    #[arg(long, env = "HABILITATION_SIGN_INS_PER_MINUTE", value_name = "COUNT", default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..))]
    pub sign_ins_per_minute: u32,

    /// Most times in a minute that one person lets portals act for them.
    #[arg(long, env = "HABILITATION_EMBED_GRANTS_PER_MINUTE", value_name = "COUNT", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    pub embed_grants_per_minute: u32,

    /// Most times in a minute that portals ask from one network address whether they may act for somebody.
    #[arg(long, env = "HABILITATION_EMBED_CLAIMS_PER_MINUTE", value_name = "COUNT", default_value_t = 3_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub embed_claims_per_minute: u32,

    /// Most connections at the same time.
    #[arg(long, env = "HABILITATION_CONNECTIONS", value_name = "COUNT", default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub connections: u32,

    /// Most connections at the same time from one network address (the first 64 bits of IPv6). Behind proxies, most calls in
    /// flight from one.
    #[arg(long, env = "HABILITATION_CONNECTIONS_PER_ADDRESS", value_name = "COUNT", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    pub connections_per_address: u32,
}

/// Retention times.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Retention")]
pub struct Retention {
    /// Months after which a draft that nobody touches is deleted. Its owner is told 30 days before.
    #[arg(long, env = "HABILITATION_KEEP_DRAFTS_MONTHS", value_name = "MONTHS", default_value_t = 12, value_parser = clap::value_parser!(u32).range(2..1200))]
    pub keep_drafts_months: u32,

    /// Months for which the tombstone of a deleted draft is kept. It holds the identifier, so that no device brings the draft back.
    #[arg(long, env = "HABILITATION_KEEP_TOMBSTONES_MONTHS", value_name = "MONTHS", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..1200))]
    pub keep_tombstones_months: u32,

    /// Earlier name of `keep_tombstones_months`, which operators may still use.
    #[arg(long, env = "HABILITATION_KEEP_TRACES_MONTHS", hide = true, conflicts_with = "keep_tombstones_months", value_name = "MONTHS", value_parser = clap::value_parser!(u32).range(1..1200))]
    keep_traces_months: Option<u32>,

    /// Days after which the owner of a draft that was never sent, and that nobody touches, is reminded of it.
    #[arg(long, env = "HABILITATION_DRAFT_REMINDER_DAYS", value_name = "DAYS", default_value_t = Keeping::default().draft_reminder_days, value_parser = clap::value_parser!(u16).range(1..3660))]
    pub draft_reminder_days: u16,

    /// Months after which a request that was reopened, and that nobody touches, is withdrawn. The applicant is told 30 days before.
    #[arg(long, env = "HABILITATION_KEEP_REOPENED_MONTHS", value_name = "MONTHS", default_value_t = Keeping::default().reopened_months, value_parser = clap::value_parser!(u16).range(2..1200))]
    pub keep_reopened_months: u16,

    /// Months after which a request that was refused, withdrawn or revoked is archived.
    #[arg(long, env = "HABILITATION_ARCHIVE_MONTHS", value_name = "MONTHS", default_value_t = Keeping::default().closed_months, value_parser = clap::value_parser!(u16).range(1..1200))]
    pub archive_months: u16,

    /// Months after a request was refused, withdrawn or revoked for which it is kept, archived. Then it is erased.
    #[arg(long, env = "HABILITATION_KEEP_ARCHIVED_MONTHS", value_name = "MONTHS", default_value_t = Keeping::default().archived_months, value_parser = clap::value_parser!(u16).range(1..1200))]
    pub keep_archived_months: u16,

    /// Months for which people are kept whom a submission names that is no longer in force.
    #[arg(long, env = "HABILITATION_KEEP_PEOPLE_MONTHS", value_name = "MONTHS", default_value_t = Keeping::default().people_months, value_parser = clap::value_parser!(u16).range(1..1200))]
    pub keep_people_months: u16,

    /// Months for which is kept what became of a mail or a notice. Then numbers stay.
    #[arg(long, env = "HABILITATION_KEEP_DELIVERIES_MONTHS", value_name = "MONTHS", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..1200))]
    pub keep_deliveries_months: u32,

    /// Months for which attempts to deliver a mail or a notice are kept.
    #[arg(long, env = "HABILITATION_KEEP_ATTEMPTS_MONTHS", value_name = "MONTHS", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..1200))]
    pub keep_attempts_months: u32,

    /// Minutes between two purges of what has had its time.
    #[arg(long, env = "HABILITATION_PURGE_MINUTES", value_name = "MINUTES", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    pub purge_minutes: u32,

    /// Minutes after which a session ends, whatever happens.
    #[arg(long, env = "HABILITATION_SESSION_MINUTES", value_name = "MINUTES", default_value_t = 720, value_parser = clap::value_parser!(u32).range(1..))]
    pub session_minutes: u32,

    /// Minutes after which a session ends if nothing is asked in it.
    #[arg(long, env = "HABILITATION_SESSION_IDLE_MINUTES", value_name = "MINUTES", default_value_t = 120, value_parser = clap::value_parser!(u32).range(5..))]
    pub session_idle_minutes: u32,

    /// Minutes after which a portal can no longer act for somebody, whatever happens. It ends earlier with the session in which they
    /// let it.
    #[arg(long, env = "HABILITATION_EMBED_SESSION_MINUTES", value_name = "MINUTES", default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..))]
    pub embed_session_minutes: u32,

    /// Minutes after which a portal can no longer act for somebody if nothing is asked there.
    #[arg(long, env = "HABILITATION_EMBED_SESSION_IDLE_MINUTES", value_name = "MINUTES", default_value_t = 15, value_parser = clap::value_parser!(u32).range(5..))]
    pub embed_session_idle_minutes: u32,
}

impl Retention {
    /// Returns the months for which tombstones are kept, by whichever name they are set.
    pub(crate) fn tombstone_months(&self) -> u32 {
        self.keep_traces_months.unwrap_or(self.keep_tombstones_months)
    }

    /// Returns the terms after which the program acts on requests by itself.
    pub(crate) fn keeping(&self) -> Keeping {
        Keeping {
            reopened_months: self.keep_reopened_months,
            closed_months: self.archive_months,
            archived_months: self.keep_archived_months,
            people_months: self.keep_people_months,
            draft_months: u16::try_from(self.keep_drafts_months).unwrap_or(u16::MAX),
            draft_reminder_days: self.draft_reminder_days,
        }
    }
}

/// Texts and addresses that the page shows.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Texts and addresses of the page")]
pub struct PageTexts {
    /// Address of FranceConnect's general terms.
    #[arg(long, env = "HABILITATION_TERMS_URL", value_name = "URL", default_value_t = Contacts::default().terms_url, value_parser = web_address)]
    pub terms_url: String,

    /// E-mail for questions on a request.
    #[arg(long, env = "HABILITATION_SUPPORT_EMAIL", value_name = "E-MAIL", default_value_t = Contacts::default().support_email, value_parser = email)]
    pub support_email: String,

    /// E-mail for lost access, or an applicant who left.
    #[arg(long, env = "HABILITATION_ACCESS_EMAIL", value_name = "E-MAIL", default_value_t = Contacts::default().access_email, value_parser = email)]
    pub access_email: String,

    /// Address of the monthly information webinar [default: none is shown].
    #[arg(long, env = "HABILITATION_WEBINAR_URL", value_name = "URL", value_parser = web_address)]
    pub webinar_url: Option<String>,

    /// Address of the data protection authority's advice on retention.
    #[arg(long, env = "HABILITATION_RETENTION_ADVICE_URL", value_name = "URL", default_value_t = Contacts::default().retention_advice_url, value_parser = web_address)]
    pub retention_advice_url: String,

    /// Name of the body that runs this site.
    #[arg(long, env = "HABILITATION_OPERATOR_NAME", value_name = "NAME")]
    pub operator_name: Option<String>,

    /// Text file of the legal notice; a blank line parts two paragraphs.
    #[arg(long, env = "HABILITATION_LEGAL_NOTICE", value_name = "FILE")]
    pub legal_notice: Option<PathBuf>,

    /// Text file on personal data; a blank line parts two paragraphs.
    #[arg(long, env = "HABILITATION_PERSONAL_DATA", value_name = "FILE")]
    pub personal_data: Option<PathBuf>,

    /// Address to which a weakness of this service is reported, as `mailto:` or `https:`; it stands in
    /// `/.well-known/security.txt` [default: there is no such file].
    #[arg(long, env = "HABILITATION_SECURITY_CONTACT", value_name = "URL", value_parser = contact_address)]
    pub security_contact: Option<String>,

    /// E-mail for accessibility troubles [default: the one for questions].
    #[arg(long, env = "HABILITATION_ACCESSIBILITY_EMAIL", value_name = "E-MAIL", value_parser = email)]
    pub accessibility_email: Option<String>,
}

/// Longest text of an operator, in bytes: it is sent with every page.
const OPERATOR_TEXT_MAX: u64 = 64 * 1024;

fn contact_address(text: &str) -> Result<String, &'static str> {
    let is_right = match text.strip_prefix("mailto:") {
        Some(address) => Email::parse(address).is_ok(),
        None => text.starts_with("https://") && WebAddress::parse(text).is_ok(),
    };
    if is_right && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err("it is neither mailto:securite@site.example nor https://site.example/page")
    }
}

/// The settings do not go together, or what they name cannot be read.
#[derive(Debug, Error)]
pub enum WrongSettings {
    /// The certificates that this machine trusts cannot be read.
    #[error(
        "--webhook-url, --proconnect-issuer and --organisation-api need the certificates that this machine trusts, which cannot be read: {0}"
    )]
    NoCertificates(std::io::ErrorKind),
    /// Settings of mails.
    #[error(transparent)]
    Mail(#[from] WrongMailSettings),
    /// Settings of notices to a partner.
    #[error(transparent)]
    Webhook(#[from] WrongWebhookSettings),
    /// Settings of the bucket.
    #[error(transparent)]
    Bucket(#[from] WrongBucketSettings),
    /// Settings of ProConnect.
    #[error(transparent)]
    ProConnect(#[from] WrongProConnectSettings),
    /// Settings of the team.
    #[error(transparent)]
    Team(#[from] WrongTeamSettings),
    /// The page's address is not known.
    #[error(
        "with --listen {0} anyone on the network may call: say under which address people reach this server \
         with --public-url https://…"
    )]
    PublicUrlMissing(SocketAddr),
    /// An address that other machines cannot reach, or that browsers do not protect.
    #[error("--public-url {0} must begin with https:// unless it is an address of this machine alone")]
    PublicUrlInsecure(PublicUrl),
    /// A portal that is this very site.
    #[error("--embed-origin {0} is this server itself: its own pages need no such leave")]
    PortalIsOurs(Portal),
    /// A text of the operator.
    #[error("{option} {path}: {reason}", path = path.display())]
    Text {
        /// The flag that names it.
        option: &'static str,
        /// The file.
        path: PathBuf,
        /// Description of what is wrong.
        reason: String,
    },
}

impl Settings {
    /// The public address, now that it is known where the server listens.
    ///
    /// # Errors
    /// When other machines can reach the server and nobody said under which address, or without TLS.
    pub(crate) fn public_url(&self, listener: SocketAddr) -> Result<PublicUrl, WrongSettings> {
        match &self.public_url {
            Some(url) if !url.is_secure() && !url.is_loopback() => Err(WrongSettings::PublicUrlInsecure(url.clone())),
            Some(url) => Ok(url.clone()),
            None if listener.ip().is_loopback() => Ok(PublicUrl::of_listener(listener)),
            None => Err(WrongSettings::PublicUrlMissing(listener)),
        }
    }

    /// Checks the portals, now that the public address is known.
    ///
    /// # Errors
    /// When one of them is this server.
    pub(crate) fn check_portals(&self, public_url: &PublicUrl) -> Result<(), WrongSettings> {
        let ours = public_url.origin();
        match Portal::among(&self.embed_origin, ours.as_bytes()) {
            Some(portal) => Err(WrongSettings::PortalIsOurs(portal.clone())),
            None => Ok(()),
        }
    }

    /// Returns the settings of the page.
    ///
    /// # Errors
    /// When a text of the operator cannot be read, or is too long.
    pub(crate) fn page_config(&self, demonstration: bool) -> Result<PageConfig, WrongSettings> {
        let proconnect = self.proconnect.proconnect_issuer.is_some();
        let page = &self.page;
        Ok(PageConfig {
            api: Some("api".to_owned()),
            demonstration,
            proconnect,
            organisations: self.organisation_api.is_some(),
            contacts: Contacts {
                terms_url: page.terms_url.clone(),
                support_email: page.support_email.clone(),
                access_email: page.access_email.clone(),
                webinar_url: page.webinar_url.clone().unwrap_or_default(),
                retention_advice_url: page.retention_advice_url.clone(),
            },
            operator: Operator {
                name: page.operator_name.clone().unwrap_or_default(),
                legal_notice: operator_text("--legal-notice", page.legal_notice.as_deref())?,
                personal_data: operator_text("--personal-data", page.personal_data.as_deref())?,
                accessibility_email: page.accessibility_email.clone().unwrap_or_default(),
            },
        })
    }

    pub(crate) fn quotas(&self) -> Quotas {
        Quotas {
            drafts: self.limits.drafts_per_person,
            documents_of_request: self.limits.documents_per_request,
            bytes_of_owner: self.limits.document_mebibytes_per_person.saturating_mul(1024 * 1024),
            text_of_owner: self.limits.text_mebibytes_per_person.saturating_mul(1024 * 1024),
            submissions_of_day: self.limits.submissions_per_day,
            tombstones: self.limits.deletions_per_person,
        }
    }

    pub(crate) fn grace(&self) -> Duration {
        Duration::from_secs(self.grace_seconds)
    }
}

fn operator_text(option: &'static str, path: Option<&Path>) -> Result<String, WrongSettings> {
    let Some(path) = path else { return Ok(String::new()) };
    let wrong = |reason: String| WrongSettings::Text { option, path: path.to_owned(), reason };
    let length = fs::metadata(path).map_err(|error| wrong(error.to_string()))?.len();
    if length > OPERATOR_TEXT_MAX {
        return Err(wrong(format!("it has more than {OPERATOR_TEXT_MAX} bytes")));
    }
    fs::read_to_string(path).map_err(|error| wrong(error.to_string()))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn settings(flags: &[&str]) -> Result<Settings, clap::Error> {
        Settings::try_parse_from(std::iter::once(&"habilitation-server").chain(flags))
    }

    #[test]
    fn the_flags_are_well_formed_and_each_has_a_variable() {
        Settings::command().debug_assert();
        for argument in Settings::command()
            .get_arguments()
            .filter(|argument| argument.get_id() != "help" && argument.get_id() != "version")
        {
            let flag = argument.get_long().unwrap().replace('-', "_").to_uppercase();
            assert_eq!(argument.get_env().unwrap().to_str().unwrap(), format!("HABILITATION_{flag}"));
        }
    }

    #[test]
    fn wrong_values_are_refused_by_name() {
        for (flag, value) in [
            ("--listen", "localhost"),
            ("--public-url", "habilitation.example"),
            ("--calls-per-minute", "0"),
            ("--keep-drafts-months", "1"),
            ("--keep-reopened-months", "1"),
            ("--support-email", "support"),
            ("--terms-url", "cgu"),
            ("--embed-origin", "https://portail.example/page"),
            ("--security-contact", "securite@site.example"),
            ("--mail-from", "équipe"),
            ("--team-email", "équipe"),
            ("--partner-space-url", "partenaires"),
            ("--security-contact", "http://site.example"),
            ("--embed-origin", "http://portail.example"),
            ("--embed-origin", "*"),
            ("--log-level", "loud"),
            ("--proconnect-issuer", "http://auth.example/api/v2"),
            ("--proconnect-algorithm", "hs256"),
            ("--proconnect-scopes", "email"),
            ("--trusted-identity-providers", "a b"),
            ("--team-mfa", "maybe"),
            ("--organisation-api", "http://recherche.example/search"),
            ("--organisation-api", "https://recherche.example/search?q="),
        ] {
            let error = settings(&[flag, value]).unwrap_err().to_string();
            assert!(error.contains(flag) && error.contains(value), "{error}");
        }
    }

    #[test]
    fn the_lifetime_of_tombstones_may_be_set_by_its_earlier_name_but_not_by_both() {
        let months = |flags: &[&str]| settings(flags).map(|settings| settings.retention.tombstone_months());
        assert_eq!(months(&[]).unwrap(), 12);
        assert_eq!(months(&["--keep-tombstones-months", "3"]).unwrap(), 3);
        assert_eq!(months(&["--keep-traces-months", "3"]).unwrap(), 3);
        assert!(months(&["--keep-traces-months", "3", "--keep-tombstones-months", "3"]).is_err());
        assert!(months(&["--keep-traces-months", "0"]).is_err());
    }

    #[test]
    fn without_a_public_url_the_server_is_where_it_listens_if_that_is_this_machine() {
        let settings = settings(&[]).unwrap();
        assert_eq!(
            settings.public_url("127.0.0.1:8080".parse().unwrap()).unwrap().to_string(),
            "http://127.0.0.1:8080/"
        );
        assert!(settings.public_url("0.0.0.0:8080".parse().unwrap()).is_err());
        assert!(settings.public_url("192.0.2.1:8080".parse().unwrap()).is_err());
    }

    #[test]
    fn a_public_url_that_others_reach_needs_tls() {
        let listener = "127.0.0.1:8080".parse().unwrap();
        for (url, taken) in [
            ("https://habilitation.example", true),
            ("http://localhost:8080", true),
            ("http://habilitation.example", false),
        ] {
            assert_eq!(settings(&["--public-url", url]).unwrap().public_url(listener).is_ok(), taken, "{url}");
        }
    }

    #[test]
    fn portals_are_named_one_by_one_and_none_is_this_server() {
        let settings = settings(&["--embed-origin", "https://a.example", "--embed-origin=https://b.example"]).unwrap();
        let origins: Vec<&str> = settings.embed_origin.iter().map(Portal::as_str).collect();
        assert_eq!(origins, ["https://a.example", "https://b.example"]);
        assert!(settings.check_portals(&"https://habilitation.example".parse().unwrap()).is_ok());
        let error = settings.check_portals(&"https://b.example".parse().unwrap()).unwrap_err().to_string();
        assert!(error.contains("--embed-origin https://b.example"), "{error}");
    }

    #[test]
    fn the_operators_texts_are_read_from_their_files() {
        let folder = tempfile::tempdir().unwrap();
        let notice = folder.path().join("notice.txt");
        fs::write(&notice, "Éditeur.\n\nHébergeur.").unwrap();
        let path = notice.to_str().unwrap();
        let config =
            settings(&["--legal-notice", path, "--operator-name", "DINUM"]).unwrap().page_config(true).unwrap();
        assert_eq!(config.operator.legal_notice, "Éditeur.\n\nHébergeur.");
        assert_eq!(config.operator.name, "DINUM");
        assert_eq!(config.contacts, Contacts::default());
        assert!(config.demonstration);

        fs::remove_file(&notice).unwrap();
        let error = settings(&["--legal-notice", path]).unwrap().page_config(true).unwrap_err().to_string();
        assert!(error.contains("--legal-notice") && error.contains(path), "{error}");
    }
}
