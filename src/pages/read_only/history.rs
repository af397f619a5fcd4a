//! The history of a request: who did what, and when.

use leptos::prelude::*;

use super::reading::{Lost, Question};
use crate::components::{heading, paragraph};
use crate::html::{self, Bare, Element, dd, div, dl, dt, element, li, ol, p, strong};
use crate::model::wire::{Event, EventList, Remark, Reply};
use crate::model::{Field, Text};
use crate::texts::{dates, fields, lifecycle};

/// Shows the history of a request, once it is read.
#[component]
pub(super) fn History(history: Question<EventList>) -> impl IntoView {
    let draw = |history: EventList| {
        let entries: Vec<Bare> = history.events.iter().filter_map(entry).collect();
        ol().attr("role", "list").child(entries).into_any()
    };
    let lost = Lost {
        words: "L’historique n’a pas pu être lu. Vérifiez votre accès à internet, puis réessayez.",
        heading: ".history .h2",
    };
    let heading = heading(2, "Historique").attr("tabindex", "-1");
    html::section().attr("class", "section history").child(heading).child(history.view(draw, lost))
}

/// Returns an event in words: what, who and when, then what was written; nothing for one that is the team's alone.
fn entry(event: &Event) -> Option<Bare> {
    let what = lifecycle::event(event)?;
    let when = dates::day_and_time(&event.at);
    let time = element("time").attr("datetime", event.at.clone()).child(["le ", &when].concat());
    let who = p().attr("class", "hint").child([&lifecycle::author(&event.by), ", "].concat()).child(time);
    let text = (!event.text.is_empty()).then(|| paragraph(event.text.lines()).attr("class", "answer"));
    let remarks = event.remarks.iter().map(|Remark { pointer, text }| at_field("", pointer, text));
    let replies = event.replies.iter().map(|Reply { pointer, text }| at_field("Votre réponse\u{a0}: ", pointer, text));
    let at_fields: Vec<Element> = remarks.chain(replies).collect();
    let at_fields = (!at_fields.is_empty()).then(|| dl().child(at_fields));
    Some(li().child(p().child(strong().child(what))).child(who).child(text).child(at_fields))
}

/// Returns words at one field, under its name.
fn at_field(before: &'static str, pointer: &str, text: &Text) -> Element {
    let name = Field::from_pointer(pointer).map(fields::name).unwrap_or_default();
    let words = dd().attr("class", "answer").child([before, &text.lines()].concat());
    div().attr("class", "answer-row").child(dt().child(name)).child(words)
}
