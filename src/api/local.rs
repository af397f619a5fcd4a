//! API in the page itself, for a demonstration without a server. Data stays in this browser; people and files are made up.

mod examination;
mod people;
pub mod store;

use std::any::Any;
use std::cell::Cell;
use std::future::ready;
use std::rc::Rc;

use js_sys::Promise;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

use self::people::{Member, TEAM, member};
use self::store::{KeptRequest, LocalStore, Record, RecordStorage, problem};
use super::{Api, ApiError, ApiFuture, Filter, Progress, Service, Upload, http};
use crate::browser::file::File;
use crate::clock::{day_in_paris, now_rfc3339};
use crate::device::DeviceStorage;
use crate::draft::notes;
use crate::ids::new_id;
use crate::json::JsonText;
use crate::model::saving::BaseRevision;
use crate::model::wire::{
    Act, DemoPeople, DemoPerson, DraftToSave, EventList, GrantRequest, IssuedGrant, PageConfig, RequestList,
    RequestSummary, Session, StoredRequest, Submission, SubmissionBody,
};
use crate::model::{Draft, Id, SCHEMA, schema};

/// File of the made-up person.
const PERSON: &str = "demonstration/person.json";
/// Name under which the device keeps the member of the team who is signed in.
const MEMBER: &str = "member";
/// File of the example.
const EXAMPLE: &str = "demonstration/example.json";

#[wasm_bindgen]
extern "C" {
    /// Store of documents in this browser, exported by `documents.js`.
    #[derive(Clone)]
    pub type DocumentStore;

    /// Stores the bytes of a document. Resolves to the HTTP status that a server would answer.
    #[wasm_bindgen(method)]
    fn keep(this: &DocumentStore, request: &str, document: &str, file: &web_sys::File) -> Promise;

    /// Removes a document, or all of a request.
    #[wasm_bindgen(method)]
    fn forget(this: &DocumentStore, request: &str, document: Option<&str>) -> Promise;

    /// Resolves to an address under which this page reads a document.
    #[wasm_bindgen(method)]
    fn address(this: &DocumentStore, request: &str, document: &str) -> Promise;
}

/// API in the page itself, for one made-up applicant and the made-up team, of whom one is signed in. Clones share one state.
#[derive(Clone)]
pub struct Local {
    device: DeviceStorage,
    documents: DocumentStore,
    /// Folder of the page's files, with a slash at its end; empty for the page's own folder.
    base: String,
    signed_out: Rc<Cell<bool>>,
}

impl Local {
    /// Returns the API over this device's storage, with the folder of the page's files.
    #[must_use]
    pub fn new(base: &str, device: DeviceStorage, documents: DocumentStore) -> Self {
        Self { device, documents, base: base.to_owned(), signed_out: Rc::default() }
    }

    /// Returns the member of the team who is signed in; none while the applicant is.
    fn member(&self) -> Option<&'static Member> {
        member(&self.device.read(MEMBER)?)
    }

    /// Returns the store of the applicant, whose requests the team examines.
    fn applicants_store(&self) -> LocalStore<DeviceRecords> {
        self.store_of(BEGINNING.to_owned())
    }

    /// Returns the store of whoever is signed in.
    fn store(&self) -> LocalStore<DeviceRecords> {
        let of_member = |member: &Member| ["request-of-", member.id(), ":"].concat();
        self.store_of(self.member().map_or_else(|| BEGINNING.to_owned(), of_member))
    }

    fn store_of(&self, beginning: String) -> LocalStore<DeviceRecords> {
        LocalStore { records: DeviceRecords { device: self.device.clone(), beginning }, day: day_in_paris }
    }

    fn read<T: DeserializeOwned + 'static>(&self, file: &str) -> ApiFuture<T> {
        http::read(&[&self.base, file].concat())
    }
}

fn answered<T: 'static>(answer: Result<T, ApiError>) -> ApiFuture<T> {
    Box::pin(ready(answer))
}

impl Api for Local {
    fn is_local(&self) -> bool {
        true
    }

    fn config(&self) -> ApiFuture<PageConfig> {
        self.read(http::CONFIG)
    }

