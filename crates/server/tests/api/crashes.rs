//! The program under `kill -9`: clients save, send documents, submit and delete over HTTP, applicants and examiners act, while it is
//! killed again and again on the same data folder. What it acknowledged must be there when it comes back, what it did not acknowledge must
//! be there whole or not at all, and it must come back.
//!
//! `HABILITATION_SEED=…` runs other workloads and other moments; `HABILITATION_KILLS=…` runs more of them. A killed process
//! leaves what it wrote to the system: this proves the order of writing, not that the disk was flushed.

mod client;
mod history;
mod life;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use habilitation_model::{Draft, Id, Request};
use habilitation_simulator::Random;
use tokio::sync::Notify;

use self::client::Client;
use self::history::{Wrong, numbers_are_whole};
use self::life::Life;
use crate::environment::number_from_environment;
use crate::program::{Program, folder_with_page};

const KILLS: u32 = 50;
const CLIENTS: u32 = 8;
/// Requests on which an applicant and an examiner act.
const LIVES: usize = 3;
/// Kills after which requests that nothing changes any more are read again; they also are at the end.
const ALL_EVERY: u32 = 10;
/// A log that nobody reads must not fill its pipe.
const FLAGS: &[&str] = &["--calls-per-minute", "1000000", "--sign-ins-per-minute", "1000000", "--log-level", "warn"];
/// Most calls that are acknowledged between two kills.
const LIFE: usize = 40;

/// Counts acknowledged calls, and notifies when there are enough.
struct Tally {
    left: AtomicUsize,
    enough: Notify,
}

impl Tally {
    fn new(acknowledged: usize) -> Arc<Self> {
        Arc::new(Self { left: AtomicUsize::new(acknowledged), enough: Notify::new() })
    }

    fn count(&self) {
        if self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.enough.notify_one();
        }
    }
}

#[derive(Debug, Default)]
struct Outcome {
    kills: u32,
    refused_starts: u32,
    acknowledged: u64,
    /// Calls of applicants and examiners that were acknowledged.
    acts: u64,
    wrong: Vec<Wrong>,
}

/// Lets clients work on one server that is killed so many times; `meddle` is called while it is down.
async fn run(seed: u64, kills: u32, meddle: impl Fn(u32, &Path)) -> Outcome {
    let folder = folder_with_page();
    let mut random = Random::new(seed);
    let mut outcome = Outcome::default();
    let mut clients: Vec<Client> = (0..CLIENTS).map(|number| Client::new(number, random.number())).collect();
    let mut lives: Vec<Life> = (0..LIVES).map(|number| Life::new(number, random.number())).collect();
    for life in 0..=kills {
        let Ok(program) = Program::try_start(folder.path(), FLAGS) else {
            outcome.refused_starts += 1;
            break;
        };
        let all = life == kills || life % ALL_EVERY == 0;
        for client in &mut clients {
            outcome.wrong.extend(client.check(&program, all).await);
        }
        for life in &mut lives {
            outcome.wrong.extend(life.check(&program).await);
        }
        let numbers: BTreeMap<Id, String> =
            clients.iter().flat_map(Client::numbers).chain(lives.iter().flat_map(Life::numbers)).collect();
        outcome.wrong.extend(numbers_are_whole(&numbers));
        outcome.wrong.extend(rows(folder.path()));
        if life == kills || !outcome.wrong.is_empty() {
            break;
        }
        let tally = Tally::new(1 + random.below(LIFE));
        let working: Vec<_> = clients
            .drain(..)
            .map(|client| tokio::spawn(client.work(program.origin().to_owned(), Arc::clone(&tally))))
            .collect();
        let living: Vec<_> = lives
            .drain(..)
            .map(|life| tokio::spawn(life.work(program.origin().to_owned(), Arc::clone(&tally))))
            .collect();
        tally.enough.notified().await;
        // A moment between two acknowledgements, and not always the one after the last.
        for _ in 0..random.below(3_000) {
            tokio::task::yield_now().await;
        }
        program.kill();
        outcome.kills += 1;
        for client in working {
            clients.push(client.await.unwrap());
        }
        for life in living {
            lives.push(life.await.unwrap());
        }
        meddle(life, folder.path());
    }
    outcome.acknowledged = clients.iter().map(Client::acknowledged).sum();
    outcome.acts = lives.iter().map(Life::acknowledged).sum();
    outcome
}

