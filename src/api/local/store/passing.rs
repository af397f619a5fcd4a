//! Acts of the clock: what follows from days that pass, and reminders of the legal clock.

use super::{KeptRequest, LocalStore, RecordStorage};
use crate::model::Id;
use crate::model::lifecycle::Stamp;
use crate::model::lifecycle::deadline::{Keeping, due_event};
use crate::model::lifecycle::keeping::{DueToday, EVENTS_AT_ONCE, Loss, Told, due};
use crate::model::wire::By;

impl<D: RecordStorage> LocalStore<D> {
    /// Makes the events that are due on all requests, and tells of what will be lost.
    pub fn let_days_pass(&self, keeping: Keeping, new_id: fn() -> Id, now: &str) {
        for id in self.records.ids() {
            // What cannot be read keeps no other request from its days.
            let Ok(mut kept) = self.kept(&id) else { continue };
            let length = |kept: &KeptRequest| kept.events.len() + kept.told.len();
            let before = length(&kept);
            for _ in 0..EVENTS_AT_ONCE {
                if !self.pass(&mut kept, keeping, new_id(), now) {
                    break;
                }
            }
            if length(&kept) > before {
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
        let forewarned = kept.told.last().map(Told::forewarning);
        let DueToday { told, act, .. } = due(&history, touched_on, forewarned, today, keeping);
        // Nothing is erased here, and nobody told of that.
        if let Some(prospect) = told.filter(|prospect| prospect.loss == Loss::Withdrawal) {
            let since = history.moved_on.map_or(touched_on, |moved_on| moved_on.max(touched_on));
            kept.told.push(Told { of: prospect.on, on: today, since, at: now.to_owned() });
        }
        let Ok(Some(event)) = due_event(&history, &number, act, stamp) else { return false };
        if event.kind.moves_state() {
            kept.raise(now);
        }
        kept.events.push(event);
        kept.follow(today);
        true
    }
}
