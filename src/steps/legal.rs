//! Step 5: legal basis, with the texts that most requests cite.

use super::Filling;
use super::suggestions::Suggestions;
use crate::controls::{Look, documents, text, text_area};
use crate::dom::{Element, View, element, live, paragraph};
use crate::form::Form;
use crate::model::Field;
use crate::model::draft::{OrganisationKind, PrivateBasis};

/// A text that can be cited with one click. Official titles are quoted as they are.
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

pub(super) fn fields(Filling { form, uploads, .. }: Filling) -> Vec<View> {
    vec![
        suggestions(form),
        text_area(form, Field::LegalBasis),
        text(form, Field::LegalUrl, Look::ADDRESS),
        documents(form, Field::LegalDocuments, uploads),
    ]
}

fn suggestions(form: Form) -> View {
    let suggestions = Suggestions::new(form);
    let situation = move || {
        form.look(&[Field::OrganisationKind, Field::PrivateBasis], |draft| {
            (draft.organisation.kind.value(), draft.organisation.private_basis.value())
        })
    };
    let franceconnect = move || match situation() {
        (Some(OrganisationKind::Administration), _) | (Some(_), Some(PrivateBasis::AddressChange)) => {
            Some(citation(suggestions, &FRANCECONNECT))
        }
        _ => None,
    };
    let own_text = move || {
        let (kind, basis) = situation();
        let bound = kind.is_some_and(OrganisationKind::is_private) && basis == Some(PrivateBasis::IdentityVerification);
        bound.then(|| {
            paragraph("Citez le texte qui vous impose de vérifier l’identité de vos utilisateurs.").class("note")
        })
    };
    element("div")
        .class("suggestions")
        .child(paragraph("Selon votre cas, vous pouvez reprendre un texte courant, puis le modifier.").class("hint"))
        .child(live(franceconnect))
        .child(citation(suggestions, &HEALTH))
        .child(suggestions.undo())
        .child(live(own_text))
        .into()
}

fn citation(suggestions: Suggestions, citation: &'static Citation) -> Element {
    suggestions.offer(citation.words, "Le texte et son adresse sont remplis", || {
        vec![(Field::LegalBasis, citation.basis.to_owned()), (Field::LegalUrl, citation.url.to_owned())]
    })
}
