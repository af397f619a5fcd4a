//! Step 4: level of assurance, with three questions that help and choose nothing.

use leptos::prelude::*;

use super::{Filling, help};
use crate::controls::radios;
use crate::model::assurance::{AssuranceLevel, Sensitivity, suggestion};
use crate::model::{ClosedList, Field};
use crate::texts::fields;

pub(super) fn fields(Filling { form, .. }: Filling) -> AnyView {
    let sensitivity = RwSignal::new(Sensitivity::default());
    let suggested = move || {
        let migration = form.look(&[Field::Migration], |draft| draft.project.migration);
        suggestion(sensitivity.get(), migration).map(|level| advice(level, migration == Some(true)))
    };
    let answer = view! {
        {question("Votre service conserve-t-il des pièces d’identité ?", "documents", sensitivity, |s| &mut s.identity_documents)}
        {question("De l’argent circule-t-il : paiements, aides, remboursements ?", "money", sensitivity, |s| &mut s.money)}
        {question("Votre service traite-t-il des données de santé ?", "health", sensitivity, |s| &mut s.health)}
        <p class="advice" role="status">{suggested}</p>
        <p class="hint">{"Ces réponses ne sont pas enregistrées, et c’est vous qui choisissez le niveau."}</p>
    };
    view! {
        {radios(form, Field::AssuranceLevel, &["eidas1", "eidas2", "eidas3"])}
        {help("Quel niveau pour mon service ?", answer.into_any())}
    }
    .into_any()
}

fn advice(level: AssuranceLevel, migration: bool) -> String {
    let (name, _) = fields::option(Field::AssuranceLevel, level.as_str());
    let why = match level {
        _ if migration => "le passage à FranceConnect v2 demande ce niveau",
        AssuranceLevel::Eidas1 => "rien ici ne demande un niveau plus élevé",
        AssuranceLevel::Eidas2 | AssuranceLevel::Eidas3 => "votre démarche est sensible",
    };
    format!("Niveau conseillé : {name} ({why}).")
}

fn question(
    words: &'static str,
    name: &'static str,
    sensitivity: RwSignal<Sensitivity>,
    place: fn(&mut Sensitivity) -> &mut Option<bool>,
) -> AnyView {
    let option = move |yes: bool, words: &'static str| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name=format!("help-{name}")
                    value=if yes { "yes" } else { "no" }
                    on:change=move |_| sensitivity.update(|answers| *place(answers) = Some(yes))
                />
                <span class="name">{words}</span>
            </label>
        }
    };
    view! {
        <fieldset class="question">
            <legend>{words}</legend>
            <div class="choices row">{option(true, "Oui")} {option(false, "Non")}</div>
        </fieldset>
    }
    .into_any()
}
