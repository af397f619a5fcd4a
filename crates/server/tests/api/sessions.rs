//! Signing in and out, and what a session is worth.

use std::collections::BTreeMap;

use habilitation_model::wire::{Browser, DemoPeople, Session, SessionList, System};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::app::{Person, START, TestApp};
use habilitation_fixtures::{id, named};

const PORTAL: &str = "https://portail.example";

#[tokio::test]
async fn anyone_on_the_machine_signs_in_as_a_made_up_person_and_out() {
    let app = TestApp::start().await;
    let people: DemoPeople = app.get("/api/demo/people").await.read();
    let mut organisations = BTreeMap::new();
    for person in &people.people {
        *organisations.entry(person.organisation.clone()).or_insert(0) += 1;
        let who = app.sign_in(&person.id).await;
        let session: Session = who.get("/api/session").await.read();
        assert_eq!((&session.user.given_name, &session.organisation.name), (&person.given_name, &person.organisation));
        assert_eq!(session.role, person.role);
        assert!(session.user.email.ends_with(".example"));
    }
    assert!(people.people.len() >= 5 && organisations.len() >= 4 && organisations.values().any(|count| *count == 2));

    let who = app.sign_in("noemie").await;
    let answer = who.call("DELETE", "/api/session").send().await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("set-cookie"), Some("habilitation_session=; HttpOnly; Path=/; SameSite=Lax; Max-Age=0"));
    who.get("/api/session").await.problem(401, "signed-out");
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let app = TestApp::start().await;
    let answer = app.call("POST", "/api/demo/session").json(&json!({"person": "noemie"})).send().await;
    let cookie = answer.header("set-cookie").unwrap();
    let (token, attributes) = cookie.split_once(';').unwrap();
    assert_eq!(attributes, " HttpOnly; Path=/; SameSite=Lax");
    let token = token.strip_prefix("habilitation_session=").unwrap();
    assert_eq!(token.len(), 43, "256 bits in base64url");
    assert!(!app.kept().iter().any(|kept| kept.contains(token)), "only its hash is stored");
}

#[tokio::test]
async fn the_cookie_of_a_read_counts_where_one_of_our_pages_asks_or_nobody_does() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    for (site, mode, status) in [
        (None, None, 200),
        (Some("same-origin"), Some("cors"), 200),
        (Some("none"), Some("navigate"), 200),
        // A neighbour's page, which browsers give the cookie to.
        (Some("same-site"), Some("no-cors"), 401),
        (Some("same-site"), Some("navigate"), 401),
        (Some("cross-site"), Some("no-cors"), 401),
        (Some("anything"), None, 401),
        (Some(""), None, 401),
    ] {
        let mut call = who.call("GET", "/api/requests").without("origin");
        for (name, value) in [("sec-fetch-site", site), ("sec-fetch-mode", mode)] {
            call = match value {
                Some(value) => call.header(name, value),
                None => call,
            };
        }
        assert_eq!(call.send().await.status, status, "{site:?} {mode:?}");
    }
    let twice = who.call("GET", "/api/requests").without("origin").header("sec-fetch-site", "same-origin");
    twice.and_header("sec-fetch-site", "same-site").send().await.problem(401, "signed-out");
}

#[tokio::test]
async fn signing_in_again_ends_the_session_that_the_browser_had() {
    let app = TestApp::start().await;
    let first = app.sign_in("noemie").await;
    let answer = first.call("POST", "/api/demo/session").json(&json!({"person": "karim"})).send().await;
    assert_eq!(answer.status, 201);
    first.get("/api/session").await.problem(401, "signed-out");
}

#[tokio::test]
async fn two_sessions_of_one_person_are_one_owner() {
    let app = TestApp::start().await;
    let (desk, phone) = (app.sign_in("noemie").await, app.sign_in("noemie").await);
    desk.create(&id(1), &named("Guichet")).await;
    assert_eq!(phone.read(&id(1)).await.draft, named("Guichet"));
    desk.call("DELETE", "/api/session").send().await;
    assert_eq!(phone.get("/api/session").await.status, 200, "signing out ends one session");
}

async fn ends_at(who: &Person<'_>) -> Timestamp {
    let session: Session = who.get("/api/session").await.read();
    session.ends_at.parse().unwrap()
}

