//! Self-check of eligibility: a help that bars nobody from a request.

use leptos::ev;
use leptos::prelude::*;

use crate::components::{Sheet, choice, external, heading, mail, new_request_link, paragraph};
use crate::context::{Announcer, Settings};
use crate::html::{div, fieldset, holds, input, legend, live, p};
use crate::model::draft::PrivateBasis;
use crate::model::eligibility::{Asker, Eligibility as Verdict, of};
use crate::model::{ClosedList, Field};
use crate::texts::fields;

/// Shows the eligibility check.
#[component]
pub(super) fn Eligibility() -> impl IntoView {
    // The answers as on the wire, empty until there is one.
    let (asker, basis) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let chosen = move || Asker::parse(&asker.get());
    let basis_question = move || (chosen() == Some(Asker::PrivateBody)).then(|| view! { <BasisQuestion basis /> });
    let outcome = move || {
        let verdict = of(chosen()?, PrivateBasis::parse(&basis.get()));
        Some(view! { <Outcome verdict /> })
    };
    let lead = "Répondez à une ou deux questions. Ce test vous aide à vous situer : la direction interministérielle du numérique (DINUM) décide en examinant la demande.";
    view! {
        <Sheet title="Mon organisation peut-elle faire une demande ?">
            {paragraph(lead).attr("class", "lead")}
            <AskerQuestion asker />
            {live(basis_question)}
            {live(outcome)}
        </Sheet>
    }
}

/// Asks who wants to use FranceConnect.
#[component]
fn AskerQuestion(asker: RwSignal<String>) -> impl IntoView {
    let option = |value: &Asker| {
        let (words, help) = match value {
            Asker::Individual => ("Un particulier", ""),
            Asker::Administration => fields::option(Field::OrganisationKind, "administration"),
            Asker::PrivateBody => ("Une entreprise ou une association", ""),
        };
        view! { <Radio name="asker" value=value.as_str() chosen=asker words help /> }.into_any()
    };
    view! { <EligibilityQuestion words="Vous êtes…" options=Asker::ALL.iter().map(option).collect() /> }
}

/// Asks on which ground a private body may ask.
#[component]
fn BasisQuestion(basis: RwSignal<String>) -> impl IntoView {
    let option = |value: &PrivateBasis| {
        let (words, _) = fields::option(Field::PrivateBasis, value.as_str());
        view! { <Radio name="basis" value=value.as_str() chosen=basis words help="" /> }.into_any()
    };
    let options = PrivateBasis::ALL.iter().map(option).collect();
    view! { <EligibilityQuestion words=fields::of(Field::PrivateBasis).label options /> }
}

/// Shows a question with its options.
#[component]
fn EligibilityQuestion(words: &'static str, options: Vec<AnyView>) -> impl IntoView {
    fieldset().attr("class", "field").child(legend().child(words)).child(div().attr("class", "choices").child(options))
}

#[component]
fn Radio(
    name: &'static str,
    value: &'static str,
    chosen: RwSignal<String>,
    words: &'static str,
    help: &'static str,
) -> impl IntoView {
    let input = input()
        .attr("type", "radio")
        .attr("name", name)
        .attr("value", value)
        .prop("checked", holds(move || chosen.with(|chosen| chosen == value)))
        .on(ev::change, move |_| chosen.set(value.to_owned()));
    choice(input, words, help, None)
}

/// Tells what follows from the answers, once enough are given.
#[component]
fn Outcome(verdict: Verdict) -> impl IntoView {
    match verdict {
        Verdict::NeedsBasis => ().into_any(),
        Verdict::Eligible => view! { <Eligible /> }.into_any(),
        Verdict::ProbablyNot => view! { <ProbablyNot /> }.into_any(),
        Verdict::Not => view! { <NotForIndividuals /> }.into_any(),
    }
}

#[component]
fn Eligible() -> impl IntoView {
    view! {
        <VerdictSection class="success" title="Votre organisation peut faire une demande">
            {paragraph("Vous pourrez vous arrêter à tout moment, et reprendre plus tard.")}
            {p().attr("class", "actions").child(new_request_link())}
        </VerdictSection>
    }
}

#[component]
fn ProbablyNot() -> impl IntoView {
    let support = Settings::get().config.with(|config| mail(&config.contacts.support_email));
    view! {
        <VerdictSection class="note" title="Votre organisation n’est probablement pas éligible">
            {paragraph(
                "L’arrêté du 8 novembre 2018 ouvre FranceConnect aux organisations privées dans deux cas : des services liés au changement d’adresse, ou l’obligation de vérifier l’identité de leurs utilisateurs.",
            )}
            {paragraph("Si vous pensez être dans l’un de ces cas, faites la demande, ou écrivez à ").child(support).child(".")}
            {p().attr("class", "actions").child(new_request_link())}
        </VerdictSection>
    }
}

#[component]
fn NotForIndividuals() -> impl IntoView {
    let more = external("https://franceconnect.gouv.fr/", "En savoir plus sur franceconnect.gouv.fr");
    view! {
        <VerdictSection class="note" title="Les particuliers ne font pas de demande">
            {paragraph(
                "Pour vous connecter à un service avec FranceConnect, il n’y a rien à demander : utilisez le bouton FranceConnect du service.",
            )}
            {p().child(more)}
        </VerdictSection>
    }
}

/// Shows a verdict under its heading, and announces it.
#[component]
fn VerdictSection(class: &'static str, title: &'static str, children: Children) -> impl IntoView {
    Announcer::get().announce(title);
    div().attr("class", class).child(heading(2, title)).child(children())
}
