//! The requests of the queue in a table, which shows as cards on a phone.

use leptos::prelude::*;

use super::address::place;
use crate::clock;
use crate::components::{link, visually_hidden};
use crate::html::{Bare, Element, Input, div, element, span};
use crate::model::ClosedList;
use crate::model::assurance::AssuranceLevel;
use crate::model::place::team::{QueueFilter, TeamPlace};
use crate::model::wire::{QueueOrder, QueuedRequest};
use crate::navigation::Place;
use crate::texts::{count, dates, examination, lifecycle, named};

/// Shows the requests of the queue. Roles are named, since a table that is laid out as cards loses its own.
#[component]
pub(super) fn Table(
    filter: QueueFilter,
    /// Number of all requests that the filters let through, in words.
    total: String,
    requests: Vec<QueuedRequest>,
) -> impl IntoView {
    let heads: Vec<Element> = vec![
        head().child("Demande"),
        head().child("État"),
        sorted(&filter, QueueOrder::Due, "Échéance"),
        sorted(&filter, QueueOrder::Submitted, "Envoyée le"),
        head().child("Confiée à"),
        sorted(&filter, QueueOrder::Activity, "À noter"),
    ];
    let rows: Vec<Element> = requests.iter().map(row).collect();
    element("table")
        .attr("class", "queue")
        .attr("role", "table")
        .child(element("caption").child(total))
        .child(element("thead").attr("role", "rowgroup").child(element("tr").attr("role", "row").child(heads)))
        .child(element("tbody").attr("role", "rowgroup").child(rows))
}

fn head() -> Input {
    element("th").attr("role", "columnheader").attr("scope", "col")
}

/// Returns the heading of a column by which the list can be ordered; the same again turns it round.
fn sorted(filter: &QueueFilter, order: QueueOrder, words: &'static str) -> Element {
    let is_current = filter.order == order;
    let is_descending = is_current && !filter.is_descending;
    let turned = QueueFilter { order, is_descending, cursor: String::new(), ..filter.clone() };
    let direction = if filter.is_descending { "descending" } else { "ascending" };
    let hidden = visually_hidden(if is_descending { ", trier dans l’ordre inverse" } else { ", trier" });
    head().attr("aria-sort", is_current.then_some(direction)).child(link(&place(&turned), "sort", words).child(hidden))
}

fn row(request: &QueuedRequest) -> Element {
    let name = request.name.trim();
    let link = link(&Place::Examination(TeamPlace::Request(request.id.clone()).query()), "name", named(name));
    let link = if name.is_empty() { link } else { link.attr("translate", "no") };
    let about = [request.number.as_str(), " · ", request.organisation.trim()].concat();
    let request_cell = element("th")
        .attr("role", "rowheader")
        .attr("scope", "row")
        .child(link)
        .child(div().attr("class", "hint").child(about));
    let examiner = request.examiner.as_ref().map_or("Personne", |examiner| examiner.name.as_str()).to_owned();
    element("tr")
        .attr("role", "row")
        .child(request_cell)
        .child(cell("État").child(badges(request)))
        .child(cell("Échéance").child(due(request)))
        .child(cell("Envoyée le").child(dates::day(clock::day_in_paris(&request.submitted_at))))
        .child(cell("Confiée à").child(examiner))
        .child(cell("À noter").child(news(request)))
}

/// Returns a cell, which bears the name of its column where the table is laid out as cards.
fn cell(column: &'static str) -> Input {
    element("td").attr("role", "cell").attr("data-column", column)
}

/// Returns the state of a request in words, its kind and its level.
fn badges(request: &QueuedRequest) -> Element {
    let badge = |words: &'static str| span().attr("class", "badge").child(words);
    let plus = request.level.is_some_and(AssuranceLevel::is_plus);
    div()
        .attr("class", "badges")
        .child(badge(lifecycle::state(request.state)).attr("data-state", request.state.as_str()))
        .child(examination::queue_kind(request.kind).map(badge))
        .child(plus.then(|| badge("FranceConnect+")))
}

/// Returns when an answer is due, in words and as a day.
fn due(request: &QueuedRequest) -> Vec<Bare> {
    let words = examination::due(request.due_on, request.suspended, clock::today_in_paris());
    let day = request.due_on.map(|day| ["le ", &dates::day(day)].concat());
    words.into_iter().chain(day).map(|words| div().child(words)).collect()
}

/// Returns the notes on a request: news, a reply that is awaited, warnings.
fn news(request: &QueuedRequest) -> Vec<Bare> {
    let counted = |number: u32, one, many| (number > 0).then(|| count(number as usize, one, many));
    let notes = [
        counted(request.unread, "nouveauté", "nouveautés"),
        request.awaiting_reply.then(|| "Réponse attendue".to_owned()),
        counted(request.warnings, "avertissement", "avertissements"),
    ];
    notes.into_iter().flatten().map(|words| div().child(words)).collect()
}
