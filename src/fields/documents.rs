//! Files to choose or to drop, and how far each one is.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Event, FileList, HtmlInputElement};

use super::control::{Control, asked};
use crate::api::Answer;
use crate::browser::file::File;
use crate::components::{Placeholder, button, later, paragraph, visually_hidden};
use crate::context::{Announcer, Focus, Session};
use crate::effect::{computed, spawn};
use crate::html::{Input, LiveText, a, div, follow, holds, input, li, live, p, span, ul};
use crate::lazy::deferred;
use crate::model::document::{MAX_COUNT, MAX_SIZE};
use crate::model::field::Value;
use crate::model::{Document, Field};
use crate::texts::{files, isolated, messages, size};
use crate::uploads::names::unique_name;
use crate::uploads::{RejectedFile, Stage, Uploads};

/// What a file chooser offers. It is a help: the first bytes decide. With `image/*` in it, an iPhone would hand over its own
/// HEIC, which is not taken, instead of a JPEG made of it.
const TYPES: &str = ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg";

/// Shows a field that is answered with files, once the part of the program that knows of files is there.
#[component]
pub fn Documents(field: Field) -> impl IntoView {
    later(Placeholder::Part, move || documents_field(field))
}

deferred! {
    /// Draws a field that is answered with files.
    fn documents_field(field: Field) -> AnyView {
        view! { <DocumentsField field /> }.into_any()
    }
}

/// Shows a field that is answered with files.
#[component]
fn DocumentsField(field: Field) -> impl IntoView {
    let uploads: Uploads = expect_context();
    asked(field, move |control| {
        let form = control.form;
        let limits = format!(
            "PDF, PNG ou JPEG, {} au plus par fichier, {MAX_COUNT} fichiers au plus.",
            messages::mebibytes(MAX_SIZE)
        );
        let listed = move || {
            form.with(field, |value| match value {
                Value::Documents(documents) => {
                    shown(documents).into_iter().map(|document| file(field, document)).collect()
                }
                _ => Vec::new(),
            })
        };
        let refusals = move || {
            let refusals = uploads.rejected(field);
            let message = |refusal: &RejectedFile| {
                paragraph(messages::refusal(&refusal.name, refusal.code)).attr("class", "message")
            };
            refusals.iter().map(message).collect::<Vec<_>>()
        };
        control
            .frame(div())
            .child(control.label())
            .child(control.hint())
            .child(paragraph(limits).attr("class", "hint").attr("id", control.id("limits")))
            .child(ul().attr("class", "files").attr("role", "list").child(live(listed)))
            .child(drop_zone(control, uploads))
            .child(div().attr("class", "notes").attr("aria-live", "polite").child(live(refusals)))
            .child(control.messages())
    })
}

fn file(field: Field, document: Document) -> AnyView {
    ListedFile(ListedFileProps { field, document }).into_any()
}

fn drop_zone(control: Control, uploads: Uploads) -> impl IntoView {
    let over = RwSignal::new(false);
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        uploads.add_files(control.field, list_of(event.data_transfer().and_then(|data| data.files())));
    };
    div()
        .attr("class", "drop")
        .class(("over", holds(move || over.get())))
        .on(ev::dragover, move |event: DragEvent| {
            event.prevent_default();
            over.set(true);
        })
        .on(ev::dragleave, move |_| over.set(false))
        .on(ev::drop, dropped)
        .child(control.described(chooser(control.field, uploads), "limits"))
        .child(span().child("Choisissez des fichiers, ou déposez-les ici"))
}

fn chooser(field: Field, uploads: Uploads) -> Input {
    let choose = move |event: Event| {
        if let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) {
            uploads.add_files(field, list_of(input.files()));
            // The same file can be chosen again, after it was mended.
            input.set_value("");
        }
    };
    input()
        .attr("id", field.path())
        .attr("name", field.path())
        .attr("type", "file")
        .attr("multiple", true)
        .attr("accept", TYPES)
        .on(ev::change, choose)
}

/// The same files under names that tell them apart: those that were chosen in two tabs at once may bear the same.
fn shown(documents: &[Document]) -> Vec<Document> {
    let mut shown: Vec<Document> = Vec::new();
    for document in documents {
        let name = unique_name(&document.name, usize::MAX, |name| shown.iter().any(|other| other.name == name));
        shown.push(Document { name, ..document.clone() });
    }
    shown
}

