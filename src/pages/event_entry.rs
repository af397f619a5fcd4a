//! Events of the history of a request as both sides read them: what happened, by whom and when, then what was written at
//! fields. Texts of events stand in the thread; those of hand-overs and decisions about people, which are no message to the other side,
//! stand here.

use leptos::prelude::*;

use crate::html::{self, Bare, Element, dd, div, dl, dt, element, li, p, strong};
use crate::model::wire::{Event, Kind, Remark, Reply};
use crate::model::{Field, Text};
use crate::texts::{dates, fields, linked};

/// Words for an event, as one side knows it.
pub(super) struct EventWords {
    /// Event in words.
    pub(super) what: String,
    /// Author of the event.
    pub(super) author: String,
    /// Words before a reply to a remark.
    pub(super) reply: &'static str,
}

/// Returns the entry of an event.
pub(super) fn event_entry(event: &Event, words: EventWords) -> Bare {
    let EventWords { what, author, reply } = words;
    let when = dates::day_and_time(&event.at);
    let time = element("time").attr("datetime", event.at.clone()).child(["le ", &when].concat());
    let who = p().attr("class", "hint").child([&author, ", "].concat()).child(time);
    let reply = [reply, "\u{a0}: "].concat();
    let remarks = event.remarks.iter().map(|Remark { pointer, text }| at_field("", pointer, text));
    let replies = event.replies.iter().map(|Reply { pointer, text }| at_field(&reply, pointer, text));
    let at_fields: Vec<Element> = remarks.chain(replies).collect();
    let at_fields = (!at_fields.is_empty()).then(|| dl().child(at_fields));
    let text = (has_text_for_all(event.kind) && !event.text.is_empty()).then(|| linked_text(&event.text.lines()));
    li().child(p().child(strong().child(what))).child(who).child(text).child(at_fields)
}

/// Returns whether events of a kind have a text whose author knew that everybody in the request reads it.
///
/// The reason of a person who asks for a request is for its owner; that of a contact who refuses is for whoever named them.
fn has_text_for_all(kind: Kind) -> bool {
    matches!(kind, Kind::HandedOver | Kind::RecoveryRefused | Kind::Recovered | Kind::Reassigned)
}

/// Returns words at one field, under its name.
pub(super) fn at_field(before: &str, pointer: &str, text: &Text) -> Element {
    let name = Field::from_pointer(pointer).map(fields::name).unwrap_or_default();
    let words = dd().attr("class", "answer").child([before, &text.lines()].concat());
    div().attr("class", "answer-row").child(dt().child(name)).child(words)
}

/// Returns a text whose web addresses are links.
pub(super) fn linked_text(words: &str) -> Element {
    let part = |(is_address, part): (bool, &str)| match is_address {
        true => {
            html::a().attr("href", part.to_owned()).attr("rel", "external noopener").child(part.to_owned()).into_any()
        }
        false => part.to_owned().into_any(),
    };
    p().attr("class", "answer").child(linked::parts(words).into_iter().map(part).collect::<Vec<_>>())
}
