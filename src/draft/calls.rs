//! Calls to the server, and what their answers mean to the machine.

use leptos::prelude::{Set, WithUntracked};

use super::driver::{Driver, Until};
#[cfg(not(test))]
use super::ports::Ports as _;
use crate::api::{ApiError, ApiFuture};
use crate::model::saving::{BaseRevision, Event, Failure, Machine};
use crate::model::wire::StoredRequest;
use crate::model::{Draft, Field};

/// Function that takes an answer. Boxed, so that one task is compiled for each type of answer, and not one for each call.
type Then<T> = Box<dyn FnOnce(&Driver, Result<T, ApiError>)>;

impl Driver {
    /// Saves the answers over a revision, or creates the draft.
    pub(super) fn send(&self, base: Option<&BaseRevision>, answers: &Draft) {
        self.sent.set(self.sent.get() + 1);
        let saving = self.api.save(&self.id, base, answers);
        self.when(
            saving,
            Box::new(|driver, answer| match answer {
                Ok(saved) => {
                    driver.update_status(|status| status.rejected_fields.clear());
                    driver.dispatch(Event::Saved { revision: saved.revision, saved_at: saved.updated_at });
                    if driver.arrived.with_untracked(Option::is_none) {
                        driver.ask_what_arrived();
                    }
                }
                Err(error) => driver.failed(&error),
            }),
        );
    }

    /// Asks whether the server still holds the revision that it acknowledged.
    pub(super) fn verify(&self, base: BaseRevision) {
        let number = self.sent.get() + 1;
        self.sent.set(number);
        self.when(
            self.ask_for_request(),
            Box::new(move |driver, answer| {
                if driver.sent.get() != number {
                    // A save took its place.
                    return;
                }
                if let Ok(request) = &answer {
                    driver.arrived.set(Some(request.arrived.clone()));
                }
                match answer {
                    Ok(request) if !request.state.is_editable() => driver.dispatch(Event::Failed {
                        failure: Failure::Submitted,
                        random: driver.ports.random(),
                        pause: 0,
                    }),
                    Ok(request) if request.revision == base.revision && request.updated_at == base.saved_at => {
                        driver.dispatch(Event::Saved { revision: base.revision, saved_at: base.saved_at });
                    }
                    Ok(request) => driver.dispatch(Event::Stale(request.into())),
                    Err(error) => driver.failed(&error),
                }
            }),
        );
    }

    fn failed(&self, error: &ApiError) {
        self.update_status(|status| status.rejected_fields = rejected_fields(error));
        let Some(current) = error.current() else {
            let (failure, pause) = (error.failure(), error.retry_delay());
            return self.dispatch(Event::Failed { failure, random: self.ports.random(), pause });
        };
        let known = self.machine(|machine| machine.base().map(|base| base.revision));
        let may_be_restored = known.is_some_and(|known| current.saved.revision <= known);
        self.dispatch(Event::Stale(current));
        if may_be_restored {
            self.ask_what_arrived();
        }
    }

    /// Asks the server which documents it has: it may have been restored from a backup without some.
    pub(super) fn ask_what_arrived(&self) {
        self.when(
            self.ask_for_request(),
            Box::new(|driver, answer| {
                if let Ok(request) = answer {
                    driver.arrived.set(Some(request.arrived));
                }
            }),
        );
    }

    /// Reads the draft from the server anew, then waits until the answers are settled.
    pub(super) fn refresh(&self, then: impl FnOnce() + 'static) {
        let asked = self.machine(Machine::base_revision);
        self.when(
            self.ask_for_request(),
            Box::new(move |driver, answer| {
                match answer {
                    Ok(request) if request.state.is_editable() => {
                        driver.dispatch(Event::Found { current: request.into(), asked });
                    }
                    Err(error) if error.failure() == Failure::NotOnServer => driver.dispatch(Event::NotOnServer),
                    _ => {}
                }
                driver.wait(Until::Settled, Box::new(then));
            }),
        );
    }

    fn ask_for_request(&self) -> ApiFuture<StoredRequest> {
        self.api.request(&self.id)
    }

    /// Calls a function with an answer once it comes, unless the driver has ended.
    fn when<T: 'static>(&self, answer: ApiFuture<T>, then: Then<T>) {
        let itself = self.itself();
        self.ports.spawn(Box::pin(async move {
            let answer = answer.await;
            if let Some(driver) = itself.upgrade() {
                then(&driver, answer);
            }
        }));
    }
}

/// Returns the fields that a problem names.
fn rejected_fields(error: &ApiError) -> Vec<Field> {
    let Some(problem) = error.problem() else { return Vec::new() };
    let is_named = |field: &&Field| {
        let pointer = ["/draft", &field.pointer()].concat();
        problem.errors.iter().any(|error| error.pointer.starts_with(&pointer))
    };
    Field::ALL.iter().filter(is_named).copied().collect()
}
