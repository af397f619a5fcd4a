//! HTTP calls, each on its own connection, down to headers that no browser lets a page set.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use habilitation_model::wire::Problem;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::TcpSocket;

/// A call to make.
#[derive(Clone)]
pub(crate) struct Call {
    address: SocketAddr,
    method: Method,
    target: String,
    headers: HeaderMap,
    body: Vec<u8>,
    chunked: bool,
    from: Option<IpAddr>,
}

impl Call {
    pub(crate) fn new(address: SocketAddr, method: &str, target: &str) -> Self {
        Self {
            address,
            method: method.parse().unwrap(),
            target: target.to_owned(),
            headers: HeaderMap::new(),
            body: Vec::new(),
            chunked: false,
            from: None,
        }
    }

    /// A call of our own page to the server of this origin.
    pub(crate) fn to(origin: &str, method: &str, target: &str) -> Self {
        let host = origin.strip_prefix("http://").unwrap();
        Self::new(host.parse().unwrap(), method, target).header("host", host).header("origin", origin)
    }

    /// Sets a header in place of the one that is there.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.parse::<HeaderName>().unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap());
        self
    }

    /// Adds a header beside the one that is there.
    pub(crate) fn and_header(mut self, name: &str, value: &str) -> Self {
        self.headers.append(name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    pub(crate) fn body(mut self, bytes: &[u8]) -> Self {
        self.body = bytes.to_vec();
        self
    }

    pub(crate) fn json(self, value: &impl Serialize) -> Self {
        self.header("content-type", "application/json").body(&serde_json::to_vec(value).unwrap())
    }

    /// Sends the body in chunks, without telling its length before.
    pub(crate) fn chunked(mut self) -> Self {
        self.chunked = true;
        self
    }

    /// Calls from another address of this machine.
    pub(crate) fn from(mut self, address: &str) -> Self {
        self.from = Some(address.parse().unwrap());
        self
    }

    pub(crate) async fn send(self) -> Response {
        self.try_send().await.unwrap()
    }

    /// Sends the call to a server that may be gone before it has answered.
    pub(crate) async fn try_send(self) -> Option<Response> {
        let socket = if self.address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }.ok()?;
        if let Some(from) = self.from {
            socket.bind(SocketAddr::new(from, 0)).ok()?;
        }
        let stream = socket.connect(self.address).await.ok()?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
        let connection = tokio::spawn(connection);
        let mut request = Request::builder()
            .method(self.method)
            .uri(self.target)
            .body(Outgoing { bytes: self.body.into(), chunked: self.chunked });
        *request.as_mut().unwrap().headers_mut() = self.headers;
        let response = sender.send_request(request.unwrap()).await.ok()?;
        let (head, body) = response.into_parts();
        let body = body.collect().await.ok()?.to_bytes();
        drop(sender);
        // The other end may have closed already.
        let _ = connection.await;
        Some(Response { status: head.status.as_u16(), headers: head.headers, body })
    }
}

/// Bytes that come in parts.
struct Outgoing {
    bytes: Bytes,
    chunked: bool,
}

impl http_body::Body for Outgoing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.bytes.is_empty() {
            return Poll::Ready(None);
        }
        let length = self.bytes.len().min(64 * 1024);
        Poll::Ready(Some(Ok(Frame::data(self.bytes.split_to(length)))))
    }

    fn size_hint(&self) -> SizeHint {
        if self.chunked { SizeHint::default() } else { SizeHint::with_exact(self.bytes.len() as u64) }
    }
}

/// Response to a call, read to its end.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The JSON body.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> T {
        assert_eq!(self.header("content-type"), Some("application/json"), "{}", self.text());
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The problem body, which must be of this status and kind.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, kind: &str) -> Problem {
        let text = self.text();
        assert_eq!(self.status, status, "{text}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{text}");
        let problem: Problem = serde_json::from_slice(&self.body).unwrap();
        assert_eq!((problem.status, problem.kind.as_str()), (status, format!("/problems/{kind}").as_str()), "{text}");
        assert!(!problem.title.is_empty() && !problem.detail.is_empty(), "{text}");
        problem
    }
}
