//! Wrappers of calls, bodies and streams that note the progress of a connection.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::http::header::CONNECTION;
use axum::http::{HeaderName, HeaderValue, Request, Response, Version};
use http_body::{Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use super::admission::{Connections, Slot};
use super::connection::Connection;
use super::stage::Stage;
use crate::body::GuardedBody;

const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");

/// Tracker of the calls of one connection.
#[derive(Clone)]
pub(crate) struct CallTracker {
    connection: Arc<Connection>,
    connections: Arc<Connections>,
}

impl CallTracker {
    /// Returns the tracker of the calls of the connection in a slot.
    pub(crate) fn of(slot: &Slot) -> Self {
        Self { connection: Arc::clone(&slot.connection), connections: Arc::clone(&slot.connections) }
    }

    /// Notes a call whose head has come, and returns it with its body tracked.
    pub(crate) fn begin<B>(&self, call: Request<B>) -> (Request<TrackedBody<B>>, ResponseGuard) {
        self.connection.begin();
        let guard = ResponseGuard { calls: self.clone(), keeps_alive: keeps_alive(&call) };
        (call.map(|body| TrackedBody { body, connection: Arc::clone(&self.connection) }), guard)
    }
}

/// Body of a call whose progress is noted.
pub(crate) struct TrackedBody<B> {
    body: B,
    connection: Arc<Connection>,
}

impl<B: http_body::Body + Unpin> http_body::Body for TrackedBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        self.connection.go_on(|stage| match (stage, polled.is_pending()) {
            (Stage::Answering, true) => Some(Stage::Body(Instant::now())),
            (Stage::Body(_), false) => Some(Stage::Answering),
            // What a call still sends after it was answered does not count.
            _ => None,
        });
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Returns whether the connection stays open after a call, as far as its client says. HTTP/1.0 is not told of it.
fn keeps_alive<B>(call: &Request<B>) -> bool {
    let values = call.headers().get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
    let mut options = values.flat_map(|value| value.split(',')).map(str::trim);
    call.version() == Version::HTTP_11 && !options.any(|option| option.eq_ignore_ascii_case("close"))
}

/// Guard of a call in flight: the call ends when this, or the answer that holds it, is dropped.
pub(crate) struct ResponseGuard {
    calls: CallTracker,
    keeps_alive: bool,
}

impl ResponseGuard {
    /// Attaches the guard to the answer, and tells the client how long the connection stays open.
    ///
    /// The answer is the last one of its connection if a client of a network with fewer slots waits for the slot: one that calls
    /// again and again keeps the server waiting for nothing, and would otherwise never give it up. Otherwise `Keep-Alive` tells
    /// when an idle connection is closed, so that no call is sent into one that just was; browsers find out by themselves.
    pub(crate) fn with(self, mut answer: Response<Body>) -> Response<GuardedBody<ResponseGuard>> {
        let (connections, network) = (&self.calls.connections, self.calls.connection.network);
        let headers = answer.headers_mut();
        if connections.is_wanted_by_others(network) {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        } else if self.keeps_alive
            && let Ok(timeout) = format!("timeout={}", connections.idle_time(network).as_secs()).parse()
        {
            // `Keep-Alive` concerns this connection alone, which `Connection` has to say (RFC 9110, section 7.6.1).
            headers.insert(CONNECTION, HeaderValue::from_static("keep-alive"));
            headers.insert(KEEP_ALIVE, timeout);
        }
        answer.map(|body| GuardedBody::new(body, self))
    }
}

impl Drop for ResponseGuard {
    fn drop(&mut self) {
        self.calls.connection.go_on(|_| Some(Stage::Idle(Instant::now())));
    }
}

/// Stream of a connection whose progress is noted.
pub(crate) struct TrackedStream<S> {
    stream: S,
    connection: Arc<Connection>,
}

impl<S> TrackedStream<S> {
    /// Wraps the stream of the connection in a slot.
    pub(crate) fn of(slot: &Slot, stream: S) -> Self {
        Self { stream, connection: Arc::clone(&slot.connection) }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for TrackedStream<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, into);
        if into.filled().len() > before {
            self.connection.read(into.filled().len() - before);
            self.connection.go_on(|stage| matches!(stage, Stage::Idle(_)).then(|| Stage::Head(Instant::now())));
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for TrackedStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.connection.wrote(taken(&polled));
        polled
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.connection.wrote(taken(&polled));
        polled
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Returns the bytes that the client took; an error ends the connection by itself.
fn taken(polled: &Poll<io::Result<usize>>) -> Option<usize> {
    match polled {
        Poll::Ready(written) => Some(written.as_ref().copied().unwrap_or_default()),
        Poll::Pending => None,
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;
    use crate::connections::admission::Admission;

    const ONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    #[tokio::test]
    async fn whoever_calls_again_and_again_gives_up_the_slot_to_somebody_who_has_less() {
        let connections = Connections::at_most(2, 2);
        let slots = [(); 2].map(|()| connections.slot(ONE).unwrap());
        let is_last = || {
            let (_, guard) = CallTracker::of(&slots[0]).begin(Request::new(()));
            guard.with(Response::default()).headers().get(CONNECTION).is_some_and(|value| value == "close")
        };
        assert!(!is_last(), "nobody waits");
        let Admission::Queued(_ours) = connections.admit(ONE) else { panic!("there is none") };
        assert!(!is_last(), "who waits has as much");
        let Admission::Queued(theirs) = connections.admit(OTHER) else { panic!("there is none") };
        assert!(is_last());
        drop(theirs);
        assert!(!is_last());
    }

    #[tokio::test]
    async fn a_client_is_told_after_how_long_an_idle_connection_is_closed() {
        let connections = Connections::at_most(20, 20);
        let slot = connections.slot(ONE).unwrap();
        let told = |version, connection: Option<&'static str>| {
            let mut call = Request::new(());
            *call.version_mut() = version;
            call.headers_mut().extend(connection.map(|value| (CONNECTION, HeaderValue::from_static(value))));
            let (_, guard) = CallTracker::of(&slot).begin(call);
            let answer = guard.with(Response::default());
            let text = |name| answer.headers().get(name).map(|value: &HeaderValue| value.to_str().unwrap().to_owned());
            (text(CONNECTION), text(KEEP_ALIVE))
        };
        let kept = |seconds| (Some("keep-alive".to_owned()), Some(format!("timeout={seconds}")));
        assert_eq!(told(Version::HTTP_11, None), kept(60));
        assert_eq!(told(Version::HTTP_11, Some("close")), (None, None));
        assert_eq!(told(Version::HTTP_11, Some("te, Close")), (None, None));
        assert_eq!(told(Version::HTTP_10, None), (None, None));
        let _others: Vec<_> = (1..15).map(|_| connections.slot(ONE).unwrap()).collect();
        assert_eq!(told(Version::HTTP_11, None), kept(5), "slots are scarce");
    }
}
