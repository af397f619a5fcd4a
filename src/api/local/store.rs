//! Store of one person's requests in the page itself, by the rules of the API.
//!
//! Knows no browser and no clock. Moments are RFC 3339 in UTC with milliseconds, all of one length, and sort as texts.

use crate::api::{ApiError, Filter};
use crate::model::normalize::normalized;
use crate::model::wire::{
    BODY_MAX, Current, Problem, ProblemError, RequestList, RequestSummary, State, StoredRequest, request_number,
};
use crate::model::{ClosedList, Draft, Finding, Id};

/// Number of requests on a page of the list.
const PAGE: usize = 20;

/// Record under an identifier.
pub enum Record {
    /// Request.
    Request(Box<StoredRequest>),
    /// Tombstone of a deleted request.
    Deleted,
    /// Text of a newer version of the page, never overwritten.
    Newer(String),
    /// Unreadable text, never overwritten.
    Unreadable,
}

/// Storage of the records of a store.
pub trait RecordStorage {
    /// Returns the record under an identifier.
    fn get(&self, id: &Id) -> Option<Record>;
    /// Writes a record over the one before.
    fn put(&self, id: &Id, record: &Record);
    /// Returns the identifiers of all records.
    fn ids(&self) -> Vec<Id>;
}

/// Store of the requests of one person.
pub struct LocalStore<D: RecordStorage>(pub D);

impl<D: RecordStorage> LocalStore<D> {
    /// Reads a request.
    pub fn request(&self, id: &Id) -> Result<Box<StoredRequest>, ApiError> {
        match self.0.get(id) {
            Some(Record::Request(request)) => Ok(request),
            Some(Record::Deleted) => Err(problem(410)),
            Some(Record::Newer(text)) => Err(ApiError::Newer(text)),
            Some(Record::Unreadable) => Err(ApiError::Unreachable),
            None => Err(problem(404)),
        }
    }

    /// Reads a request that is not submitted.
    pub fn draft(&self, id: &Id) -> Result<Box<StoredRequest>, ApiError> {
        let request = self.request(id)?;
        if request.state == State::Draft { Ok(request) } else { Err(problem(409)) }
    }

    /// Saves a draft over a revision, or creates it. `length` is that of the body in bytes, limited as on a server.
    pub fn save(
        &self,
        id: &Id,
        revision: Option<u64>,
        draft: &Draft,
        length: usize,
        now: &str,
    ) -> Result<RequestSummary, ApiError> {
        if length as u64 > BODY_MAX || draft.overlong().is_some() {
            return Err(ApiError::Problem(Box::new(Problem { limit: Some(BODY_MAX), ..Problem::of(413) })));
        }
        let before = match self.draft(id) {
            Err(error) if error.status() == Some(404) => None,
            found => Some(found?),
        };
        if before.as_ref().map(|request| request.revision) != revision {
            return Err(stale(before));
        }
        let request = match before {
            Some(request) => StoredRequest {
                revision: request.revision + 1,
                updated_at: now.to_owned(),
                earlier: request.earlier_of_next(),
                draft: draft.clone(),
                ..*request
            },
            None => StoredRequest {
                revision: 1,
                created_at: now.to_owned(),
                updated_at: now.to_owned(),
                draft: draft.clone(),
                ..StoredRequest::begun(id.clone())
            },
        };
        let summary = request.summary();
        self.put(request);
        Ok(summary)
    }

    /// Deletes a draft, and leaves its tombstone.
    pub fn delete(&self, id: &Id, revision: u64) -> Result<(), ApiError> {
        let draft = self.draft(id)?;
        if draft.revision != revision {
            return Err(stale(Some(draft)));
        }
        self.0.put(id, &Record::Deleted);
        Ok(())
    }

