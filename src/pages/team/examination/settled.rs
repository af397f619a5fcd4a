//! Acts that the service has done although its response was lost: nothing of them stays on the device.

use leptos::prelude::*;

use super::acting::Desk;
use super::dossier::Dossier;
use super::written::written;
use crate::effect::watch;
use crate::model::ClosedList;
use crate::model::wire::Kind;

/// Erases the texts of an act, whenever the history has that very act under its event.
pub(super) fn follow(desk: Desk) {
    watch(move || {
        if let Some(Some(dossier)) = desk.dossier.response() {
            untrack(|| Kind::ALL.iter().for_each(|kind| settle(desk, &dossier, *kind)));
        }
    });
}

fn settle(desk: Desk, dossier: &Dossier, kind: Kind) {
    let Some(event) = desk.writing.tried(kind) else { return };
    let act = written(desk, kind);
    if dossier.events.iter().any(|made| made.id == event && act.is_told_by(made)) {
        desk.writing.leaving(kind).erase();
        desk.attachments.forget(&act.documents);
        desk.members.forget(kind);
    }
}
