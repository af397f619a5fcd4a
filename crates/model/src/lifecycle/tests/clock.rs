//! The legal clock, with the days that the rules name.

use super::story::{Story, day};
use crate::lifecycle::deadline::{Keeping, due_act, due_reminder};
use crate::lifecycle::{Act, Kind, Side, State};

use Side::{Applicant, Clock, Examiner};

fn due_on(story: &Story, today: &str) -> Option<String> {
    story.history().due_on(day(today)).map(|due_on| due_on.to_string())
}

fn changes_until(answer_by: &str) -> Act {
    let mut act = Act::new(Kind::ChangesRequested);
    act.text = "Deux points à préciser.".into();
    act.answer_by = Some(day(answer_by));
    act
}

/// Sent on 14 January, changes asked for on the 25th, to be answered by 25 March.
fn suspended() -> Story {
    Story::default().submit("2027-01-14").act(Examiner, &changes_until("2027-03-25"), "2027-01-25")
}

#[test]
fn silence_for_two_months_rejects_a_request() {
    for (sent, due) in [
        ("2027-01-14", "2027-03-14"),
        ("2026-12-31", "2027-02-28"),
        ("2027-12-31", "2028-02-29"),
        ("2027-02-01", "2027-04-01"),
    ] {
        assert_eq!(due_on(&Story::default().submit(sent), sent).as_deref(), Some(due));
    }
}

#[test]
fn a_request_for_changes_suspends_the_term_until_they_are_sent() {
    let story = suspended();
    for today in ["2027-01-25", "2027-02-03", "2027-03-24"] {
        assert_eq!(due_on(&story, today), None, "{today}");
        assert!(story.history().is_suspended(day(today)), "{today}");
    }
    let story = story.submit("2027-02-04");
    assert_eq!(due_on(&story, "2027-02-04").as_deref(), Some("2027-03-24"));
    assert!(!story.history().is_suspended(day("2027-02-04")));
}

#[test]
fn a_suspension_ends_on_the_last_day_to_answer_though_the_program_acts_later() {
    let story = suspended();
    // 59 days from 25 January to 25 March, after 14 March.
    for today in ["2027-03-25", "2027-03-30"] {
        assert_eq!(due_on(&story, today).as_deref(), Some("2027-05-12"), "{today}");
    }
    let story = story.then(Clock, Kind::Resumed, "2027-03-28");
    assert_eq!(due_on(&story, "2027-03-28").as_deref(), Some("2027-05-12"));
}

#[test]
fn a_late_answer_counts_from_the_last_day_to_answer() {
    assert_eq!(due_on(&suspended().submit("2027-03-28"), "2027-03-28").as_deref(), Some("2027-05-12"));
}

#[test]
fn an_examiner_who_takes_the_request_back_ends_the_suspension() {
    let story = suspended().then(Examiner, Kind::Resumed, "2027-01-27");
    assert_eq!(due_on(&story, "2027-01-27").as_deref(), Some("2027-03-16"));
}

#[test]
fn the_days_of_all_suspensions_count() {
    let story =
        suspended().submit("2027-02-04").act(Examiner, &changes_until("2027-03-15"), "2027-02-20").submit("2027-02-25");
    assert_eq!(due_on(&story, "2027-02-25").as_deref(), Some("2027-03-29"));
}

#[test]
fn a_term_that_is_past_is_not_moved_by_changes_that_are_asked_for_later() {
    let story = Story::default().submit("2027-01-14").act(Examiner, &changes_until("2027-05-15"), "2027-03-15");
    assert_eq!(due_on(&story, "2027-03-20").as_deref(), Some("2027-03-14"));
    assert!(!story.history().is_suspended(day("2027-03-20")));
    let on_the_last_day =
        Story::default().submit("2027-01-14").act(Examiner, &changes_until("2027-05-14"), "2027-03-14");
    assert_eq!(due_on(&on_the_last_day, "2027-03-20"), None);
}

#[test]
fn nothing_is_due_before_a_submission_and_after_a_decision() {
    assert_eq!(due_on(&Story::default(), "2027-01-14"), None);
    for (side, kind) in [(Examiner, Kind::Accepted), (Examiner, Kind::Refused), (Applicant, Kind::Withdrawn)] {
        let story = Story::default().submit("2027-01-14").then(side, kind, "2027-01-20");
        assert_eq!(due_on(&story, "2027-01-20"), None, "{kind:?}");
    }
}

