//! Drives navigation by the address bar and the history of a window that is ours: the stand-alone page.
//!
//! It is the location of `leptos_router` without its `<Router>`: pages are chosen from the query, so that the matching of
//! routes, and the context and memos that serve it, would be weight for nothing.

use leptos::prelude::*;
use leptos_router::location::{BrowserUrl, LocationChange, LocationProvider};

use super::{HistoryEntry, LinkKind, Navigation, Place};
use crate::effect::computed;

/// The navigation of the page. LinkKind, back and forward are followed until the owner it is made under ends.
#[must_use]
pub fn navigation() -> Navigation {
    // It fails where there is no window to read the address of, and then there is no page.
    let Ok(browser) = BrowserUrl::new() else { return nowhere() };
    browser.init(None);
    let url = browser.as_url().clone();
    let place = {
        let url = url.clone();
        computed(move |_| url.with(|url| Place::read(url.search())))
    };
    let go = move |place: &Place, entry: HistoryEntry| {
        let query = place.query();
        let question = if query.is_empty() { "" } else { "?" };
        let address = url.with_untracked(|url| [url.path(), question, &query].concat());
        if let Ok(there) = BrowserUrl::parse(&address) {
            url.set(there);
            let replace = entry == HistoryEntry::Replaced;
            browser.complete_navigation(&LocationChange { value: address, replace, ..LocationChange::default() });
        }
    };
    Navigation::new(place, Box::new(go), Box::new(|title| document().set_title(title)), LinkKind::Anchor)
}

fn nowhere() -> Navigation {
    Navigation::new(Memo::new(|_| Place::Unknown), Box::new(|_, _| {}), Box::new(|_| {}), LinkKind::Anchor)
}
