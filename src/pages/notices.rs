//! What the law wants said: accessibility, legal notice, personal data. The operator's own words come from the
//! configuration; where they are missing, the page says so rather than make some up.

use super::help::{external, mail, section};
use super::sheet;
use crate::app::App;
use crate::dom::{Element, View, live, paragraph};
use crate::model::wire::{Operator, PageConfig};
use leptos::prelude::*;

/// How accessible the site is.
#[must_use]
pub(super) fn accessibility() -> View {
    let config = App::get().config();
    let contact = live(move || config.with(accessibility_contact));
    let content = vec![
        section("État de conformité").child(paragraph(
            "Ce site n’est pas conforme au référentiel général d’amélioration de l’accessibilité (RGAA 4.1.2), parce qu’aucun audit n’a encore été fait. Il est conçu pour être utilisé au clavier, avec un lecteur d’écran, sur un petit écran et avec un fort grossissement.",
        )),
        section("Signaler une difficulté").child(
            paragraph("Si un contenu ou une étape vous est inaccessible, écrivez à ")
                .child(contact)
                .text(" : nous vous répondrons et vous proposerons une autre façon de faire votre demande."),
        ),
        section("Voies de recours").child(
            paragraph("Si vous n’obtenez pas de réponse satisfaisante, vous pouvez saisir le Défenseur des droits : ")
                .child(external("https://formulaire.defenseurdesdroits.fr/", "formulaire.defenseurdesdroits.fr"))
                .text("."),
        ),
    ];
    sheet("Accessibilité : non conforme", content)
}

fn accessibility_contact(config: &PageConfig) -> Element {
    let own = &config.operator.accessibility_email;
    mail(if own.is_empty() { &config.contacts.support_email } else { own })
}

/// Who publishes the site.
#[must_use]
pub(super) fn legal_notice() -> View {
    sheet("Mentions légales", told_by_operator(|operator| &operator.legal_notice))
}

/// What becomes of personal data.
#[must_use]
pub(super) fn personal_data() -> View {
    let words = if App::get().api().is_local() {
        "Dans cette démonstration, tout ce que vous écrivez et tous les fichiers que vous ajoutez restent dans ce navigateur : un brouillon jusqu’à ce que vous le supprimiez, une demande envoyée jusqu’à ce que vous effaciez les données de ce site dans les réglages du navigateur. Les fichiers y prennent 100 Mo au plus. Ce site garde aussi le thème choisi. Il ne suit pas votre navigation."
    } else {
        "Pour ne perdre aucune réponse, ce navigateur garde une copie de chaque brouillon jusqu’à l’envoi ou la suppression de la demande, et 30 jours au plus une fois vos réponses enregistrées. Tant que vous êtes connecté, il garde aussi votre nom et vos coordonnées, pour afficher vos réponses même quand le service ne répond pas. À la déconnexion, il ne garde que les réponses qui ne sont pas encore enregistrées, et seulement si vous le voulez. Dans chaque demande, vous pouvez effacer cette copie, ou dire que l’ordinateur est partagé : elle est alors effacée dès que vous fermez l’onglet. Ce site garde aussi le thème choisi et un témoin de connexion (cookie), nécessaires à son fonctionnement. Il ne suit pas votre navigation."
    };
    let on_device = section("Ce que ce site garde sur votre appareil").child(paragraph(words));
    let content = vec![told_by_operator(|operator| &operator.personal_data), on_device.into()];
    sheet("Données personnelles", content)
}

/// A text of the operator.
fn told_by_operator(text: fn(&Operator) -> &str) -> View {
    let config = App::get().config();
    live(move || config.with(|config| paragraphs(text(&config.operator))))
}

fn paragraphs(text: &str) -> Vec<Element> {
    if text.trim().is_empty() {
        return vec![paragraph("Ce texte n’est pas encore disponible.").class("note")];
    }
    text.split("\n\n").map(|words| paragraph(words.trim()).class("lines")).collect()
}
