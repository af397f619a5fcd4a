//! Establishments as a public directory describes them, by a directory that this test makes up.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use habilitation_fixtures::{id, ready};
use habilitation_model::wire::{ExaminedRequest, OrganisationFound, OrganisationState};
use habilitation_model::{Draft, Field, field};
use jiff::SignedDuration;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::app::{Person, TestApp};

const FOUND: &str = "99900173800031";
const CLOSED: &str = "99901244600012";
const OTHER: &str = "99901558900016";
const UNKNOWN: &str = "13990011200026";
const HTML: &str = "13002526500013";
const LIMITED: &str = "21750001600019";
const SLOW: &str = "11000001500013";
const ELSEWHERE: &str = "26750045200011";

/// A directory that counts its calls.
struct Directory {
    address: String,
    calls: Arc<AtomicUsize>,
}

impl Directory {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/search", listener.local_addr().unwrap());
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&calls);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(converse(stream, Arc::clone(&counted)));
            }
        });
        Self { address, calls }
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    /// A server that asks this directory.
    async fn asked_by_a_server(&self) -> TestApp {
        let address = self.address.parse().unwrap();
        TestApp::builder().with(|settings| settings.organisation_api = Some(address)).start().await
    }
}

async fn converse(mut stream: TcpStream, calls: Arc<AtomicUsize>) {
    let mut asked = String::new();
    while !asked.contains("\r\n\r\n") {
        let mut part = [0; 4_096];
        match stream.read(&mut part).await {
            Ok(length) if length > 0 => asked.push_str(std::str::from_utf8(&part[..length]).unwrap()),
            _ => return,
        }
    }
    assert!(asked.to_lowercase().contains("user-agent: habilitation/"), "{asked}");
    calls.fetch_add(1, Ordering::SeqCst);
    let siret = asked.split_once("q=").unwrap().1.split('&').next().unwrap();
    let json = "content-type: application/json";
    let (status, header, body) = match siret {
        HTML => ("200 OK", "content-type: text/html", "<p>panne".to_owned()),
        LIMITED => ("429 Too Many Requests", "retry-after: 120", String::new()),
        ELSEWHERE => ("302 Found", "location: /search?q=99900173800031", String::new()),
        SLOW => return std::future::pending().await,
        siret => ("200 OK", json, answer(siret).to_string()),
    };
    let length = body.len();
    let answer =
        format!("HTTP/1.1 {status}\r\n{header}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
    stream.write_all(answer.as_bytes()).await.unwrap();
}

fn answer(siret: &str) -> Value {
    let mut unit = json!({
        "nom_complet": "CAISSE", "nom_raison_sociale": "CAISSE DU MARAIS BLEU", "etat_administratif": "A",
        "nature_juridique": "5699", "complements": {},
        "matching_etablissements": [{"siret": siret, "etat_administratif": "A", "libelle_commune": "MARAIS BLEU"}],
    });
    match siret {
        CLOSED => unit["matching_etablissements"][0]["etat_administratif"] = json!("F"),
        OTHER => unit["matching_etablissements"][0]["siret"] = json!("99901558900024"),
        UNKNOWN => return json!({"results": []}),
        _ => {}
    }
    json!({"results": [unit]})
}

async fn told(app: &TestApp, siret: &str) -> OrganisationFound {
    app.sign_in("noemie").await.get(&["/api/organisations/", siret].concat()).await.read()
}

#[tokio::test]
async fn without_a_directory_nothing_is_told() {
    let app = TestApp::start().await;
    let noemie = app.sign_in("noemie").await;
    noemie.get(&["/api/organisations/", FOUND].concat()).await.problem(404, "not-found");
}

#[tokio::test]
async fn what_a_directory_says_is_told_to_who_is_signed_in() {
    let directory = Directory::open().await;
    let app = directory.asked_by_a_server().await;
    app.get(&["/api/organisations/", FOUND].concat()).await.problem(401, "signed-out");
    let noemie = app.sign_in("noemie").await;
    noemie.get("/api/organisations/99900173800032").await.problem(400, "invalid-parameter");
    assert_eq!(directory.calls(), 0);
    for (siret, state) in [
        (FOUND, OrganisationState::Found),
        (CLOSED, OrganisationState::Closed),
        (OTHER, OrganisationState::NotFound),
        (UNKNOWN, OrganisationState::NotFound),
        (HTML, OrganisationState::Away),
        (ELSEWHERE, OrganisationState::Away),
    ] {
        assert_eq!(told(&app, siret).await.state, state, "{siret}");
    }
    let found = told(&app, FOUND).await;
    assert_eq!((found.name.as_deref(), found.place.as_deref()), (Some("CAISSE DU MARAIS BLEU"), Some("MARAIS BLEU")));
}

#[tokio::test]
async fn the_name_of_the_sessions_own_organisation_takes_no_call() {
    let directory = Directory::open().await;
    let app = directory.asked_by_a_server().await;
    let found = told(&app, "21990042000015").await;
    assert_eq!((found.state, found.name.as_deref()), (OrganisationState::Found, Some("Commune de Vallon-les-Prés")));
    assert_eq!(directory.calls(), 0);
}

#[tokio::test]
async fn an_answer_is_good_for_a_day_and_a_failure_for_five_minutes() {
    let directory = Directory::open().await;
    let app = directory.asked_by_a_server().await;
    for (siret, minutes) in [(FOUND, 24 * 60), (HTML, 5)] {
        let before = directory.calls();
        for _ in 0..3 {
            told(&app, siret).await;
        }
        assert_eq!(directory.calls(), before + 1, "{siret}");
        app.wait(SignedDuration::from_mins(minutes - 1));
        told(&app, siret).await;
        assert_eq!(directory.calls(), before + 1, "{siret}");
        app.wait(SignedDuration::from_mins(2));
        told(&app, siret).await;
        assert_eq!(directory.calls(), before + 2, "{siret}");
    }
}

#[tokio::test]
async fn of_many_who_ask_about_a_number_one_calls() {
    let directory = Directory::open().await;
    let app = directory.asked_by_a_server().await;
    let noemie = app.sign_in("noemie").await;
    let ask = || noemie.get("/api/organisations/99900173800031");
    let (one, other, third) = tokio::join!(ask(), ask(), ask());
    for answer in [one, other, third] {
        assert_eq!(answer.read::<OrganisationFound>().state, OrganisationState::Found);
    }
    assert_eq!(directory.calls(), 1);
}

#[tokio::test]
async fn a_directory_that_is_asked_too_often_is_left_alone_for_as_long_as_it_says() {
    let directory = Directory::open().await;
    let app = directory.asked_by_a_server().await;
    assert_eq!(told(&app, LIMITED).await.state, OrganisationState::Away);
    assert_eq!((told(&app, FOUND).await.state, directory.calls()), (OrganisationState::Away, 1));
    app.wait(SignedDuration::from_secs(119));
    assert_eq!((told(&app, FOUND).await.state, directory.calls()), (OrganisationState::Away, 1));
    app.wait(SignedDuration::from_secs(2));
    assert_eq!((told(&app, FOUND).await.state, directory.calls()), (OrganisationState::Found, 2));
}

#[tokio::test]
async fn a_directory_that_is_slow_is_waited_for_two_seconds() {
    let directory = Directory::open().await;
    let app = directory.asked_by_a_server().await;
    let begun = Instant::now();
    assert_eq!(told(&app, SLOW).await.state, OrganisationState::Away);
    assert!(begun.elapsed() < Duration::from_secs(5));
}

/// Sends a request with a number.
async fn send(noemie: &Person<'_>, request: u8, siret: &str) {
    let mut draft: Draft = ready();
    Field::Siret.set(&mut draft, field::Value::Text(siret));
    noemie.create(&id(request), &draft).await;
    noemie.submit(&id(request), 1).await;
}

async fn examined(claire: &Person<'_>, request: u8) -> ExaminedRequest {
    claire.get(&format!("/api/examination/requests/{}", id(request))).await.read()
}

/// Waits until the team reads what the directory said of a request.
async fn found(claire: &Person<'_>, request: u8) -> OrganisationFound {
    let reading = async {
        loop {
            if let Some(found) = examined(claire, request).await.found {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), reading).await.unwrap()
}

#[tokio::test]
async fn the_team_reads_what_the_directory_said_of_a_submission_beside_what_the_applicant_stated() {
    let directory = Directory::open().await;
    let app = directory.asked_by_a_server().await;
    let (noemie, claire) = (app.sign_in("noemie").await, app.sign_in("claire").await);
    send(&noemie, 1, FOUND).await;
    let told = found(&claire, 1).await;
    assert_eq!((told.state, told.name.as_deref()), (OrganisationState::Found, Some("CAISSE DU MARAIS BLEU")));
    assert_eq!(told.as_of.to_string(), "2026-11-22");
    let sent: Value = claire.get(&format!("/api/examination/requests/{}/submissions/1", id(1))).await.read();
    assert_eq!(sent["draft"]["organisation"]["name"], json!(ready().organisation.name.as_str()));
    assert!(!noemie.get(&crate::app::address(&id(1))).await.text().contains("MARAIS BLEU"), "the team alone reads it");

    // A year later the directory would say the same on another day.
    app.wait(SignedDuration::from_hours(24 * 365));
    let calls = directory.calls();
    assert_eq!((found(&app.sign_in("claire").await, 1).await, directory.calls()), (told, calls));
}

#[tokio::test]
async fn the_team_reads_for_which_organisation_a_request_was_begun() {
    let app = TestApp::start().await;
    let (noemie, claire) = (app.sign_in("noemie").await, app.sign_in("claire").await);
    send(&noemie, 1, FOUND).await;
    let request = examined(&claire, 1).await;
    assert_eq!((request.siren.as_deref(), request.found), (Some("219900420"), None), "no directory is asked");
}

#[tokio::test]
async fn no_submission_waits_for_the_directory() {
    let directory = Directory::open().await;
    let app = directory.asked_by_a_server().await;
    let (noemie, claire) = (app.sign_in("noemie").await, app.sign_in("claire").await);
    let begun = Instant::now();
    send(&noemie, 1, SLOW).await;
    assert_eq!(examined(&claire, 1).await.found, None);
    assert!(begun.elapsed() < Duration::from_millis(1_500), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_directory_that_was_away_is_asked_again_when_the_team_reads_the_request() {
    let directory = Directory::open().await;
    let app = directory.asked_by_a_server().await;
    let (noemie, claire) = (app.sign_in("noemie").await, app.sign_in("claire").await);
    assert_eq!(told(&app, LIMITED).await.state, OrganisationState::Away);
    send(&noemie, 1, CLOSED).await;
    assert_eq!((examined(&claire, 1).await.found, directory.calls()), (None, 1));
    app.wait(SignedDuration::from_mins(3));
    assert_eq!(found(&claire, 1).await.state, OrganisationState::Closed);
}
