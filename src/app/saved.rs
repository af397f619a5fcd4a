//! The one line that always tells where the answers are, and since when.

use super::App;
use crate::dom::{Element, element};
use crate::draft::Standing;
use crate::model::saving::Whereabouts;
use crate::texts::saving;
use leptos::prelude::*;

/// The line.
pub(super) fn saved(app: App) -> Element {
    let standing = move || app.draft.get().map(|draft| draft.standing().get());
    let in_doubt = move || standing().is_some_and(|standing| !standing.conflicts.is_empty());
    let words = move || match standing() {
        Some(_) if in_doubt() => saving::IN_DOUBT.to_owned(),
        Some(standing) if app.api().is_local() => saving::line_here(&standing),
        Some(standing) => saving::line(&standing),
        None => String::new(),
    };
    // A screen reader hears of changes of state, not of each save.
    Effect::new(move |before: Option<Option<Whereabouts>>| {
        let standing = standing();
        let now = standing.as_ref().map(|standing| standing.whereabouts);
        let before = before.flatten();
        match (before, now) {
            (_, Some(Whereabouts::Device(_))) if now != before => {
                app.announce(&standing.as_ref().map(saving::line).unwrap_or_default());
            }
            (Some(Whereabouts::Device(_)), Some(Whereabouts::Server)) => app.announce("Réponses enregistrées"),
            // What is on its way says nothing new.
            (Some(Whereabouts::Device(_)), Some(Whereabouts::OnTheWay)) => return before,
            _ => {}
        }
        now
    });
    element("p")
        .class("saved")
        .live_attr("data-state", move || {
            standing().map(|standing| if in_doubt() { "device" } else { state(&standing) })
        })
        .live_text(words)
}

fn state(standing: &Standing) -> &'static str {
    match standing.whereabouts {
        Whereabouts::Nowhere | Whereabouts::Over => "none",
        Whereabouts::Server => "server",
        Whereabouts::OnTheWay => "on-the-way",
        Whereabouts::Device(_) => "device",
    }
}
