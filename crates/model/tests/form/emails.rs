//! E-mail addresses, wherever one is asked for.

use habilitation_model::Field;
use serde_json::{Value, json};

use crate::complete::{error, error_with, findings, typed};

const EMAILS: [Field; 4] = [Field::ApplicantEmail, Field::ControllerEmail, Field::DpoEmail, Field::TechnicalEmail];

fn wrong(field: Field) -> Value {
    error_with(&field.pointer(), "format", json!({"example": "prenom.nom@organisme.example"}))
}

#[test]
fn what_a_browser_takes_with_a_dot_in_its_domain_is_taken() {
    for field in EMAILS {
        for text in [
            "a@roc.example",
            "A.B-C_d@ROC.example",
            "prenom.nom+franceconnect@roc.example",
            "!#$%&'*+/=?^_`{|}~-@roc.example",
            ".a..b.@roc.example",
            "  a@roc.example \u{a0}",
            "mailto:a@roc.example",
            "<a@roc.example>",
            "a@roc.example\u{200b}",
            "\u{feff}a@roc.example",
            "a@r\u{200b}oc.example",
        ] {
            assert_eq!(findings(&typed(field, text)), [] as [Value; 0], "{} {text:?}", field.path());
        }
    }
    for text in [
        "a@b.c",
        "a@xn--prfecture-b4a.example",
        "a@1.2",
        "a@sous.domaine.long.example",
        "a@préfecture.example",
        "a@例え.example",
    ] {
        assert_eq!(findings(&typed(Field::DpoEmail, text)), [] as [Value; 0], "{text:?}");
    }
}

#[test]
fn anything_else_is_of_the_wrong_form() {
    let long_label = format!("a@{}.example", "b".repeat(64));
    for field in EMAILS {
        for text in [
            "a",
            "@",
            "a@",
            "@roc.example",
            "a@roc",
            "a@.roc.example",
            "a@roc.example.",
            "a@roc..example",
            "a@-roc.example",
            "a@roc-.example",
            "a@roc_mer.example",
            "a@roc example",
            "a b@roc.example",
            "é@roc.example",
            "a@préfecture!.example",
            "a@«roc».example",
            "a@b@roc.example",
            "\"a b\"@roc.example",
            "a(b)@roc.example",
            "a@[192.0.2.1]",
            "Yves Morvan <a@roc.example>",
            "a@roc.example, b@roc.example",
            "mailto:a@roc",
            "<a@roc>",
            "a@roc.example>",
            long_label.as_str(),
        ] {
            assert_eq!(findings(&typed(field, text)), [wrong(field)], "{} {text:?}", field.path());
        }
    }
}

#[test]
fn an_address_that_is_only_too_long_is_told_so_without_what_stands_around_it() {
    let of_length = |length: usize| format!("{}@roc.example", "a".repeat(length - 12));
    for field in EMAILS {
        assert_eq!(findings(&typed(field, &format!("<mailto:{}>", of_length(254)))), [] as [Value; 0]);
        let too_long = error_with(&field.pointer(), "too_long", json!({"max": 254}));
        assert_eq!(findings(&typed(field, &format!("<mailto:{}>", of_length(255)))), [too_long]);
    }
}

#[test]
fn a_line_break_inside_is_a_control_character_and_a_wrong_form() {
    for field in EMAILS {
        let draft = typed(field, "a@roc.example\nb@roc.example");
        assert_eq!(findings(&draft), [error(&field.pointer(), "control_character"), wrong(field)]);
    }
}
