//! Parts of the program that a build may leave in files of their own, which are fetched the first time that something of them
//! is needed.
//!
//! A function is left to such a part where it is declared, by `deferred!`: whatever can only be
//! reached through it goes along. The first part never waits: until the other is there, a placeholder is drawn (`components::later`).

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// The reason why a part of the program is not there: it could not be fetched. It may be the next time.
pub type LoadError = leptos::wasm_split::SplitLoaderError;

/// Leaves functions to the part of the program that is fetched later, where the build has one (the feature `split`). They
/// become asynchronous, and fail where the part cannot be fetched.
macro_rules! deferred {
    ($($(#[$meta:meta])* $vis:vis fn $name:ident($($argument:ident: $type:ty),* $(,)?) -> $output:ty $body:block)+) => { $(
        $(#[$meta])*
        #[doc = "\n\n# Errors\nWhen this part of the program cannot be fetched."]
        #[cfg(feature = "split")]
        #[leptos::wasm_split::wasm_split(rest, wasm_split_path = leptos::wasm_split, fallible)]
        $vis fn $name($($argument: $type),*) -> Result<$output, $crate::lazy::LoadError> {
            Ok($body)
        }

        $(#[$meta])*
        #[doc = "\n\n# Errors\nNever, in a program of one part."]
        #[cfg(not(feature = "split"))]
        $vis async fn $name($($argument: $type),*) -> Result<$output, $crate::lazy::LoadError> {
            Ok($body)
        }
    )+ };
}
pub(crate) use deferred;

deferred! {
    /// Is there once the part is.
    pub fn load() -> () {}
}

/// How far the part is that is fetched later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loading {
    /// It was not asked for yet.
    Idle,
    /// It is on its way.
    Pending,
    /// It did not get through.
    Failed,
    /// It is there.
    Ready,
}

/// What a deferred function answers, once its part is there.
pub type Deferred<T> = Pin<Box<dyn Future<Output = Result<T, LoadError>>>>;

/// Returns what a deferred function answers, where its part is there.
pub fn ready<T>(mut answer: Deferred<T>) -> Option<T> {
    let mut context = Context::from_waker(Waker::noop());
    // The first time that a function is called, its loader asks for the part, and hears at once that it is there.
    [(); 2].into_iter().find_map(|()| match answer.as_mut().poll(&mut context) {
        Poll::Ready(answer) => answer.ok(),
        Poll::Pending => None,
    })
}
