//! Changes between two drafts, and spellings that are none.

use habilitation_model::changes::{Change, changes, is_contacts_only};
use habilitation_model::{Draft, Field, field};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::arbitrary::drafts;
use crate::complete::{complete, pdf};

/// The complete draft, with some answers replaced.
fn with(answers: &[(&str, Value)]) -> Draft {
    let mut json = serde_json::to_value(complete()).unwrap();
    for (path, answer) in answers {
        *json.pointer_mut(&Field::from_path(path).unwrap().pointer()).unwrap() = answer.clone();
    }
    serde_json::from_value(json).unwrap()
}

/// Paths of the fields that differ from those of the complete draft.
fn changed(answers: &[(&str, Value)]) -> Vec<&'static str> {
    changes(&complete(), &with(answers)).iter().map(|change| change.field.path()).collect()
}

#[test]
fn another_spelling_of_one_answer_is_no_change() {
    for (path, spelling) in [
        ("project.yearly_volume", "4200"),
        ("project.yearly_volume", "4\u{202f}200"),
        ("project.launch_date", "1er septembre 2027"),
        ("project.launch_date", "2027-09-01"),
        ("data.retention_months", "24 mois"),
        ("organisation.siret", "21990042000015"),
        ("organisation.applicant.email", "Maelle.LeFur@ROC.example"),
        ("organisation.applicant.phone", "+33 1 99 00 10 10"),
        ("people.dpo.email", "<DPD@roc.example>"),
        ("legal.url", "texte.example/arrete"),
        ("project.name", "  Mouillages\u{200b} "),
    ] {
        assert_eq!(changed(&[(path, json!(spelling))]), [""; 0], "{path} {spelling}");
    }
}

#[test]
fn another_answer_is_a_change() {
    for (path, answer) in [
        ("project.yearly_volume", json!("4201")),
        ("project.yearly_volume", json!("quatre mille deux cents")),
        ("project.launch_date", json!("02/09/2027")),
        ("project.name", json!("mouillages")),
        ("organisation.applicant.phone", json!("01 99 00 10 19")),
        ("organisation.applicant.email", json!("maelle@roc.example")),
        ("organisation.kind", json!("association")),
        ("legal.url", json!("https://texte.example/Arrete")),
        ("data.scopes", json!(["family_name", "given_name"])),
        ("project.mockups", json!([pdf(1)])),
    ] {
        assert_eq!(changed(&[(path, answer)]), [path]);
    }
}

#[test]
fn scopes_and_documents_have_no_order() {
    let scopes = |values: Value| with(&[("data.scopes", values)]);
    assert_eq!(changes(&scopes(json!(["x", "email", "y"])), &scopes(json!(["y", "x", "email"]))), []);
    let files = |values: Value| with(&[("project.mockups", values)]);
    assert_eq!(changes(&files(json!([pdf(1), pdf(2)])), &files(json!([pdf(2), pdf(1)]))), []);
    assert_eq!(changes(&files(json!([pdf(1)])), &files(json!([pdf(2)]))).len(), 1);
}

#[test]
fn a_document_is_known_by_its_identifier() {
    let mut renamed = pdf(1);
    renamed.name = "autre.pdf".to_owned();
    let files = |values: Value| with(&[("project.mockups", values)]);
    assert_eq!(changes(&files(json!([pdf(1)])), &files(json!([renamed]))), []);
}

#[test]
fn commitments_and_membership_never_count() {
    for path in ["terms.accepted", "terms.dpo_informed", "terms.alternative_offered", "organisation.member"] {
        assert_eq!(changed(&[(path, json!(false))]), [""; 0], "{path}");
    }
}

#[test]
fn a_field_that_neither_draft_shows_is_left_out() {
    assert_eq!(changed(&[("people.controller.legal_name", json!("Commune"))]), [""; 0]);
    assert_eq!(changed(&[("project.former_number", json!("FC-2020-000001"))]), [""; 0]);
}

#[test]
fn a_field_that_one_draft_shows_has_its_answer_on_that_side_alone() {
    let old = with(&[("project.migration", json!(true)), ("project.former_number", json!("12"))]);
    let new = with(&[("project.migration", json!(false)), ("project.former_number", json!("12"))]);
    let text = field::Value::Text("12");
    assert_eq!(
        changes(&old, &new),
        [
            Change {
                field: Field::Migration,
                old: Some(field::Value::YesNo(Some(true))),
                new: Some(field::Value::YesNo(Some(false))),
            },
            Change { field: Field::FormerNumber, old: Some(text), new: None },
        ]
    );
    let unanswered = with(&[("project.migration", json!(true))]);
    assert_eq!(changes(&unanswered, &complete()).len(), 1, "an empty answer and a hidden field are both nothing");
}

#[test]
fn changes_stand_in_the_order_of_the_form() {
    assert_eq!(
        changed(&[
            ("people.dpo.phone", json!("01 99 00 10 18")),
            ("project.name", json!("Ports")),
            ("organisation.name", json!("Commune")),
        ]),
        ["organisation.name", "project.name", "people.dpo.phone"]
    );
}

#[test]
fn contacts_are_the_people_and_the_applicant() {
    let only = |answers: &[(&str, Value)]| is_contacts_only(&changes(&complete(), &with(answers)));
    let (applicant, technical) =
        (("organisation.applicant.job_title", json!("Maire")), ("people.technical.given_name", json!("Zoé")));
    assert!(only(std::slice::from_ref(&applicant)));
    assert!(only(&[technical.clone(), applicant]));
    assert!(!only(&[technical, ("project.name", json!("Ports"))]));
    assert!(!only(&[("organisation.name", json!("Commune"))]));
    assert!(!only(&[]), "where there is no change, there is none of contacts");
}

proptest! {
    #[test]
    fn a_draft_does_not_differ_from_itself(draft in drafts()) {
        prop_assert_eq!(changes(&draft, &draft), []);
    }

    #[test]
    fn changes_are_the_same_in_both_directions(one in drafts(), other in drafts()) {
        let back = changes(&other, &one).into_iter().map(|Change { field, old, new }| Change { field, old: new, new: old });
        prop_assert_eq!(changes(&one, &other), back.collect::<Vec<_>>());
    }

    #[test]
    fn changes_lie_in_the_form_order_on_fields_that_one_of_the_drafts_shows(one in drafts(), other in drafts()) {
        let found = changes(&one, &other);
        prop_assert!(found.is_sorted_by(|before, after| before.field < after.field));
        for change in found {
            prop_assert_eq!(change.old.is_some(), change.field.is_shown(&one));
            prop_assert_eq!(change.new.is_some(), change.field.is_shown(&other));
        }
    }
}
