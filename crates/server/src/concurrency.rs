//! Limit on the calls that one client has in flight.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Limit on the calls in flight of each client, by name.
pub(crate) struct ConcurrencyLimit {
    most: usize,
    in_flight: Loads,
}

type Loads = Arc<Mutex<HashMap<String, Load>>>;

/// Calls that one client has in flight.
#[derive(Clone, Copy, Default)]
struct Load {
    calls: usize,
    bytes: u64,
}

impl ConcurrencyLimit {
    /// Returns a limit of `most` calls in flight for each client.
    pub(crate) fn per_client(most: usize) -> Self {
        Self { most: most.max(1), in_flight: Arc::default() }
    }

    /// Counts a call until the guard is dropped; returns none where there are too many.
    pub(crate) fn enter(&self, client: &str) -> Option<CallGuard> {
        self.enter_with_bytes(client, 0)
    }

    /// Counts a call and its bytes until the guard is dropped; returns none where there are too many calls.
    pub(crate) fn enter_with_bytes(&self, client: &str, bytes: u64) -> Option<CallGuard> {
        let mut in_flight = lock(&self.in_flight);
        let load = in_flight.entry(client.to_owned()).or_default();
        if load.calls >= self.most {
            return None;
        }
        load.calls += 1;
        load.bytes += bytes;
        Some(CallGuard { client: client.to_owned(), bytes, in_flight: Arc::clone(&self.in_flight) })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Guard of a call that is in flight until this is dropped.
pub(crate) struct CallGuard {
    client: String,
    bytes: u64,
    in_flight: Loads,
}

impl CallGuard {
    /// Returns the bytes of all calls of this client in flight, this call included.
    pub(crate) fn bytes_of_all(&self) -> u64 {
        lock(&self.in_flight).get(&self.client).map_or(self.bytes, |load| load.bytes)
    }
}

impl Drop for CallGuard {
    fn drop(&mut self) {
        let mut in_flight = lock(&self.in_flight);
        if let Some(load) = in_flight.get_mut(&self.client) {
            load.calls -= 1;
            load.bytes -= self.bytes;
            if load.calls == 0 {
                in_flight.remove(&self.client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_share_and_gets_it_back() {
        let limit = ConcurrencyLimit::per_client(2);
        let (first, second) = (limit.enter_with_bytes("a", 10), limit.enter_with_bytes("a", 5));
        assert!(first.is_some() && limit.enter("a").is_none());
        assert_eq!(second.as_ref().unwrap().bytes_of_all(), 15);
        assert!(limit.enter("b").is_some());
        drop(first);
        assert_eq!(second.as_ref().unwrap().bytes_of_all(), 5);
        assert!(limit.enter("a").is_some());
        drop(second);
        assert!(lock(&limit.in_flight).is_empty(), "nobody is remembered");
    }
}
