//! The submitted request: a request without errors, typed.

use habilitation_model::{Draft, Field, Id, Request};
use serde_json::{Value, json};

use crate::complete::{complete, draft, draft_that_shows, error, findings, json_value, pdf};

fn sent(draft: &Draft, arrived: &[Id]) -> Value {
    serde_json::to_value(Request::new(draft, arrived).unwrap()).unwrap()
}

fn errors_of(draft: &Draft, arrived: &[Id]) -> Vec<Value> {
    Request::new(draft, arrived).unwrap_err().iter().map(|finding| serde_json::to_value(finding).unwrap()).collect()
}

#[test]
fn the_request_of_an_administration_holds_typed_answers_and_nothing_that_was_not_asked() {
    let draft = draft(|d| {
        d.organisation.name = "  Commune de Roc-sur-Mer ".into();
        d.project.former_number = "jamais demandé".into();
        d.project.description = "\nRéserver un mouillage.\nSans compte.\n".into();
        d.data.retention_reason = "jamais demandé".into();
        d.people.controller.legal_name = "jamais demandé".into();
        d.organisation.private_basis = json_value("other");
    });
    // Texts are sent as they are; here is the rest.
    let mut expected = serde_json::to_value(complete()).unwrap();
    for (pointer, typed) in [
        ("/organisation/siret", json!("21990042000015")),
        ("/organisation/applicant/phone", json!("+33199001010")),
        ("/project/description", json!("Réserver un mouillage.\nSans compte.")),
        ("/project/former_number", json!(null)),
        ("/project/launch_date", json!("2027-09-01")),
        ("/project/yearly_volume", json!(4_200)),
        ("/data/retention_months", json!(24)),
        ("/data/retention_reason", json!(null)),
        ("/people/controller/phone", json!("+33199001011")),
        ("/people/dpo/phone", json!("+33199001012")),
        ("/people/technical/phone", json!("+33639981234")),
    ] {
        *expected.pointer_mut(pointer).unwrap() = typed;
    }
    expected["people"]["controller"].as_object_mut().unwrap().remove("legal_name");
    assert_eq!(sent(&draft, &[]), expected);
}

#[test]
fn what_was_asked_besides_is_in_the_request() {
    let draft = draft(|d| {
        d.organisation.kind = json_value("company");
        d.organisation.private_basis = json_value("address_change");
        d.project.migration = Some(true);
        d.project.former_number = " DP-7 ".into();
        d.project.mockups = vec![pdf(1)];
        d.data.scopes = json_value(vec!["email", "family_name"]);
        d.data.retention_months = "48".into();
        d.data.retention_reason = "Suivi du courrier.".into();
        d.legal.url = "".into();
        d.legal.documents = vec![pdf(2)];
        d.people.controller = json_value(json!({
            "kind": "organisation",
            "legal_name": "Cartons SARL",
            "given_name": "jamais",
            "family_name": "demandé",
            "job_title": "jamais demandé",
            "email": "sarl@roc.example",
            "phone": "+44 20 7946 0000"
        }));
        d.people.technical.phone = "0692 12 34 56".into();
    });
    let request = sent(&draft, &[pdf(1).id, pdf(2).id]);
    for (pointer, expected) in [
        ("/organisation/kind", json!("company")),
        ("/organisation/private_basis", json!("address_change")),
        ("/project/migration", json!(true)),
        ("/project/former_number", json!("DP-7")),
        (
            "/project/mockups",
            json!([{"id": pdf(1).id, "name": "piece-1.pdf", "size": 1_000, "type": "application/pdf"}]),
        ),
        ("/data/scopes", json!(["family_name", "email"])),
        ("/data/retention_months", json!(48)),
        ("/data/retention_reason", json!("Suivi du courrier.")),
        ("/legal/url", json!(null)),
        (
            "/legal/documents",
            json!([{"id": pdf(2).id, "name": "piece-2.pdf", "size": 1_000, "type": "application/pdf"}]),
        ),
        (
            "/people/controller",
            json!({
                "kind": "organisation",
                "legal_name": "Cartons SARL",
                "email": "sarl@roc.example",
                "phone": "+442079460000"
            }),
        ),
        ("/people/technical/phone", json!("+262692123456")),
    ] {
        assert_eq!(request.pointer(pointer), Some(&expected), "{pointer}");
    }
}

