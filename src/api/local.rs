//! API in the page itself, for a demonstration without a server. Data stays in this browser; people and files are made up.

mod examination;
mod mails;
mod people;
pub mod store;
mod templates;

use std::any::Any;
use std::cell::Cell;
use std::future::ready;
use std::rc::Rc;

use js_sys::Promise;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

use self::people::{Member, TEAM, member};
use self::store::examples::Examples;
use self::store::{KeptRequest, LocalStore, Record, RecordStorage, problem};
use super::sharing::Sharing;
use super::{Api, ApiError, ApiFuture, Filter, Progress, Service, Upload, http};
use crate::browser::file::File;
use crate::clock::{self, day_in_paris, life_rfc3339};
use crate::device::DeviceStorage;
use crate::ids::new_id;
use crate::json::JsonText;
use crate::model::lifecycle::deadline::Keeping;
use crate::model::saving::BaseRevision;
use crate::model::wire::{
    Act, DemoClock, DemoPeople, DemoPerson, DraftToSave, EventList, GrantRequest, IssuedGrant, PageConfig, RequestList,
    RequestSummary, Session, StoredRequest, Submission, SubmissionBody, TeamMember, TeamRole,
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
    /// Member of the team, or none of them, whom the page takes for the signed-in person. Nobody checks before it is known.
    expected: Rc<Cell<Option<Option<&'static str>>>>,
}

impl Local {
    /// Returns the API over this device's storage, with the folder of the page's files.
    #[must_use]
    pub fn new(base: &str, device: DeviceStorage, documents: DocumentStore) -> Self {
        let local =
            Self { device, documents, base: base.to_owned(), signed_out: Rc::default(), expected: Rc::default() };
        local.follow_clock();
        local
    }

    /// Returns by how many days the clock of requests is ahead, and follows it: another tab may have set it.
    fn follow_clock(&self) -> u32 {
        let days = self.device.read(clock::KEPT_AS).and_then(|days| days.parse().ok()).unwrap_or_default();
        clock::set_days_ahead(days);
        days
    }

