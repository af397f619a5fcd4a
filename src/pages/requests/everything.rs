//! Erasing everything that a demonstration kept on this device.
use leptos::prelude::*;

use super::list::List;
use crate::components::button;
use crate::context::HEADING;
use crate::html::{div, live, p, span};
use crate::model::saving::Event;

/// Shows the way to it, and the question whether the person is sure.
#[component]
pub(super) fn Everything(list: List) -> impl IntoView {
    let sure = RwSignal::new(false);
    live(move || {
        let is_sure = sure.get();
        // The last button changes nothing by itself.
        let doubt = move || {
            sure.set(!is_sure);
            list.focus.on(".everything button:last-child");
        };
        if !is_sure {
            return p().attr("class", "actions everything").child(button("button", "Tout effacer", doubt));
        }
        let erase = move || {
            sure.set(false);
            list.erase_everything();
        };
        div()
            .attr("class", "sure everything")
            .attr("role", "group")
            .attr("aria-label", "Tout effacer")
            .child(span().child("Effacer pour de bon toutes les demandes et tous les fichiers gardés ici ?"))
            .child(button("quiet danger", "Oui, tout effacer", erase))
            .child(button("quiet", "Non, les garder", doubt))
    })
}

impl List {
    fn erase_everything(self) {
        if let Some(copies) = self.session.copies() {
            copies.list().iter().for_each(|(id, _)| copies.erase(id));
        }
        // Without channels, only other tabs have heard of it.
        self.left.get_value().iter().for_each(|draft| draft.dispatch(Event::Discarded));
        self.session.service().erase_everything();
        self.search();
        // How many are shown is told then.
        self.focus.on(HEADING);
    }
}
