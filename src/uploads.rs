//! Files on their way to the server: checked before anything is sent, then sent one after the other's heels, each with
//! its progress. The draft lists a file as soon as it is chosen; its bytes follow once the draft exists on the server.
//! Until they have arrived they are nowhere else: whoever closes the page meanwhile is asked.

pub mod names;
mod trouble;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FilePropertyBag};

use crate::api::{Answer, Api, ApiError, service};
use crate::clock;
use crate::closing::Question;
use crate::draft::OpenDraft;
use crate::effect::spawn;
use crate::files::size;
use crate::form::Form;
use crate::model::document::{FileType, MAX_COUNT, MAX_NAME, MAX_SIZE, SIGNATURE_LENGTH};
use crate::model::field::Value;
use crate::model::{ClosedList, Code, Document, Field, Id};

use names::told_apart;
pub use trouble::Trouble;

/// How far a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Waits for the draft to exist on the server.
    Waiting,
    /// So many bytes have left.
    Sending(u64),
    /// The server has it.
    Arrived,
    /// It did not get through.
    Failed(Trouble),
    /// It was chosen before the page was loaded again, and never arrived.
    Lost,
}

/// A file that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Where it was dropped.
    pub field: Field,
    /// Its name.
    pub name: String,
    /// Why.
    pub code: Code,
}

struct Running {
    document: Id,
    file: File,
    abort: Rc<dyn Fn()>,
}

/// The files of one request. Copies share one state.
#[derive(Clone, Copy)]
pub struct Uploads(StoredValue<Rc<State>, LocalStorage>);

struct State {
    form: Form,
    draft: OpenDraft,
    api: Rc<dyn Api>,
    stages: ArcRwSignal<Vec<(Id, Stage)>>,
    refusals: ArcRwSignal<Vec<Refusal>>,
    running: RefCell<Vec<Running>>,
    question: RefCell<Option<Question>>,
}

impl Uploads {
    /// The files of a request, of which the server has some.
    #[must_use]
    pub fn new(form: Form, draft: OpenDraft, api: Rc<dyn Api>, arrived: &[Id]) -> Self {
        let stage = |document: &Document| {
            let stage = if arrived.contains(&document.id) { Stage::Arrived } else { Stage::Lost };
            (document.id.clone(), stage)
        };
        let state = State {
            form,
            draft,
            api,
            stages: ArcRwSignal::new(form.draft().documents().map(stage).collect()),
            refusals: ArcRwSignal::new(Vec::new()),
            running: RefCell::default(),
            question: RefCell::default(),
        };
        Self(StoredValue::new_local(Rc::new(state)))
    }

    /// # Panics
    /// When its owner has ended.
    fn state(self) -> Rc<State> {
        self.0.get_value()
    }

    /// Whoever closes the page is asked, as long as that would lose a file. A page without the question can be kept by the
    /// browser to come back to, and a portal hears of none: it is there while it is needed alone.
    fn ask_before_closing(self) {
        let is_needed = self.state().stages.with_untracked(|stages| {
            stages.iter().any(|(_, stage)| match stage {
                Stage::Waiting | Stage::Sending(_) => true,
                Stage::Failed(trouble) => trouble.can_be_tried_again(),
                Stage::Arrived | Stage::Lost => false,
            })
        });
        let state = self.state();
        let mut question = state.question.borrow_mut();
        match (is_needed, &*question) {
            (true, None) => *question = Some(Question::ask_where(|| true)),
            (false, Some(_)) => *question = None,
            _ => {}
        }
    }

    /// The files that had not arrived when the page was opened, each with its field.
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

    /// How far a file is.
    #[must_use]
    pub fn stage(self, document: &Id) -> Stage {
        self.state()
            .stages
            .with(|stages| stages.iter().find(|(id, _)| id == document).map_or(Stage::Lost, |(_, stage)| *stage))
    }

    /// Whether any file is still on its way.
    #[must_use]
    pub fn busy(self) -> bool {
        self.state()
            .stages
            .with(|stages| stages.iter().any(|(_, stage)| matches!(stage, Stage::Waiting | Stage::Sending(_))))
    }

    /// The files that were not taken at a field, since the last choice there.
    #[must_use]
    pub fn refusals(self, field: Field) -> Vec<Refusal> {
        self.state()
            .refusals
            .with(|refusals| refusals.iter().filter(|refusal| refusal.field == field).cloned().collect())
    }

    /// The server was heard to have these files: those that were only taken to be there are not.
    pub fn confirm(self, arrived: &[Id]) {
        let listed: Vec<Id> =
            untrack(|| self.state().form.draft().documents().map(|document| document.id.clone()).collect());
        for document in listed {
            let is_taken_to_be_there = untrack(|| self.stage(&document)) == Stage::Arrived;
            if is_taken_to_be_there && !arrived.contains(&document) {
                self.set_stage(&document, Stage::Lost);
            }
        }
    }

    /// Where a file that arrived can be read.
    #[must_use]
    pub fn address(self, document: &Id) -> Answer<String> {
        service::of(&*self.state().api).document_address(&self.state().draft.id(), document)
    }

