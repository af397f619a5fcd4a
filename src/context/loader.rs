//! State of the deferred part of the program.

use leptos::prelude::*;

use super::announcer::Announcer;
use crate::effect::spawn;
use crate::lazy::{self, Loading};

/// Context of the deferred part of the program.
#[derive(Clone, Copy)]
pub struct Loader {
    state: RwSignal<Loading>,
    announcer: Announcer,
}

impl Loader {
    /// Returns the context of a deferred part in the given state.
    #[must_use]
    pub fn new(state: Loading, announcer: Announcer) -> Self {
        Self { state: RwSignal::new(state), announcer }
    }

    /// Returns the state of the deferred part.
    #[must_use]
    pub fn state(self) -> Loading {
        self.state.get()
    }

    /// Returns whether the deferred part is loaded.
    #[must_use]
    pub fn is_ready(self) -> bool {
        self.state.get() == Loading::Ready
    }

    /// Loads the deferred part.
    pub fn load(self) {
        // A view that shows the failure is drawn again; the view that asks first already shows its placeholder.
        let failed = self.state.get_untracked() == Loading::Failed;
        self.state.update_untracked(|state| *state = Loading::Pending);
        if failed {
            self.state.set(Loading::Pending);
        }
        spawn(async move {
            let loaded = if lazy::load().await.is_ok() { Loading::Ready } else { Loading::Failed };
            if loaded == Loading::Failed {
                // Several views may show the failure: it is announced once.
                self.announcer.announce("Une partie de cette page n’a pas pu s’afficher");
            }
            self.state.set(loaded);
        });
    }
}
