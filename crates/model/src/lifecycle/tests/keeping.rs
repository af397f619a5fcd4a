//! Keeping: what days take, and what is told before.

use super::story::{Story, day};
use crate::draft::Draft;
use crate::field::{Field, Value};
use crate::lifecycle::deadline::Keeping;
use crate::lifecycle::keeping::{
    DueToday, Forewarning, Loss, Prospect, blank_people, due, fields_of_people, is_draft_forgotten,
    submissions_to_blank,
};
use crate::lifecycle::{Kind, Side};

use Side::{Applicant, Clock, Examiner};

fn prospect(story: &Story, touched_on: &str) -> Option<(Loss, String)> {
    let prospect = Prospect::of(&story.history(), day(touched_on), Keeping::default())?;
    Some((prospect.loss, prospect.on.to_string()))
}

fn told(of: &str, on: &str) -> Option<Forewarning> {
    Some(Forewarning { of: day(of), on: day(on) })
}

#[test]
fn an_archived_request_is_erased_three_years_after_it_was_over_whoever_archived_it_and_when() {
    let refused = Story::default().submit("2027-01-14").then(Examiner, Kind::Refused, "2027-02-01");
    assert_eq!(prospect(&refused, "2027-01-14"), None, "it can be taken up again");
    for (side, archived_on) in [(Applicant, "2027-02-02"), (Clock, "2028-02-01")] {
        let story = Story { events: refused.events.clone() }.then(side, Kind::Archived, archived_on);
        assert_eq!(prospect(&story, "2027-01-14"), Some((Loss::Erasure, "2030-02-01".to_owned())));
    }
    let again = refused.then(Applicant, Kind::Reopened, "2027-03-01").submit("2027-03-02");
    assert_eq!(again.history().closed_on, None);
    let again = again.then(Applicant, Kind::Withdrawn, "2027-04-05").then(Applicant, Kind::Archived, "2027-04-06");
    assert_eq!(
        prospect(&again, "2027-03-02"),
        Some((Loss::Erasure, "2030-04-05".to_owned())),
        "since it was over last"
    );
}

#[test]
fn a_reopened_draft_is_withdrawn_six_months_after_it_was_touched() {
    let story = Story::default().submit("2027-01-14").then(Examiner, Kind::Accepted, "2027-02-01").then(
        Applicant,
        Kind::Reopened,
        "2027-03-31",
    );
    assert_eq!(prospect(&story, "2027-01-14"), Some((Loss::Withdrawal, "2027-09-30".to_owned())));
    assert_eq!(prospect(&story, "2027-04-02"), Some((Loss::Withdrawal, "2027-10-02".to_owned())));
    let draft = Prospect::of_draft(day("2027-04-02"), Keeping::default());
    assert_eq!((draft.loss, draft.on), (Loss::Deletion, day("2028-04-02")));
}

#[test]
fn a_loss_is_told_once_for_its_term_and_comes_thirty_days_later_at_the_earliest() {
    let prospect = Prospect { loss: Loss::Erasure, on: day("2030-03-31") };
    assert!(!prospect.is_to_be_told(day("2030-02-28"), None));
    assert!(prospect.is_to_be_told(day("2030-03-01"), None));
    assert!(!prospect.is_to_be_told(day("2030-03-02"), told("2030-03-31", "2030-03-01")));
    assert!(prospect.is_to_be_told(day("2030-03-02"), told("2030-03-30", "2030-03-01")), "of another term");

    assert!(!prospect.is_due(day("2031-01-01"), None), "nobody told of it");
    assert!(!prospect.is_due(day("2031-01-01"), told("2030-03-30", "2030-02-01")), "nor of this term");
    for (told_on, due_on, day_before) in
        [("2030-03-01", "2030-03-31", "2030-03-30"), ("2030-06-01", "2030-07-01", "2030-06-30")]
    {
        assert_eq!(prospect.day_told_on(day(told_on)), day(due_on));
        assert!(prospect.is_due(day(due_on), told("2030-03-31", told_on)));
        assert!(!prospect.is_due(day(day_before), told("2030-03-31", told_on)));
    }
}