#[tokio::test]
async fn a_session_ends_when_nothing_is_asked_in_it_for_long() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    assert_eq!(ends_at(&who).await, app.now() + SignedDuration::from_hours(2));
    app.wait(SignedDuration::from_mins(119));
    assert_eq!(ends_at(&who).await, app.now() + SignedDuration::from_hours(2), "a call keeps it alive");
    app.wait(SignedDuration::from_hours(2));
    who.get("/api/session").await.problem(401, "signed-out");
}

#[tokio::test]
async fn a_session_ends_after_half_a_day_whatever_is_asked() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    let end = START.parse::<Timestamp>().unwrap() + SignedDuration::from_hours(12);
    for _ in 0..11 {
        app.wait(SignedDuration::from_hours(1));
        assert!(ends_at(&who).await <= end);
    }
    assert_eq!(ends_at(&who).await, end);
    app.wait(SignedDuration::from_mins(59));
    assert_eq!(who.get("/api/session").await.status, 200);
    app.wait(SignedDuration::from_mins(1));
    who.get("/api/session").await.problem(401, "signed-out");
    who.save(&id(1), None, &named("late")).send().await.problem(401, "signed-out");
}

#[tokio::test]
async fn a_page_left_open_never_acts_in_the_name_of_whoever_came_after() {
    let app = TestApp::start().await;
    let karim = app.sign_in("karim").await;
    let session: Session = karim.get("/api/session").await.read();
    let before = app.kept();
    let save = || karim.save(&id(1), None, &named("à un autre"));
    save().header("Habilitation-User", "noemie").send().await.problem(401, "signed-out");
    assert_eq!(app.kept(), before);
    assert_eq!(save().header("Habilitation-User", &session.user.id).send().await.status, 201);
}

#[tokio::test]
async fn one_sees_where_one_is_signed_in_and_ends_it_from_elsewhere() {
    let app = TestApp::builder().with(|settings| settings.embed_origin = vec![PORTAL.parse().unwrap()]).start().await;
    let here = app.sign_in("noemie").await;
    app.wait(SignedDuration::from_mins(5));
    let agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let body = json!({"person": "noemie"});
    let answer = app.call("POST", "/api/demo/session").header("user-agent", agent).json(&body).send().await;
    let there = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let third = app.sign_in("noemie").await;
    let other_person = app.sign_in("karim").await;

    let list: SessionList = here.get("/api/sessions").await.read();
    assert_eq!(list.sessions.len(), 3);
    let current: Vec<bool> = list.sessions.iter().map(|session| session.current).collect();
    assert_eq!(current.iter().filter(|current| **current).count(), 1);
    let of_firefox = list.sessions.iter().find(|session| session.browser.is_some()).unwrap();
    assert_eq!((of_firefox.browser, of_firefox.system), (Some(Browser::Firefox), Some(System::Windows)));
    assert!(!of_firefox.current && of_firefox.portal.is_none());
    assert_eq!(of_firefox.opened_at, "2026-11-22T12:05:00.000Z");

    let path = format!("/api/sessions/{}", of_firefox.id);
    other_person.call("DELETE", &path).send().await.problem(404, "not-found");
    here.call("DELETE", "/api/sessions/AAAAAAAAAAAAAAAAAAAAAA").send().await.problem(404, "not-found");
    assert_eq!(here.call("DELETE", &path).send().await.status, 204);
    app.call("GET", "/api/session").header("cookie", &there).send().await.problem(401, "signed-out");
    assert_eq!(here.call("DELETE", "/api/sessions").send().await.status, 204);
    third.get("/api/session").await.problem(401, "signed-out");
    assert_eq!(here.get("/api/session").await.status, 200);
    assert_eq!(other_person.get("/api/session").await.status, 200);
    let left: SessionList = here.get("/api/sessions").await.read();
    assert!(left.sessions.len() == 1 && left.sessions[0].current);

    app.wait(SignedDuration::from_hours(3));
    let again = app.sign_in("noemie").await;
    let list: SessionList = again.get("/api/sessions").await.read();
    assert_eq!(list.sessions.len(), 1, "one that has ended is not told");
    let portal = again.call("GET", "/api/sessions").header("origin", PORTAL).send().await;
    assert!(matches!(portal.status, 401 | 403), "not for portals: {}", portal.status);
}
