//! How many drafts a second are saved over HTTP, beside what the database alone does with the same durability.
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
use habilitation_server::chance::SystemChance;
use habilitation_server::clock::SystemClock;
use habilitation_server::settings::Settings;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use rusqlite::Connection;
use tokio::net::TcpStream;

/// How long each figure is measured.
const SPAN: Duration = Duration::from_secs(4);
/// How many people save at the same time.
const CALLERS: [u8; 3] = [1, 4, 16];

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> Outcome<()> {
    let draft = town_hall()?;
    println!("a draft of {} bytes, {} s for each figure\n", draft.len(), SPAN.as_secs());
    println!("| what | saves a second | to the database alone |\n|---|---|---|");
    let alone = of_the_database(&draft)?;
    println!("| the database alone, one after another | {alone:.0} | 1.00 |");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    for callers in CALLERS {
        let over_http = runtime.block_on(over_http(callers, &draft))?;
        println!("| over HTTP, {callers} at a time | {over_http:.0} | {:.2} |", over_http / alone);
    }
    Ok(())
}

/// The JSON of a draft that a person would write.
fn town_hall() -> Outcome<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/requests/town-hall.json");
    let fixture: serde_json::Value = serde_json::from_slice(&std::fs::read(path)?)?;
    Ok(fixture["draft"].to_string())
}

/// One connection, one transaction for each save, on disk before the next one begins.
fn of_the_database(draft: &str) -> Outcome<f64> {
    let folder = tempfile::tempdir()?;
    let database = Connection::open(folder.path().join("alone.sqlite"))?;
    database.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0))?;
    database.pragma_update(None, "synchronous", "FULL")?;
    database.execute_batch(
        "CREATE TABLE drafts (id TEXT PRIMARY KEY, revision INTEGER, draft TEXT) STRICT, WITHOUT ROWID",
    )?;
    database.execute("INSERT INTO drafts VALUES ('one', 0, '')", [])?;
    let mut saves = 0_u32;
    let begun = Instant::now();
    while begun.elapsed() < SPAN {
        saves += 1;
        let mut save = database.prepare_cached("UPDATE drafts SET revision = ?1, draft = ?2 WHERE id = 'one'")?;
        save.execute(rusqlite::params![saves, draft])?;
    }
    Ok(f64::from(saves) / begun.elapsed().as_secs_f64())
}

async fn over_http(callers: u8, draft: &str) -> Outcome<f64> {
    let folder = tempfile::tempdir()?;
    let dist = folder.path().join("dist");
    std::fs::create_dir(&dist)?;
    std::fs::write(dist.join("index.html"), "")?;
    let mut settings = Settings::parse_from(["saves", "--listen", "127.0.0.1:0", "--log-level", "warn"]);
    settings.data = folder.path().join("data");
    settings.dist = dist;
    settings.limits.calls_per_minute = u32::MAX;
    let server = Server::open(&settings, Arc::new(SystemClock), Arc::new(SystemChance)).await?;
    let (host, origin) = (server.address().to_string(), server.public_url().origin());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(server.run(async {
        let _ = stopped.await;
    }));
    let callers = (0..callers).map(|number| {
        let (host, origin, draft) = (host.clone(), origin.clone(), draft.to_owned());
        tokio::spawn(save_for_a_while(number, host, origin, draft))
    });
    let mut saves = 0.0;
    for caller in callers.collect::<Vec<_>>() {
        saves += caller.await??;
    }
    let _ = stop.send(());
    running.await?;
    Ok(saves)
}

/// Saves one draft over and over, each save over the revision that the one before gave; answers how many a second.
async fn save_for_a_while(number: u8, host: String, origin: String, draft: String) -> Outcome<f64> {
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(TcpStream::connect(&host).await?)).await?;
    tokio::spawn(connection);
    let call = |method: Method, path: &str| {
        let call = Request::builder().method(method).uri(path).header("host", &host).header("origin", &origin);
        call.header("content-type", "application/json")
    };
    let sign_in = call(Method::POST, "/api/demo/session").body(Full::from("{\"person\":\"noemie\"}"))?;
    let cookie = send(&mut sender, sign_in).await?.headers()["set-cookie"].clone();
    let path = format!("/api/requests/{}", Id::new(0, [number; 10]));
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
