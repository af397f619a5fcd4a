//! `check`: one line for each thing that the server needs, and whether it is there. It may run beside a server.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use clap::Args;

use super::Done;
use super::documents::Documents;
use crate::clock::SystemClock;
use crate::directory::Directory;
use crate::dist::Dist;
use crate::files::{self, FileName, NotOpened, RESTORING};
use crate::identity::proconnect::ProConnect;
use crate::mail::Mailer;
use crate::settings::{Settings, WrongSettings};
use crate::store::StoreFailure;
use crate::store::sqlite::{DATABASE, Inspected, inspect};
use crate::webhook::Webhook;

/// Free bytes of a disk below which a check fails.
const ROOM: u64 = 256 * 1024 * 1024;

/// Settings to verify.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) settings: Settings,
}

/// Outcome of one check: what is there, or what is wrong.
type Outcome = Result<String, String>;

/// Verifies all, and tells it on the standard output.
pub(super) fn run(Arguments { settings }: &Arguments) -> Done {
    let mut report = Report::default();
    let ways = ways(settings);
    let (address, ways) = match ways {
        Ok(ways) => (Ok(format!("people reach this server at {}", ways.address)), Some(ways)),
        Err(error) => (Err(error.to_string()), None),
    };
    report.tell("settings", address);
    report.tell("data folder", check_data(&settings.data));
    let documents = Documents::of(settings);
    report.tell("bucket", check_bucket(documents.as_ref()));
    let inspected = check_database(&settings.data, &mut report);
    if let (Some(inspected), Ok(documents)) = (inspected, &documents) {
        report.tell("documents", check_documents(documents, &inspected));
    }
    report.tell("page", check_page(settings));
    if let Some(ways) = ways {
        check_ways(ways, &mut report);
    }
    match report.failed {
        0 => Ok(()),
        1 => Err("one check failed".into()),
        failed => Err(format!("{failed} checks failed").into()),
    }
}

/// Asks the servers of others.
#[tokio::main(flavor = "current_thread")]
async fn check_ways(Ways { mailer, webhook, proconnect, team, directory, .. }: Ways, report: &mut Report) {
    report.tell("relay", mailer.check().await);
    report.tell(
        "webhook",
        match webhook {
            Some(webhook) => webhook.check().await,
            None => Ok("none is set; no notices leave".to_owned()),
        },
    );
    report.tell(
        "identity provider",
        match proconnect {
            Some(proconnect) => proconnect.check().await,
            None => Ok("none is set; nobody signs in, but for a demonstration on this machine".to_owned()),
        },
    );
    report.tell(
        "team",
        Ok(match team {
            0 => "none is set; nobody examines requests".to_owned(),
            members => format!("its file lists {members}"),
        }),
    );
    report.tell(
        "directory",
        Ok(match directory {
            Some(address) => format!("{address} is asked about each SIRET"),
            None => "none is set; nothing is asked about a SIRET".to_owned(),
        }),
    );
}

/// Lines that were told.
#[derive(Default)]
struct Report {
    failed: u32,
}

impl Report {
    fn tell(&mut self, subject: &str, outcome: Outcome) {
        match outcome {
            Ok(what) => println!("ok      {subject}: {what}"),
            Err(reason) => {
                self.failed += 1;
                println!("failed  {subject}: {reason}");
            }
        }
    }
}

/// Ways to the servers of others, and what the settings name beside.
struct Ways {
    /// Address under which people reach this server.
    address: String,
    mailer: Mailer,
    webhook: Option<Webhook>,
    proconnect: Option<ProConnect>,
    /// Number of subjects that the team lists.
    team: usize,
    /// Address of the directory of establishments.
    directory: Option<String>,
}

