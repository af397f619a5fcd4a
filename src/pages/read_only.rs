//! A request that was submitted: its receipt, then every answer.

use leptos::prelude::window;

use super::help::section;
use super::request::duplicate;
use crate::app::{self, App};
use crate::clock;
use crate::dom::{Element, View, button, element, link, paragraph};
use crate::model::Draft;
use crate::model::wire::StoredRequest;
use crate::navigation::Place;
use crate::steps;

pub(crate) fn read_only(request: &StoredRequest) -> View {
    if let Some(copies) = App::get().copies() {
        copies.forget(&request.id);
    }
    let title = ["Demande ", request.number.as_deref().unwrap_or_default()].concat();
    App::get().arrive(&title);
    let heading = element("header")
        .child(app::heading(1, &title))
        .child(paragraph(request.draft.project.name.trimmed()).class("lead"));
    let sheet = element("article")
        .class("sheet")
        .child(heading)
        .child(receipt(request))
        .child(what_next(&request.draft))
        .child(ways_on(&request.draft))
        .child(steps::answers(&request.draft, &request.id, steps::Reading::Only));
    element("div").class("page").child(sheet).into()
}

fn receipt(request: &StoredRequest) -> Element {
    let sent = request.submitted_at.as_deref().map(clock::day_and_time).unwrap_or_default();
    let line =
        |name: &str, value: &str| element("div").child(element("dt").text(name)).child(element("dd").text(value));
    let lines = element("dl")
        .class("receipt")
        .child(line("Numéro", request.number.as_deref().unwrap_or_default()))
        .child(line("Envoyée le", &sent));
    let made_up = App::get().api().is_local().then(|| {
        paragraph("Démonstration : cette demande n’est partie nulle part, et personne ne l’examinera. Elle est gardée sur cet appareil.")
    });
    element("div").class("good").child(app::heading(2, "Votre demande est envoyée")).child(lines).child(made_up)
}

fn what_next(draft: &Draft) -> Element {
    let item = |before: &str, address: &str, after: &str| element("li").text(before).text(address).text(after);
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
    section("Et maintenant ?")
        .child(paragraph(
            "L’équipe FranceConnect examine votre demande. La réponse arrive par courriel : en quelques jours dans la plupart des cas, en quelques semaines si le cadre juridique demande une analyse approfondie.",
        ))
        .child(element("ul").child(items))
}

fn ways_on(draft: &Draft) -> Element {
    let print = || {
        // Where printing is not offered, nothing happens.
        let _ = window().print();
    };
    let (app, answers) = (App::get(), draft.clone());
    element("p")
        .class("actions")
        .child(button("button main", "Imprimer", print))
        .child(button("button", "Dupliquer en un nouveau brouillon", move || duplicate(app, &answers)))
        .child(link(&Place::Requests, "button", "Mes demandes"))
}
