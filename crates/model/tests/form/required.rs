//! Fields that a request cannot do without.

use habilitation_model::{Draft, Field, field};
use serde_json::{Value, json};

use crate::complete::{draft, draft_that_shows, error, error_with, findings};

/// Takes an answer away.
fn empty(draft: &mut Draft, field: Field, blank: &str) {
    let nothing = Draft::default();
    let answer = match field.value(&nothing) {
        field::Value::Text(_) => field::Value::Text(blank),
        other => other,
    };
    field.set(draft, answer);
}

/// Fields that a request can do without.
const OPTIONAL: [Field; 2] = [Field::FormerNumber, Field::Mockups];

/// Returns the code of the finding on a field that is left empty, if there is one.
fn code_when_empty(field: Field) -> Option<&'static str> {
    match field {
        Field::LegalUrl => Some("one_of"),
        Field::LegalDocuments => None,
        field if OPTIONAL.contains(&field) => None,
        field if matches!(field.value(&Draft::default()), field::Value::Flag(_)) => Some("not_accepted"),
        _ => Some("required"),
    }
}

/// Answers in which there is nothing to see.
const BLANKS: [&str; 18] = [
    "",
    " ",
    " \u{a0}\u{202f} ",
    "\u{200b}",
    "\u{2800}",
    "\u{3164}",
    "\u{feff}",
    "\u{ad}",
    "\u{115f}",
    "\u{1160}",
    "\u{ffa0}",
    "\u{200d}",
    "\u{200e}\u{200f}",
    "\u{fe0f}",
    "\u{2060} \u{2063}",
    "\u{202e}\u{202c}",
    "\u{180e}",
    "\u{e0001}\u{e0041}",
];

fn expected(field: Field, code: &str) -> Value {
    match code {
        "one_of" => error_with("/legal/url", "one_of", json!({"paths": ["legal.url", "legal.documents"]})),
        _ => error(&field.pointer(), code),
    }
}

#[test]
fn every_field_left_empty_is_said_to_be_missing_and_nothing_else_is() {
    for field in Field::ALL.iter().copied() {
        for blank in BLANKS {
            let mut draft = draft_that_shows(field);
            empty(&mut draft, field, blank);
            let expected: Vec<Value> = code_when_empty(field).map(|code| expected(field, code)).into_iter().collect();
            assert_eq!(findings(&draft), expected, "{} as {blank:?}", field.path());
        }
    }
}

#[test]
fn the_optional_fields_are_those_that_a_request_can_do_without() {
    let optional: Vec<Field> = Field::ALL.iter().copied().filter(|field| field.is_optional()).collect();
    assert_eq!(optional, OPTIONAL);
}

#[test]
fn the_terms_are_three_and_each_is_needed() {
    let draft = draft(|d| d.terms = Default::default());
    assert_eq!(
        findings(&draft),
        ["/terms/accepted", "/terms/dpo_informed", "/terms/alternative_offered"]
            .map(|pointer| error(pointer, "not_accepted"))
    );
}

#[test]
fn an_empty_draft_misses_every_field_that_it_shows() {
    let draft = Draft::default();
    let shown = Field::ALL.iter().copied().filter(|field| field.is_shown(&draft));
    let expected: Vec<Value> =
        shown.filter_map(|field| code_when_empty(field).map(|code| expected(field, code))).collect();
    assert!(expected.len() > Field::ALL.len() / 2);
    assert_eq!(findings(&draft), expected);
}
