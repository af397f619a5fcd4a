//! Uploads of the files of one request: checked first, then sent, each with its progress.
//!
//! The draft lists a file as soon as it is chosen; its bytes follow once the draft exists on the server. Until they are
//! uploaded, closing the page would lose them, and asks for confirmation.

pub mod attachments;
mod checks;
mod error;
pub mod names;

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;

use crate::api::{Api, ApiError, ApiFuture, service};
use crate::browser::file::File;
use crate::browser::network;
use crate::browser::unload::UnloadPrompt;
use crate::draft::OpenDraft;
use crate::effect::spawn;
use crate::form::Form;
use crate::ids::new_id;
use crate::model::document::{FileType, MAX_COUNT, MAX_NAME};
use crate::model::field::Value;
use crate::model::{ClosedList, Code, Document, Field, Id};

use checks::checked;
pub use error::UploadError;
use names::unique_name;

/// Stage of the upload of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Waiting for the draft to exist on the server.
    Waiting,
    /// Number of bytes sent so far.
    Sending(u64),
    /// Listed in the draft; the server did not say yet whether it has the bytes.
    Unverified,
    /// Stored on the server.
    Uploaded,
    /// Failed.
    Failed(UploadError),
    /// Listed in the draft, without bytes: the page was reloaded before they were uploaded.
    Lost,
}

/// File that fails a check and is not listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedFile {
    /// Field it was added to.
    pub field: Field,
    /// Name of the file.
    pub name: String,
    /// Check that it fails.
    pub code: Code,
}

struct Running {
    document: Id,
    file: File,
    abort: Rc<dyn Fn()>,
}

/// Uploads of one request. Copies share one state.
#[derive(Clone, Copy)]
pub struct Uploads(StoredValue<Rc<State>, LocalStorage>);

struct State {
    form: Form,
    draft: OpenDraft,
    api: Rc<dyn Api>,
    stages: ArcRwSignal<Vec<(Id, Stage)>>,
    rejected: ArcRwSignal<Vec<RejectedFile>>,
    running: RefCell<Vec<Running>>,
    prompt: RefCell<Option<UnloadPrompt>>,
}

impl Uploads {
    /// Returns the uploads of a request.
    #[must_use]
    pub fn new(form: Form, draft: OpenDraft, api: Rc<dyn Api>) -> Self {
        let unverified = |document: &Document| (document.id.clone(), Stage::Unverified);
        let state = State {
            form,
            draft,
            api,
            stages: ArcRwSignal::new(form.draft().documents().map(unverified).collect()),
            rejected: ArcRwSignal::new(Vec::new()),
            running: RefCell::default(),
            prompt: RefCell::default(),
        };
        let uploads = Self(StoredValue::new_local(Rc::new(state)));
        // A first drawing tells what is known.
        if let Some(arrived) = draft.arrived().get_untracked() {
            uploads.reconcile(&arrived);
        }
        uploads
    }

    /// # Panics
    /// When its owner has ended.
    fn state(self) -> Rc<State> {
        self.0.get_value()
    }

    /// Asks for confirmation before the page closes, as long as closing it would lose a file.
    ///
    /// Browsers keep no page with such a listener in their back-forward cache: it is removed as soon as it can be.
    fn update_unload_prompt(self) {
        let is_needed = self.state().stages.with_untracked(|stages| {
            stages.iter().any(|(_, stage)| match stage {
                Stage::Waiting | Stage::Sending(_) => true,
                Stage::Failed(error) => error.is_retryable(),
                Stage::Unverified | Stage::Uploaded | Stage::Lost => false,
            })
        });
        let state = self.state();
        let mut prompt = state.prompt.borrow_mut();
        match (is_needed, &*prompt) {
            (true, None) => *prompt = Some(UnloadPrompt::new(|| true)),
            (false, Some(_)) => *prompt = None,
            _ => {}
        }
    }

