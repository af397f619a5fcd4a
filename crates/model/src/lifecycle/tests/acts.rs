//! Rules on what an act says.

use super::story::{Story, by, claire, day, worded};
use crate::code::Code;
use crate::document::Document;
use crate::draft::Draft;
use crate::field::{Field, Value};
use crate::id::Id;
use crate::lifecycle::act::{DOCUMENTS_MAX, REMARK_MAX, TEXT_MAX};
use crate::lifecycle::submission::Earlier;
use crate::lifecycle::{
    Act, ActFinding, Ground, Kind, Refusal, Remark, Reply, Role, Side, Start, State, SubmissionBody,
};
use crate::text::Text;

use Side::{Applicant, Examiner};

const TODAY: &str = "2027-01-25";

fn in_short(findings: &[ActFinding]) -> Vec<(&str, Code)> {
    findings.iter().map(|finding| (finding.pointer.as_str(), finding.code)).collect()
}

fn read(json: &str) -> Act {
    serde_json::from_str(json).unwrap()
}

/// Findings of an examiner's act on a request that was accepted on 20 January.
fn found(json: &str) -> Vec<(String, Code)> {
    found_on(json, TODAY)
}

fn found_on(json: &str, today: &str) -> Vec<(String, Code)> {
    let history = Story::default().submit("2027-01-14").then(Examiner, Kind::Accepted, "2027-01-20").history();
    let findings = read(json).findings(&history, Role::Examiner, day(today));
    findings.into_iter().map(|finding| (finding.pointer, finding.code)).collect()
}

fn just(pointer: &str, code: Code) -> Vec<(String, Code)> {
    vec![(pointer.to_owned(), code)]
}

