//! An act of the applicant on a request that is read: done once, and told as it ends.

use std::rc::Rc;

use leptos::prelude::*;

use crate::api::ApiError;
use crate::context::{Announcer, Focus, Identity, Session};
use crate::effect::spawn;
use crate::ids::new_id;
use crate::model::saving::BaseRevision;
use crate::model::wire::{Act, Event, Side, StoredRequest};
use crate::model::{Id, Step};
use crate::navigation::{Navigation, Place};
use crate::texts::acts;

/// Ways from the page of a request that is read. Copies share one state.
#[derive(Clone, Copy)]
pub(super) struct Ways {
    navigation: Navigation,
    request: StoredValue<Id, LocalStorage>,
    fill_in: StoredValue<Rc<dyn Fn()>, LocalStorage>,
    reload: StoredValue<Rc<dyn Fn()>, LocalStorage>,
}

impl Ways {
    /// Returns the ways to the form of the request, and to its page as it is by then.
    pub(super) fn new(request: Id, fill_in: Box<dyn Fn()>, reload: Box<dyn Fn()>) -> Self {
        Self {
            navigation: Navigation::get(),
            request: StoredValue::new_local(request),
            fill_in: StoredValue::new_local(fill_in.into()),
            reload: StoredValue::new_local(reload.into()),
        }
    }

    /// Opens the form of the request.
    pub(super) fn fill_in(self) {
        self.fill_in.get_value()();
    }

    /// Opens the form of the request at the contacts.
    pub(super) fn fill_in_contacts(self) {
        self.navigation.replace(&Place::Request(self.request.get_value(), Some(Step::People)));
        self.fill_in();
    }

    /// Opens the page of the request again, as it is by then.
    pub(super) fn reload(self) {
        self.reload.get_value()();
    }
}

/// Outcome of an act of the applicant, in words.
pub(super) struct Told {
    /// Announcement, once it is done.
    pub(super) done: &'static str,
    /// Beginning of the warning where it is not done.
    pub(super) not_done: &'static str,
    /// Way from there.
    pub(super) then: fn(Ways),
}

/// Act of the applicant on one revision of a request. Copies share one state.
#[derive(Clone, Copy)]
pub(super) struct Acting {
    pub(super) session: Session,
    pub(super) focus: Focus,
    announcer: Announcer,
    ways: Ways,
    told: &'static Told,
    request: StoredValue<(Id, BaseRevision), LocalStorage>,
    /// Rank of the last event that the page shows.
    seen: u64,
    /// Identifier of the event, and the act that it was tried with: the same act again is done once.
    tried: StoredValue<Option<(Id, Act)>, LocalStorage>,
    is_running: StoredValue<bool>,
}

impl Acting {
    pub(super) fn on(request: &StoredRequest, ways: Ways, told: &'static Told) -> Self {
        let base = BaseRevision::of(request.revision, &request.updated_at);
        Self {
            session: Session::get(),
            announcer: Announcer::get(),
            ways,
            focus: Focus::get(),
            told,
            request: StoredValue::new_local((request.id.clone(), base)),
            seen: request.last_event.unwrap_or_default(),
            tried: StoredValue::new_local(None),
            is_running: StoredValue::new(false),
        }
    }

    /// Returns whether nothing is under way, and marks that something is from now on.
    pub(super) fn begin(self) -> bool {
        let begins = !self.is_running.get_value();
        if begins {
            self.is_running.set_value(true);
            self.announcer.warn("");
        }
        begins
    }

    /// Marks that nothing is under way any more, and returns whether the page is still there.
    pub(super) fn end(self) -> bool {
        self.is_running.try_set_value(false).is_none()
    }

    /// Acts on the request, and goes on from there.
    pub(super) fn run(self, act: Act) {
        if !self.begin() {
            return;
        }
        let ((id, base), event) = (self.request.get_value(), self.event_of(&act));
        let acting = self.session.service().act(&id, &event, Some(&base), &act);
        spawn(async move {
            let response = acting.await;
            if !self.end() {
                return;
            }
            match response {
                Ok(_) => self.done(),
                Err(error) if matches!(error.status(), Some(409 | 412)) => self.look_back(act),
                Err(error) => self.failed(&error),
            }
        });
    }

    /// Returns the identifier of the event for an act: that of the last one where it is the same act.
    fn event_of(self, act: &Act) -> Id {
        let tried = self.tried.get_value().filter(|(_, before)| before == act).map(|(event, _)| event);
        let event = tried.unwrap_or_else(new_id);
        self.tried.set_value(Some((event.clone(), act.clone())));
        event
    }

