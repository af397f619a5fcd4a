//! Fields that are answered with files.

use leptos::prelude::*;

use super::control::{Control, LabelledField, while_asked};
use super::drop_zone::drop_zone;
use crate::api::ApiFuture;
use crate::components::{Placeholder, button, deferred_view, paragraph, visually_hidden};
use crate::context::{Announcer, Focus, Session};
use crate::effect::{computed, spawn};
use crate::html::{LiveText, a, div, follow, holds, input, li, live, p, progress, span, ul};
use crate::lazy::deferred;
use crate::model::document::{MAX_COUNT, MAX_SIZE};
use crate::model::field::Value;
use crate::model::{Document, Field, Id};
use crate::texts::{files, isolated, messages, size};
use crate::uploads::{RejectedFile, Stage, Uploads, names};

/// Shows a field that is answered with files. Its code is deferred.
#[component]
pub fn DocumentsField(field: Field) -> impl IntoView {
    deferred_view(Placeholder::Part, move || documents_field(field))
}

deferred! {
    /// Draws a field that is answered with files.
    fn documents_field(field: Field) -> AnyView {
        view! { <LoadedDocumentsField field /> }.into_any()
    }
}

/// Shows a field that is answered with files, once its code is loaded.
#[component]
fn LoadedDocumentsField(field: Field) -> impl IntoView {
    while_asked(field, move |control| {
        let limits = format!(
            "PDF, PNG ou JPEG, {} au plus par fichier, {MAX_COUNT} fichiers au plus.",
            messages::mebibytes(MAX_SIZE)
        );
        view! {
            <LabelledField control>
                {paragraph(limits).attr("class", "hint").attr("id", control.id("limits"))}
                <ListedFiles control />
                <DropZone control />
                <RejectedFiles field />
            </LabelledField>
        }
    })
}

/// Shows the files of the field.
#[component]
fn ListedFiles(control: Control) -> impl IntoView {
    let Control { form, field, .. } = control;
    let files = move || {
        let documents = form.with(field, |value| match value {
            Value::Documents(documents) => told_apart(documents),
            _ => Vec::new(),
        });
        documents.into_iter().map(|document| view! { <ListedFile field document /> }.into_any()).collect::<Vec<_>>()
    };
    ul().attr("class", "files").attr("role", "list").child(live(files))
}

/// Shows where files can be dropped, or chosen.
#[component]
fn DropZone(control: Control) -> impl IntoView {
    let uploads: Uploads = expect_context();
    let field = control.field;
    let chooser = input().attr("id", field.path()).attr("name", field.path());
    drop_zone(control.described(chooser, "limits"), move |files| uploads.add_files(field, files))
}

/// Lists the files that failed a check, each with its reason.
#[component]
fn RejectedFiles(field: Field) -> impl IntoView {
    let uploads: Uploads = expect_context();
    let message =
        |file: &RejectedFile| paragraph(messages::rejection(&file.name, file.code, MAX_COUNT)).attr("class", "message");
    let messages = move || uploads.rejected(field).iter().map(message).collect::<Vec<_>>();
    div().attr("class", "notes").attr("aria-live", "polite").child(live(messages))
}

/// Returns the files under names that differ: files that were chosen in two tabs at once may bear the same one.
fn told_apart(documents: &[Document]) -> Vec<Document> {
    let mut unique: Vec<Document> = Vec::new();
    for document in documents {
        let name = names::unique_name(&document.name, usize::MAX, |name| unique.iter().any(|other| other.name == name));
        unique.push(Document { name, ..document.clone() });
    }
    unique
}

