//! Timers and animation frames.

#[cfg(target_arch = "wasm32")]
pub use browser::{TimeoutHandle, request_animation_frame, set_timeout, set_timeout_with_handle};

#[cfg(not(target_arch = "wasm32"))]
pub use stand_in::{TimeoutHandle, advance, request_animation_frame, set_timeout, set_timeout_with_handle};

#[cfg(target_arch = "wasm32")]
#[expect(clippy::disallowed_methods, reason = "the port to them")]
mod browser {
    use std::time::Duration;

    use leptos::leptos_dom::helpers;
    use wasm_bindgen::JsValue;

    pub use helpers::TimeoutHandle;

    /// Calls a function once a time has passed.
    #[inline]
    pub fn set_timeout(call: impl FnOnce() + 'static, after: Duration) {
        helpers::set_timeout(call, after);
    }

    /// Calls a function before the next frame is drawn.
    #[inline]
    pub fn request_animation_frame(call: impl FnOnce() + 'static) {
        helpers::request_animation_frame(call);
    }

    /// Calls a function once a time has passed, unless the timer is stopped before.
    ///
    /// # Errors
    /// When the browser has no timers.
    #[inline]
    pub fn set_timeout_with_handle(call: impl FnOnce() + 'static, after: Duration) -> Result<TimeoutHandle, JsValue> {
        helpers::set_timeout_with_handle(call, after)
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod stand_in {
    use std::cell::{Cell, RefCell};
    use std::convert::Infallible;
    use std::time::Duration;

    struct Timer {
        number: u32,
        left: Duration,
        call: Box<dyn FnOnce()>,
    }

    thread_local! {
        static LAST: Cell<u32> = const { Cell::new(0) };
        static TIMERS: RefCell<Vec<Timer>> = const { RefCell::new(Vec::new()) };
    }

    /// Handle of a timer.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct TimeoutHandle(u32);

    impl TimeoutHandle {
        /// Stops the timer.
        pub fn clear(&self) {
            let stopped = TIMERS.with_borrow_mut(|timers| {
                timers.iter().position(|timer| timer.number == self.0).map(|index| timers.remove(index))
            });
            drop(stopped);
        }
    }

    /// Calls a function once [`advance`] has passed a time.
    pub fn set_timeout(call: impl FnOnce() + 'static, after: Duration) {
        let _ = set_timeout_with_handle(call, after);
    }

    /// Calls a function at the next [`advance`].
    pub fn request_animation_frame(call: impl FnOnce() + 'static) {
        set_timeout(call, Duration::ZERO);
    }

    /// Calls a function once [`advance`] has passed a time, unless the timer is stopped before.
    ///
    /// # Errors
    /// Never.
    pub fn set_timeout_with_handle(
        call: impl FnOnce() + 'static,
        after: Duration,
    ) -> Result<TimeoutHandle, Infallible> {
        let number = LAST.get() + 1;
        LAST.set(number);
        TIMERS.with_borrow_mut(|timers| timers.push(Timer { number, left: after, call: Box::new(call) }));
        Ok(TimeoutHandle(number))
    }

    /// Lets time pass for the timers of this thread, and calls the functions of those that end.
    pub fn advance(time: Duration) {
        let ended: Vec<Timer> = TIMERS.with_borrow_mut(|timers| {
            timers.iter_mut().for_each(|timer| timer.left = timer.left.saturating_sub(time));
            timers.extract_if(.., |timer| timer.left.is_zero()).collect()
        });
        ended.into_iter().for_each(|timer| (timer.call)());
    }
}
