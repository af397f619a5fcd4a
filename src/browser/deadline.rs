//! Time limit of a call: networks may deliver neither an answer nor a failure.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use super::timers::{TimeoutHandle, set_timeout_with_handle};

/// Timer that calls a function once, unless it is dropped before.
pub struct Deadline {
    after: Duration,
    expire: Rc<dyn Fn()>,
    timer: RefCell<Option<TimeoutHandle>>,
}

impl Deadline {
    /// Returns a deadline in the given number of milliseconds.
    pub fn after(milliseconds: u32, expire: impl Fn() + 'static) -> Self {
        let after = Duration::from_millis(u64::from(milliseconds));
        let deadline = Self { after, expire: Rc::new(expire), timer: RefCell::new(None) };
        deadline.put_off();
        deadline
    }

    /// Restarts the timer.
    pub fn put_off(&self) {
        let expire = Rc::clone(&self.expire);
        let timer = set_timeout_with_handle(move || expire(), self.after).ok();
        clear(self.timer.replace(timer));
    }
}

impl Drop for Deadline {
    fn drop(&mut self) {
        clear(self.timer.take());
    }
}

fn clear(timer: Option<TimeoutHandle>) {
    if let Some(timer) = timer {
        timer.clear();
    }
}
