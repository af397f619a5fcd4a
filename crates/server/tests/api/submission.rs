//! Submitting.

use habilitation_model::wire::{Receipt, State};

use crate::app::TestApp;
use habilitation_fixtures::{Fixture, id, pdf, ready};

#[tokio::test]
async fn each_complete_fixture_is_submitted_once_its_files_are_there() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    let complete: Vec<_> = Fixture::all().into_iter().filter(Fixture::is_complete).collect();
    assert!(complete.len() >= 5);
    for (number, fixture) in (1..).zip(complete) {
        let name = &fixture.name;
        let documents: Vec<_> = fixture.draft.documents().cloned().collect();
        let saved = who.create(&id(number), &fixture.draft).await;
        assert_eq!(saved.errors > 0, !documents.is_empty(), "{name}: only its files are missing");
        if !documents.is_empty() {
            let problem = who.submission(&id(number), 1).send().await.problem(422, "incomplete");
            assert!(problem.errors.iter().all(|error| error.code == "missing_file"), "{name}");
        }
        for document in documents {
            who.send(&id(number), &document.id, &pdf(&document.name)).await;
        }
        let answer = who.submission(&id(number), 1).send().await;
        assert_eq!((answer.status, answer.header("etag")), (201, Some("\"2\"")), "{name}: {}", answer.text());
        let receipt: Receipt = answer.read();
        assert_eq!(receipt.number, format!("FC-2026-{number:06}"), "{name}");
        assert_eq!(receipt.submitted_at, "2026-11-22T12:00:00.000Z", "{name}");
        assert_eq!(receipt.request.draft, fixture.draft, "{name}");
        assert_eq!(receipt.request, who.read(&id(number)).await, "{name}");
        assert_eq!(receipt.request.state, State::Submitted, "{name}");
    }
}

#[tokio::test]
async fn repeating_it_is_harmless_whatever_the_precondition() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    who.create(&id(1), &ready()).await;
    let receipt = who.submit(&id(1), 1).await;
    let before = app.kept();
    for call in [who.submission(&id(1), 1), who.submission(&id(1), 2), who.submission(&id(1), 1).without("if-match")] {
        let answer = call.send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.read::<Receipt>(), receipt);
    }
    assert_eq!(app.kept(), before);
}

#[tokio::test]
async fn what_is_kept_of_it_is_typed() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    let mut draft = Fixture::named("town-hall");
    let document = draft.documents().next().unwrap().id.clone();
    draft.project.mockups[0].media_type = "image/heic".to_owned();
    assert_eq!(who.create(&id(1), &draft).await.errors, 2, "the declared type, and no bytes");
    who.send(&id(1), &document, &pdf("x")).await;
    let receipt = who.submit(&id(1), 1).await;
    assert_eq!(receipt.request.draft, draft, "as it was typed");
    let database = rusqlite::Connection::open(app.data().join("habilitation.sqlite")).unwrap();
    let request: String = database.query_row("SELECT request_json FROM submissions", [], |row| row.get(0)).unwrap();
    let request: serde_json::Value = serde_json::from_str(&request).unwrap();
    assert_eq!(request["project"]["yearly_volume"], 4200);
    assert_eq!(request["project"]["mockups"][0]["type"], "application/pdf", "as its bytes say");
    assert_eq!(request["project"]["mockups"][0]["size"], 10);
    assert_eq!(request["project"]["launch_date"], "2031-09-01");
    assert_eq!(request["people"]["technical"]["phone"], "+33639981234");
    assert_eq!(request["organisation"]["siret"], "21990042000015");
}

#[tokio::test]
async fn many_submissions_at_once_get_one_number_each_without_gaps() {
    let app = TestApp::start().await;
    let people = [app.sign_in("noemie").await, app.sign_in("karim").await];
    let mut calls = Vec::new();
    for number in 1..=20 {
        let who = &people[usize::from(number) % 2];
        who.create(&id(number), &Fixture::named("state-migration")).await;
        for _ in 0..2 {
            calls.push(tokio::spawn(who.submission(&id(number), 1).send()));
        }
    }
    let mut numbers = Vec::new();
    for call in calls {
        let answer = call.await.unwrap();
        if answer.status == 201 {
            numbers.push(answer.read::<Receipt>().number);
        }
    }
    numbers.sort();
    let expected: Vec<String> = (1..=20).map(|number| format!("FC-2026-{number:06}")).collect();
    assert_eq!(numbers, expected);
}
