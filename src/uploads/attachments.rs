//! Files that go with a message: sent as soon as they are chosen, then listed by the message.
//!
//! No draft lists them. The device keeps their names and identifiers beside the text of the message; their bytes are with the
//! service, which forgets after a day those that no message lists.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;

use super::checks::checked;
use super::names::unique_name;
use super::{Stage, UploadError};
use crate::api::{ApiError, Progress, Upload};
use crate::browser::file::File;
use crate::browser::network;
use crate::browser::unload::UnloadPrompt;
use crate::effect::spawn;
use crate::ids::new_id;
use crate::json;
use crate::model::document::MAX_NAME;
use crate::model::lifecycle::act::DOCUMENTS_MAX;
use crate::model::{ClosedList, Code, Document, Field, Id};

/// File of a message that is being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The document that the message lists.
    pub document: Document,
    /// Stage of its upload.
    pub stage: Stage,
}

/// Sends the bytes of a document to the service.
pub type SendBytes = Rc<dyn Fn(&Id, &File, Progress) -> Upload>;

/// Removes the bytes of a document from the service.
pub type RemoveBytes = Rc<dyn Fn(&Id)>;

struct Running {
    document: Id,
    file: File,
    abort: Rc<dyn Fn()>,
}

/// Files of a message that is being written. Copies share one state.
#[derive(Clone, Copy)]
pub struct Attachments(StoredValue<Rc<State>, LocalStorage>);

struct State {
    send: SendBytes,
    remove: RemoveBytes,
    is_local: bool,
    files: ArcRwSignal<Vec<Attachment>>,
    rejected: ArcRwSignal<Vec<(String, Code)>>,
    running: RefCell<Vec<Running>>,
    prompt: RefCell<Option<UnloadPrompt>>,
}

impl Attachments {
    /// Returns no files yet. `is_local` is set where the page itself keeps their bytes.
    #[must_use]
    pub fn new(send: SendBytes, remove: RemoveBytes, is_local: bool) -> Self {
        Self(StoredValue::new_local(Rc::new(State {
            send,
            remove,
            is_local,
            files: ArcRwSignal::new(Vec::new()),
            rejected: ArcRwSignal::new(Vec::new()),
            running: RefCell::default(),
            prompt: RefCell::default(),
        })))
    }

    /// # Panics
    /// When its owner has ended.
    fn state(self) -> Rc<State> {
        self.0.get_value()
    }

    /// Returns the files.
    #[must_use]
    pub fn files(self) -> Vec<Attachment> {
        self.state().files.get()
    }

    /// Returns the stage of a file.
    #[must_use]
    pub fn stage(self, document: &Id) -> Stage {
        let is_it = |file: &&Attachment| file.document.id == *document;
        self.state().files.with(|files| files.iter().find(is_it).map_or(Stage::Lost, |file| file.stage))
    }

    /// Returns the names of files that failed a check since files were last added, each with its code.
    #[must_use]
    pub fn rejected(self) -> Vec<(String, Code)> {
        self.state().rejected.get()
    }

    /// Returns the documents for the message to list; none where one of them has not arrived.
    #[must_use]
    pub fn arrived(self) -> Option<Vec<Document>> {
        let arrived = |file: Attachment| (file.stage == Stage::Uploaded).then_some(file.document);
        self.state().files.get_untracked().into_iter().map(arrived).collect()
    }

    /// Returns the files as the device keeps them beside the text: those that have arrived, then the others.
    #[must_use]
    pub fn kept(self) -> String {
        let (arrived, others): (Vec<_>, Vec<_>) =
            self.files().into_iter().partition(|file| file.stage == Stage::Uploaded);
        if arrived.is_empty() && others.is_empty() {
            return String::new();
        }
        let documents = |files: Vec<Attachment>| files.into_iter().map(|file| file.document).collect::<Vec<_>>();
        serde_json::to_string(&[documents(arrived), documents(others)]).unwrap_or_default()
    }

    /// Lists the files that the device kept. The bytes of one that had not arrived are gone with its page.
    pub fn restore(self, kept: &str) {
        let kept: Vec<Vec<Document>> = json::read(kept).unwrap_or_default();
        let stages = [Stage::Uploaded, Stage::Lost];
        let of_stage = |(documents, stage): (Vec<Document>, Stage)| {
            documents.into_iter().map(move |document| Attachment { document, stage })
        };
        self.state().files.set(kept.into_iter().zip(stages).flat_map(of_stage).collect());
    }

    /// Returns whether an upload is running.
    #[must_use]
    pub fn is_sending(self) -> bool {
        self.state().files.with_untracked(|files| files.iter().any(|file| matches!(file.stage, Stage::Sending(_))))
    }