#[test]
fn texts_are_asked_for_where_a_decision_needs_its_reasons() {
    for kind in ["refused", "resumed", "message", "note"] {
        for text in ["", "  \u{200b}\n"] {
            let act = serde_json::json!({"kind": kind, "text": text}).to_string();
            assert_eq!(found(&act), just("/text", Code::Required), "{kind}");
        }
        assert_eq!(found(&format!(r#"{{"kind": "{kind}", "text": "Voici."}}"#)), [], "{kind}");
    }
    for kind in ["accepted", "withdrawn", "archived", "reopened", "assignment"] {
        assert_eq!(found(&format!(r#"{{"kind": "{kind}"}}"#)), [], "{kind}");
    }
}

#[test]
fn the_clock_takes_a_request_back_without_a_word() {
    let history = Story::default().submit("2027-01-14").history();
    assert_eq!(Act::new(Kind::Resumed).findings(&history, Role::Clock, day(TODAY)), []);
}

#[test]
fn a_text_has_5000_characters_at_most_and_no_control_character() {
    let mut act = worded(Kind::Message, Examiner);
    let history = Story::default().submit("2027-01-14").history();
    let mut check = |text: String| {
        act.text = text.as_str().into();
        in_short(&act.findings(&history, Role::Examiner, day(TODAY)))
            .first()
            .map(|(pointer, code)| ((*pointer).to_owned(), *code))
    };
    let max = usize::try_from(TEXT_MAX).unwrap();
    assert_eq!(check(["\n ", &"é".repeat(max), " "].concat()), None);
    assert_eq!(check("é".repeat(max + 1)), Some(("/text".to_owned(), Code::TooLong)));
    assert_eq!(check("un\ndeux\r\ntrois".to_owned()), None);
    assert_eq!(check("un\u{7}".to_owned()), Some(("/text".to_owned(), Code::ControlCharacter)));
}

#[test]
fn changes_are_requested_by_a_text_or_a_remark() {
    assert_eq!(found(r#"{"kind": "changes_requested"}"#), just("/text", Code::OneOf));
    assert_eq!(found(r#"{"kind": "changes_requested", "text": "Voici."}"#), []);
    let remark = r#"{"kind": "changes_requested", "remarks": [{"pointer": "/project/name", "text": "Plus court."}]}"#;
    assert_eq!(found(remark), []);
}

#[test]
fn a_remark_stands_at_a_field_and_no_field_has_two() {
    let act = r#"{"kind": "changes_requested", "remarks": [
        {"pointer": "/project/name", "text": "Un."},
        {"pointer": "/project/name", "text": "Deux."},
        {"pointer": "/project/title", "text": "Trois."},
        {"pointer": "/data/scopes", "text": " "}
    ]}"#;
    let expected = [
        ("/remarks/1/pointer", Code::TooMany),
        ("/remarks/2/pointer", Code::UnknownValue),
        ("/remarks/3/text", Code::Required),
    ];
    assert_eq!(found(act), expected.map(|(pointer, code)| (pointer.to_owned(), code)));
}

#[test]
fn a_remark_has_2000_characters_at_most() {
    let max = usize::try_from(REMARK_MAX).unwrap();
    let check = |length: usize| {
        let mut act = Act::new(Kind::ChangesRequested);
        act.remarks =
            vec![Remark { pointer: "/project/name".to_owned(), text: Text::from("a".repeat(length).as_str()) }];
        let history = Story::default().submit("2027-01-14").history();
        act.findings(&history, Role::Examiner, day(TODAY)).first().map(|finding| finding.code)
    };
    assert_eq!((check(max), check(max + 1)), (None, Some(Code::TooLong)));
}

#[test]
fn an_answer_is_asked_for_between_15_days_and_6_months_ahead() {
    let with = |answer_by| format!(r#"{{"kind": "changes_requested", "text": "a", "answer_by": "{answer_by}"}}"#);
    for answer_by in ["2027-02-09", "2027-07-25"] {
        assert_eq!(found(&with(answer_by)), [], "{answer_by}");
    }
    for answer_by in ["2027-02-08", "2027-07-26", "2026-12-01"] {
        assert_eq!(found(&with(answer_by)), just("/answer_by", Code::OutOfRange), "{answer_by}");
    }
}

#[test]
fn a_revocation_names_its_ground_and_when_the_organisation_was_heard() {
    let with = |rest: &str| format!(r#"{{"kind": "revoked", "text": "Voici."{rest}}}"#);
    let both = [("/ground".to_owned(), Code::Required), ("/heard_on".to_owned(), Code::Required)];
    assert_eq!(found(&with("")), both);
    for ground in ["illegal", "condition_lapsed", "fraud"] {
        let ground = format!(r#", "ground": "{ground}""#);
        assert_eq!(found(&with(&ground)), just("/heard_on", Code::Required));
        assert_eq!(found(&with(&[&ground, r#", "heard_on": "2027-01-25""#].concat())), []);
        assert_eq!(found(&with(&[&ground, r#", "urgent": true"#].concat())), []);
        let tomorrow = [&ground, r#", "urgent": true, "heard_on": "2027-01-26""#].concat();
        assert_eq!(found(&with(&tomorrow)), just("/heard_on", Code::FutureDate));
    }
    assert_eq!(found(&with(r#", "ground": "at_request""#)), []);
    assert_eq!(found(r#"{"kind": "revoked", "ground": "at_request"}"#), just("/text", Code::Required));
}

#[test]
fn an_unlawful_acceptance_is_revoked_within_four_months() {
    let with = |ground| format!(r#"{{"kind": "revoked", "text": "a", "ground": "{ground}", "urgent": true}}"#);
    assert_eq!(found_on(&with("illegal"), "2027-05-20"), []);
    assert_eq!(found_on(&with("illegal"), "2027-05-21"), just("/ground", Code::TooLate));
    assert_eq!(found_on(&with("fraud"), "2030-05-21"), []);
}

#[test]
fn a_request_is_reopened_from_a_submission_that_it_has() {
    let with = |from| format!(r#"{{"kind": "reopened", "from": "{from}"}}"#);
    for from in ["draft", "1"] {
        assert_eq!(found(&with(from)), [], "{from}");
    }
    assert_eq!(found(&with("2")), just("/from", Code::UnknownValue));
    for from in ["0", "01", "+1", "", "last", "99999999999"] {
        assert!(serde_json::from_str::<Act>(&with(from)).is_err(), "{from}");
    }
}

#[test]
fn a_request_is_reopened_from_the_active_habilitation_else_from_the_last_submission() {
    let start = |story: &Story| {
        let stamp = story.stamp(Applicant, TODAY);
        Act::new(Kind::Reopened).event(stamp, &story.history(), "FC-2026-000123", None).from
    };
    let refused = || {
        let story = Story::default().submit("2027-01-14").then(Examiner, Kind::Accepted, "2027-01-20");
        let story = story.then(Applicant, Kind::Reopened, "2027-01-21").submit("2027-01-22");
        story.then(Examiner, Kind::Refused, "2027-01-23")
    };
    assert_eq!(start(&refused()), Some(Start::Submission(1)));
    let withdrawn = Story::default().submit("2027-01-14").then(Applicant, Kind::Withdrawn, "2027-01-20");
    assert_eq!(start(&withdrawn), Some(Start::Submission(1)));
}

#[test]
fn a_message_has_three_documents_at_most_of_the_kinds_that_the_form_takes() {
    let document = |number: u8| Document {
        id: Id::new(1, [number; 10]),
        name: "plan.pdf".to_owned(),
        size: 12,
        media_type: "application/pdf".to_owned(),
    };
    let check = |documents: Vec<Document>| {
        let mut act = worded(Kind::Message, Examiner);
        act.documents = documents;
        let history = Story::default().submit("2027-01-14").history();
        let findings = act.findings(&history, Role::Examiner, day(TODAY));
        findings.into_iter().map(|finding| (finding.pointer, finding.code)).collect::<Vec<_>>()
    };
    let max = u8::try_from(DOCUMENTS_MAX).unwrap();
    assert_eq!(check((0..max).map(document).collect()), []);
    assert_eq!(check((0..=max).map(document).collect()), just("/documents", Code::TooMany));
    let mut page = document(1);
    page.media_type = "text/html".to_owned();
    assert_eq!(check(vec![document(0), page]), just("/documents/1", Code::FileType));
}

#[test]
fn a_member_of_another_kind_is_refused_and_not_lost() {
    assert_eq!(
        found(r#"{"kind": "refused", "text": "a", "remarks": [{"pointer": "/project/name", "text": "b"}]}"#),
        just("/remarks", Code::NotAsked)
    );
    assert_eq!(found(r#"{"kind": "archived", "text": "Fini."}"#), just("/text", Code::NotAsked));
    assert_eq!(found(r#"{"kind": "message", "text": "a", "ground": "fraud"}"#), just("/ground", Code::NotAsked));
    assert!(serde_json::from_str::<Act>(r#"{"kind": "message", "texte": "a"}"#).is_err());
}

#[test]
fn nobody_sends_a_draft_or_acts_for_the_clock_by_an_act() {
    for kind in ["submitted", "deadline", "delivery"] {
        assert_eq!(found(&format!(r#"{{"kind": "{kind}"}}"#)), just("/kind", Code::UnknownValue));
    }
}

#[test]
fn a_note_stands_at_a_field_or_at_none() {
    assert_eq!(found(r#"{"kind": "note", "text": "a", "pointer": "/project/name"}"#), []);
    assert_eq!(found(r#"{"kind": "note", "text": "a", "pointer": "/project"}"#), just("/pointer", Code::UnknownValue));
}

#[test]
fn nothing_is_decided_before_a_message_of_the_applicant_is_seen() {
    let story = Story::default().submit("2027-01-14").then(Applicant, Kind::Message, "2027-01-15");
    let history = story.then(Examiner, Kind::Note, "2027-01-16").history();
    let accept = |seen| Act { seen, ..Act::new(Kind::Accepted) }.outcome(&history, Role::Examiner);
    assert_eq!(accept(Some(2)), Ok(State::Accepted), "what the team itself did does not count");
    for seen in [None, Some(0), Some(1)] {
        assert_eq!(accept(seen), Err(Refusal::Unseen), "{seen:?}");
    }
    let note = Act { text: "a".into(), ..Act::new(Kind::Note) };
    assert_eq!(note.outcome(&history, Role::Examiner), Ok(State::Submitted), "a note decides nothing");
    let withdrawn = Act::new(Kind::Withdrawn).outcome(&history, Role::Applicant);
    assert_eq!(withdrawn, Ok(State::Withdrawn), "the applicant shows nothing");
}

#[test]
fn taking_a_request_names_who_has_it() {
    let mut take = Act::new(Kind::Assignment);
    take.examiner = Some("claire".to_owned());
    let story = Story::default().submit("2027-01-14").act(Examiner, &take, "2027-01-15");
    let history = story.history();
    take.examiner = Some("idris".to_owned());
    assert_eq!(take.outcome(&history, Role::Examiner), Err(Refusal::AssignedElsewhere));
    take.was = claire().id;
    assert_eq!(take.outcome(&history, Role::Examiner), Ok(State::Submitted));
}

#[test]
fn an_act_knows_the_event_that_it_made_and_no_other() {
    let story = Story::default().submit("2027-01-14");
    let act = read(
        r#"{"kind": "changes_requested", "seen": 1, "text": " Voici.\r\n", "remarks": [
        {"pointer": "/project/name", "text": "Plus court.\t"}]}"#,
    );
    let event = act.event(story.stamp(Examiner, TODAY), &story.history(), "FC-2026-000123", None);
    assert_eq!((event.text.as_str(), event.remarks[0].text.as_str()), ("Voici.", "Plus court."));
    assert!(act.is_told_by(&event));
    for other in [
        Act { text: "Autre.".into(), ..act.clone() },
        Act { remarks: Vec::new(), ..act.clone() },
        Act { answer_by: Some(day("2027-04-01")), ..act.clone() },
        Act { kind: Kind::Refused, ..act.clone() },
    ] {
        assert!(!other.is_told_by(&event), "{other:?}");
    }
    assert!(Act { seen: Some(9), ..act }.is_told_by(&event), "what was seen is not told");
}

#[test]
fn an_event_is_read_back_and_says_nothing_of_members_that_it_lacks() {
    let story = Story::default().submit("2027-01-14").then(Examiner, Kind::ChangesRequested, TODAY);
    let event = story.events.last().unwrap();
    let json = serde_json::to_value(event).unwrap();
    assert_eq!(serde_json::from_value::<crate::lifecycle::Event>(json.clone()).unwrap(), *event);
    let members: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(members, ["answer_by", "at", "by", "id", "kind", "on", "seq", "submission", "text"]);
    assert_eq!(json["by"], serde_json::to_value(by(Examiner)).unwrap());
    assert_eq!((&json["seq"], &json["on"], &json["answer_by"]), (&2.into(), &TODAY.into(), &"2027-03-25".into()));
}

/// A draft with a name for its project.
fn draft(name: &str) -> Draft {
    let mut draft = Draft::default();
    Field::ProjectName.set(&mut draft, Value::Text(name));
    draft
}

fn with_remark() -> Story {
    let mut act = Act::new(Kind::ChangesRequested);
    act.remarks = vec![Remark { pointer: "/project/name".to_owned(), text: "Plus court.".into() }];
    Story::default().submit("2027-01-14").act(Examiner, &act, "2027-01-25")
}

fn reply(pointer: &str, text: &str) -> Reply {
    Reply { pointer: pointer.to_owned(), text: text.into() }
}

#[test]
fn changes_that_were_requested_are_not_answered_by_the_same_draft_without_a_word() {
    let (history, sent, mended) = (with_remark().history(), draft("Guichet"), draft("Port"));
    let earlier = Earlier { last: Some(&sent), active: None };
    let found = |body: &SubmissionBody, draft: &Draft| {
        body.findings(&history, draft, earlier)
            .into_iter()
            .map(|finding| (finding.pointer, finding.code))
            .collect::<Vec<_>>()
    };
    let wordless = SubmissionBody::default();
    assert_eq!(found(&wordless, &sent), just("", Code::Unanswered));
    assert_eq!(found(&wordless, &mended), []);
    assert_eq!(found(&SubmissionBody { text: "Voici.".into(), ..SubmissionBody::default() }, &sent), []);
    let replied =
        SubmissionBody { replies: vec![reply("/project/name", "C’est voulu.")], ..SubmissionBody::default() };
    assert_eq!(found(&replied, &sent), []);
}

#[test]
fn a_reply_answers_an_open_remark_once() {
    let (history, sent) = (with_remark().history(), draft("Guichet"));
    let replies =
        vec![reply("/project/name", "Un."), reply("/project/name", ""), reply("/data/recipients", "Sans remarque.")];
    let body = SubmissionBody { replies, ..SubmissionBody::default() };
    let findings = body.findings(&history, &sent, Earlier { last: Some(&sent), active: None });
    assert_eq!(
        in_short(&findings),
        [
            ("/replies/1/pointer", Code::TooMany),
            ("/replies/1/text", Code::Required),
            ("/replies/2/pointer", Code::UnknownValue)
        ]
    );
}

#[test]
fn a_modification_without_a_change_is_refused_whatever_it_says() {
    let story = Story::default().submit("2027-01-14").then(Examiner, Kind::Accepted, "2027-01-20");
    let history = story.then(Applicant, Kind::Reopened, "2027-02-01").history();
    let active = draft("Guichet");
    let earlier = Earlier { last: Some(&active), active: Some(&active) };
    let mut ticked = active.clone();
    ticked.terms.accepted = true;
    let body = SubmissionBody { text: "Voici.".into(), ..SubmissionBody::default() };
    assert_eq!(in_short(&body.findings(&history, &ticked, earlier)), [("", Code::Unchanged)]);
    assert_eq!(body.findings(&history, &draft("Port"), earlier), []);
}

#[test]
fn a_first_request_may_be_sent_again_as_it_was_after_it_was_withdrawn() {
    let story = Story::default().submit("2027-01-14").then(Applicant, Kind::Withdrawn, "2027-01-20");
    let history = story.then(Applicant, Kind::Reopened, "2027-02-01").history();
    let sent = draft("Guichet");
    let earlier = Earlier { last: Some(&sent), active: None };
    assert_eq!(SubmissionBody::default().findings(&history, &sent, earlier), []);
}

#[test]
fn a_modification_of_contacts_alone_is_known_by_the_active_habilitation() {
    let active = draft("Guichet");
    let mut moved = active.clone();
    moved.people.technical.given_name = "Zoé".into();
    assert!(Earlier { last: None, active: Some(&active) }.is_contacts_only(&moved));
    assert!(
        !Earlier { last: Some(&active), active: None }.is_contacts_only(&moved),
        "a first request has no fast lane"
    );
    assert!(!Earlier { last: None, active: Some(&active) }.is_contacts_only(&draft("Port")));
}

#[test]
fn grounds_have_the_names_of_the_law_on_the_wire() {
    let act = read(r#"{"kind": "revoked", "ground": "condition_lapsed", "heard_on": "2027-01-20"}"#);
    assert_eq!((act.ground, act.heard_on), (Some(Ground::ConditionLapsed), Some(day("2027-01-20"))));
}
