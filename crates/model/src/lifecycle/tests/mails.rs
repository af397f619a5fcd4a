//! Mails of events: to whom each goes, and when.

use super::story::{Story, day};
use crate::ClosedList;
use crate::lifecycle::mail::{
    Addresses, CONTACTS, Due, addressed_submission, earlier_submission, mails_of, notice_of, undelivered,
};
use crate::lifecycle::{Act, Event, History, Kind, Mail, Notice, Recipient, Side};

/// Mails of the last event of a story, as `mail to recipient`, those that come at once first.
fn told(story: &Story) -> Vec<String> {
    told_with(story, None)
}

fn told_with(story: &Story, replaced: Option<(&Addresses, &Addresses)>) -> Vec<String> {
    let (event, before) = story.events.split_last().unwrap();
    let postings = mails_of(event, &History::of(before), replaced);
    postings.iter().map(|posting| format!("{} to {}", posting.mail.as_str(), posting.recipient.as_str())).collect()
}

fn addresses(text: [&str; 3]) -> Addresses {
    text.map(str::to_owned)
}

fn sent() -> Story {
    Story::default().submit("2027-01-14")
}

fn accepted() -> Story {
    sent().then(Side::Examiner, Kind::Accepted, "2027-01-20")
}

fn asked() -> Story {
    sent().then(Side::Examiner, Kind::ChangesRequested, "2027-01-25")
}

#[test]
fn a_submission_is_acknowledged_and_tells_the_team() {
    let first = ["ack to applicant", "new-request to team"];
    assert_eq!(told(&sent()), first);
    let reopened = accepted().then(Side::Applicant, Kind::Reopened, "2027-02-01");
    assert_eq!(told(&reopened), [""; 0]);
    assert_eq!(told(&reopened.submit("2027-02-02")), first, "a modification is examined anew");
    assert_eq!(told(&asked().submit("2027-02-04")), ["ack-again to applicant", "completed to team"]);
}

#[test]
fn whoever_decides_tells_the_applicant_and_an_acceptance_the_contacts_too() {
    for (kind, mails) in [
        (Kind::Refused, vec!["refused to applicant"]),
        (
            Kind::Accepted,
            vec!["accepted to applicant", "controller to controller", "dpo to dpo", "technical to technical"],
        ),
    ] {
        assert_eq!(told(&sent().then(Side::Examiner, kind, "2027-01-20")), mails);
    }
    assert_eq!(told(&asked().then(Side::Examiner, Kind::Resumed, "2027-02-01")), ["resumed to applicant"]);
    let withdrawn = ["withdrawn to applicant", "completed to team"];
    assert_eq!(told(&asked().then(Side::Applicant, Kind::Withdrawn, "2027-02-01")), withdrawn);
    let revoked = accepted().then(Side::Examiner, Kind::Revoked, "2027-02-01");
    let everybody = ["revoked to applicant", "revoked to controller", "revoked to dpo", "revoked to technical"];
    assert_eq!(told(&revoked), everybody);
}

#[test]
fn a_contact_who_is_replaced_is_told_and_one_who_stays_is_not() {
    let again = accepted().then(Side::Applicant, Kind::Reopened, "2027-02-01").submit("2027-02-02").then(
        Side::Examiner,
        Kind::Accepted,
        "2027-02-03",
    );
    let (were, are) = (addresses(["a@x.example", "b@x.example", "c@x.example"]), ["a@x.example", "b@x.example"]);
    let are = addresses([are[0], are[1], "d@x.example"]);
    let mails = told_with(&again, Some((&were, &are)));
    assert_eq!(mails.last().unwrap(), "no-longer-named to technical");
    assert_eq!(mails.len(), 5);
    assert_eq!(told_with(&again, Some((&were, &were))).len(), 4);
    let cased = addresses(["A@x.example", "mailto:b@x.example", "c@X.EXAMPLE"]);
    assert_eq!(told_with(&again, Some((&were, &cased))).len(), 4, "the mailbox is the same");
}

#[test]
fn a_request_for_changes_reminds_before_its_last_day() {
    let postings = |answer_by: &str| -> Vec<(Mail, Due)> {
        let act = Act { answer_by: Some(day(answer_by)), text: "Lequel ?".into(), ..Act::new(Kind::ChangesRequested) };
        let story = sent().act(Side::Examiner, &act, "2027-01-25");
        let (event, before) = story.events.split_last().unwrap();
        let postings = mails_of(event, &History::of(before), None);
        assert!(postings.iter().all(|posting| posting.recipient == Recipient::Applicant));
        postings.into_iter().map(|posting| (posting.mail, posting.due)).collect()
    };
    let (late, last) = (Due::On(day("2027-03-11")), Due::On(day("2027-03-22")));
    let all = [(Mail::Changes, Due::AtOnce), (Mail::ChangesReminder14, late), (Mail::ChangesReminder3, last)];
    assert_eq!(postings("2027-03-25"), all);
    let short = [(Mail::Changes, Due::AtOnce), (Mail::ChangesReminder3, Due::On(day("2027-02-06")))];
    assert_eq!(postings("2027-02-09"), short, "after 15 days, of which 14 are left at once");
}