    /// Adds files that the person chose or dropped.
    pub fn add(self, files: Vec<File>) {
        self.state().rejected.set(Vec::new());
        spawn(async move {
            for file in files {
                let Some(others) = self.0.try_get_value().map(|state| state.files.get_untracked()) else { return };
                let kind = checked(&file, others.len(), DOCUMENTS_MAX).await;
                // The person may have left the page meanwhile.
                if self.0.is_disposed() {
                    return;
                }
                match kind {
                    Ok(kind) => {
                        let is_taken = |name: &str| others.iter().any(|other| other.document.name == name);
                        let max = usize::try_from(MAX_NAME).unwrap_or(usize::MAX);
                        let document = Document {
                            id: new_id(),
                            // Names of files are cleaned alike at all fields that have some.
                            name: unique_name(&Field::Mockups.clean(&file.name()), max, is_taken),
                            size: file.size(),
                            media_type: kind.as_str().to_owned(),
                        };
                        self.begin(document, file.with_type(kind.as_str()));
                    }
                    Err(code) => self.state().rejected.update(|rejected| rejected.push((file.name(), code))),
                }
            }
        });
    }

    fn begin(self, document: Document, file: File) {
        let id = document.id.clone();
        self.state().files.update(|files| files.push(Attachment { document, stage: Stage::Sending(0) }));
        self.send(id, file);
    }

    fn send(self, document: Id, file: File) {
        self.set_stage(&document, Stage::Sending(0));
        let progress = {
            let document = document.clone();
            Rc::new(move |sent| self.set_stage(&document, Stage::Sending(sent)))
        };
        let state = self.state();
        let Upload { answer, abort } = (state.send)(&document, &file, progress);
        let running = Running { document: document.clone(), file: file.clone(), abort: abort.into() };
        state.running.borrow_mut().retain(|other| other.document != document);
        state.running.borrow_mut().push(running);
        drop(state);
        spawn(async move {
            let stage = match answer.await {
                Ok(()) => Stage::Uploaded,
                Err(ApiError::Aborted) => return,
                // Browsers report an unreadable file like a lost connection.
                Err(_) if !file.is_readable().await => Stage::Failed(UploadError::Changed),
                Err(error) if self.0.try_get_value().is_some_and(|state| state.is_local) => {
                    Stage::Failed(UploadError::on_device(&error))
                }
                Err(error) => Stage::Failed(UploadError::of(&error, network::is_online())),
            };
            self.set_stage(&document, stage);
        });
    }

    /// Sends a file again.
    pub fn retry(self, document: &Id) {
        let is_it = |other: &&Running| other.document == *document;
        let file = self.state().running.borrow().iter().find(is_it).map(|own| own.file.clone());
        if let Some(file) = file {
            self.send(document.clone(), file);
        }
    }

    /// Removes a file, and cancels its upload.
    pub fn remove(self, document: &Id) {
        self.take_away(document);
        (self.state().remove)(document);
    }

    /// Marks the documents that the service does not have, by its refusal of a message that lists them. Returns whether it
    /// refuses a document.
    pub fn refused(self, documents: &[Document], error: &ApiError) -> bool {
        let Some(problem) = error.problem().filter(|problem| problem.status == 422) else { return false };
        let mut is_about_documents = false;
        for error in &problem.errors {
            let Some(place) = error.pointer.strip_prefix("/documents") else { continue };
            is_about_documents = true;
            let place = place.strip_prefix('/').and_then(|place| place.split('/').next()?.parse::<usize>().ok());
            if let Some(document) = place.and_then(|place| documents.get(place)) {
                self.set_stage(&document.id, Stage::Lost);
            }
        }
        is_about_documents
    }

    /// Takes away files that a message has taken along.
    pub fn forget(self, documents: &[Document]) {
        documents.iter().for_each(|document| self.take_away(&document.id));
    }

    fn take_away(self, document: &Id) {
        // The application may be gone.
        let Some(state) = self.0.try_get_value() else { return };
        let mut running = state.running.borrow_mut();
        let place = running.iter().position(|own| own.document == *document);
        let own = place.map(|place| running.remove(place));
        drop(running);
        // Called without a borrow: it may come back to this.
        if let Some(own) = own {
            (own.abort)();
        }
        state.files.update(|files| files.retain(|file| file.document.id != *document));
        self.update_unload_prompt();
    }

    fn set_stage(self, document: &Id, stage: Stage) {
        // The page may be gone.
        let Some(state) = self.0.try_get_value() else { return };
        state.files.update(|files| {
            // An upload may end after the person removed its file.
            if let Some(file) = files.iter_mut().find(|file| file.document.id == *document) {
                file.stage = stage;
            }
        });
        self.update_unload_prompt();
    }