#[test]
fn a_reopened_draft_is_told_of_before_it_is_withdrawn_and_an_archived_request_before_it_is_erased() {
    let reopened = Story::default().submit("2027-01-14").then(Examiner, Kind::Accepted, "2027-02-01").then(
        Applicant,
        Kind::Reopened,
        "2027-03-31",
    );
    let on = |story: &Story, forewarned, today| {
        due(&story.history(), day("2027-03-31"), forewarned, day(today), Keeping::default())
    };
    let nothing = DueToday { told: None, lost: None, act: None };
    assert_eq!(on(&reopened, None, "2027-08-30"), nothing);
    let prospect = Prospect { loss: Loss::Withdrawal, on: day("2027-09-30") };
    let to_tell = DueToday { told: Some(prospect), ..nothing };
    assert_eq!(on(&reopened, None, "2027-08-31"), to_tell);
    assert_eq!(on(&reopened, None, "2028-08-31"), to_tell, "however late it is");
    let in_time = told("2027-09-30", "2027-08-31");
    assert_eq!(on(&reopened, in_time, "2027-09-29"), nothing);
    let withdrawn = DueToday { lost: Some(Loss::Withdrawal), act: Some(Kind::Withdrawn), ..nothing };
    assert_eq!(on(&reopened, in_time, "2027-09-30"), withdrawn);

    let archived = Story::default().submit("2027-01-14").then(Examiner, Kind::Refused, "2027-02-01");
    let archived = archived.then(Clock, Kind::Archived, "2028-02-01");
    assert_eq!(on(&archived, None, "2030-02-01").lost, None);
    let erased = DueToday { lost: Some(Loss::Erasure), ..nothing };
    assert_eq!(on(&archived, told("2030-02-01", "2030-01-02"), "2030-02-01"), erased);
}

#[test]
fn a_draft_is_forgotten_after_fifteen_days() {
    let is_forgotten = |today| is_draft_forgotten(day("2027-02-20"), day(today), Keeping::default());
    assert!(!is_forgotten("2027-03-06") && is_forgotten("2027-03-07"));
}

#[test]
fn people_are_kept_while_what_names_them_is_in_force_and_three_years_longer() {
    let to_blank = |story: &Story, today| submissions_to_blank(&story.history(), day(today), Keeping::default());
    let story = Story::default()
        .submit("2027-01-14")
        .then(Examiner, Kind::ChangesRequested, "2027-01-20")
        .submit("2027-02-01")
        .then(Examiner, Kind::Accepted, "2027-03-01")
        .then(Applicant, Kind::Reopened, "2027-05-01")
        .submit("2027-06-01");
    assert!(to_blank(&story, "2030-01-31").is_empty());
    assert_eq!(to_blank(&story, "2030-02-01"), [1], "it was followed by the second one");
    assert_eq!(to_blank(&story, "2040-01-01"), [1], "the second one is in force, and the third one is the last");
    let story = story.then(Examiner, Kind::Accepted, "2027-07-01");
    assert_eq!(to_blank(&story, "2030-06-30"), [1]);
    assert_eq!(to_blank(&story, "2030-07-01"), [1, 2], "its habilitation was replaced, not its submission followed");
    assert_eq!(to_blank(&story, "2040-01-01"), [1, 2]);
}

#[test]
fn without_people_the_other_answers_are_as_they_were() {
    let mut draft = Draft::default();
    for field in Field::ALL {
        if matches!(field.value(&draft), Value::Text(_)) {
            field.set(&mut draft, Value::Text("Une réponse"));
        }
    }
    blank_people(&mut draft);
    for field in Field::ALL {
        if let Value::Text(text) = field.value(&draft) {
            let is_of_people =
                field.path().starts_with("people.") || field.path().starts_with("organisation.applicant.");
            assert_eq!(text.is_empty(), is_of_people, "{}", field.path());
        }
    }
    assert!(fields_of_people().any(|field| field == Field::DpoEmail));
}
