//! The history of a request: what was sent, and what happened since.

use habilitation_model::wire::{EventList, Kind, Side};
use habilitation_model::{Date, Field, field};
use serde_json::Value;

use crate::app::{TestApp, address};
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
