//! Acts as they are written so far, of the texts and choices on the screen.

use leptos::prelude::*;

use super::acting::Desk;
use super::writing::{FILES, TEXT, remark};
use crate::input::cleaned;
use crate::model::Field;
use crate::model::wire::{Act, Kind, Remark};

/// Follows all that an act is made of.
pub(super) fn track(desk: Desk, kind: Kind) {
    desk.writing.typed(kind, TEXT).track();
    desk.members.track();
    if kind == Kind::Message {
        desk.writing.typed(kind, FILES).track();
    }
    if kind == Kind::ChangesRequested {
        desk.writing.remarked.with(|remarked| {
            remarked.iter().for_each(|field| desk.writing.typed(kind, &remark(*field)).track());
        });
    }
}

/// Returns an act as it is written so far.
pub(super) fn written(desk: Desk, kind: Kind) -> Act {
    let members = desk.members;
    // Every text of an act has lines, whatever the field that it is about.
    let lines = |text: &str| cleaned(Field::Description, text).as_str().into();
    let act = Act { text: lines(&desk.writing.read(kind, TEXT)), ..Act::new(kind) };
    match kind {
        Kind::ChangesRequested => {
            let remark = |(field, text): (Field, String)| Remark { pointer: field.pointer(), text: lines(&text) };
            let remarks = desk.writing.remarks().into_iter().map(remark).filter(|remark| !remark.text.is_empty());
            let remarks = remarks.collect();
            Act { remarks, answer_by: members.answer_by.get_untracked(), ..act }
        }
        Kind::Revoked => Act {
            ground: members.ground.get_untracked(),
            heard_on: members.heard_on.get_untracked(),
            urgent: members.urgent.get_untracked(),
            ..act
        },
        Kind::Message => Act { documents: desk.attachments.arrived().unwrap_or_default(), ..act },
        Kind::Note => {
            let pointer = members.pointer.get_untracked();
            Act { pointer: (!pointer.is_empty()).then_some(pointer), ..act }
        }
        _ => act,
    }
}
