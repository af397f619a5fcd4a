//! How much and how often.

use jiff::SignedDuration;
use serde_json::json;

use crate::app::{TestApp, id, named, pdf};
use crate::call::Answer;

#[tokio::test]
async fn too_many_calls_of_one_person_wait_while_others_go_on() {
    let app = TestApp::builder().with(|settings| settings.limits.calls_per_minute = 10).start().await;
    let (hasty, calm) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    for _ in 0..10 {
        assert_eq!(hasty.get("/api/session").await.status, 200);
    }
    let answer = hasty.get("/api/session").await;
    answer.problem(429, "too-many-calls");
    let seconds: i64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=6).contains(&seconds), "{seconds}");
    assert_eq!(calm.get("/api/session").await.status, 200);
    app.wait(SignedDuration::from_secs(seconds));
    assert_eq!(hasty.get("/api/session").await.status, 200, "as told");
    hasty.get("/api/session").await.problem(429, "too-many-calls");
}

#[tokio::test]
async fn too_many_sign_ins_from_one_address_wait() {
    let app = TestApp::builder().with(|settings| settings.limits.sign_ins_per_minute = 3).start().await;
    for _ in 0..3 {
        app.sign_in("noemie").await;
    }
    let body = json!({"person": "noemie"});
    let answer = app.call("POST", "/api/demo/session").json(&body).send().await;
    answer.problem(429, "too-many-calls");
    assert_eq!(answer.header("retry-after"), Some("20"));
    app.wait(SignedDuration::from_secs(20));
    app.sign_in("noemie").await;
}

#[tokio::test]
async fn behind_a_proxy_callers_are_told_apart_by_what_it_says_of_them() {
    for (proxies, second) in [(0, 429), (1, 201)] {
        let app = TestApp::builder()
            .with(|settings| {
                settings.proxies = proxies;
                settings.limits.sign_ins_per_minute = 1;
            })
            .start()
            .await;
        let sign_in = |forwarded: &str| {
            let call = app.call("POST", "/api/demo/session").header("x-forwarded-for", forwarded);
            call.json(&json!({"person": "noemie"})).send()
        };
        assert_eq!(sign_in("192.0.2.1").await.status, 201);
        assert_eq!(sign_in("192.0.2.2").await.status, second, "{proxies} proxies");
        assert_eq!(sign_in("[2001:db8::1]:4711").await.status, second, "{proxies} proxies");
        for known in ["203.0.113.9, 192.0.2.1", "192.0.2.1:4711", "2001:db8::1:2", "\"[2001:db8::3]\""] {
            sign_in(known).await.problem(429, "too-many-calls");
        }
    }
}

#[tokio::test]
async fn nobody_keeps_more_than_their_share() {
    let app = TestApp::builder()
        .with(|settings| {
            settings.limits.drafts_per_person = 2;
            settings.limits.documents_per_request = 2;
            settings.limits.document_mebibytes_per_person = 1;
        })
        .start()
        .await;
    let who = app.sign_in("noemie").await;
    who.create(&id(1), &named("a")).await;
    who.create(&id(2), &named("b")).await;
    let quota = |answer: &Answer| answer.problem(409, "quota-reached").errors[0].code.clone();
    assert_eq!(quota(&who.save(&id(3), None, &named("c")).send().await), "drafts_per_person");
    who.send(&id(1), &id(11), &pdf("a")).await;
    who.send(&id(1), &id(12), &pdf("b")).await;
    assert_eq!(quota(&who.upload(&id(1), &id(13), &pdf("c")).send().await), "documents_per_request");
    let mut large = pdf("");
    large.resize(1024 * 1024, b' ');
    assert_eq!(quota(&who.upload(&id(2), &id(11), &large).send().await), "bytes_per_person");
    assert_eq!(app.files().len(), 2);
    app.sign_in("karim").await.create(&id(3), &named("c")).await;
}
