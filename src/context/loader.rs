//! States of the deferred parts of the program.

use leptos::prelude::*;

use super::announcer::Announcer;
use crate::effect::spawn;
use crate::lazy::{DeferredCall, Loading, Part};

/// Context of the deferred parts of the program, each of which has a state of its own.
#[derive(Clone, Copy)]
pub struct Loader {
    /// States of the parts, by their numbers.
    states: [RwSignal<Loading>; Part::ALL.len()],
    load: fn(Part) -> DeferredCall<()>,
    announcer: Announcer,
}

impl Loader {
    /// Returns the context of a program of which the given parts are loaded.
    #[must_use]
    pub fn new(loaded: &[Part], announcer: Announcer) -> Self {
        Self::loading_by(Part::load, loaded, announcer)
    }

    /// Returns the context of a program whose parts a given function loads.
    fn loading_by(load: fn(Part) -> DeferredCall<()>, loaded: &[Part], announcer: Announcer) -> Self {
        let state = |part| if loaded.contains(&part) { Loading::Ready } else { Loading::Idle };
        Self { states: Part::ALL.map(|part| RwSignal::new(state(part))), load, announcer }
    }

    fn signal(self, part: Part) -> RwSignal<Loading> {
        self.states[part as usize]
    }

    /// Returns the state of a part.
    #[must_use]
    pub fn state(self, part: Part) -> Loading {
        self.signal(part).get()
    }

    /// Returns whether a part is loaded.
    #[must_use]
    pub fn is_ready(self, part: Part) -> bool {
        self.state(part) == Loading::Ready
    }

    /// Loads a part.
    pub fn load(self, part: Part) {
        let state = self.signal(part);
        // A view that shows the failure is drawn again; the view that asks first already shows its placeholder.
        let failed = state.get_untracked() == Loading::Failed;
        state.update_untracked(|state| *state = Loading::Pending);
        if failed {
            state.set(Loading::Pending);
        }
        let loading = (self.load)(part);
        spawn(async move {
            let loaded = if loading.await.is_ok() { Loading::Ready } else { Loading::Failed };
            if loaded == Loading::Failed {
                // Several views may show the failure: it is announced once.
                self.announcer.announce("Une partie de cette page n’a pas pu s’afficher");
            }
            state.set(loaded);
        });
    }
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use std::cell::RefCell;
    use std::future::poll_fn;
    use std::task::Poll;

    use super::*;
    use crate::lazy::LoadError;
    use crate::testing;

    thread_local! {
        /// Outcomes of the loads that have ended, by part.
        static OUTCOMES: RefCell<Vec<(Part, Result<(), LoadError>)>> = const { RefCell::new(Vec::new()) };
    }

    /// Loads a part, which lasts until [`end`] tells its outcome.
    fn scripted(part: Part) -> DeferredCall<()> {
        let outcome = move |outcomes: &mut Vec<(Part, Result<(), LoadError>)>| {
            let place = outcomes.iter().position(|(ended, _)| *ended == part)?;
            Some(outcomes.remove(place).1)
        };
        let poll = move |_: &mut std::task::Context<'_>| match OUTCOMES.with_borrow_mut(outcome) {
            Some(outcome) => Poll::Ready(outcome),
            None => Poll::Pending,
        };
        DeferredCall::new(part, Box::pin(poll_fn(poll)))
    }

    fn end(part: Part, outcome: Result<(), LoadError>) {
        OUTCOMES.with_borrow_mut(|outcomes| outcomes.push((part, outcome)));
        testing::run();
    }

    /// Runs a test with a loader under an owner of its own, and what was announced.
    fn with_loader(test: impl FnOnce(Loader, Announcer)) {
        testing::with_owner(|| {
            let announcer = Announcer::new();
            test(Loader::loading_by(scripted, &[], announcer), announcer);
        });
    }

    fn states(loader: Loader) -> [Loading; 2] {
        untrack(|| [Part::Rest, Part::Test].map(|part| loader.state(part)))
    }

    #[test]
    fn a_part_is_idle_until_it_is_asked_for_and_pending_until_it_is_loaded() {
        with_loader(|loader, announcer| {
            assert_eq!(states(loader), [Loading::Idle; 2]);
            loader.load(Part::Rest);
            testing::run();
            assert_eq!(states(loader), [Loading::Pending, Loading::Idle]);
            assert!(!untrack(|| loader.is_ready(Part::Rest)));
            end(Part::Rest, Ok(()));
            assert_eq!(states(loader), [Loading::Ready, Loading::Idle]);
            assert!(untrack(|| loader.is_ready(Part::Rest)));
            assert_eq!(untrack(|| announcer.announcement()), "");
        });
    }

    #[test]
    fn a_part_that_failed_is_announced_and_can_be_retried() {
        with_loader(|loader, announcer| {
            loader.load(Part::Rest);
            end(Part::Rest, Err(LoadError));
            assert_eq!(states(loader), [Loading::Failed, Loading::Idle]);
            assert_eq!(untrack(|| announcer.announcement()), "Une partie de cette page n’a pas pu s’afficher");
            loader.load(Part::Rest);
            testing::run();
            assert_eq!(states(loader), [Loading::Pending, Loading::Idle]);
            end(Part::Rest, Ok(()));
            assert_eq!(states(loader), [Loading::Ready, Loading::Idle]);
        });
    }

    #[test]
    fn a_part_loads_and_fails_without_the_others() {
        with_loader(|loader, _| {
            loader.load(Part::Rest);
            loader.load(Part::Test);
            end(Part::Test, Ok(()));
            assert_eq!(states(loader), [Loading::Pending, Loading::Ready]);
            end(Part::Rest, Err(LoadError));
            assert_eq!(states(loader), [Loading::Failed, Loading::Ready]);
        });
    }

    #[test]
    fn a_part_may_be_loaded_from_the_start() {
        testing::with_owner(|| {
            let loader = Loader::new(&[Part::Test], Announcer::new());
            assert_eq!(states(loader), [Loading::Idle, Loading::Ready]);
        });
    }

    #[test]
    fn a_view_that_shows_the_failure_hears_of_a_retry() {
        with_loader(|loader, _| {
            let seen = StoredValue::new(Vec::new());
            crate::effect::watch(move || seen.update_value(|seen| seen.push(loader.state(Part::Rest))));
            testing::run();
            loader.load(Part::Rest);
            end(Part::Rest, Err(LoadError));
            loader.load(Part::Rest);
            end(Part::Rest, Ok(()));
            // The first load says nothing: a view calls it while it is drawn, with its placeholder.
            assert_eq!(seen.get_value(), [Loading::Idle, Loading::Failed, Loading::Pending, Loading::Ready]);
        });
    }
}
