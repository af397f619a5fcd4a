//! The level of assurance: what a migration allows, and what a private body may have to pay.

use serde_json::{Value, json};

use crate::complete::{draft, error, error_with, findings, json_value, warning};

const LEVELS: [&str; 3] = ["eidas1", "eidas2", "eidas3"];

fn must_be_eidas1() -> Value {
    error_with("/assurance/level", "must_be", json!({"value": "eidas1"}))
}

fn may_be_billed() -> Value {
    warning("/assurance/level", "may_be_billed")
}

#[test]
fn only_a_migration_is_bound_to_the_first_level() {
    for migration in [Some(false), Some(true)] {
        for level in LEVELS {
            let draft = draft(|d| {
                d.project.migration = migration;
                d.assurance.level = json_value(level);
            });
            let wrong = migration == Some(true) && level != "eidas1";
            let expected = if wrong { vec![must_be_eidas1()] } else { vec![] };
            assert_eq!(findings(&draft), expected, "{migration:?} {level}");
        }
    }
}

#[test]
fn a_migration_not_answered_binds_nobody() {
    for level in LEVELS {
        let draft = draft(|d| {
            d.project.migration = None;
            d.assurance.level = json_value(level);
        });
        assert_eq!(findings(&draft), [error("/project/migration", "required")], "{level}");
    }
}

#[test]
fn only_a_private_body_may_be_billed_and_only_for_the_higher_levels() {
    for (kind, level, billed) in [
        ("administration", "eidas1", false),
        ("administration", "eidas2", false),
        ("administration", "eidas3", false),
        ("company", "eidas1", false),
        ("company", "eidas2", true),
        ("company", "eidas3", true),
        ("association", "eidas1", false),
        ("association", "eidas2", true),
        ("association", "eidas3", true),
    ] {
        let draft = draft(|d| {
            d.organisation.kind = json_value(kind);
            d.organisation.private_basis = json_value("identity_verification");
            d.assurance.level = json_value(level);
        });
        let expected = if billed { vec![may_be_billed()] } else { vec![] };
        assert_eq!(findings(&draft), expected, "{kind} {level}");
    }
}

#[test]
fn a_private_migration_to_a_higher_level_is_told_both() {
    let draft = draft(|d| {
        d.organisation.kind = json_value("company");
        d.organisation.private_basis = json_value("address_change");
        d.project.migration = Some(true);
        d.assurance.level = json_value("eidas3");
    });
    assert_eq!(findings(&draft), [must_be_eidas1(), may_be_billed()]);
}
