//! Contacts who give their own details by a link, without an account.

use habilitation_fixtures::{id, named, ready};
use habilitation_model::card::REFUSAL_MAX;
use habilitation_model::wire::{Card, CardContact, CardDetails, EventList, Kind, Mail, Side};
use habilitation_model::{ClosedList, Draft, Field, Id, field};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::app::{Person, TestApp, address};
use crate::call::Response;

const TECHNICAL: CardContact = CardContact::Technical;

async fn ask(who: &Person<'_>, request: &Id, contact: &str) -> Response {
    who.call("PUT", &format!("{}/cards/{contact}", address(request))).send().await
}

fn email(draft: &Draft) -> String {
    CardDetails::of(TECHNICAL, draft).email.trimmed().to_owned()
}

/// Asks the technical contact of a draft, and returns the token of the link in the mail.
async fn token(who: &Person<'_>, request: &Id, draft: &Draft) -> String {
    let answer = ask(who, request, TECHNICAL.as_str()).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let mails = who.app.mails_to(&email(draft)).await;
    let mail = mails.iter().rfind(|mail| mail.mail == Mail::Card).unwrap();
    mail.body.split("?card=").nth(1).unwrap().split_whitespace().next().unwrap().to_owned()
}

async fn read(app: &TestApp, token: &str) -> Response {
    app.get(&format!("/api/cards/{token}")).await
}

async fn answer(app: &TestApp, token: &str, body: &Value) -> Response {
    app.call("PUT", &format!("/api/cards/{token}")).json(body).send().await
}

fn details() -> CardDetails {
    CardDetails {
        given_name: "Anaïs".into(),
        family_name: "Roche".into(),
        email: "anais.roche@vallon-les-pres.example".into(),
        phone: "06 39 98 44 10".into(),
        job_title: "Responsable technique".into(),
    }
}

async fn events(who: &Person<'_>, request: &Id) -> EventList {
    who.get(&format!("{}/events", address(request))).await.read()
}

#[tokio::test]
async fn a_contact_completes_their_details_which_come_as_an_edit_of_theirs() {
    let app = TestApp::start().await;
    let noemie = app.sign_in("noemie").await;
    let mut draft = ready();
    Field::TechnicalPhone.set(&mut draft, field::Value::Text(""));
    noemie.create(&id(1), &draft).await;
    let token = token(&noemie, &id(1), &draft).await;
    let mails = app.mails_to(&email(&draft)).await;
    for part in ["Noémie Lœb", "noemie.loeb@vallon-les-pres.example", draft.project.name.as_str(), "contact technique"]
    {
        assert!(mails[0].body.replace('\n', " ").contains(part), "{part} in {}", mails[0].body);
    }

    let answered = read(&app, &token).await;
    assert_eq!(answered.header("cache-control"), Some("no-store"));
    assert_eq!(answered.header("referrer-policy"), Some("no-referrer"));
    let card: Card = answered.read();
    assert_eq!((card.contact, &card.details), (TECHNICAL, &CardDetails::of(TECHNICAL, &draft)));
    assert_eq!((card.by.as_str(), card.name.as_str()), ("Noémie Lœb", draft.project.name.as_str()));
    let members: Vec<String> =
        answered.read::<serde_json::Map<String, Value>>().into_iter().map(|(name, _)| name).collect();
    let told = ["by", "by_email", "contact", "details", "expires_at", "is_organisation", "name", "organisation"];
    assert_eq!(members, told, "nothing else of the request is shown");

    assert_eq!(answer(&app, &token, &json!({ "details": details() })).await.status, 204);
    let changed = noemie.read(&id(1)).await;
    assert_eq!((changed.revision, &changed.draft), (2, &details().in_draft(TECHNICAL, &draft)));
    let [event] = &events(&noemie, &id(1)).await.events[..] else { panic!("one event") };
    assert_eq!(
        (event.kind, event.by.side, event.by.name.as_str()),
        (Kind::CardAnswered, Side::Applicant, "Anaïs Roche")
    );
    assert_eq!((event.pointer.as_deref(), event.text.as_str()), (Some("/people/technical"), ""));
    let mails = app.mails_to("noemie.loeb@vallon-les-pres.example").await;
    assert_eq!(mails.iter().map(|mail| mail.mail).collect::<Vec<_>>(), [Mail::CardAnswered]);
    // Later edits and the submission go on from there.
    noemie.submit(&id(1), 2).await;
    assert_eq!(events(&noemie, &id(1)).await.events.last().unwrap().seq, 2);
}

