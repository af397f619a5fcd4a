//! Effects, memos and tasks of Leptos over boxed functions: their code is compiled once, or once for each type of value.

use std::cell::Cell;
#[cfg(not(feature = "ssr"))]
use std::pin::Pin;

use leptos::prelude::*;
#[cfg(not(feature = "ssr"))]
use leptos::reactive::spawn_local;

/// Runs a function in an effect: soon, and again whenever a signal that it reads changes, until the current owner ends.
pub fn watch(run: impl Fn() + 'static) {
    Effect::new(Box::new(move |_| run()) as Box<dyn FnMut(Option<()>)>);
}

/// Runs a function as [`watch`] does, with the value that it returned the time before.
pub fn watch_changes<T: 'static>(run: impl Fn(Option<T>) -> T + 'static) {
    let before = Cell::new(None);
    watch(move || before.set(Some(run(before.take()))));
}

/// Spawns a task, which outlives the current owner.
#[cfg(not(feature = "ssr"))]
pub fn spawn(task: impl Future<Output = ()> + 'static) {
    spawn_local(Box::pin(task) as Pin<Box<dyn Future<Output = ()>>>);
}

/// Drops a task: a page that is drawn to HTML waits for nothing.
#[cfg(feature = "ssr")]
pub fn spawn(task: impl Future<Output = ()> + 'static) {
    drop(task);
}

/// Runs a function at once, and again whenever a signal that it read changes, until the current owner ends.
pub fn run_and_follow(run: impl Fn() + 'static) {
    // One type of function: Leptos's code for it is compiled once.
    let run: Box<dyn Fn()> = Box::new(run);
    StoredValue::new_local(RenderEffect::new(move |_: Option<()>| run()));
}

/// Returns a memo of a value, computed from its previous value and from signals. Equal values notify nothing.
#[must_use]
pub fn computed<T: PartialEq + Send + Sync + 'static>(
    compute: impl Fn(Option<&T>) -> T + Send + Sync + 'static,
) -> Memo<T> {
    Memo::new(Box::new(compute) as Box<dyn Fn(Option<&T>) -> T + Send + Sync>)
}
