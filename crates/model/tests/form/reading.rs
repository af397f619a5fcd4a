//! Reading a draft from JSON and writing it again.

use habilitation_model::{Draft, Field, field};
use serde_json::{Value, json};

use crate::complete::{complete, findings, json_value, pdf, warning};

/// A draft in which nothing is empty.
fn full() -> Value {
    let mut json = serde_json::to_value(complete()).unwrap();
    json["organisation"]["private_basis"] = json!("other");
    json["project"]["former_number"] = json!("FC-12");
    json["project"]["mockups"] = json!([pdf(1)]);
    json["data"]["retention_reason"] = json!("Durée de validité du titre.");
    json["legal"]["documents"] = json!([pdf(2), pdf(3)]);
    json["people"]["controller"]["legal_name"] = json!("Commune de Roc-sur-Mer");
    json
}

fn read(json: &Value) -> Result<Draft, String> {
    let from_value = serde_json::from_value::<Draft>(json.clone()).map_err(|error| error.to_string());
    let from_text = serde_json::from_str::<Draft>(&json.to_string()).map_err(|error| error.to_string());
    assert_eq!(from_value.is_ok(), from_text.is_ok(), "{json}");
    if let (Ok(one), Ok(other)) = (&from_value, &from_text) {
        assert_eq!(one, other);
    }
    from_text
}

/// The pointers of every object, of every field, and of every member of a document.
fn pointers(json: &Value, here: &str, objects: &mut Vec<String>, leaves: &mut Vec<String>) {
    match json {
        Value::Object(members) => {
            objects.push(here.to_owned());
            for (name, member) in members {
                pointers(member, &format!("{here}/{name}"), objects, leaves);
            }
        }
        Value::Array(elements) => {
            leaves.push(here.to_owned());
            for (place, element) in elements.iter().enumerate() {
                pointers(element, &format!("{here}/{place}"), objects, leaves);
            }
        }
        _ => leaves.push(here.to_owned()),
    }
}

fn objects_and_leaves() -> (Vec<String>, Vec<String>) {
    let (mut objects, mut leaves) = (Vec::new(), Vec::new());
    pointers(&full(), "", &mut objects, &mut leaves);
    assert_eq!(objects.len(), 1 + 7 + 4 + 3, "the draft, its sections, its people, its documents");
    (objects, leaves)
}

fn with(pointer: &str, value: Value) -> Value {
    let mut json = full();
    *json.pointer_mut(pointer).unwrap() = value;
    json
}

fn without(pointer: &str) -> Value {
    let mut json = full();
    let (object, member) = pointer.rsplit_once('/').unwrap();
    json.pointer_mut(object).unwrap().as_object_mut().unwrap().remove(member).unwrap();
    json
}

fn empty_answer(field: Field) -> Value {
    match field.value(&Draft::default()) {
        field::Value::Text(_) | field::Value::Choice(_) => json!(""),
        field::Value::YesNo(_) => json!(null),
        field::Value::Flag(_) => json!(false),
        field::Value::Scopes(_) | field::Value::Documents(_) => json!([]),
    }
}

#[test]
fn an_answer_that_is_absent_null_or_empty_is_the_same() {
    for field in Field::ALL {
        let pointer = field.pointer();
        let expected = {
            let mut draft: Draft = json_value(full());
            field.set(&mut draft, field.value(&Draft::default()));
            draft
        };
        for json in [without(&pointer), with(&pointer, json!(null)), with(&pointer, empty_answer(*field))] {
            assert_eq!(read(&json), Ok(expected.clone()), "{pointer}");
        }
    }
}

#[test]
fn a_section_or_a_person_that_is_absent_null_or_empty_is_the_same() {
    for pointer in objects_and_leaves().0 {
        if pointer.is_empty() || pointer.ends_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let expected = read(&without(&pointer)).unwrap();
        assert_ne!(expected, json_value(full()), "{pointer}");
        for json in [with(&pointer, json!(null)), with(&pointer, json!({}))] {
            assert_eq!(read(&json), Ok(expected.clone()), "{pointer}");
        }
    }
    assert_eq!(read(&json!({})), Ok(Draft::default()));
}

#[test]
fn an_unknown_key_is_refused_wherever_it_stands() {
    for pointer in objects_and_leaves().0 {
        let mut json = full();
        json.pointer_mut(&pointer).unwrap()["intrus"] = json!("");
        assert!(read(&json).unwrap_err().contains("unknown field `intrus`"), "{pointer}");
    }
}

#[test]
fn names_are_those_of_the_form_to_the_letter() {
    for unknown in ["Organisation", "organization", "review", "schema", ""] {
        assert!(read(&json!({unknown: {}})).is_err(), "{unknown:?}");
    }
}

#[test]
fn a_wrong_type_is_refused_in_every_field() {
    let others = [
        json!("texte"),
        json!(12),
        json!(1.5),
        json!(true),
        json!(["texte"]),
        json!([1]),
        json!([null]),
        json!([[]]),
        json!({}),
    ];
    for field in Field::ALL {
        let is_right = |value: &Value| match field.value(&Draft::default()) {
            field::Value::Text(_) | field::Value::Choice(_) => value.is_string(),
            field::Value::YesNo(_) | field::Value::Flag(_) => value.is_boolean(),
            field::Value::Scopes(_) => *value == json!(["texte"]),
            field::Value::Documents(_) => false,
        };
        for value in others.iter().filter(|value| !is_right(value)) {
            assert!(read(&with(&field.pointer(), value.clone())).is_err(), "{} as {value}", field.path());
        }
    }
}

