//! Importing a request from a file.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement};

use super::list::List;
use crate::clock;
use crate::components::{link, paragraph};
use crate::effect::spawn;
use crate::files;
use crate::html::{self, div, input, live, p};
use crate::ids::new_id;
use crate::model::Id;
use crate::model::export::ImportError;
use crate::model::saving::DeviceCopy;
use crate::navigation::Place;
use crate::texts::{isolated, named};

/// Result of an import.
#[derive(Clone)]
enum Outcome {
    Imported(Id, String),
    Failed(ImportError),
}

/// Lets the person choose a file to import, and shows the result.
#[component]
pub(super) fn Import(list: List) -> impl IntoView {
    let outcome = RwSignal::new(None);
    let owner = Owner::current();
    let choose = move |event: Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        let Some(file) = input.files().and_then(|files| files.item(0)) else { return };
        // An empty input lets the same file be chosen again, after it was mended.
        input.set_value("");
        let owner = owner.clone();
        spawn(async move {
            let read = files::import(&file).await;
            // The page may have been left.
            if outcome.is_disposed() {
                return;
            }
            let found = match (read, list.session.copies()) {
                (Ok(mine), Some(copies)) => {
                    let (id, name) = (new_id(), named(mine.project.name.trimmed()).to_owned());
                    copies.keep(&id, &DeviceCopy::new(mine, clock::now()));
                    if let Some(owner) = owner {
                        owner.with(|| list.send_unsent());
                    }
                    // The draft is listed at once: a list that grew later would move the link away from under a finger.
                    list.found.update(|_| {});
                    Outcome::Imported(id, name)
                }
                (Err(error), _) => Outcome::Failed(error),
                (Ok(_), None) => return,
            };
            outcome.set(Some(found));
        });
    };
    let input = input()
        .attr("class", "control")
        .attr("id", "import")
        .attr("type", "file")
        .attr("accept", ".json,application/json")
        .attr("aria-describedby", "import-hint")
        .on(ev::change, choose);
    let hint = paragraph("Choisissez un fichier exporté depuis ce site. Il devient un nouveau brouillon.");
    html::section()
        .attr("class", "field")
        .child(html::label().attr("for", "import").child("Importer une demande"))
        .child(hint.attr("class", "hint").attr("id", "import-hint"))
        .child(input)
        .child(
            div()
                .attr("aria-live", "polite")
                .child(live(move || outcome.get().map(|outcome| view! { <Imported outcome /> }))),
        )
}

/// Shows the result of an import.
#[component]
fn Imported(outcome: Outcome) -> impl IntoView {
    match outcome {
        Outcome::Imported(id, name) => div()
            .attr("class", "success")
            .child(paragraph(["« ", &isolated(&name), " » est importée dans un nouveau brouillon."].concat()))
            .child(paragraph("Les fichiers joints ne sont pas repris, et les engagements sont à cocher à nouveau."))
            .child(p().child(link(&Place::Request(id, None), "", "Ouvrir ce brouillon")))
            .into_any(),
        Outcome::Failed(error) => paragraph(match error {
            ImportError::NotJson | ImportError::OtherFormat | ImportError::Broken => "Ce fichier n’est pas une demande exportée depuis ce site, ou il a été modifié. Rien n’a été importé.",
            ImportError::Newer => "Ce fichier vient d’une version plus récente de ce site. Rien n’a été importé : rechargez la page, puis réessayez.",
            ImportError::TooLarge => "Ce fichier est trop lourd pour être une demande exportée depuis ce site. Rien n’a été importé.",
        })
        .attr("class", "note")
        .into_any(),
    }
}
