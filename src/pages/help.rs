//! Answers to common questions, and where to turn.

use super::sheet;
use crate::app::{self, App};
use crate::dom::{Element, View, element, link, live, paragraph};
use crate::model::wire::Contacts;
use crate::navigation::Place;
use leptos::prelude::*;

/// The help page.
#[must_use]
pub(super) fn help() -> View {
    let config = App::get().config();
    sheet("Aide", live(move || config.with(|config| answers(&config.contacts))))
}

fn answers(contacts: &Contacts) -> Vec<Element> {
    vec![
        section("Faut-il tout savoir pour commencer ?").child(paragraph(
            "Non. Répondez à ce que vous savez déjà : la demande reste un brouillon, enregistré au fur et à mesure, et vous la complétez quand vous voulez. Les réponses obligatoires ne sont exigées qu’au moment de l’envoi.",
        )),
        section("Quand aurai‑je une réponse ?").child(paragraph(
            "En quelques jours dans la plupart des cas. Si le cadre juridique demande une analyse approfondie, l’équipe FranceConnect échange avec vous et la réponse peut prendre plusieurs semaines. Vous la recevez toujours par courriel.",
        )),
        section("Ma demande est encore un brouillon : pourquoi ?").child(paragraph(
            "Elle n’a pas été envoyée. Ouvrez-la, allez à l’étape « Relire et envoyer », puis utilisez le bouton « Envoyer la demande ».",
        )),
        section("Comment modifier une demande envoyée ?").child(write_to(
            &contacts.support_email,
            " en indiquant son numéro. Une demande déjà acceptée peut aussi être modifiée : l’ancienne version reste valable jusqu’à ce que la nouvelle soit acceptée.",
        )),
        section("Mes contacts vont changer : dois‑je attendre ?").child(paragraph(
            "Non. Envoyez la demande avec les contacts actuels : ils pourront être mis à jour ensuite.",
        )),
        section("Pourquoi demander un portable pour le contact technique ?").child(paragraph(
            "Un code d’accès lui est envoyé par SMS. Sans numéro de portable, la demande ne peut pas être envoyée.",
        )),
        section("Je ne retrouve plus ma demande, ou la personne qui l’a faite est partie").child(write_to(
            &contacts.access_email,
            " en indiquant si possible le numéro de la demande, ainsi que le nom et le SIRET de l’organisation.",
        )),
        section("À qui poser une autre question ?")
            .child(write_to(&contacts.support_email, "."))
            .child(webinar(&contacts.webinar_url))
            .child(eligibility()),
    ]
}

fn write_to(address: &str, rest: &str) -> Element {
    paragraph("Écrivez à ").child(mail(address)).text(rest)
}

fn webinar(address: &str) -> Option<Element> {
    let words = "Un webinaire d’information a lieu chaque mois : ";
    (!address.is_empty())
        .then(|| paragraph(words).child(external(address, "s’inscrire ou se connecter au webinaire")).text("."))
}

fn eligibility() -> Element {
    paragraph("Pour savoir si votre organisation est concernée, faites le ")
        .child(link(&Place::Eligibility, "", "test d’éligibilité"))
        .text(".")
}

/// A part of a page under a heading of its own.
pub(super) fn section(heading: &str) -> Element {
    element("section").class("section").child(app::heading(2, heading))
}

/// An e-mail address as a link.
pub(super) fn mail(address: &str) -> Element {
    element("a").attr("href", &["mailto:", address].concat()).attr("rel", "external").text(address)
}

/// A link to a site that is not ours.
pub(super) fn external(address: &str, words: &str) -> Element {
    element("a").attr("href", address).attr("rel", "external noopener").text(words)
}
