//! A server to test, with a clock that the test sets.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use clap::Parser;
use habilitation_bucket::Bucket;
use habilitation_model::schema;
use habilitation_model::wire::{CaughtMail, CaughtMails, DraftToSave, Receipt, RequestSummary, StoredRequest};
use habilitation_model::{Draft, Id, SCHEMA};
use habilitation_server::clock::Clock;
use habilitation_server::random::SystemRandom;
use habilitation_server::settings::Settings;
use habilitation_server::{Chores, ReadDraft, Server};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::call::{Call, Response};

/// Time of the clock when a test begins.
pub(crate) const START: &str = "2026-11-22T12:00:00Z";

struct HandClock(Mutex<Timestamp>);

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// Settings of a server to come.
pub(crate) struct Builder {
    settings: Settings,
    page: BTreeMap<String, Vec<u8>>,
    folder: TempDir,
    read_draft: ReadDraft,
    bucket: Option<Bucket>,
}

impl Builder {
    /// Changes the settings.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    /// Adds a file to the page.
    pub(crate) fn file(mut self, name: &str, bytes: &[u8]) -> Self {
        self.page.insert(name.to_owned(), bytes.to_vec());
        self
    }

    /// Fills the data folder before the server opens it.
    pub(crate) fn data(self, fill: impl FnOnce(&Path)) -> Self {
        fill(&self.settings.data);
        self
    }

    /// Keeps documents in a bucket.
    pub(crate) fn bucket(mut self, bucket: Bucket) -> Self {
        self.settings.bucket.bucket = Some(format!("s3://{}/prod", habilitation_bucket::NAME).parse().unwrap());
        self.settings.bucket.bucket_timeout_seconds = 30;
        self.settings.bucket.variables = Some(bucket.variables());
        self.bucket = Some(bucket);
        self
    }

    /// Reads stored drafts by another function.
    pub(crate) fn reading(self, read_draft: ReadDraft) -> Self {
        Self { read_draft, ..self }
    }

    pub(crate) async fn start(self) -> TestApp {
        let Self { settings, page, folder, read_draft, bucket } = self;
        for (name, bytes) in &page {
            let path = settings.dist.as_ref().unwrap().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        let clock = Arc::new(HandClock(Mutex::new(START.parse().unwrap())));
        let running = Running::start(&settings, clock.clone(), read_draft).await;
        TestApp { folder, settings, clock, read_draft, running, bucket }
    }
}

struct Running {
    origin: String,
    address: std::net::SocketAddr,
    chores: Chores,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

impl Running {
    async fn start(settings: &Settings, clock: Arc<dyn Clock>, read_draft: ReadDraft) -> Self {
        let server = Server::open_with(settings, clock, Arc::new(SystemRandom), read_draft).await.unwrap();
        let (stop, stopped) = oneshot::channel();
        let origin = server.public_url().origin();
        let address = server.address();
        let chores = server.chores();
        let ended = tokio::spawn(server.run(async {
            let _ = stopped.await;
        }));
        Self { origin, address, chores, stop, ended }
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        self.ended.await.unwrap();
    }
}

/// A server that runs in this process.
pub(crate) struct TestApp {
    folder: TempDir,
    settings: Settings,
    clock: Arc<HandClock>,
    read_draft: ReadDraft,
    running: Running,
    bucket: Option<Bucket>,
}

impl TestApp {
    /// A server with the default settings and a page of one file.
    pub(crate) async fn start() -> Self {
        Self::builder().start().await
    }

    pub(crate) fn builder() -> Builder {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::parse_from(["habilitation-server", "--listen", "127.0.0.1:0"]);
        (settings.data, settings.dist) = (folder.path().join("data"), Some(folder.path().join("dist")));
        Builder { settings, page: BTreeMap::new(), folder, read_draft: schema::read_draft, bucket: None }
            .file("index.html", b"<!doctype html><title>Habilitation</title>")
    }

    /// Stops the server and starts another on the same data and the same port.
    pub(crate) async fn restart(self) -> Self {
        let Self { folder, mut settings, clock, read_draft, running, bucket } = self;
        settings.listen = running.address;
        running.stop().await;
        let running = Running::start(&settings, clock.clone(), read_draft).await;
        Self { folder, settings, clock, read_draft, running, bucket }
    }

    pub(crate) fn data(&self) -> &Path {
        &self.settings.data
    }

    pub(crate) fn origin(&self) -> &str {
        &self.running.origin
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, duration: SignedDuration) {
        *self.clock.0.lock().unwrap() += duration;
    }

    pub(crate) async fn purge(&self) {
        self.running.chores.purge().await.unwrap();
    }

    /// Sends the mails that are due.
    pub(crate) async fn deliver(&self) {
        self.running.chores.deliver().await.unwrap();
    }

    /// Sends the mails that are due, and returns those to an address, the oldest first.
    pub(crate) async fn mails_to(&self, address: &str) -> Vec<CaughtMail> {
        self.deliver().await;
        let mut mails = self.get("/api/demo/mail").await.read::<CaughtMails>().mails;
        mails.reverse();
        mails.retain(|mail| mail.to == address);
        mails
    }

