//! Callers who begin something and send nothing more: they keep neither others out, nor the server from ending.
//!
//! The program is tested here over sockets of the system. Every attack, over a longer time, is tested in paused time beside the
//! acceptor (`src/server/acceptor/tests.rs`).

use std::fs;
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, sleep, timeout};

use crate::app::address;
use crate::call::Call;
use crate::program::{Program, folder_with_page};
use habilitation_fixtures::{id, named, pdf};

/// More than what the system keeps of an answer that nobody reads.
const LARGE: usize = 12 * 1024 * 1024;

/// Bytes that a client sends before falling silent, and the most seconds in which the server ends all the same.
const SILENCES: [(&str, Before, u64); 6] = [
    ("nothing at all", |_| String::new(), 3),
    ("half a head", |host| format!("GET / HTTP/1.1\r\nhost: {host}\r\nx-half: "), 3),
    ("one letter", |_| "G".to_owned(), 3),
    ("half a body", |host| sign_in(host, "{\"person\""), 5),
    ("a head without its body", |host| sign_in(host, ""), 5),
    ("a call whose answer it does not read", |host| format!("GET /large.bin HTTP/1.1\r\nhost: {host}\r\n\r\n"), 5),
];

type Before = fn(host: &str) -> String;

fn sign_in(host: &str, body: &str) -> String {
    format!(
        "POST /api/demo/session HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\n\
         content-type: application/json\r\ncontent-length: 20\r\n\r\n{body}"
    )
}

fn folder() -> TempDir {
    let folder = folder_with_page();
    fs::write(folder.path().join("dist/large.bin"), vec![0; LARGE]).unwrap();
    folder
}

async fn silent(host: &str, before: Before) -> TcpStream {
    let mut stream = TcpStream::connect(host).await.unwrap();
    stream.write_all(before(host).as_bytes()).await.unwrap();
    stream
}

