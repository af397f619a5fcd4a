//! Limit on the rate of calls.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderValue;
use axum::http::header::RETRY_AFTER;
use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::clock::Clock;
use crate::problem::{Problem, ProblemType};

/// Limit on the calls of each caller, by name.
pub(crate) struct RateLimit {
    limiter: RateLimiter<String, HashMapStateStore<String>, Ticks, NoOpMiddleware<Nanos>>,
    clock: Ticks,
}

/// The server's clock as the limiter reads it.
#[derive(Clone)]
struct Ticks(Arc<dyn Clock>);

impl GovernorClock for Ticks {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Nanos::from(u64::try_from(self.0.now().as_nanosecond()).unwrap_or(0))
    }
}

impl RateLimit {
    /// So many calls a minute, which may come all at once.
    pub(crate) fn per_minute(calls: u32, clock: Arc<dyn Clock>) -> Self {
        let clock = Ticks(clock);
        let quota = Quota::per_minute(NonZeroU32::new(calls).unwrap_or(NonZeroU32::MIN));
        Self { limiter: RateLimiter::hashmap_with_clock(quota, clock.clone()), clock }
    }

    /// Counts a call.
    ///
    /// # Errors
    /// The answer to one that comes too soon.
    pub(crate) fn count(&self, who: &str) -> Result<(), Problem> {
        self.limiter.check_key(&who.to_owned()).map_err(|early| {
            let wait = early.wait_time_from(GovernorClock::now(&self.clock));
            let seconds = wait.as_secs() + u64::from(wait > Duration::from_secs(wait.as_secs()));
            Problem::new(ProblemType::TooManyCalls).header(RETRY_AFTER, HeaderValue::from(seconds.max(1)))
        })
    }

    /// Removes the counts of callers who may call as often again as if they never had.
    pub(crate) fn forget_idle(&self) {
        self.limiter.retain_recent();
    }
}
