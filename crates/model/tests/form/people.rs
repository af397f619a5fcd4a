//! People and their parts: the controller, the data protection officer and the technical contact.

use habilitation_model::{Draft, Field};
use serde_json::{Value, json};

use crate::complete::{draft, draft_that_shows, error, error_with, findings, json_value, warning, warning_with};

const NOTHING: [Value; 0] = [];

fn dpo_has_the_controllers_address() -> Value {
    error_with("/people/dpo/email", "same_person", json!({"path": "people.controller.email"}))
}

fn dpo_has_the_controllers_name() -> Value {
    error_with("/people/dpo/family_name", "same_person", json!({"path": "people.controller.family_name"}))
}

fn dpo_has_the_technical_contacts_address() -> Value {
    warning_with("/people/dpo/email", "same_person", json!({"path": "people.technical.email"}))
}

fn dpo_has_the_technical_contacts_name() -> Value {
    warning_with("/people/dpo/family_name", "same_person", json!({"path": "people.technical.family_name"}))
}

/// Two ways of writing one name.
const SAME_NAMES: [[(&str, &str); 2]; 13] = [
    [("Hervé", "Le Goff"), ("Hervé", "Le Goff")],
    [("Hervé", "Le Goff"), ("HERVÉ", "LE GOFF")],
    [("Hervé", "Le Goff"), ("Herve", "Le Goff")],
    [("Hervé", "Le Goff"), ("Herve\u{301}", "Le Goff")],
    [("Jean-Noël", "Le Goff-Martin"), ("Jean Noel", "LeGoff Martin")],
    [("Jean\u{2011}Noël", "Le\u{a0}Goff"), ("jeannoël", "  le  goff ")],
    [("Ann", "O'Connor"), ("Ann", "O’Connor")],
    [("Ann", "D'Hérouville"), ("Ann", "d herouville")],
    [("François", "Lœb"), ("FRANCOIS", "LOEB")],
    [("Lætitia", "Ångström"), ("Laetitia", "Angstrom")],
    [("Thị Hương", "Nguyễn"), ("Thi Huong", "Nguyen")],
    [("Łukasz", "Żółć"), ("LUKASZ", "ZOLC")],
    [("Şükrü", "Weiß"), ("Sukru", "WEISS")],
];

/// Names that only look alike.
const OTHER_NAMES: [[(&str, &str); 2]; 6] = [
    [("Hervé", "Le Goff"), ("Hervé", "Le Gof")],
    [("Hervé", "Le Goff"), ("Hervée", "Le Goff")],
    [("Hervé", "Le Goff"), ("Le Goff", "Hervé")],
    [("Jean Paul", "Roux"), ("Jean", "Paul Roux")],
    [("Hervé", "Le Goff"), ("Hervé", "Martin")],
    [("Anne", "Roux"), ("Ann", "Eroux")],
];

fn name_controller_and_dpo([(given, family), (dpo_given, dpo_family)]: [(&str, &str); 2]) -> Draft {
    draft(|d| {
        d.people.controller.given_name = given.into();
        d.people.controller.family_name = family.into();
        d.people.dpo.given_name = dpo_given.into();
        d.people.dpo.family_name = dpo_family.into();
    })
}

fn name_technical_and_dpo([(given, family), (dpo_given, dpo_family)]: [(&str, &str); 2]) -> Draft {
    draft(|d| {
        d.people.technical.given_name = given.into();
        d.people.technical.family_name = family.into();
        d.people.dpo.given_name = dpo_given.into();
        d.people.dpo.family_name = dpo_family.into();
    })
}

#[test]
fn a_dpo_who_bears_the_controllers_name_is_refused_however_it_is_written() {
    for names in SAME_NAMES {
        let [one, other] = names;
        for names in [[one, other], [other, one]] {
            assert_eq!(findings(&name_controller_and_dpo(names)), [dpo_has_the_controllers_name()], "{names:?}");
        }
    }
}

#[test]
fn a_dpo_who_bears_the_technical_contacts_name_gives_a_warning() {
    for names in SAME_NAMES {
        assert_eq!(findings(&name_technical_and_dpo(names)), [dpo_has_the_technical_contacts_name()], "{names:?}");
    }
}

#[test]
fn people_with_other_names_are_other_people() {
    for names in OTHER_NAMES {
        assert_eq!(findings(&name_controller_and_dpo(names)), NOTHING, "{names:?}");
        assert_eq!(findings(&name_technical_and_dpo(names)), NOTHING, "{names:?}");
    }
}

#[test]
fn names_without_a_letter_are_nobodys() {
    let draft = name_controller_and_dpo([("-", "'"), ("'", "-")]);
    assert_eq!(findings(&draft), NOTHING);
}

#[test]
fn two_empty_names_are_not_one_person() {
    let draft = name_controller_and_dpo([("", "Morvan"), ("", "Morvan")]);
    assert_eq!(
        findings(&draft),
        ["/people/controller/given_name", "/people/dpo/given_name"].map(|pointer| error(pointer, "required"))
    );
}

