//! The history of a request: what was sent, and what happened since.

use habilitation_model::wire::{EventList, Kind, Receipt, Side, State, StoredRequest};
use habilitation_model::{ClosedList, Date, Field, field};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::app::{Person, TestApp, address, tag};
use crate::call::Call;
use habilitation_fixtures::{Fixture, id, named, pdf, ready};

#[tokio::test]
async fn a_submission_leaves_its_event_and_what_was_sent() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    let draft = Fixture::named("town-hall");
    who.create(&id(1), &draft).await;
    for document in draft.documents() {
        who.send(&id(1), &document.id, &pdf("x")).await;
    }
    let receipt = who.submit(&id(1), 1).await;
    let day = |text: &str| Date::parse(text).unwrap();
    assert_eq!((receipt.submission, receipt.due_on), (1, Some(day("2027-01-22"))));

    let list: EventList = who.get(&format!("{}/events", address(&id(1)))).await.read();
    let [event] = &list.events[..] else { panic!("{list:?}") };
    assert_eq!((event.seq, event.kind, event.on), (1, Kind::Submitted, day("2026-11-22")));
    assert_eq!((event.by.side, event.by.name.as_str()), (Side::Applicant, "Noémie Lœb"));
    assert_eq!(receipt.request.last_event, Some(1));
    let later: EventList = who.get(&format!("{}/events?after=1", address(&id(1)))).await.read();
    assert_eq!(later.events, []);

    let answer = who.get(&format!("{}/submissions/1", address(&id(1)))).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let sent: Value = answer.read();
    assert_eq!((&sent["n"], &sent["on"], &sent["schema"]), (&1.into(), &"2026-11-22".into(), &1.into()));
    assert_eq!(sent["draft"], serde_json::to_value(&draft).unwrap(), "as it was typed");
    assert_eq!(sent["request"]["project"]["yearly_volume"], 4200, "as it was read");
    assert_eq!((&sent["changes"], &sent["contacts_only"]), (&Value::Array(Vec::new()), &false.into()));
}

#[tokio::test]
async fn it_is_as_absent_as_its_request() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &ready()).await;
    noemie.submit(&id(1), 1).await;
    noemie.create(&id(2), &named("deleted")).await;
    noemie.delete(&id(2), 1).await;
    for part in ["events", "submissions/1"] {
        let of = |request: u8| format!("{}/{part}", address(&id(request)));
        karim.get(&of(1)).await.problem(404, "not-found");
        noemie.get(&of(3)).await.problem(404, "not-found");
        noemie.get(&of(2)).await.problem(410, "deleted");
        app.get(&of(1)).await.problem(401, "signed-out");
    }
    noemie.get(&format!("{}/submissions/2", address(&id(1)))).await.problem(404, "not-found");
}

#[tokio::test]
async fn what_names_no_event_and_no_submission_is_refused() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    who.create(&id(1), &ready()).await;
    who.submit(&id(1), 1).await;
    for rest in [
        "events?after=",
        "events?after=-1",
        "events?after=x",
        "events?after=9007199254740992",
        "events?after=1&after=2",
        "events?before=1",
        "submissions/0",
        "submissions/x",
        "submissions/-1",
        "submissions/4294967296",
    ] {
        who.get(&format!("{}/{rest}", address(&id(1)))).await.problem(400, "invalid-parameter");
    }
}

#[tokio::test]
async fn the_draft_of_a_later_day_changes_nothing_of_what_was_sent() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    let mut draft = ready();
    who.create(&id(1), &draft).await;
    who.submit(&id(1), 1).await;
    Field::ProjectName.set(&mut draft, field::Value::Text("Another"));
    who.save(&id(1), Some(2), &draft).send().await.problem(409, "submitted");
    let sent: Value = who.get(&format!("{}/submissions/1", address(&id(1)))).await.read();
    assert_eq!(sent["draft"], serde_json::to_value(ready()).unwrap());
}

fn event_address(request: u8, event: u8) -> String {
    format!("{}/events/{}", address(&id(request)), id(event))
}

