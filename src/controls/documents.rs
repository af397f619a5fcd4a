//! Files to choose or to drop, and how far each one is.

use leptos::prelude::*;
use leptos::reactive::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Event, File, FileList, HtmlInputElement};

use super::{Control, control};
use crate::api::Answer;
use crate::app::App;
use crate::dom::{Element, View, button, element, live, paragraph, unseen};
use crate::form::Form;
use crate::model::document::{MAX_COUNT, MAX_SIZE};
use crate::model::field::Value;
use crate::model::{Document, Field};
use crate::rest::Space;
use crate::texts::{files, isolated, messages, size};
use crate::uploads::{Stage, Uploads};

/// What a file chooser offers. It is a help: the first bytes decide. With `image/*` in it, an iPhone would hand over its own
/// HEIC, which is not taken, instead of a JPEG made of it.
const TYPES: &str = ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg";

/// Files of one field, once the part of the program that knows of files is there.
pub fn documents(form: Form, field: Field, uploads: Uploads) -> View {
    App::get().later(Space::Part, move |rest| (rest.documents)(form, field, uploads))
}

/// Files of one field.
pub fn chooser(form: Form, field: Field, uploads: Uploads) -> View {
    control(form, field, move |control| {
        let limits = format!(
            "PDF, PNG ou JPEG, {} au plus par fichier, {MAX_COUNT} fichiers au plus.",
            messages::mebibytes(MAX_SIZE)
        );
        let listed = move || {
            form.with(field, |value| match value {
                Value::Documents(documents) => {
                    shown(documents).iter().map(|listed| file(field, listed, uploads)).collect()
                }
                _ => Vec::new(),
            })
        };
        let refusals = move || {
            let refusals = uploads.refusals(field);
            let message = |refusal: &crate::uploads::Refusal| {
                paragraph(&messages::refusal(&refusal.name, refusal.code)).class("message")
            };
            refusals.iter().map(message).collect::<Vec<_>>()
        };
        control
            .frame("div")
            .child(control.label())
            .child(control.hint())
            .child(paragraph(&limits).class("hint").attr("id", &control.id("limits")))
            .child(element("ul").class("files").attr("role", "list").child(live(listed)))
            .child(drop_zone(control, uploads))
            .child(element("div").class("notes").attr("aria-live", "polite").child(live(refusals)))
            .child(control.messages())
    })
}

fn drop_zone(control: Control, uploads: Uploads) -> Element {
    let field = control.field;
    let over = RwSignal::new(false);
    let choose = move |event: Event| {
        if let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) {
            uploads.choose(field, list(input.files()));
            // The same file can be chosen again, after it was mended.
            input.set_value("");
        }
    };
    let dropped = move |event: Event| {
        event.prevent_default();
        over.set(false);
        let files = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer).and_then(|data| data.files());
        uploads.choose(field, list(files));
    };
    let input = element("input")
        .attr("id", field.path())
        .attr("name", field.path())
        .attr("type", "file")
        .flag("multiple", true)
        .attr("accept", TYPES)
        .on("change", choose);
    element("div")
        .class("drop")
        .live_class("over", move || over.get())
        .on("dragover", move |event| {
            event.prevent_default();
            over.set(true);
        })
        .on("dragleave", move |_| over.set(false))
        .on("drop", dropped)
        .child(control.described(input, "limits"))
        .child(element("span").text("Choisissez des fichiers, ou déposez-les ici"))
}

/// The same files under names that tell them apart: those that were chosen in two tabs at once may bear the same.
fn shown(documents: &[Document]) -> Vec<Document> {
    let mut shown: Vec<Document> = Vec::new();
    for document in documents {
        let name = files::told_apart(&document.name, usize::MAX, |name| shown.iter().any(|other| other.name == name));
        shown.push(Document { name, ..document.clone() });
    }
    shown
}

