//! A draft with nothing left to mend, variants of it, and findings written as the API writes them.

use habilitation_model::{Circumstances, Date, Document, Draft, Field, Id, Scope};
use serde_json::{Value, json};

/// The day on which every check of these tests is made.
pub(crate) fn today() -> Date {
    Date::new(2026, 6, 15).unwrap()
}

/// A request of an administration, without any finding.
pub(crate) fn complete() -> Draft {
    serde_json::from_value(json!({
        "organisation": {
            "siret": "219 900 420 00015",
            "name": "Commune de Roc-sur-Mer",
            "kind": "administration",
            "private_basis": null,
            "member": true,
            "applicant": {
                "given_name": "Maëlle",
                "family_name": "Le Fur",
                "job_title": "Chargée de mission",
                "email": "maelle.lefur@roc.example",
                "phone": "01 99 00 10 10"
            }
        },
        "project": {
            "name": "Mouillages",
            "description": "Les plaisanciers réservent un mouillage.\nFranceConnect leur évite de créer un compte.",
            "migration": false,
            "former_number": "",
            "mockups": [],
            "launch_date": "01/09/2027",
            "yearly_volume": "4 200"
        },
        "data": {
            "scopes": ["family_name", "given_name", "birthdate"],
            "recipients": "Les agents de la capitainerie.",
            "retention_months": "24",
            "retention_reason": ""
        },
        "assurance": {"level": "eidas1"},
        "legal": {"basis": "Arrêté du 8 novembre 2018", "url": "https://texte.example/arrete", "documents": []},
        "people": {
            "controller": {
                "kind": "person",
                "legal_name": "",
                "given_name": "Yves",
                "family_name": "Morvan",
                "job_title": "Maire",
                "email": "maire@roc.example",
                "phone": "01 99 00 10 11"
            },
            "dpo": {
                "given_name": "Inès",
                "family_name": "Da Silva",
                "job_title": "Déléguée à la protection des données",
                "email": "dpd@roc.example",
                "phone": "01 99 00 10 12"
            },
            "technical": {
                "given_name": "Théo",
                "family_name": "Lagarde",
                "job_title": "Développeur",
                "email": "theo@editeur.example",
                "phone": "06 39 98 12 34"
            }
        },
        "terms": {"accepted": true, "dpo_informed": true, "alternative_offered": true}
    }))
    .unwrap()
}

/// The complete draft, changed.
pub(crate) fn draft(change: impl FnOnce(&mut Draft)) -> Draft {
    let mut draft = complete();
    change(&mut draft);
    draft
}

/// The complete draft, changed no more than it takes to be asked for one field, and still without any finding.
pub(crate) fn draft_that_shows(field: Field) -> Draft {
    draft(|d| match field {
        Field::PrivateBasis => {
            d.organisation.kind = json_value("company");
            d.organisation.private_basis = json_value("address_change");
        }
        Field::FormerNumber => d.project.migration = Some(true),
        Field::RetentionReason => {
            d.data.retention_months = "37".into();
            d.data.retention_reason = "Durée de validité du titre.".into();
        }
        Field::ControllerLegalName => {
            d.people.controller.kind = json_value("organisation");
            d.people.controller.legal_name = "Commune de Roc-sur-Mer".into();
        }
        _ => {}
    })
}

/// Returns whether the answer of a field is a text.
pub(crate) fn is_text(field: Field) -> bool {
    matches!(field.value(&Draft::default()), habilitation_model::field::Value::Text(_))
}

/// A draft without any other finding, in which one text is typed.
pub(crate) fn typed(field: Field, text: &str) -> Draft {
    let mut draft = draft_that_shows(field);
    field.set(&mut draft, habilitation_model::field::Value::Text(text));
    draft
}

/// The complete draft with these scopes ticked.
pub(crate) fn ticked(scopes: &[Scope]) -> Draft {
    draft(|d| d.data.scopes = scopes.iter().copied().collect())
}

/// An answer read from its JSON text.
pub(crate) fn json_value<T: serde::de::DeserializeOwned>(value: impl Into<Value>) -> T {
    serde_json::from_value(value.into()).unwrap()
}

/// A small PDF file; `number` makes its identifier.
pub(crate) fn pdf(number: u8) -> Document {
    Document {
        id: Id::new(1_767_225_600_000, [number; 10]),
        name: format!("piece-{number}.pdf"),
        size: 1_000,
        media_type: "application/pdf".to_owned(),
    }
}

/// Returns the findings of a draft, as the API writes them.
pub(crate) fn findings(draft: &Draft) -> Vec<Value> {
    findings_in(draft, &Circumstances::on(today()))
}

/// Returns the findings of a draft in other circumstances.
pub(crate) fn findings_in(draft: &Draft, circumstances: &Circumstances<'_>) -> Vec<Value> {
    draft.findings(circumstances).iter().map(|finding| serde_json::to_value(finding).unwrap()).collect()
}

/// An error that carries nothing.
pub(crate) fn error(pointer: &str, code: &str) -> Value {
    error_with(pointer, code, json!({}))
}

/// An error and what it refers to.
pub(crate) fn error_with(pointer: &str, code: &str, params: Value) -> Value {
    json!({"pointer": pointer, "level": "error", "code": code, "params": params})
}

/// A warning that carries nothing.
pub(crate) fn warning(pointer: &str, code: &str) -> Value {
    warning_with(pointer, code, json!({}))
}

/// A warning and what it refers to.
pub(crate) fn warning_with(pointer: &str, code: &str, params: Value) -> Value {
    json!({"pointer": pointer, "level": "warning", "code": code, "params": params})
}

#[test]
fn the_complete_draft_and_its_variants_show_their_field_and_have_no_finding() {
    for field in Field::ALL {
        let draft = draft_that_shows(*field);
        assert!(field.is_shown(&draft), "{}", field.path());
        assert_eq!(findings(&draft), [] as [Value; 0], "{}", field.path());
    }
}
