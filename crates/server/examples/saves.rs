//! Measures the saves per second over HTTP, beside those of the database alone at the same durability.
//!
//! `cargo run --release -p habilitation-server --example saves`

#![forbid(unsafe_code)]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{Method, Request};
use clap::Parser;
use habilitation_model::wire::DraftToSave;
use habilitation_model::{Id, SCHEMA};
use habilitation_server::Server;
use habilitation_server::clock::SystemClock;
use habilitation_server::random::SystemRandom;
use habilitation_server::settings::Settings;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use rusqlite::Connection;
use tokio::net::TcpStream;
use tokio::sync::oneshot::{Sender, channel};
use tokio::task::JoinHandle;

/// Duration of each measurement.
const SPAN: Duration = Duration::from_secs(1);
/// Rounds of each measurement, taken in turns so that other load on the machine weighs on all alike.
const ROUNDS: usize = 7;
/// People who save at the same time.
const CALLERS: [u8; 3] = [1, 4, 16];

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> Outcome<()> {
    let draft = town_hall()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let folder = tempfile::tempdir()?;
    let database = Database::open(&folder.path().join("alone.sqlite"))?;
    let server = runtime.block_on(Running::start(folder.path()))?;
    let mut alone = Vec::new();
    let mut over_http = CALLERS.map(|_| Vec::new());
    let mut ratios = CALLERS.map(|_| Vec::new());
    for round in 0..ROUNDS {
        let of_the_database = database.saves_a_second(&draft)?;
        alone.push(of_the_database);
        for (index, callers) in CALLERS.into_iter().enumerate() {
            let of_the_server = runtime.block_on(server.saves_a_second(round, callers, &draft))?;
            over_http[index].push(of_the_server);
            ratios[index].push(of_the_server / of_the_database);
        }
    }
    runtime.block_on(server.stop())?;
    println!("a draft of {} bytes, medians of {ROUNDS} rounds of {} s\n", draft.len(), SPAN.as_secs());
    println!("| what | saves a second | to the database alone |\n|---|---|---|");
    println!("| the database alone, one after another | {:.0} | 1.00 |", median(alone));
    for ((callers, saves), ratios) in CALLERS.into_iter().zip(over_http).zip(ratios) {
        println!("| over HTTP, {callers} at a time | {:.0} | {:.2} |", median(saves), median(ratios));
    }
    Ok(())
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// The JSON of a draft that a person would write.
fn town_hall() -> Outcome<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/requests/town-hall.json");
    let fixture: serde_json::Value = serde_json::from_slice(&std::fs::read(path)?)?;
    Ok(fixture["draft"].to_string())
}

/// The database without a server: one connection, one transaction for each save, on disk before the next one begins.
struct Database(Connection);

impl Database {
    fn open(path: &Path) -> Outcome<Self> {
        let database = Connection::open(path)?;
        database.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0))?;
        database.pragma_update(None, "synchronous", "FULL")?;
        database.execute_batch(
            "CREATE TABLE drafts (id TEXT PRIMARY KEY, revision INTEGER, draft TEXT) STRICT;
             INSERT INTO drafts VALUES ('one', 0, '');",
        )?;
        Ok(Self(database))
    }

    fn saves_a_second(&self, draft: &str) -> Outcome<f64> {
        let mut saves = 0_u32;
        let begun = Instant::now();
        while begun.elapsed() < SPAN {
            saves += 1;
            let mut save = self.0.prepare_cached("UPDATE drafts SET revision = ?1, draft = ?2 WHERE id = 'one'")?;
            save.execute(rusqlite::params![saves, draft])?;
        }
        Ok(f64::from(saves) / begun.elapsed().as_secs_f64())
    }
}

/// The server, in this process.
struct Running {
    host: String,
    origin: String,
    stop: Sender<()>,
    ended: JoinHandle<()>,
}

impl Running {
    async fn start(folder: &Path) -> Outcome<Self> {
        let dist = folder.join("dist");
        std::fs::create_dir(&dist)?;
        std::fs::write(dist.join("index.html"), "")?;
        let mut settings = Settings::parse_from(["saves", "--listen", "127.0.0.1:0"]);
        settings.data = folder.join("data");
        settings.dist = Some(dist);
        settings.limits.calls_per_minute = u32::MAX;
        let server = Server::open(&settings, Arc::new(SystemClock), Arc::new(SystemRandom)).await?;
        let (host, origin) = (server.address().to_string(), server.public_url().origin());
        let (stop, stopped) = channel::<()>();
        let ended = tokio::spawn(server.run(async {
            let _ = stopped.await;
        }));
        Ok(Self { host, origin, stop, ended })
    }

    async fn saves_a_second(&self, round: usize, callers: u8, draft: &str) -> Outcome<f64> {
        let callers = (0..callers).map(|number| {
            let id = Id::new(u64::try_from(round).unwrap_or(0) << 8 | u64::from(callers), [number; 10]);
            tokio::spawn(save_for_a_while(id, self.host.clone(), self.origin.clone(), draft.to_owned()))
        });
        let mut saves = 0.0;
        for caller in callers.collect::<Vec<_>>() {
            saves += caller.await??;
        }
        Ok(saves)
    }

    async fn stop(self) -> Outcome<()> {
        let _ = self.stop.send(());
        Ok(self.ended.await?)
    }
}

/// Saves one draft repeatedly, each time over the revision before, and returns the saves per second.
async fn save_for_a_while(id: Id, host: String, origin: String, draft: String) -> Outcome<f64> {
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(TcpStream::connect(&host).await?)).await?;
    tokio::spawn(connection);
    let call = |method: Method, path: &str| {
        let call = Request::builder().method(method).uri(path).header("host", &host).header("origin", &origin);
        call.header("content-type", "application/json")
    };
    let sign_in = call(Method::POST, "/api/demo/session").body(Full::from("{\"person\":\"noemie\"}"))?;
    let cookie = send(&mut sender, sign_in).await?.headers()["set-cookie"].clone();
    let path = format!("/api/requests/{id}");
    let body =
        Bytes::from(serde_json::to_string(&DraftToSave { schema: SCHEMA, draft: serde_json::from_str(&draft)? })?);
    let create = call(Method::PUT, &path).header("cookie", &cookie).header("if-none-match", "*");
    send(&mut sender, create.body(Full::new(body.clone()))?).await?;
    let mut saves = 0_u32;
    let begun = Instant::now();
    while begun.elapsed() < SPAN {
        saves += 1;
        let save = call(Method::PUT, &path).header("cookie", &cookie).header("if-match", format!("\"{saves}\""));
        send(&mut sender, save.body(Full::new(body.clone()))?).await?;
    }
    Ok(f64::from(saves) / begun.elapsed().as_secs_f64())
}

async fn send(
    sender: &mut SendRequest<Full<Bytes>>,
    call: Request<Full<Bytes>>,
) -> Outcome<axum::http::Response<Bytes>> {
    let (head, body) = sender.send_request(call).await?.into_parts();
    let body = body.collect().await?.to_bytes();
    if !head.status.is_success() {
        return Err(format!("{}: {}", head.status, String::from_utf8_lossy(&body)).into());
    }
    Ok(axum::http::Response::from_parts(head, body))
}
