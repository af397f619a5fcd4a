//! Lines of the trace for drafts, events, effects and responses.

use habilitation_model::Draft;
use habilitation_model::saving::{DeviceCopy, Effect, Event, SavedDraft, Version};

use crate::oracle::{FIELDS, List, value_in, value_of};
use crate::server::Response;

/// Writes a draft in a few characters: the values of its fields and its lists.
fn brief(draft: &Draft) -> String {
    let fields: Vec<String> = FIELDS.into_iter().map(|field| value_in(field, draft).to_string()).collect();
    let elements = |list: List| list.elements(draft).map(|element| element.to_string()).collect::<Vec<_>>().join(" ");
    let [scopes, documents] = List::ALL.map(elements);
    format!("[{} {{{scopes}}} {{{documents}}}]", fields.join(" "))
}

fn brief_copy(copy: &DeviceCopy) -> String {
    let base = copy.base.as_ref().map(brief_saved);
    let conflicts: Vec<String> = copy
        .conflicts
        .iter()
        .map(|conflict| format!("{}≠{}", conflict.field.path(), value_of(conflict.other())))
        .collect();
    let version = copy.versions.last().map(|Version { tab, number }| format!("{number} of tab {tab}"));
    format!("version {version:?} base {base:?} mine {} conflicts {conflicts:?}", brief(&copy.mine))
}

fn brief_saved(saved: &SavedDraft) -> String {
    format!("{}@{}{}", saved.revision, saved.saved_at, brief(&saved.draft))
}

pub(super) fn event(event: &Event) -> String {
    match event {
        Event::Edited(draft) => format!("Edited {}", brief(draft)),
        Event::OtherTabWrote(copy) => format!("OtherTabWrote {}", brief_copy(copy)),
        Event::Stale(current) => format!("Stale {}", brief_saved(&current.saved)),
        Event::Found { current, .. } => format!("Found {}", brief_saved(&current.saved)),
        other => format!("{other:?}"),
    }
}

pub(super) fn effect(effect: &Effect) -> String {
    match effect {
        Effect::Send { base, draft } => format!("Send over {base:?} {}", brief(draft)),
        other => format!("{other:?}"),
    }
}

pub(super) fn response(response: &Response) -> String {
    match response {
        Response::Stale(current) => format!("Stale {}", brief_saved(&current.saved)),
        other => format!("{other:?}"),
    }
}
