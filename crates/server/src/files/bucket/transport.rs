//! Calls to an S3 store: over the client of all our calls, within limits of time.
//!
//! The client that comes with `object_store` brings a second TLS with a second library of ciphers, between which rustls could not choose.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::http::uri::Scheme;
use http_body::Frame;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use object_store::ClientOptions;
use object_store::client::{
    ClientConfigKey, HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody, HttpResponse,
    HttpResponseBody, HttpService,
};
use thiserror::Error;
use tokio::time::{Instant, Sleep};

use crate::outgoing::{self, ClientOf};

/// Most bytes of the words of a refusal.
const REFUSAL_MAX: usize = 64 * 1024;
/// Codes by which stores tell that there is no room (Amazon, MinIO, Ceph).
const FULL: [&str; 4] =
    ["QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "InsufficientCapacity"];

/// Reason why a call to the store has no answer that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(super) enum Trouble {
    /// There is no room.
    #[error("it is full")]
    Full,
    /// The address leads to no server.
    #[error("it cannot be reached")]
    Unreachable,
    /// The answer takes too long.
    #[error("it does not answer in time")]
    TooSlow,
    /// The line was cut.
    #[error("the line to it was cut")]
    Cut,
    /// The address is without TLS.
    #[error("its address does not begin with https://, and AWS_ALLOW_HTTP is not set")]
    Open,
}

/// Maker of the ways to the store, and to whoever gives the keys to it.
#[derive(Clone)]
pub(super) struct Connector {
    client: ClientOf<HttpRequestBody>,
    timeout: Duration,
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connector")
    }
}

impl Connector {
    /// Opens the way. An answer begins within this time, and goes on after no longer one.
    ///
    /// # Errors
    /// When the certificates that this machine trusts cannot be read.
    pub(super) fn open(timeout: Duration) -> io::Result<Self> {
        Ok(Self { client: outgoing::client()?, timeout })
    }

    /// Returns the way over which calls leave.
    pub(super) fn way(&self, allows_http: bool) -> Way {
        Way { connector: self.clone(), allows_http }
    }
}

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let allows_http = options.get_config_value(&ClientConfigKey::AllowHttp).is_some_and(|value| is_true(&value));
        Ok(HttpClient::new(self.way(allows_http)))
    }
}

/// Returns whether the value of a variable says yes, as `object_store` reads it.
pub(super) fn is_true(value: &str) -> bool {
    ["true", "1", "on", "yes", "y"].iter().any(|yes| value.eq_ignore_ascii_case(yes))
}

/// Way to one server.
#[derive(Clone, Debug)]
pub(super) struct Way {
    connector: Connector,
    allows_http: bool,
}

#[async_trait]
impl HttpService for Way {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        if request.uri().scheme() != Some(&Scheme::HTTPS) && !self.allows_http {
            return Err(HttpError::new(HttpErrorKind::Unknown, Trouble::Open));
        }
        let Connector { client, timeout } = &self.connector;
        let answer = match tokio::time::timeout(*timeout, client.request(request)).await {
            Err(_) => return Err(HttpError::new(HttpErrorKind::Timeout, Trouble::TooSlow)),
            Ok(Err(error)) if error.is_connect() => {
                return Err(HttpError::new(HttpErrorKind::Connect, Trouble::Unreachable));
            }
            Ok(Err(_)) => return Err(HttpError::new(HttpErrorKind::Interrupted, Trouble::Cut)),
            Ok(Ok(answer)) => answer.map(|body| Timed::new(body, *timeout)),
        };
        let status = answer.status();
        // Answers that callers expect.
        let is_expected =
            matches!(status, StatusCode::NOT_FOUND | StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED);
        // A redirection names another region, which the operator has to set.
        if status.is_success() || is_expected {
            return Ok(answer.map(HttpResponseBody::new));
        }
        let (head, body) = answer.into_parts();
        let words = Limited::new(body, REFUSAL_MAX).collect().await.map(http_body_util::Collected::to_bytes);
        let words = words.unwrap_or_default();
        let code = code(&words);
        // Never the words: they may repeat keys and signatures.
        tracing::warn!(status = status.as_u16(), code, "the bucket refuses");
        if status == StatusCode::INSUFFICIENT_STORAGE || FULL.contains(&code) {
            return Err(HttpError::new(HttpErrorKind::Unknown, Trouble::Full));
        }
        Ok(HttpResponse::from_parts(head, words.into()))
    }
}

/// Returns the code of a refusal, as far as it is one word.
fn code(words: &[u8]) -> &str {
    let text = std::str::from_utf8(words).unwrap_or_default();
    let code = text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>")).map_or("", |(code, _)| code);
    if code.len() <= 64 && code.bytes().all(|byte| byte.is_ascii_alphanumeric()) { code } else { "" }
}

/// Body of an answer, of which each part comes within a time.
struct Timed {
    body: Incoming,
    timeout: Duration,
    patience: Pin<Box<Sleep>>,
}

impl Timed {
    fn new(body: Incoming, timeout: Duration) -> Self {
        Self { body, timeout, patience: Box::pin(tokio::time::sleep(timeout)) }
    }
}

impl http_body::Body for Timed {
    type Data = Bytes;
    type Error = HttpError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, HttpError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            let next = Instant::now() + self.timeout;
            self.patience.as_mut().reset(next);
            let cut = |_| HttpError::new(HttpErrorKind::Interrupted, Trouble::Cut);
            return Poll::Ready(frame.map(|frame| frame.map_err(cut)));
        }
        ready!(self.patience.as_mut().poll(context));
        Poll::Ready(Some(Err(HttpError::new(HttpErrorKind::Timeout, Trouble::TooSlow))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_a_refusal_is_one_word_or_none() {
        for (words, expected) in [
            ("<Error><Code>QuotaExceeded</Code><Message>a</Message></Error>", "QuotaExceeded"),
            ("<Error><Code>Quota Exceeded</Code></Error>", ""),
            ("<Error><Code>Quota", ""),
            ("<html>", ""),
        ] {
            assert_eq!(code(words.as_bytes()), expected, "{words}");
        }
        assert_eq!(code(b"\xff<Code>a</Code>"), "");
    }
}