#[test]
fn a_new_clock_begins_with_a_modification_and_after_an_appeal() {
    let appeal = Story::default().submit("2027-01-14").then(Examiner, Kind::Refused, "2027-01-20").then(
        Examiner,
        Kind::Resumed,
        "2027-02-10",
    );
    assert_eq!(due_on(&appeal, "2027-02-10").as_deref(), Some("2027-04-10"));
    let again = Story::default()
        .submit("2027-01-14")
        .then(Applicant, Kind::Withdrawn, "2027-01-20")
        .then(Applicant, Kind::Reopened, "2027-02-01")
        .submit("2027-02-03");
    assert_eq!(due_on(&again, "2027-02-03").as_deref(), Some("2027-04-03"));
}

#[test]
fn a_revocation_ends_the_clock_of_a_modification() {
    let story = Story::default()
        .submit("2027-01-14")
        .then(Examiner, Kind::Accepted, "2027-01-20")
        .then(Applicant, Kind::Reopened, "2027-02-01")
        .submit("2027-02-03")
        .then(Examiner, Kind::Revoked, "2027-02-05");
    assert_eq!((story.history().state, due_on(&story, "2027-02-05")), (State::Revoked, None));
}

#[test]
fn the_team_is_reminded_14_and_3_days_before_and_once_the_term_is_past() {
    let mut story = Story::default().submit("2027-01-14");
    let mut reminders = Vec::new();
    let mut today = day("2027-01-14");
    while today < day("2027-04-30") {
        if let Some(days) = due_reminder(&story.history(), today) {
            reminders.push((today.to_string(), days));
        }
        story = story.remind(&today.to_string());
        today = today.plus_days(1);
    }
    let expected = [("2027-02-28", 14), ("2027-03-11", 3), ("2027-03-15", 0)];
    assert_eq!(reminders, expected.map(|(on, days)| (on.to_owned(), days)));
}

#[test]
fn of_several_reminders_reached_at_once_the_latest_counts() {
    let story = Story::default().submit("2027-01-14");
    assert_eq!(due_reminder(&story.history(), day("2027-02-27")), None);
    assert_eq!(due_reminder(&story.history(), day("2027-03-13")), Some(3));
    assert_eq!(due_reminder(&story.history(), day("2027-05-01")), Some(0));
    let reminded = story.remind("2027-03-13");
    assert_eq!(due_reminder(&reminded.history(), day("2027-03-14")), None, "the earlier one is not caught up");
}

#[test]
fn reminders_begin_anew_where_the_term_moves() {
    let story = Story::default().submit("2027-01-14").remind("2027-03-11");
    let story = story.act(Examiner, &changes_until("2027-04-12"), "2027-03-12");
    assert_eq!(due_reminder(&story.history(), day("2027-03-20")), None, "the clock is stopped");
    let story = story.submit("2027-03-22");
    assert_eq!(due_on(&story, "2027-03-22").as_deref(), Some("2027-03-24"));
    assert_eq!(due_reminder(&story.history(), day("2027-03-22")), Some(3));
}

#[test]
fn the_program_takes_a_request_back_after_the_last_day_to_answer() {
    let act = |today| due_act(&suspended().history(), day(today), day("2027-02-01"), Keeping::default());
    assert_eq!(act("2027-03-25"), None, "the last day is still the applicant's");
    assert_eq!(act("2027-03-26"), Some(Kind::Resumed));
}

#[test]
fn a_reopened_draft_that_nobody_touches_for_six_months_is_withdrawn() {
    let story = Story::default().submit("2027-01-14").then(Examiner, Kind::Accepted, "2027-01-20").then(
        Applicant,
        Kind::Reopened,
        "2027-02-01",
    );
    let act = |today, touched| due_act(&story.history(), day(today), day(touched), Keeping::default());
    assert_eq!(act("2027-07-31", "2027-01-10"), None, "it was touched when it was reopened");
    assert_eq!(act("2027-08-01", "2027-01-10"), Some(Kind::Withdrawn));
    assert_eq!(act("2027-08-01", "2027-03-03"), None);
    assert_eq!(act("2027-09-03", "2027-03-03"), Some(Kind::Withdrawn));
    let never_sent = Story::default();
    assert_eq!(due_act(&never_sent.history(), day("2030-01-01"), day("2027-01-01"), Keeping::default()), None);
}

#[test]
fn a_request_that_is_over_is_archived_after_twelve_months() {
    let refused = Story::default().submit("2027-01-14").then(Examiner, Kind::Refused, "2027-01-31");
    let act = |today| due_act(&refused.history(), day(today), day("2027-01-14"), Keeping::default());
    assert_eq!(act("2028-01-30"), None);
    assert_eq!(act("2028-01-31"), Some(Kind::Archived));
    let accepted = Story::default().submit("2027-01-14").then(Examiner, Kind::Accepted, "2027-01-31");
    assert_eq!(due_act(&accepted.history(), day("2040-01-01"), day("2027-01-14"), Keeping::default()), None);
}
