//! The start page: what a request is for, what to have at hand, what happens next.

use leptos::prelude::*;

use crate::components::{Section, Sheet, link, new_request_link, paragraph};
use crate::html::{li, p, ul};
use crate::navigation::Place;

const AT_HAND: [&str; 7] = [
    "le numéro SIRET de votre organisation ;",
    "une description du service et, si vous en avez, des maquettes ;",
    "la date de mise en service prévue et le nombre de démarches par an ;",
    "la liste des données d’identité dont la démarche a besoin, leurs destinataires et leur durée de conservation ;",
    "la référence du texte qui autorise le traitement ;",
    "les coordonnées du responsable du traitement et du délégué à la protection des données ;",
    "celles du contact technique, avec un numéro de portable.",
];

/// Shows the start page.
#[component]
pub fn Start() -> impl IntoView {
    let lead = "Demandez à proposer FranceConnect ou FranceConnect+ aux usagers de votre service en ligne.";
    let resume = link(&Place::Requests, "button", "Reprendre une demande");
    let eligibility = link(&Place::Eligibility, "", "Mon organisation peut-elle faire une demande ?");
    let at_hand: Vec<_> = AT_HAND.iter().map(|item| li().child(*item)).collect();
    view! {
        <Sheet title="Demander à utiliser FranceConnect">
            {paragraph(lead).attr("class", "lead")}
            {p().attr("class", "actions").child(new_request_link()).child(resume)}
            {p().child(eligibility)}
            <Section title="Ce qu’il vous faut">{ul().child(at_hand)}</Section>
            <Section title="À votre rythme">
                {paragraph(
                    "La demande compte huit étapes. Remplissez-les dans l’ordre qui vous convient. Vos réponses sont enregistrées au fur et à mesure : vous pouvez vous arrêter, même sans tout savoir, et reprendre plus tard, sur cet appareil ou sur un autre.",
                )}
            </Section>
            <Section title="Et ensuite ?">
                {paragraph(
                    "Une fois la demande envoyée, l’équipe FranceConnect l’examine et vous répond par courriel : en quelques jours dans la plupart des cas, en quelques semaines si le cadre juridique demande une analyse approfondie.",
                )}
            </Section>
        </Sheet>
    }
}
