//! Findings of a check, over HTTP.

use habilitation_model::SCHEMA;
use habilitation_model::wire::{DraftToSave, Findings};
use jiff::SignedDuration;
use serde_json::json;

use crate::app::TestApp;
use habilitation_fixtures::{Fixture, in_short};

#[tokio::test]
async fn each_fixture_gives_exactly_its_findings_and_nothing_is_kept() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    let before = app.kept();
    for fixture in Fixture::all() {
        let body = DraftToSave { schema: SCHEMA, draft: fixture.draft };
        let answer = who.call("POST", "/api/check").json(&body).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(in_short(&answer.read::<Findings>().findings), fixture.findings, "{}", fixture.name);
    }
    assert_eq!(app.kept(), before);
}

#[tokio::test]
async fn today_is_the_day_in_utc() {
    let app = TestApp::start().await;
    let body = json!({"schema": 1, "draft": {"project": {"launch_date": "22/11/2026"}}});
    let past_date = async |who: &crate::app::Person<'_>| {
        let answer = who.call("POST", "/api/check").json(&body).send().await;
        let findings = in_short(&answer.read::<Findings>().findings);
        findings.iter().any(|finding| finding.code == "past_date")
    };
    let who = app.sign_in("noemie").await;
    assert!(!past_date(&who).await, "a launch today is not in the past");
    app.wait(SignedDuration::from_hours(12));
    let who = app.sign_in("noemie").await;
    assert!(past_date(&who).await, "midnight in UTC");
}
