//! Deferred parts of the program: functions that a build leaves in files of their own, loaded when first needed.
//!
//! The macro `deferred!` marks such functions where they are declared; code that only they reach goes along. Views never wait
//! for a file: `components::deferred_view` draws a placeholder until it is loaded, and `context::Loader` knows the state of each
//! part.

use std::future::ready;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use leptos::wasm_split::SplitLoaderError;
use thiserror::Error;

/// Part of the program that is loaded when first needed. `deferred!` names its functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Steps after the first, pages and questions that the first field does not need.
    Rest,
    /// The API in the page itself.
    Local,
    /// Page of a request that was sent, with its history.
    Sent,
    /// Pages of the team that examines requests.
    Team,
    /// People of requests: invitations, hand-overs, recoveries, and the cards of contacts.
    People,
    /// Words of mails, for their previews and for those of the demonstration without a server.
    Mails,
    /// Part of tests alone, which tell it from another one.
    #[cfg(test)]
    Test,
}

impl Part {
    /// Every part, in the order of their numbers.
    pub const ALL: [Self; if cfg!(test) { 7 } else { 6 }] = [
        Self::Rest,
        Self::Local,
        Self::Sent,
        Self::Team,
        Self::People,
        Self::Mails,
        #[cfg(test)]
        Self::Test,
    ];

    /// Loads the part.
    pub fn load(self) -> DeferredCall<()> {
        match self {
            Self::Rest => load_rest(),
            // Whoever makes that API has loaded it: no view asks for it before.
            Self::Local => DeferredCall::new(self, Box::pin(ready(Err(LoadError)))),
            Self::Sent => load_sent(),
            Self::Team => load_team(),
            Self::People => load_people(),
            Self::Mails => load_mails(),
            #[cfg(test)]
            Self::Test => load_rest(),
        }
    }
}

/// Error of a part of the program that could not be loaded. Another attempt may succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a part of the program is missing")]
pub struct LoadError;

impl From<SplitLoaderError> for LoadError {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

/// State of a deferred part of the program.
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

/// Future of a deferred function's answer.
type Answer<T> = Pin<Box<dyn Future<Output = Result<T, LoadError>>>>;

/// Call of a deferred function, which loads the function's part. Fails if the part cannot be loaded.
#[must_use = "nothing is called before the call is polled"]
pub struct DeferredCall<T> {
    part: Part,
    answer: Answer<T>,
}

impl<T> DeferredCall<T> {
    /// Returns the call of a function of a part.
    pub fn new(part: Part, answer: Answer<T>) -> Self {
        Self { part, answer }
    }

    /// Returns the part that the function belongs to.
    #[must_use]
    pub fn part(&self) -> Part {
        self.part
    }

    /// Returns the answer at once, if the part is loaded.
    #[must_use]
    pub fn now(mut self) -> Option<T> {
        let mut context = Context::from_waker(Waker::noop());
        // On the first call of a function, its loader polls for the part before it calls the function.
        [(); 2].into_iter().find_map(|()| match self.answer.as_mut().poll(&mut context) {
            Poll::Ready(answer) => answer.ok(),
            Poll::Pending => None,
        })
    }
}

impl<T> Future for DeferredCall<T> {
    type Output = Result<T, LoadError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.answer.as_mut().poll(context)
    }
}

/// Leaves functions to a deferred part of the program, in builds that have some (the feature `split`).
///
/// The functions then return a [`DeferredCall`]. The part is `rest`, or the one that `in name;` names first. The build makes a file
/// for each name, and one for what several of them share. A further part takes a variant of [`Part`], its line in
/// [`Part::load`] with an empty function, and an arm below.
macro_rules! deferred {
    (in rest; $($functions:tt)+) => { $crate::lazy::deferred_in! { rest, Rest; $($functions)+ } };
    (in local; $($functions:tt)+) => { $crate::lazy::deferred_in! { local, Local; $($functions)+ } };
    (in sent; $($functions:tt)+) => { $crate::lazy::deferred_in! { sent, Sent; $($functions)+ } };
    (in team; $($functions:tt)+) => { $crate::lazy::deferred_in! { team, Team; $($functions)+ } };
    (in people; $($functions:tt)+) => { $crate::lazy::deferred_in! { people, People; $($functions)+ } };
    (in mails; $($functions:tt)+) => { $crate::lazy::deferred_in! { mails, Mails; $($functions)+ } };
    (in $unknown:ident; $($functions:tt)+) => {
        compile_error!(concat!("the program has no part `", stringify!($unknown), "`"));
    };
    ($($functions:tt)+) => { $crate::lazy::deferred! { in rest; $($functions)+ } };
}
pub(crate) use deferred;

/// Writes the functions of `deferred!`, for a part by its name in files and its variant of [`Part`].
macro_rules! deferred_in {
    ($name:ident, $part:ident; $($(#[$meta:meta])* $vis:vis fn $function:ident($($argument:ident: $type:ty),* $(,)?) -> $output:ty $body:block)+) => { $(
        $(#[$meta])*
        $vis fn $function($($argument: $type),*) -> $crate::lazy::DeferredCall<$output> {
            #[cfg(feature = "split")]
            #[leptos::wasm_split::wasm_split($name, wasm_split_path = leptos::wasm_split, fallible)]
            fn $function($($argument: $type),*) -> Result<$output, $crate::lazy::LoadError> {
                Ok($body)
            }
            #[cfg(not(feature = "split"))]
            async fn $function($($argument: $type),*) -> Result<$output, $crate::lazy::LoadError> {
                Ok($body)
            }
            $crate::lazy::DeferredCall::new($crate::lazy::Part::$part, Box::pin($function($($argument),*)))
        }
    )+ };
}
pub(crate) use deferred_in;

deferred! {
    in rest;
    /// Completes once the part is loaded.
    fn load_rest() -> () {}
}

deferred! {
    in sent;
    /// Completes once the part is loaded.
    fn load_sent() -> () {}
}

deferred! {
    in team;
    /// Completes once the part is loaded.
    fn load_team() -> () {}
}

deferred! {
    in people;
    /// Completes once the part is loaded.
    fn load_people() -> () {}
}

deferred! {
    in mails;
    /// Completes once the part is loaded.
    fn load_mails() -> () {}
}
