//! Deferred part of the program: functions that a build leaves in a file of their own, loaded when first needed.
//!
//! The macro `deferred!` marks such a function where it is declared; code that only it reaches goes along. Views never wait
//! for the file: `components::later` draws a placeholder until it is loaded.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// Error of a part of the program that could not be loaded. Another attempt may succeed.
pub type LoadError = leptos::wasm_split::SplitLoaderError;

/// Leaves functions to a deferred part of the program, in builds that have some (the feature `split`).
///
/// The functions become asynchronous, and fail if the part cannot be loaded. The part is `rest`, or the one that `in name;`
/// names first: the build makes a file for each name, and one for what several of them share.
macro_rules! deferred {
    (in $part:ident; $($(#[$meta:meta])* $vis:vis fn $name:ident($($argument:ident: $type:ty),* $(,)?) -> $output:ty $body:block)+) => { $(
        $(#[$meta])*
        #[doc = "\n\n# Errors\nWhen the deferred part of the program cannot be loaded."]
        #[cfg(feature = "split")]
        #[leptos::wasm_split::wasm_split($part, wasm_split_path = leptos::wasm_split, fallible)]
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
    ($($functions:tt)+) => { $crate::lazy::deferred! { in rest; $($functions)+ } };
}
pub(crate) use deferred;

deferred! {
    /// Completes once the deferred part is loaded.
    pub fn load() -> () {}
}

/// State of the deferred part of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loading {
    /// Not requested yet.
    Idle,
    /// Requested, not loaded yet.
    Pending,
    /// Requested in vain.
    Failed,
    /// Loaded.
    Ready,
}

/// Answer of a deferred function.
pub type Deferred<T> = Pin<Box<dyn Future<Output = Result<T, LoadError>>>>;

/// Returns the answer of a deferred function whose part is loaded.
pub fn ready<T>(mut answer: Deferred<T>) -> Option<T> {
    let mut context = Context::from_waker(Waker::noop());
    // On the first call of a function, its loader polls for the part before it calls the function.
    [(); 2].into_iter().find_map(|()| match answer.as_mut().poll(&mut context) {
        Poll::Ready(answer) => answer.ok(),
        Poll::Pending => None,
    })
}
