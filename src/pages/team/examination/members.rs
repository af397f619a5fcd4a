//! Choices of the acts beside their texts, kept on the device as these are.

use leptos::prelude::*;

use super::writing::Writing;
use crate::clock;
use crate::model::lifecycle::run::usual_answer_day;
use crate::model::wire::{Ground, Kind};
use crate::model::{ClosedList, Date};

/// Names of the choices on the device.
const ANSWER_BY: &str = "answer_by";
const GROUND: &str = "ground";
const HEARD_ON: &str = "heard_on";
const URGENT: &str = "urgent";
const POINTER: &str = "pointer";

/// Mark of a day that the person took out of its control.
const NO_DAY: &str = "-";

/// Choices of the acts on one request. Copies share one state.
#[derive(Clone, Copy)]
pub(super) struct Members {
    writing: Writing,
    /// Last day to answer a request for changes.
    pub(super) answer_by: RwSignal<Option<Date>>,
    /// Ground of a revocation.
    pub(super) ground: RwSignal<Option<Ground>>,
    /// Day by which the organisation could present its observations.
    pub(super) heard_on: RwSignal<Option<Date>>,
    /// Set for a revocation that cannot wait for observations.
    pub(super) urgent: RwSignal<bool>,
    /// Field that a note is about, as a JSON pointer; empty for the whole request.
    pub(super) pointer: RwSignal<String>,
}

impl Members {
    /// Returns the choices that the device keeps, or those with which the acts begin.
    pub(super) fn of(writing: Writing) -> Self {
        let of_revocation = |name| writing.choice(Kind::Revoked, name);
        let answer_by = writing.choice(Kind::ChangesRequested, ANSWER_BY);
        Self {
            writing,
            answer_by: RwSignal::new(if answer_by.is_empty() { usual() } else { Date::parse(&answer_by).ok() }),
            ground: RwSignal::new(Ground::parse(&of_revocation(GROUND))),
            heard_on: RwSignal::new(Date::parse(&of_revocation(HEARD_ON)).ok()),
            urgent: RwSignal::new(!of_revocation(URGENT).is_empty()),
            pointer: RwSignal::new(writing.choice(Kind::Note, POINTER)),
        }
    }

    /// Sets the last day to answer.
    pub(super) fn choose_answer_by(self, day: Option<Date>) {
        self.answer_by.set(day);
        let chosen = day.map_or(NO_DAY.to_owned(), |day| day.to_string());
        // The usual day follows the calendar.
        self.writing.choose(Kind::ChangesRequested, ANSWER_BY, if day == usual() { "" } else { &chosen });
    }

    /// Sets the ground of a revocation.
    pub(super) fn choose_ground(self, ground: Ground) {
        self.ground.set(Some(ground));
        self.writing.choose(Kind::Revoked, GROUND, ground.as_str());
    }

    /// Sets the day by which the organisation could present its observations.
    pub(super) fn choose_heard_on(self, day: Option<Date>) {
        self.heard_on.set(day);
        self.writing.choose(Kind::Revoked, HEARD_ON, &day.map(|day| day.to_string()).unwrap_or_default());
    }

    /// Sets whether a revocation cannot wait for observations.
    pub(super) fn choose_urgent(self, urgent: bool) {
        self.urgent.set(urgent);
        self.writing.choose(Kind::Revoked, URGENT, if urgent { URGENT } else { "" });
    }

    /// Sets the field that a note is about.
    pub(super) fn choose_pointer(self, pointer: &str) {
        self.pointer.set(pointer.to_owned());
        self.writing.choose(Kind::Note, POINTER, pointer);
    }

    /// Follows the choices.
    pub(super) fn track(self) {
        self.answer_by.track();
        self.ground.track();
        self.heard_on.track();
        self.urgent.track();
    }

    /// Forgets the choices of an act that is done.
    pub(super) fn forget(self, kind: Kind) {
        match kind {
            Kind::ChangesRequested => self.choose_answer_by(usual()),
            Kind::Revoked => {
                self.ground.set(None);
                self.writing.choose(kind, GROUND, "");
                self.choose_heard_on(None);
                self.choose_urgent(false);
            }
            Kind::Note => self.choose_pointer(""),
            _ => {}
        }
    }
}

/// Returns the day that stands in the control at first.
fn usual() -> Option<Date> {
    Some(usual_answer_day(clock::today_in_paris()))
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use super::*;
    use crate::context::Session;
    use crate::model::Id;
    use crate::navigation::Place;
    use crate::testing::{TestApp, app};

    fn members(app: &TestApp) -> Members {
        app.with(|| Members::of(Writing::about(Session::get(), &Id::new(0, [1; 10]))))
    }

    #[test]
    fn choices_outlast_the_page_until_their_act_is_done() {
        let app = app(Place::Requests, false);
        let first = members(&app);
        let (day, ground) = (Date::parse("2027-03-25").ok(), Ground::ALL[1]);
        app.with(|| {
            first.choose_answer_by(day);
            first.choose_ground(ground);
            first.choose_heard_on(day);
            first.choose_urgent(true);
            first.choose_pointer("/project/name");
        });
        let again = members(&app);
        assert_eq!((again.answer_by.get_untracked(), again.ground.get_untracked()), (day, Some(ground)));
        assert_eq!((again.heard_on.get_untracked(), again.urgent.get_untracked()), (day, true));
        assert_eq!(again.pointer.get_untracked(), "/project/name");
        assert!(!app.copies().unwrap().has_team_texts(), "nobody is asked about a choice");
        app.with(|| [Kind::ChangesRequested, Kind::Revoked, Kind::Note].map(|kind| again.forget(kind)));
        assert!(app.with(|| Session::get().device().names("examination:")).is_empty());
        let last = members(&app);
        assert_eq!((last.answer_by.get_untracked(), last.ground.get_untracked()), (usual(), None));
        app.end();
    }

    #[test]
    fn a_day_that_was_taken_out_stays_out_and_the_usual_one_follows_the_calendar() {
        let app = app(Place::Requests, false);
        app.with(|| members(&app).choose_answer_by(None));
        assert_eq!(members(&app).answer_by.get_untracked(), None);
        app.with(|| members(&app).choose_answer_by(usual()));
        app.wait(40 * 24 * 60 * 60);
        assert_eq!(members(&app).answer_by.get_untracked(), usual());
        app.end();
    }
}