/// An act of a person on their first request.
fn act(who: &Person<'_>, event: u8, body: &Value) -> Call {
    who.call("PUT", &event_address(1, event)).json(body)
}

#[tokio::test]
async fn an_applicant_takes_a_request_back_and_sends_it_again() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    who.create(&id(1), &ready()).await;
    let number = who.submit(&id(1), 1).await.number;
    let withdraw = || act(&who, 101, &json!({"kind": "withdrawn", "text": "Trop tôt."}));
    withdraw().send().await.problem(428, "precondition-required");
    withdraw().header("if-match", &tag(1)).send().await.problem(412, "stale");
    let answer = withdraw().header("if-match", &tag(2)).send().await;
    assert_eq!((answer.status, answer.header("etag")), (201, Some("\"3\"")), "{}", answer.text());
    let withdrawn: StoredRequest = answer.read();
    assert_eq!((withdrawn.state, withdrawn.due_on, withdrawn.last_event), (State::Withdrawn, None, Some(2)));
    let again = withdraw().send().await;
    assert_eq!((again.status, again.read::<StoredRequest>()), (200, withdrawn));
    act(&who, 101, &json!({"kind": "message", "text": "a"})).send().await.problem(409, "id-taken");
    let problem = who.submission(&id(1), 3).send().await.problem(409, "wrong-state");
    assert_eq!(problem.state, Some(State::Withdrawn));

    let reopened = act(&who, 102, &json!({"kind": "reopened"})).header("if-match", &tag(3)).send().await;
    let reopened: StoredRequest = reopened.read();
    assert_eq!((reopened.state, reopened.draft), (State::Draft, ready().reopened()));
    let delete = who.call("DELETE", &address(&id(1))).header("if-match", &tag(4)).send().await;
    assert_eq!(delete.problem(409, "wrong-state").state, Some(State::Draft));
    who.change(&id(1), 4, &ready()).await;
    let answer = who.submission(&id(1), 5).json(&json!({"text": "Nous revoilà."})).send().await;
    let receipt: Receipt = answer.read();
    assert_eq!((receipt.submission, receipt.number), (2, number));
    let events: EventList = who.get(&format!("{}/events", address(&id(1)))).await.read();
    let kinds: Vec<Kind> = events.events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [Kind::Submitted, Kind::Withdrawn, Kind::Reopened, Kind::Submitted]);
    assert_eq!(events.events[3].text.as_str(), "Nous revoilà.");
}

#[tokio::test]
async fn messages_are_written_and_read_without_a_revision() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    who.create(&id(1), &ready()).await;
    who.submit(&id(1), 1).await;
    let write = |event: u8, text: &str| act(&who, event, &json!({"kind": "message", "text": text}));
    assert_eq!(write(101, "Bonjour").send().await.status, 201);
    assert_eq!(write(101, "Bonjour").send().await.status, 200);
    let problem = write(102, "").send().await.problem(422, "incomplete");
    assert_eq!((problem.errors[0].pointer.as_str(), problem.errors[0].code.as_str()), ("/text", "required"));
    assert_eq!(write(102, &"a".repeat(5_001)).send().await.problem(422, "incomplete").errors[0].code, "too_long");
    let request = who.read(&id(1)).await;
    assert_eq!((request.revision, request.last_event), (2, Some(2)));
    let known = who.call("GET", &address(&id(1))).header("if-none-match", &tag(2)).send().await;
    assert_eq!(known.status, 200, "its history goes on while its revision stays");

    let see = |seq: u64| who.call("PUT", &format!("{}/seen", address(&id(1)))).json(&json!({ "seq": seq }));
    assert_eq!(see(2).send().await.status, 204);
    assert_eq!(see(1).send().await.status, 204);
    let events: EventList = who.get(&format!("{}/events", address(&id(1)))).await.read();
    assert_eq!((events.seen, events.events.len()), (2, 2));
}

