//! Calls made at random from the API's own description: whatever comes, the answer is one that is described, nothing breaks,
//! and nothing that is refused is kept.
//!
//! `HABILITATION_SEED=…` makes other calls, `HABILITATION_CALLS=…` more of them.

use habilitation_model::Draft;
use habilitation_simulator::Random;
use serde_json::{Map, Value, json};

use crate::app::{Person, TestApp, address};
use crate::call::{Call, Response};
use crate::environment::number_from_environment;
use habilitation_fixtures::{Fixture, id, named, pdf, ready};

const CALLS: u64 = 3_000;
const PORTAL: &str = "https://portail.example";

/// Texts that no answer may hold.
const SECRETS: [&str; 8] = ["sqlite", "rusqlite", "panicked", "src/", ".rs:", "SELECT", "INSERT", "/tmp/"];

/// Values that programs stumble over.
const ODD_TEXTS: [&str; 14] = [
    "",
    " ",
    "null",
    "0",
    "-1",
    "18446744073709551616",
    "\u{0}",
    "\u{202e}txet",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "%00",
    "é\u{301}\u{fdfa}",
    "\u{1f469}\u{200d}\u{1f680}",
];

struct Fuzzer<'a> {
    random: Random,
    document: &'a Value,
    /// Drafts that people would write.
    drafts: Vec<Draft>,
}

impl Fuzzer<'_> {
    fn pick<'b, T>(&mut self, all: &'b [T]) -> &'b T {
        &all[self.random.below(all.len())]
    }

    fn one_in(&mut self, chances: usize) -> bool {
        self.random.one_in(chances)
    }

    fn resolve(&self, schema: &Value) -> Value {
        match schema["$ref"].as_str() {
            Some(reference) => self.document.pointer(reference.strip_prefix('#').unwrap()).unwrap().clone(),
            None => schema.clone(),
        }
    }

    fn odd_text(&mut self) -> String {
        let text = (*self.pick(&ODD_TEXTS)).to_owned();
        if self.one_in(12) { text.repeat(1 + self.random.below(3_000)) } else { text }
    }

    /// A value that a schema asks for, more or less.
    fn value(&mut self, schema: &Value, depth: u32) -> Value {
        if self.one_in(60) {
            return self.odd_value(depth);
        }
        let schema = self.resolve(schema);
        if let Some(choices) = schema["enum"].as_array() {
            return self.pick(choices).clone();
        }
        for composed in ["oneOf", "anyOf"] {
            if let Some(choices) = schema[composed].as_array() {
                let choice = self.pick(choices).clone();
                return self.value(&choice, depth);
            }
        }
        if let Some(parts) = schema["allOf"].as_array() {
            return self.value(&parts[0].clone(), depth);
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => self.pick(kinds).as_str().unwrap().to_owned(),
            kind => kind.as_str().unwrap_or("string").to_owned(),
        };
        match kind.as_str() {
            "object" => {
                let mut members = Map::new();
                for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
                    if !self.one_in(12) {
                        let schema = schema.clone();
                        members.insert(name.clone(), self.value(&schema, depth + 1));
                    }
                }
                if self.one_in(20) {
                    members.insert(self.odd_text(), self.odd_value(depth));
                }
                members.into()
            }
            "array" => {
                let length = self.random.below(4);
                let schema = schema["items"].clone();
                (0..length).map(|_| self.value(&schema, depth + 1)).collect()
            }
            "integer" | "number" => json!(self.random.below(3)),
            "boolean" => json!(self.one_in(2)),
            "null" => Value::Null,
            // A verifier or a challenge.
            _ if schema["pattern"].as_str().is_some_and(|pattern| pattern.contains("{42}")) => "A".repeat(43).into(),
            _ => self.odd_text().into(),
        }
    }

    fn odd_value(&mut self, depth: u32) -> Value {
        match self.random.below(8) {
            0 => Value::Null,
            1 => json!(true),
            2 => json!(-1),
            3 => json!(1e300),
            4 => json!(u64::MAX),
            5 if depth < 4 => json!([self.odd_value(depth + 1)]),
            6 if depth < 4 => {
                let name = self.odd_text();
                json!({ name: self.odd_value(depth + 1) })
            }
            _ => self.odd_text().into(),
        }
    }

    /// A parameter of an address or a header, as text.
    fn parameter(&mut self, schema: &Value) -> String {
        let text = self.whole_parameter(schema);
        // No client can send an address of more than 64 KiB.
        text.chars().take(1_000).collect()
    }

    fn whole_parameter(&mut self, schema: &Value) -> String {
        if self.one_in(6) {
            return self.odd_text();
        }
        match schema["pattern"].as_str() {
            Some("^\\*$") => "*".to_owned(),
            Some("^\"[0-9]+\"$") => format!("\"{}\"", 1 + self.random.below(3)),
            Some(pattern) if pattern.contains("-7") => id(1 + u8::try_from(self.random.below(5)).unwrap()).to_string(),
            _ => match self.value(schema, 0) {
                Value::String(text) => text,
                other => other.to_string(),
            },
        }
    }

    /// A call of an operation.
    fn call(&mut self, who: &Person<'_>, method: &str, path: &str, operation: &Value) -> Call {
        let (mut target, mut query, mut headers) = (path.to_owned(), Vec::new(), Vec::new());
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let (name, required) = (parameter["name"].as_str().unwrap(), parameter["required"] == true);
            if !required && self.one_in(3) {
                continue;
            }
            let value = self.parameter(&parameter["schema"]);
            let encoded: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            match parameter["in"].as_str().unwrap() {
                // A browser writes a space of a path so.
                "path" => target = target.replace(&format!("{{{name}}}"), &encoded.replace('+', "%20")),
                "query" => query.push(format!("{name}={encoded}")),
                _ => headers.push((name.to_ascii_lowercase(), value)),
            }
        }
        if !query.is_empty() {
            target = format!("{target}?{}", query.join("&"));
        }
        let mut call = match self.random.below(12) {
            0 => who.app.call(method, &target),
            _ => who.call(method, &target),
        };
        if path == "/api/embed/tokens" && !self.one_in(4) {
            call = call.header("origin", PORTAL);
        }
        for (name, value) in headers {
            // What HTTP itself forbids in a header never leaves a client.
            if value.bytes().all(|byte| byte >= b' ' && byte != 0x7f) {
                call = call.header(&name, &value);
            }
        }
        match self.body(operation) {
            Some((media_type, body)) => call.header("content-type", &media_type).body(&body),
            None => call,
        }
    }

    fn body(&mut self, operation: &Value) -> Option<(String, Vec<u8>)> {
        let content = operation["requestBody"]["content"].as_object()?;
        let types: Vec<&String> = content.keys().collect();
        let media_type = (*self.pick(&types)).clone();
        if media_type == "application/json" {
            let schema = content[&media_type]["schema"].clone();
            let mut bytes = if self.one_in(2) {
                // A whole draft comes further than one made at random.
                let draft = &self.drafts[self.random.below(self.drafts.len())];
                json!({"schema": 1, "draft": draft}).to_string().into_bytes()
            } else {
                self.value(&schema, 0).to_string().into_bytes()
            };
            if self.one_in(10) {
                bytes.truncate(self.random.below(200));
            }
            return Some((media_type, bytes));
        }
        let mut bytes = pdf(&self.odd_text());
        if self.one_in(3) {
            bytes = self.odd_text().into_bytes();
        }
        Some((media_type, bytes))
    }
}

