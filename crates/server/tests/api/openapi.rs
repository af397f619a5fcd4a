//! The description of the API: rules that all of it obeys, and a list of its routes, statuses and members.

use std::collections::BTreeSet;

use habilitation_model::SCHEMA;
use serde_json::{Value, json};

use crate::app::TestApp;

async fn document(app: &TestApp) -> Value {
    let answer = app.get("/api/openapi.json").await;
    assert_eq!(answer.status, 200);
    answer.read()
}

/// Every operation with its method and path.
fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, item)| {
            item.as_object().unwrap().iter().map(move |(method, operation)| (path, method, operation))
        })
        .map(|(path, method, operation)| (format!("{} {path}", method.to_uppercase()), operation))
        .collect()
}

fn statuses(operation: &Value) -> Vec<&str> {
    operation["responses"].as_object().unwrap().keys().map(String::as_str).collect()
}

/// Follows a reference, if it is one.
fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let reference = schema["$ref"].as_str();
    reference.map_or(schema, |reference| document.pointer(reference.strip_prefix('#').unwrap()).unwrap())
}

/// Routes with their statuses, then schemas with their members, those that may be absent with a question mark, or values.
#[tokio::test]
async fn its_routes_statuses_and_members_are_these() {
    let document = document(&TestApp::start().await).await;
    let routes =
        operations(&document).into_iter().map(|(name, operation)| format!("{name}: {}", statuses(operation).join(" ")));
    let schemas = document["components"]["schemas"].as_object().unwrap().iter();
    let shapes = schemas.filter_map(|(name, schema)| {
        let required = schema["required"].as_array();
        let is_required = |member: &String| required.is_some_and(|required| required.iter().any(|name| name == member));
        let members = schema["properties"].as_object().into_iter().flatten().map(|(member, _)| member);
        let members = members.map(|member| format!("{member}{}", if is_required(member) { "" } else { "?" }));
        let values = schema["enum"].as_array().into_iter().flatten().map(Value::to_string);
        let all: Vec<String> = members.chain(values).collect();
        (!all.is_empty()).then(|| format!("{name}: {}", all.join(" ")))
    });
    insta::assert_snapshot!(routes.chain([String::new()]).chain(shapes).collect::<Vec<_>>().join("\n"));
}

#[tokio::test]
async fn each_operation_is_named_and_described_once() {
    let document = document(&TestApp::start().await).await;
    assert_eq!(document["openapi"], "3.1.0");
    let mut names = BTreeSet::new();
    for (name, operation) in operations(&document) {
        assert!(names.insert(operation["operationId"].as_str().unwrap()), "{name}");
        assert!(!operation["summary"].as_str().unwrap().is_empty(), "{name}");
        assert_eq!(operation["tags"].as_array().unwrap().len(), 1, "{name}");
    }
}

#[tokio::test]
async fn each_refusal_is_a_problem_or_a_page_for_people_and_each_response_is_described() {
    let document = document(&TestApp::start().await).await;
    for (name, operation) in operations(&document) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            assert!(!response["description"].as_str().unwrap().is_empty(), "{name} {status}");
            let is_page = name.contains(" /api/accounts/") && response["content"]["text/html"].is_object();
            if status.as_str() >= "400" && !is_page {
                let problem = json!({"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}});
                assert_eq!(response["content"], problem, "{name} {status}");
            }
        }
    }
}

#[tokio::test]
async fn each_operation_tells_the_refusals_of_what_it_takes() {
    let document = document(&TestApp::start().await).await;
    for (name, operation) in operations(&document) {
        let told = statuses(operation);
        let tells = |expected: &[&str]| expected.iter().all(|status| told.contains(status));
        let parameters = operation["parameters"].as_array().map_or(&[][..], Vec::as_slice);
        let takes = |place: &str| parameters.iter().any(|parameter| parameter["in"] == place);
        let requires_revision = parameters.iter().any(|header| header["name"] == "If-Match");
        let api = name.contains(" /api/");
        assert!(tells(&["500"]), "{name}");
        assert!(!api || tells(&["421", "429", "431", "503"]), "{name}");
        assert_eq!(tells(&["401"]), operation.get("security").is_some(), "{name}");
        assert!(name.starts_with("GET ") || tells(&["403"]), "{name}");
        assert!(parameters.is_empty() || tells(&["400"]), "{name}");
        assert!(!takes("path") || tells(&["404"]), "{name}");
        assert!(operation.get("requestBody").is_none() || tells(&["408", "413", "415"]), "{name}");
        assert_eq!(tells(&["412", "428"]), requires_revision, "{name}");
    }
}