#[test]
fn what_is_sent_is_clean_whatever_the_draft_holds() {
    let draft = draft(|d| {
        d.organisation.siret = "219-900-420\u{200b}-00015".into();
        d.organisation.name = " Commune de\u{2028}Roc-sur\u{34f}-Mer\u{3164} ".into();
        d.organisation.applicant.email = "<mailto:Maelle.LeFur@roc\u{200b}.example>".into();
        d.organisation.applicant.phone = "tel:+33 01 99\u{2060} 00 10 10".into();
        d.project.description = "\u{2060}Un guichet.\u{2028}Pour les familles.\r\nSans\u{200b} compte.\u{feff}".into();
        d.project.launch_date = "1er\u{200b} septembre 2027".into();
        d.project.yearly_volume = "12.000".into();
        d.data.retention_months = "24 mois".into();
        d.legal.url = "www.texte.example/arrete\u{200b}".into();
        d.people.dpo.family_name = "می\u{200c}خواهم".into();
        d.people.technical.phone = "0508 55 12 34".into();
    });
    let request = sent(&draft, &[]);
    for (pointer, expected) in [
        ("/organisation/siret", json!("21990042000015")),
        ("/organisation/name", json!("Commune de Roc-sur-Mer")),
        ("/organisation/applicant/email", json!("Maelle.LeFur@roc.example")),
        ("/organisation/applicant/phone", json!("+33199001010")),
        ("/project/description", json!("Un guichet.\nPour les familles.\nSans compte.")),
        ("/project/launch_date", json!("2027-09-01")),
        ("/project/yearly_volume", json!(12_000)),
        ("/data/retention_months", json!(24)),
        ("/legal/url", json!("https://www.texte.example/arrete")),
        ("/people/dpo/family_name", json!("می\u{200c}خواهم")),
        ("/people/technical/phone", json!("+508551234")),
    ] {
        assert_eq!(request.pointer(pointer), Some(&expected), "{pointer}");
    }
}

#[test]
fn an_optional_answer_left_empty_is_null() {
    let request = sent(&draft_that_shows(Field::FormerNumber), &[]);
    assert_eq!(request.pointer("/project/former_number"), Some(&json!(null)));
}

#[test]
fn one_error_is_enough_to_refuse_and_every_error_is_told() {
    assert_eq!(errors_of(&draft(|d| d.terms.accepted = false), &[]), [error("/terms/accepted", "not_accepted")]);
    let several = draft(|d| {
        d.organisation.name = "".into();
        d.project.migration = None;
        d.project.mockups = vec![pdf(1)];
        d.terms.dpo_informed = false;
    });
    assert_eq!(
        errors_of(&several, &[]),
        [
            error("/organisation/name", "required"),
            error("/project/migration", "required"),
            error("/project/mockups", "missing_file"),
            error("/terms/dpo_informed", "not_accepted"),
        ]
    );
}

#[test]
fn warnings_stand_in_nobodys_way_and_are_not_among_the_errors() {
    let with_every_warning = draft(|d| {
        d.organisation.kind = json_value("company");
        d.organisation.private_basis = json_value("other");
        d.project.launch_date = "01/01/2020".into();
        d.data.scopes = json_value(vec![
            "family_name",
            "given_name",
            "birthdate",
            "birthplace",
            "birthcountry",
            "gender",
            "preferred_username",
            "email",
        ]);
        d.assurance.level = json_value("eidas3");
        d.people.controller.email = "maire@ailleurs.example".into();
        d.people.dpo.email = "theo@editeur.example".into();
    });
    assert!(Request::new(&with_every_warning, &[]).is_ok());
    let mut with_an_error = with_every_warning;
    with_an_error.terms.accepted = false;
    assert_eq!(errors_of(&with_an_error, &[]), [error("/terms/accepted", "not_accepted")]);
}

#[test]
fn an_empty_draft_is_refused_with_all_that_it_misses() {
    assert_eq!(errors_of(&Draft::default(), &[]), findings(&Draft::default()));
    assert!(Request::new(&complete(), &[]).is_ok());
}
