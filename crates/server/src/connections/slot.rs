//! Slots of connections, and the queue for them.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::connection::Connection;
use super::stage::Stage;
use super::tracking::{CallTracker, TrackedStream};
use super::{CHECK_EVERY, Connections, lock};

/// Longest time for which a connection waits for a slot.
const QUEUE_TIME: Duration = Duration::from_secs(4);

/// A connection that waits for a slot.
pub(crate) struct Queued {
    pub(super) connections: Arc<Connections>,
    pub(super) network: IpAddr,
    pub(super) number: u64,
    pub(super) turned_away: Arc<Notify>,
}

impl Queued {
    /// Waits for a slot, for some time. Meanwhile connections that keep the server waiting are closed.
    pub(crate) async fn slot(self) -> Option<Slot> {
        let until = Instant::now() + QUEUE_TIME;
        loop {
            let mut freed = std::pin::pin!(self.connections.freed.notified());
            // A slot that becomes free from here on is not missed.
            freed.as_mut().enable();
            if let Some(slot) = self.connections.slot(self.network) {
                return Some(slot);
            }
            if Instant::now() >= until {
                return None;
            }
            self.connections.close_one_for(self.network);
            tokio::select! {
                () = self.turned_away.notified() => return None,
                // One that stalls may have to be given up later.
                _ = tokio::time::timeout(CHECK_EVERY, freed) => {}
            }
        }
    }
}

impl Drop for Queued {
    fn drop(&mut self) {
        lock(&self.connections.registry).waiting.remove(&self.number);
    }
}

/// The slot of one connection, which is free again when this is dropped.
pub(crate) struct Slot {
    pub(super) connections: Arc<Connections>,
    pub(super) number: u64,
    pub(super) connection: Arc<Connection>,
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut registry = lock(&self.connections.registry);
        registry.open.remove(&self.number);
        if let Some(count) = registry.of_network.get_mut(&self.connection.network) {
            *count -= 1;
            if *count == 0 {
                registry.of_network.remove(&self.connection.network);
            }
        }
        drop(registry);
        // Of those who wait, some have their share and cannot take it.
        self.connections.freed.notify_waiters();
    }
}

impl Slot {
    /// The stream, as whoever serves the connection reads and writes it.
    pub(crate) fn stream(&self, stream: TcpStream) -> TrackedStream {
        TrackedStream { stream, connection: Arc::clone(&self.connection) }
    }

    /// Returns the tracker of the connection's calls.
    pub(crate) fn calls(&self) -> CallTracker {
        CallTracker { connection: Arc::clone(&self.connection), connections: Arc::clone(&self.connections) }
    }

    /// Serves the connection to its end, or until its client has kept the server waiting for too long.
    pub(crate) async fn hold(self, connection: impl Future) {
        let mut connection = std::pin::pin!(connection);
        loop {
            tokio::select! {
                biased;
                _ = &mut connection => return,
                () = self.connection.close.notified() => {
                    // Something may have come in the meantime.
                    if self.connection.stage() != Stage::Answering {
                        return;
                    }
                }
            }
        }
    }
}