#[test]
fn a_dpo_who_has_the_controllers_address_is_refused_in_any_case() {
    for (controller, dpo) in [
        ("maire@roc.example", "maire@roc.example"),
        ("maire@roc.example", "MAIRE@Roc.Example"),
        ("Maire@roc.example", "  maire@roc.example "),
    ] {
        let draft = draft(|d| {
            d.people.controller.email = controller.into();
            d.people.dpo.email = dpo.into();
        });
        assert_eq!(findings(&draft), [dpo_has_the_controllers_address()], "{controller} {dpo}");
    }
}

#[test]
fn a_dpo_who_has_the_address_and_the_name_of_the_controller_is_told_both() {
    let draft = draft(|d| {
        d.people.dpo.given_name = d.people.controller.given_name.clone();
        d.people.dpo.family_name = d.people.controller.family_name.clone();
        d.people.dpo.email = d.people.controller.email.clone();
    });
    assert_eq!(findings(&draft), [dpo_has_the_controllers_name(), dpo_has_the_controllers_address()]);
}

#[test]
fn the_address_of_a_legal_person_is_compared_but_names_out_of_sight_are_not() {
    let mut draft = draft_that_shows(Field::ControllerLegalName);
    draft.people.dpo.given_name = draft.people.controller.given_name.clone();
    draft.people.dpo.family_name = draft.people.controller.family_name.clone();
    assert_eq!(findings(&draft), NOTHING);
    draft.people.dpo.email = draft.people.controller.email.clone();
    assert_eq!(findings(&draft), [dpo_has_the_controllers_address()]);
}

#[test]
fn a_dpo_who_has_the_technical_contacts_address_gives_a_warning() {
    let draft = draft(|d| d.people.dpo.email = "THEO@editeur.example".into());
    assert_eq!(findings(&draft), [dpo_has_the_technical_contacts_address()]);
}

#[test]
fn one_person_for_all_three_is_an_error_and_a_warning() {
    let draft = draft(|d| {
        for person in [&mut d.people.dpo, &mut d.people.technical] {
            person.given_name = "Yves".into();
            person.family_name = "Morvan".into();
            person.email = "maire@roc.example".into();
        }
    });
    assert_eq!(
        findings(&draft),
        [
            dpo_has_the_controllers_name(),
            dpo_has_the_technical_contacts_name(),
            dpo_has_the_controllers_address(),
            dpo_has_the_technical_contacts_address(),
        ]
    );
}

#[test]
fn the_applicant_may_be_any_of_the_three() {
    for person in ["controller", "dpo", "technical"] {
        let mut json = serde_json::to_value(draft(|_| {})).unwrap();
        for member in ["given_name", "family_name", "email"] {
            json["people"][person][member] = json["organisation"]["applicant"][member].clone();
        }
        assert_eq!(findings(&json_value(json)), NOTHING, "{person}");
    }
}

#[test]
fn a_controller_of_another_domain_than_the_applicant_gives_a_warning() {
    let other_domain = warning("/people/controller/email", "other_domain");
    for (applicant, controller, expected) in [
        ("a@roc.example", "b@roc.example", vec![]),
        ("a@roc.example", "b@ROC.Example", vec![]),
        ("a@roc.example", "b@mer.example", vec![other_domain.clone()]),
        ("a@roc.example", "b@www.roc.example", vec![other_domain.clone()]),
        ("a@roc.example", "b@rocexample.example", vec![other_domain.clone()]),
    ] {
        for shown in [Field::ControllerGivenName, Field::ControllerLegalName] {
            let mut draft = draft_that_shows(shown);
            draft.organisation.applicant.email = applicant.into();
            draft.people.controller.email = controller.into();
            assert_eq!(findings(&draft), expected, "{applicant} {controller}");
        }
    }
}

#[test]
fn a_domain_that_cannot_be_read_is_not_another_domain() {
    let wrong = |pointer| error_with(pointer, "format", json!({"example": "prenom.nom@organisme.example"}));
    let unread_applicant = draft(|d| d.organisation.applicant.email = "maelle@".into());
    assert_eq!(findings(&unread_applicant), [wrong("/organisation/applicant/email")]);
    let unread_controller = draft(|d| d.people.controller.email = "maire".into());
    assert_eq!(findings(&unread_controller), [wrong("/people/controller/email")]);
}

#[test]
fn the_other_contacts_may_be_of_any_domain() {
    let draft = draft(|d| {
        d.people.dpo.email = "dpo@cabinet.example".into();
        d.people.technical.email = "theo@ailleurs.example".into();
    });
    assert_eq!(findings(&draft), NOTHING);
}

#[test]
fn as_long_as_the_kind_of_controller_is_not_chosen_only_that_is_asked() {
    for controller in [
        json!({"kind": null}),
        json!({"kind": null, "given_name": "Inès", "family_name": "Da Silva", "email": "dpd@roc.example", "phone": "12"}),
        json!({"kind": null, "email": "maire@ailleurs.example", "legal_name": "\u{7}"}),
    ] {
        let draft = draft(|d| d.people.controller = json_value(controller.clone()));
        assert_eq!(findings(&draft), [error("/people/controller/kind", "required")], "{controller}");
    }
}
