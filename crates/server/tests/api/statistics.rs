//! Statistics: for the team, as a file, and for everybody.

use habilitation_model::wire::{Backlog, Durations, PublicStatistics, Statistics, Totals};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::app::{Person, TestApp, tag};
use crate::embedding;
use habilitation_fixtures::{id, ready};

const PATH: &str = "/api/examination/statistics";

async fn statistics(app: &TestApp, query: &str) -> Statistics {
    let answer = app.sign_in("odile").await.get(&format!("{PATH}{query}")).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")), "{}", answer.text());
    answer.read()
}

async fn file(app: &TestApp, query: &str) -> String {
    let answer = app.sign_in("odile").await.get(&format!("{PATH}.csv{query}")).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/csv; charset=utf-8; header=present")));
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"statistiques.csv\""));
    answer.text()
}

async fn public(app: &TestApp) -> PublicStatistics {
    let answer = app.get("/api/statistics").await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("public, max-age=3600")));
    answer.read()
}

async fn submit(who: &Person<'_>, number: u8) {
    who.create(&id(number), &ready()).await;
    who.submit(&id(number), 1).await;
}

async fn decide(app: &TestApp, number: u8, event: u8, revision: u64, mut body: Value) {
    body["seen"] = (revision - 1).into();
    let path = format!("/api/examination/requests/{}/events/{}", id(number), id(event));
    let claire = app.sign_in("claire").await;
    let answer = claire.call("PUT", &path).header("if-match", &tag(revision)).json(&body).send().await;
    assert_eq!(answer.status, 201, "{}", answer.text());
}

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

fn took(count: u64, median: u32, ninth: u32) -> Durations {
    Durations { count, median: Some(median), ninth_decile: Some(ninth) }
}

#[tokio::test]
async fn a_month_has_what_was_received_and_answered_in_it() {
    let app = TestApp::start().await;
    let none = statistics(&app, "").await;
    assert_eq!(
        (none.from.to_string(), none.to.to_string(), none.months.len()),
        ("2025-12".into(), "2026-11".into(), 12)
    );
    assert!(none.totals.is_empty() && none.since.is_none() && none.backlog == Backlog::default());

    for number in 1..=3 {
        submit(&app.sign_in("noemie").await, number).await;
    }
    app.wait(days(2));
    decide(&app, 1, 101, 2, json!({"kind": "changes_requested", "text": "Un point."})).await;
    app.wait(days(8));
    // 2 December.
    decide(&app, 2, 102, 2, json!({"kind": "accepted"})).await;
    let mut again = ready();
    habilitation_model::Field::ProjectName.set(&mut again, habilitation_model::field::Value::Text("Autrement"));
    let noemie = app.sign_in("noemie").await;
    noemie.change(&id(1), 3, &again).await;
    noemie.submit(&id(1), 4).await;
    app.wait(days(5));
    decide(&app, 1, 103, 5, json!({"kind": "refused", "text": "Voici pourquoi."})).await;

    let told = statistics(&app, "?from=2026-11&to=2026-12").await;
    let november = Totals { received: 3, first_answer: took(1, 2, 2), ..Totals::default() };
    let december = Totals {
        accepted: 1,
        refused: 1,
        first_answer: took(1, 10, 10),
        decision: took(2, 7, 10),
        ..Totals::default()
    };
    assert_eq!(told.months.iter().map(|month| month.totals).collect::<Vec<_>>(), [november, december]);
    let whole = Totals { received: 3, first_answer: took(2, 2, 10), ..december };
    assert_eq!((told.totals, told.backlog), (whole, Backlog { waiting: 1, overdue: 0 }));
    assert_eq!(told.since.map(|month| month.to_string()).as_deref(), Some("2026-11"));
    let rows = file(&app, "?from=2026-11&to=2026-12").await;
    assert!(rows.ends_with("2026-11/2026-12,3,0,1,1,0,0,2,2,10,2,7,10,1,0\r\n"), "{rows}");
    assert_eq!(rows.lines().count(), 4);
    assert_eq!(statistics(&app, "?to=2026-12&from=").await.months.len(), 12);
    assert_eq!(statistics(&app, "?from=2026-12").await.totals, december);

    app.wait(days(60));
    assert_eq!(statistics(&app, "").await.backlog, Backlog { waiting: 1, overdue: 1 });
}

#[tokio::test]
async fn for_whoever_has_no_role_there_are_none() {
    let app = embedding::builder().start().await;
    for path in [PATH, "/api/examination/statistics.csv"] {
        app.sign_in("noemie").await.get(path).await.problem(404, "not-found");
        app.get(path).await.problem(401, "signed-out");
        let element = embedding::Element::signed_in(&app.sign_in("claire").await, 1).await;
        element.get(path).await.problem(404, "not-found");
        let claire = app.sign_in("claire").await;
        for query in ["from=2026", "to=2026-13", "from=2026-12", "from=2016-11", "from=2026-11&from=2026-11", "limit=1"]
        {
            claire.get(&format!("{path}?{query}")).await.problem(400, "invalid-parameter");
        }
    }
}

#[tokio::test]
async fn everybody_reads_the_median_of_the_last_days_once_ten_answers_stand_behind_it() {
    let app = TestApp::start().await;
    for number in 1..=10 {
        // Nobody submits so many in a day.
        let who = app.sign_in(if number % 2 == 0 { "noemie" } else { "stephane" }).await;
        submit(&who, number).await;
        app.wait(days(3));
        decide(&app, number, 100 + number, 2, json!({"kind": "accepted"})).await;
        let expected = (number == 10).then_some(3);
        assert_eq!(public(&app).await.first_answer_days, expected, "{number}");
    }
    let text = app.get("/api/statistics").await.text();
    assert_eq!(text, r#"{"first_answer_days":3}"#);
    // The first answer was given on 25 November, 27 days before the last one.
    app.wait(days(90 - 28));
    assert_eq!(public(&app).await.first_answer_days, Some(3));
    app.wait(days(1));
    assert_eq!(app.get("/api/statistics").await.text(), "{}");
}

#[tokio::test]
async fn what_an_earlier_release_received_and_answered_is_counted() {
    for (release, expected) in [
        (4, Totals { received: 2, ..Totals::default() }),
        (
            5,
            Totals {
                received: 4,
                accepted: 1,
                first_answer: took(2, 0, 0),
                decision: took(1, 0, 0),
                ..Totals::default()
            },
        ),
    ] {
        let app = embedding::builder().data(|data| crate::releases::restore(release, data)).start().await;
        let told = statistics(&app, "").await;
        assert_eq!((told.totals, told.months.last().unwrap().totals), (expected, expected), "release {release}");
        assert_eq!(told.backlog, Backlog { waiting: 2, overdue: 0 });
        // Once alone.
        assert_eq!(statistics(&app.restart().await, "").await.totals, expected);
    }
}
