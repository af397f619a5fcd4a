//! What is there of the program.

use leptos::prelude::*;

use super::announcer::Announcer;
use crate::effect::spawn;
use crate::lazy::{self, Loading};

/// What is there of the program.
#[derive(Clone, Copy)]
pub struct Loader {
    state: RwSignal<Loading>,
    announcer: Announcer,
}

impl Loader {
    /// Returns that the part that is fetched later is so far.
    #[must_use]
    pub fn new(state: Loading, announcer: Announcer) -> Self {
        Self { state: RwSignal::new(state), announcer }
    }

    /// Returns how far the part is that is fetched later.
    #[must_use]
    pub fn state(self) -> Loading {
        self.state.get()
    }

    /// Returns whether every part of the program is there.
    #[must_use]
    pub fn is_ready(self) -> bool {
        self.state.get() == Loading::Ready
    }

    /// Fetches the part that is not there.
    pub fn load(self) {
        // Whoever shows a failure shows that it is tried again; whoever asks first need not hear of it.
        let failed = self.state.get_untracked() == Loading::Failed;
        self.state.update_untracked(|state| *state = Loading::Pending);
        if failed {
            self.state.set(Loading::Pending);
        }
        spawn(async move {
            let loaded = if lazy::load().await.is_ok() { Loading::Ready } else { Loading::Failed };
            if loaded == Loading::Failed {
                // Several places may show it: it is told once.
                self.announcer.announce("Une partie de cette page n’a pas pu s’afficher");
            }
            self.state.set(loaded);
        });
    }
}
