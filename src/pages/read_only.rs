//! A request that was submitted: its receipt, then every answer.

use leptos::prelude::*;

use super::request::duplicate::duplicate;
use crate::components::{Section, button, heading, link, paragraph};
use crate::context::{Focus, Session};
use crate::html::{self, article, dd, div, dl, dt, li, p, ul};
use crate::model::Draft;
use crate::model::wire::StoredRequest;
use crate::navigation::Place;
use crate::steps::{AnswerSummary, ReadBack};
use crate::texts::dates;

/// Shows a request that was submitted.
#[component]
pub(super) fn ReadOnly(request: StoredRequest) -> impl IntoView {
    let (session, focus) = (Session::get(), Focus::get());
    if let Some(copies) = session.copies() {
        copies.erase(&request.id);
    }
    let title = ["Demande ", request.number.as_deref().unwrap_or_default()].concat();
    focus.open_page(&title);
    let heading = html::header()
        .child(heading(1, title))
        .child(paragraph(request.draft.project.name.trimmed()).attr("class", "lead"));
    let StoredRequest { id, draft, number, submitted_at, .. } = request;
    let sheet = article().attr("class", "card").child(heading).child(view! {
        <Receipt number=number.unwrap_or_default() submitted_at=submitted_at.unwrap_or_default() />
        <WhatNext draft=draft.clone() />
        <Actions draft=draft.clone() />
        <AnswerSummary draft request=id read_back=ReadBack::Only />
    });
    div().attr("class", "page").child(sheet)
}

/// Shows the number of the request and the time of its submission.
#[component]
fn Receipt(number: String, submitted_at: String) -> impl IntoView {
    let line = |name: &'static str, value: String| div().child(dt().child(name)).child(dd().child(value));
    let lines = dl()
        .attr("class", "receipt")
        .child(line("Numéro", number))
        .child(line("Envoyée le", dates::day_and_time(&submitted_at)));
    let made_up = Session::get().api().is_local().then(|| {
        paragraph(
            "Démonstration : cette demande n’est partie nulle part, et personne ne l’examinera. Elle est gardée sur cet appareil.",
        )
    });
    div().attr("class", "success").child(heading(2, "Votre demande est envoyée")).child(lines).child(made_up)
}

/// Tells what happens to the request from now on.
#[component]
fn WhatNext(draft: Draft) -> impl IntoView {
    let item = |before: &str, address: &str, after: &str| {
        li().child(before.to_owned()).child(address.to_owned()).child(after.to_owned())
    };
    let (applicant, people) = (&draft.organisation.applicant, &draft.people);
    let items = vec![
        item("La réponse, et les questions s’il y en a, vous seront envoyées à ", applicant.email.trimmed(), "."),
        item(
            "Si la demande est acceptée, le responsable du traitement sera prévenu à ",
            people.controller.email.trimmed(),
            ".",
        ),
        item(
            "Le contact technique recevra alors ses accès à ",
            people.technical.email.trimmed(),
            ", et un code par SMS.",
        ),
    ];
    view! {
        <Section title="Et maintenant ?">
            {paragraph("L’équipe FranceConnect examine votre demande. La réponse arrive par courriel : en quelques jours dans la plupart des cas, en quelques semaines si le cadre juridique demande une analyse approfondie.")}
            {ul().child(items)}
        </Section>
    }
}

/// Shows the actions on a request that is read.
#[component]
fn Actions(draft: Draft) -> impl IntoView {
    let print = || {
        // An error means a browser that does not print.
        let _ = window().print();
    };
    p().attr("class", "actions")
        .child(button("button primary", "Imprimer", print))
        .child(button("button", "Dupliquer en un nouveau brouillon", move || duplicate(&draft)))
        .child(link(&Place::Requests, "button", "Mes demandes"))
}
