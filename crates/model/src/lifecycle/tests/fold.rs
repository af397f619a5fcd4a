//! Histories, and all that follows from them.

use proptest::prelude::*;
use proptest::sample::select;

use super::story::{Story, claire, day, worded};
use crate::changes::changes;
use crate::choice::ClosedList;
use crate::draft::Draft;
use crate::field::{Field, Value};
use crate::lifecycle::event::unread;
use crate::lifecycle::{AcceptanceState, Act, History, Kind, Remark, Reply, Role, Side, Standing, State, next};

use Side::{Applicant, Clock, Examiner};

fn remark(pointer: &str) -> Remark {
    Remark { pointer: pointer.to_owned(), text: "Lesquelles, exactement ?".into() }
}

fn reply(pointer: &str) -> Reply {
    Reply { pointer: pointer.to_owned(), text: "Toutes.".into() }
}

fn with_two_remarks() -> Story {
    let mut act = Act::new(Kind::ChangesRequested);
    act.remarks = vec![remark("/project/description"), remark("/data/recipients")];
    Story::default().submit("2027-01-14").act(Examiner, &act, "2027-01-25")
}

fn accepted() -> Story {
    Story::default().submit("2027-01-14").then(Examiner, Kind::Accepted, "2027-01-20")
}

fn modification() -> Story {
    accepted().then(Applicant, Kind::Reopened, "2027-02-01").submit("2027-02-03")
}

#[test]
fn a_request_without_events_is_a_draft_that_was_never_sent() {
    let history = History::of(&[]);
    assert_eq!(history.standing(), Standing::BEGUN);
    assert_eq!((history.last_event, history.last_submission(), history.moved_on), (0, 0, None));
}

#[test]
fn a_submission_has_the_next_number_and_its_day() {
    let story = with_two_remarks().submit("2027-02-04");
    let history = story.history();
    let submissions: Vec<_> = history.submissions.iter().map(|sent| (sent.n, sent.on.to_string())).collect();
    assert_eq!(submissions, [(1, "2027-01-14".to_owned()), (2, "2027-02-04".to_owned())]);
    assert_eq!(story.events.iter().map(|event| event.submission).collect::<Vec<_>>(), [Some(1), Some(1), Some(2)]);
}

#[test]
fn remarks_are_open_until_the_request_is_sent_again() {
    let story = with_two_remarks();
    assert_eq!(story.history().open_remarks.len(), 2);
    assert_eq!(story.history().answer_by, Some(day("2027-03-25")), "two months, where the examiner says nothing");
    let history = story.submit("2027-02-04").history();
    assert_eq!((history.open_remarks.len(), history.answer_by), (0, None));
}

#[test]
fn each_remark_of_the_last_round_has_its_follow_up() {
    let story = with_two_remarks().submit_with(&[reply("/data/recipients")], "2027-02-04");
    let mut sent = Draft::default();
    Field::Description.set(&mut sent, Value::Text("Des démarches."));
    let (before, history) = (Draft::default(), story.history());
    let changed = changes(&before, &sent);
    let round = history.last_round.as_ref().unwrap();
    let follow_ups: Vec<_> = round.follow_ups(&changed).map(|it| (it.is_changed, it.reply.is_some())).collect();
    assert_eq!((round.submission, follow_ups), (1, vec![(true, false), (false, true)]));
}

#[test]
fn a_request_that_is_taken_back_has_no_open_remarks() {
    for (side, kind) in [(Examiner, Kind::Resumed), (Clock, Kind::Resumed), (Applicant, Kind::Withdrawn)] {
        let history = with_two_remarks().then(side, kind, "2027-03-26").history();
        assert_eq!((history.open_remarks.len(), history.answer_by), (0, None), "{kind:?}");
        assert_eq!(history.last_round.unwrap().remarks.len(), 2);
    }
}

#[test]
fn a_new_request_for_changes_has_its_own_remarks_alone() {
    let mut act = Act::new(Kind::ChangesRequested);
    act.remarks = vec![remark("/project/name")];
    let history = with_two_remarks().submit("2027-02-04").act(Examiner, &act, "2027-02-10").history();
    assert_eq!(history.open_remarks, act.remarks);
}

#[test]
fn an_accepted_modification_replaces_the_habilitation() {
    let story = modification().then(Examiner, Kind::Accepted, "2027-02-10");
    let history = story.history();
    let states: Vec<_> = history.acceptances.iter().map(|one| (one.rank, one.submission, one.state)).collect();
    let replaced = AcceptanceState::Replaced(day("2027-02-10"));
    assert_eq!(states, [(1, 1, replaced), (2, 2, AcceptanceState::Active)]);
    let numbers: Vec<_> = story.events.iter().filter_map(|event| event.habilitation.as_deref()).collect();
    assert_eq!(numbers, ["FC-2026-000123-1", "FC-2026-000123-2"]);
}

#[test]
fn a_habilitation_stays_active_while_it_is_modified_and_after_a_refusal_or_withdrawal() {
    let story = modification();
    assert!(story.history().standing().is_modification());
    for (side, kind) in [(Examiner, Kind::Refused), (Applicant, Kind::Withdrawn)] {
        let history = modification().then(side, kind, "2027-02-10").history();
        assert_eq!((history.state, history.active().unwrap().rank), (State::Accepted, 1), "{kind:?}");
    }
}

