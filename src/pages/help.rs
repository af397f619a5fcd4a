//! Answers to common questions, and where to turn.

use leptos::prelude::*;

use crate::components::{Section, Sheet, external, link, mail, paragraph};
use crate::context::Settings;
use crate::html::{Bare, live};
use crate::model::wire::Contacts;
use crate::navigation::Place;

/// Shows the help page.
#[component]
pub(super) fn Help() -> impl IntoView {
    let settings = Settings::get();
    let config = settings.config;
    let answers = live(move || view! { <Answers contacts=config.with(|config| config.contacts.clone()) /> }.into_any());
    view! { <Sheet title="Aide">{answers}</Sheet> }
}

/// Shows the questions, each with its answer.
#[component]
fn Answers(contacts: Contacts) -> impl IntoView {
    let change = write_to(
        &contacts.support_email,
        " en indiquant son numéro. Une demande déjà acceptée peut aussi être modifiée : l’ancienne version reste valable jusqu’à ce que la nouvelle soit acceptée.",
    );
    let access = write_to(
        &contacts.access_email,
        " en indiquant si possible le numéro de la demande, ainsi que le nom et le SIRET de l’organisation.",
    );
    let others: Vec<_> =
        [Some(write_to(&contacts.support_email, ".")), webinar(&contacts.webinar_url), Some(eligibility())]
            .into_iter()
            .flatten()
            .collect();
    view! {
        <Section title="Faut-il tout savoir pour commencer ?">
            {paragraph("Non. Répondez à ce que vous savez déjà : la demande reste un brouillon, enregistré au fur et à mesure, et vous la complétez quand vous voulez. Les réponses obligatoires ne sont exigées qu’au moment de l’envoi.")}
        </Section>
        <Section title="Quand aurai‑je une réponse ?">
            {paragraph("En quelques jours dans la plupart des cas. Si le cadre juridique demande une analyse approfondie, l’équipe FranceConnect échange avec vous et la réponse peut prendre plusieurs semaines. Vous la recevez toujours par courriel.")}
        </Section>
        <Section title="Ma demande est encore un brouillon : pourquoi ?">
            {paragraph("Elle n’a pas été envoyée. Ouvrez-la, allez à l’étape « Relire et envoyer », puis utilisez le bouton « Envoyer la demande ».")}
        </Section>
        <Section title="Comment modifier une demande envoyée ?">
            {change}
        </Section>
        <Section title="Mes contacts vont changer : dois‑je attendre ?">
            {paragraph("Non. Envoyez la demande avec les contacts actuels : ils pourront être mis à jour ensuite.")}
        </Section>
        <Section title="Pourquoi demander un portable pour le contact technique ?">
            {paragraph("Un code d’accès lui est envoyé par SMS. Sans numéro de portable, la demande ne peut pas être envoyée.")}
        </Section>
        <Section title="Je ne retrouve plus ma demande, ou la personne qui l’a faite est partie">
            {access}
        </Section>
        <Section title="À qui poser une autre question ?">
            {others}
        </Section>
    }
}

fn write_to(address: &str, rest: &'static str) -> Bare {
    paragraph("Écrivez à ").child(mail(address)).child(rest)
}

fn webinar(address: &str) -> Option<Bare> {
    let link = || external(address, "s’inscrire ou se connecter au webinaire");
    (!address.is_empty())
        .then(|| paragraph("Un webinaire d’information a lieu chaque mois : ").child(link()).child("."))
}

fn eligibility() -> Bare {
    paragraph("Pour savoir si votre organisation est concernée, faites le ")
        .child(link(&Place::Eligibility, "", "test d’éligibilité"))
        .child(".")
}