#[tokio::test]
async fn a_refusal_changes_nothing_and_its_words_reach_the_owner() {
    let app = TestApp::start().await;
    let noemie = app.sign_in("noemie").await;
    noemie.create(&id(1), &ready()).await;
    for (words, told) in [("Ce n’est pas moi.", "Ce n’est pas moi."), ("", "Je ne suis pas la personne à désigner.")]
    {
        let token = token(&noemie, &id(1), &ready()).await;
        assert_eq!(answer(&app, &token, &json!({ "refusal": words })).await.status, 204);
        let last = events(&noemie, &id(1)).await.events.pop().unwrap();
        assert_eq!((last.kind, last.text.as_str()), (Kind::CardAnswered, told));
        read(&app, &token).await.problem(404, "not-found");
        app.wait(SignedDuration::from_mins(1));
    }
    let kept = noemie.read(&id(1)).await;
    assert_eq!((kept.revision, kept.draft), (1, ready()));
    let mails = app.mails_to("noemie.loeb@vallon-les-pres.example").await;
    assert!(mails.iter().any(|mail| mail.body.contains("Ce n’est pas moi.")), "{mails:?}");
    // A draft that has a history is deleted like any other.
    noemie.delete(&id(1), 1).await;
}

#[tokio::test]
async fn a_leaked_or_old_link_opens_nothing_and_tells_nothing() {
    let app = TestApp::start().await;
    let noemie = app.sign_in("noemie").await;
    let mut links = vec!["A".repeat(43), "x".to_owned()];
    // Used.
    noemie.create(&id(1), &ready()).await;
    links.push(token(&noemie, &id(1), &ready()).await);
    assert_eq!(answer(&app, &links[2], &json!({ "refusal": "" })).await.status, 204);
    // Replaced by the next one.
    noemie.create(&id(2), &ready()).await;
    links.push(token(&noemie, &id(2), &ready()).await);
    app.wait(SignedDuration::from_mins(1));
    let next = token(&noemie, &id(2), &ready()).await;
    assert_eq!(read(&app, &next).await.status, 200);
    // Another address stands in the field.
    noemie.create(&id(3), &ready()).await;
    links.push(token(&noemie, &id(3), &ready()).await);
    noemie.change(&id(3), 1, &details().in_draft(TECHNICAL, &ready())).await;
    // The request cannot be edited any more.
    noemie.create(&id(4), &ready()).await;
    links.push(token(&noemie, &id(4), &ready()).await);
    noemie.submit(&id(4), 1).await;
    // The draft is gone.
    noemie.create(&id(5), &ready()).await;
    links.push(token(&noemie, &id(5), &ready()).await);
    noemie.delete(&id(5), 1).await;

    let before = app.kept();
    for link in &links {
        let body = json!({ "details": details() });
        for response in [read(&app, link).await, answer(&app, link, &body).await] {
            let problem = response.problem(404, "not-found");
            assert_eq!(problem.detail, "There is nothing there for the person who is signed in.");
        }
    }
    assert_eq!(app.kept(), before);
    // Old.
    app.wait(SignedDuration::from_hours(14 * 24));
    read(&app, &next).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_copy_of_the_database_opens_no_card() {
    let app = TestApp::start().await;
    let noemie = app.sign_in("noemie").await;
    noemie.create(&id(1), &ready()).await;
    let token = token(&noemie, &id(1), &ready()).await;
    let database = rusqlite::Connection::open(app.data().join("habilitation.sqlite")).unwrap();
    let kept: Vec<u8> = database.query_row("SELECT token FROM cards", [], |row| row.get(0)).unwrap();
    assert!(kept.len() == 32 && kept != token.as_bytes(), "a hash is kept");
}

#[tokio::test]
async fn an_answer_obeys_the_rules_of_the_form() {
    let app = TestApp::start().await;
    let noemie = app.sign_in("noemie").await;
    noemie.create(&id(1), &ready()).await;
    let token = token(&noemie, &id(1), &ready()).await;
    let wrong = CardDetails { email: "anais".into(), job_title: "".into(), ..details() };
    let problem = answer(&app, &token, &json!({ "details": wrong })).await.problem(422, "incomplete");
    let pointers: Vec<&str> = problem.errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(pointers, ["/people/technical/job_title", "/people/technical/email"]);
    let long = "a".repeat(usize::try_from(REFUSAL_MAX).unwrap() + 1);
    for body in [json!({}), json!({ "details": details(), "refusal": "" }), json!({ "refusal": long })] {
        answer(&app, &token, &body).await.problem(400, "invalid-body");
    }
    assert_eq!(noemie.read(&id(1)).await.revision, 1);
    assert_eq!(answer(&app, &token, &json!({ "details": details() })).await.status, 204, "the link still works");
}

#[tokio::test]
async fn the_owner_alone_asks_while_the_draft_can_be_edited() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &ready()).await;
    ask(&karim, &id(1), "technical").await.problem(404, "not-found");
    app.call("PUT", &format!("{}/cards/technical", address(&id(1)))).send().await.problem(401, "signed-out");
    ask(&noemie, &id(1), "applicant").await.problem(404, "not-found");
    ask(&noemie, &id(2), "technical").await.problem(404, "not-found");
    noemie.create(&id(3), &named("no contacts yet")).await;
    let problem = ask(&noemie, &id(3), "dpo").await.problem(422, "incomplete");
    assert_eq!(problem.errors[0].pointer, "/people/dpo/email");
    noemie.submit(&id(1), 1).await;
    ask(&noemie, &id(1), "technical").await.problem(409, "submitted");
}

