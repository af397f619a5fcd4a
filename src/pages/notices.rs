//! Notices that the law asks for: accessibility, legal notice, personal data. The operator's own texts come from the
//! configuration; the page says so where one is missing.

use leptos::prelude::*;

use crate::components::{Section, Sheet, external, mail, paragraph};
use crate::context::{Session, Settings};
use crate::html::{live, span};
use crate::model::wire::Operator;

/// Tells how accessible the site is.
#[component]
pub(super) fn Accessibility() -> impl IntoView {
    let config = Settings::get().config;
    let contact = span().child(live(move || {
        config.with(|config| match config.operator.accessibility_email.as_str() {
            "" => mail(&config.contacts.support_email),
            own => mail(own),
        })
    }));
    view! {
        <Sheet title="Accessibilité : non conforme">
            <Section title="État de conformité">
                {paragraph("Ce site n’est pas conforme au référentiel général d’amélioration de l’accessibilité (RGAA 4.1.2), parce qu’aucun audit n’a encore été fait. Il est conçu pour être utilisé au clavier, avec un lecteur d’écran, sur un petit écran et avec un fort grossissement.")}
            </Section>
            <Section title="Signaler une difficulté">
                {paragraph("Si un contenu ou une étape vous est inaccessible, écrivez à ").child(contact).child(" : nous vous répondrons et vous proposerons une autre façon de faire votre demande.")}
            </Section>
            <Section title="Voies de recours">
                {paragraph("Si vous n’obtenez pas de réponse satisfaisante, vous pouvez saisir le Défenseur des droits : ")
                    .child(external("https://formulaire.defenseurdesdroits.fr/", "formulaire.defenseurdesdroits.fr"))
                    .child(".")}
            </Section>
        </Sheet>
    }
}

/// Tells who publishes the site.
#[component]
pub(super) fn LegalNotice() -> impl IntoView {
    view! {
        <Sheet title="Mentions légales">
            <OperatorText text=|operator| &operator.legal_notice />
        </Sheet>
    }
}

/// Tells how personal data are processed.
#[component]
pub(super) fn PersonalData() -> impl IntoView {
    let words = if Session::get().api().is_local() {
        "Dans cette démonstration, tout ce que vous écrivez et tous les fichiers que vous ajoutez restent dans ce navigateur : un brouillon jusqu’à ce que vous le supprimiez, une demande envoyée jusqu’à ce que vous utilisiez « Tout effacer », dans « Mes demandes ». Effacer les données de ce site dans les réglages du navigateur les efface aussi. Les fichiers y prennent 100 Mo au plus. Ce site garde aussi le thème choisi. Il ne suit pas votre navigation."
    } else {
        "Pour ne perdre aucune réponse, ce navigateur garde une copie de chaque brouillon jusqu’à l’envoi ou la suppression de la demande, et 30 jours au plus une fois vos réponses enregistrées. Tant que vous êtes connecté, il garde aussi votre nom et vos coordonnées, pour afficher vos réponses même quand le service ne répond pas. À la déconnexion, il efface ces copies, sauf les réponses qui ne sont pas encore enregistrées, si vous choisissez de les garder. Dans chaque demande, vous pouvez effacer cette copie, ou dire que l’ordinateur est partagé : elle est alors effacée dès que vous fermez l’onglet. Ce site garde aussi le thème choisi et un témoin de connexion (cookie), nécessaires à son fonctionnement. Il ne suit pas votre navigation."
    };
    view! {
        <Sheet title="Données personnelles">
            <OperatorText text=|operator| &operator.personal_data />
            <Section title="Ce que ce site garde sur votre appareil">{paragraph(words)}</Section>
        </Sheet>
    }
}

/// Shows a text of the operator: paragraphs that empty lines separate.
#[component]
fn OperatorText(text: fn(&Operator) -> &str) -> impl IntoView {
    let config = Settings::get().config;
    live(move || {
        config.with(|config| match text(&config.operator).trim() {
            "" => vec![paragraph("Ce texte n’est pas encore disponible.").attr("class", "note")],
            text => text.split("\n\n").map(|words| paragraph(words.trim()).attr("class", "preserve-lines")).collect(),
        })
    })
}