/// Shows a link that saves a file, once its address is known.
#[component]
pub fn FileLink(name: String, address: ApiFuture<String>) -> impl IntoView {
    let session = Session::get();
    let known = RwSignal::new(None::<String>);
    let link = match session.sign_in_window() {
        // No address carries the token that it takes.
        Some(window) => {
            let file = name.clone();
            let save = move || window.save(&known.get_untracked().unwrap_or_default(), &file);
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

/// A listed file and the stage of its upload. Copies share one state.
#[derive(Clone, Copy)]
struct FileUpload {
    uploads: Uploads,
    document: StoredValue<Document>,
    /// Stage without the number of bytes. What can be done follows it: a button stays while a person presses it.
    kind: Memo<Stage>,
}

impl FileUpload {
    fn new(document: Document) -> Self {
        let uploads: Uploads = expect_context();
        let document = StoredValue::new(document);
        let kind = computed(move |_| match document.with_value(|document| uploads.stage(&document.id)) {
            Stage::Sending(_) => Stage::Sending(0),
            stage => stage,
        });
        Self { uploads, document, kind }
    }

    fn id(self) -> Id {
        self.document.with_value(|document| document.id.clone())
    }

    fn name(self) -> String {
        self.document.with_value(|document| document.name.clone())
    }

    fn size(self) -> u64 {
        self.document.with_value(|document| document.size)
    }

    fn stage(self) -> Stage {
        self.document.with_value(|document| self.uploads.stage(&document.id))
    }

    /// Returns whether the upload has not ended yet.
    fn is_running(self) -> bool {
        matches!(self.kind.get(), Stage::Waiting | Stage::Sending(_))
    }
}

/// Shows one file: its name, the progress of its upload, and what can be done with it.
#[component]
fn ListedFile(field: Field, document: Document) -> impl IntoView {
    let upload = FileUpload::new(document);
    let has_failed = move || matches!(upload.kind.get(), Stage::Failed(_) | Stage::Lost);
    let about = span().attr("class", "hint").child([" · ", &size(upload.size())].concat());
    li().attr("class", "file")
        .class(("invalid", holds(has_failed)))
        .child(div().child(view! { <FileName upload /> }).child(about))
        .child(div().attr("class", "file-actions").child(view! {
            <RetryButton field upload />
            <RemoveButton field upload />
        }))
        .child(view! {
            <UploadProgress upload />
            <UploadStage upload />
        })
}

/// Shows the name of a file, as a link once it is uploaded.
#[component]
fn FileName(upload: FileUpload) -> impl IntoView {
    live(move || match upload.kind.get() {
        Stage::Uploaded => {
            view! { <FileLink name=upload.name() address=upload.uploads.address(&upload.id()) /> }.into_any()
        }
        _ => span().attr("translate", "no").child(upload.name()).into_any(),
    })
}

/// Shows a button that uploads a file again, where that may help.
#[component]
fn RetryButton(field: Field, upload: FileUpload) -> impl IntoView {
    let focus = Focus::get();
    let retry = move || {
        upload.uploads.retry(&upload.id());
        focus.on_field(field);
    };
    live(move || {
        matches!(upload.kind.get(), Stage::Failed(error) if error.is_retryable()).then(|| {
            let hidden = visually_hidden([" l’envoi de ", &upload.name()].concat());
            button("quiet", "Réessayer", retry).child(hidden)
        })
    })
}

/// Shows a button that removes a file, and ends its upload.
#[component]
fn RemoveButton(field: Field, upload: FileUpload) -> impl IntoView {
    let (focus, announcer) = (Focus::get(), Announcer::get());
    let words = move || if upload.is_running() { "Annuler l’envoi" } else { "Retirer" }.to_owned();
    let remove = move || {
        let removed = ["« ", &isolated(&upload.name()), " » est retiré"].concat();
        upload.uploads.remove(field, &upload.id());
        announcer.announce(&removed);
        focus.on_field(field);
    };
    let hidden = visually_hidden([" ", &upload.name()].concat()).attr("translate", "no");
    button("quiet", "", remove).child(span().live_text(words)).child(hidden)
}

/// Shows a bar while a file is being sent.
#[component]
fn UploadProgress(upload: FileUpload) -> impl IntoView {
    let sent = move || match upload.stage() {
        Stage::Sending(sent) => Some(sent.to_string()),
        _ => None,
    };
    live(move || {
        (upload.kind.get() == Stage::Sending(0)).then(|| {
            progress()
                .attr("max", upload.size().max(1).to_string())
                .attr("aria-label", ["Envoi de ", &upload.name()].concat())
                .attr("value", follow(sent))
        })
    })
}

/// Shows the stage of an upload in words. A screen reader is told how it ended, and not each byte.
#[component]
fn UploadStage(upload: FileUpload) -> impl IntoView {
    let is_local = Session::get().api().is_local();
    let words = move |stage| files::state(stage, upload.size(), is_local);
    let announced = move || match upload.kind.get() {
        Stage::Waiting | Stage::Sending(_) | Stage::Unverified | Stage::Lost => String::new(),
        stage => words(stage),
    };
    let announcement = p().attr("class", "visually-hidden").attr("aria-live", "polite");
    vec![
        p().attr("class", "hint file-state").live_text(move || words(upload.stage())),
        announcement.live_text(announced),
    ]
}
