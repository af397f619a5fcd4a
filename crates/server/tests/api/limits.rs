//! Quotas and rates.

use habilitation_model::Id;
use jiff::SignedDuration;
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::{Duration, Instant};

use crate::app::{Person, TestApp, address};
use crate::call::Response;
use habilitation_fixtures::{id, named, pdf};

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

const PORTAL: &str = "https://portail.example";

#[tokio::test]
async fn behind_a_proxy_callers_are_told_apart_by_what_it_says_of_them() {
    for (proxies, second) in [(0, 429), (1, 202)] {
        let app = TestApp::builder()
            .with(|settings| {
                settings.proxies = proxies;
                settings.embed_origin = vec![PORTAL.parse().unwrap()];
                settings.limits.embed_claims_per_minute = 1;
            })
            .start()
            .await;
        let claim = |forwarded: &str| {
            let call = app.call("POST", "/api/embed/tokens").header("x-forwarded-for", forwarded);
            call.header("origin", PORTAL).json(&json!({"verifier": "A".repeat(43)})).send()
        };
        assert_eq!(claim("192.0.2.1").await.status, 202);
        assert_eq!(claim("192.0.2.2").await.status, second, "{proxies} proxies");
        assert_eq!(claim("[2001:db8::1]:4711").await.status, second, "{proxies} proxies");
        for known in ["203.0.113.9, 192.0.2.1", "192.0.2.1:4711", "2001:db8::1:2", "\"[2001:db8::3]\""] {
            claim(known).await.problem(429, "too-many-calls");
        }
    }
}

#[tokio::test]
async fn the_demonstration_is_not_for_those_who_come_through_a_proxy() {
    let app = TestApp::start().await;
    for (name, value) in [
        ("forwarded", "for=192.0.2.1"),
        ("x-forwarded-for", "127.0.0.1"),
        ("x-forwarded-host", "habilitation.example"),
        ("x-forwarded-proto", "https"),
        ("x-real-ip", "127.0.0.1"),
        ("via", "1.1 proxy"),
    ] {
        let sign_in = app.call("POST", "/api/demo/session").header(name, value).json(&json!({"person": "noemie"}));
        let refused = sign_in.send().await;
        refused.problem(403, "passed-on");
        assert_eq!(refused.header("set-cookie"), None, "{name}");
        for path in ["/api/demo/people", "/api/demo/mail", "/api/demo/clock"] {
            app.call("GET", path).header(name, value).send().await.problem(403, "passed-on");
        }
        let clock = app.call("PUT", "/api/demo/clock").header(name, value).json(&json!({"days": 1}));
        clock.send().await.problem(403, "passed-on");
    }
    app.sign_in("noemie").await;
}

#[tokio::test]
async fn calls_that_are_counted_are_counted_before_their_body_is_read_and_carry_little() {
    let app = TestApp::builder()
        .with(|settings| {
            settings.embed_origin = vec![PORTAL.parse().unwrap()];
            settings.limits.sign_ins_per_minute = 3;
            settings.limits.embed_claims_per_minute = 2;
            settings.limits.embed_grants_per_minute = 2;
        })
        .start()
        .await;
    let who = app.sign_in("noemie").await;
    let large = vec![b' '; 1025];
    let calls = [
        app.call("POST", "/api/demo/session"),
        app.call("POST", "/api/embed/tokens").header("origin", PORTAL),
        who.call("POST", "/api/embed/grants"),
    ];
    for call in calls {
        let call = call.header("content-type", "application/json");
        let too_large = call.clone().body(&large).send().await.problem(413, "too-large");
        assert_eq!(too_large.limit, Some(1024));
        call.clone().body(&large).chunked().send().await.problem(413, "too-large");
        call.body(b"not even JSON").send().await.problem(429, "too-many-calls");
    }
}

/// An upload to the first request whose bytes do not come, once the server waits for them.
async fn stalled_upload(who: &Person<'_>, document: &Id, length: usize) -> TcpStream {
    let host = who.app.origin().strip_prefix("http://").unwrap();
    let before = who.app.files().len();
    let mut stream = TcpStream::connect(host).await.unwrap();
    let head = format!(
        "PUT {}/documents/{document} HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\ncookie: {}\r\n\
         content-length: {length}\r\n\r\n%PDF-",
        address(&id(1)),
        who.cookie
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    while who.app.files().len() == before {
        tokio::task::yield_now().await;
    }
    stream
}

#[tokio::test]
async fn one_person_sends_a_few_files_at_a_time_and_no_more_bytes_than_they_may_keep() {
    let app = TestApp::builder()
        .with(|settings| {
            settings.limits.uploads_per_person = 2;
            settings.limits.document_mebibytes_per_person = 1;
        })
        .start()
        .await;
    let who = app.sign_in("noemie").await;
    who.create(&id(1), &named("a")).await;
    let half = {
        let mut half = pdf("");
        half.resize(600 * 1024, b' ');
        half
    };
    let (first, more) = (stalled_upload(&who, &id(11), half.len()).await, who.upload(&id(1), &id(12), &half));
    let refused = more.send().await.problem(409, "quota-reached");
    assert_eq!(refused.errors[0].code, "bytes_per_person", "what is on its way counts");
    let second = stalled_upload(&who, &id(13), 10).await;
    let third = who.upload(&id(1), &id(14), &pdf("c")).send().await;
    third.problem(503, "busy");
    assert!(third.header("retry-after").is_some());
    drop((first, second));
    let begun = Instant::now();
    while who.upload(&id(1), &id(14), &pdf("c")).send().await.status == 503 {
        assert!(begun.elapsed() < Duration::from_secs(20), "those that broke off count for ever");
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
    let quota = |answer: &Response| answer.problem(409, "quota-reached").errors[0].code.clone();
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
