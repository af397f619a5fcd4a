//! Texts about a request: messages of both sides, notes of the team, and the whole history.

use std::sync::Arc;

use leptos::prelude::*;

use super::acting::Desk;
use super::acts::ActFields;
use super::answers::files;
use super::dossier::Dossier;
use crate::components::{Section, heading, paragraph};
use crate::html::{self, Bare, Element, article, details, div, element, ol, p, summary};
use crate::model::Field;
use crate::model::wire::{Event, Kind, Side};
use crate::pages::event_entry::{EventWords, event_entry, linked_text};
use crate::texts::{dates, examination, fields};

/// Returns whether an event stands in the thread: a message, or what either side wrote with an act.
fn is_in_thread(event: &Event) -> bool {
    let says = !event.text.is_empty() || !event.documents.is_empty();
    event.kind == Kind::Message || event.kind.moves_state() && says
}

/// Shows the messages of both sides, and lets an examiner write.
#[component]
pub(super) fn Messages(dossier: Arc<Dossier>) -> impl IntoView {
    let desk: Desk = expect_context();
    let messages: Vec<Element> = dossier
        .events
        .iter()
        .filter(|event| is_in_thread(event))
        .map(|event| message(desk, event, &dossier.events))
        .collect();
    let none = messages.is_empty().then(|| paragraph("Aucun message.").attr("class", "hint"));
    let may_write = desk.may_decide(&dossier, Kind::Message);
    let form = may_write.then(|| writing(&dossier, Kind::Message));
    html::section()
        .attr("class", "section messages")
        .attr("id", "act-message")
        .child(heading(2, "Messages").attr("tabindex", "-1"))
        .child(none)
        .child(messages)
        .child(form)
}

/// Shows the notes of the team, and lets an examiner add one.
#[component]
pub(super) fn Notes(dossier: Arc<Dossier>) -> impl IntoView {
    let desk: Desk = expect_context();
    let notes: Vec<Element> = dossier
        .events
        .iter()
        .filter(|event| event.kind == Kind::Note)
        .map(|event| message(desk, event, &dossier.events))
        .collect();
    let none = notes.is_empty().then(|| paragraph("Aucune note.").attr("class", "hint"));
    let form = desk.may_decide(&dossier, Kind::Note).then(|| writing(&dossier, Kind::Note));
    html::section()
        .attr("class", "section messages")
        .attr("id", "act-note")
        .child(heading(2, "Notes de l’équipe").attr("tabindex", "-1"))
        .child(none)
        .child(notes)
        .child(form)
}

/// Returns the form of a message or a note, which opens where something is written already.
fn writing(dossier: &Arc<Dossier>, kind: Kind) -> Element {
    let desk: Desk = expect_context();
    let has_files = kind == Kind::Message && untrack(|| !desk.attachments.files().is_empty());
    let is_begun = has_files || !desk.writing.read(kind, super::writing::TEXT).is_empty();
    let fields = view! { <ActFields dossier=Arc::clone(dossier) kind /> };
    details()
        .attr("open", is_begun.then_some(""))
        .child(summary().child(examination::act(kind).title))
        .child(div().attr("class", "section").child(fields))
}

/// Returns the text of an event, named by who and when. `events` is the history that has it.
fn message(desk: Desk, event: &Event, events: &[Event]) -> Element {
    let (author, when) = (examination::author(&event.by), dates::day_and_time(&event.at));
    let name = [&author, ", le ", &when].concat();
    let about = match event.kind {
        Kind::Message => None,
        Kind::Note => event.pointer.as_deref().and_then(Field::from_pointer).map(fields::name),
        _ => Some(examination::event(event, events)),
    };
    let time = element("time").attr("datetime", event.at.clone()).child(["le ", &when].concat());
    let read_at = event.read_at.as_ref().filter(|_| event.by.side == Side::Examiner);
    let read = read_at.map(|at| paragraph(["Lu le ", &dates::day_and_time(at)].concat()).attr("class", "hint"));
    let documents = (!event.documents.is_empty()).then(|| files(desk, &event.documents));
    article()
        .attr("class", if event.by.side == Side::Examiner { "message-entry own" } else { "message-entry" })
        .attr("aria-label", name)
        .child(p().attr("class", "hint").child([&author, ", "].concat()).child(time))
        .child(about.map(|about| p().child(element("strong").child(about))))
        .child(linked_text(&event.text.lines()))
        .child(documents)
        .child(read)
}

/// Shows the whole history, with what is for the team alone.
#[component]
pub(super) fn History(dossier: Arc<Dossier>) -> impl IntoView {
    let entry = |event: &Event| {
        let (what, author) = (examination::event(event, &dossier.events), examination::author(&event.by));
        event_entry(event, EventWords { what, author, reply: "Réponse" })
    };
    let entries: Vec<Bare> = dossier.events.iter().map(entry).collect();
    let list = ol().attr("role", "list").child(entries);
    view! { <Section title="Historique">{div().attr("class", "history").child(list)}</Section> }
}
