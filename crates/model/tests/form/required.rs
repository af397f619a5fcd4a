//! Fields that a request cannot do without.

use habilitation_model::{Draft, Field, field::Value as Answer};
use serde_json::{Value, json};

use crate::complete::{draft, draft_that_shows, error, error_with, findings};

/// Takes an answer away.
fn empty(draft: &mut Draft, field: Field, blank: &str) {
    let nothing = Draft::default();
    let answer = match field.value(&nothing) {
        Answer::Text(_) => Answer::Text(blank),
        other => other,
    };
    field.set(draft, answer);
}

/// Every field and what is said when it is left empty.
const WHEN_EMPTY: [(Field, Option<&str>); 45] = [
    (Field::Siret, Some("required")),
    (Field::OrganisationName, Some("required")),
    (Field::OrganisationKind, Some("required")),
    (Field::PrivateBasis, Some("required")),
    (Field::Member, Some("not_accepted")),
    (Field::ApplicantGivenName, Some("required")),
    (Field::ApplicantFamilyName, Some("required")),
    (Field::ApplicantJobTitle, Some("required")),
    (Field::ApplicantEmail, Some("required")),
    (Field::ApplicantPhone, Some("required")),
    (Field::ProjectName, Some("required")),
    (Field::Description, Some("required")),
    (Field::Migration, Some("required")),
    (Field::FormerNumber, None),
    (Field::Mockups, None),
    (Field::LaunchDate, Some("required")),
    (Field::YearlyVolume, Some("required")),
    (Field::Scopes, Some("required")),
    (Field::Recipients, Some("required")),
    (Field::RetentionMonths, Some("required")),
    (Field::RetentionReason, Some("required")),
    (Field::AssuranceLevel, Some("required")),
    (Field::LegalBasis, Some("required")),
    (Field::LegalUrl, Some("one_of")),
    (Field::LegalDocuments, None),
    (Field::ControllerKind, Some("required")),
    (Field::ControllerLegalName, Some("required")),
    (Field::ControllerGivenName, Some("required")),
    (Field::ControllerFamilyName, Some("required")),
    (Field::ControllerJobTitle, Some("required")),
    (Field::ControllerEmail, Some("required")),
    (Field::ControllerPhone, Some("required")),
    (Field::DpoGivenName, Some("required")),
    (Field::DpoFamilyName, Some("required")),
    (Field::DpoJobTitle, Some("required")),
    (Field::DpoEmail, Some("required")),
    (Field::DpoPhone, Some("required")),
    (Field::TechnicalGivenName, Some("required")),
    (Field::TechnicalFamilyName, Some("required")),
    (Field::TechnicalJobTitle, Some("required")),
    (Field::TechnicalEmail, Some("required")),
    (Field::TechnicalPhone, Some("required")),
    (Field::TermsAccepted, Some("not_accepted")),
    (Field::DpoInformed, Some("not_accepted")),
    (Field::AlternativeOffered, Some("not_accepted")),
];

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
    for (field, code) in WHEN_EMPTY {
        for blank in BLANKS {
            let mut draft = draft_that_shows(field);
            empty(&mut draft, field, blank);
            let expected: Vec<Value> = code.map(|code| expected(field, code)).into_iter().collect();
            assert_eq!(findings(&draft), expected, "{} as {blank:?}", field.path());
        }
    }
}

#[test]
fn no_field_is_forgotten_above() {
    assert_eq!(WHEN_EMPTY.map(|(field, _)| field), Field::ALL);
}

#[test]
fn the_optional_fields_are_those_that_a_request_can_do_without() {
    let optional: Vec<Field> = Field::ALL.iter().copied().filter(|field| field.is_optional()).collect();
    assert_eq!(optional, [Field::FormerNumber, Field::Mockups]);
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
    let shown = WHEN_EMPTY.iter().filter(|(field, _)| field.is_shown(&draft));
    let expected: Vec<Value> = shown.filter_map(|(field, code)| code.map(|code| expected(*field, code))).collect();
    assert_eq!(expected.len(), 34);
    assert_eq!(findings(&draft), expected);
}
