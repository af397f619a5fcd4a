//! Line that tells where the answers are, and since when.

use crate::context::{Announcer, CurrentDraft, Session};
use crate::draft::SaveStatus;
use crate::effect::watch_changes;
use crate::html::{LiveText, follow, p};
use crate::model::saving::SavedTo;
use crate::texts::saving;
use leptos::prelude::*;

/// Shows where the answers are, and since when.
#[component]
pub(super) fn SaveStatusLine() -> impl IntoView {
    let (announcer, current_draft, session) = (Announcer::get(), CurrentDraft::get(), Session::get());
    let status = move || current_draft.draft().get().map(|draft| draft.status().get());
    let in_doubt = move || status().is_some_and(|status| !status.conflicts.is_empty());
    let words = move || match status() {
        Some(_) if in_doubt() => saving::IN_DOUBT.to_owned(),
        Some(status) if session.api().is_local() => saving::line_here(&status),
        Some(status) => saving::line(&status),
        None => String::new(),
    };
    // Screen readers announce changes of status, not each save.
    watch_changes(move |before: Option<Option<SavedTo>>| {
        let status = status();
        let now = status.as_ref().map(|status| status.saved_to);
        let before = before.flatten();
        match (before, now) {
            (_, Some(SavedTo::Device(_))) if now != before => {
                announcer.announce(&status.as_ref().map(saving::line).unwrap_or_default());
            }
            (Some(SavedTo::Device(_)), Some(SavedTo::Server)) => announcer.announce("Réponses enregistrées"),
            // Saving is announced only once it is done.
            (Some(SavedTo::Device(_)), Some(SavedTo::OnTheWay)) => return before,
            _ => {}
        }
        now
    });
    p().attr("class", "save-status")
        .attr("data-state", follow(move || status().map(|status| if in_doubt() { "device" } else { state(&status) })))
        .live_text(words)
}

fn state(status: &SaveStatus) -> &'static str {
    match status.saved_to {
        SavedTo::Nowhere | SavedTo::Erased => "none",
        SavedTo::Server => "server",
        SavedTo::OnTheWay => "on-the-way",
        SavedTo::Device(_) => "device",
    }
}
