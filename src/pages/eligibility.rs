//! Whether one's organisation may ask: a help, never a wall.
use leptos::prelude::*;

use super::help::{external, mail};
use super::sheet;
use super::start::begin;
use crate::app::{self, App};
use crate::controls::choice;
use crate::dom::{Element, View, element, live, paragraph};
use crate::model::draft::PrivateBasis;
use crate::model::eligibility::{Asker, Eligibility, of};
use crate::model::{ClosedList, Field};
use crate::texts::fields;

/// The eligibility check.
#[must_use]
pub(super) fn eligibility() -> View {
    // The answers as on the wire, empty until there is one.
    let (asker, basis) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let who = move || Asker::parse(&asker.get());
    let answer = move || who().and_then(|asker| verdict(of(asker, PrivateBasis::parse(&basis.get()))));
    let lead = "Répondez à une ou deux questions. Ce test vous aide à vous situer : la direction interministérielle du numérique (DINUM) décide en examinant la demande.";
    let content = vec![
        paragraph(lead).class("lead").into(),
        question("Vous êtes…", Asker::ALL.iter().map(|value| asker_option(asker, *value)).collect()).into(),
        live(move || (who() == Some(Asker::PrivateBody)).then(|| basis_question(basis))),
        live(answer),
    ];
    sheet("Mon organisation peut-elle faire une demande ?", content)
}

fn question(words: &str, options: Vec<Element>) -> Element {
    element("fieldset")
        .class("field")
        .child(element("legend").text(words))
        .child(element("div").class("choices").child(options))
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

fn radio(name: &str, value: &'static str, chosen: RwSignal<String>) -> Element {
    element("input")
        .attr("type", "radio")
        .attr("name", name)
        .attr("value", value)
        .live_checked(move || chosen.with(|chosen| chosen == value))
        .on("change", move |_| chosen.set(value.to_owned()))
}

fn verdict(eligibility: Eligibility) -> Option<Element> {
    match eligibility {
        Eligibility::NeedsBasis => None,
        Eligibility::Eligible => Some(eligible()),
        Eligibility::ProbablyNot => Some(probably_not()),
        Eligibility::Not => Some(not_for_individuals()),
    }
}

fn eligible() -> Element {
    told("good", "Votre organisation peut faire une demande")
        .child(paragraph("Vous pourrez vous arrêter à tout moment, et reprendre plus tard."))
        .child(element("p").class("actions").child(begin()))
}

fn probably_not() -> Element {
    let support = App::get().config().with(|config| mail(&config.contacts.support_email));
    told("note", "Votre organisation n’est probablement pas éligible")
        .child(paragraph(
            "L’arrêté du 8 novembre 2018 ouvre FranceConnect aux organisations privées dans deux cas : des services liés au changement d’adresse, ou l’obligation de vérifier l’identité de leurs utilisateurs.",
        ))
        .child(
            paragraph("Si vous pensez être dans l’un de ces cas, faites la demande, ou écrivez à ").child(support).text("."),
        )
        .child(element("p").class("actions").child(begin()))
}

fn not_for_individuals() -> Element {
    let more = external("https://franceconnect.gouv.fr/", "En savoir plus sur franceconnect.gouv.fr");
    told("note", "Les particuliers ne font pas de demande")
        .child(paragraph(
            "Pour vous connecter à un service avec FranceConnect, il n’y a rien à demander : utilisez le bouton FranceConnect du service.",
        ))
        .child(element("p").child(more))
}

fn told(class: &str, heading: &str) -> Element {
    App::get().announce(heading);
    element("div").class(class).child(app::heading(2, heading))
}
