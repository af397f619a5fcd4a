//! Step 4: level of assurance, with three questions that help and choose nothing.

use leptos::ev;
use leptos::prelude::*;

use super::help_details::HelpDetails;
use crate::components::{choice, paragraph};
use crate::fields::Radios;
use crate::form::Form;
use crate::html::{LiveText, div, fieldset, input, legend, p};
use crate::model::assurance::{AssuranceLevel, Sensitivity, suggestion};
use crate::model::{ClosedList, Field};
use crate::texts::fields;

/// Reaches one answer among the three.
#[derive(Clone, Copy)]
struct Lens(fn(&mut Sensitivity) -> &mut Option<bool>);

/// Shows the fields of the step.
#[component]
pub(super) fn Assurance() -> impl IntoView {
    view! {
        <Radios field=Field::AssuranceLevel values=&["eidas1", "eidas2", "eidas3"] />
        <HelpDetails question="Quel niveau pour mon service ?">
            <SensitivityQuestions />
        </HelpDetails>
    }
}

/// Asks what tells how sensitive a service is, and advises a level.
#[component]
fn SensitivityQuestions() -> impl IntoView {
    let form: Form = expect_context();
    let sensitivity = RwSignal::new(Sensitivity::default());
    let suggested = move || {
        let migration = form.with_fields(&[Field::Migration], |draft| draft.project.migration);
        let level = suggestion(sensitivity.get(), migration);
        level.map_or(String::new(), |level| advice(level, migration == Some(true)))
    };
    view! {
        <SensitivityQuestion
            words="Votre service conserve-t-il des pièces d’identité ?"
            name="help-documents"
            sensitivity
            lens=Lens(|answers| &mut answers.identity_documents)
        />
        <SensitivityQuestion
            words="Votre service comporte-t-il des mouvements d’argent : paiements, aides, remboursements ?"
            name="help-money"
            sensitivity
            lens=Lens(|answers| &mut answers.money)
        />
        <SensitivityQuestion
            words="Votre service traite-t-il des données de santé ?"
            name="help-health"
            sensitivity
            lens=Lens(|answers| &mut answers.health)
        />
        {p().attr("class", "advice").attr("role", "status").live_text(suggested)}
        {paragraph("Ces réponses ne sont pas enregistrées, et c’est vous qui choisissez le niveau.").attr("class", "hint")}
    }
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

/// Asks one yes or no, of which nothing is kept.
#[component]
fn SensitivityQuestion(
    words: &'static str,
    name: &'static str,
    sensitivity: RwSignal<Sensitivity>,
    lens: Lens,
) -> impl IntoView {
    let option = |yes: bool, value: &'static str, words: &'static str| {
        let input = input()
            .attr("type", "radio")
            .attr("name", name)
            .attr("value", value)
            .on(ev::change, move |_| sensitivity.update(|answers| *(lens.0)(answers) = Some(yes)));
        choice(input, words, "", None)
    };
    let options =
        div().attr("class", "choices row").child(option(true, "yes", "Oui")).child(option(false, "no", "Non"));
    fieldset().attr("class", "question").child(legend().child(words)).child(options)
}
