//! Drives navigation by the address bar and the history of a window that is ours: the stand-alone page.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};

use super::{Entry, Navigation, Place};
use crate::state::Derived;

/// The navigation of the page inside a `<Router>`.
#[must_use]
pub fn navigation() -> Navigation {
    let query = use_query_map();
    let place = Derived::new(move |_| query.with(|query| Place::read(|name| query.get(name))));
    let path = use_location().pathname;
    let navigate = use_navigate();
    let go = move |place: &Place, entry: Entry| {
        let query = place.query();
        let question = if query.is_empty() { "" } else { "?" };
        let address = path.with_untracked(|path| format!("{path}{question}{query}"));
        let replace = entry == Entry::Replacing;
        navigate(&address, NavigateOptions { resolve: false, replace, ..NavigateOptions::default() });
    };
    Navigation::new(place, Box::new(go), Box::new(|title| document().set_title(title)))
}
