//! Hostile callers in paused time and over streams in memory: a call takes the time for which the server lets it wait, whatever the
//! load of the machine. `tests/api/slow_callers.rs` repeats some of it over sockets.

use std::net::{IpAddr, Ipv4Addr};

use axum::body::Bytes;
use axum::extract::Request as AxumRequest;
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use http_body_util::{BodyExt, Full};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::time::{Instant, sleep};

use super::*;
use crate::body;

/// Bytes that a stream holds in each direction, as the system does for a socket.
const BUFFER: usize = 16 * 1024;
/// More than a stream holds of an answer that nobody reads.
const LARGE: usize = 1024 * 1024;
/// Time for which attacks go on: longer than any limit for connections whose slots are wanted.
const ATTACK_TIME: Duration = Duration::from_secs(15);

const HONEST: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
const HOSTILE: [IpAddr; 2] = [IpAddr::V4(Ipv4Addr::new(198, 51, 100, 1)), IpAddr::V4(Ipv4Addr::new(198, 51, 100, 2))];

/// Ways in which the clients of one network keep connections to themselves.
#[derive(Clone, Copy, Debug)]
enum Attack {
    /// No byte at all.
    Silence,
    /// Half a head.
    HalfHead,
    /// A body that comes at 1,100 bytes a second.
    TricklingBody,
    /// A body that comes at 20,000 bytes a second, which is an honest pace.
    SteadyBody,
    /// Large answers, many on each connection, of which nothing is read.
    Unread,
    /// Small calls, one after the other.
    Busy,
    /// Calls whose bodies come byte by byte, each shorter than the time after which a call counts as slow.
    SlowCalls,
}

/// Routes that read and answer as those of the server do, without a database.
fn router() -> Router {
    let read = async |call: AxumRequest| {
        let mut body = body::Incoming::new(call.into_body());
        while let Some(_bytes) = body.next_bytes().await? {}
        Ok::<_, crate::problem::Problem>(StatusCode::CREATED)
    };
    let large = Bytes::from(vec![0; LARGE]);
    Router::new()
        .route("/read", post(read))
        .route("/large", get(async move || large.clone()))
        .route("/", get(async || StatusCode::OK))
        .layer(from_fn(body::drain))
}

/// An address that is listened on, and its callers.
struct Bench {
    acceptor: Acceptor,
    graceful: GracefulShutdown,
}

impl Bench {
    fn new(all: usize, of_network: usize) -> Arc<Self> {
        let acceptor = Acceptor::new(router(), &ConnectionLimits { all, of_network });
        Arc::new(Self { acceptor, graceful: GracefulShutdown::new() })
    }

    /// Connects from an address.
    fn connect(&self, from: IpAddr) -> DuplexStream {
        let (client, server) = tokio::io::duplex(BUFFER);
        self.acceptor.admit(server, Peer(from), &self.graceful);
        client
    }

    /// Sends a small body from an address, and returns the status of the answer.
    async fn call(&self, from: IpAddr) -> StatusCode {
        let stream = TokioIo::new(self.connect(from));
        let (mut sender, connection) = hyper::client::conn::http1::handshake(stream).await.unwrap();
        let connection = tokio::spawn(connection);
        let call = Request::post("/read").header("host", "here").body(Full::new(Bytes::from_static(b"honest")));
        let answer = sender.send_request(call.unwrap()).await.unwrap();
        let status = answer.status();
        answer.into_body().collect().await.unwrap();
        drop(sender);
        connection.await.unwrap().unwrap();
        status
    }

    /// Keeps one connection from an address, and opens another one when it is closed, without end.
    async fn attack(&self, from: IpAddr, attack: Attack) {
        loop {
            let stream = self.connect(from);
            // An error means that the server closed the connection.
            let _ = match attack {
                Attack::Silence => hold(stream, b"").await,
                Attack::HalfHead => hold(stream, b"GET / HTTP/1.1\r\nhost: here\r\nx-half: ").await,
                Attack::Unread => leave_unread(stream).await,
                Attack::TricklingBody => send_in_parts(stream, 110).await,
                Attack::SteadyBody => send_in_parts(stream, 2_000).await,
                Attack::Busy => call_repeatedly(stream, b"HEAD / HTTP/1.1\r\nhost: here\r\n\r\n", 0).await,
                Attack::SlowCalls => call_repeatedly(stream, &head_of_body(20), 20).await,
            };
            sleep(Duration::from_millis(200)).await;
        }
    }
}