fn ways(settings: &Settings) -> Result<Ways, WrongSettings> {
    let public_url = settings.public_url(settings.listen)?;
    settings.check_portals(&public_url)?;
    settings.page_config(false)?;
    settings.webhook.bounces()?;
    let mailer = Mailer::open(settings, &public_url)?;
    let webhook = Webhook::open(&settings.webhook)?;
    let registration = settings.proconnect.registration()?;
    let team = settings.team.team(registration.as_ref())?.subjects().len();
    let clock = Arc::new(SystemClock);
    let directory = settings.organisation_api.clone().map(|url| Directory::open(url, clock));
    directory.transpose().map_err(|error| WrongSettings::NoCertificates(error.kind()))?;
    let directory = settings.organisation_api.as_ref().map(|url| url.as_str().to_owned());
    let proconnect = registration
        .map(|registration| ProConnect::open(registration, &public_url, Arc::new(SystemClock)))
        .transpose()
        .map_err(|error| WrongSettings::NoCertificates(error.kind()))?;
    Ok(Ways { address: public_url.to_string(), mailer, webhook, proconnect, team, directory })
}

fn check_data(folder: &Path) -> Outcome {
    if !folder.exists() {
        return Ok(format!("{} is not there yet; the first start makes it", folder.display()));
    }
    let wrong = |error: io::Error| format!("--data {}: {error}", folder.display());
    if folder.join(RESTORING).exists() {
        return Err(format!("--data {}: {}", folder.display(), NotOpened::HalfRestored));
    }
    write_probe(folder).map_err(wrong)?;
    let disk = rustix::fs::statvfs(folder).map_err(|error| wrong(error.into()))?;
    let room = disk.f_bavail.saturating_mul(disk.f_frsize);
    let mebibytes = room / (1024 * 1024);
    if room < ROOM {
        return Err(format!("--data {}: its disk has {mebibytes} MiB left", folder.display()));
    }
    Ok(format!("{} can be written, with {mebibytes} MiB left", folder.display()))
}

/// Writes a file and removes it.
fn write_probe(folder: &Path) -> io::Result<()> {
    let path = folder.join(format!("check-{}", std::process::id()));
    let mut file = files::private().create_new(true).open(&path)?;
    fs::remove_file(path)?;
    file.write_all(b"check")?;
    file.sync_all()
}

fn check_database(data: &Path, report: &mut Report) -> Option<Inspected> {
    let path = data.join(DATABASE);
    if !path.exists() {
        report.tell("database", Ok("there is none yet; the first start makes it".to_owned()));
        return None;
    }
    let inspected = inspect(&path).map_err(|error: StoreFailure| format!("{}: {error}", path.display()));
    let told = inspected.as_ref().map_err(String::clone).map(|inspected| {
        let later = if inspected.is_earlier { ", which the next start brings to this release" } else { "" };
        format!("it is whole, with {} requests and tables of version {}{later}", inspected.requests, inspected.version)
    });
    report.tell("database", told);
    inspected.ok()
}

fn check_bucket(documents: Result<&Documents, &String>) -> Outcome {
    match documents {
        Ok(Documents::Folder(_)) => Ok("none is set; documents are in the data folder".to_owned()),
        Ok(Documents::Bucket(shelf)) => shelf.check(),
        Err(reason) => Err(reason.clone()),
    }
}

fn check_documents(documents: &Documents, inspected: &Inspected) -> Outcome {
    let sizes = documents.sizes()?;
    let is_there = |name: &FileName, size: u64| sizes.get(name) == Some(&size);
    let missing = inspected.documents.iter().filter(|(name, size)| !is_there(name, *size)).count();
    match missing {
        0 => Ok(format!("all {} are there", inspected.documents.len())),
        _ => Err(format!("{missing} of {} are missing or of another length", inspected.documents.len())),
    }
}

fn check_page(settings: &Settings) -> Outcome {
    let config = settings.page_config(false).map_err(|error| error.to_string())?;
    let page = Dist::read(settings.dist.as_deref(), &config).map_err(|error| error.to_string())?;
    Ok(format!("it has {} files", page.count()))
}
