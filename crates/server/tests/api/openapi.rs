//! The description of the API.

use serde_json::Value;

use crate::app::TestApp;

async fn document(app: &TestApp) -> Value {
    let answer = app.get("/api/openapi.json").await;
    assert_eq!(answer.status, 200);
    answer.read()
}

#[tokio::test]
async fn it_is_this() {
    let document = document(&TestApp::start().await).await;
    assert_eq!(document["openapi"], "3.1.0");
    insta::assert_json_snapshot!(document);
}

#[tokio::test]
async fn each_reference_leads_somewhere() {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
                members.values().for_each(|member| references(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let document = document(&TestApp::start().await).await;
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 30);
    for reference in found {
        assert!(document.pointer(reference.strip_prefix('#').unwrap()).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn each_operation_is_answered() {
    let app = TestApp::start().await;
    let document = document(&app).await;
    for (path, item) in document["paths"].as_object().unwrap() {
        let address = path
            .replace("{id}", "019ab3f0-7c01-7a51-9e01-5b0d6c4e0001")
            .replace("{document}", "019ab3f0-7c01-7a51-9e01-5b0d6c4e0002");
        for (method, operation) in item.as_object().unwrap() {
            let answer = app.call(&method.to_uppercase(), &address).send().await;
            let status = answer.status.to_string();
            assert!(
                operation["responses"].get(&status).is_some(),
                "{method} {path} answers {status}, which is not told"
            );
            assert_ne!(answer.status, 405, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn each_answer_has_the_members_that_are_told() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    who.create(&crate::app::id(1), &crate::app::named("a")).await;
    let document = document(&app).await;
    for (path, address) in [
        ("/api/session", "/api/session".to_owned()),
        ("/api/requests", "/api/requests".to_owned()),
        ("/api/requests/{id}", crate::app::address(&crate::app::id(1))),
        ("/api/demo/people", "/api/demo/people".to_owned()),
    ] {
        let answer: Value = who.get(&address).await.read();
        let schema = &document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        assert_has_the_members_of(&answer, schema, &document, path);
    }
}

/// Compares the names of all members, however deep, with those of the schema.
fn assert_has_the_members_of(value: &Value, schema: &Value, document: &Value, place: &str) {
    let schema = match schema["$ref"].as_str() {
        Some(reference) => document.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
        None => schema,
    };
    if let (Value::Object(members), Some(properties)) = (value, schema["properties"].as_object()) {
        assert!(members.keys().eq(properties.keys()), "{place} has {:?}", members.keys());
        for (name, member) in members {
            assert_has_the_members_of(member, &properties[name], document, &format!("{place} {name}"));
        }
    }
    if let (Value::Array(items), Some(schema)) = (value, schema.get("items")) {
        items.iter().for_each(|item| assert_has_the_members_of(item, schema, document, place));
    }
}