fn list_of(files: Option<FileList>) -> Vec<File> {
    files
        .map_or(Vec::new(), |files| (0..files.length()).filter_map(|place| files.item(place)).map(File::from).collect())
}

/// Shows a link that saves a file. It leads somewhere as soon as it is known where.
#[component]
pub fn FileLink(name: String, address: Answer<String>) -> impl IntoView {
    let session = Session::get();
    let known = RwSignal::new(None::<String>);
    let link = match session.sign_in_window() {
        // No address carries the token that it takes.
        Some(sign_in_window) => {
            let file = name.clone();
            let save = move || sign_in_window.save(&known.get_untracked().unwrap_or_default(), &file);
            button("", name, save).attr("role", "link")
        }
        None => a()
            .attr("rel", "external")
            .attr("download", name.clone())
            .attr("href", follow(move || known.get()))
            .child(name),
    };
    spawn(async move {
        if let Ok(address) = address.await {
            known.set(Some(address));
        }
    });
    link.attr("translate", "no")
}

/// Shows one file: its name, how far it is, and what can be done with it.
#[component]
fn ListedFile(field: Field, document: Document) -> impl IntoView {
    let (session, focus, announcer) = (Session::get(), Focus::get(), Announcer::get());
    let uploads: Uploads = expect_context();
    let Document { id, name, size: bytes, .. } = document.clone();
    let document = StoredValue::new(document);
    let stage = move || document.with_value(|document| uploads.stage(&document.id));
    // What can be done changes with the stage, not with each byte: a button stays while somebody presses it.
    let kind = computed(move |_| match stage() {
        Stage::Sending(_) => Stage::Sending(0),
        stage => stage,
    });
    let title = move || {
        let Document { id, name, .. } = document.get_value();
        match kind.get() {
            Stage::Uploaded => FileLink(FileLinkProps { name, address: uploads.address(&id) }).into_any(),
            _ => span().attr("translate", "no").child(name).into_any(),
        }
    };
    let sent = move || match stage() {
        Stage::Sending(sent) => Some(sent.to_string()),
        _ => None,
    };
    let progress = move || {
        (kind.get() == Stage::Sending(0)).then(|| {
            let label = document.with_value(|document| ["Envoi de ", &document.name].concat());
            crate::html::progress()
                .attr("max", bytes.max(1).to_string())
                .attr("aria-label", label)
                .attr("value", follow(sent))
        })
    };
    let retry = move || {
        matches!(kind.get(), Stage::Failed(trouble) if trouble.is_retryable()).then(|| {
            let Document { id, name, .. } = document.get_value();
            let retry = move || {
                uploads.retry(&id);
                focus.on_field(field);
            };
            button("quiet", "Réessayer", retry).child(visually_hidden([" l’envoi de ", &name].concat()))
        })
    };
    let removing = move || match kind.get() {
        Stage::Waiting | Stage::Sending(_) => "Annuler l’envoi".to_owned(),
        _ => "Retirer".to_owned(),
    };
    let removed = ["« ", &isolated(&name), " » est retiré"].concat();
    let remove = button("quiet", "", move || {
        uploads.remove(field, &id);
        announcer.announce(&removed);
        focus.on_field(field);
    });
    let words = move |stage| files::state(stage, bytes, session.api().is_local());
    let told = move || match kind.get() {
        Stage::Waiting | Stage::Sending(_) | Stage::Lost => String::new(),
        stage => words(stage),
    };
    let is_in_trouble = move || !matches!(kind.get(), Stage::Waiting | Stage::Sending(_) | Stage::Uploaded);
    let about = span().attr("class", "hint").child([" · ", &size(bytes)].concat());
    let remove =
        remove.child(span().live_text(removing)).child(visually_hidden([" ", &name].concat()).attr("translate", "no"));
    li().attr("class", "file")
        .class(("wrong", holds(is_in_trouble)))
        .child(div().child(live(title)).child(about))
        .child(div().attr("class", "file-actions").child(live(retry)).child(remove))
        .child(live(progress))
        .child(p().attr("class", "hint file-state").live_text(move || words(stage())))
        .child(p().attr("class", "unseen").attr("aria-live", "polite").live_text(told))
}