#[tokio::test]
async fn documents_of_messages_come_in_every_state_and_touch_nothing_that_was_sent() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    let draft = Fixture::named("town-hall");
    let sent = draft.documents().next().unwrap().id.clone();
    who.create(&id(1), &draft).await;
    who.send(&id(1), &sent, &pdf("sent")).await;
    who.submit(&id(1), 1).await;
    let message = |document: u8| {
        let listed = json!({"id": id(document), "name": "plan.pdf", "size": 1, "type": "application/pdf"});
        json!({"kind": "message", "text": "Voici.", "documents": [listed]})
    };
    act(&who, 101, &message(9)).send().await.problem(422, "incomplete");
    who.send(&id(1), &id(9), &pdf("plan")).await;
    who.send(&id(1), &id(9), &pdf("another plan")).await;
    who.upload(&id(1), &sent, &pdf("overwritten")).send().await.problem(409, "submitted");
    assert_eq!(act(&who, 101, &message(9)).send().await.status, 201);
    who.upload(&id(1), &id(9), &pdf("overwritten")).send().await.problem(409, "submitted");
    let path = |document: &habilitation_model::Id| format!("{}/documents/{document}", address(&id(1)));
    let answer = who.get(&path(&id(9))).await;
    assert_eq!((answer.body.as_ref(), answer.status), (pdf("another plan").as_slice(), 200));
    assert!(answer.header("content-disposition").unwrap().contains("\"plan.pdf\""));

    assert_eq!(act(&who, 102, &json!({"kind": "withdrawn"})).header("if-match", &tag(2)).send().await.status, 201);
    who.send(&id(1), &id(8), &pdf("unlisted")).await;
    assert_eq!(who.call("DELETE", &path(&id(8))).send().await.status, 204);
    who.send(&id(1), &id(8), &pdf("unlisted")).await;
    let request = who.read(&id(1)).await;
    assert_eq!((request.revision, request.draft), (3, draft));
    app.wait(SignedDuration::from_hours(25));
    app.purge().await;
    assert_eq!(app.files().len(), 2, "nothing listed the last one");
    let who = app.sign_in("noemie").await;
    assert_eq!(act(&who, 103, &json!({"kind": "archived"})).header("if-match", &tag(3)).send().await.status, 201);
    who.upload(&id(1), &id(7), &pdf("x")).send().await.problem(409, "submitted");
}

#[tokio::test]
async fn each_side_is_told_when_the_other_read_what_it_wrote() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    who.create(&id(1), &ready()).await;
    who.submit(&id(1), 1).await;
    let (claire, idris) = (app.sign_in("claire").await, app.sign_in("idris").await);
    let theirs = format!("/api/examination/requests/{}", id(1));
    let see = async |who: &Person<'_>, path: &str, seq: u64| {
        app.wait(SignedDuration::from_secs(60));
        let answer = who.call("PUT", &format!("{path}/seen")).json(&json!({ "seq": seq })).send().await;
        assert_eq!(answer.status, 204, "{}", answer.text());
    };
    see(&claire, &theirs, 1).await;
    assert_eq!(act(&who, 101, &json!({"kind": "message", "text": "Bonjour"})).send().await.status, 201);
    let note = json!({"kind": "note", "text": "À revoir."});
    assert_eq!(claire.call("PUT", &format!("{theirs}/events/{}", id(102))).json(&note).send().await.status, 201);
    see(&idris, &theirs, 3).await;
    see(&claire, &theirs, 3).await;
    let message = json!({"kind": "message", "text": "Bonjour aussi"});
    assert_eq!(idris.call("PUT", &format!("{theirs}/events/{}", id(103))).json(&message).send().await.status, 201);
    see(&who, &address(&id(1)), 4).await;

    let read_at = |list: EventList| -> Vec<(u64, Option<String>)> {
        list.events.into_iter().map(|event| (event.seq, event.read_at)).collect()
    };
    let at = |minute: u8| Some(format!("2026-11-22T12:0{minute}:00.000Z"));
    let told = read_at(who.get(&format!("{}/events", address(&id(1)))).await.read());
    assert_eq!(told, [(1, at(1)), (2, at(2)), (4, at(4))]);
    let told = read_at(claire.get(&format!("{theirs}/events")).await.read());
    assert_eq!(told, [(1, at(1)), (2, at(2)), (3, None), (4, at(4))], "a note is for the team");
}

