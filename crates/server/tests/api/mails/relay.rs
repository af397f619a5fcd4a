//! Relay on this machine that takes mails, refuses them, or fails.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Answer to a message that has come whole.
#[derive(Clone, Copy, Debug)]
pub(super) enum Answer {
    /// Says this.
    Say(&'static str),
    /// Hangs up.
    HangUp,
    /// Says nothing any more.
    Silence,
}

#[derive(Default)]
struct State {
    answers: Mutex<VecDeque<Answer>>,
    refusals: Mutex<Vec<(&'static str, &'static str)>>,
    messages: Mutex<Vec<String>>,
}

/// A relay that takes every message, but for the answers that it is told to give first.
pub(super) struct Relay {
    address: SocketAddr,
    state: Arc<State>,
    accepting: Mutex<Option<JoinHandle<()>>>,
}

impl Relay {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, state) = (listener.local_addr().unwrap(), Arc::new(State::default()));
        let accepting = Mutex::new(Some(tokio::spawn(accept_forever(listener, Arc::clone(&state)))));
        Self { address, state, accepting }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Gives this answer to the next message that has none yet.
    pub(super) fn answers(&self, answer: Answer) {
        self.state.answers.lock().unwrap().push_back(answer);
    }

    /// Refuses the next command of this verb, or the next connection (`CONNECT`).
    pub(super) fn refuses(&self, verb: &'static str, answer: &'static str) {
        self.state.refusals.lock().unwrap().push((verb, answer));
    }

    /// Returns the refusals that no command has met yet.
    pub(super) fn refusals_left(&self) -> usize {
        self.state.refusals.lock().unwrap().len()
    }

    /// Returns the messages that came whole, each after its envelope, whatever was answered.
    pub(super) fn messages(&self) -> Vec<String> {
        self.state.messages.lock().unwrap().clone()
    }

    pub(super) async fn goes_down(&self) {
        let accepting = self.accepting.lock().unwrap().take().unwrap();
        accepting.abort();
        let _ = accepting.await;
    }

    pub(super) async fn comes_back(&self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        let accepting = tokio::spawn(accept_forever(listener, Arc::clone(&self.state)));
        *self.accepting.lock().unwrap() = Some(accepting);
    }
}

async fn accept_forever(listener: TcpListener, state: Arc<State>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        tokio::spawn(converse(stream, Arc::clone(&state)));
    }
}

impl State {
    fn refusal(&self, verb: &str) -> Option<&'static str> {
        let mut refusals = self.refusals.lock().unwrap();
        let place = refusals.iter().position(|(refused, _)| *refused == verb)?;
        Some(refusals.remove(place).1)
    }
}

/// Speaks SMTP (RFC 5321) with one client. Whoever breaks off ends the conversation.
async fn converse(stream: TcpStream, state: Arc<State>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let greeting = state.refusal("CONNECT").unwrap_or("220 relay.example");
    stream.write_all(format!("{greeting}\r\n").as_bytes()).await?;
    let mut envelope = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let verb = line.split([' ', ':', '\r']).next().unwrap().to_uppercase();
        if let Some(answer) = state.refusal(&verb) {
            envelope.clear();
            stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
            continue;
        }
        let answer = match verb.as_str() {
            "EHLO" => "250 relay.example",
            "MAIL" | "RCPT" => {
                envelope.push_str(&line);
                "250 ok"
            }
            "RSET" => {
                envelope.clear();
                "250 ok"
            }
            "NOOP" => "250 ok",
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let mut message = std::mem::take(&mut envelope);
                loop {
                    let mut line = String::new();
                    if stream.read_line(&mut line).await? == 0 {
                        return Ok(());
                    }
                    if line == ".\r\n" {
                        break;
                    }
                    message.push_str(&line);
                }
                let answer = state.answers.lock().unwrap().pop_front().unwrap_or(Answer::Say("250 taken"));
                state.messages.lock().unwrap().push(message);
                match answer {
                    Answer::Say(answer) => answer,
                    Answer::HangUp => return Ok(()),
                    Answer::Silence => std::future::pending().await,
                }
            }
            "QUIT" => {
                stream.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "500 unknown",
        };
        stream.write_all(answer.as_bytes()).await?;
        stream.write_all(b"\r\n").await?;
    }
}
