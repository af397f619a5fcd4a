//! What components ask for by type: each context is a small part of the application's state, and copies share it.
//!
//! [`crate::app`] provides them all, on top; pages, steps and fields take those that they use.

use leptos::prelude::*;

use crate::navigation::Navigation;

mod announcer;
mod current_draft;
mod focus;
mod host;
mod parts;
mod session;
mod settings;
mod sign_out;

pub use announcer::Announcer;
pub use current_draft::CurrentDraft;
pub use focus::{Focus, HEADING};
pub use host::Host;
pub use parts::Parts;
pub use session::{Identity, Session};
pub use settings::Settings;
pub use sign_out::{SignOut, SigningOut};

/// Every context of an application, which Leptos hands down as one.
#[derive(Clone, Copy)]
pub struct Contexts {
    /// What is told in words.
    pub announcer: Announcer,
    /// Where the focus is to be.
    pub focus: Focus,
    /// What the application stands in.
    pub host: Host,
    /// Where the person is.
    pub navigation: Navigation,
    /// The request that is being filled in.
    pub current_draft: CurrentDraft,
    /// What is there of the program.
    pub parts: Parts,
    /// Who is there.
    pub session: Session,
    /// What the operator and the person set.
    pub settings: Settings,
    /// How far signing out is.
    pub sign_out: SignOut,
}

/// Lets a component ask for a context by its type.
macro_rules! asked_by_type {
    ($($context:ident: $member:ident),+ $(,)?) => { $(
        impl $context {
            /// Returns that of the application around the caller.
            ///
            /// # Panics
            /// Outside of an application.
            #[must_use]
            pub fn get() -> Self {
                expect_context::<Contexts>().$member
            }
        }
    )+ };
}
asked_by_type! {
    Announcer: announcer,
    Focus: focus,
    Host: host,
    Navigation: navigation,
    CurrentDraft: current_draft,
    Parts: parts,
    Session: session,
    Settings: settings,
    SignOut: sign_out,
}
