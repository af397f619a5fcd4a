//! Saves of others: whoever meets one is told who made it, and when.

use habilitation_fixtures::{id, named, ready};
use habilitation_model::Field;
use habilitation_model::field::Value as FieldValue;
use habilitation_model::wire::CardDetails;
use jiff::SignedDuration;
use serde_json::json;

use super::{KARIM, TestApp, count, embedding, invited, joined};
use crate::call::Response;
use crate::embedding::Element;

/// Returns the time and the name that a refusal of a save tells.
fn told(answer: &Response) -> (String, Option<String>) {
    let current = answer.problem(412, "stale").current.unwrap();
    (current.updated_at, current.saved_by)
}

#[tokio::test]
async fn whoever_meets_the_save_of_somebody_else_is_told_who_and_when() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &named("avant")).await;
    joined(&karim, &invited(&noemie, 1, 9, KARIM, "editor").await).await;
    app.wait(SignedDuration::from_mins(3));
    karim.change(&id(1), 1, &named("pendant")).await;

    let stale = noemie.save(&id(1), Some(1), &named("après")).send().await;
    assert_eq!(told(&stale), ("2026-11-22T12:03:00.000Z".to_owned(), Some("Karim Saïdi".to_owned())));
    assert!(!stale.text().contains('@') && !stale.text().contains("demonstration:"), "{}", stale.text());
    assert_eq!(noemie.read(&id(1)).await.saved_by.as_deref(), Some("Karim Saïdi"), "for the merge");
    let mine = karim.save(&id(1), Some(1), &named("encore")).send().await;
    assert_eq!(told(&mine).1, None, "it was the same person, on another device");
    assert_eq!(karim.read(&id(1)).await.saved_by, None);

    noemie.change(&id(1), 2, &ready()).await;
    let stale = karim.save(&id(1), Some(2), &named("encore")).send().await;
    assert_eq!(told(&stale).1.as_deref(), Some("Noémie Lœb"));
    karim.change(&id(1), 3, &ready()).await;
    let submission = noemie.submit(&id(1), 4).await;
    assert_eq!(submission.request.saved_by, None, "to send is not to save");
}

#[tokio::test]
async fn through_a_portal_it_is_told_as_well() {
    let app = embedding::builder().start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    let of_noemie = Element::signed_in(&noemie, 1).await;
    of_noemie.create(&id(1), &named("avant")).await;
    joined(&karim, &invited(&noemie, 1, 9, KARIM, "editor").await).await;
    let of_karim = Element::signed_in(&karim, 2).await;
    assert_eq!(of_karim.save(&id(1), Some(1), &named("pendant")).send().await.status, 200);
    let stale = of_noemie.save(&id(1), Some(1), &named("après")).send().await;
    assert_eq!(told(&stale).1.as_deref(), Some("Karim Saïdi"));
}

#[tokio::test]
async fn what_a_contact_answers_is_told_to_be_of_nobody_who_takes_part() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    let mut draft = ready();
    Field::TechnicalPhone.set(&mut draft, FieldValue::Text(""));
    noemie.create(&id(1), &draft).await;
    joined(&karim, &invited(&noemie, 1, 9, KARIM, "editor").await).await;
    noemie.change(&id(1), 1, &draft).await;
    let contact = habilitation_model::wire::CardContact::Technical;
    let asked = noemie.call("PUT", &format!("/api/requests/{}/cards/technical", id(1))).send().await;
    assert_eq!(asked.status, 201, "{}", asked.text());
    let details = CardDetails { phone: "06 39 98 44 10".into(), ..CardDetails::of(contact, &draft) };
    let mails = app.mails_to(details.email.trimmed()).await;
    let token = mails[0].body.split("?card=").nth(1).unwrap().split_whitespace().next().unwrap();
    let answer = app.call("PUT", &format!("/api/cards/{token}")).json(&json!({ "details": details })).send().await;
    assert_eq!(answer.status, 204, "{}", answer.text());
    let stale = karim.save(&id(1), Some(2), &named("encore")).send().await;
    assert_eq!(told(&stale).1, None);
}

#[tokio::test]
async fn it_is_kept_only_where_several_people_edit() {
    let app = TestApp::start().await;
    let noemie = app.sign_in("noemie").await;
    noemie.create(&id(1), &named("avant")).await;
    noemie.change(&id(1), 1, &named("après")).await;
    assert_eq!(count(&app, "SELECT count(*) FROM saves"), 0);
}