    /// Returns the names of lost files, each with its field.
    #[must_use]
    pub fn lost(self) -> Vec<(Field, String)> {
        let is_lost =
            |id: &Id| self.state().stages.with(|stages| stages.iter().any(|known| *known == (id.clone(), Stage::Lost)));
        let lost = |field: Field| {
            self.state().form.with(field, |value| match value {
                Value::Documents(documents) => {
                    let lost = documents.iter().filter(|document| is_lost(&document.id));
                    lost.map(|document| (field, document.name.clone())).collect()
                }
                _ => Vec::new(),
            })
        };
        [Field::Mockups, Field::LegalDocuments].into_iter().flat_map(lost).collect()
    }

    /// Returns the stage of a file.
    #[must_use]
    pub fn stage(self, document: &Id) -> Stage {
        self.state()
            .stages
            .with(|stages| stages.iter().find(|(id, _)| id == document).map_or(Stage::Lost, |(_, stage)| *stage))
    }

    /// Returns whether an upload is waiting or running.
    #[must_use]
    pub fn has_pending(self) -> bool {
        self.state()
            .stages
            .with(|stages| stages.iter().any(|(_, stage)| matches!(stage, Stage::Waiting | Stage::Sending(_))))
    }

    /// Returns the files rejected at a field since files were last added there.
    #[must_use]
    pub fn rejected(self, field: Field) -> Vec<RejectedFile> {
        self.state().rejected.with(|rejected| rejected.iter().filter(|file| file.field == field).cloned().collect())
    }

    /// Compares with the documents that the server has: others that are not on their way are lost.
    pub fn reconcile(self, arrived: &[Id]) {
        let listed: Vec<Id> =
            untrack(|| self.state().form.draft().documents().map(|document| document.id.clone()).collect());
        for document in listed {
            match (untrack(|| self.stage(&document)), arrived.contains(&document)) {
                (Stage::Unverified, true) => self.set_stage(&document, Stage::Uploaded),
                (Stage::Unverified | Stage::Uploaded, false) => self.set_stage(&document, Stage::Lost),
                _ => {}
            }
        }
    }

    /// Returns the address of an uploaded file.
    #[must_use]
    pub fn address(self, document: &Id) -> ApiFuture<String> {
        service::of(&*self.state().api).document_address(&self.state().draft.id(), document)
    }

    /// Adds files that the person chose or dropped at a field.
    pub fn add_files(self, field: Field, files: Vec<File>) {
        self.state().rejected.update(|rejected| rejected.retain(|file| file.field != field));
        spawn(async move {
            for file in files {
                let checked = self.check(field, &file).await;
                // The person may have left the request meanwhile.
                if self.0.is_disposed() {
                    return;
                }
                match checked {
                    Ok(kind) => self.add(field, file, kind),
                    Err(code) => {
                        let file = RejectedFile { field, name: file.name(), code };
                        self.state().rejected.update(|rejected| rejected.push(file));
                    }
                }
            }
        });
    }

    /// Checks a file by the model's rules before it is listed, and returns its type by its first bytes.
    async fn check(self, field: Field, file: &File) -> Result<FileType, Code> {
        checked(file, self.listed(field).len(), MAX_COUNT).await
    }

    fn listed(self, field: Field) -> Vec<Document> {
        untrack(|| {
            self.state().form.with(field, |value| match value {
                Value::Documents(documents) => documents.to_vec(),
                _ => Vec::new(),
            })
        })
    }

    fn add(self, field: Field, file: File, kind: FileType) {
        let mut documents = self.listed(field);
        let is_taken = |name: &str| documents.iter().any(|other| other.name == name);
        let max = usize::try_from(MAX_NAME).unwrap_or(usize::MAX);
        let document = Document {
            id: new_id(),
            name: unique_name(&field.clean(&file.name()), max, is_taken),
            size: file.size(),
            media_type: kind.as_str().to_owned(),
        };
        let id = document.id.clone();
        self.put_stage(&id, Stage::Waiting);
        // Browsers tell the type by the name, which may be another.
        let file = file.with_type(kind.as_str());
        documents.push(document);
        self.state().form.edit(field, Value::Documents(&documents));
        self.start(id, file);
    }

    fn start(self, document: Id, file: File) {
        self.set_stage(&document, Stage::Waiting);
        let state = self.state();
        state.running.borrow_mut().retain(|other| other.document != document);
        let running = Running { document: document.clone(), file: file.clone(), abort: Rc::new(|| {}) };
        state.running.borrow_mut().push(running);
        self.state().draft.once_saved(move || self.send(document, &file));
    }

