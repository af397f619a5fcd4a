//! Fields that other answers bring in or put away: what they hold says nothing while they are away, and is kept.

use habilitation_model::{Draft, Field, Request};
use serde_json::{Value, json};

use crate::complete::{complete, draft, draft_that_shows, findings, json_value};

const NOTHING: [Value; 0] = [];

/// Wrong in every text: too long for all of them, and of no form.
fn nonsense() -> String {
    "\u{7}x".repeat(3_000)
}

fn is_shown(field: Field, change: impl FnOnce(&mut Draft)) -> bool {
    field.is_shown(&draft(change))
}

#[test]
fn the_basis_of_a_private_body_is_asked_of_companies_and_associations() {
    for (kind, shown) in [
        (json!("administration"), false),
        (json!("company"), true),
        (json!("association"), true),
        (json!(null), false),
        (json!("sect"), false),
    ] {
        let name = kind.to_string();
        assert_eq!(is_shown(Field::PrivateBasis, |d| d.organisation.kind = json_value(kind)), shown, "{name}");
    }
}

#[test]
fn the_former_number_is_asked_of_migrations() {
    for (migration, shown) in [(Some(true), true), (Some(false), false), (None, false)] {
        assert_eq!(is_shown(Field::FormerNumber, |d| d.project.migration = migration), shown, "{migration:?}");
    }
}

#[test]
fn the_reason_of_a_retention_is_asked_over_36_months() {
    for (months, shown) in [
        ("", false),
        ("1", false),
        ("36", false),
        ("37", true),
        (" 37 ", true),
        ("1201", true),
        ("-37", false),
        ("36 mois", false),
        ("37 mois", true),
        ("4 ans", false),
    ] {
        assert_eq!(is_shown(Field::RetentionReason, |d| d.data.retention_months = months.into()), shown, "{months:?}");
    }
}

#[test]
fn a_controller_is_asked_for_names_or_for_a_legal_name_or_for_nothing_yet() {
    let names = [Field::ControllerGivenName, Field::ControllerFamilyName, Field::ControllerJobTitle];
    for (kind, person, organisation) in [
        (json!("person"), true, false),
        (json!("organisation"), false, true),
        (json!(null), false, false),
        (json!("machine"), false, false),
    ] {
        let draft = draft(|d| d.people.controller.kind = json_value(kind.clone()));
        for field in names {
            assert_eq!(field.is_shown(&draft), person, "{} {kind}", field.path());
        }
        assert_eq!(Field::ControllerLegalName.is_shown(&draft), organisation, "{kind}");
        for field in [Field::ControllerEmail, Field::ControllerPhone] {
            assert_eq!(field.is_shown(&draft), person || organisation, "{} {kind}", field.path());
        }
        assert!(Field::ControllerKind.is_shown(&draft));
    }
}

#[test]
fn every_other_field_is_always_shown() {
    let conditional = [
        Field::PrivateBasis,
        Field::FormerNumber,
        Field::RetentionReason,
        Field::ControllerLegalName,
        Field::ControllerGivenName,
        Field::ControllerFamilyName,
        Field::ControllerJobTitle,
        Field::ControllerEmail,
        Field::ControllerPhone,
    ];
    for draft in [Draft::default(), complete()] {
        for field in Field::ALL.iter().filter(|field| !conditional.contains(field)) {
            assert!(field.is_shown(&draft), "{}", field.path());
        }
    }
}

/// A draft with an answer that breaks every rule in each field that it does not show.
fn with_nonsense_out_of_sight() -> Draft {
    draft(|d| {
        d.organisation.private_basis = json_value("other");
        d.project.former_number = nonsense().as_str().into();
        d.data.retention_reason = nonsense().as_str().into();
        d.people.controller.legal_name = nonsense().as_str().into();
    })
}

#[test]
fn what_is_out_of_sight_has_no_finding_whatever_it_holds() {
    assert_eq!(findings(&with_nonsense_out_of_sight()), NOTHING);
    let organisation = {
        let mut draft = draft_that_shows(Field::ControllerLegalName);
        draft.people.controller.given_name = draft.people.dpo.given_name.clone();
        draft.people.controller.family_name = draft.people.dpo.family_name.clone();
        draft.people.controller.job_title = nonsense().as_str().into();
        draft
    };
    assert_eq!(findings(&organisation), NOTHING);
}

#[test]
fn what_is_out_of_sight_stays_in_the_draft_and_out_of_the_request() {
    let draft = with_nonsense_out_of_sight();
    let read_again: Draft = serde_json::from_str(&serde_json::to_string(&draft).unwrap()).unwrap();
    assert_eq!(read_again, draft);
    assert_eq!(read_again.project.former_number.as_str(), nonsense());

    let sent = serde_json::to_value(Request::new(&draft, &[]).unwrap()).unwrap();
    let without = serde_json::to_value(Request::new(&complete(), &[]).unwrap()).unwrap();
    assert_eq!(sent, without);
}

#[test]
fn an_answer_put_away_is_there_again_when_its_question_comes_back() {
    let mut draft = draft_that_shows(Field::FormerNumber);
    draft.project.former_number = "FC-12".into();
    draft.project.migration = Some(false);
    assert!(!Field::FormerNumber.is_shown(&draft));
    draft.project.migration = Some(true);
    assert_eq!(draft.project.former_number.as_str(), "FC-12");
    assert!(Field::FormerNumber.is_shown(&draft));
}
