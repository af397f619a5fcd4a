//! The public list of habilitations in force.

use habilitation_model::wire::{PublicHabilitation, PublicList};
use habilitation_model::{Draft, Field, field};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::app::{Person, TestApp, tag};
use habilitation_fixtures::{Fixture, id, ready};

async fn list(app: &TestApp, query: &str) -> PublicList {
    let answer = app.get(&format!("/api/habilitations?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    assert_eq!(answer.header("cache-control"), Some("public, max-age=3600"));
    answer.read()
}

fn names(list: &PublicList) -> Vec<&str> {
    list.habilitations.iter().map(|habilitation| habilitation.name.as_str()).collect()
}

async fn file(app: &TestApp) -> String {
    let answer = app.get("/habilitations.csv").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/csv; charset=utf-8; header=present")));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=3600"));
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"habilitations.csv\""));
    answer.text()
}

fn with(field: Field, value: &str) -> Draft {
    let mut draft = ready();
    field.set(&mut draft, field::Value::Text(value));
    draft
}

async fn submit(who: &Person<'_>, number: u8, draft: &Draft) {
    who.create(&id(number), draft).await;
    who.submit(&id(number), 1).await;
}

async fn act(who: &Person<'_>, start: &str, request: u8, event: u8, revision: u64, body: Value) {
    let path = format!("{start}/{}/events/{}", id(request), id(event));
    let answer = who.call("PUT", &path).header("if-match", &tag(revision)).json(&body).send().await;
    assert_eq!(answer.status, 201, "{}", answer.text());
}

const OURS: &str = "/api/examination/requests";
const THEIRS: &str = "/api/requests";

#[tokio::test]
async fn it_has_what_is_in_force_as_it_was_accepted_and_no_person() {
    let app = TestApp::start().await;
    let (noemie, claire) = (app.sign_in("noemie").await, app.sign_in("claire").await);
    let header = "numero,date_acceptation,siret,organisation,type_organisation,projet,niveau,donnees,cadre_juridique,\
                  adresse_cadre_juridique\r\n";
    assert_eq!((list(&app, "").await.habilitations, file(&app).await.as_str()), (vec![], header));
    submit(&noemie, 1, &with(Field::ProjectName, "=Guichet, \"le\" grand")).await;
    submit(&noemie, 2, &ready()).await;
    assert_eq!(list(&app, "").await.habilitations, []);
    act(&claire, OURS, 1, 101, 2, json!({"kind": "accepted", "seen": 1})).await;

    let public = list(&app, "").await.habilitations.remove(0);
    let sent: Value = claire.get(&format!("{OURS}/{}/submissions/1", id(1))).await.read();
    let request = &sent["request"];
    assert_eq!((public.number.as_str(), public.accepted_on.to_string().as_str()), ("FC-2026-000001-1", "2026-11-22"));
    assert_eq!(
        (json!(public.siret), json!(public.organisation)),
        (request["organisation"]["siret"].clone(), request["organisation"]["name"].clone())
    );
    assert_eq!(
        (json!(public.level), json!(public.scopes)),
        (request["assurance"]["level"].clone(), request["data"]["scopes"].clone())
    );
    assert_eq!(
        (json!(public.basis), json!(public.url)),
        (request["legal"]["basis"].clone(), request["legal"]["url"].clone())
    );
    let text = file(&app).await;
    let mut lines = text.strip_prefix(header).unwrap().lines();
    let line = lines.next().unwrap();
    assert!(line.starts_with("FC-2026-000001-1,2026-11-22,99900173800031,Caisse de crédit du Marais bleu,company,\"'=Guichet, \"\"le\"\" grand\",eidas3,"), "{line}");
    let people = ["applicant", "description", "email", "phone"];
    let answer = app.get("/api/habilitations").await.text();
    assert!(people.iter().all(|member| !answer.contains(member)), "{answer}");
    let applicant = request["organisation"]["applicant"]["family_name"].as_str().unwrap();
    assert!(!answer.contains(applicant) && !text.contains(applicant));

    // A modification under way changes nothing, and an accepted one takes the place of the other.
    act(&noemie, THEIRS, 1, 102, 3, json!({"kind": "reopened"})).await;
    noemie.change(&id(1), 4, &with(Field::ProjectName, "Autrement")).await;
    noemie.submit(&id(1), 5).await;
    assert_eq!(names(&list(&app, "").await), [public.name.as_str()]);
    assert_eq!(list(&app, "q=autrement").await.habilitations, [], "what is not accepted is not found either");
    act(&claire, OURS, 1, 103, 6, json!({"kind": "accepted", "seen": 4})).await;
    let numbers = |list: PublicList| list.habilitations.into_iter().map(|public| public.number).collect::<Vec<_>>();
    assert_eq!(numbers(list(&app, "").await), ["FC-2026-000001-2"]);
    assert_eq!(file(&app).await.lines().count(), 2);

    let revoke = json!({"kind": "revoked", "seen": 4, "text": "À leur demande.", "ground": "at_request"});
    act(&claire, OURS, 1, 104, 7, revoke).await;
    assert_eq!((list(&app, "").await.habilitations, file(&app).await.as_str()), (vec![], header));
}

#[tokio::test]
async fn it_is_searched_and_goes_on_where_it_stopped() {
    let app = TestApp::start().await;
    for number in 1..=60 {
        // Nobody submits so many in a day.
        if number % 10 == 1 {
            app.wait(SignedDuration::from_hours(25));
        }
        let who = app.sign_in("stephane").await;
        submit(&who, number, &with(Field::ProjectName, &format!("Guichet {number}"))).await;
        let claire = app.sign_in("claire").await;
        act(&claire, OURS, number, 101, 2, json!({"kind": "accepted", "seen": 1})).await;
    }
    let first = list(&app, "").await;
    let cursor = first.next.clone().unwrap();
    let second = list(&app, &format!("cursor={cursor}")).await;
    assert_eq!((first.habilitations.len(), second.habilitations.len(), second.next), (50, 10, None));
    let all: Vec<PublicHabilitation> = first.habilitations.into_iter().chain(second.habilitations).collect();
    let expected: Vec<String> = (1..=60).rev().map(|number| format!("FC-2026-{number:06}-1")).collect();
    assert_eq!(all.iter().map(|public| public.number.clone()).collect::<Vec<_>>(), expected);
    for (query, found) in [
        ("q=GUICHET+60", vec!["Guichet 60"]),
        ("q=fc-2026-000007", vec!["Guichet 7"]),
        ("q=FC-2026-000007-1", vec!["Guichet 7"]),
        ("q=999+001+738+00031+&cursor=", names(&list(&app, "").await)),
        ("q=rien", vec![]),
        ("q=%25", vec![]),
    ] {
        assert_eq!(names(&list(&app, query).await), found, "{query}");
    }
    assert_eq!(file(&app).await.lines().count(), 61);
    for query in ["q=a&q=b", "q=%00", &format!("q={}", "a".repeat(201)), "cursor=x", "limit=7"] {
        app.get(&format!("/api/habilitations?{query}")).await.problem(400, "invalid-parameter");
    }
}

#[tokio::test]
async fn what_an_earlier_release_accepted_is_in_it() {
    let app = crate::embedding::builder().data(|data| crate::releases::restore(5, data)).start().await;
    let list = list(&app, "").await;
    let [public] = &list.habilitations[..] else { panic!("{list:?}") };
    assert_eq!(
        (public.number.as_str(), public.name.as_str()),
        ("FC-2026-000004-1", Fixture::named("identity-check-company").project.name.trimmed())
    );
}