fn list(files: Option<FileList>) -> Vec<File> {
    files.map_or(Vec::new(), |files| (0..files.length()).filter_map(|place| files.item(place)).collect())
}

/// A link that saves a file. It leads somewhere as soon as it is known where.
pub fn link_to_file(name: &str, address: Answer<String>) -> Element {
    let known = StoredValue::new_local(String::new());
    let link = match App::get().entrance() {
        // No address carries the token that it takes.
        Some(entrance) => {
            let file = name.to_owned();
            button("", name, move || entrance.save(&known.get_value(), &file)).attr("role", "link")
        }
        None => element("a").attr("rel", "external").attr("download", name).text(name),
    }
    .untranslated();
    let node = link.node().clone();
    spawn_local(async move {
        if let Ok(address) = address.await {
            if node.has_attribute("download") {
                // Any address is a valid value.
                let _ = node.set_attribute("href", &address);
            }
            known.set_value(address);
        }
    });
    link
}

/// One file: its name, how far it is, and what can be done with it.
fn file(field: Field, document: &Document, uploads: Uploads) -> Element {
    let app = App::get();
    let Document { id, name, size: bytes, .. } = document.clone();
    let document = StoredValue::new_local(document.clone());
    let stage = move || document.with_value(|document| uploads.stage(&document.id));
    // What can be done changes with the stage, not with each byte: a button stays while somebody presses it.
    let kind = Memo::new(move |_| match stage() {
        Stage::Sending(_) => Stage::Sending(0),
        stage => stage,
    });
    let title = move || {
        document.with_value(|Document { id, name, .. }| match kind.get() {
            Stage::Arrived => link_to_file(name, uploads.address(id)),
            _ => element("span").untranslated().text(name),
        })
    };
    let sent = move || match stage() {
        Stage::Sending(sent) => Some(sent.to_string()),
        _ => None,
    };
    let progress = move || {
        (kind.get() == Stage::Sending(0)).then(|| {
            let label = document.with_value(|document| ["Envoi de ", &document.name].concat());
            let bar = element("progress").attr("max", &bytes.max(1).to_string()).attr("aria-label", &label);
            bar.live_attr("value", sent)
        })
    };
    let retry = move || {
        matches!(kind.get(), Stage::Failed(trouble) if trouble.can_be_tried_again()).then(|| {
            document.with_value(|Document { id, name, .. }| {
                let id = id.clone();
                let words = unseen(&[" l’envoi de ", name].concat());
                let retry = move || {
                    uploads.retry(&id);
                    app.focus_field(field);
                };
                button("quiet", "Réessayer", retry).child(words)
            })
        })
    };
    let removing = move || match kind.get() {
        Stage::Waiting | Stage::Sending(_) => "Annuler l’envoi",
        _ => "Retirer",
    };
    let removed = ["« ", &isolated(&name), " » est retiré"].concat();
    let remove = button("quiet", "", move || {
        uploads.remove(field, &id);
        app.announce(&removed);
        app.focus_field(field);
    });
    let words = move |stage| files::state(stage, bytes, app.api().is_local());
    let told = move || match kind.get() {
        Stage::Waiting | Stage::Sending(_) | Stage::Lost => String::new(),
        stage => words(stage),
    };
    let words_now = element("p").class("hint file-state").live_text(move || words(stage()));
    let about = element("span").class("hint").text(&[" · ", &size(bytes)].concat());
    element("li")
        .class("file")
        .live_class("wrong", move || !matches!(kind.get(), Stage::Waiting | Stage::Sending(_) | Stage::Arrived))
        .child(element("div").child(live(title)).child(about))
        .child(element("div").class("file-actions").child(live(retry)).child(
            remove.child(element("span").live_text(removing)).child(unseen(&[" ", &name].concat()).untranslated()),
        ))
        .child(live(progress))
        .child(words_now)
        .child(element("p").class("unseen").attr("aria-live", "polite").live_text(told))
}
