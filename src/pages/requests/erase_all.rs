//! Erasing everything that a demonstration kept on this device.

use leptos::prelude::*;

use super::list::List;
use crate::components::{Confirm, button};
use crate::context::Renewal;
use crate::html::{div, live, p};
use crate::model::saving::Event;

/// Shows a button that erases everything once the person confirmed.
#[component]
pub(super) fn EraseAll(list: List) -> impl IntoView {
    let (asks, renewal) = (RwSignal::new(false), Renewal::get());
    let ask = move |whether: bool| {
        asks.set(whether);
        list.focus.on(".erase-all button:last-child");
    };
    let erase = move || {
        asks.set(false);
        list.erase_all(renewal);
    };
    let content = move || match asks.get() {
        false => p().attr("class", "actions").child(button("button", "Tout effacer", move || ask(true))).into_any(),
        true => view! {
            <Confirm
                about="Tout effacer"
                question="Effacer définitivement toutes les demandes et tous les fichiers gardés ici ?"
                yes="Oui, tout effacer"
                no="Non, les garder"
                confirm=erase
                cancel=move || ask(false)
            />
        }
        .into_any(),
    };
    div().attr("class", "erase-all").child(live(content))
}

impl List {
    fn erase_all(self, renewal: Renewal) {
        if let Some(copies) = self.session.copies() {
            copies.list().iter().for_each(|(id, _)| copies.erase_in_all_tabs(id));
        }
        // Without channels, the message reaches other tabs alone.
        self.drafts_being_sent.get_value().iter().for_each(|draft| draft.dispatch(Event::Erased));
        self.session.service().erase_all();
        // The clock is set back too: the banner follows, and the page is drawn by it. Its search announces how many requests are shown.
        renewal.renew();
    }
}
