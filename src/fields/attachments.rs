//! Files that go with a message: the control that takes them, and what became of each.

use leptos::prelude::*;

use super::drop_zone::drop_zone;
use crate::components::{button, paragraph, visually_hidden};
use crate::context::{Announcer, Focus, Session};
use crate::effect::computed;
use crate::html::{self, Element, LiveText, div, follow, holds, input, li, live, p, progress, span, ul};
use crate::model::Document;
use crate::model::document::MAX_SIZE;
use crate::model::lifecycle::act::DOCUMENTS_MAX;
use crate::texts::{files, isolated, messages, size};
use crate::uploads::Stage;
use crate::uploads::attachments::{Attachment, Attachments};

/// Identifier of the control.
const CONTROL: &str = "message-files";
/// Identifier of the hint of the control.
const HINT: &str = "message-files-hint";

/// Lets a person add files to a message, and shows those that are there.
#[component]
pub fn AttachmentsField(
    /// Files of the message.
    attachments: Attachments,
) -> impl IntoView {
    let limits = format!(
        "PDF, PNG ou JPEG, {} au plus par fichier, {DOCUMENTS_MAX}\u{a0}fichiers au plus. Ils ne s’ajoutent pas aux documents du formulaire.",
        messages::mebibytes(MAX_SIZE)
    );
    let chooser = input().attr("id", CONTROL).attr("aria-describedby", HINT);
    let optional = span().attr("class", "optional").child(" (facultatif)");
    div()
        .attr("class", "field")
        .child(html::label().attr("for", CONTROL).child("Documents joints au message").child(optional))
        .child(paragraph(limits).attr("class", "hint").attr("id", HINT))
        .child(list(attachments))
        .child(drop_zone(chooser, move |files| attachments.add(files)))
        .child(rejected(attachments))
}

/// Lists the files. One is drawn anew when what can be done with it changes, and not at each byte.
fn list(attachments: Attachments) -> Element {
    let listed = computed(move |_| {
        let whole = |file: Attachment| match file.stage {
            Stage::Sending(_) => Attachment { stage: Stage::Sending(0), ..file },
            _ => file,
        };
        attachments.files().into_iter().map(whole).collect::<Vec<_>>()
    });
    let items = move || listed.get().into_iter().map(|file| item(attachments, file)).collect::<Vec<_>>();
    ul().attr("class", "files").attr("role", "list").child(live(items))
}

/// Shows one file: its name, the progress of its upload, and what can be done with it.
fn item(attachments: Attachments, file: Attachment) -> Element {
    let Attachment { document, stage } = file;
    let is_local = Session::get().api().is_local();
    let name = span().attr("translate", "no").child(document.name.clone());
    let about = span().attr("class", "hint").child([" · ", &size(document.size)].concat());
    let (id, bytes) = (document.id.clone(), document.size);
    let words = move || files::attached(attachments.stage(&id), bytes, is_local);
    let bar = (stage == Stage::Sending(0)).then(|| {
        let id = document.id.clone();
        let sent = move || match attachments.stage(&id) {
            Stage::Sending(sent) => Some(sent.to_string()),
            _ => None,
        };
        progress()
            .attr("max", bytes.max(1).to_string())
            .attr("aria-label", ["Envoi de ", &document.name].concat())
            .attr("value", follow(sent))
    });
    let told = match stage {
        Stage::Sending(_) => String::new(),
        stage => files::attached(stage, bytes, is_local),
    };
    let (retry, remove) = (retry(attachments, &document, stage), remove(attachments, &document, stage));
    li().attr("class", "file")
        .class(("invalid", holds(move || matches!(stage, Stage::Failed(_)))))
        .child(div().child(name).child(about))
        .child(div().attr("class", "file-actions").child(retry).child(remove))
        .child(bar)
        .child(p().attr("class", "hint file-state").live_text(words))
        .child(p().attr("class", "visually-hidden").attr("aria-live", "polite").child(told))
}

/// Returns the button that sends a file again, where that may help.
fn retry(attachments: Attachments, document: &Document, stage: Stage) -> Option<Element> {
    let (focus, id) = (Focus::get(), document.id.clone());
    let retry = move || {
        attachments.retry(&id);
        focus.on(&["#", CONTROL].concat());
    };
    matches!(stage, Stage::Failed(error) if error.is_retryable()).then(|| {
        let hidden = visually_hidden([" l’envoi de ", &document.name].concat());
        button("quiet", "Réessayer", retry).child(hidden)
    })
}

/// Returns the button that removes a file, and ends its upload.
fn remove(attachments: Attachments, document: &Document, stage: Stage) -> Element {
    let (focus, announcer) = (Focus::get(), Announcer::get());
    let (id, name) = (document.id.clone(), document.name.clone());
    let remove = move || {
        attachments.remove(&id);
        announcer.announce(&["«\u{a0}", &isolated(&name), "\u{a0}» est retiré"].concat());
        focus.on(&["#", CONTROL].concat());
    };
    let words = if matches!(stage, Stage::Sending(_)) { "Annuler l’envoi" } else { "Retirer" };
    let hidden = visually_hidden([" ", &document.name].concat()).attr("translate", "no");
    button("quiet", words, remove).child(hidden)
}

/// Lists the files that failed a check, each with its reason.
fn rejected(attachments: Attachments) -> Element {
    let words = move || {
        let rejected = attachments.rejected().into_iter();
        let message = |(name, code): (String, _)| paragraph(messages::rejection(&name, code, DOCUMENTS_MAX));
        rejected.map(|file| message(file).attr("class", "message")).collect::<Vec<_>>()
    };
    div().attr("class", "notes").attr("aria-live", "polite").child(live(words))
}