#[tokio::test]
async fn whoever_writes_too_much_is_told_when_to_come_back() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    who.create(&id(1), &ready()).await;
    who.submit(&id(1), 1).await;
    for event in 101..=130 {
        assert_eq!(act(&who, event, &json!({"kind": "message", "text": "a"})).send().await.status, 201);
    }
    let answer = act(&who, 131, &json!({"kind": "message", "text": "a"})).send().await;
    answer.problem(429, "too-many-calls");
    assert_eq!(answer.header("retry-after"), Some("86400"));
}

#[tokio::test]
async fn acts_of_the_team_and_of_others_are_refused() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &ready()).await;
    noemie.submit(&id(1), 1).await;
    noemie.create(&id(2), &named("deleted")).await;
    noemie.delete(&id(2), 1).await;
    let before = app.kept();
    for kind in Kind::ALL {
        let body = json!({"kind": kind.as_str(), "text": "a"});
        act(&karim, 101, &body)
            .header("if-match", &tag(2))
            .without("origin")
            .send()
            .await
            .problem(403, "foreign-origin");
        if !matches!(kind, Kind::Message | Kind::Withdrawn | Kind::Reopened | Kind::Archived) {
            let problem =
                act(&noemie, 101, &body).header("if-match", &tag(2)).send().await.problem(400, "invalid-body");
            assert_eq!(problem.errors[0].pointer, "/kind");
        }
    }
    let message = json!({"kind": "message", "text": "a"});
    act(&karim, 101, &message).send().await.problem(404, "not-found");
    let of_deleted = || noemie.call("PUT", &event_address(2, 101));
    of_deleted().json(&message).send().await.problem(410, "deleted");
    act(&noemie, 101, &json!({"kind": "archived"}))
        .header("if-match", &tag(2))
        .send()
        .await
        .problem(409, "wrong-state");
    for body in [json!({}), json!({"kind": "message", "by": "x"}), json!({"kind": "message", "from": "0"})] {
        act(&noemie, 101, &body).send().await.problem(400, "invalid-body");
    }
    let path = format!("{}/events/x", address(&id(1)));
    noemie.call("PUT", &path).json(&message).send().await.problem(400, "invalid-parameter");
    let seen = format!("{}/seen", address(&id(1)));
    karim.call("PUT", &seen).json(&json!({"seq": 1})).send().await.problem(404, "not-found");
    noemie.call("PUT", &seen).json(&json!({"seq": -1})).send().await.problem(400, "invalid-body");
    assert_eq!(app.kept(), before);
}

#[tokio::test]
async fn nothing_that_was_sent_is_purged_however_long_it_lies_in_a_draft() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    who.create(&id(1), &ready()).await;
    who.submit(&id(1), 1).await;
    assert_eq!(act(&who, 101, &json!({"kind": "withdrawn"})).header("if-match", &tag(2)).send().await.status, 201);
    assert_eq!(act(&who, 102, &json!({"kind": "reopened"})).header("if-match", &tag(3)).send().await.status, 201);
    app.wait(SignedDuration::from_hours(24 * 365 * 4));
    app.purge().await;
    assert_eq!(app.sign_in("noemie").await.read(&id(1)).await.state, State::Draft, "it is told before");
    app.wait(SignedDuration::from_hours(24 * 30));
    app.purge().await;
    let who = app.sign_in("noemie").await;
    let request = who.read(&id(1)).await;
    assert_eq!((request.state, request.last_event), (State::Withdrawn, Some(4)), "by the clock, after six months");
    app.purge().await;
    assert_eq!(who.read(&id(1)).await.state, State::Withdrawn);
    app.wait(SignedDuration::from_hours(24 * 366));
    app.purge().await;
    let who = app.sign_in("noemie").await;
    assert_eq!(who.read(&id(1)).await.state, State::Archived);
    let events: EventList = who.get(&format!("{}/events?after=3", address(&id(1)))).await.read();
    assert!(events.events.iter().all(|event| event.by.side == Side::Clock && event.by.name.is_empty()));
    let sent = who.get(&format!("{}/submissions/1", address(&id(1)))).await;
    assert_eq!(sent.status, 200);
}