#[test]
fn messages_go_to_the_other_side_a_little_later() {
    for (side, recipient) in [(Side::Applicant, Recipient::Team), (Side::Examiner, Recipient::Applicant)] {
        let story = sent().then(side, Kind::Message, "2027-01-20");
        let (event, before) = story.events.split_last().unwrap();
        let postings = mails_of(event, &History::of(before), None);
        assert_eq!(postings.len(), 1);
        assert_eq!((postings[0].mail, postings[0].recipient, postings[0].due), (Mail::Message, recipient, Due::Soon));
    }
}

#[test]
fn an_assignment_is_told_unless_an_examiner_takes_the_request() {
    let taken = Act { examiner: Some("claire".to_owned()), ..Act::new(Kind::Assignment) };
    let mut story = sent().act(Side::Examiner, &taken, "2027-01-20");
    assert_eq!(told(&story), [""; 0]);
    "Idris Benali".clone_into(&mut story.events[1].by.name);
    assert_eq!(told(&story), ["assigned to team"]);
    story.events[1].examiner = None;
    assert_eq!(told(&story), [""; 0], "given to nobody");
}

#[test]
fn each_kind_is_decided_and_events_of_the_team_reach_no_applicant() {
    for kind in Kind::ALL.iter().copied() {
        let story = accepted();
        let event = Event::new(story.stamp(Side::Examiner, "2027-02-01"), 3, kind);
        let postings = mails_of(&event, &story.history(), None);
        let is_silent = kind.is_about_people()
            || matches!(kind, Kind::Reopened | Kind::Archived | Kind::Note | Kind::Delivery | Kind::Assignment);
        assert_eq!(postings.is_empty(), is_silent, "{kind:?}");
        if kind.is_for_team() {
            assert!(postings.iter().all(|posting| posting.recipient == Recipient::Team), "{kind:?}");
        }
        let mut seen: Vec<_> = postings.iter().map(|posting| (posting.mail, posting.recipient)).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), postings.len(), "one mail, once to each");
    }
    assert_eq!(CONTACTS.len(), 3);
}

#[test]
fn a_submission_is_told_beside_the_one_that_it_changes() {
    let earlier = |story: &Story| {
        let (event, before) = story.events.split_last().unwrap();
        earlier_submission(event, &History::of(before))
    };
    assert_eq!(earlier(&sent()), None);
    assert_eq!(earlier(&asked().submit("2027-02-04")), Some(1));
    let reopened = accepted().then(Side::Applicant, Kind::Reopened, "2027-02-01").submit("2027-02-02");
    assert_eq!(earlier(&reopened), Some(1), "the active habilitation");
    assert_eq!(earlier(&reopened.then(Side::Examiner, Kind::Revoked, "2027-02-03")), Some(1));
    assert_eq!(earlier(&asked().then(Side::Examiner, Kind::Resumed, "2027-02-04")), None);
}

#[test]
fn a_partner_is_told_when_a_habilitation_begins_and_when_it_is_revoked() {
    let story = accepted().then(Side::Examiner, Kind::Revoked, "2027-02-01");
    let notices: Vec<Option<Notice>> = story.events.iter().map(notice_of).collect();
    assert_eq!(notices, [None, Some(Notice::Accepted), Some(Notice::Revoked)]);
}

#[test]
fn a_mail_that_could_not_be_delivered_is_told_at_the_field_of_its_address() {
    let told = |story: &Story, recipient| {
        undelivered(story.stamp(Side::Clock, "2027-02-01"), &story.history(), Mail::Dpo, recipient)
    };
    let event = told(&accepted(), Recipient::Dpo).unwrap();
    assert_eq!((event.kind, event.seq, event.pointer.as_deref()), (Kind::Delivery, 3, Some("/people/dpo/email")));
    assert_eq!(event.mail.as_deref(), Some("dpo"));
    assert!(event.is_shown_to(Side::Applicant) && event.is_shown_to(Side::Examiner));
    assert_eq!(told(&accepted(), Recipient::Team), None);
    let archived = sent().then(Side::Applicant, Kind::Withdrawn, "2027-01-20");
    let archived = archived.then(Side::Applicant, Kind::Archived, "2027-01-21");
    assert_eq!(told(&archived, Recipient::Applicant), None);
    let story = accepted();
    let stamp = story.stamp(Side::Clock, "2027-02-01");
    assert_eq!(undelivered(stamp, &story.history(), Mail::NoLongerNamed, Recipient::Dpo), None, "no field is theirs");
}

#[test]
fn contacts_of_a_habilitation_that_ends_are_those_it_named() {
    let addressed = |story: &Story, mail, recipient| {
        let (event, before) = story.events.split_last().unwrap();
        addressed_submission(mail, recipient, event, &History::of(before))
    };
    assert_eq!(addressed(&sent(), Mail::Ack, Recipient::Applicant), 1);
    let modified = accepted().then(Side::Applicant, Kind::Reopened, "2027-02-01").submit("2027-02-02");
    assert_eq!(addressed(&modified, Mail::Ack, Recipient::Applicant), 2);
    let revoked = modified.then(Side::Examiner, Kind::Revoked, "2027-02-03");
    assert_eq!(addressed(&revoked, Mail::Revoked, Recipient::Dpo), 1);
    assert_eq!(addressed(&revoked, Mail::Revoked, Recipient::Applicant), 2);
}