fn assert_described(answer: &Response, operation: &Value, call: &str) {
    let told = &operation["responses"][answer.status.to_string()];
    assert!(told.is_object(), "{call} answers {}, which is not described: {}", answer.status, answer.text());
    assert!(answer.status != 500, "{call}: {}", answer.text());
    if answer.status < 400 {
        return;
    }
    let text = answer.text();
    if told["content"]["text/html"].is_object() && answer.header("content-type") == Some("text/html; charset=utf-8") {
        assert!(!SECRETS.iter().any(|secret| text.contains(secret)), "{call}: {text}");
        return;
    }
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{call}: {text}");
    let problem: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(problem["status"], answer.status, "{call}: {text}");
    // What is there may be anything that was typed.
    let mut words = problem;
    words["current"] = Value::Null;
    words["instance"] = Value::Null;
    for secret in SECRETS {
        assert!(!words.to_string().contains(secret), "{call}: {words}");
    }
}

#[tokio::test]
async fn whatever_is_called_the_answer_is_one_that_is_described() {
    let seed = number_from_environment("HABILITATION_SEED").unwrap_or(1);
    let app = TestApp::builder()
        .with(|settings| {
            settings.embed_origin = vec![PORTAL.parse().unwrap()];
            settings.limits.calls_per_minute = u32::MAX;
            settings.limits.sign_ins_per_minute = u32::MAX;
        })
        .start()
        .await;
    let document: Value = app.get("/api/openapi.json").await.read();
    let operations: Vec<(String, String, Value)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            let of_path = item.as_object().unwrap().iter();
            of_path.map(|(method, operation)| (method.to_uppercase(), path.clone(), operation.clone()))
        })
        .collect();
    let drafts = ["town-hall", "identity-check-company", "incomplete-terms"].map(Fixture::named).to_vec();
    let mut fuzzer = Fuzzer { random: Random::new(seed), document: &document, drafts };
    let claire = app.sign_in("claire").await;
    let mut who = app.sign_in("noemie").await;
    who.create(&id(1), &named("a draft")).await;
    who.send(&id(1), &id(1), &pdf("plan")).await;
    who.create(&id(2), &ready()).await;
    who.submit(&id(2), 1).await;
    who.create(&id(3), &named("deleted")).await;
    who.delete(&id(3), 1).await;
    let mut answered = std::collections::BTreeMap::new();
    for number in 0..number_from_environment("HABILITATION_CALLS").unwrap_or(CALLS) {
        let (method, path, operation) = fuzzer.pick(&operations).clone();
        let ends_session = method == "DELETE" && path == "/api/session";
        if ends_session && !fuzzer.one_in(10) {
            continue;
        }
        let is_of_team = path.starts_with("/api/examination/") && !fuzzer.one_in(4);
        let call = fuzzer.call(if is_of_team { &claire } else { &who }, &method, &path, &operation);
        let answer = call.send().await;
        assert_described(&answer, &operation, &format!("seed {seed}, call {number}: {method} {path}"));
        *answered.entry(answer.status).or_insert(0) += 1;
        if ends_session || (path == "/api/demo/session" && answer.status == 201) {
            who = app.sign_in("noemie").await;
        }
    }
    println!("seed {seed}: {answered:?}");
    for status in [200, 201, 202, 204, 400, 401, 403, 404, 409, 410, 412] {
        assert!(answered.contains_key(&status), "no call was answered {status}: {answered:?}");
    }
    // What was kept meanwhile can all be read.
    let listed: Value = who.get("/api/requests?limit=100").await.read();
    for request in listed["requests"].as_array().unwrap() {
        let id = habilitation_model::Id::parse(request["id"].as_str().unwrap()).unwrap();
        assert_eq!(who.get(&address(&id)).await.status, 200);
    }
    assert_eq!(app.get("/readyz").await.status, 200);
}