    fn done(self) {
        self.announcer.announce(self.told.done);
        (self.told.then)(self.ways);
    }

    /// Reads the history of the meantime. The same act by the same person, from here or elsewhere, is what they wanted.
    fn look_back(self, act: Act) {
        let ((id, _), event) = (self.request.get_value(), self.event_of(&act));
        // What the page shows already is no news.
        let asking = self.session.service().events(&id, self.seen);
        self.is_running.set_value(true);
        spawn(async move {
            let history = asking.await;
            if !self.end() {
                return;
            }
            let mut events = history.map(|history| history.events).unwrap_or_default();
            events.retain(|event| event.seq > self.seen);
            if was_done(&events, &event, &act) {
                return self.done();
            }
            let meanwhile = acts::last_move(&events).unwrap_or_default();
            let space = if meanwhile.is_empty() { "" } else { " " };
            let words = [self.told.not_done, "\u{a0}: elle vient de changer.", space, &meanwhile, " La voici à jour."];
            self.announcer.warn(&words.concat());
            self.ways.reload();
        });
    }

    /// Tells why the act was not done. A request that is not there any more is shown as such.
    pub(super) fn failed(self, error: &ApiError) {
        if error.status() == Some(401) {
            return self.session.set_identity(Identity::SignedOut);
        }
        self.announcer.warn(&[self.told.not_done, "\u{a0}: ", &acts::refusal(error)].concat());
        if matches!(error.status(), Some(404 | 410)) {
            self.ways.reload();
        }
    }
}

