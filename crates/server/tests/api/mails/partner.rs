//! Program of a partner on this machine, to which notices go.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Secret with which notices are signed.
pub(super) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Call that the partner received.
#[derive(Clone, Debug, Default)]
pub(super) struct Received {
    pub(super) id: String,
    pub(super) timestamp: i64,
    pub(super) body: String,
    signature: String,
}

impl Received {
    /// Returns whether the signature is that of the secret.
    pub(super) fn is_signed(&self) -> bool {
        let key = BASE64.decode(SECRET.trim_start_matches("whsec_").as_bytes()).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(format!("{}.{}.{}", self.id, self.timestamp, self.body).as_bytes());
        self.signature == format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes()))
    }
}

#[derive(Default)]
struct State {
    answers: Mutex<VecDeque<u16>>,
    calls: Mutex<Vec<Received>>,
}

/// A program that takes every notice, but for the answers that it is told to give first.
pub(super) struct Partner {
    address: SocketAddr,
    state: Arc<State>,
}

impl Partner {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, state) = (listener.local_addr().unwrap(), Arc::new(State::default()));
        let accepting = Arc::clone(&state);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(converse(stream, Arc::clone(&accepting)));
            }
        });
        Self { address, state }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Gives this status to the next call that has none yet.
    pub(super) fn answers(&self, status: u16) {
        self.state.answers.lock().unwrap().push_back(status);
    }

    pub(super) fn calls(&self) -> Vec<Received> {
        self.state.calls.lock().unwrap().clone()
    }
}

/// Answers one call, and closes the connection.
async fn converse(stream: TcpStream, state: Arc<State>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let (mut received, mut length) = (Received::default(), 0);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            if line == "\r\n" {
                break;
            }
            continue;
        };
        match name.to_lowercase().as_str() {
            "webhook-id" => value.clone_into(&mut received.id),
            "webhook-timestamp" => received.timestamp = value.parse().unwrap(),
            "webhook-signature" => value.clone_into(&mut received.signature),
            "content-length" => length = value.parse().unwrap(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    received.body = String::from_utf8(body).unwrap();
    state.calls.lock().unwrap().push(received);
    let status = state.answers.lock().unwrap().pop_front().unwrap_or(204);
    let answer =
        format!("HTTP/1.1 {status} x\r\nlocation: /elsewhere\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    stream.write_all(answer.as_bytes()).await
}