    fn session(&self) -> ApiFuture<Session> {
        match self.member() {
            _ if self.signed_out.get() => answered(Err(problem(401))),
            Some(member) => answered(Ok(member.session())),
            None => self.read(PERSON),
        }
    }

    fn set_user(&self, _: Option<&str>) {}

    fn request(&self, id: &Id) -> ApiFuture<StoredRequest> {
        answered(self.store().request(id, &now_rfc3339()))
    }

    fn save(&self, id: &Id, base: Option<&BaseRevision>, draft: &Draft) -> ApiFuture<RequestSummary> {
        let body = DraftToSave { schema: SCHEMA, draft: draft.clone() };
        let length = serde_json::to_string(&body).map_or(0, |json| json.len());
        answered(self.store().save(id, base.map(|base| base.revision), draft, length, &now_rfc3339()))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Service for Local {
    fn erase_all(&self) {
        let records = self.store().records;
        for id in records.ids() {
            // Records are erased even if the browser keeps their files.
            let _ = self.documents.forget(id.as_str(), None);
            self.device.erase(&records.name(&id));
            notes::erase_all_about(&self.device, &id);
        }
    }

    fn example(&self) -> Option<ApiFuture<Draft>> {
        Some(self.read(EXAMPLE))
    }

    fn demo_people(&self) -> ApiFuture<DemoPeople> {
        let asking = self.read(PERSON);
        Box::pin(async move {
            let Session { user, organisation, .. } = asking.await?;
            let (id, organisation) = (user.id, organisation.name);
            let (given_name, family_name, job_title) = (user.given_name, user.family_name, user.job_title);
            let applicant = DemoPerson { id, given_name, family_name, job_title, organisation, role: None };
            let team = TEAM.iter().map(Member::listed);
            Ok(DemoPeople { people: std::iter::once(applicant).chain(team).collect() })
        })
    }

    fn sign_in(&self, person: &str) -> ApiFuture<Session> {
        self.signed_out.set(false);
        match member(person) {
            Some(member) => _ = self.device.write(MEMBER, member.id()),
            None => self.device.erase(MEMBER),
        }
        self.session()
    }

    fn grant(&self, _: &GrantRequest) -> ApiFuture<IssuedGrant> {
        // No portal acts for a made-up person.
        answered(Err(problem(404)))
    }

    fn sign_out(&self) -> ApiFuture<()> {
        self.signed_out.set(true);
        answered(Ok(()))
    }

    fn requests(&self, filter: &Filter) -> ApiFuture<RequestList> {
        answered(Ok(self.store().list(filter, &now_rfc3339())))
    }

    fn delete(&self, id: &Id, base: &BaseRevision) -> ApiFuture<()> {
        let deleted = self.store().delete(id, base.revision);
        if deleted.is_ok() {
            // The draft is deleted even if the browser keeps its files.
            let _ = self.documents.forget(id.as_str(), None);
        }
        answered(deleted)
    }

    fn submit(&self, id: &Id, base: &BaseRevision, words: &SubmissionBody) -> ApiFuture<()> {
        answered(self.store().submit(id, base.revision, &new_id(), words, &now_rfc3339()))
    }

    fn events(&self, request: &Id, after: u64) -> ApiFuture<EventList> {
        answered(self.store().events(request, after))
    }

    fn submission(&self, request: &Id, number: u32) -> ApiFuture<Submission> {
        answered(self.store().submission(request, number))
    }

    fn act(&self, request: &Id, event: &Id, base: Option<&BaseRevision>, act: &Act) -> ApiFuture<StoredRequest> {
        answered(self.store().act(request, event, base.map(|base| base.revision), act, &now_rfc3339()))
    }

    fn see(&self, request: &Id, seq: u64) -> ApiFuture<()> {
        answered(self.store().see(request, seq))
    }

    fn upload(&self, request: &Id, document: &Id, file: &File, progress: Progress) -> Upload {
        let admitted = self.store().taking_document(request, document);
        // What was sent keeps its bytes.
        let storing = file.as_js().filter(|_| admitted.is_ok());
        let storing = storing.map(|file| self.documents.keep(request.as_str(), document.as_str(), file));
        let (store, request, document, size) = (self.store(), request.clone(), document.clone(), file.size());
        let aborted = Rc::new(Cell::new(false));
        let abort = {
            let aborted = Rc::clone(&aborted);
            Box::new(move || aborted.set(true))
        };
        let answer = Box::pin(async move {
            admitted?;
            let status = match storing {
                Some(storing) => JsFuture::from(storing).await.ok().and_then(|status| status.as_f64()),
                None => None,
            };
            if aborted.get() {
                return Err(ApiError::Aborted);
            }
            match status {
                Some(201.0) => {
                    progress(size);
                    store.add_document(&request, &document)
                }
                Some(507.0) => Err(problem(507)),
                _ => Err(problem(403)),
            }
        });
        Upload { answer, abort }
    }

    fn remove_document(&self, request: &Id, document: &Id) -> ApiFuture<()> {
        let removed = self.store().remove_document(request, document);
        // What was sent stays. Other bytes may have come without a word to the draft, where the page was closed in between.
        if removed.as_ref().map_err(ApiError::status) != Err(Some(409)) {
            let _ = self.documents.forget(request.as_str(), Some(document.as_str()));
        }
        answered(removed)
    }

    fn document_address(&self, request: &Id, document: &Id) -> ApiFuture<String> {
        let finding = self.documents.address(request.as_str(), document.as_str());
        Box::pin(async move {
            JsFuture::from(finding).await.ok().and_then(|address| address.as_string()).ok_or(ApiError::Unreachable)
        })
    }
}

/// Records in the storage of the browser, in JSON. A deleted one is an empty text.
struct DeviceRecords {
    device: DeviceStorage,
    /// Beginning of their names.
    beginning: String,
}

/// Beginning of the names of the applicant's records.
const BEGINNING: &str = "request:";

impl DeviceRecords {
    fn name(&self, id: &Id) -> String {
        [&self.beginning, id.as_str()].concat()
    }
}

impl RecordStorage for DeviceRecords {
    fn get(&self, id: &Id) -> Option<Record> {
        let kept = self.device.read(&self.name(id))?;
        Some(if kept.is_empty() {
            Record::Deleted
        } else if schema::is_newer(&JsonText(&kept)) {
            Record::Newer(kept)
        } else {
            KeptRequest::read(&kept).map_or(Record::Unreadable, |kept| Record::Request(Box::new(kept)))
        })
    }

    fn put(&self, id: &Id, record: &Record) {
        let kept = match record {
            Record::Request(request) => serde_json::to_string(request).unwrap_or_default(),
            Record::Deleted | Record::Newer(_) | Record::Unreadable => String::new(),
        };
        self.device.write(&self.name(id), &kept);
    }

    fn ids(&self) -> Vec<Id> {
        let names = self.device.names(&self.beginning);
        names.iter().filter_map(|name| Id::parse(name.strip_prefix(&self.beginning)?).ok()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Code, Field};

    #[test]
    fn the_example_lacks_only_what_a_person_must_say_themselves() {
        let example: Draft = serde_json::from_str(include_str!("../../public/demonstration/example.json")).unwrap();
        let errors: Vec<(Field, Code)> = example.errors(&[]).iter().map(|error| (error.field, error.code)).collect();
        let own_words = [Field::Member, Field::TermsAccepted, Field::DpoInformed, Field::AlternativeOffered];
        assert_eq!(errors, own_words.map(|field| (field, Code::NotAccepted)));
        assert_eq!(example.duplicate(), example, "no file, and nothing promised");
    }

    #[test]
    fn the_made_up_person_is_one_that_the_form_takes() {
        let session: Session = serde_json::from_str(include_str!("../../public/demonstration/person.json")).unwrap();
        let example: Draft = serde_json::from_str(include_str!("../../public/demonstration/example.json")).unwrap();
        let applicant = &example.organisation.applicant;
        assert_eq!(
            [&session.user.given_name, &session.user.family_name, &session.user.email, &session.user.phone],
            [&applicant.given_name, &applicant.family_name, &applicant.email, &applicant.phone]
                .map(crate::model::Text::trimmed),
        );
        assert_eq!(session.organisation.kind, example.organisation.kind.value());
    }
}
