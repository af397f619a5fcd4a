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