    /// The person chose or dropped files at a field.
    pub fn choose(self, field: Field, files: Vec<File>) {
        self.state().refusals.update(|refusals| refusals.retain(|refusal| refusal.field != field));
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
                        let refusal = Refusal { field, name: file.name(), code };
                        self.state().refusals.update(|refusals| refusals.push(refusal));
                    }
                }
            }
        });
    }

    /// The rules that the model has for a listed file, on a file that is not listed yet.
    async fn check(self, field: Field, file: &File) -> Result<FileType, Code> {
        let size = size(file);
        if self.listed(field).len() as u64 >= MAX_COUNT {
            return Err(Code::TooMany);
        }
        if size == 0 {
            return Err(Code::Required);
        }
        if size > MAX_SIZE {
            return Err(Code::FileTooLarge);
        }
        if file.name().chars().count() as u64 > MAX_NAME {
            return Err(Code::TooLong);
        }
        let end = i32::try_from(SIGNATURE_LENGTH).unwrap_or(i32::MAX);
        let head = file.slice_with_i32_and_i32(0, end).map_err(|_| Code::MissingFile)?;
        let bytes = JsFuture::from(head.array_buffer()).await.map_err(|_| Code::MissingFile)?;
        FileType::of_bytes(&Uint8Array::new(&bytes).to_vec()).ok_or(Code::FileType)
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
            id: clock::new_id(),
            name: told_apart(&field.clean(&file.name()), max, is_taken),
            size: size(&file),
            media_type: kind.as_str().to_owned(),
        };
        let id = document.id.clone();
        self.put_stage(&id, Stage::Waiting);
        let file = typed(file, kind);
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
        // It may have been removed while it waited.
        if self.state().running.borrow().iter().all(|other| other.document != document) {
            return;
        }
        self.set_stage(&document, Stage::Sending(0));
        let file = file.clone();
        spawn(async move {
            let stage = match self.transfer(&document, &file).await {
                Ok(()) => Stage::Arrived,
                Err(ApiError::Aborted) => return,
                // A browser says no more of a file that it cannot read than of a line that is cut.
                Err(_) if !is_as_chosen(&file).await => Stage::Failed(Trouble::Changed),
                Err(error) => Stage::Failed(self.trouble(&error)),
            };
            if let (Stage::Arrived, Some(state)) = (stage, self.0.try_get_value()) {
                state.running.borrow_mut().retain(|other| other.document != document);
            }
            self.set_stage(&document, stage);
        });
    }

    fn trouble(self, error: &ApiError) -> Trouble {
        match self.0.try_get_value().map(|state| state.api.is_local()) {
            Some(true) => Trouble::on_device(error),
            _ => Trouble::of(error, window().navigator().on_line()),
        }
    }

    /// Sends the bytes of a file.
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

    /// Gives up sending a file, if it is on its way.
    fn abort(self, document: &Id) {
        let abort = self.0.try_get_value().map(|state| {
            let running = state.running.borrow();
            running.iter().find(|other| other.document == *document).map(|own| Rc::clone(&own.abort))
        });
        // What it calls looks at what is running.
        abort.flatten().inspect(|abort| abort());
    }

    /// Sends a file again.
    pub fn retry(self, document: &Id) {
        let is_it = |other: &&Running| other.document == *document;
        let file = self.state().running.borrow().iter().find(is_it).map(|own| own.file.clone());
        if let Some(file) = file {
            self.start(document.clone(), file);
        }
    }

    /// Takes a file off the list, wherever it is.
    pub fn remove(self, field: Field, document: &Id) {
        self.abort(document);
        self.state().running.borrow_mut().retain(|other| other.document != *document);
        let mut documents = self.listed(field);
        documents.retain(|other| other.id != *document);
        self.state().form.edit(field, Value::Documents(&documents));
        self.state().stages.update(|stages| stages.retain(|(id, _)| id != document));
        self.ask_before_closing();
        self.state().form.arrived(document, false);
        let state = self.state();
        let removal = service::of(&*state.api).remove_document(&state.draft.id(), document);
        spawn(async move {
            // Bytes that no draft lists are removed by the server in any case.
            let _ = removal.await;
        });
    }

    fn set_stage(self, document: &Id, stage: Stage) {
        let is_listed = || untrack(|| self.state().form.draft().documents().any(|listed| listed.id == *document));
        // What was on its way when the person removed it ends later than that.
        if !self.0.is_disposed() && is_listed() {
            self.put_stage(document, stage);
        }
    }

    fn put_stage(self, document: &Id, stage: Stage) {
        self.state().stages.update(|stages| match stages.iter_mut().find(|(id, _)| id == document) {
            Some((_, known)) => *known = stage,
            None => stages.push((document.clone(), stage)),
        });
        self.ask_before_closing();
        match stage {
            Stage::Waiting | Stage::Arrived => self.state().form.arrived(document, true),
            Stage::Sending(_) => {}
            _ => self.state().form.arrived(document, false),
        }
    }
}

/// The same file as its first bytes say it is: its name may tell the browser something else.
fn typed(file: File, kind: FileType) -> File {
    let options = FilePropertyBag::new();
    options.set_type(kind.as_str());
    let parts = Array::of1(&file);
    File::new_with_blob_sequence_and_options(&parts, &file.name(), &options).unwrap_or(file)
}

/// Whether a file can be read to its end still: browsers refuse one that changed on the disk since it was chosen.
async fn is_as_chosen(file: &File) -> bool {
    let end = file.size();
    let Ok(last) = file.slice_with_f64_and_f64((end - 1.0).max(0.0), end) else { return false };
    JsFuture::from(last.array_buffer()).await.is_ok_and(|bytes| Uint8Array::new(&bytes).length() == 1)
}
