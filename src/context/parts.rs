//! What is there of the program.

use leptos::prelude::*;

use super::announcer::Announcer;
use crate::effect::spawn;
use crate::lazy::{self, Loading};

/// What is there of the program.
#[derive(Clone, Copy)]
pub struct Parts {
    rest: RwSignal<Loading>,
    announcer: Announcer,
}

impl Parts {
    /// Returns that the part that is fetched later is so far.
    #[must_use]
    pub fn new(rest: Loading, announcer: Announcer) -> Self {
        Self { rest: RwSignal::new(rest), announcer }
    }

    /// Returns how far the part is that is fetched later.
    #[must_use]
    pub fn rest(self) -> Loading {
        self.rest.get()
    }

    /// Returns whether every part of the program is there.
    #[must_use]
    pub fn are_there(self) -> bool {
        self.rest.get() == Loading::Ready
    }

    /// Fetches the part that is not there.
    pub fn load(self) {
        // Whoever shows a failure shows that it is tried again; whoever asks first need not hear of it.
        let failed = self.rest.get_untracked() == Loading::Failed;
        self.rest.update_untracked(|rest| *rest = Loading::Pending);
        if failed {
            self.rest.set(Loading::Pending);
        }
        spawn(async move {
            let loaded = if lazy::load().await.is_ok() { Loading::Ready } else { Loading::Failed };
            if loaded == Loading::Failed {
                // Several places may show it: it is told once.
                self.announcer.announce("Une partie de cette page n’a pas pu s’afficher");
            }
            self.rest.set(loaded);
        });
    }
}
