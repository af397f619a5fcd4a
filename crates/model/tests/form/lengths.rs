//! Limits on the length of texts: Unicode scalar values, after trimming.

use habilitation_model::Field;
use serde_json::{Value, json};

use crate::complete::{error_with, findings, is_text, typed};

const LIMITS: &[(Field, usize)] = &[
    (Field::OrganisationName, 200),
    (Field::ApplicantGivenName, 100),
    (Field::ApplicantFamilyName, 100),
    (Field::ApplicantJobTitle, 150),
    (Field::ProjectName, 120),
    (Field::Description, 5_000),
    (Field::FormerNumber, 30),
    (Field::Recipients, 2_000),
    (Field::RetentionReason, 2_000),
    (Field::LegalBasis, 2_000),
    (Field::ControllerLegalName, 200),
    (Field::ControllerGivenName, 100),
    (Field::ControllerFamilyName, 100),
    (Field::ControllerJobTitle, 150),
    (Field::DpoGivenName, 100),
    (Field::DpoFamilyName, 100),
    (Field::DpoJobTitle, 150),
    (Field::TechnicalGivenName, 100),
    (Field::TechnicalFamilyName, 100),
    (Field::TechnicalJobTitle, 150),
    (Field::ApplicantEmail, 254),
    (Field::ControllerEmail, 254),
    (Field::DpoEmail, 254),
    (Field::TechnicalEmail, 254),
    (Field::LegalUrl, 2_000),
];

/// A right answer of so many characters: of one byte, of several, or what addresses allow.
fn answers_of(field: Field, length: usize) -> Vec<String> {
    let address = |start: &str, filling: &str, end: &str| {
        format!("{start}{}{end}", filling.repeat(length - start.len() - end.len()))
    };
    match field {
        Field::ApplicantEmail | Field::ControllerEmail | Field::DpoEmail | Field::TechnicalEmail => {
            vec![address("", "a", "@roc.example")]
        }
        Field::LegalUrl => {
            vec![address("https://texte.example/", "a", ""), address("https://texte.example/", "é", "")]
        }
        _ => ["a", "é", "🙂"].map(|character| character.repeat(length)).to_vec(),
    }
}

#[test]
fn a_text_of_the_greatest_length_is_right_with_any_spaces_around_it() {
    for (field, max) in LIMITS.iter().copied() {
        for answer in answers_of(field, max) {
            for text in [answer.clone(), format!("  \u{a0}{answer}\u{202f}   ")] {
                assert_eq!(findings(&typed(field, &text)), [] as [Value; 0], "{} of {max}", field.path());
            }
        }
    }
}

#[test]
fn a_text_of_one_character_more_is_too_long() {
    for (field, max) in LIMITS.iter().copied() {
        for answer in answers_of(field, max + 1) {
            let expected = error_with(&field.pointer(), "too_long", json!({"max": max}));
            assert_eq!(findings(&typed(field, &answer)), [expected], "{} of {}", field.path(), max + 1);
        }
    }
}

#[test]
fn the_limit_that_a_long_text_shows_is_the_one_that_is_checked() {
    let long = LIMITS.iter().filter(|(field, _)| field.is_multiline());
    for (field, max) in long {
        assert_eq!(field.max_length(), Some(*max as u64), "{}", field.path());
    }
    let shown: Vec<Field> = Field::ALL.iter().copied().filter(|field| field.max_length().is_some()).collect();
    assert_eq!(shown, Field::ALL.iter().copied().filter(|field| field.is_multiline()).collect::<Vec<_>>());
}

#[test]
fn every_text_that_is_kept_as_typed_has_a_limit() {
    let is_limited = |field: Field| LIMITS.iter().any(|(limited, _)| *limited == field);
    for field in Field::ALL.iter().copied().filter(|field| is_text(*field)) {
        let said = findings(&typed(field, &"a".repeat(20_000)));
        let is_too_long = said.iter().any(|finding| finding["code"] == "too_long");
        assert_eq!(is_too_long, is_limited(field), "{}", field.path());
        assert!(!said.is_empty(), "{}", field.path());
    }
}
