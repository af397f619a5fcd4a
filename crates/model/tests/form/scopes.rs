//! Data that are asked for.

use habilitation_model::{Draft, Scope};
use serde_json::{Value, json};

use crate::complete::{draft, error, error_with, findings, json_value, ticked, warning};

const NOTHING: [Value; 0] = [];

fn asking(values: &[&str]) -> Draft {
    draft(|d| d.data.scopes = json_value(values))
}

fn unknown() -> Value {
    error("/data/scopes", "unknown_value")
}

fn needs_the_birth_name() -> Value {
    error_with("/data/scopes", "needs", json!({"value": "family_name"}))
}

fn not_always_available() -> Value {
    warning("/data/scopes", "not_always_available")
}

#[test]
fn one_at_least_is_needed() {
    assert_eq!(findings(&ticked(&[])), [error("/data/scopes", "required")]);
    for scope in Scope::IDENTITY {
        assert_eq!(findings(&ticked(&[*scope])), NOTHING, "{scope:?}");
    }
    assert_eq!(findings(&ticked(Scope::IDENTITY)), NOTHING);
}

#[test]
fn values_that_the_list_does_not_have_are_unknown_and_kept() {
    for values in
        [&["phone"][..], &["openid"], &["FAMILY_NAME"], &[""], &["family_name", "address"], &["phone", "address"]]
    {
        let draft = asking(values);
        assert_eq!(findings(&draft), [unknown()], "{values:?}");
        for value in values {
            assert!(draft.data.scopes.as_slice().iter().any(|kept| kept == value), "{values:?}");
        }
    }
}

#[test]
fn the_name_in_use_needs_the_birth_name() {
    assert_eq!(findings(&asking(&["preferred_username"])), [needs_the_birth_name(), not_always_available()]);
    assert_eq!(
        findings(&asking(&["given_name", "preferred_username", "phone"])),
        [unknown(), needs_the_birth_name(), not_always_available()]
    );
    assert_eq!(findings(&asking(&["family_name", "preferred_username"])), [not_always_available()]);
}

#[test]
fn what_not_everyone_has_gives_one_warning() {
    assert_eq!(findings(&asking(&["email"])), [not_always_available()]);
    assert_eq!(findings(&asking(&["family_name", "preferred_username", "email"])), [not_always_available()]);
}

/// In the order of the table.
const ALL: [&str; 8] =
    ["family_name", "given_name", "birthdate", "birthplace", "birthcountry", "gender", "preferred_username", "email"];

#[test]
fn all_eight_are_too_many_and_seven_are_not() {
    let over_asking = warning("/data/scopes", "over_asking");
    assert_eq!(findings(&asking(&ALL)), [not_always_available(), over_asking]);
    for left_out in ALL.into_iter().filter(|scope| *scope != "family_name") {
        let seven: Vec<&str> = ALL.into_iter().filter(|scope| *scope != left_out).collect();
        assert_eq!(findings(&asking(&seven)), [not_always_available()], "without {left_out}");
    }
}

#[test]
fn every_scope_is_known_by_the_name_that_france_connect_gives_it() {
    for scope in ALL {
        assert!(!findings(&asking(&[scope, "family_name"])).contains(&unknown()), "{scope}");
    }
    assert_eq!(asking(&ALL).data.scopes.known().count(), 8);
}

#[test]
fn scopes_are_kept_in_the_order_of_the_table_without_repeats() {
    let draft = asking(&["email", "gender", "email", "phone", "family_name", "phone"]);
    assert_eq!(serde_json::to_value(&draft.data.scopes).unwrap(), json!(["family_name", "gender", "email", "phone"]));
    assert_eq!(draft.data.scopes.parameter(), "openid family_name gender email");
}
