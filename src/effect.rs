//! Effects, memos and tasks of Leptos whose functions are of one type: the code that runs them is there once, or once for each
//! type of value.

use std::cell::Cell;
use std::pin::Pin;

use leptos::prelude::*;
use leptos::reactive::spawn_local;

/// Runs something soon, and again whenever a signal changes that it read, until the owner ends that it is called under.
pub fn watch(run: impl Fn() + 'static) {
    Effect::new(Box::new(move |_| run()) as Box<dyn FnMut(Option<()>)>);
}

/// Runs something as [`watch`] does, with what it returned the time before.
pub fn watch_changes<T: 'static>(run: impl Fn(Option<T>) -> T + 'static) {
    let before = Cell::new(None);
    watch(move || before.set(Some(run(before.take()))));
}

/// Runs a task from now on, to its end.
pub fn spawn(task: impl Future<Output = ()> + 'static) {
    spawn_local(Box::pin(task) as Pin<Box<dyn Future<Output = ()>>>);
}

/// Returns a value that is computed from signals when it is looked at, from its value before and those that it reads. It changes
/// only when another value comes out.
#[must_use]
pub fn computed<T: PartialEq + Send + Sync + 'static>(
    compute: impl Fn(Option<&T>) -> T + Send + Sync + 'static,
) -> Memo<T> {
    Memo::new(Box::new(compute) as Box<dyn Fn(Option<&T>) -> T + Send + Sync>)
}
