//! Whether one's organisation may ask: a help, never a wall.

use leptos::ev;
use leptos::prelude::*;

use crate::components::{Sheet, choice, external, heading, mail, new_request_link, paragraph};
use crate::context::{Announcer, Settings};
use crate::html::{Element, Input, div, fieldset, holds, input, legend, live, p};
use crate::model::draft::PrivateBasis;
use crate::model::eligibility::{Asker, Eligibility as Verdict, of};
use crate::model::{ClosedList, Field};
use crate::texts::fields;

/// Shows the eligibility check.
#[component]
pub(super) fn Eligibility() -> impl IntoView {
    // The answers as on the wire, empty until there is one.
    let (asker, basis) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let who = move || Asker::parse(&asker.get());
    let answer = move || who().and_then(|asker| verdict(of(asker, PrivateBasis::parse(&basis.get()))));
    let lead = "Répondez à une ou deux questions. Ce test vous aide à vous situer : la direction interministérielle du numérique (DINUM) décide en examinant la demande.";
    let askers = Asker::ALL.iter().map(|value| asker_option(asker, *value)).collect();
    view! {
        <Sheet title="Mon organisation peut-elle faire une demande ?">
            {paragraph(lead).attr("class", "lead")}
            {question("Vous êtes…", askers)}
            {live(move || (who() == Some(Asker::PrivateBody)).then(|| basis_question(basis)))}
            {live(answer)}
        </Sheet>
    }
}

fn question(words: &'static str, options: Vec<Element>) -> Element {
    fieldset().attr("class", "field").child(legend().child(words)).child(div().attr("class", "choices").child(options))
}

fn basis_question(basis: RwSignal<String>) -> Element {
    let option = |value: &PrivateBasis| {
        let (name, _) = fields::option(Field::PrivateBasis, value.as_str());
        choice(radio("basis", value.as_str(), basis), name, "", None)
    };
    question(fields::of(Field::PrivateBasis).label, PrivateBasis::ALL.iter().map(option).collect())
}

fn asker_option(asker: RwSignal<String>, value: Asker) -> Element {
    let (name, help) = match value {
        Asker::Individual => ("Un particulier", ""),
        Asker::Administration => fields::option(Field::OrganisationKind, "administration"),
        Asker::PrivateBody => ("Une entreprise ou une association", ""),
    };
    choice(radio("asker", value.as_str(), asker), name, help, None)
}

fn radio(name: &'static str, value: &'static str, chosen: RwSignal<String>) -> Input {
    input()
        .attr("type", "radio")
        .attr("name", name)
        .attr("value", value)
        .prop("checked", holds(move || chosen.with(|chosen| chosen == value)))
        .on(ev::change, move |_| chosen.set(value.to_owned()))
}

fn verdict(verdict: Verdict) -> Option<Element> {
    match verdict {
        Verdict::NeedsBasis => None,
        Verdict::Eligible => Some(eligible()),
        Verdict::ProbablyNot => Some(probably_not()),
        Verdict::Not => Some(not_for_individuals()),
    }
}

fn eligible() -> Element {
    told("good", "Votre organisation peut faire une demande")
        .child(paragraph("Vous pourrez vous arrêter à tout moment, et reprendre plus tard."))
        .child(p().attr("class", "actions").child(new_request_link()))
}

fn probably_not() -> Element {
    let settings = Settings::get();
    let support = settings.config.with(|config| mail(&config.contacts.support_email));
    told("note", "Votre organisation n’est probablement pas éligible")
        .child(paragraph(
            "L’arrêté du 8 novembre 2018 ouvre FranceConnect aux organisations privées dans deux cas : des services liés au changement d’adresse, ou l’obligation de vérifier l’identité de leurs utilisateurs.",
        ))
        .child(paragraph("Si vous pensez être dans l’un de ces cas, faites la demande, ou écrivez à ").child(support).child("."))
        .child(p().attr("class", "actions").child(new_request_link()))
}

fn not_for_individuals() -> Element {
    let more = external("https://franceconnect.gouv.fr/", "En savoir plus sur franceconnect.gouv.fr");
    told("note", "Les particuliers ne font pas de demande")
        .child(paragraph(
            "Pour vous connecter à un service avec FranceConnect, il n’y a rien à demander : utilisez le bouton FranceConnect du service.",
        ))
        .child(p().child(more))
}

fn told(class: &'static str, words: &'static str) -> Element {
    let announcer = Announcer::get();
    announcer.announce(words);
    div().attr("class", class).child(heading(2, words))
}
