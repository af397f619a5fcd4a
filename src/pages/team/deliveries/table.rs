//! The deliveries in a table, which shows as cards on a phone.

use leptos::prelude::*;

use super::acting::Deliveries;
use crate::components::{button, link, visually_hidden};
use crate::html::{Bare, Element, Input, div, element, span};
use crate::model::place::team::TeamPlace;
use crate::model::wire::{Delivery, DeliveryState};
use crate::navigation::Place;
use crate::texts::{count, dates, mails};

/// Shows deliveries. Roles are named, since a table that is laid out as cards loses its own.
#[component]
pub(super) fn Table(deliveries: Deliveries, list: Vec<Delivery>) -> impl IntoView {
    let names = ["Envoi", "À", "État", "Essais"];
    let heads: Vec<Element> = names.map(|name| head().child(name)).into_iter().collect();
    let action = deliveries.may_act.then(|| head().child(visually_hidden("Agir")));
    let rows: Vec<Element> = list.iter().map(|delivery| row(deliveries, delivery)).collect();
    let caption = count(list.len(), "envoi sur cette page", "envois sur cette page");
    element("table")
        .attr("class", "queue")
        .attr("role", "table")
        .child(element("caption").child(caption))
        .child(
            element("thead")
                .attr("role", "rowgroup")
                .child(element("tr").attr("role", "row").child(heads).child(action)),
        )
        .child(element("tbody").attr("role", "rowgroup").child(rows))
}

fn head() -> Input {
    element("th").attr("role", "columnheader").attr("scope", "col")
}

/// Returns a cell, which bears the name of its column where the table is laid out as cards.
fn cell(column: &'static str) -> Input {
    element("td").attr("role", "cell").attr("data-column", column)
}

fn row(deliveries: Deliveries, delivery: &Delivery) -> Element {
    let what = match (delivery.mail, delivery.notice) {
        (Some(mail), _) => mails::mail(mail),
        (_, Some(notice)) => mails::notice(notice),
        (None, None) => "Envoi",
    };
    let request = delivery.request.as_ref().zip(delivery.number.as_ref()).map(|(id, number)| {
        let place = Place::Examination(TeamPlace::Request(id.clone()).query());
        div().child(link(&place, "name", number.clone()))
    });
    let to = delivery.recipient.map_or(mails::PARTNER, mails::recipient);
    let state = span().attr("class", "badge").child(mails::state(delivery.state));
    let name = element("th").attr("role", "rowheader").attr("scope", "row").child(what).child(request);
    element("tr")
        .attr("role", "row")
        .child(name)
        .child(cell("À").child(to))
        .child(cell("État").child(state))
        .child(cell("Essais").child(attempts(delivery)))
        .child(deliveries.may_act.then(|| cell("Agir").child(again(deliveries, delivery, what))))
}

/// Returns the attempts in words, and when the next one is.
fn attempts(delivery: &Delivery) -> Vec<Bare> {
    let mut lines = Vec::new();
    if let Some(last) = delivery.attempts.first() {
        lines.push(count(delivery.attempts.len(), "essai", "essais"));
        let code = last.code.map(|code| [", réponse ", &code.to_string()].concat()).unwrap_or_default();
        lines.push(["Le dernier le ", &dates::day_and_time(&last.at), &code].concat());
    }
    if delivery.state == DeliveryState::Waiting {
        let next = if delivery.attempts.is_empty() { "Prévu le " } else { "Prochain essai le " };
        lines.push([next, &dates::day_and_time(&delivery.at)].concat());
    } else if delivery.attempts.is_empty() {
        lines.push(["Le ", &dates::day_and_time(&delivery.at)].concat());
    }
    lines.into_iter().map(|words| div().child(words)).collect()
}

/// Returns the button that tries a delivery again. What was never tried waits for its day.
fn again(deliveries: Deliveries, delivery: &Delivery, what: &str) -> Option<Element> {
    if delivery.state == DeliveryState::Waiting && delivery.attempts.is_empty() {
        return None;
    }
    let id = delivery.id.clone();
    let words = if delivery.notice.is_some() { "Rejouer" } else { "Envoyer de nouveau" };
    let number = delivery.number.as_deref().unwrap_or_default();
    let about = ["\u{a0}: ", what, " ", number].concat();
    Some(button("quiet", words, move || deliveries.retry(&id)).child(visually_hidden(about)))
}
