//! A request that was submitted: its receipt, then every answer.

use super::request::duplicate::duplicate;
use crate::clock;
use crate::components::{Section, button, heading, link, paragraph};
use crate::context::{Focus, Session};
use crate::html::{self, Element, article, dd, div, dl, dt, li, p, ul};
use crate::model::Draft;
use crate::model::wire::StoredRequest;
use crate::navigation::Place;
use crate::steps;
use leptos::prelude::*;

/// Shows a request that was submitted.
#[component]
pub(super) fn ReadOnly(request: StoredRequest) -> impl IntoView {
    let (session, focus) = (Session::get(), Focus::get());
    if let Some(copies) = session.copies() {
        copies.forget(&request.id);
    }
    let title = ["Demande ", request.number.as_deref().unwrap_or_default()].concat();
    focus.open_page(&title);
    let heading = html::header()
        .child(heading(1, title))
        .child(paragraph(request.draft.project.name.trimmed()).attr("class", "lead"));
    let sheet = article()
        .attr("class", "sheet")
        .child(heading)
        .child(receipt(&request))
        .child(view! { <WhatNext draft=request.draft.clone() /> })
        .child(ways_on(&request.draft))
        .child(steps::answers(&request.draft, &request.id, steps::Reading::Only));
    div().attr("class", "page").child(sheet)
}

fn receipt(request: &StoredRequest) -> Element {
    let session = Session::get();
    let sent = request.submitted_at.as_deref().map(clock::day_and_time).unwrap_or_default();
    let line = |name: &str, value: &str| div().child(dt().child(name.to_owned())).child(dd().child(value.to_owned()));
    let lines = dl()
        .attr("class", "receipt")
        .child(line("Numéro", request.number.as_deref().unwrap_or_default()))
        .child(line("Envoyée le", &sent));
    let made_up = session.api().is_local().then(|| {
        paragraph("Démonstration : cette demande n’est partie nulle part, et personne ne l’examinera. Elle est gardée sur cet appareil.")
    });
    div().attr("class", "good").child(heading(2, "Votre demande est envoyée")).child(lines).child(made_up)
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

fn ways_on(draft: &Draft) -> Element {
    let print = || {
        // Where printing is not offered, nothing happens.
        let _ = window().print();
    };
    let answers = draft.clone();
    p().attr("class", "actions")
        .child(button("button main", "Imprimer", print))
        .child(button("button", "Dupliquer en un nouveau brouillon", move || duplicate(&answers)))
        .child(link(&Place::Requests, "button", "Mes demandes"))
}
