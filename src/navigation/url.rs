//! Navigation by the address bar and the history of the window, for the stand-alone page.
//!
//! Uses the location of `leptos_router` without its `<Router>`: pages are chosen by the query, so that matching paths, with
//! the contexts and memos that it takes, would only add weight.

use leptos::prelude::*;
use leptos_router::location::{BrowserUrl, LocationChange, LocationProvider};

use super::{HistoryEntry, LinkKind, Navigation, Place};
use crate::effect::computed;

/// Returns the navigation of the page. It follows links and history until the current owner ends.
#[must_use]
pub fn navigation() -> Navigation {
    // Fails without a window, where there is no page either.
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