    /// Submits a request. Submitting it again changes nothing.
    pub fn submit(&self, id: &Id, revision: u64, now: &str) -> Result<(), ApiError> {
        let request = self.request(id)?;
        if request.state == State::Submitted {
            return Ok(());
        }
        if request.revision != revision {
            return Err(stale(Some(request)));
        }
        // A server stores the typed request; here the checks that it takes are enough.
        let errors = request.draft.errors(&request.arrived);
        if !errors.is_empty() {
            return Err(incomplete(&errors));
        }
        self.put(StoredRequest {
            number: Some(self.next_number(now)),
            state: State::Submitted,
            revision: revision + 1,
            updated_at: now.to_owned(),
            earlier: request.earlier_of_next(),
            submitted_at: Some(now.to_owned()),
            ..*request
        });
        Ok(())
    }

    /// Returns the next number of the year. Submitted requests are never deleted, so numbers have no gaps.
    fn next_number(&self, now: &str) -> String {
        let year = now.get(..4).unwrap_or_default();
        let of_year = |request: &StoredRequest| request.submitted_at.as_deref().is_some_and(|at| at.starts_with(year));
        request_number(year, self.requests().filter(|request| of_year(request)).count() as u64 + 1)
    }

    /// Records that the bytes of a document are stored.
    pub fn add_document(&self, request: &Id, document: &Id) -> Result<(), ApiError> {
        let mut draft = self.draft(request)?;
        if !draft.arrived.contains(document) {
            draft.arrived.push(document.clone());
            self.put(*draft);
        }
        Ok(())
    }

    /// Records that the bytes of a document are removed.
    pub fn remove_document(&self, request: &Id, document: &Id) -> Result<(), ApiError> {
        let mut draft = self.draft(request)?;
        if !draft.arrived.contains(document) {
            return Err(problem(404));
        }
        draft.arrived.retain(|other| other != document);
        self.put(*draft);
        Ok(())
    }

    /// Lists a page of requests, last changed first.
    pub fn list(&self, filter: &Filter) -> RequestList {
        let words = normalized(filter.words.trim());
        let wanted = |request: &StoredRequest| {
            let (name, organisation) = (request.draft.project.name.line(), request.draft.organisation.name.line());
            let texts = [name.as_str(), &organisation, request.number.as_deref().unwrap_or_default()];
            filter.state.is_none_or(|state| state == request.state)
                && filter.cursor.as_ref().is_none_or(|cursor| sort_key(request) < *cursor)
                && texts.iter().any(|text| normalized(text).contains(&words))
        };
        let mut found: Vec<Box<StoredRequest>> = Vec::new();
        for request in self.requests().filter(|request| wanted(request)) {
            let at = found.partition_point(|other| sort_key(other) > sort_key(&request));
            found.insert(at, request);
        }
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        RequestList {
            next: found.last().filter(|_| more).map(|last| sort_key(last)),
            requests: found.iter().map(|request| request.summary()).collect(),
        }
    }

    fn requests(&self) -> impl Iterator<Item = Box<StoredRequest>> {
        self.0.ids().into_iter().filter_map(|id| self.request(&id).ok())
    }

    fn put(&self, request: StoredRequest) {
        let id = request.id.clone();
        self.0.put(&id, &Record::Request(Box::new(request)));
    }
}

/// Returns the sort key of a request in the list, which also is the cursor.
fn sort_key(request: &StoredRequest) -> String {
    [&request.updated_at, " ", request.id.as_str()].concat()
}

/// Returns a problem with the given status.
pub fn problem(status: u16) -> ApiError {
    ApiError::Problem(Box::new(Problem::of(status)))
}

fn stale(current: Option<Box<StoredRequest>>) -> ApiError {
    let current = current.map(|request| {
        let StoredRequest { schema, revision, updated_at, earlier, draft, .. } = *request;
        Current { schema, revision, updated_at, earlier, draft }
    });
    ApiError::Problem(Box::new(Problem { current, ..Problem::of(412) }))
}

