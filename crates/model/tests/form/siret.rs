//! The number of the establishment.

use habilitation_model::Field;
use serde_json::{Value, json};

use crate::complete::{error, error_with, findings, typed};

fn wrong() -> Value {
    error_with("/organisation/siret", "format", json!({"example": "217 501 267 00017"}))
}

#[test]
fn fourteen_digits_with_a_right_key_are_taken_whatever_stands_between_them() {
    for text in [
        "21750126700017",
        "217 501 267 00017",
        " 217\u{a0}501\u{202f}267 00017 ",
        "2 1 7 5 0 1 2 6 7 0 0 0 1 7",
        "217-501-267-00017",
        "217.501.267.00017",
        "217\u{2011}501\u{2011}267 - 00017",
        "\u{feff}217501\u{200b}26700017",
        "35600000000048",
        "35600000000001",
        "356 000 000 49837",
    ] {
        assert_eq!(findings(&typed(Field::Siret, text)), [] as [Value; 0], "{text:?}");
    }
}

#[test]
fn anything_else_is_of_the_wrong_form() {
    for text in [
        "2175012670001",
        "217501267000170",
        "21750126700018",
        "217501267",
        "217/501/267/00017",
        "217_501_267_00017",
        "FR21750126700017",
        "2175012670001O",
        "２１７５０１２６７０００１７",
        "00000000000000",
        "00000000000018",
        "35600000000002",
        "sans numéro",
    ] {
        assert_eq!(findings(&typed(Field::Siret, text)), [wrong()], "{text:?}");
    }
}

#[test]
fn a_control_character_is_told_apart_from_the_form() {
    let control = error("/organisation/siret", "control_character");
    assert_eq!(findings(&typed(Field::Siret, "217\u{7}50126700017")), [control, wrong()]);
}