/// Runs a test of each silence at the same time: all of them wait for most of it.
async fn for_each_silence<F: Future<Output = ()> + Send + 'static>(test: impl Fn(&'static str, Before, u64) -> F) {
    let tests = SILENCES.map(|(what, before, seconds)| tokio::spawn(test(what, before, seconds)));
    for test in tests {
        test.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_sends_nothing_more_does_not_keep_the_server_from_ending() {
    for_each_silence(|what, before, seconds| async move {
        let folder = folder();
        let program = Program::start(folder.path(), &[]);
        let host = program.origin().strip_prefix("http://").unwrap().to_owned();
        let _callers = [silent(&host, before).await, silent(&host, before).await];
        let mut idle = silent(&host, |host| format!("GET /healthz HTTP/1.1\r\nhost: {host}\r\n\r\n")).await;
        idle.read_exact(&mut [0; b"HTTP/1.1 200 OK\r\n".len()]).await.unwrap();

        let begun = Instant::now();
        let (code, log) = tokio::task::spawn_blocking(move || program.stop("-TERM")).await.unwrap();
        println!("after {what} it ends in {:?}", begun.elapsed());
        assert_eq!(code, Some(0), "{what}: {log}");
        assert!(begun.elapsed() < Duration::from_secs(seconds), "{what}: {:?}", begun.elapsed());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_sends_nothing_more_does_not_keep_others_out() {
    for_each_silence(|what, before, _| async move {
        let folder = folder();
        let program = Program::start(folder.path(), &["--connections", "30"]);
        let host = program.origin().strip_prefix("http://").unwrap().to_owned();
        let mut silent_ones = Vec::new();
        for _ in 0..40 {
            silent_ones.push(silent(&host, before).await);
        }
        let begun = Instant::now();
        let answer = timeout(Duration::from_secs(60), Call::to(program.origin(), "GET", "/readyz").send()).await;
        println!("after 40 × {what} another is answered in {:?}", begun.elapsed());
        assert_eq!(answer.unwrap().status, 200, "{what}");
        assert!(begun.elapsed() < Duration::from_secs(5), "{what}: {:?}", begun.elapsed());
    })
    .await;
}

/// Attacks that depend on the system most: on what it keeps of an answer, and on the time that each call takes.
#[derive(Clone, Copy, Debug)]
enum Attack {
    /// Large answers, many on each connection, of which nothing is read.
    Unread,
    /// Small calls, one after the other without a pause worth the name.
    Busy,
}

/// Keeps one connection to itself from an address of its own, for ever.
async fn attack(host: String, from: String, attack: Attack) {
    loop {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
        let Ok(mut stream) = socket.connect(host.parse().unwrap()).await else {
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        match attack {
            Attack::Unread => leave_unread(&mut stream, &host).await,
            Attack::Busy => call_repeatedly(&mut stream, &host).await,
        }
    }
}

/// Asks for large answers and reads none of them, until the connection is closed.
async fn leave_unread(stream: &mut TcpStream, host: &str) {
    let calls = format!("GET /large.bin HTTP/1.1\r\nhost: {host}\r\n\r\n").repeat(20);
    if stream.write_all(calls.as_bytes()).await.is_err() {
        return;
    }
    // Until the server closes; nothing is taken from it meanwhile.
    while stream.peek(&mut [0; 1]).await.is_ok_and(|length| length > 0) {
        sleep(Duration::from_millis(100)).await;
        if stream.write_all(b" ").await.is_err() {
            break;
        }
    }
}

/// Makes small calls until the connection is closed.
async fn call_repeatedly(stream: &mut TcpStream, host: &str) {
    let mut read = vec![0; 16 * 1024];
    let call = format!("HEAD / HTTP/1.1\r\nhost: {host}\r\n\r\n");
    while stream.write_all(call.as_bytes()).await.is_ok() {
        match stream.read(&mut read).await {
            Ok(length) if length > 0 => sleep(Duration::from_millis(200)).await,
            _ => return,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_two_addresses_do_nine_honest_saves_of_ten_take_less_than_a_second_and_probes_are_answered() {
    for kind in [Attack::Unread, Attack::Busy] {
        let (folder, probes) = (folder(), free_address());
        // Nobody reads the log meanwhile.
        let quiet = ["--log-level", "error", "--health-listen", &probes];
        let flags = [&["--connections", "60", "--connections-per-address", "40"], &quiet[..]].concat();
        let program = Program::start(folder.path(), &flags);
        let host = program.origin().strip_prefix("http://").unwrap().to_owned();
        let cookie = program.sign_in().await;
        // More than one address may have, and from two that together have more than there is.
        let mut hostile = tokio::task::JoinSet::new();
        for number in 0..200 {
            hostile.spawn(attack(host.clone(), format!("127.0.0.{}", 2 + number % 2), kind));
        }
        let mut times = Vec::new();
        let begun = Instant::now();
        for number in 1.. {
            if begun.elapsed() > Duration::from_secs(6) {
                break;
            }
            let one = Instant::now();
            let body = serde_json::json!({"schema": 1, "draft": named("Guichet")});
            let save = Call::to(program.origin(), "PUT", &address(&id(number))).header("cookie", &cookie).json(&body);
            let saved = save.header("if-none-match", "*").send().await;
            assert_eq!(saved.status, 201, "{kind:?}: {}", saved.text());
            times.push(one.elapsed());
            let probe = Call::to(&format!("http://{probes}"), "GET", "/readyz").header("host", "whatever").send().await;
            assert_eq!(probe.status, 200, "{kind:?}");
            sleep(Duration::from_millis(100)).await;
        }
        // Other tests run at the same time, and each save waits for the disk that they write to as well: one of ten may
        // be late, by less than a caller is waited for.
        times.sort_unstable();
        let (usual, slowest) = (times[times.len() * 9 / 10], times[times.len() - 1]);
        println!("{kind:?}: nine of ten saves took {usual:?}, the slowest {slowest:?}");
        assert!(usual < Duration::from_secs(1) && slowest < Duration::from_secs(5), "{kind:?}: {usual:?}, {slowest:?}");
        hostile.shutdown().await;
    }
}

fn free_address() -> String {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_finds_no_slot_is_told_to_come_back() {
    let folder = folder();
    let program = Program::start(folder.path(), &["--connections", "2", "--connections-per-address", "2"]);
    let host = program.origin().strip_prefix("http://").unwrap().to_owned();
    // Two callers whom the server does not keep waiting, and who are not slow: a long answer that is read little by little.
    let mut busy = tokio::task::JoinSet::new();
    for _ in 0..2 {
        let mut stream =
            silent(&host, |host| format!("GET /large.bin HTTP/1.1\r\nhost: {host}\r\n\r\n").repeat(100)).await;
        busy.spawn(async move {
            let mut read = vec![0; 1024 * 1024];
            while stream.read(&mut read).await.is_ok_and(|length| length > 0) {
                sleep(Duration::from_millis(20)).await;
            }
        });
    }
    sleep(Duration::from_millis(300)).await;
    let answer = Call::to(program.origin(), "GET", "/api/session").send().await;
    answer.problem(503, "busy");
    assert_eq!(answer.header("retry-after"), Some("2"));
    let page = Call::to(program.origin(), "GET", "/").send().await;
    assert_eq!((page.status, page.header("content-type")), (503, Some("text/html; charset=utf-8")));
    busy.shutdown().await;
    assert_eq!(Call::to(program.origin(), "GET", "/healthz").send().await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_goes_on_arriving_is_kept_before_the_end() {
    let folder = folder_with_page();
    let program = Program::start(folder.path(), &[]);
    let cookie = program.sign_in().await;
    let host = program.origin().strip_prefix("http://").unwrap().to_owned();
    let body = serde_json::json!({"schema": 1, "draft": named("Guichet")});
    let save = Call::to(program.origin(), "PUT", &address(&id(1))).header("cookie", &cookie).json(&body);
    assert_eq!(save.header("if-none-match", "*").send().await.status, 201);

    let file = pdf(&"x".repeat(10));
    let mut stream = TcpStream::connect(&host).await.unwrap();
    let head = format!(
        "PUT {}/documents/{} HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\ncookie: {cookie}\r\n\
         content-length: {}\r\n\r\n",
        address(&id(1)),
        id(9),
        file.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let (first, rest) = file.split_at(9);
    stream.write_all(first).await.unwrap();
    // The server has to have read it, or the call would not be under way.
    while fs::read_dir(folder.path().join("data/incoming")).unwrap().count() == 0 {
        sleep(Duration::from_millis(5)).await;
    }
    let stopping = tokio::task::spawn_blocking(move || program.stop("-TERM"));
    while TcpStream::connect(&host).await.is_ok() {
        tokio::task::yield_now().await;
    }
    // Longer than a silent caller is waited for.
    for byte in rest {
        sleep(Duration::from_millis(400)).await;
        stream.write_all(&[*byte]).await.unwrap();
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201 Created"), "{answer}");
    assert_eq!(stopping.await.unwrap().0, Some(0));
    assert_eq!(fs::read_dir(folder.path().join("data/documents")).unwrap().count(), 1);
}
