//! Values that a closed list does not have: told, and kept as they came.

use habilitation_model::{Field, field};
use serde_json::Value;

use crate::complete::{complete, draft_that_shows, error, findings, warning};

const LISTS: &[(Field, &[&str])] = &[
    (Field::OrganisationKind, &["administration", "company", "association"]),
    (Field::PrivateBasis, &["address_change", "identity_verification", "other"]),
    (Field::AssuranceLevel, &["eidas1", "eidas2", "eidas3"]),
    (Field::ControllerKind, &["person", "organisation"]),
];

#[test]
fn every_list_of_the_form_is_here() {
    let lists: Vec<Field> = Field::ALL
        .iter()
        .copied()
        .filter(|field| matches!(field.value(&complete()), field::Value::Choice(_)))
        .collect();
    assert_eq!(lists, LISTS.iter().map(|(field, _)| *field).collect::<Vec<_>>());
}

#[test]
fn a_value_outside_the_list_is_unknown_and_kept() {
    for (field, values) in LISTS.iter().copied() {
        let capitals = values[0].to_uppercase();
        for unlisted in ["autre", "null", "0", &capitals, &format!(" {}", values[0]), "é"] {
            let mut draft = draft_that_shows(field);
            field.set(&mut draft, field::Value::Choice(Some(unlisted)));
            assert_eq!(findings(&draft), [error(&field.pointer(), "unknown_value")], "{} {unlisted:?}", field.path());
            assert_eq!(field.value(&draft), field::Value::Choice(Some(unlisted)));
        }
    }
}

#[test]
fn every_value_of_the_list_is_known() {
    for (field, values) in LISTS.iter().copied() {
        for value in values {
            let mut draft = draft_that_shows(field);
            field.set(&mut draft, field::Value::Choice(Some(value)));
            let unknown = error(&field.pointer(), "unknown_value");
            assert!(!findings(&draft).contains(&unknown), "{} {value}", field.path());
        }
    }
}

#[test]
fn an_empty_value_is_no_choice() {
    for (field, _) in LISTS.iter().copied() {
        let mut draft = draft_that_shows(field);
        field.set(&mut draft, field::Value::Choice(Some("")));
        assert_eq!(findings(&draft), [error(&field.pointer(), "required")], "{}", field.path());
    }
}

#[test]
fn a_private_body_without_one_of_the_two_grounds_is_warned() {
    for (basis, expected) in [
        ("address_change", vec![]),
        ("identity_verification", vec![]),
        ("other", vec![warning("/organisation/private_basis", "maybe_not_eligible")]),
    ] as [(&str, Vec<Value>); 3]
    {
        let mut draft = draft_that_shows(Field::PrivateBasis);
        Field::PrivateBasis.set(&mut draft, field::Value::Choice(Some(basis)));
        assert_eq!(findings(&draft), expected, "{basis}");
    }
}