fn incomplete(errors: &[Finding]) -> ApiError {
    let error = |finding: &Finding| ProblemError {
        pointer: finding.field.pointer(),
        code: finding.code.as_str().to_owned(),
        params: finding.params.clone(),
    };
    ApiError::Problem(Box::new(Problem { errors: errors.iter().map(error).collect(), ..Problem::of(422) }))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeMap;

    use habilitation_contract::{Caller, Outcome, START};

    use super::*;
    use crate::model::Date;

    /// Storage that lasts as long as a test.
    #[derive(Default)]
    struct InMemory(RefCell<BTreeMap<Id, String>>);

    impl RecordStorage for InMemory {
        fn get(&self, id: &Id) -> Option<Record> {
            let kept = self.0.borrow().get(id)?.clone();
            Some(if kept.is_empty() {
                Record::Deleted
            } else {
                serde_json::from_str(&kept).map_or(Record::Unreadable, |request| Record::Request(Box::new(request)))
            })
        }

        fn put(&self, id: &Id, record: &Record) {
            let kept = match record {
                Record::Request(request) => serde_json::to_string(request).unwrap(),
                Record::Deleted | Record::Newer(_) | Record::Unreadable => String::new(),
            };
            self.0.borrow_mut().insert(id.clone(), kept);
        }

        fn ids(&self) -> Vec<Id> {
            self.0.borrow().keys().cloned().collect()
        }
    }

    /// Caller of a store, at a number of seconds after the contract's start.
    struct StoreCaller {
        store: LocalStore<InMemory>,
        seconds: u32,
    }

    fn new_store() -> StoreCaller {
        StoreCaller { store: LocalStore(InMemory::default()), seconds: 0 }
    }

    impl StoreCaller {
        /// Returns the moment as a browser writes it.
        fn now(&self) -> String {
            let (days, second) = (self.seconds / 86_400, self.seconds % 86_400);
            let is_month = |days: u32| match days {
                0..=8 => (2026, 11, 22 + days),
                9..=39 => (2026, 12, days - 8),
                40..=70 => (2027, 1, days - 39),
                _ => (2027, 2, days - 70),
            };
            let (year, month, day) = is_month(days);
            let day = Date::parse(&format!("{year}-{month:02}-{day:02}")).unwrap();
            format!("{day}T{:02}:{:02}:{:02}.000Z", 12 + second / 3_600, second / 60 % 60, second % 60)
        }
    }

    fn problem<T>(outcome: Result<T, ApiError>) -> Outcome<T> {
        outcome.map_err(|error| Box::new(error.problem().unwrap().clone()))
    }

    impl Caller for StoreCaller {
        fn save(&self, id: &Id, revision: Option<u64>, draft: &Draft) -> Outcome<RequestSummary> {
            let length = serde_json::to_string(draft).unwrap().len();
            problem(self.store.save(id, revision, draft, length, &self.now()))
        }

        fn read(&self, id: &Id) -> Outcome<StoredRequest> {
            problem(self.store.request(id)).map(|request| *request)
        }

        fn list(&self, filter: &habilitation_contract::Filter) -> Outcome<RequestList> {
            let habilitation_contract::Filter { words, state, cursor } = filter.clone();
            Ok(self.store.list(&Filter { words, state, cursor }))
        }

        fn delete(&self, id: &Id, revision: u64) -> Outcome<()> {
            problem(self.store.delete(id, revision))
        }

        fn submit(&self, id: &Id, revision: u64) -> Outcome<()> {
            problem(self.store.submit(id, revision, &self.now()))
        }

        fn send(&self, request: &Id, document: &Id) -> Outcome<()> {
            problem(self.store.add_document(request, document))
        }

        fn remove(&self, request: &Id, document: &Id) -> Outcome<()> {
            problem(self.store.remove_document(request, document))
        }

        fn wait(&mut self, seconds: u32) {
            self.seconds += seconds;
        }
    }

    habilitation_contract::obeyed_by!(new_store);

    #[test]
    fn the_clock_of_these_tests_begins_where_the_contract_does() {
        assert_eq!(new_store().now(), START);
    }

    #[test]
    fn what_another_version_wrote_is_left_alone() {
        let caller = new_store();
        let id = Id::new(0, [1; 10]);
        caller.store.0.0.borrow_mut().insert(id.clone(), "{\"schema\":2}".to_owned());
        assert_eq!(caller.store.save(&id, None, &Draft::default(), 0, START), Err(ApiError::Unreachable));
        assert_eq!(caller.store.0.0.borrow()[&id], "{\"schema\":2}");
        assert_eq!(caller.store.list(&Filter::default()), RequestList::default());
    }
}
