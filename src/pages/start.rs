//! The start page: what a request is for, what to have at hand, what happens next.

use leptos::prelude::*;

use super::sheet;
use crate::navigation::{Place, href};

const AT_HAND: [&str; 7] = [
    "le numéro SIRET de votre organisation ;",
    "une description du service et, si vous en avez, des maquettes ;",
    "la date de mise en service prévue et le nombre de démarches par an ;",
    "la liste des données d’identité dont la démarche a besoin, leurs destinataires et leur durée de conservation ;",
    "la référence du texte qui autorise le traitement ;",
    "les coordonnées du responsable du traitement et du délégué à la protection des données ;",
    "celles du contact technique, avec un numéro de portable.",
];

/// The start page.
pub fn start() -> AnyView {
    let content = view! {
        <p class="lead">
            {"Demandez à proposer FranceConnect ou FranceConnect+ aux usagers de votre service en ligne."}
        </p>
        <p class="actions">
            <a class="button main" href=href(&Place::NewRequest)>{"Commencer une demande"}</a>
            <a class="button" href=href(&Place::Requests)>{"Reprendre une demande"}</a>
        </p>
        <p>
            <a href=href(&Place::Eligibility)>{"Mon organisation peut-elle faire une demande ?"}</a>
        </p>
        <section class="section">
            <h2>{"Ce qu’il vous faut"}</h2>
            <ul>{AT_HAND.iter().map(|item| view! { <li>{*item}</li> }).collect_view()}</ul>
        </section>
        <section class="section">
            <h2>{"À votre rythme"}</h2>
            <p>
                {"La demande compte huit étapes. Remplissez-les dans l’ordre qui vous convient : vos réponses sont enregistrées au fur et à mesure. Vous pouvez vous arrêter, même sans tout savoir, et reprendre plus tard, sur cet appareil ou sur un autre."}
            </p>
        </section>
        <section class="section">
            <h2>{"Et ensuite ?"}</h2>
            <p>
                {"Une fois la demande envoyée, l’équipe FranceConnect l’examine et vous répond par courriel : en quelques jours dans la plupart des cas, en quelques semaines si le cadre juridique demande une analyse approfondie."}
            </p>
        </section>
    };
    sheet("Demander à utiliser FranceConnect", content.into_any())
}
