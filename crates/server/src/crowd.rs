//! Limit on the calls that one client has in flight.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Calls under way, counted by whoever makes them.
pub(crate) struct Crowd {
    most: usize,
    under_way: UnderWayOfEach,
}

type UnderWayOfEach = Arc<Mutex<HashMap<String, Load>>>;

/// Calls that one client has in flight.
#[derive(Clone, Copy, Default)]
struct Load {
    calls: usize,
    weight: u64,
}

impl Crowd {
    /// At most so many of each.
    pub(crate) fn of_each(most: usize) -> Self {
        Self { most: most.max(1), under_way: Arc::default() }
    }

    /// Counts a call of this weight until what this gives is dropped; none where there are too many.
    pub(crate) fn enter(&self, who: &str, weight: u64) -> Option<Entered> {
        let mut under_way = lock(&self.under_way);
        let load = under_way.entry(who.to_owned()).or_default();
        if load.calls >= self.most {
            return None;
        }
        load.calls += 1;
        load.weight += weight;
        Some(Entered { who: who.to_owned(), weight, under_way: Arc::clone(&self.under_way) })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A call that is under way as long as this lives.
pub(crate) struct Entered {
    who: String,
    weight: u64,
    under_way: UnderWayOfEach,
}

impl Entered {
    /// The weight of all that this caller has under way, this call included.
    pub(crate) fn weight_of_all(&self) -> u64 {
        lock(&self.under_way).get(&self.who).map_or(self.weight, |load| load.weight)
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let mut under_way = lock(&self.under_way);
        if let Some(load) = under_way.get_mut(&self.who) {
            load.calls -= 1;
            load.weight -= self.weight;
            if load.calls == 0 {
                under_way.remove(&self.who);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_share_and_gets_it_back() {
        let crowd = Crowd::of_each(2);
        let (first, second) = (crowd.enter("a", 10), crowd.enter("a", 5));
        assert!(first.is_some() && crowd.enter("a", 1).is_none());
        assert_eq!(second.as_ref().unwrap().weight_of_all(), 15);
        assert!(crowd.enter("b", 1).is_some());
        drop(first);
        assert_eq!(second.as_ref().unwrap().weight_of_all(), 5);
        assert!(crowd.enter("a", 1).is_some());
        drop(second);
        assert!(lock(&crowd.under_way).is_empty(), "nobody is remembered");
    }
}