#[test]
fn a_revocation_ends_the_active_habilitation_and_names_it() {
    let story = modification().then(Examiner, Kind::Revoked, "2027-02-10");
    let history = story.history();
    assert_eq!(history.acceptances[0].state, AcceptanceState::Revoked(day("2027-02-10")));
    assert_eq!((history.state, history.active()), (State::Revoked, None));
    let event = story.events.last().unwrap();
    assert_eq!((event.habilitation.as_deref(), event.submission), (Some("FC-2026-000123-1"), Some(1)));
}

#[test]
fn the_examiner_is_the_one_of_the_last_assignment() {
    let mut take = Act::new(Kind::Assignment);
    take.examiner = Some("claire".to_owned());
    let story = Story::default().submit("2027-01-14").act(Examiner, &take, "2027-01-15");
    assert_eq!(story.history().examiner, Some(claire()));
    let mut release = Act::new(Kind::Assignment);
    release.was = Some("claire".to_owned());
    let story = story.act(Examiner, &release, "2027-01-16");
    assert_eq!((story.history().examiner, story.events.last().unwrap().was.clone()), (None, Some(claire())));
}

#[test]
fn a_reply_is_awaited_while_the_applicant_was_the_last_to_write() {
    let asked = || Story::default().submit("2027-01-14").then(Applicant, Kind::Message, "2027-01-15");
    assert!(asked().history().awaits_reply);
    assert!(asked().then(Examiner, Kind::Note, "2027-01-16").history().awaits_reply, "a note is no answer");
    for kind in [Kind::Message, Kind::ChangesRequested, Kind::Accepted, Kind::Refused] {
        assert!(!asked().then(Examiner, kind, "2027-01-16").history().awaits_reply, "{kind:?}");
    }
}

#[test]
fn each_side_is_told_of_what_the_other_does_and_the_applicant_of_no_note() {
    let events = Story::default()
        .submit("2027-01-14")
        .then(Examiner, Kind::Note, "2027-01-15")
        .then(Examiner, Kind::Message, "2027-01-16")
        .then(Applicant, Kind::Message, "2027-01-17")
        .remind("2027-03-01")
        .events;
    assert_eq!((unread(&events, 0, Applicant), unread(&events, 3, Applicant)), (1, 0));
    assert_eq!((unread(&events, 0, Examiner), unread(&events, 1, Examiner)), (2, 1));
    let history = History::of(&events);
    assert_eq!((history.last_event_for(Applicant), history.last_event_for(Examiner)), (4, 5));
}

#[test]
fn a_request_can_be_reopened_after_every_end() {
    for (side, kind) in [(Applicant, Kind::Withdrawn), (Examiner, Kind::Refused)] {
        let story = Story::default().submit("2027-01-14").then(side, kind, "2027-01-20");
        let again = story.then(Applicant, Kind::Reopened, "2027-02-01").submit("2027-02-03").history();
        assert_eq!((again.state, again.last_submission()), (State::Submitted, 2), "{kind:?}");
    }
}

/// Acts in any order; those that the table refuses are left out.
fn acts() -> impl Strategy<Value = Vec<(Kind, Side)>> {
    // A story long enough to come anywhere, in which the decisive acts are frequent.
    let often = select(
        &[
            (Kind::Submitted, Applicant),
            (Kind::Accepted, Examiner),
            (Kind::Reopened, Applicant),
            (Kind::ChangesRequested, Examiner),
        ][..],
    );
    let any = (select(Kind::ALL), select(Side::ALL));
    prop::collection::vec(prop_oneof![often, any], 0..60)
}

proptest! {
    #[test]
    fn whatever_is_done_one_habilitation_at_most_is_active_and_accepted_means_it_rests(acts in acts()) {
        let mut story = Story::default();
        // Kept beside the fold, by what the acts mean.
        let (mut habilitations, mut is_active, mut is_under_way) = (0, false, false);
        for (kind, side) in acts {
            let before = story.history();
            if next(&before.standing(), kind, Role::from(side)).is_err() {
                continue;
            }
            story = match kind {
                Kind::Submitted => story.submit("2027-01-14"),
                Kind::Deadline | Kind::Delivery => {
                    let event = crate::lifecycle::Event::new(story.stamp(side, "2027-01-14"), before.last_event + 1, kind);
                    story.events.push(event);
                    story
                }
                kind => story.act(side, &worded(kind, side), "2027-01-14"),
            };
            match kind {
                Kind::Reopened => is_under_way = is_active,
                Kind::Accepted => (habilitations, is_active, is_under_way) = (habilitations + 1, true, false),
                Kind::Refused | Kind::Withdrawn => is_under_way = false,
                Kind::Revoked => (is_active, is_under_way) = (false, false),
                _ => {}
            }
            let history = story.history();
            let active = history.acceptances.iter().filter(|one| one.state == AcceptanceState::Active).count();
            prop_assert_eq!(active, usize::from(is_active));
            prop_assert_eq!(history.acceptances.len(), habilitations);
            prop_assert_eq!(history.state == State::Accepted, is_active && !is_under_way);
            prop_assert_eq!(history.standing().is_modification(), is_under_way);
            prop_assert_eq!(history.run.is_some(), matches!(history.state, State::Submitted | State::ChangesRequested));
            prop_assert_eq!(history.answer_by.is_some(), history.state == State::ChangesRequested);
            prop_assert!(history.open_remarks.is_empty() || history.state == State::ChangesRequested);
            prop_assert_eq!(history.last_event, story.events.len() as u64);
        }
    }
}
