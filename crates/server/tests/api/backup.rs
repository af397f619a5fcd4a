//! `backup` beside a server that works, `restore` into an empty place, and both under `kill -9`.
//!
//! A killed command leaves what it wrote to the system: this proves the order of writing, not that the disk was flushed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use habilitation_fixtures::{id, named, pdf, ready};
use habilitation_model::Id;
use habilitation_model::wire::{RequestSummary, StoredRequest};
use tempfile::TempDir;

use crate::app::{address, tag};
use crate::call::Call;
use crate::operating::run;
use crate::program::{Program, command, folder_with_page};

const FLAGS: &[&str] = &["--calls-per-minute", "1000000", "--log-level", "warn"];
/// Moments at which a command is killed.
const KILLS: u64 = 12;

/// Client of a server that goes on where another process serves the same data.
#[derive(Clone)]
struct Client {
    origin: String,
    cookie: String,
}

impl Client {
    async fn of(program: &Program) -> Self {
        Self { origin: program.origin().to_owned(), cookie: program.sign_in().await }
    }

    fn call(&self, method: &str, path: &str) -> Call {
        Call::to(&self.origin, method, path).header("cookie", &self.cookie)
    }

    async fn save(&self, id: &Id, revision: u64, name: &str) -> u64 {
        let call = self.call("PUT", &address(id)).json(&serde_json::json!({"schema": 1, "draft": named(name)}));
        let call =
            if revision == 0 { call.header("if-none-match", "*") } else { call.header("if-match", &tag(revision)) };
        call.send().await.read::<RequestSummary>().revision
    }

    fn document(request: &Id, document: &Id) -> String {
        format!("{}/documents/{document}", address(request))
    }

    async fn send(&self, request: &Id, document: &Id, bytes: &[u8]) {
        let call = self.call("PUT", &Self::document(request, document));
        let answer = call.header("content-type", "application/pdf").body(bytes).send().await;
        assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
    }

    async fn remove(&self, request: &Id, document: &Id) {
        assert_eq!(self.call("DELETE", &Self::document(request, document)).send().await.status, 204);
    }
}

/// Calls that a server acknowledged: the last revision of each request with its name, and the text of each document.
#[derive(Clone, Default)]
struct Acknowledged {
    requests: BTreeMap<Id, (u64, String)>,
    documents: BTreeMap<(Id, Id), String>,
}

impl Acknowledged {
    /// Asserts that a server has all of it, or what came after.
    async fn is_served_by(&self, client: &Client) {
        for (id, (revision, name)) in &self.requests {
            let request: StoredRequest = client.call("GET", &address(id)).send().await.read();
            assert!(request.revision >= *revision, "{id}: revision {} of {revision}", request.revision);
            assert!(request.revision > *revision || request.draft.project.name.as_str() == name, "{id}");
        }
        for ((request, document), text) in &self.documents {
            let answer = client.call("GET", &Client::document(request, document)).send().await;
            assert_eq!((answer.status, &answer.body[..]), (200, &pdf(text)[..]), "{request} {document}");
        }
    }
}

/// Saves, sends documents and removes others, until it is aborted.
async fn work(client: Client, first: u8, all: Arc<Mutex<Acknowledged>>) {
    let passing = id(250);
    for round in 0_u32.. {
        let (request, name) = (id(first + u8::try_from(round % 8).unwrap()), format!("Tour {round}"));
        let revision = all.lock().unwrap().requests.get(&request).map_or(0, |(revision, _)| *revision);
        let revision = client.save(&request, revision, &name).await;
        let document = id(100 + u8::try_from(round % 40).unwrap());
        let key = (request.clone(), document.clone());
        all.lock().unwrap().requests.insert(request.clone(), (revision, name.clone()));
        let is_sent = all.lock().unwrap().documents.contains_key(&key);
        if !is_sent {
            client.send(&request, &document, &pdf(&name)).await;
            all.lock().unwrap().documents.insert(key, name);
        }
        client.send(&request, &passing, &pdf("passing")).await;
        client.remove(&request, &passing).await;
    }
}

/// Returns the number that stands before these words.
fn number_before(text: &str, words: &str) -> usize {
    text.split_once(words).unwrap().0.trim_end().rsplit(' ').next().unwrap().parse().unwrap()
}

