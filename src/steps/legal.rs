//! Step 5: legal basis, with the texts that most requests cite.

use leptos::prelude::*;

use super::suggestions::{Suggestion, Suggestions, UndoSuggestion};
use crate::components::paragraph;
use crate::fields::{DocumentsField, InputKind, TextArea, TextField};
use crate::form::Form;
use crate::html::{div, live};
use crate::model::Field;
use crate::model::draft::{OrganisationKind, PrivateBasis};

/// A text of law that can be cited with one press. Its official title is quoted letter by letter.
struct Citation {
    words: &'static str,
    basis: &'static str,
    url: &'static str,
}

const FRANCECONNECT: Citation = Citation {
    words: "Citer l’arrêté du 8 novembre 2018 (FranceConnect)",
    basis: "Arrêté du 8 novembre 2018 relatif au téléservice dénommé « FranceConnect » créé par la direction interministérielle du numérique et du système d'information et de communication de l'Etat",
    url: "https://www.legifrance.gouv.fr/loda/id/JORFTEXT000037611479",
};
const HEALTH: Citation = Citation {
    words: "Citer l’arrêté du 28 mars 2022 (services numériques en santé)",
    basis: "Arrêté du 28 mars 2022 portant approbation du référentiel relatif à l'identification électronique des acteurs des secteurs sanitaire, médico-social et social, personnes physiques et morales, et à l'identification électronique des usagers des services numériques en santé",
    url: "https://www.legifrance.gouv.fr/jorf/id/JORFTEXT000045457991",
};

/// Shows the fields of the step.
#[component]
pub(super) fn Legal() -> impl IntoView {
    view! {
        <Citations />
        <TextArea field=Field::LegalBasis />
        <TextField field=Field::LegalUrl kind=InputKind::ADDRESS />
        <DocumentsField field=Field::LegalDocuments />
    }
}

/// Offers the texts that suit the organisation.
#[component]
fn Citations() -> impl IntoView {
    let form: Form = expect_context();
    let suggestions = Suggestions::new(form);
    let situation = move || {
        form.with_fields(&[Field::OrganisationKind, Field::PrivateBasis], |draft| {
            (draft.organisation.kind.value(), draft.organisation.private_basis.value())
        })
    };
    let franceconnect = move || match situation() {
        (Some(OrganisationKind::Administration), _) | (Some(_), Some(PrivateBasis::AddressChange)) => {
            Some(view! { <Cite suggestions citation=&FRANCECONNECT /> })
        }
        _ => None,
    };
    let own_text = move || {
        let (kind, basis) = situation();
        let bound = kind.is_some_and(OrganisationKind::is_private) && basis == Some(PrivateBasis::IdentityVerification);
        bound.then(|| {
            paragraph("Citez le texte qui vous impose de vérifier l’identité de vos utilisateurs.")
                .attr("class", "note")
        })
    };
    let hint = "Selon votre cas, vous pouvez reprendre un texte courant, puis le modifier.";
    div()
        .attr("class", "suggestions")
        .child(paragraph(hint).attr("class", "hint"))
        .child(live(franceconnect))
        .child(view! {
            <Cite suggestions citation=&HEALTH />
            <UndoSuggestion suggestions />
        })
        .child(live(own_text))
}

/// Shows a button that cites a text.
#[component]
fn Cite(suggestions: Suggestions, citation: &'static Citation) -> impl IntoView {
    let answers = || vec![(Field::LegalBasis, citation.basis.to_owned()), (Field::LegalUrl, citation.url.to_owned())];
    view! { <Suggestion suggestions words=citation.words announcement="Le texte et son adresse sont remplis" answers /> }
}
