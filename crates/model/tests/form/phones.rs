//! Phone numbers, wherever one is asked for, and the mobile one of the technical contact.

use habilitation_model::Field;
use serde_json::{Value, json};

use crate::complete::{error, error_with, findings, typed};

const PHONES: [Field; 4] = [Field::ApplicantPhone, Field::ControllerPhone, Field::DpoPhone, Field::TechnicalPhone];

/// Numbers that can receive a text message, each territory and each edge of its blocks.
const MOBILE: [&str; 54] = [
    "06 39 98 12 34",
    "06.39.98.12.34",
    "06-39-98-12-34",
    "06\u{a0}39\u{a0}98\u{202f}12\u{2011}34",
    "(06) 39 98 12 34",
    "+33 6 39 98 12 34",
    "(+33) 6 39 98 12 34",
    "+33(0)639981234",
    "+33 (0)6 39 98 12 34",
    "0033639981234",
    "0033 (0) 6 39 98 12 34",
    "+33 06 39 98 12 34",
    "0033 06 39 98 12 34",
    "tel:+33-6-39-98-12-34",
    "\u{202a}+33 6 39 98 12 34\u{202c}",
    "06\u{ad}39\u{200b}98 12 34\u{fe0d}",
    "07 09 99 12 34",
    "0709812345",
    "0699999999",
    "0799999999",
    "+33 709 00 00 00",
    "+262 692 12 34 56",
    "0692123456",
    "0693123456",
    "0639121234",
    "+262 639 98 12 34",
    "0709212345",
    "0709351234",
    "0709371234",
    "0690123456",
    "0691123456",
    "0709012345",
    "+590 691 12 34 56",
    "0694123456",
    "0709301234",
    "0709331234",
    "0696123456",
    "0697123456",
    "0709112345",
    "0508 55 12 34",
    "+508 0508 55 12 34",
    "+262 0692 12 34 56",
    "+508 20 12 34",
    "+508 99 12 34",
    "+508 708 12 34 56",
    "+687 50 12 34",
    "+687 70 12 34",
    "+687 80 12 34",
    "+687 99 12 34",
    "+689 87 12 34 56",
    "+689 88 12 34 56",
    "+689 89 12 34 56",
    "+681 72 12 34",
    "+681 82 12 34",
];

/// Numbers that exist but that no text message reaches, or not by the rules.
const NOT_MOBILE: [&str; 26] = [
    "01 23 45 67 89",
    "01 99 00 12 34",
    "0912345678",
    "0801234567",
    "0700123456",
    "0708999999",
    "+33 700 00 00 00",
    "0590123456",
    "+590 590 12 34 56",
    "0594123456",
    "0596123456",
    "0262123456",
    "0263123456",
    "0269123456",
    "+508 09 12 34",
    "+508 19 12 34",
    "+508 508 12 34 56",
    "+687 20 12 34",
    "+687 49 12 34",
    "+687 60 12 34",
    "+689 40 12 34 56",
    "+681 73 12 34",
    "+44 7700 900123",
    "0044 7700 900123",
    "+1234567",
    "+123456789012345",
];

/// Texts that are no phone number.
const WRONG: [&str; 25] = [
    "06 39 98 12 3",
    "06 39 98 12 345",
    "6 39 98 12 34",
    "36 39",
    "112",
    "+33 6 39 98 12 3",
    "+33 6 39 98 12 345",
    "+33 006 39 98 12 34",
    "+590 690 12 34 5",
    "+594 694 12 34 567",
    "+596 096 12 34 56",
    "+262 692 12 34",
    "+508 41 12 3",
    "+508 41 12 34 5",
    "+687 75 12 3",
    "+687 75 12 34 56",
    "+689 87 12 34",
    "+681 82 12 34 5",
    "+123456",
    "+1234567890123456",
    "+",
    "06 39 98 12 34 (poste 12)",
    "06 39 98 12 34 p. 12",
    "06 39 98 12 34 #12",
    "zéro six",
];

fn wrong(field: Field) -> Value {
    error_with(&field.pointer(), "format", json!({"example": "01 99 00 12 34"}))
}

fn not_mobile() -> Value {
    error_with("/people/technical/phone", "not_mobile", json!({"example": "06 39 98 12 34"}))
}

#[test]
fn a_mobile_number_is_right_everywhere() {
    for field in PHONES {
        for text in MOBILE {
            assert_eq!(findings(&typed(field, text)), [] as [Value; 0], "{} {text}", field.path());
        }
    }
}

#[test]
fn any_other_number_is_right_but_for_the_technical_contact() {
    for field in PHONES {
        let expected: &[Value] = if field == Field::TechnicalPhone { &[not_mobile()] } else { &[] };
        for text in NOT_MOBILE {
            assert_eq!(findings(&typed(field, text)), expected, "{} {text}", field.path());
        }
    }
}

#[test]
fn what_no_numbering_plan_has_is_of_the_wrong_form_and_nothing_more() {
    for field in PHONES {
        for text in WRONG {
            assert_eq!(findings(&typed(field, text)), [wrong(field)], "{} {text}", field.path());
        }
    }
}

#[test]
fn a_control_character_is_told_apart_from_the_form() {
    for field in PHONES {
        let draft = typed(field, "06 39\u{7} 98 12 34");
        assert_eq!(findings(&draft), [error(&field.pointer(), "control_character"), wrong(field)]);
    }
}