#[tokio::test]
async fn each_body_that_is_taken_is_closed_and_each_parameter_is_bounded() {
    fn objects<'a>(document: &'a Value, schema: &'a Value, found: &mut Vec<&'a Value>) {
        let schema = resolve(document, schema);
        if found.iter().any(|known| std::ptr::eq(*known, schema)) {
            return;
        }
        if schema["properties"].is_object() {
            found.push(schema);
        }
        schema["properties"].as_object().into_iter().flatten().for_each(|(_, member)| objects(document, member, found));
        schema.get("items").into_iter().for_each(|items| objects(document, items, found));
        for composed in ["oneOf", "anyOf", "allOf"] {
            schema[composed].as_array().into_iter().flatten().for_each(|part| objects(document, part, found));
        }
    }
    let document = document(&TestApp::start().await).await;
    let mut taken = Vec::new();
    for (name, operation) in operations(&document) {
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        objects(&document, body, &mut taken);
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let schema = &parameter["schema"];
            let bounds = ["enum", "pattern", "maxLength", "maximum"];
            let is_bounded = bounds.iter().any(|bound| schema.get(bound).is_some());
            // Opaque: given back as they were told.
            let is_opaque = matches!(parameter["name"].as_str(), Some("cursor" | "Habilitation-Saved-At"))
                || name.contains("/api/sessions/");
            assert!(is_bounded || is_opaque, "{name} {}", parameter["name"]);
        }
    }
    assert!(taken.len() > 12);
    for schema in taken {
        assert_eq!(schema["additionalProperties"], false, "{schema}");
    }
}

#[tokio::test]
async fn the_version_of_a_draft_is_described_as_that_of_this_release_wherever_it_stands() {
    let document = document(&TestApp::start().await).await;
    for body in ["DraftToSave", "StoredRequest", "Current"] {
        let version = &document["components"]["schemas"][body]["properties"]["schema"];
        assert_eq!((&version["minimum"], &version["maximum"]), (&json!(SCHEMA), &json!(SCHEMA)), "{body}");
    }
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
            .replace("{document}", "019ab3f0-7c01-7a51-9e01-5b0d6c4e0002")
            .replace("{event}", "019ab3f0-7c01-7a51-9e01-5b0d6c4e0003")
            .replace("{n}", "1");
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
    let request = habilitation_fixtures::id(1);
    who.create(&request, &habilitation_fixtures::ready()).await;
    who.submit(&request, 1).await;
    let document = document(&app).await;
    for (path, address) in [
        ("/api/session", "/api/session".to_owned()),
        ("/api/requests", "/api/requests".to_owned()),
        ("/api/requests/{id}", crate::app::address(&request)),
        ("/api/requests/{id}/events", format!("{}/events", crate::app::address(&request))),
        ("/api/requests/{id}/submissions/{n}", format!("{}/submissions/1", crate::app::address(&request))),
        ("/api/demo/people", "/api/demo/people".to_owned()),
    ] {
        let answer: Value = who.get(&address).await.read();
        let schema = &document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        assert_has_the_members_of(&answer, schema, &document, path);
    }
}

/// Compares the names of all members, however deep, with those of the schema, some of which may be absent.
fn assert_has_the_members_of(value: &Value, schema: &Value, document: &Value, place: &str) {
    let schema = resolve(document, schema);
    if let (Value::Object(members), Some(properties)) = (value, schema["properties"].as_object()) {
        let is_told = members.keys().all(|name| properties.contains_key(name));
        let mut required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        assert!(is_told && required.all(|name| members.contains_key(name)), "{place} has {:?}", members.keys());
        for (name, member) in members {
            assert_has_the_members_of(member, &properties[name], document, &format!("{place} {name}"));
        }
    }
    if let (Value::Array(items), Some(schema)) = (value, schema.get("items")) {
        items.iter().for_each(|item| assert_has_the_members_of(item, schema, document, place));
    }
}