    /// A call that our own page would make.
    pub(crate) fn call(&self, method: &str, path: &str) -> Call {
        Call::new(self.running.address, method, path)
            .header("host", self.origin().split("//").nth(1).unwrap())
            .header("origin", self.origin())
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.call("GET", path).send().await
    }

    pub(crate) async fn sign_in(&self, person: &str) -> Person<'_> {
        let body = serde_json::json!({ "person": person });
        let answer = self.call("POST", "/api/demo/session").json(&body).send().await;
        assert_eq!(answer.status, 201);
        let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        Person { app: self, cookie }
    }

    /// Returns every stored value but the times at which people were last seen, to prove that a call changed nothing.
    pub(crate) fn kept(&self) -> Vec<String> {
        let mut kept = self.kept_in(&[
            "requests",
            "deleted",
            "numbers",
            "documents",
            "submissions",
            "events",
            "seen",
            "reads",
            "queue",
            "habilitations",
            "templates",
            "sessions",
            "grants",
            "forewarnings",
            "erased",
            "erased_events",
            "participants",
            "invitations",
            "hand_overs",
        ]);
        kept.extend(self.files().into_iter().map(|path| path.display().to_string()));
        kept
    }

    /// Every value of the rows of requests.
    pub(crate) fn kept_requests(&self) -> Vec<String> {
        self.kept_in(&["requests"])
    }

    fn kept_in(&self, tables: &[&str]) -> Vec<String> {
        let database = rusqlite::Connection::open(self.data().join("habilitation.sqlite")).unwrap();
        let mut kept = Vec::new();
        for table in tables {
            let mut statement = database.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2")).unwrap();
            let columns = statement.column_count();
            let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
            let mut rows = statement.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                for column in (0..columns).filter(|column| names[*column] != "seen_at") {
                    kept.push(format!("{table}.{}: {:?}", names[column], row.get_ref(column).unwrap()));
                }
            }
        }
        kept
    }

    /// The bucket of the documents.
    pub(crate) fn bucket(&self) -> &Bucket {
        self.bucket.as_ref().unwrap()
    }

    /// The bucket of the documents, to be stopped and started.
    pub(crate) fn bucket_to_stop(&mut self) -> &mut Bucket {
        self.bucket.as_mut().unwrap()
    }

    /// The files of documents, finished or not: on disk, or the objects of the bucket.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        if let Some(bucket) = &self.bucket {
            assert_eq!(bucket.unfinished(), 0);
            let keys = bucket.keys().into_iter().filter(|key| key != "prod/mark");
            return keys.map(|key| bucket.objects().join(key)).collect();
        }
        let mut files: Vec<PathBuf> = ["documents", "incoming"]
            .iter()
            .flat_map(|folder| fs::read_dir(self.data().join(folder)).unwrap())
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        files
    }
}

/// Person who is signed in.
pub(crate) struct Person<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) cookie: String,
}

impl Person<'_> {
    pub(crate) fn call(&self, method: &str, path: &str) -> Call {
        self.app.call(method, path).header("cookie", &self.cookie)
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.call("GET", path).send().await
    }

    /// A save that creates, or changes the revision that is given.
    pub(crate) fn save(&self, id: &Id, revision: Option<u64>, draft: &Draft) -> Call {
        let body = DraftToSave { schema: SCHEMA, draft: draft.clone() };
        let call = self.call("PUT", &address(id)).json(&body);
        match revision {
            None => call.header("if-none-match", "*"),
            Some(revision) => call.header("if-match", &tag(revision)),
        }
    }

    pub(crate) async fn create(&self, id: &Id, draft: &Draft) -> RequestSummary {
        let answer = self.save(id, None, draft).send().await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.read()
    }

    pub(crate) async fn change(&self, id: &Id, revision: u64, draft: &Draft) -> RequestSummary {
        let answer = self.save(id, Some(revision), draft).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.read()
    }

    pub(crate) async fn read(&self, id: &Id) -> StoredRequest {
        let answer = self.get(&address(id)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.read()
    }

    pub(crate) async fn delete(&self, id: &Id, revision: u64) {
        let answer = self.call("DELETE", &address(id)).header("if-match", &tag(revision)).send().await;
        assert_eq!(answer.status, 204, "{}", answer.text());
    }

    pub(crate) fn submission(&self, id: &Id, revision: u64) -> Call {
        self.call("POST", &format!("{}/submission", address(id))).header("if-match", &tag(revision))
    }

    pub(crate) async fn submit(&self, id: &Id, revision: u64) -> Receipt {
        let answer = self.submission(id, revision).send().await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.read()
    }

    pub(crate) fn upload(&self, request: &Id, document: &Id, bytes: &[u8]) -> Call {
        let path = format!("{}/documents/{document}", address(request));
        self.call("PUT", &path).header("content-type", "application/pdf").body(bytes)
    }

    pub(crate) async fn send(&self, request: &Id, document: &Id, bytes: &[u8]) {
        let answer = self.upload(request, document, bytes).send().await;
        assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
    }
}

pub(crate) fn address(id: &Id) -> String {
    format!("/api/requests/{id}")
}

pub(crate) fn tag(revision: u64) -> String {
    format!("\"{revision}\"")
}