/// Returns whether the applicant did an act: under its identifier, or as the last one that moved the state.
fn was_done(events: &[Event], event: &Id, act: &Act) -> bool {
    let is_wanted = |made: &Event| act.is_told_by(made) && made.by.side == Side::Applicant;
    let last = events.iter().rev().find(|made| made.kind.moves_state());
    events.iter().any(|made| made.id == *event && is_wanted(made)) || last.is_some_and(is_wanted)
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::model::Date;
    use crate::model::lifecycle::Stamp;
    use crate::model::wire::{By, EventList, Kind, Problem, Start, State};
    use crate::testing::{TestApp, app};

    const WITHDRAWN: Told =
        Told { done: "Demande retirée", not_done: "La demande n’a pas été retirée", then: Ways::reload };

    /// Returns an act in an application, and how many times the request was read again.
    fn acting(app: &TestApp) -> (Acting, Rc<Cell<u32>>) {
        let reloads = Rc::new(Cell::new(0));
        let counted = Rc::clone(&reloads);
        let reload = move || counted.set(counted.get() + 1);
        let id = Id::new(0, [1; 10]);
        let sent =
            StoredRequest { state: State::Submitted, revision: 2, last_event: Some(1), ..StoredRequest::begun(id) };
        let ways = |id: &Id| Ways::new(id.clone(), Box::new(|| ()), Box::new(reload));
        let acting = app.with(|| Acting::on(&sent, ways(&sent.id), &WITHDRAWN));
        (acting, reloads)
    }

    fn event(id: Id, seq: u64, kind: Kind, side: Side) -> Event {
        let by = By { side, name: "Claire Marchand".to_owned(), job_title: String::new() };
        let (at, on) = ("2027-01-15T08:00:00.000Z".to_owned(), Date::parse("2027-01-15").unwrap());
        Event::new(Stamp { id, at, on, by }, seq, kind)
    }

    /// Withdraws a request that the service refuses to change, with a history, and returns the warning and the reloads.
    fn refused(error: ApiError, history: impl Fn(Id) -> Option<Vec<Event>>) -> (String, u32) {
        let app = app(Place::Requests, false);
        let (acting, reloads) = acting(&app);
        let events = history(app.with(|| acting.event_of(&Act::new(Kind::Withdrawn))));
        app.api.script().history.replace(events.map(|events| EventList { events, seen: 0 }));
        app.api.script().act_error.replace(Some(error));
        app.with(|| acting.run(Act::new(Kind::Withdrawn)));
        let warning = app.with(|| untrack(|| Announcer::get().warning()));
        assert!(!acting.is_running.get_value(), "it can be tried again");
        app.end();
        (warning, reloads.get())
    }

    fn problem(status: u16) -> ApiError {
        ApiError::Problem(Box::new(Problem::of(status)))
    }

    #[test]
    fn a_request_is_taken_back_once_whatever_the_network_does() {
        let app = app(Place::Requests, false);
        let (acting, reloads) = acting(&app);
        app.api.script().act_error.replace(Some(ApiError::Unreachable));
        app.with(|| acting.run(Act::new(Kind::Withdrawn)));
        assert_eq!(reloads.get(), 0);
        assert!(app.with(|| Announcer::get().warning()).contains("n’a pas été retirée"));

        app.api.script().act_error.replace(None);
        app.with(|| acting.run(Act::new(Kind::Withdrawn)));
        assert_eq!((reloads.get(), app.with(|| Announcer::get().warning())), (1, String::new()));
        let acts = app.api.script().acts.borrow().clone();
        let [first, second] = &*acts else { panic!("{acts:?}") };
        assert_eq!(first.1.kind, Kind::Withdrawn);
        assert_eq!(first, second, "the service does it once");
        app.end();
    }

    #[test]
    fn a_request_that_changed_meanwhile_is_shown_as_it_is_with_who_changed_it() {
        for status in [409, 412] {
            let accepted = |_| Some(vec![event(Id::new(0, [2; 10]), 2, Kind::Accepted, Side::Examiner)]);
            let (warning, reloads) = refused(problem(status), accepted);
            assert!(warning.contains("Demande acceptée") && warning.contains("Claire Marchand"), "{warning}");
            assert_eq!(reloads, 1);
            let (warning, reloads) = refused(problem(status), |_| None);
            assert!(warning.contains("vient de changer") && reloads == 1, "{warning}");
        }
    }

    #[test]
    fn an_act_that_was_done_counts_as_done_whoever_hears_of_it() {
        // Its response was lost, or another tab was first.
        let by_this_tab = |id| Some(vec![event(id, 2, Kind::Withdrawn, Side::Applicant)]);
        let by_another = |_| Some(vec![event(Id::new(0, [2; 10]), 2, Kind::Withdrawn, Side::Applicant)]);
        assert_eq!(refused(problem(409), by_this_tab), (String::new(), 1));
        assert_eq!(refused(problem(412), by_another), (String::new(), 1));
        let by_the_clock = |_| Some(vec![event(Id::new(0, [2; 10]), 2, Kind::Withdrawn, Side::Clock)]);
        assert_ne!(refused(problem(412), by_the_clock).0, "");
    }

    #[test]
    fn what_happened_before_the_page_was_read_is_no_news() {
        let by_another = || Id::new(0, [2; 10]);
        let earlier = |_| Some(vec![event(by_another(), 1, Kind::ChangesRequested, Side::Examiner)]);
        let (warning, reloads) = refused(problem(412), earlier);
        assert!(warning.contains("elle vient de changer. La voici") && reloads == 1, "{warning}");
        let done_earlier = |_| Some(vec![event(by_another(), 1, Kind::Withdrawn, Side::Applicant)]);
        assert_ne!(refused(problem(409), done_earlier).0, "", "another withdrawal");
    }

    #[test]
    fn another_choice_is_another_act() {
        let app = app(Place::Requests, false);
        let (acting, _) = acting(&app);
        app.api.script().act_error.replace(Some(ApiError::Unreachable));
        let from = |start| Act { from: Some(start), ..Act::new(Kind::Reopened) };
        let (first, second) = (from(Start::Submission(1)), from(Start::Submission(2)));
        for act in [&first, &second] {
            app.with(|| acting.run(act.clone()));
        }
        let acts = app.api.script().acts.borrow().clone();
        assert_ne!(acts[0].0, acts[1].0);

        let mut made = event(acts[1].0.clone(), 2, Kind::Reopened, Side::Applicant);
        made.from = first.from;
        assert!(!was_done(&[made.clone()], &acts[1].0, &second), "the history tells of the other choice");
        assert!(was_done(&[made], &acts[0].0, &first));
        app.end();
    }

    #[test]
    fn what_is_no_matter_of_the_network_is_not_told_as_one() {
        let none = |_| None;
        let pace = ApiError::RetryLater { status: 429, delay: 3_600_000 };
        for (error, words, reloads) in [
            (pace, "réessayer à", 0),
            (problem(403), "ne le permet pas", 0),
            (problem(404), "ne connaît plus", 1),
            (problem(410), "supprimée", 1),
        ] {
            let (warning, reloaded) = refused(error, none);
            assert!(warning.contains(words) && !warning.contains("internet"), "{warning}");
            assert_eq!(reloaded, reloads, "{words}");
        }
    }
}
