//! What the law wants said: accessibility, legal notice, personal data. The operator's own words come from the
//! configuration; where they are missing, the page says so rather than make some up.

use leptos::prelude::*;

use super::eligibility::mail;
use super::sheet;
use crate::app::App;

/// The operator's words as paragraphs.
fn paragraphs(words: &str) -> AnyView {
    if words.trim().is_empty() {
        return view! { <p class="note">{"La personne qui exploite ce site n’a pas encore renseigné ce texte."}</p> }
            .into_any();
    }
    words
        .split("\n\n")
        .map(|paragraph| view! { <p class="lines">{paragraph.trim().to_owned()}</p> })
        .collect_view()
        .into_any()
}

/// How accessible the site is.
pub fn accessibility() -> AnyView {
    let contact = move || {
        App::get().config().with(|config| {
            let own = &config.operator.accessibility_email;
            mail(if own.is_empty() { &config.contacts.support_email } else { own })
        })
    };
    let content = view! {
        <section class="section">
            <h2>{"État de conformité"}</h2>
            <p>
                {"Ce site n’est pas conforme au référentiel général d’amélioration de l’accessibilité (RGAA 4.1.2), parce qu’aucun audit n’a encore été fait. Il a été conçu et testé pour être utilisé au clavier, avec un lecteur d’écran, sur un petit écran et avec un fort grossissement."}
            </p>
        </section>
        <section class="section">
            <h2>{"Signaler une difficulté"}</h2>
            <p>
                {"Si un contenu ou une étape vous est inaccessible, écrivez à "}
                {contact}
                {" : nous vous répondrons et vous proposerons une autre façon de faire votre demande."}
            </p>
        </section>
        <section class="section">
            <h2>{"Voies de recours"}</h2>
            <p>
                {"Si vous n’obtenez pas de réponse satisfaisante, vous pouvez saisir le Défenseur des droits : "}
                <a href="https://formulaire.defenseurdesdroits.fr/" rel="external noopener">
                    {"formulaire.defenseurdesdroits.fr"}
                </a>
                {"."}
            </p>
        </section>
    };
    sheet("Accessibilité : non conforme", content.into_any())
}

/// Who publishes the site.
pub fn legal_notice() -> AnyView {
    let words = move || App::get().config().with(|config| paragraphs(&config.operator.legal_notice));
    sheet("Mentions légales", words.into_any())
}

/// What becomes of personal data.
pub fn personal_data() -> AnyView {
    let words = move || App::get().config().with(|config| paragraphs(&config.operator.personal_data));
    let content = view! {
        {words}
        <section class="section">
            <h2>{"Ce que ce site garde sur votre appareil"}</h2>
            <p>
                {"Pour ne perdre aucune réponse, une copie de chaque brouillon reste dans ce navigateur jusqu’à l’envoi ou la suppression de la demande. Ce site garde aussi le thème choisi et un témoin de connexion, nécessaire à son fonctionnement. Il ne mesure pas votre navigation."}
            </p>
        </section>
    };
    sheet("Données personnelles", content.into_any())
}