    /// Returns the member of the team who is signed in; none while the applicant is.
    fn member(&self) -> Option<&'static Member> {
        member(&self.device.read(MEMBER)?)
    }

    /// Returns the store of the applicant, whose requests the team examines.
    fn applicants_store(&self) -> LocalStore<DeviceRecords> {
        self.store_of(BEGINNING.to_owned())
    }

    /// Refuses a call of the person on the page where another one signed in meanwhile, in another tab.
    fn check_person(&self) -> Result<(), ApiError> {
        self.follow_clock();
        let there = self.member().map(Member::id);
        if self.expected.get().is_none_or(|expected| expected == there) { Ok(()) } else { Err(problem(401)) }
    }

    /// Returns the store of whoever is signed in.
    fn store(&self) -> Result<LocalStore<DeviceRecords>, ApiError> {
        self.check_person()?;
        let of_member = |member: &Member| ["request-of-", member.id(), ":"].concat();
        Ok(self.store_of(self.member().map_or_else(|| BEGINNING.to_owned(), of_member)))
    }

    /// Answers from the store of whoever is signed in.
    fn answer<T: 'static>(&self, call: impl FnOnce(&LocalStore<DeviceRecords>) -> Result<T, ApiError>) -> ApiFuture<T> {
        answered(self.store().and_then(|store| call(&store)))
    }

    fn store_of(&self, beginning: String) -> LocalStore<DeviceRecords> {
        LocalStore { records: DeviceRecords { device: self.device.clone(), beginning }, day: day_in_paris }
    }

    /// Makes the events that are due on the applicant's requests.
    fn let_days_pass(&self) {
        self.follow_clock();
        self.applicants_store().let_days_pass(Keeping::default(), new_id, &life_rfc3339());
    }

    /// Keeps the bytes of a document for a request of a store.
    fn keep(
        &self,
        store: Result<LocalStore<DeviceRecords>, ApiError>,
        (request, document): (&Id, &Id),
        file: &File,
        progress: Progress,
    ) -> Upload {
        let admitted = store.and_then(|store| store.taking_document(request, document).map(|_| store));
        // What was sent keeps its bytes.
        let storing = file.as_js().filter(|_| admitted.is_ok());
        let storing = storing.map(|file| self.documents.keep(request.as_str(), document.as_str(), file));
        let (request, document, size) = (request.clone(), document.clone(), file.size());
        let aborted = Rc::new(Cell::new(false));
        let abort = {
            let aborted = Rc::clone(&aborted);
            Box::new(move || aborted.set(true))
        };
        let answer = Box::pin(async move {
            let store = admitted?;
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

    fn read<T: DeserializeOwned + 'static>(&self, file: &str) -> ApiFuture<T> {
        http::read(&[&self.base, file].concat())
    }
}

/// Erases the record of a request with everything else that the device keeps of it, for anybody.
fn erase_all_about(device: &DeviceStorage, request: &Id) {
    device.names("").iter().filter(|name| name.contains(request.as_str())).for_each(|name| device.erase(name));
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
        // Nobody acts while no page is open: what was due meanwhile is due now.
        self.let_days_pass();
        match self.member() {
            _ if self.signed_out.get() || self.check_person().is_err() => answered(Err(problem(401))),
            Some(member) => answered(Ok(member.session())),
            None => self.read(PERSON),
        }
    }

    fn set_user(&self, user: Option<&str>) {
        self.expected.set(user.map(|user| member(user).map(Member::id)));
    }

    fn request(&self, id: &Id) -> ApiFuture<StoredRequest> {
        self.answer(|store| store.request(id, &life_rfc3339()))
    }

    fn save(&self, id: &Id, base: Option<&BaseRevision>, draft: &Draft) -> ApiFuture<RequestSummary> {
        let body = DraftToSave { schema: SCHEMA, draft: draft.clone() };
        let length = serde_json::to_string(&body).map_or(0, |json| json.len());
        self.answer(|store| store.save(id, base.map(|base| base.revision), draft, length, &life_rfc3339()))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Service for Local {
    fn erase_all(&self) {
        let Ok(LocalStore { records, .. }) = self.store() else { return };
        for id in records.ids() {
            // Records are erased even if the browser keeps their files.
            let _ = self.documents.forget(id.as_str(), None);
            erase_all_about(&self.device, &id);
        }
        // Days passed for the requests of the applicant, and no others.
        if self.member().is_none() {
            self.device.erase(clock::KEPT_AS);
            self.follow_clock();
        }
    }

    fn demo_clock(&self) -> ApiFuture<DemoClock> {
        answered(Ok(DemoClock { days: self.follow_clock() }))
    }

    fn set_demo_clock(&self, DemoClock { days }: DemoClock) -> ApiFuture<()> {
        self.device.write(clock::KEPT_AS, &days.to_string());
        self.let_days_pass();
        answered(Ok(()))
    }

    fn example(&self) -> Option<ApiFuture<Draft>> {
        Some(self.read(EXAMPLE))
    }

    fn add_examples(&self) -> Option<ApiFuture<()>> {
        let (store, reading) = (self.applicants_store(), self.example()?);
        Some(Box::pin(async move {
            let (answers, team) = (reading.await?, examination::team());
            // A reader decides nothing.
            let is_examiner = |member: &&TeamMember| member.role == TeamRole::Examiner;
            let Some(examiner) = team.iter().find(is_examiner) else { return Ok(()) };
            Examples { store: &store, member: examiner, team: &team, new_id, now: &life_rfc3339() }.add(&answers)
        }))
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
        self.expected.set(None);
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

    fn sign_out(&self) -> ApiFuture<Option<String>> {
        self.signed_out.set(true);
        answered(Ok(None))
    }

    fn requests(&self, filter: &Filter) -> ApiFuture<RequestList> {
        self.answer(|store| Ok(store.list(filter, &life_rfc3339())))
    }

    fn delete(&self, id: &Id, base: &BaseRevision) -> ApiFuture<()> {
        let deleted = self.store().and_then(|store| store.delete(id, base.revision));
        if deleted.is_ok() {
            // The draft is deleted even if the browser keeps its files.
            let _ = self.documents.forget(id.as_str(), None);
        }
        answered(deleted)
    }

    fn submit(&self, id: &Id, base: &BaseRevision, words: &SubmissionBody) -> ApiFuture<()> {
        self.answer(|store| store.submit(id, base.revision, &new_id(), words, &life_rfc3339()))
    }

    fn events(&self, request: &Id, after: u64) -> ApiFuture<EventList> {
        self.answer(|store| store.events(request, after))
    }

    fn submission(&self, request: &Id, number: u32) -> ApiFuture<Submission> {
        self.answer(|store| store.submission(request, number))
    }

    fn act(&self, request: &Id, event: &Id, base: Option<&BaseRevision>, act: &Act) -> ApiFuture<StoredRequest> {
        self.answer(|store| store.act(request, event, base.map(|base| base.revision), act, &life_rfc3339()))
    }

    fn see(&self, request: &Id, seq: u64) -> ApiFuture<()> {
        self.answer(|store| store.see(request, seq, &life_rfc3339()))
    }

    fn upload(&self, request: &Id, document: &Id, file: &File, progress: Progress) -> Upload {
        self.keep(self.store(), (request, document), file, progress)
    }

    fn remove_document(&self, request: &Id, document: &Id) -> ApiFuture<()> {
        let removed = self.store().and_then(|store| store.remove_document(request, document));
        // What was sent stays. Other bytes may have come without a word to the draft, where the page was closed in between.
        if !matches!(removed.as_ref().map_err(ApiError::status), Err(Some(401 | 409))) {
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

impl Sharing for Local {}

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
    use std::task::{Context, Poll, Waker};

    use wasm_bindgen::{JsCast, JsValue};

    use super::*;
    use crate::api::examination::Examination;
    use crate::device::Persistence;
    use crate::model::place::team::QueueFilter;
    use crate::model::{Code, Field};

    /// Returns the answer of a call that waits for nothing.
    fn now<T>(mut answer: ApiFuture<T>) -> Result<T, ApiError> {
        match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => answer,
            Poll::Pending => panic!("it waits"),
        }
    }

    #[test]
    fn nothing_about_an_erased_request_is_left_on_the_device() {
        let device = DeviceStorage::new("erased", Persistence::Memory);
        let [erased, other] = [1, 2].map(|last| Id::new(0, [last; 10]));
        for id in [&erased, &other] {
            for (before, after) in [(BEGINNING, ""), ("draft:1:", ":message"), ("examination:claire:", ":refused:text")]
            {
                device.write(&[before, id.as_str(), after].concat(), "1");
            }
        }
        erase_all_about(&device, &erased);
        let left = device.names("");
        assert!(left.len() == 3 && left.iter().all(|name| name.contains(other.as_str())), "{left:?}");
    }

    #[test]
    fn a_tab_in_which_another_person_signed_in_meanwhile_is_signed_out() {
        // Tabs of one browser share its storage.
        let tab = || {
            let device = DeviceStorage::new("two-tabs", Persistence::Memory);
            Local::new("", device, JsValue::UNDEFINED.unchecked_into())
        };
        let (first, second) = (tab(), tab());
        let status = |answer: Result<(), ApiError>| answer.map_err(|error| error.status());
        let sign_in = |tab: &Local, person| {
            let session = now(tab.sign_in(person)).unwrap();
            tab.set_user(Some(&session.user.id));
        };
        let queue = |tab: &Local| status(now(tab.queue(&QueueFilter::default())).map(|_| ()));
        let list = |tab: &Local| status(now(tab.requests(&Filter::default())).map(|_| ()));
        let [one, other] = [TEAM[0].id(), TEAM[1].id()];
        sign_in(&first, one);
        assert_eq!((queue(&first), list(&first)), (Ok(()), Ok(())));
        sign_in(&second, other);
        assert_eq!((queue(&second), list(&second)), (Ok(()), Ok(())));
        assert_eq!((queue(&first), list(&first)), (Err(Some(401)), Err(Some(401))));
        assert_eq!(status(now(first.session()).map(|_| ())), Err(Some(401)));
        sign_in(&first, one);
        assert_eq!((queue(&first), queue(&second)), (Ok(()), Err(Some(401))));
    }

    #[test]
    fn the_clock_is_that_of_the_device_whichever_tab_set_it() {
        let device = DeviceStorage::new("clock", Persistence::Memory);
        let local = Local::new("", device.clone(), JsValue::UNDEFINED.unchecked_into());
        // Another tab.
        device.write(clock::KEPT_AS, "30");
        assert_eq!(now(local.demo_clock()).map(|clock| clock.days), Ok(30));
        device.write(clock::KEPT_AS, "60");
        assert!(now(local.requests(&Filter::default())).is_ok());
        assert_eq!(clock::days_ahead(), 60);

        assert!(now(local.sign_in(TEAM[0].id())).is_ok());
        local.erase_all();
        assert_eq!(now(local.demo_clock()).map(|clock| clock.days), Ok(60), "the team sets no clock back");
        device.erase(MEMBER);
        local.erase_all();
        assert_eq!(now(local.demo_clock()).map(|clock| clock.days), Ok(0));
    }

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
