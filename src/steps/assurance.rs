//! Step 4: level of assurance, with three questions that help and choose nothing.
use leptos::prelude::*;

use super::{Filling, help};
use crate::controls::{choice, radios};
use crate::dom::{Element, View, element, paragraph};
use crate::form::Form;
use crate::model::assurance::{AssuranceLevel, Sensitivity, suggestion};
use crate::model::{ClosedList, Field};
use crate::texts::fields;

/// Reaches one answer among the three.
type Place = fn(&mut Sensitivity) -> &mut Option<bool>;

pub(super) fn fields(Filling { form, .. }: Filling) -> Vec<View> {
    vec![
        radios(form, Field::AssuranceLevel, &["eidas1", "eidas2", "eidas3"]),
        help("Quel niveau pour mon service ?", questions(form)),
    ]
}

fn questions(form: Form) -> Vec<Element> {
    let sensitivity = RwSignal::new(Sensitivity::default());
    let suggested = move || {
        let migration = form.look(&[Field::Migration], |draft| draft.project.migration);
        let level = suggestion(sensitivity.get(), migration);
        level.map_or(String::new(), |level| advice(level, migration == Some(true)))
    };
    vec![
        question("Votre service conserve-t-il des pièces d’identité ?", "documents", sensitivity, |answers| {
            &mut answers.identity_documents
        }),
        question(
            "Votre service comporte-t-il des mouvements d’argent : paiements, aides, remboursements ?",
            "money",
            sensitivity,
            |answers| &mut answers.money,
        ),
        question("Votre service traite-t-il des données de santé ?", "health", sensitivity, |answers| {
            &mut answers.health
        }),
        element("p").class("advice").attr("role", "status").live_text(suggested),
        paragraph("Ces réponses ne sont pas enregistrées, et c’est vous qui choisissez le niveau.").class("hint"),
    ]
}

fn advice(level: AssuranceLevel, migration: bool) -> String {
    let (name, _) = fields::option(Field::AssuranceLevel, level.as_str());
    let why = match level {
        _ if migration => "le passage à FranceConnect v2 demande ce niveau",
        AssuranceLevel::Eidas1 => "rien ici ne demande un niveau plus élevé",
        AssuranceLevel::Eidas2 | AssuranceLevel::Eidas3 => "votre démarche est sensible",
    };
    format!("Niveau conseillé : {name} ({why}).")
}

fn question(words: &str, name: &str, sensitivity: RwSignal<Sensitivity>, place: Place) -> Element {
    let option = |yes: bool, value: &str, words: &str| {
        let input = element("input")
            .attr("type", "radio")
            .attr("name", &format!("help-{name}"))
            .attr("value", value)
            .on("change", move |_| sensitivity.update(|answers| *place(answers) = Some(yes)));
        choice(input, words, "", None)
    };
    element("fieldset")
        .class("question")
        .child(element("legend").text(words))
        .child(element("div").class("choices row").child([option(true, "yes", "Oui"), option(false, "no", "Non")]))
}