#[test]
fn anything_but_an_object_is_refused_where_an_object_belongs() {
    for pointer in objects_and_leaves().0 {
        for value in
            [json!("texte"), json!(""), json!(12), json!(true), json!(false), json!([]), json!([true]), json!([{}])]
        {
            assert!(read(&with(&pointer, value.clone())).is_err(), "{pointer} as {value}");
        }
    }
    assert!(read(&json!(null)).is_err());
    let document = json!([pdf(1).id, "écran.pdf", 1_000, "application/pdf"]);
    assert!(read(&with("/project/mockups/0", document)).is_err());
    assert!(read(&with("/terms", json!([true, true, true]))).is_err());
}

#[test]
fn a_document_has_four_members_of_the_right_type() {
    for member in ["id", "name", "size", "type"] {
        let pointer = format!("/project/mockups/0/{member}");
        assert!(read(&without(&pointer)).is_err(), "without {member}");
        for value in [json!(null), json!(true), json!([]), json!({}), json!(-1), json!(1.5)] {
            assert!(read(&with(&pointer, value.clone())).is_err(), "{member} as {value}");
        }
    }
    for (member, value) in [("name", json!(12)), ("type", json!(12)), ("size", json!("1000")), ("id", json!(12))] {
        assert!(read(&with(&format!("/project/mockups/0/{member}"), value)).is_err(), "{member}");
    }
    for id in ["", "1", "019ab3f0-7c01-4a51-9e01-5b0d6c4e0001", "../019ab3f0-7c01-7a51-9e01-5b0d6c4e0001"] {
        assert!(read(&with("/project/mockups/0/id", json!(id))).is_err(), "{id}");
    }
}

#[test]
fn the_null_character_is_refused_wherever_there_is_text() {
    let (_, leaves) = objects_and_leaves();
    let texts: Vec<&String> = leaves.iter().filter(|leaf| full().pointer(leaf).is_some_and(Value::is_string)).collect();
    let is_typed = |field: &&Field| matches!(field.value(&complete()), field::Value::Text(_) | field::Value::Choice(_));
    let typed = Field::ALL.iter().filter(is_typed).count();
    assert_eq!(texts.len(), typed + 3 + 9, "texts and choices, scopes, members of documents");
    for pointer in texts {
        let original = full().pointer(pointer).unwrap().as_str().unwrap().to_owned();
        for text in ["\0".to_owned(), format!("{original}\0"), format!("\0{original}"), format!("a\0{original}")] {
            assert!(read(&with(pointer, json!(text))).is_err(), "{pointer}");
        }
    }
}

#[test]
fn a_member_written_twice_is_refused() {
    assert!(serde_json::from_str::<Draft>(r#"{"terms": {"accepted": true, "accepted": false}}"#).is_err());
    assert!(serde_json::from_str::<Draft>(r#"{"terms": {}, "terms": {}}"#).is_err());
}

#[test]
fn whatever_else_a_person_can_type_is_kept_to_the_letter() {
    for text in
        ["  espaces  ", "\u{1}\u{7f}\u{85}", "\r\n\t", "31/02/2027", "\u{feff}e\u{301}👩‍💻\u{202e}", &"é".repeat(20_000)]
    {
        for field in Field::ALL.iter().filter(|field| matches!(field.value(&complete()), field::Value::Text(_))) {
            let draft = read(&with(&field.pointer(), json!(text))).unwrap();
            assert_eq!(field.value(&draft), field::Value::Text(text), "{}", field.path());
        }
    }
}

#[test]
fn a_whole_draft_is_written_as_it_was_read() {
    let mut json = serde_json::to_value(complete()).unwrap();
    for (pointer, value) in [
        ("/organisation/kind", json!("association")),
        ("/organisation/private_basis", json!("address_change")),
        ("/project/description", json!("Prévenir\nses correspondants.")),
        ("/project/migration", json!(true)),
        ("/project/former_number", json!("DP-7")),
        (
            "/project/mockups",
            json!([{"id": "019ab3f0-7c01-7a51-9e01-5b0d6c4e0001", "name": "écran.pdf", "size": 48_213, "type": "application/pdf"}]),
        ),
        ("/project/launch_date", json!("2027-09-01")),
        ("/data/scopes", json!(["family_name", "given_name", "email"])),
        ("/data/retention_months", json!("48")),
        ("/data/retention_reason", json!("Suivi du courrier.")),
        ("/legal/url", json!("")),
        (
            "/legal/documents",
            json!([{"id": "019ab3f0-7c02-7a51-9e02-5b0d6c4e0002", "name": "statuts.png", "size": 1, "type": "image/png"}]),
        ),
        ("/people/controller/kind", json!("organisation")),
        ("/people/controller/legal_name", json!("Les Cartons volants")),
        ("/people/controller/given_name", json!("")),
        ("/people/dpo/phone", json!("+44 20 7946 0000")),
        ("/people/technical/phone", json!("0692 12 34 56")),
    ] {
        *json.pointer_mut(pointer).unwrap() = value;
    }
    let draft = read(&json).unwrap();
    assert_eq!(serde_json::to_value(&draft).unwrap(), json);
    assert_eq!(findings(&draft), [warning("/data/scopes", "not_always_available")]);
}
