//! Step 5: legal basis, with the texts that most requests cite.

use leptos::prelude::*;

use super::Filling;
use crate::controls::{Look, documents, text, text_area};
use crate::form::Form;
use crate::model::Field;
use crate::model::draft::{OrganisationKind, PrivateBasis};
use crate::model::field::Value;

/// A text that can be cited with one click. Official titles are quoted as they are.
struct Citation {
    words: &'static str,
    basis: &'static str,
    url: &'static str,
}

const FRANCECONNECT: Citation = Citation {
    words: "Citer l’arrêté du 8 novembre 2018 (FranceConnect)",
    basis: "Arrêté du 8 novembre 2018 relatif au téléservice dénommé « FranceConnect » créé par la direction interministérielle du numérique et du système d'information et de communication de l'Etat",
    url: "https://www.legifrance.gouv.fr/loda/id/JORFTEXT000037611479",
};
const HEALTH: Citation = Citation {
    words: "Citer l’arrêté du 28 mars 2022 (services numériques en santé)",
    basis: "Arrêté du 28 mars 2022 portant approbation du référentiel relatif à l'identification électronique des acteurs des secteurs sanitaire, médico-social et social, personnes physiques et morales, et à l'identification électronique des usagers des services numériques en santé",
    url: "https://www.legifrance.gouv.fr/jorf/id/JORFTEXT000045457991",
};

pub(super) fn fields(Filling { form, uploads, .. }: Filling) -> AnyView {
    let situation = move || {
        form.look(&[Field::OrganisationKind, Field::PrivateBasis], |draft| {
            (draft.organisation.kind.value(), draft.organisation.private_basis.value())
        })
    };
    let franceconnect = move || match situation() {
        (Some(OrganisationKind::Administration), _) | (_, Some(PrivateBasis::AddressChange)) => {
            Some(citation(form, &FRANCECONNECT))
        }
        _ => None,
    };
    let own_text = move || {
        let (kind, basis) = situation();
        let bound = kind.is_some_and(OrganisationKind::is_private) && basis == Some(PrivateBasis::IdentityVerification);
        bound.then(|| {
            view! {
                <p class="note">
                    {"Citez le texte qui vous impose de vérifier l’identité de vos utilisateurs."}
                </p>
            }
        })
    };
    view! {
        <div class="suggestions">
            <p class="hint">{"Selon votre cas, ces textes peuvent être cités en un clic. Vous pourrez les modifier."}</p>
            {franceconnect}
            {citation(form, &HEALTH)}
            {own_text}
        </div>
        {text_area(form, Field::LegalBasis)}
        {text(form, Field::LegalUrl, Look::ADDRESS)}
        {documents(form, Field::LegalDocuments, uploads)}
    }
    .into_any()
}

fn citation(form: Form, citation: &'static Citation) -> AnyView {
    let cite = move |_| {
        form.edit(Field::LegalBasis, Value::Text(citation.basis));
        form.edit(Field::LegalUrl, Value::Text(citation.url));
        form.leave(Field::LegalBasis);
        form.leave(Field::LegalUrl);
    };
    view! { <button type="button" class="button" on:click=cite>{citation.words}</button> }.into_any()
}