    fn send(self, document: Id, file: &File) {
        // The file may have been removed while it waited.
        if self.state().running.borrow().iter().all(|other| other.document != document) {
            return;
        }
        self.set_stage(&document, Stage::Sending(0));
        let file = file.clone();
        spawn(async move {
            let stage = match self.transfer(&document, &file).await {
                Ok(()) => Stage::Uploaded,
                Err(ApiError::Aborted) => return,
                // Browsers report an unreadable file like a lost connection.
                Err(_) if !file.is_readable().await => Stage::Failed(UploadError::Changed),
                Err(error) => Stage::Failed(self.error(&error)),
            };
            if let (Stage::Uploaded, Some(state)) = (stage, self.0.try_get_value()) {
                state.running.borrow_mut().retain(|other| other.document != document);
            }
            self.set_stage(&document, stage);
        });
    }

    fn error(self, error: &ApiError) -> UploadError {
        match self.0.try_get_value().map(|state| state.api.is_local()) {
            Some(true) => UploadError::on_device(error),
            _ => UploadError::of(error, network::is_online()),
        }
    }

    /// Uploads the bytes of a file.
    async fn transfer(self, document: &Id, file: &File) -> Result<(), ApiError> {
        let progress = {
            let document = document.clone();
            Rc::new(move |sent| self.set_stage(&document, Stage::Sending(sent)))
        };
        let Some(state) = self.0.try_get_value() else { return Err(ApiError::Aborted) };
        let upload = service::of(&*state.api).upload(&state.draft.id(), document, file, progress);
        if let Some(own) = state.running.borrow_mut().iter_mut().find(|other| other.document == *document) {
            own.abort = upload.abort.into();
        }
        drop(state);
        upload.answer.await
    }

    /// Cancels the upload of a file, if it is running.
    fn abort(self, document: &Id) {
        let abort = self.0.try_get_value().map(|state| {
            let running = state.running.borrow();
            running.iter().find(|other| other.document == *document).map(|own| Rc::clone(&own.abort))
        });
        // Called without a borrow: it reads the running uploads itself.
        abort.flatten().inspect(|abort| abort());
    }

    /// Uploads a file again.
    pub fn retry(self, document: &Id) {
        let is_it = |other: &&Running| other.document == *document;
        let file = self.state().running.borrow().iter().find(is_it).map(|own| own.file.clone());
        if let Some(file) = file {
            self.start(document.clone(), file);
        }
    }

    /// Removes a file from the draft, and cancels its upload.
    pub fn remove(self, field: Field, document: &Id) {
        self.abort(document);
        self.state().running.borrow_mut().retain(|other| other.document != *document);
        let mut documents = self.listed(field);
        documents.retain(|other| other.id != *document);
        self.state().form.edit(field, Value::Documents(&documents));
        self.state().stages.update(|stages| stages.retain(|(id, _)| id != document));
        self.update_unload_prompt();
        self.state().form.set_uploaded(document, false);
        let state = self.state();
        let removal = service::of(&*state.api).remove_document(&state.draft.id(), document);
        spawn(async move {
            // The server removes bytes that no draft lists in any case.
            let _ = removal.await;
        });
    }

    fn set_stage(self, document: &Id, stage: Stage) {
        let is_listed = || untrack(|| self.state().form.draft().documents().any(|listed| listed.id == *document));
        // An upload may end after the person removed its file.
        if !self.0.is_disposed() && is_listed() {
            self.put_stage(document, stage);
        }
    }

    fn put_stage(self, document: &Id, stage: Stage) {
        self.state().stages.update(|stages| match stages.iter_mut().find(|(id, _)| id == document) {
            Some((_, known)) => *known = stage,
            None => stages.push((document.clone(), stage)),
        });
        self.update_unload_prompt();
        match stage {
            Stage::Waiting | Stage::Uploaded => self.state().form.set_uploaded(document, true),
            Stage::Sending(_) | Stage::Unverified => {}
            _ => self.state().form.set_uploaded(document, false),
        }
    }
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests;
