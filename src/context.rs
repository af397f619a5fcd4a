//! Contexts: small parts of the application's state, which components ask for by type. Copies share one state.
//!
//! `crate::entry` provides them all; pages, steps and fields take those that they use.

use leptos::prelude::*;

use crate::lazy::Part;
use crate::navigation::Navigation;
use crate::portal::Portal;

mod announcer;
mod current_draft;
mod focus;
mod host;
mod loader;
mod renewal;
mod session;
mod settings;
mod sign_out;

pub use announcer::Announcer;
pub use current_draft::CurrentDraft;
pub use focus::{Focus, HEADING};
pub use host::Host;
pub use loader::Loader;
pub use renewal::Renewal;
pub use session::{Identity, Session};
pub use settings::Settings;
pub use sign_out::{SignOut, SignOutState};

/// All contexts of an application, provided as one Leptos context.
#[derive(Clone, Copy)]
pub struct Contexts {
    /// Announcements, warnings and flash messages.
    pub announcer: Announcer,
    /// Focus and title of the page.
    pub focus: Focus,
    /// Portal around the application, if there is one.
    pub host: Host,
    /// Current place, and ways to change it.
    pub navigation: Navigation,
    /// The request that is being filled in.
    pub current_draft: CurrentDraft,
    /// States of the deferred parts of the program.
    pub loader: Loader,
    /// Drawing of the current page anew.
    pub renewal: Renewal,
    /// Identity of the person, with their API and their device.
    pub session: Session,
    /// Configuration of the operator, and theme.
    pub settings: Settings,
    /// Progress of signing out.
    pub sign_out: SignOut,
}

impl Contexts {
    /// Provides the contexts of an application that shows nothing yet, to the current owner and those under it.
    ///
    /// `loaded` are the parts of the program that are loaded already.
    pub fn provide(
        navigation: Navigation,
        session: Session,
        portal: Option<Portal>,
        theme: Option<String>,
        loaded: &[Part],
    ) {
        let announcer = Announcer::new();
        provide_context(Self {
            announcer,
            focus: Focus::new(navigation, portal.is_some()),
            host: Host::new(portal),
            navigation,
            current_draft: CurrentDraft::none(),
            loader: Loader::new(loaded, announcer),
            renewal: Renewal::new(),
            session,
            settings: Settings::new(theme),
            sign_out: SignOut::new(),
        });
    }
}

/// Lets a component ask for a context by its type.
macro_rules! asked_by_type {
    ($($context:ident: $member:ident),+ $(,)?) => { $(
        impl $context {
            /// Returns the context of the application that owns the caller.
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
    Loader: loader,
    Renewal: renewal,
    Session: session,
    Settings: settings,
    SignOut: sign_out,
}