/// Returns the half-written files in the data folder.
fn rows(folder: &Path) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    let mut half = |what: String| wrong.push(Wrong::HalfWritten(what));
    let data = folder.join("data");
    let database = rusqlite::Connection::open(data.join("habilitation.sqlite")).unwrap();
    for check in ["integrity_check", "foreign_key_check"] {
        let mut statement = database.prepare(&format!("PRAGMA {check}")).unwrap();
        let told = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        told.map(Result::unwrap).filter(|told| told != "ok").for_each(|told| half(format!("{check}: {told}")));
    }
    let sql = "SELECT id, state, number, revision, draft,
                      (SELECT count(*) FROM submissions WHERE request = id) AS submissions,
                      (SELECT count(*) FROM events WHERE request = requests.id) AS events
               FROM requests";
    let mut statement = database.prepare(sql).unwrap();
    let mut requests = statement.query([]).unwrap();
    while let Some(row) = requests.next().unwrap() {
        let text = |name| row.get::<_, Option<String>>(name).unwrap();
        let id = text("id").unwrap();
        if serde_json::from_str::<Draft>(&text("draft").unwrap()).is_err() {
            half(format!("the draft of {id} cannot be read"));
        }
        let is_sent = text("number").is_some();
        let of_history = ["submissions", "events"].map(|name| row.get::<_, u64>(name).unwrap() > 0);
        if of_history != [is_sent; 2] || (!is_sent && text("state").as_deref() != Some("draft")) {
            half(format!("{id} is half submitted"));
        }
        if row.get::<_, u64>("revision").unwrap() == 0 {
            half(format!("{id} has no revision"));
        }
    }
    let mut statement = database.prepare("SELECT file, size FROM documents").unwrap();
    let files = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, u64>(1)?))).unwrap();
    for (file, size) in files.map(Result::unwrap) {
        let length = fs::metadata(data.join("documents").join(&file)).map(|metadata| metadata.len());
        if length.ok() != Some(size) {
            half(format!("the file {file} has not its {size} bytes"));
        }
    }
    if fs::read_dir(data.join("incoming")).unwrap().next().is_some() {
        half("a file is left that nobody finished".to_owned());
    }
    wrong
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_was_acknowledged_is_lost_however_often_it_is_killed() {
    let seed = number_from_environment("HABILITATION_SEED").unwrap_or(3);
    let kills = number_from_environment("HABILITATION_KILLS").map_or(KILLS, |kills| u32::try_from(kills).unwrap());
    let outcome = run(seed, kills, |_, _| {}).await;
    println!(
        "seed {seed}: {} kills, {} calls and {} of lives acknowledged, {} refused starts, {} wrong",
        outcome.kills,
        outcome.acknowledged,
        outcome.acts,
        outcome.refused_starts,
        outcome.wrong.len()
    );
    assert_eq!(outcome.wrong, [], "seed {seed}");
    assert_eq!((outcome.kills, outcome.refused_starts), (kills, 0), "seed {seed}");
    assert!(outcome.acknowledged.min(outcome.acts) > u64::from(kills), "seed {seed}: {outcome:?}");
}

/// Runs the same test against a server that keeps nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_forgets_is_found_out() {
    let aside = tempfile::tempdir().unwrap();
    let outcome = run(3, 4, |life, folder| {
        let (data, kept) = (folder.join("data"), aside.path().join("data"));
        if life > 0 {
            fs::remove_dir_all(&data).unwrap();
            copy(&kept, &data);
        } else {
            copy(&data, &kept);
        }
    })
    .await;
    assert!(outcome.wrong.iter().any(|wrong| matches!(wrong, Wrong::Lost(_))), "{:?}", outcome.wrong);
}

/// Runs the same test against a server whose files are broken.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_leaves_half_a_file_is_found_out() {
    let outcome = run(3, 10, |_, folder| {
        for file in fs::read_dir(folder.join("data/documents")).unwrap() {
            fs::write(file.unwrap().path(), b"%PDF-").unwrap();
        }
    })
    .await;
    assert!(outcome.wrong.iter().any(|wrong| matches!(wrong, Wrong::HalfWritten(_))), "{:?}", outcome.wrong);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let copied = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &copied);
        } else {
            fs::copy(&path, &copied).unwrap();
        }
    }
}

#[test]
fn a_submitted_request_can_be_made_of_the_drafts_that_clients_save() {
    let draft = client::complete(7);
    assert!(Request::new(&draft, &[]).is_ok());
}
