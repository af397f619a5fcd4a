//! The start page: what a request is for, what to have at hand, what happens next.

use super::help::section;
use super::sheet;
use crate::dom::{Element, View, element, link, paragraph};
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

/// The start page.
#[must_use]
pub fn start() -> View {
    let lead = "Demandez à proposer FranceConnect ou FranceConnect+ aux usagers de votre service en ligne.";
    let resume = link(&Place::Requests, "button", "Reprendre une demande");
    let eligibility = link(&Place::Eligibility, "", "Mon organisation peut-elle faire une demande ?");
    let at_hand: Vec<Element> = AT_HAND.iter().map(|item| element("li").text(item)).collect();
    let content = vec![
        paragraph(lead).class("lead"),
        element("p").class("actions").child(begin()).child(resume),
        element("p").child(eligibility),
        section("Ce qu’il vous faut").child(element("ul").child(at_hand)),
        section("À votre rythme").child(paragraph(
            "La demande compte huit étapes. Remplissez-les dans l’ordre qui vous convient. Vos réponses sont enregistrées au fur et à mesure : vous pouvez vous arrêter, même sans tout savoir, et reprendre plus tard, sur cet appareil ou sur un autre.",
        )),
        section("Et ensuite ?").child(paragraph(
            "Une fois la demande envoyée, l’équipe FranceConnect l’examine et vous répond par courriel : en quelques jours dans la plupart des cas, en quelques semaines si le cadre juridique demande une analyse approfondie.",
        )),
    ];
    sheet("Demander à utiliser FranceConnect", content)
}

/// The way to a new request.
pub(super) fn begin() -> Element {
    link(&Place::NewRequest, "button main", "Commencer une demande")
}
