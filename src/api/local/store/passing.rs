//! Acts of the clock: what follows from days that pass, and reminders of the legal clock.

use super::{KeptRequest, LocalStore, RecordStorage};
use crate::model::Id;
use crate::model::lifecycle::Stamp;
use crate::model::lifecycle::deadline::{Keeping, due_act, due_event};
use crate::model::wire::By;

/// Most events that a request gets at once: no life has as many that follow from each other.
const EVENTS_MAX: usize = 10;

impl<D: RecordStorage> LocalStore<D> {
    /// Makes the events that are due on all requests.
    pub fn let_days_pass(&self, keeping: Keeping, new_id: fn() -> Id, now: &str) {
        for id in self.records.ids() {
            // What cannot be read keeps no other request from its days.
            let Ok(mut kept) = self.kept(&id) else { continue };
            let before = kept.events.len();
            let has_more = |kept: &mut KeptRequest| self.pass(kept, keeping, new_id(), now);
            while kept.events.len() < before + EVENTS_MAX && has_more(&mut kept) {}
            if kept.events.len() > before {
                self.put(*kept);
            }
        }
    }

    /// Makes the event that is due on a request. Returns whether there is one.
    fn pass(&self, kept: &mut KeptRequest, keeping: Keeping, event: Id, now: &str) -> bool {
        let (today, touched_on) = ((self.day)(now), (self.day)(&kept.request.updated_at));
        let Some(number) = kept.request.number.clone() else { return false };
        let stamp = Stamp { id: event, at: now.to_owned(), on: today, by: By::clock() };
        let history = kept.history();
        let act = due_act(&history, today, touched_on, keeping);
        let Ok(Some(event)) = due_event(&history, &number, act, stamp) else { return false };
        if event.kind.moves_state() {
            kept.raise(now);
        }
        kept.events.push(event);
        kept.follow(today);
        true
    }
}