fn head_of_body(length: usize) -> Vec<u8> {
    format!("POST /read HTTP/1.1\r\nhost: here\r\ncontent-length: {length}\r\n\r\n").into_bytes()
}

/// Sends some bytes, and no more until the server closes the connection.
async fn hold(mut stream: DuplexStream, bytes: &[u8]) -> std::io::Result<()> {
    stream.write_all(bytes).await?;
    stream.read_to_end(&mut Vec::new()).await.map(drop)
}

/// Asks for large answers and reads none of them. A blank now and then tells whether the server has closed the connection.
async fn leave_unread(mut stream: DuplexStream) -> std::io::Result<()> {
    stream.write_all(&b"GET /large HTTP/1.1\r\nhost: here\r\n\r\n".repeat(20)).await?;
    loop {
        sleep(Duration::from_millis(100)).await;
        stream.write_all(b" ").await?;
    }
}

async fn send_in_parts(mut stream: DuplexStream, length: usize) -> std::io::Result<()> {
    stream.write_all(&head_of_body(200_000)).await?;
    let part = vec![b' '; length];
    loop {
        sleep(Duration::from_millis(100)).await;
        stream.write_all(&part).await?;
    }
}

/// Makes a call again and again, each with so many bytes of a body at intervals.
async fn call_repeatedly(mut stream: DuplexStream, head: &[u8], bytes: usize) -> std::io::Result<()> {
    let mut read = vec![0; 16 * 1024];
    loop {
        stream.write_all(head).await?;
        for _ in 0..bytes {
            sleep(Duration::from_millis(200)).await;
            stream.write_all(b"x").await?;
        }
        if stream.read(&mut read).await? == 0 {
            return Ok(());
        }
        sleep(Duration::from_millis(200)).await;
    }
}

async fn nine_of_ten_honest_calls_take_less_than_a_second_during(attack: Attack) {
    let bench = Bench::new(60, 40);
    // More than one network may have, and from two that together have more than there is.
    for number in 0..200 {
        let bench = Arc::clone(&bench);
        tokio::spawn(async move { bench.attack(HOSTILE[number % 2], attack).await });
    }
    let begun = Instant::now();
    let mut times = Vec::new();
    while begun.elapsed() < ATTACK_TIME {
        let called = Instant::now();
        assert_eq!(bench.call(HONEST).await, StatusCode::CREATED, "{attack:?}");
        times.push(called.elapsed());
        sleep(Duration::from_millis(100)).await;
    }
    times.sort_unstable();
    let (usual, slowest) = (times[times.len() * 9 / 10], times[times.len() - 1]);
    println!("{attack:?}: nine of ten calls took {usual:?}, the slowest {slowest:?}");
    assert!(usual < Duration::from_secs(1) && slowest < Duration::from_secs(4), "{attack:?}: {usual:?}, {slowest:?}");
}

/// Declares a test for each attack.
macro_rules! attacks {
    ($($name:ident: $attack:ident;)+) => {
        $(#[tokio::test(start_paused = true)]
        async fn $name() {
            nine_of_ten_honest_calls_take_less_than_a_second_during(Attack::$attack).await;
        })+
    };
}

attacks! {
    callers_who_send_nothing_keep_nobody_out: Silence;
    callers_who_send_half_a_head_keep_nobody_out: HalfHead;
    callers_whose_bodies_trickle_keep_nobody_out: TricklingBody;
    many_callers_of_an_honest_pace_keep_nobody_out: SteadyBody;
    callers_who_read_no_answer_keep_nobody_out: Unread;
    callers_who_call_without_pause_keep_nobody_out: Busy;
    callers_of_many_slow_calls_keep_nobody_out: SlowCalls;
}