#[tokio::test]
async fn links_are_sent_so_often_a_day_and_no_more() {
    let app = TestApp::start().await;
    let noemie = app.sign_in("noemie").await;
    noemie.create(&id(1), &ready()).await;
    for _ in 0..9 {
        assert_eq!(ask(&noemie, &id(1), "technical").await.status, 201);
        app.wait(SignedDuration::from_mins(1));
    }
    let refused = ask(&noemie, &id(1), "dpo").await;
    refused.problem(429, "too-many-calls");
    let wait: i64 = refused.header("retry-after").unwrap().parse().unwrap();
    app.wait(SignedDuration::from_secs(wait));
    let noemie = app.sign_in("noemie").await;
    assert_eq!(ask(&noemie, &id(1), "dpo").await.status, 201);
}

#[tokio::test]
async fn whoever_deletes_a_draft_sends_no_more_for_that() {
    let app = TestApp::start().await;
    let noemie = app.sign_in("noemie").await;
    for request in 1..=3 {
        noemie.create(&id(request), &ready()).await;
        for _ in 0..9 {
            assert_eq!(ask(&noemie, &id(request), "technical").await.status, 201);
        }
        noemie.delete(&id(request), 1).await;
    }
    noemie.create(&id(4), &ready()).await;
    for _ in 0..3 {
        assert_eq!(ask(&noemie, &id(4), "technical").await.status, 201);
    }
    ask(&noemie, &id(4), "technical").await.problem(429, "too-many-calls");
}

#[tokio::test]
async fn an_editor_asks_no_contact_and_is_told_why() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &ready()).await;
    let sql = "INSERT INTO participants SELECT id, 'demonstration:karim', 'editor', siren, '', 0, 0, state, portal FROM requests";
    rusqlite::Connection::open(app.data().join("habilitation.sqlite")).unwrap().execute(sql, []).unwrap();
    let refused = ask(&karim, &id(1), "technical").await.problem(403, "not-permitted");
    assert_eq!(refused.errors[0].code, "part");
}

#[tokio::test]
async fn tokens_are_not_found_by_trying() {
    let app = TestApp::start().await;
    for _ in 0..30 {
        read(&app, &"A".repeat(43)).await.problem(404, "not-found");
    }
    read(&app, &"A".repeat(43)).await.problem(429, "too-many-calls");
}
