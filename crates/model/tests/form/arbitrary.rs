//! Drafts of every kind, right in some places and wrong in others.

use habilitation_model::{Draft, Field, Id, field};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

use crate::complete::{complete, draft_that_shows, pdf};

/// Any draft: an empty or a complete one, with some answers replaced by others, right and wrong.
pub(crate) fn drafts() -> impl Strategy<Value = Draft> {
    (starts(), few_or_many_edits()).prop_map(|(start, edits)| {
        let mut json = serde_json::to_value(start).unwrap();
        for (field, answer) in edits {
            *json.pointer_mut(&field.pointer()).unwrap() = answer;
        }
        serde_json::from_value(json).unwrap()
    })
}

fn starts() -> impl Strategy<Value = Draft> {
    prop_oneof![
        1 => Just(Draft::default()),
        2 => Just(complete()),
        3 => any_field().prop_map(draft_that_shows),
    ]
}

/// Few keep most drafts nearly right; many bring wrong answers together.
fn few_or_many_edits() -> impl Strategy<Value = Vec<(Field, Value)>> {
    prop_oneof![prop::collection::vec(edits(), 0..4), prop::collection::vec(edits(), 0..40)]
}

/// A field and an answer of its kind, in JSON.
pub(crate) fn edits() -> impl Strategy<Value = (Field, Value)> {
    any_field().prop_flat_map(|field| answers(field).prop_map(move |answer| (field, answer)))
}

/// Documents whose files have arrived, where that is known.
pub(crate) fn arrivals() -> impl Strategy<Value = Option<Vec<Id>>> {
    prop::option::of(subsequence((0..9).map(|number| pdf(number).id).collect::<Vec<_>>(), 0..9))
}

fn any_field() -> impl Strategy<Value = Field> {
    select(Field::ALL)
}

fn answers(field: Field) -> BoxedStrategy<Value> {
    match field.value(&Draft::default()) {
        field::Value::Text(_) if field.path().ends_with("email") => {
            prop_oneof![select(&EMAILS[..]).prop_map(str::to_owned), texts()].prop_map(Value::from).boxed()
        }
        field::Value::Text(_) => texts().prop_map(Value::from).boxed(),
        field::Value::Choice(_) => select(choices(field)).prop_map(|choice| json!(choice)).boxed(),
        field::Value::YesNo(_) => prop::option::of(any::<bool>()).prop_map(|answer| json!(answer)).boxed(),
        field::Value::Flag(_) => any::<bool>().prop_map(Value::from).boxed(),
        field::Value::Scopes(_) => subsequence(&SCOPES[..], 0..=SCOPES.len()).prop_map(|scopes| json!(scopes)).boxed(),
        field::Value::Documents(_) => prop::collection::vec(documents(), 0..8).prop_map(Value::from).boxed(),
    }
}

fn choices(field: Field) -> &'static [Option<&'static str>] {
    match field {
        Field::OrganisationKind => {
            &[None, Some("administration"), Some("company"), Some("association"), Some("person")]
        }
        Field::PrivateBasis => &[None, Some("address_change"), Some("identity_verification"), Some("other"), Some("")],
        Field::AssuranceLevel => &[None, Some("eidas1"), Some("eidas2"), Some("eidas3"), Some("eidas4")],
        _ => &[None, Some("person"), Some("organisation"), Some("étranger")],
    }
}

const EMAILS: [&str; 5] =
    ["maire@roc.example", "MAIRE@ROC.EXAMPLE", "dpd@roc.example", "theo@editeur.example", "theo@"];

const SCOPES: [&str; 10] = [
    "phone",
    "email",
    "family_name",
    "given_name",
    "birthdate",
    "birthplace",
    "birthcountry",
    "gender",
    "preferred_username",
    "openid",
];

/// Answers that are right somewhere, and so wrong elsewhere.
const TEXTS: [&str; 26] = [
    "",
    "  ",
    "Yves",
    "YVES",
    "Morvan",
    "Inès",
    "Da Silva",
    "Théo",
    "Lagarde",
    "maire@roc.example",
    "MAIRE@ROC.EXAMPLE",
    "dpd@roc.example",
    "theo@editeur.example",
    "a@",
    "01 99 00 12 34",
    "06 39 98 12 34",
    "+44 20 7946 0000",
    "219 900 420 00015",
    "01/09/2027",
    "2017-12-31",
    "31/02/2027",
    "36",
    "37",
    "1 000 000 001",
    "https://texte.example/",
    "deux\nlignes",
];

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => select(&TEXTS[..]).prop_map(str::to_owned),
        2 => any::<String>().prop_map(|text| text.replace('\0', "")),
        1 => "[0-9 +/.()-]{0,16}",
        1 => (0_usize..5_100).prop_map(|length| "é".repeat(length)),
        1 => "\\PC{0,8}[\\x01-\\x1f\\x7f-\\x9f]\\PC{0,8}",
    ]
}

fn documents() -> impl Strategy<Value = Value> {
    (0_u8..9, any_size(), select(&["application/pdf", "image/png", "image/jpeg", "text/html", ""][..]), 0_usize..210)
        .prop_map(|(number, size, media_type, length)| {
            json!({"id": pdf(number).id, "name": "é".repeat(length), "size": size, "type": media_type})
        })
}

fn any_size() -> impl Strategy<Value = u64> {
    prop_oneof![1 => Just(0), 4 => 1_u64..20_000, 1 => 10_485_755_u64..10_485_765, 1 => any::<u64>()]
}
