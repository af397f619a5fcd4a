//! Figures of histories.

use proptest::prelude::*;
use proptest::sample::select;

use super::story::{Story, by, day, worded};
use crate::choice::ClosedList;
use crate::lifecycle::tally::{Figure, Measure, Tally};
use crate::lifecycle::{Act, Event, History, Kind, Role, Side, State, next};

use Side::{Applicant, Clock, Examiner};

fn figures(events: &[Event]) -> Vec<Figure> {
    let mut tally = Tally::default();
    events.iter().flat_map(|event| tally.add(event)).collect()
}

/// Returns the figures, each with its measure, the day of its month and the days it took.
fn told(story: &Story) -> Vec<(&'static str, u8, u32)> {
    figures(&story.events).iter().map(|it| (it.measure.as_str(), it.on.day(), it.days)).collect()
}

fn sent() -> Story {
    Story::default().submit("2027-01-04")
}

fn changes_until(answer_by: &str) -> Act {
    Act { answer_by: Some(day(answer_by)), ..worded(Kind::ChangesRequested, Examiner) }
}

#[test]
fn a_request_is_received_once_and_the_days_of_the_applicant_are_not_the_teams() {
    let story = sent()
        .then(Examiner, Kind::ChangesRequested, "2027-01-07")
        .submit("2027-01-17")
        .then(Examiner, Kind::ChangesRequested, "2027-01-19")
        .submit("2027-01-20")
        .then(Examiner, Kind::Accepted, "2027-01-24");
    let expected = [("received", 4, 0), ("first_answer", 7, 3), ("accepted", 24, 0), ("decision", 24, 3 + 2 + 4)];
    assert_eq!(told(&story), expected);
}

#[test]
fn a_decision_is_the_first_answer_where_nothing_was_asked_and_may_fall_on_the_same_day() {
    let story = sent().then(Examiner, Kind::Refused, "2027-01-04");
    assert_eq!(told(&story), [("received", 4, 0), ("refused", 4, 0), ("first_answer", 4, 0), ("decision", 4, 0)]);
}

#[test]
fn a_request_that_is_taken_back_is_the_teams_from_that_day_or_from_the_last_one_to_answer() {
    let asked = || sent().act(Examiner, &changes_until("2027-01-22"), "2027-01-05");
    let by_examiner = asked().then(Examiner, Kind::Resumed, "2027-01-10").then(Examiner, Kind::Accepted, "2027-01-12");
    assert_eq!(told(&by_examiner).last(), Some(&("decision", 12, 1 + 2)));
    let by_clock = asked().then(Clock, Kind::Resumed, "2027-01-25").then(Examiner, Kind::Accepted, "2027-01-26");
    assert_eq!(told(&by_clock).last(), Some(&("decision", 26, 1 + 4)), "from the 22nd on, though the clock came late");
}

#[test]
fn a_decision_after_an_appeal_is_another_one_but_no_first_answer() {
    let story = sent().then(Examiner, Kind::Refused, "2027-01-06").then(Examiner, Kind::Resumed, "2027-01-16").then(
        Examiner,
        Kind::Accepted,
        "2027-01-21",
    );
    assert_eq!(told(&story)[4..], [("accepted", 21, 0), ("decision", 21, 5)]);
    assert_eq!(figures(&story.events).iter().filter(|it| it.measure == Measure::FirstAnswer).count(), 1);
}

#[test]
fn a_modification_is_received_too_and_a_refusal_of_it_is_decided() {
    let story = sent()
        .then(Examiner, Kind::Accepted, "2027-01-05")
        .then(Applicant, Kind::Reopened, "2027-01-06")
        .submit("2027-01-10")
        .then(Examiner, Kind::Refused, "2027-01-12");
    let expected = [
        ("received", 10, 0),
        ("modification", 10, 0),
        ("refused", 12, 0),
        ("first_answer", 12, 2),
        ("decision", 12, 2),
    ];
    assert_eq!(told(&story)[4..], expected);
}

#[test]
fn what_is_given_up_or_revoked_has_no_answer_and_a_draft_was_received_by_nobody() {
    let withdrawn = sent().then(Applicant, Kind::Withdrawn, "2027-01-08");
    assert_eq!(told(&withdrawn), [("received", 4, 0), ("withdrawn", 8, 0)]);
    let draft = withdrawn.then(Applicant, Kind::Reopened, "2027-01-09").then(Applicant, Kind::Withdrawn, "2027-01-10");
    assert_eq!(told(&draft).len(), 2);
    let revoked = sent()
        .then(Examiner, Kind::Accepted, "2027-01-05")
        .then(Applicant, Kind::Reopened, "2027-01-06")
        .submit("2027-01-10")
        .then(Examiner, Kind::Revoked, "2027-01-12");
    assert_eq!(told(&revoked).last(), Some(&("revoked", 12, 0)));
    let again = revoked.then(Applicant, Kind::Reopened, "2027-01-13").submit("2027-01-14");
    let answered = again.then(Examiner, Kind::Accepted, "2027-01-15");
    assert_eq!(told(&answered).last(), Some(&("decision", 15, 1)), "days of the modification that ended are forgotten");
}

#[test]
fn what_nothing_moves_counts_nothing() {
    let story = sent()
        .then(Applicant, Kind::Message, "2027-01-05")
        .then(Examiner, Kind::Note, "2027-01-06")
        .remind("2027-02-25");
    assert_eq!(told(&story), [("received", 4, 0)]);
}

proptest! {
    /// Days counted one by one, by the states alone.
    #[test]
    fn days_are_those_that_pass_in_the_teams_hands(
        moves in prop::collection::vec((select(Kind::ALL), select(&[Applicant, Examiner][..]), 0_u32..40), 1..40)
    ) {
        let mut events: Vec<Event> = Vec::new();
        let (mut today, mut tally) = (day("2027-01-01"), Tally::default());
        let (mut held, mut open) = (0, None);
        for (kind, side, days) in moves {
            let history = History::of(&events);
            if history.state == State::Submitted {
                held += days;
            }
            today = today.plus_days(days);
            let Ok(_) = next(&history.standing(), kind, Role::from(side)) else { continue };
            let stamp = crate::lifecycle::Stamp {
                id: crate::Id::new(1, [0; 10]), at: format!("{today}T10:00:00.000Z"), on: today, by: by(side),
            };
            let event = Event::new(stamp, history.last_event + 1, kind);
            let figures = tally.add(&event);
            let found = |measure| figures.iter().find(|figure| figure.measure == measure).map(|figure| figure.days);
            let is_decision = matches!(kind, Kind::Accepted | Kind::Refused);
            prop_assert_eq!(found(Measure::Decision), is_decision.then_some(held));
            let is_answer = is_decision || kind == Kind::ChangesRequested;
            let waited = open.filter(|_| is_answer).map(|since: crate::Date| since.days_until(today).unsigned_abs());
            prop_assert_eq!(found(Measure::FirstAnswer), waited);
            let is_received = kind == Kind::Submitted && history.state == State::Draft;
            prop_assert_eq!(found(Measure::Received).is_some(), is_received);
            let begins = is_received || (kind == Kind::Resumed && history.state == State::Refused);
            if begins || is_decision {
                held = 0;
            }
            if kind.moves_state() && kind != Kind::Resumed {
                open = is_received.then_some(today).or(open.filter(|_| kind == Kind::Submitted && !is_received));
            }
            events.push(event);
        }
    }
}
