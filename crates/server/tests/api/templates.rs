//! Templates of the team.

use habilitation_model::wire::{Template, TemplateList, TemplateUse};
use serde_json::{Value, json};

use crate::app::{Person, TestApp, tag};
use crate::call::Call;
use crate::embedding::{self, Element};
use habilitation_fixtures::id;

fn address(number: u8) -> String {
    format!("/api/examination/templates/{}", id(number))
}

fn body(title: &str, text: &str) -> Value {
    json!({"title": title, "use": "changes", "text": text})
}

/// A save that creates, or changes the revision that is given.
fn save(who: &Person<'_>, number: u8, revision: Option<u64>, body: &Value) -> Call {
    let call = who.call("PUT", &address(number)).json(body);
    match revision {
        None => call.header("if-none-match", "*"),
        Some(revision) => call.header("if-match", &tag(revision)),
    }
}

#[tokio::test]
async fn examiners_keep_templates_and_the_whole_team_reads_them() {
    let app = TestApp::start().await;
    let (claire, odile) = (app.sign_in("claire").await, app.sign_in("odile").await);
    let answer = save(&claire, 1, None, &body(" Maquettes ", "Bonjour,\n\nIl manque {projet}.")).send().await;
    assert_eq!((answer.status, answer.header("etag")), (201, Some("\"1\"")), "{}", answer.text());
    let changed = save(&claire, 1, Some(1), &body("Maquettes à joindre", "Il manque {projet}.")).send().await;
    assert_eq!((changed.status, changed.header("etag")), (200, Some("\"2\"")));
    let template: Template = odile.get(&address(1)).await.read();
    assert_eq!(template, changed.read());
    assert_eq!(template.saved_by, "Claire Marchand");
    assert_eq!(
        (template.title.as_str(), template.purpose, template.revision),
        ("Maquettes à joindre", TemplateUse::Changes, 2)
    );
    assert_eq!(odile.call("GET", &address(1)).header("if-none-match", &tag(2)).send().await.status, 304);
    save(&claire, 2, None, &json!({"title": "Merci", "use": "accepted", "text": "Merci."})).send().await;
    let list: TemplateList = odile.get("/api/examination/templates").await.read();
    let titles: Vec<&str> = list.templates.iter().map(|template| template.title.as_str()).collect();
    assert_eq!(titles, ["Merci", "Maquettes à joindre"]);
    assert_eq!(claire.call("DELETE", &address(1)).header("if-match", &tag(2)).send().await.status, 204);
    claire.get(&address(1)).await.problem(404, "not-found");
    claire.call("DELETE", &address(1)).header("if-match", &tag(2)).send().await.problem(404, "not-found");
}

#[tokio::test]
async fn what_others_send_or_send_wrongly_is_refused_and_changes_nothing() {
    let app = embedding::builder().start().await;
    let (noemie, claire, odile) =
        (app.sign_in("noemie").await, app.sign_in("claire").await, app.sign_in("odile").await);
    let element = Element::signed_in(&claire, 1).await;
    let good = body("a", "b");
    assert_eq!(save(&claire, 1, None, &good).send().await.status, 201);
    let before = app.kept();
    for path in ["/api/examination/templates".to_owned(), address(1)] {
        noemie.get(&path).await.problem(404, "not-found");
        element.get(&path).await.problem(404, "not-found");
        app.get(&path).await.problem(401, "signed-out");
    }
    save(&noemie, 1, Some(1), &good).send().await.problem(404, "not-found");
    save(&odile, 1, Some(1), &good).send().await.problem(403, "read-only");
    odile.call("DELETE", &address(1)).header("if-match", &tag(1)).send().await.problem(403, "read-only");
    save(&claire, 1, Some(1), &good).without("origin").send().await.problem(403, "foreign-origin");
    save(&claire, 1, None, &good).send().await.problem(412, "stale");
    save(&claire, 1, Some(2), &good).send().await.problem(412, "stale");
    save(&claire, 2, Some(1), &good).send().await.problem(412, "stale");
    save(&claire, 1, Some(1), &good).without("if-match").send().await.problem(428, "precondition-required");
    claire.call("DELETE", &address(1)).send().await.problem(428, "precondition-required");
    for (wrong, pointer, code) in [
        (body("", "b"), "/title", "required"),
        (body(&"a".repeat(61), "b"), "/title", "too_long"),
        (body("a", ""), "/text", "required"),
        (body("a", &"b".repeat(5_001)), "/text", "too_long"),
    ] {
        let problem = save(&claire, 1, Some(1), &wrong).send().await.problem(422, "incomplete");
        assert_eq!((problem.errors[0].pointer.as_str(), problem.errors[0].code.as_str()), (pointer, code));
    }
    for wrong in [
        json!({}),
        json!({"title": "a", "use": "note", "text": "b"}),
        json!({"title": "a", "use": "changes", "text": "b", "by": 1}),
    ] {
        save(&claire, 1, Some(1), &wrong).send().await.problem(400, "invalid-body");
    }
    assert_eq!(app.kept(), before);
    for number in 2..=50 {
        assert_eq!(save(&claire, number, None, &good).send().await.status, 201);
    }
    let problem = save(&claire, 51, None, &good).send().await.problem(409, "quota-reached");
    assert_eq!(problem.errors[0].code, "templates_of_team");
    assert_eq!(save(&claire, 1, Some(1), &good).send().await.status, 200);
}
