//! Files that were on their way when the page was left: which did not arrive, and where to choose them again.
use leptos::prelude::*;

use super::Stepper;
use crate::app;
use crate::dom::{Element, View, element, live, paragraph};
use crate::steps::link_to;
use crate::texts::files::LOST;

/// The files, if there are any.
pub(super) fn lost_files(stepper: Stepper) -> View {
    let uploads = stepper.filling.uploads;
    // Whatever else is sent meanwhile, it is drawn again only when something of it changes.
    let names = Memo::new(move |_| {
        uploads
            .lost()
            .iter()
            .fold(String::new(), |names, (field, name)| [&names, "/", field.path(), "/", name].concat())
    });
    live(move || {
        (!names.with(String::is_empty)).then(|| {
            let lost = untrack(|| uploads.lost());
            let id = stepper.filling.draft.id();
            let items: Vec<Element> = lost
                .iter()
                .map(|(field, name)| element("li").child(link_to(&id, *field, name).untranslated()))
                .collect();
            element("section")
                .class("note")
                .child(app::heading(2, LOST.0))
                .child(paragraph(LOST.1))
                .child(element("ul").child(items))
        })
    })
}
