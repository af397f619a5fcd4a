//! Files to choose or to drop, and how far each one is.

use leptos::ev::DragEvent;
use leptos::html;
use leptos::prelude::*;
use web_sys::{File, FileList};

use super::{described_by, error_of, hint, invalid, label_text, messages, while_asked};
use crate::form::Form;
use crate::model::document::{MAX_COUNT, MAX_SIZE};
use crate::model::field::Value;
use crate::model::{Document, Field};
use crate::texts::{fields, messages as words, size};
use crate::uploads::{Stage, Uploads};

/// Files of one field.
pub fn documents(form: Form, field: Field, uploads: Uploads) -> AnyView {
    while_asked(form, field, move || {
        let error = error_of(form, field);
        let input: NodeRef<html::Input> = NodeRef::new();
        let dragged_over = RwSignal::new(false);
        let chosen = move |_| {
            if let Some(input) = input.get_untracked() {
                uploads.choose(field, list(input.files()));
                // The same file can be chosen again, after it was mended.
                input.set_value("");
            }
        };
        let dropped = move |event: DragEvent| {
            event.prevent_default();
            dragged_over.set(false);
            uploads.choose(field, list(event.data_transfer().and_then(|data| data.files())));
        };
        let over = move |event: DragEvent| {
            event.prevent_default();
            dragged_over.set(true);
        };
        let listed = move || {
            form.with(field, |value| match value {
                Value::Documents(documents) => documents.to_vec(),
                _ => Vec::new(),
            })
        };
        let limits_id = format!("{}-limits", field.path());
        let described = {
            let limits_id = limits_id.clone();
            let described = described_by(field, !fields::of(field).hint.is_empty(), error);
            move || match described() {
                Some(others) => format!("{others} {limits_id}"),
                None => limits_id.clone(),
            }
        };
        let refusals = move || {
            let refusals = uploads.refusals(field);
            refusals
                .iter()
                .map(|refusal| view! { <p class="message">{words::refusal(&refusal.name, refusal.code)}</p> })
                .collect_view()
        };
        view! {
            <div class="field" class:wrong=move || error.with(Option::is_some)>
                <label for=field.path()>{label_text(field)}</label>
                {hint(field)}
                <p class="hint" id=limits_id>
                    {format!(
                        "PDF, PNG ou JPEG, {} au plus par fichier, {MAX_COUNT} fichiers au plus.",
                        words::mebibytes(MAX_SIZE),
                    )}
                </p>
                <ul class="files" role="list">
                    <For
                        each=listed
                        key=|document| document.id.clone()
                        children=move |document| file(field, document, uploads)
                    />
                </ul>
                <div
                    class="drop"
                    class:over=move || dragged_over.get()
                    on:dragover=over
                    on:dragleave=move |_| dragged_over.set(false)
                    on:drop=dropped
                >
                    <input
                        id=field.path()
                        name=field.path()
                        type="file"
                        multiple=true
                        accept=".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"
                        aria-describedby=described
                        aria-invalid=invalid(error)
                        node_ref=input
                        on:change=chosen
                    />
                    <span>{"ou déposez vos fichiers ici"}</span>
                </div>
                <div aria-live="polite" class="notes">{refusals}</div>
                {messages(form, field, error)}
            </div>
        }
    })
}

fn list(files: Option<FileList>) -> Vec<File> {
    files.map_or(Vec::new(), |files| (0..files.length()).filter_map(|place| files.item(place)).collect())
}

fn file(field: Field, document: Document, uploads: Uploads) -> AnyView {
    let Document { id, name, size: bytes, .. } = document;
    let stage = {
        let id = id.clone();
        Memo::new(move |_| uploads.stage(&id))
    };
    let title = {
        let (id, name) = (id.clone(), name.clone());
        move || match stage.get() {
            Stage::Arrived => {
                let address = uploads.address(&id);
                view! { <a href=address rel="external" download=name.clone()>{name.clone()}</a> }.into_any()
            }
            _ => view! { <span>{name.clone()}</span> }.into_any(),
        }
    };
    let state = move || match stage.get() {
        Stage::Waiting => "En attente d’envoi".to_owned(),
        Stage::Sending(sent) => format!("{} envoyés sur {}", size(sent.min(bytes)), size(bytes)),
        Stage::Arrived => "Envoyé".to_owned(),
        Stage::Failed => "L’envoi n’a pas abouti. Vérifiez votre connexion, puis réessayez.".to_owned(),
        Stage::Refused => "Ce fichier n’a pas été accepté. Retirez-le et choisissez-en un autre.".to_owned(),
        Stage::Lost => "Ce fichier n’est pas arrivé. Retirez-le et choisissez-le à nouveau.".to_owned(),
    };
    let progress = {
        let name = name.clone();
        move || match stage.get() {
            Stage::Sending(sent) => {
                let label = format!("Envoi de {name}");
                Some(
                    view! { <progress max=bytes.max(1).to_string() prop:value=sent.to_string() aria-label=label></progress> },
                )
            }
            _ => None,
        }
    };
    let retry = {
        let (id, name) = (id.clone(), name.clone());
        move || {
            let id = id.clone();
            (stage.get() == Stage::Failed).then(|| {
                view! {
                    <button type="button" class="quiet" on:click=move |_| uploads.retry(&id)>
                        {"Réessayer"}
                        <span class="unseen">{format!(" l’envoi de {name}")}</span>
                    </button>
                }
            })
        }
    };
    let removing = move || match stage.get() {
        Stage::Waiting | Stage::Sending(_) => "Annuler l’envoi",
        _ => "Retirer",
    };
    let remove = move |_| uploads.remove(field, &id);
    view! {
        <li class="file" class:wrong=move || matches!(stage.get(), Stage::Failed | Stage::Refused | Stage::Lost)>
            <div class="file-name">
                {title}
                <span class="hint">{format!(" · {}", size(bytes))}</span>
            </div>
            <div class="file-actions">
                {retry}
                <button type="button" class="quiet" on:click=remove>
                    {removing}
                    <span class="unseen">{format!(" {name}")}</span>
                </button>
            </div>
            {progress}
            <p class="hint file-state">{state}</p>
        </li>
    }
    .into_any()
}
