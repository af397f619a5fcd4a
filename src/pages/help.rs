//! Help: common questions with their answers, and addresses to write to.

use leptos::prelude::*;

use crate::components::{Section, Sheet, external, link, mail, paragraph};
use crate::context::Settings;
use crate::html::live;
use crate::model::place::public::PublicFilter;
use crate::model::wire::Contacts;
use crate::navigation::Place;

/// Shows the help page.
#[component]
pub(super) fn Help() -> impl IntoView {
    let settings = Settings::get();
    let config = settings.config;
    let questions =
        live(move || view! { <FrequentQuestions contacts=config.with(|config| config.contacts.clone()) /> }.into_any());
    view! { <Sheet title="Aide">{questions}</Sheet> }
}

/// Returns the place of the public list.
fn public_list() -> Place {
    Place::PublicList(PublicFilter::default().query())
}

/// Shows the questions, each with its answer.
#[component]
fn FrequentQuestions(contacts: Contacts) -> impl IntoView {
    let Contacts { support_email, access_email, webinar_url, .. } = contacts;
    let support = support_email.clone();
    let webinar = (!webinar_url.is_empty()).then(|| view! { <Webinar address=webinar_url /> });
    view! {
        <Section title="Faut-il tout savoir pour commencer ?">
            {paragraph("Non. Répondez à ce que vous savez déjà : la demande reste un brouillon, enregistré au fur et à mesure, et vous la complétez quand vous voulez. Les réponses obligatoires ne sont exigées qu’au moment de l’envoi.")}
        </Section>
        <Section title="Quand aurai-je une réponse ?">
            {paragraph("En quelques jours dans la plupart des cas. Si le cadre juridique demande une analyse approfondie, l’équipe FranceConnect échange avec vous et la réponse peut prendre plusieurs semaines. Vous la recevez toujours par courriel.")}
        </Section>
        <Section title="Ma demande est encore un brouillon : pourquoi ?">
            {paragraph("Elle n’a pas été envoyée. Ouvrez-la, allez à l’étape « Relire et envoyer », puis utilisez le bouton « Envoyer la demande ».")}
        </Section>
        <Section title="Comment modifier une demande envoyée ?">
            <WriteTo
                address=support
                then=" en indiquant son numéro. Une demande déjà acceptée peut aussi être modifiée : l’ancienne version reste valable jusqu’à ce que la nouvelle soit acceptée."
            />
        </Section>
        <Section title="Mes contacts vont changer : dois-je attendre ?">
            {paragraph("Non. Envoyez la demande avec les contacts actuels : ils pourront être mis à jour ensuite.")}
        </Section>
        <Section title="Pourquoi demander un portable pour le contact technique ?">
            {paragraph("Un code d’accès est envoyé par SMS à cette personne. Sans numéro de portable, la demande ne peut pas être envoyée.")}
        </Section>
        <Section title="Je ne retrouve plus ma demande, ou la personne qui l’a faite est partie">
            <WriteTo
                address=access_email
                then=" en indiquant si possible le numéro de la demande, ainsi que le nom et le SIRET de l’organisation."
            />
        </Section>
        <Section title="Quels services utilisent FranceConnect ?">
            {paragraph("La liste des ").child(link(&public_list(), "", "habilitations en vigueur")).child(" est publique.")}
        </Section>
        <Section title="À qui poser une autre question ?">
            <WriteTo address=support_email then="." />
            {webinar}
            <EligibilityCheck />
        </Section>
    }
}

/// Tells to write to an address, and what to say.
#[component]
fn WriteTo(address: String, then: &'static str) -> impl IntoView {
    paragraph("Écrivez à ").child(mail(&address)).child(then)
}

#[component]
fn Webinar(address: String) -> impl IntoView {
    let link = external(&address, "s’inscrire ou se connecter au webinaire");
    paragraph("Un webinaire d’information a lieu chaque mois : ").child(link).child(".")
}

#[component]
fn EligibilityCheck() -> impl IntoView {
    let link = link(&Place::Eligibility, "", "test d’éligibilité");
    paragraph("Pour savoir si votre organisation est concernée, faites le ").child(link).child(".")
}