    /// Asks for confirmation before the page closes, as long as bytes would be lost: those that have arrived are kept.
    fn update_unload_prompt(self) {
        let state = self.state();
        let would_be_lost = |file: &Attachment| !matches!(file.stage, Stage::Uploaded | Stage::Lost);
        let is_needed = state.files.with_untracked(|files| files.iter().any(would_be_lost));
        let mut prompt = state.prompt.borrow_mut();
        match (is_needed, &*prompt) {
            (true, None) => *prompt = Some(UnloadPrompt::new(|| true)),
            (false, Some(_)) => *prompt = None,
            _ => {}
        }
    }
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use super::*;
    use crate::api::service;
    use crate::browser::unload;
    use crate::navigation::Place;
    use crate::testing::{TestApp, app};

    fn attachments(app: &TestApp) -> Attachments {
        app.with(|| {
            let (api, request) = (crate::context::Session::get().api(), Id::new(0, [1; 10]));
            let (service, other, of) = (service::of(&*api), service::of(&*api), request.clone());
            let send: SendBytes =
                Rc::new(move |document, file, progress| service.upload(&request, document, file, progress));
            let remove: RemoveBytes = Rc::new(move |document| {
                let removing = other.remove_document(&of, document);
                spawn(async move { drop(removing.await) });
            });
            Attachments::new(send, remove, false)
        })
    }

    fn pdf(name: &str) -> File {
        File::new(name, b"%PDF-1.7", 2_000)
    }

    fn stages(attachments: Attachments) -> Vec<(String, Stage)> {
        let told = |file: Attachment| (file.document.name, file.stage);
        untrack(|| attachments.files()).into_iter().map(told).collect()
    }

    #[test]
    fn files_are_sent_at_once_and_go_with_the_message_once_all_have_arrived() {
        let app = app(Place::Requests, false);
        let attachments = attachments(&app);
        app.with(|| {
            attachments.add(vec![pdf("plan.pdf"), pdf("plan.pdf"), File::new("a.txt", b"text", 4), pdf("c.pdf")]);
        });
        let sent = app.api.script().uploads.borrow().clone();
        assert_eq!(sent.len(), 3);
        let rejected = app.with(|| untrack(|| attachments.rejected()));
        assert_eq!(rejected, [("a.txt".to_owned(), Code::FileType)]);
        assert!(app.with(|| attachments.is_sending()) && attachments.arrived().is_none());
        app.with(|| attachments.add(vec![pdf("d.pdf")]));
        assert_eq!(app.with(|| untrack(|| attachments.rejected())), [("d.pdf".to_owned(), Code::TooMany)]);

        sent.iter().for_each(|sent| sent.end(Ok(())));
        let names: Vec<String> = attachments.arrived().unwrap().into_iter().map(|document| document.name).collect();
        assert_eq!(names, ["plan.pdf", "plan (2).pdf", "c.pdf"]);
        app.with(|| attachments.forget(&attachments.arrived().unwrap()));
        assert_eq!(stages(attachments), []);
        assert!(app.api.script().removed.borrow().is_empty(), "the message has them");
        app.end();
    }

    #[test]
    fn files_that_arrived_are_listed_again_on_the_next_page_and_the_others_as_lost() {
        let app = app(Place::Requests, false);
        let first = attachments(&app);
        assert_eq!(app.with(|| untrack(|| first.kept())), "");
        app.with(|| first.add(vec![pdf("a.pdf"), pdf("b.pdf")]));
        let sent = app.api.script().uploads.borrow().clone();
        sent[1].end(Ok(()));
        assert!(unload::would_lose_data(), "one is nowhere else");
        let next = attachments(&app);
        app.with(|| untrack(|| next.restore(&first.kept())));
        assert_eq!(stages(next), [("b.pdf".to_owned(), Stage::Uploaded), ("a.pdf".to_owned(), Stage::Lost)]);
        sent[0].end(Ok(()));
        assert!(!unload::would_lose_data(), "nobody is asked about what is kept");
        app.with(|| next.restore("what an older page kept"));
        assert_eq!(stages(next), []);
        app.end();
    }

    #[test]
    fn a_file_that_failed_is_sent_again_or_removed_and_holds_the_message_back_until_then() {
        let app = app(Place::Requests, false);
        let attachments = attachments(&app);
        app.with(|| attachments.add(vec![pdf("plan.pdf")]));
        let sent = app.api.script().uploads.borrow()[0].clone();
        sent.end(Err(ApiError::Unreachable));
        assert!(matches!(stages(attachments)[0].1, Stage::Failed(_)));
        assert!(attachments.arrived().is_none());
        let id = untrack(|| attachments.files())[0].document.id.clone();
        app.with(|| attachments.retry(&id));
        assert_eq!(app.api.script().uploads.borrow()[1].document, id);
        app.with(|| attachments.remove(&id));
        assert_eq!(stages(attachments), []);
        assert_eq!(*app.api.script().removed.borrow(), [id]);
        assert_eq!(attachments.arrived(), Some(Vec::new()));
        app.end();
    }
}