/// Restores a backup into a folder of its own, and starts a server on it.
fn restored(to: &Path) -> (TempDir, Program) {
    let folder = folder_with_page();
    let (code, _, reason) = run(folder.path(), &["restore", to.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{reason}");
    let (code, told, _) = run(folder.path(), &["check"]);
    assert_eq!(code, Some(0), "{told}");
    let program = Program::start(folder.path(), FLAGS);
    (folder, program)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_holds_all_that_was_acknowledged_before_it_began() {
    let folder = folder_with_page();
    let to = folder.path().join("backup");
    let program = Program::start(folder.path(), FLAGS);
    let client = Client::of(&program).await;
    let all = Arc::new(Mutex::new(Acknowledged::default()));
    let working: Vec<_> =
        [1, 21, 41].map(|first| tokio::spawn(work(client.clone(), first, Arc::clone(&all)))).into_iter().collect();
    let mut last = 0;
    for _ in 0..3 {
        while all.lock().unwrap().documents.len() <= last + 20 {
            assert!(!working.iter().any(tokio::task::JoinHandle::is_finished), "somebody gave up: see above");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let of_earlier_backup = last;
        let before = all.lock().unwrap().clone();
        last = before.documents.len();
        let (path, place) = (folder.path().to_owned(), to.to_str().unwrap().to_owned());
        let backup = tokio::task::spawn_blocking(move || run(&path, &["backup", &place])).await.unwrap();
        assert_eq!(backup.0, Some(0), "{}", backup.2);
        assert!(backup.2.contains("documents: ") && backup.2.contains(" bytes"), "{}", backup.2);
        let (documents, copied) =
            (number_before(&backup.1, "documents and"), number_before(&backup.1, "documents were"));
        assert!(documents >= before.documents.len(), "{}", backup.1);
        assert!(copied + of_earlier_backup <= documents, "what was there is not copied again: {}", backup.1);
        let (_restored, server) = restored(&to);
        before.is_served_by(&Client::of(&server).await).await;
    }
    for work in working {
        work.abort();
    }
}

/// A data folder with documents, and what a server acknowledged of them.
async fn filled(documents: u8) -> (TempDir, Acknowledged) {
    let folder = folder_with_page();
    let program = Program::start(folder.path(), FLAGS);
    let client = Client::of(&program).await;
    let mut all = Acknowledged::default();
    for number in 0..documents {
        let (request, text) = (id(1 + number / 40), format!("{number} {}", "x".repeat(100_000)));
        if number % 40 == 0 {
            let revision = client.save(&request, 0, "Guichet").await;
            all.requests.insert(request.clone(), (revision, "Guichet".to_owned()));
        }
        client.send(&request, &id(100 + number), &pdf(&text)).await;
        all.documents.insert((request, id(100 + number)), text);
    }
    program.stop("-TERM");
    (folder, all)
}

/// Runs a command and kills it after so many milliseconds. Returns whether it had ended.
fn killed_after(milliseconds: u64, folder: &Path, arguments: &[&str]) -> bool {
    let mut child = command(folder, arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(milliseconds));
    let has_ended = child.try_wait().unwrap().is_some_and(|status| status.success());
    // It fails where the command has ended.
    let _ = child.kill();
    child.wait().unwrap();
    has_ended
}

#[tokio::test]
async fn a_backup_that_is_killed_is_none_until_it_was_run_to_its_end() {
    let (folder, all) = filled(60).await;
    let to = folder.path().join("backup");
    let (arguments, mut whole) = (["backup", to.to_str().unwrap()], false);
    for kill in 0..KILLS {
        whole |= killed_after(5 * kill * kill, folder.path(), &arguments);
        let place = tempfile::tempdir().unwrap();
        let (code, _, reason) = run(place.path(), &["restore", to.to_str().unwrap()]);
        if whole {
            assert_eq!(code, Some(0), "an earlier backup stays whole: {reason}");
        } else if code != Some(0) {
            assert!(reason.contains("no whole backup in this folder"), "{reason}");
        }
    }
    let (code, told, reason) = run(folder.path(), &arguments);
    assert_eq!(code, Some(0), "{reason}");
    assert_eq!(number_before(&told, "documents and"), 60);
    assert!(number_before(&told, "documents were") < 60, "it goes on where it was cut: {told}");
    let (_restored, server) = restored(&to);
    all.is_served_by(&Client::of(&server).await).await;
}

#[tokio::test]
async fn a_restore_that_is_killed_keeps_a_server_from_starting_until_it_was_run_to_its_end() {
    let (folder, all) = filled(60).await;
    let to = folder.path().join("backup");
    assert_eq!(run(folder.path(), &["backup", to.to_str().unwrap()]).0, Some(0));
    let mut cut = 0;
    for kill in 0..KILLS {
        let place = folder_with_page();
        let arguments = ["restore", to.to_str().unwrap()];
        let has_ended = killed_after(5 * kill * kill, place.path(), &arguments);
        let data = place.path().join("data");
        if data.join("restoring").exists() {
            cut += 1;
            let reason = Program::try_start(place.path(), FLAGS).err().unwrap();
            assert!(reason.contains("a restore into it was not finished; run it again"), "{reason}");
        }
        let is_whole = data.join("habilitation.sqlite").exists() && !data.join("restoring").exists();
        assert!(is_whole || !has_ended);
        if !is_whole {
            let (code, _, reason) = run(place.path(), &arguments);
            assert_eq!(code, Some(0), "{reason}");
        }
        let server = Program::start(place.path(), FLAGS);
        all.is_served_by(&Client::of(&server).await).await;
    }
    assert!(cut > 0, "no restore was cut");
}

#[tokio::test]
async fn what_is_not_whole_or_not_empty_is_refused() {
    let (folder, _) = filled(2).await;
    let to = folder.path().join("backup");
    let place = to.to_str().unwrap();
    let refused = |folder: &Path, arguments: &[&str]| {
        let (code, told, reason) = run(folder, arguments);
        assert!(code == Some(1) && told.is_empty() && reason.contains("error: "), "{told}{reason}");
        reason
    };
    let empty = || folder_with_page();
    assert!(refused(empty().path(), &["backup", place]).contains("there is no database"));
    assert!(
        refused(folder.path(), &["backup", folder.path().join("data").to_str().unwrap()]).contains("something else")
    );
    assert!(refused(empty().path(), &["restore", "/nonexistent"]).contains("no whole backup"));
    assert_eq!(run(folder.path(), &["backup", place]).0, Some(0));
    assert!(refused(folder.path(), &["restore", place]).contains("it is not empty"));

    let document = fs::read_dir(to.join("documents")).unwrap().next().unwrap().unwrap().path();
    let bytes = fs::read(&document).unwrap();
    fs::write(&document, pdf("forged")).unwrap();
    assert!(refused(empty().path(), &["restore", place]).contains("not what the manifest says"));
    fs::write(&document, bytes).unwrap();
    let manifest = fs::read_to_string(to.join("manifest.json")).unwrap();
    for (text, forged, said) in [
        ("\"format\": 1", "\"format\": 2", "lays backups out otherwise"),
        ("\"file\": \"database-", "\"file\": \"../data/database-", "names files that no backup has"),
        ("\"bytes\"", "\"byte\"", "unknown field"),
    ] {
        fs::write(to.join("manifest.json"), manifest.replace(text, forged)).unwrap();
        assert!(refused(empty().path(), &["restore", place]).contains(said), "{forged}");
    }
    fs::write(to.join("manifest.json"), manifest).unwrap();
    assert_eq!(run(empty().path(), &["restore", place]).0, Some(0));
}

/// Returns all paths below a folder.
fn below(folder: &Path) -> BTreeSet<PathBuf> {
    let mut paths = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.is_symlink() {
            paths.extend(below(&path));
        }
        paths.insert(path);
    }
    paths
}

#[tokio::test]
async fn a_backup_leaves_a_folder_alone_that_is_not_its_own() {
    let (folder, _) = filled(1).await;
    let names =
        ["documents/report.pdf", "database-old.sqlite", "documents/0123456789abcdef0123456789abcdef", "notes.part"];
    for name in names {
        let other = tempfile::tempdir().unwrap();
        let file = other.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, "theirs").unwrap();
        let before = below(other.path());
        let (code, _, reason) = run(folder.path(), &["backup", other.path().to_str().unwrap()]);
        assert!(code == Some(1) && reason.contains("backup"), "{name}: {reason}");
        assert_eq!(below(other.path()), before, "{name}");
    }
    let to = folder.path().join("backup");
    fs::create_dir_all(to.join("lost+found")).unwrap();
    let arguments = ["backup", to.to_str().unwrap()];
    assert_eq!(run(folder.path(), &arguments).0, Some(0), "a disk of its own is empty");
    assert!(to.join("lost+found").is_dir());
    let elsewhere = folder.path().join("elsewhere");
    fs::write(&elsewhere, "theirs").unwrap();
    let link = to.join("documents/0123456789abcdef0123456789abcdef");
    std::os::unix::fs::symlink(&elsewhere, &link).unwrap();
    let (code, _, reason) = run(folder.path(), &arguments);
    assert!(code == Some(1) && reason.contains("something else than a backup"), "{reason}");
    assert!(link.is_symlink());
}

#[tokio::test]
async fn a_lost_document_is_named_and_all_else_is_in_the_backup() {
    let (folder, mut all) = filled(3).await;
    let to = folder.path().join("backup");
    let documents = || -> Vec<PathBuf> { below(&folder.path().join("data/documents")).into_iter().collect() };
    let arguments = ["backup", to.to_str().unwrap()];
    let lost = documents()[0].clone();
    let bytes = fs::read(&lost).unwrap();
    fs::remove_file(&lost).unwrap();
    fs::write(&documents()[0], "cut").unwrap();
    let (code, told, reason) = run(folder.path(), &arguments);
    assert!(code == Some(1) && reason.contains("error: 2 documents are missing in the data folder"), "{reason}");
    assert_eq!(number_before(&told, "documents and"), 1);
    let manifest = fs::read_to_string(to.join("manifest.json")).unwrap();
    let name = lost.file_name().unwrap().to_str().unwrap();
    assert!(manifest.contains(name) && reason.contains(name), "{manifest}");

    let place = folder_with_page();
    let (code, _, reason) = run(place.path(), &["restore", to.to_str().unwrap()]);
    assert!(code == Some(1) && reason.contains("error: 2 documents were missing in the backup"), "{reason}");
    let server = Program::start(place.path(), FLAGS);
    let client = Client::of(&server).await;
    let mut served = 0;
    for (request, document) in all.documents.keys() {
        served += u16::from(client.call("GET", &Client::document(request, document)).send().await.status == 200);
    }
    assert_eq!(served, 1);
    all.documents.clear();
    all.is_served_by(&client).await;

    // The backup keeps what it has, though the data folder loses it.
    fs::write(&lost, bytes).unwrap();
    assert!(run(folder.path(), &arguments).2.contains("error: 1 documents"));
    fs::remove_file(&lost).unwrap();
    assert!(run(folder.path(), &arguments).2.contains("error: 1 documents"));
}

#[tokio::test]
async fn mails_that_are_files_are_in_the_backup_and_sessions_are_not() {
    let folder = folder_with_page();
    let program = Program::start(folder.path(), FLAGS);
    let client = Client::of(&program).await;
    let save = client.call("PUT", &address(&id(1))).header("if-none-match", "*");
    assert_eq!(save.json(&serde_json::json!({"schema": 1, "draft": ready()})).send().await.status, 201);
    let submit = client.call("POST", &format!("{}/submission", address(&id(1)))).header("if-match", "\"1\"");
    assert_eq!(submit.send().await.status, 201);
    let is_mail = |path: &PathBuf| path.extension().is_some_and(|end| end == "eml");
    let mails = |folder: &Path| below(folder).iter().filter(|path| is_mail(path)).count();
    while mails(&folder.path().join("data")) < 2 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let to = folder.path().join("backup");
    assert_eq!(run(folder.path(), &["backup", to.to_str().unwrap()]).0, Some(0));
    program.stop("-TERM");
    let (restored, server) = restored(&to);
    assert_eq!(mails(&restored.path().join("data")), mails(&folder.path().join("data")));
    let earlier = Client { origin: server.origin().to_owned(), cookie: client.cookie };
    assert_eq!(earlier.call("GET", &address(&id(1))).send().await.status, 401, "the session has ended");
    assert_eq!(Client::of(&server).await.call("GET", &address(&id(1))).send().await.status, 200);
}

#[tokio::test]
async fn a_restore_goes_on_only_where_it_was_cut() {
    let (folder, all) = filled(2).await;
    let to = folder.path().join("backup");
    let arguments = ["restore", to.to_str().unwrap()];
    assert_eq!(run(folder.path(), &["backup", to.to_str().unwrap()]).0, Some(0));

    let other = folder_with_page();
    drop(Program::start(other.path(), FLAGS));
    let data = other.path().join("data");
    fs::write(data.join("restoring"), "").unwrap();
    let before = fs::read(data.join("habilitation.sqlite")).unwrap();
    let (code, _, reason) = run(other.path(), &arguments);
    assert!(code == Some(1) && reason.contains("a database that is not of this restore"), "{reason}");
    assert_eq!(fs::read(data.join("habilitation.sqlite")).unwrap(), before);

    let full = folder_with_page();
    fs::create_dir_all(full.path().join("data")).unwrap();
    fs::write(full.path().join("data/theirs"), "").unwrap();
    assert!(run(full.path(), &arguments).2.contains("it is not empty"));
    assert_eq!(below(&full.path().join("data")).len(), 1, "a folder that is refused stays as it was");

    // The journal of another database would be taken for a part of the one that comes.
    let place = folder_with_page();
    let data = place.path().join("data");
    fs::create_dir_all(data.join("lost+found")).unwrap();
    fs::write(data.join("restoring"), "").unwrap();
    for end in ["-wal", "-journal", ".part-wal", ".part-journal"] {
        fs::write(data.join(format!("habilitation.sqlite{end}")), "of another").unwrap();
    }
    assert_eq!(run(place.path(), &arguments).0, Some(0));
    assert!(
        below(&data).iter().all(|path| !path.to_string_lossy().contains("sqlite-") && !path.ends_with("restoring"))
    );
    let server = Program::start(place.path(), FLAGS);
    all.is_served_by(&Client::of(&server).await).await;
}
