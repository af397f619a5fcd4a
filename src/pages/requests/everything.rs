//! Erasing everything that a demonstration kept on this device.
use leptos::prelude::*;

use super::List;
use crate::app::HEADING;
use crate::dom::{View, button, element, live};
use crate::model::saving::Event;

/// The way to it, and the question whether the person is sure.
pub(super) fn everything(list: List) -> View {
    let sure = RwSignal::new(false);
    live(move || {
        let is_sure = sure.get();
        // The last button changes nothing by itself.
        let doubt = move || {
            sure.set(!is_sure);
            list.app.focus(".everything button:last-child");
        };
        if !is_sure {
            return element("p").class("actions everything").child(button("button", "Tout effacer", doubt));
        }
        let erase = move || {
            sure.set(false);
            list.erase_everything();
        };
        element("div")
            .class("sure everything")
            .attr("role", "group")
            .attr("aria-label", "Tout effacer")
            .child(element("span").text("Effacer pour de bon toutes les demandes et tous les fichiers gardés ici ?"))
            .child(button("quiet danger", "Oui, tout effacer", erase))
            .child(button("quiet", "Non, les garder", doubt))
    })
}

impl List {
    fn erase_everything(self) {
        if let Some(copies) = self.app.copies() {
            copies.list().iter().for_each(|(id, _)| copies.erase(id));
        }
        // Without channels, only other tabs have heard of it.
        self.left.get_value().iter().for_each(|draft| draft.happened(Event::LetGo));
        self.app.api().erase_everything();
        self.search();
        // How many are shown is told then.
        self.app.focus(HEADING);
    }
}
