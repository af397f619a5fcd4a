//! The pointer while it is held: nothing may move then, since a button that moves away from under it gets no `click`.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use wasm_bindgen::JsCast;
use web_sys::MouseEvent;

use super::events::window_event_listener_untyped;
use super::timers::set_timeout;

/// Events by which the pointer may be released. A drag, a menu or a scroll bar can keep the `mouseup` to itself.
const ENDS: [&str; 6] = ["mouseup", "pointercancel", "dragend", "mouseover", "keyup", "blur"];

thread_local! {
    static IS_FOLLOWED: Cell<bool> = const { Cell::new(false) };
    static IS_HELD: Cell<bool> = const { Cell::new(false) };
    static WAITING: RefCell<Vec<Box<dyn FnOnce()>>> = const { RefCell::new(Vec::new()) };
}

/// Follows the pointer from the first call on.
pub fn follow() {
    if IS_FOLLOWED.replace(true) {
        return;
    }
    // The focus moves after this event, also when a finger taps: its `pointerdown` and `pointerup` came before.
    window_event_listener_untyped("mousedown", |_| hold());
    for name in ENDS {
        window_event_listener_untyped(name, |event| {
            // Events of other types have no buttons.
            if event.unchecked_ref::<MouseEvent>().buttons() == 0 {
                release();
            }
        });
    }
}

/// Calls a function at once, or after the `click` by which a pointer that is held is released.
pub fn once_released(call: impl FnOnce() + 'static) {
    if IS_HELD.get() {
        WAITING.with_borrow_mut(|waiting| waiting.push(Box::new(call)));
    } else {
        call();
    }
}

/// Notes that a button of the pointer is pressed.
pub(crate) fn hold() {
    IS_HELD.set(true);
}

/// Notes that the pointer is released.
pub(crate) fn release() {
    if IS_HELD.replace(false) {
        // The `click` comes in the same task.
        set_timeout(|| WAITING.take().into_iter().for_each(|call| call()), Duration::ZERO);
    }
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use std::rc::Rc;

    use super::super::timers::advance;
    use super::*;

    /// Returns how often calls were made, and a function that asks for another.
    fn calls() -> (Rc<Cell<u32>>, impl Fn()) {
        let made = Rc::new(Cell::new(0));
        let count = Rc::clone(&made);
        (made, move || {
            let count = Rc::clone(&count);
            once_released(move || count.set(count.get() + 1));
        })
    }

    #[test]
    fn a_call_waits_for_no_pointer_that_is_not_held() {
        let (made, call) = calls();
        call();
        hold();
        release();
        call();
        assert_eq!(made.get(), 2, "nor once it is released");
    }

    #[test]
    fn what_comes_while_the_pointer_is_held_is_called_once_after_its_click() {
        let (made, call) = calls();
        hold();
        call();
        call();
        advance(Duration::from_secs(60));
        assert_eq!(made.get(), 0, "however long that is");
        release();
        assert_eq!(made.get(), 0, "the click comes first");
        advance(Duration::ZERO);
        assert_eq!(made.get(), 2);
        // A release is told by several events.
        release();
        advance(Duration::ZERO);
        assert_eq!(made.get(), 2);
    }
}
