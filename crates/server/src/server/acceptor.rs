//! Acceptance of connections on one listening address: each is admitted and served to its end, or turned away.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::client_ip::Peer;
use crate::connections::{Admission, CallTracker, Connections, Slot, TrackedStream};
use crate::origin_check::HEAD_MAX;
use crate::overload;

/// Most callers that are told at the same time that there is no slot.
const TURNED_AWAY_MAX: usize = 64;
/// Pause before the next attempt when the system has no more connections to give.
const ACCEPT_RETRY: Duration = Duration::from_millis(100);

/// Bytes between a client and the server: a socket, or memory in tests.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin + 'static> Stream for S {}

/// Limits on the number of connections.
pub(super) struct ConnectionLimits {
    pub(super) all: usize,
    pub(super) of_network: usize,
}

/// Router of one listening address, with its connections.
pub(super) struct Acceptor {
    router: Router,
    connections: Arc<Connections>,
    turned_away: Arc<Semaphore>,
    watching: tokio::task::JoinHandle<()>,
}

impl Drop for Acceptor {
    fn drop(&mut self) {
        self.watching.abort();
    }
}

impl Acceptor {
    pub(super) fn new(router: Router, limits: &ConnectionLimits) -> Self {
        let connections = Connections::at_most(limits.all, limits.of_network);
        let watching = tokio::spawn({
            let connections = Arc::clone(&connections);
            async move { connections.watch().await }
        });
        Self { router, connections, turned_away: Arc::new(Semaphore::new(TURNED_AWAY_MAX)), watching }
    }

    /// Accepts connections, without end.
    pub(super) async fn accept_forever(&self, listener: &TcpListener, graceful: &GracefulShutdown) {
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => {
                    // Small answers leave at once; where that cannot be had they leave a little later.
                    let _ = stream.set_nodelay(true);
                    self.admit(stream, Peer(peer.ip()), graceful);
                }
                Err(error) => {
                    tracing::warn!(error = %error.kind(), "a connection cannot be accepted");
                    tokio::time::sleep(ACCEPT_RETRY).await;
                }
            }
        }
    }

    /// Gives a connection a slot, lets it wait for one, or turns it away. Other connections are accepted meanwhile.
    fn admit(&self, stream: impl Stream, peer: Peer, graceful: &GracefulShutdown) {
        let admission = self.connections.admit(peer.network());
        let (router, watcher) = (self.router.clone(), graceful.watcher());
        match admission {
            Admission::Admitted(slot) => {
                tokio::spawn(serve(stream, peer, slot, router, watcher));
            }
            Admission::Queued(queued) => {
                let turned_away = Arc::clone(&self.turned_away);
                tokio::spawn(async move {
                    match queued.slot().await {
                        Some(slot) => serve(stream, peer, slot, router, watcher).await,
                        None => turn_away(stream, turned_away).await,
                    }
                });
            }
            Admission::Refused => {
                tokio::spawn(turn_away(stream, Arc::clone(&self.turned_away)));
            }
        }
    }

    /// Shortens the time limits of all connections, because the server is ending.
    pub(super) fn end(&self) {
        self.connections.end();
    }
}

/// Tells a caller to come back, unless [`TURNED_AWAY_MAX`] are being told: its connection is then closed without a word.
async fn turn_away(stream: impl Stream, turned_away: Arc<Semaphore>) {
    if let Ok(_turn) = turned_away.try_acquire() {
        overload::turn_away(stream).await;
    }
}

/// Serves a connection to its end, or until its client has kept the server waiting for too long.
async fn serve(stream: impl Stream, peer: Peer, slot: Slot, router: Router, watcher: Watcher) {
    let router = TowerToHyperService::new(router);
    let calls = CallTracker::of(&slot);
    let service = service_fn(move |mut call: Request<Incoming>| {
        call.extensions_mut().insert(peer);
        let (call, guard) = calls.begin(call);
        let answer = router.call(call);
        async move { answer.await.map(|answer| guard.with(answer)) }
    });
    let connection = http1::Builder::new()
        // A client that keeps the server waiting is watched over by `connections`.
        .header_read_timeout(None)
        // It asks for more of a head up to this size; `origin_check` refuses one that came in larger steps.
        .max_buf_size(HEAD_MAX)
        .serve_connection(TokioIo::new(TrackedStream::of(&slot, stream)), service);
    // A connection that breaks off is the caller's affair.
    slot.hold(watcher.watch(connection)).await;
}
