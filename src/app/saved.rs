//! Line that tells where the answers are, and since when.

use crate::context::{Announcer, OpenDraft, Session};
use crate::draft::Standing;
use crate::effect::watch_changes;
use crate::html::{LiveText, follow, p};
use crate::model::saving::Whereabouts;
use crate::texts::saving;
use leptos::prelude::*;

/// Shows where the answers are, and since when.
#[component]
pub(super) fn Saved() -> impl IntoView {
    let (announcer, open, session) = (Announcer::get(), OpenDraft::get(), Session::get());
    let standing = move || open.draft().get().map(|draft| draft.standing().get());
    let in_doubt = move || standing().is_some_and(|standing| !standing.conflicts.is_empty());
    let words = move || match standing() {
        Some(_) if in_doubt() => saving::IN_DOUBT.to_owned(),
        Some(standing) if session.api().is_local() => saving::line_here(&standing),
        Some(standing) => saving::line(&standing),
        None => String::new(),
    };
    // Screen readers announce changes of status, not each save.
    watch_changes(move |before: Option<Option<Whereabouts>>| {
        let standing = standing();
        let now = standing.as_ref().map(|standing| standing.whereabouts);
        let before = before.flatten();
        match (before, now) {
            (_, Some(Whereabouts::Device(_))) if now != before => {
                announcer.announce(&standing.as_ref().map(saving::line).unwrap_or_default());
            }
            (Some(Whereabouts::Device(_)), Some(Whereabouts::Server)) => announcer.announce("Réponses enregistrées"),
            // Saving is announced only once it is done.
            (Some(Whereabouts::Device(_)), Some(Whereabouts::OnTheWay)) => return before,
            _ => {}
        }
        now
    });
    p().attr("class", "save-status")
        .attr(
            "data-state",
            follow(move || standing().map(|standing| if in_doubt() { "device" } else { state(&standing) })),
        )
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
