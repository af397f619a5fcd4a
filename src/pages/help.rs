//! Answers to common questions, and where to turn.

use leptos::prelude::*;

use super::eligibility::mail;
use super::sheet;
use crate::app::App;
use crate::navigation::{Place, href};

fn question(words: &'static str, answer: AnyView) -> AnyView {
    view! {
        <section class="section">
            <h2>{words}</h2>
            {answer}
        </section>
    }
    .into_any()
}

fn paragraph(words: &'static str) -> AnyView {
    view! { <p>{words}</p> }.into_any()
}

/// The help page.
pub fn help() -> AnyView {
    let content = move || {
        let contacts = App::get().config().with(|config| config.contacts.clone());
        let webinar = (!contacts.webinar_url.is_empty()).then(|| {
            let address = contacts.webinar_url.clone();
            view! {
                <p>
                    {"Un webinaire d’information a lieu le premier mardi de chaque mois à 12 h : "}
                    <a href=address rel="external noopener">{"s’y connecter"}</a>
                    {"."}
                </p>
            }
        });
        view! {
            {question(
                "Faut-il tout savoir pour commencer ?",
                paragraph(
                    "Non. Répondez à ce que vous savez déjà : la demande reste un brouillon, enregistré au fur et à mesure, et vous la complétez quand vous voulez. Seul l’envoi demande que tout soit rempli.",
                ),
            )}
            {question(
                "Quand aurai-je une réponse ?",
                paragraph(
                    "En quelques jours dans la plupart des cas. Si le cadre juridique demande une analyse approfondie, l’équipe FranceConnect échange avec vous et la réponse peut prendre plusieurs semaines. Vous la recevez toujours par courriel.",
                ),
            )}
            {question(
                "Ma demande est encore un brouillon : pourquoi ?",
                paragraph(
                    "Elle n’a pas été envoyée. Ouvrez-la, allez à l’étape « Relire et envoyer », puis utilisez le bouton « Envoyer la demande ».",
                ),
            )}
            {question(
                "Comment modifier une demande envoyée ?",
                view! {
                    <p>
                        {"Écrivez à "}
                        {mail(&contacts.support_email)}
                        {" en indiquant son numéro. Une demande déjà acceptée peut aussi être modifiée : l’ancienne version reste valable jusqu’à ce que la nouvelle soit acceptée."}
                    </p>
                }
                    .into_any(),
            )}
            {question(
                "Mes contacts vont changer : dois-je attendre ?",
                paragraph("Non. Envoyez la demande avec les contacts actuels : ils pourront être mis à jour ensuite."),
            )}
            {question(
                "Pourquoi demander un portable pour le contact technique ?",
                paragraph("Un code d’accès lui est envoyé par SMS. Sans numéro de portable, la demande ne peut pas être acceptée."),
            )}
            {question(
                "Je ne retrouve plus ma demande, ou la personne qui l’a faite est partie",
                view! {
                    <p>
                        {"Écrivez à "}
                        {mail(&contacts.access_email)}
                        {" en indiquant si possible le numéro de la demande, ainsi que le nom et le SIRET de l’organisation."}
                    </p>
                }
                    .into_any(),
            )}
            {question(
                "À qui poser une autre question ?",
                view! {
                    <p>{"Écrivez à "} {mail(&contacts.support_email)} {"."}</p>
                    {webinar}
                    <p>
                        {"Pour savoir si votre organisation est concernée, faites le "}
                        <a href=href(&Place::Eligibility)>{"test d’éligibilité"}</a>
                        {"."}
                    </p>
                }
                    .into_any(),
            )}
        }
    };
    sheet("Aide", content.into_any())
}
