//! Saving, reading and deleting one's own drafts.

use habilitation_model::wire::{RequestList, RequestSummary, State};
use habilitation_model::{Draft, Id};
use jiff::SignedDuration;
use serde_json::json;

use crate::app::{TestApp, address};
use habilitation_fixtures::{id, named, pdf, ready};

#[tokio::test]
async fn a_draft_is_created_changed_read_and_deleted() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;

    let answer = who.save(&id(1), None, &named("Guichet")).send().await;
    assert_eq!((answer.status, answer.header("etag")), (201, Some("\"1\"")));
    assert_eq!(answer.header("location"), Some(address(&id(1)).as_str()));
    let created: RequestSummary = answer.read();
    assert_eq!((created.revision, created.name.as_str(), created.state), (1, "Guichet", State::Draft));
    assert!(created.errors > 20, "nearly nothing is filled in");

    app.wait(SignedDuration::from_secs(2));
    let answer = who.save(&id(1), Some(1), &named("Guichet citoyen")).send().await;
    assert_eq!((answer.status, answer.header("etag"), answer.header("location")), (200, Some("\"2\""), None));
    assert_eq!(answer.read::<RequestSummary>().updated_at, "2026-11-22T12:00:02.000Z");

    let answer = who.get(&address(&id(1))).await;
    assert_eq!((answer.status, answer.header("etag")), (200, Some("\"2\"")));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let request = who.read(&id(1)).await;
    assert_eq!((request.revision, &request.draft), (2, &named("Guichet citoyen")));
    assert_eq!((request.created_at.as_str(), request.submitted_at), ("2026-11-22T12:00:00.000Z", None));

    who.delete(&id(1), 2).await;
    who.get(&address(&id(1))).await.problem(410, "deleted");
    assert_eq!(who.get("/api/requests").await.text(), "{\"requests\":[],\"next\":null}");
}

#[tokio::test]
async fn a_reader_who_has_the_revision_is_told_so() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    who.create(&id(1), &named("a")).await;
    for (held, status) in [("\"1\"", 304), ("W/\"1\"", 304), ("\"7\", \"1\"", 304), ("*", 304), ("\"2\"", 200)] {
        let answer = who.call("GET", &address(&id(1))).header("if-none-match", held).send().await;
        assert_eq!((answer.status, answer.header("etag")), (status, Some("\"1\"")), "{held}");
        assert_eq!(answer.body.is_empty(), status == 304, "{held}");
    }
    let head = who.call("HEAD", &address(&id(1))).send().await;
    assert_eq!((head.status, head.header("etag"), head.body.is_empty()), (200, Some("\"1\""), true));
}

#[tokio::test]
async fn absent_null_and_empty_are_one_draft() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    for (number, draft) in (1..).zip([
        json!({}),
        json!({"project": null, "data": {"scopes": null}}),
        json!({"legal": {"url": "", "documents": []}}),
    ]) {
        let body = json!({"schema": 1, "draft": draft});
        let call = who.call("PUT", &address(&id(number))).header("if-none-match", "*").json(&body);
        assert_eq!(call.send().await.status, 201, "{body}");
        assert_eq!(who.read(&id(number)).await.draft, Draft::default(), "{body}");
    }
}

#[tokio::test]
async fn the_largest_body_is_taken() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    let mut body = serde_json::to_vec(&json!({"schema": 1, "draft": {"project": {"description": "a"}}})).unwrap();
    body.resize(256 * 1024, b' ');
    let call = who.save(&id(1), None, &Draft::default()).body(&body);
    assert_eq!(call.send().await.status, 201);
}

#[tokio::test]
async fn an_answer_twice_as_long_as_the_form_takes_is_kept_and_a_longer_one_is_refused_where_it_is() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    let long = |length: usize| named(&"é".repeat(length));
    who.create(&id(1), &long(240)).await;
    let listed: RequestList = who.get("/api/requests").await.read();
    assert_eq!(listed.requests[0].name, "é".repeat(200), "the list shows the beginning");
    assert_eq!(who.read(&id(1)).await.draft, long(240));
    for (revision, draft) in [(Some(1), long(241)), (None, long(200_000 / 2))] {
        let answer = who.save(&id(if revision.is_some() { 1 } else { 2 }), revision, &draft).send().await;
        let problem = answer.problem(413, "too-large");
        assert_eq!(
            (problem.errors[0].pointer.as_str(), problem.errors[0].code.as_str()),
            ("/draft/project/name", "too_long")
        );
    }
}

#[tokio::test]
async fn an_identifier_in_capitals_is_the_same_one() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    let id = Id::parse("019ab3f0-7c01-7a51-9e01-5b0d6c4e0001").unwrap();
    who.create(&id, &named("a")).await;
    let answer = who.get("/api/requests/019AB3F0-7C01-7A51-9E01-5B0D6C4E0001").await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn of_many_saves_of_one_revision_one_wins_and_the_others_see_it() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    who.create(&id(1), &named("start")).await;
    let calls: Vec<_> =
        (0..12).map(|number| tokio::spawn(who.save(&id(1), Some(1), &named(&number.to_string())).send())).collect();
    let mut won = Vec::new();
    let mut seen = Vec::new();
    for call in calls {
        let answer = call.await.unwrap();
        match answer.status {
            200 => won.push(answer.read::<RequestSummary>().name),
            _ => seen.push(answer.problem(412, "stale").current.unwrap().draft.project.name.to_string()),
        }
    }
    assert_eq!((won.len(), seen.len()), (1, 11));
    assert!(seen.iter().all(|name| *name == won[0]));
    assert_eq!(who.read(&id(1)).await.revision, 2);
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let app = TestApp::start().await;
    let cookie = {
        let who = app.sign_in("noemie").await;
        who.create(&id(1), &named("Guichet")).await;
        who.send(&id(1), &id(9), &pdf("kept")).await;
        who.create(&id(2), &ready()).await;
        who.submit(&id(2), 1).await;
        who.create(&id(3), &named("Deleted")).await;
        who.delete(&id(3), 1).await;
        who.cookie
    };
    let before = app.kept();
    let app = app.restart().await;
    assert_eq!(app.kept(), before);
    let who = crate::app::Person { app: &app, cookie };
    assert_eq!(who.read(&id(1)).await.arrived, [id(9)], "the session goes on too");
    assert_eq!(who.get(&format!("{}/documents/{}", address(&id(1)), id(9))).await.body, pdf("kept"));
    assert_eq!(who.read(&id(2)).await.number.as_deref(), Some("FC-2026-000001"));
    who.save(&id(3), None, &named("late")).send().await.problem(410, "deleted");
    who.create(&id(4), &ready()).await;
    assert_eq!(who.submit(&id(4), 1).await.number, "FC-2026-000002");
}
