//! Store of one person's requests in the page itself, by the rules of the API.
//!
//! Knows no browser and no clock: a caller tells the time, and how days are counted. Moments are RFC 3339 in UTC with
//! milliseconds, all of one length, and sort as texts.

pub mod examples;
pub mod mails;
mod passing;
mod reads;
pub mod team;
pub mod traces;

use serde::{Deserialize, Serialize};

use self::traces::{Look, Read};
use crate::api::{ApiError, Filter};
use crate::json;
use crate::model::changes::changes;
use crate::model::draft::Terms;
use crate::model::lifecycle::event::unread;
use crate::model::lifecycle::keeping::Told;
use crate::model::lifecycle::submission::Earlier;
use crate::model::lifecycle::{ActFinding, History, Refusal, Role, Stamp, Start, SubmissionBody};
use crate::model::normalize::normalized;
use crate::model::wire::{
    Act, BODY_MAX, By, Current, Event, EventList, Kind, PROBLEM_TYPE_PREFIX, Problem, ProblemError, RequestList,
    RequestSummary, Side, State, StoredRequest, Submission, SubmissionSummary, request_number,
};
use crate::model::{ClosedList, Code, Date, Draft, Finding, Id, Params, SCHEMA};

/// Number of requests on a page of the list.
const PAGE: usize = 20;

/// Record under an identifier.
pub enum Record {
    /// Request.
    Request(Box<KeptRequest>),
    /// Tombstone of a deleted request.
    Deleted,
    /// Text of a newer version of the page, never overwritten.
    Newer(String),
    /// Unreadable text, never overwritten.
    Unreadable,
}

/// Request as one record keeps it, with its history.
#[derive(Debug, Serialize)]
pub struct KeptRequest {
    /// The request. What follows from its history is set anew at each reading.
    #[serde(flatten)]
    pub request: StoredRequest,
    /// Events, the first one first.
    pub events: Vec<Event>,
    /// Drafts as they were sent, by the number of their submission less one.
    pub sent: Vec<Draft>,
    /// Rank of the last event that the team has seen.
    #[serde(skip_serializing_if = "is_unseen")]
    pub team_seen: u64,
    /// Rank of the last event that the applicant has seen.
    #[serde(skip_serializing_if = "is_unseen")]
    pub applicant_seen: u64,
    /// Readings of the history that saw something new, the first one first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reads: Vec<Read>,
    /// Last look of each member of the team, the last one last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub looks: Vec<Look>,
    /// Mails that told of a loss, the last one last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<Told>,
}

/// Returns whether a side has seen nothing, which is left out.
fn is_unseen(seq: &u64) -> bool {
    *seq == 0
}

/// History in the record of a request: empty in those that were written before histories were kept.
#[derive(Default, Deserialize)]
#[serde(default)]
struct KeptHistory {
    events: Vec<Event>,
    sent: Vec<Draft>,
    team_seen: u64,
    applicant_seen: u64,
    reads: Vec<Read>,
    looks: Vec<Look>,
    told: Vec<Told>,
}

impl KeptRequest {
    /// Reads a record as it is serialized.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let KeptHistory { events, sent, team_seen, applicant_seen, reads, looks, told } = json::read(text)?;
        Some(Self { request: json::read(text)?, events, sent, team_seen, applicant_seen, reads, looks, told })
    }

    /// Returns the record of a request that was just begun.
    fn begun(request: StoredRequest) -> Self {
        let (events, sent, reads, looks) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { request, events, sent, team_seen: 0, applicant_seen: 0, reads, looks, told: Vec::new() }
    }

    fn history(&self) -> History {
        History::of(&self.events)
    }

    /// Sets the members that follow from the history.
    fn follow(&mut self, today: Date) {
        let unread = unread(&self.events, self.applicant_seen, Side::Applicant);
        self.request.follow(&self.history(), today, unread);
    }

    /// Makes the revision after this one.
    fn raise(&mut self, now: &str) {
        self.request.earlier = self.request.earlier_of_next();
        self.request.revision += 1;
        now.clone_into(&mut self.request.updated_at);
    }

    /// Returns the draft of a submission.
    fn sent(&self, number: u32) -> Option<&Draft> {
        self.sent.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// Returns the draft whose habilitation was active when a submission came.
    fn active_before(&self, number: u32) -> Option<&Draft> {
        let is_it = |event: &Event| event.kind == Kind::Submitted && event.submission == Some(number);
        let before = self.events.iter().position(is_it).and_then(|place| self.events.get(..place))?;
        self.sent(History::of(before).active()?.submission)
    }

    /// Returns a finding at each document of an act whose bytes did not arrive.
    fn missing(&self, act: &Act) -> Vec<ActFinding> {
        let missing = act.documents.iter().enumerate().filter(|(_, listed)| !self.request.arrived.contains(&listed.id));
        let at = |(place, _): (usize, _)| {
            let (pointer, params) = (["/documents/", &place.to_string()].concat(), Params::default());
            ActFinding { pointer, code: Code::MissingFile, params }
        };
        missing.map(at).collect()
    }

    /// Returns whether a submission or a message lists a document, which then stays as it is.
    fn lists(&self, document: &Id) -> bool {
        let of_messages = self.events.iter().flat_map(|event| &event.documents);
        self.sent.iter().flat_map(Draft::documents).chain(of_messages).any(|listed| listed.id == *document)
    }
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
pub struct LocalStore<D: RecordStorage> {
    /// Records of the requests.
    pub records: D,
    /// Returns the day of a moment in Europe/Paris.
    pub day: fn(&str) -> Date,
}

impl<D: RecordStorage> LocalStore<D> {
    /// Reads a request, as its history tells it now.
    pub fn request(&self, id: &Id, now: &str) -> Result<StoredRequest, ApiError> {
        let mut kept = self.kept(id)?;
        kept.follow((self.day)(now));
        Ok(kept.request)
    }

    /// Reads the events of a request that its applicant may see, after a rank.
    pub fn events(&self, id: &Id, after: u64) -> Result<EventList, ApiError> {
        let kept = self.kept(id)?;
        let mut events = kept.told_events();
        events.retain(|event| event.seq > after && event.is_shown_to(Side::Applicant));
        // There is one visitor, who makes all on that side.
        events.iter_mut().for_each(|event| event.yours = event.by.side == Side::Applicant);
        Ok(EventList { events, seen: kept.applicant_seen })
    }

    /// Reads a submission.
    pub fn submission(&self, id: &Id, number: u32) -> Result<Submission, ApiError> {
        let kept = self.kept(id)?;
        let (history, draft) = (kept.history(), kept.sent(number).cloned());
        let sent = history.submissions.into_iter().find(|sent| sent.n == number);
        let (Some(SubmissionSummary { n, at, on }), Some(draft)) = (sent, draft) else { return Err(problem(404)) };
        let earlier = kept.sent(number - 1).map_or_else(Vec::new, |earlier| changes(earlier, &draft));
        let changes = earlier.iter().map(|change| change.field.pointer()).collect();
        let contacts_only = Earlier { last: None, active: kept.active_before(number) }.is_contacts_only(&draft);
        Ok(Submission { n, at, on, schema: SCHEMA, draft, changes, contacts_only })
    }

    /// Acts on a request as its applicant. The same act again, under one identifier, changes nothing.
    pub fn act(
        &self,
        id: &Id,
        event: &Id,
        revision: Option<u64>,
        act: &Act,
        now: &str,
    ) -> Result<StoredRequest, ApiError> {
        let mut kept = self.kept(id)?;
        let (history, today) = (kept.history(), (self.day)(now));
        if let Some(made) = kept.events.iter().find(|made| made.id == *event) {
            return if act.is_told_by(made) { self.request(id, now) } else { Err(refused(409, "id-taken")) };
        }
        match (act.outcome(&history, Role::Applicant), revision) {
            (Err(Refusal::NotAllowed | Refusal::ReadOnly), _) => return Err(problem(403)),
            (_, None) if act.kind.moves_state() => return Err(problem(428)),
            (_, Some(revision)) if act.kind.moves_state() && revision != kept.request.revision => {
                return Err(stale(Some(kept)));
            }
            (Err(_), _) => return Err(problem(409)),
            (Ok(_), _) => {}
        }
        let mut findings = act.findings(&history, Role::Applicant, today);
        findings.extend(kept.missing(act));
        if !findings.is_empty() {
            return Err(unfit(&findings));
        }
        let stamp = self.stamp(&kept.request, event, now);
        let made = act.event(stamp, &history, kept.request.number.as_deref().unwrap_or_default(), None);
        if act.kind.moves_state() {
            kept.raise(now);
        }
        if let Some(Start::Submission(number)) = made.from
            && let Some(sent) = kept.sent(number)
        {
            kept.request.draft = sent.clone();
        }
        if act.kind == Kind::Reopened {
            // What was promised was promised of other answers.
            kept.request.draft.terms = Terms::default();
            kept.request.draft.organisation.member = false;
        }
        kept.events.push(made);
        kept.follow(today);
        let request = kept.request.clone();
        self.put(*kept);
        Ok(request)
    }

    /// Returns the stamp of an event that the applicant makes.
    fn stamp(&self, request: &StoredRequest, event: &Id, at: &str) -> Stamp {
        let applicant = &request.draft.organisation.applicant;
        let name = [applicant.given_name.trimmed(), " ", applicant.family_name.trimmed()].concat();
        let by = By { side: Side::Applicant, name, job_title: applicant.job_title.trimmed().to_owned() };
        Stamp { id: event.clone(), at: at.to_owned(), on: (self.day)(at), by }
    }

    /// Reads a record. A request that was sent before histories were kept gets its one event, which has its identifier.
    fn kept(&self, id: &Id) -> Result<Box<KeptRequest>, ApiError> {
        match self.records.get(id) {
            Some(Record::Request(mut kept)) => {
                if let (Some(at), true) = (&kept.request.submitted_at, kept.events.is_empty()) {
                    let stamp = self.stamp(&kept.request, id, at);
                    kept.events.push(SubmissionBody::default().event(stamp, &History::default()));
                    kept.sent.push(kept.request.draft.clone());
                }
                Ok(kept)
            }
            Some(Record::Deleted) => Err(problem(410)),
            Some(Record::Newer(text)) => Err(ApiError::Newer(text)),
            Some(Record::Unreadable) => Err(ApiError::Unreachable),
            None => Err(problem(404)),
        }
    }

    /// Reads a request that can be edited.
    pub fn draft(&self, id: &Id) -> Result<Box<KeptRequest>, ApiError> {
        let kept = self.kept(id)?;
        if kept.request.state.is_editable() { Ok(kept) } else { Err(problem(409)) }
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
        if before.as_ref().map(|kept| kept.request.revision) != revision {
            return Err(stale(before));
        }
        let mut kept = before.map_or_else(
            || {
                let request = StoredRequest { created_at: now.to_owned(), ..StoredRequest::begun(id.clone()) };
                KeptRequest::begun(request)
            },
            |kept| *kept,
        );
        match revision {
            Some(_) => kept.raise(now),
            None => (kept.request.revision, kept.request.updated_at) = (1, now.to_owned()),
        }
        kept.request.draft = draft.clone();
        kept.follow((self.day)(now));
        let summary = kept.request.summary();
        self.put(kept);
        Ok(summary)
    }

    /// Deletes a draft that was never sent, and leaves its tombstone.
    pub fn delete(&self, id: &Id, revision: u64) -> Result<(), ApiError> {
        let draft = self.draft(id)?;
        if draft.request.number.is_some() {
            return Err(problem(409));
        }
        if draft.request.revision != revision {
            return Err(stale(Some(draft)));
        }
        self.records.put(id, &Record::Deleted);
        Ok(())
    }

    /// Submits a request with words, by an event of this identifier. Submitting it again changes nothing.
    pub fn submit(
        &self,
        id: &Id,
        revision: u64,
        event: &Id,
        words: &SubmissionBody,
        now: &str,
    ) -> Result<(), ApiError> {
        let mut kept = self.kept(id)?;
        if !kept.request.state.is_editable() {
            let last = kept.events.iter().rev().find(|event| event.kind.moves_state());
            return if last.is_none_or(|event| event.kind == Kind::Submitted) { Ok(()) } else { Err(problem(409)) };
        }
        if kept.request.revision != revision {
            return Err(stale(Some(kept)));
        }
        // A server stores the typed request; here the checks that it takes are enough.
        let errors = kept.request.draft.errors(&kept.request.arrived);
        if !errors.is_empty() {
            return Err(incomplete(&errors));
        }
        let history = kept.history();
        let active = history.active().and_then(|acceptance| kept.sent(acceptance.submission));
        let findings = words.findings(&history, &kept.request.draft, Earlier { last: kept.sent.last(), active });
        if !findings.is_empty() {
            return Err(unfit(&findings));
        }
        let made = words.event(self.stamp(&kept.request, event, now), &history);
        kept.events.push(made);
        kept.sent.push(kept.request.draft.clone());
        kept.raise(now);
        if kept.request.number.is_none() {
            kept.request.number = Some(self.next_number(now));
            kept.request.submitted_at = Some(now.to_owned());
        }
        kept.follow((self.day)(now));
        self.put(*kept);
        Ok(())
    }

    /// Returns the next number of the year. Submitted requests are never deleted, so numbers have no gaps.
    fn next_number(&self, now: &str) -> String {
        let year = now.get(..4).unwrap_or_default();
        let of_year = |request: &StoredRequest| request.submitted_at.as_deref().is_some_and(|at| at.starts_with(year));
        request_number(year, self.requests(now).filter(|request| of_year(request)).count() as u64 + 1)
    }

    /// Reads a request in which a document may come or go: one of its draft, or of a message, that was not sent.
    pub fn taking_document(&self, request: &Id, document: &Id) -> Result<Box<KeptRequest>, ApiError> {
        let kept = self.kept(request)?;
        let stays = kept.request.state == State::Archived || kept.lists(document);
        if stays { Err(problem(409)) } else { Ok(kept) }
    }

    /// Records that the bytes of a document are stored.
    pub fn add_document(&self, request: &Id, document: &Id) -> Result<(), ApiError> {
        let mut kept = self.taking_document(request, document)?;
        if !kept.request.arrived.contains(document) {
            kept.request.arrived.push(document.clone());
            self.put(*kept);
        }
        Ok(())
    }

    /// Records that the bytes of a document are removed.
    pub fn remove_document(&self, request: &Id, document: &Id) -> Result<(), ApiError> {
        let mut kept = self.taking_document(request, document)?;
        if !kept.request.arrived.contains(document) {
            return Err(problem(404));
        }
        kept.request.arrived.retain(|other| other != document);
        self.put(*kept);
        Ok(())
    }

    /// Lists a page of requests, last changed first.
    pub fn list(&self, filter: &Filter, now: &str) -> RequestList {
        let words = normalized(filter.words.trim());
        let wanted = |request: &StoredRequest| {
            let (name, organisation) = (request.draft.project.name.line(), request.draft.organisation.name.line());
            let texts = [name.as_str(), &organisation, request.number.as_deref().unwrap_or_default()];
            // What is archived is told when it is asked for.
            filter.state.map_or(request.state != State::Archived, |state| state == request.state)
                && filter.cursor.as_ref().is_none_or(|cursor| sort_key(request) < *cursor)
                && texts.iter().any(|text| normalized(text).contains(&words))
        };
        let mut found: Vec<StoredRequest> = Vec::new();
        for request in self.requests(now).filter(|request| wanted(request)) {
            let at = found.partition_point(|other| sort_key(other) > sort_key(&request));
            found.insert(at, request);
        }
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        RequestList {
            next: found.last().filter(|_| more).map(sort_key),
            requests: found.iter().map(StoredRequest::summary).collect(),
        }
    }

    fn requests(&self, now: &str) -> impl Iterator<Item = StoredRequest> {
        self.records.ids().into_iter().filter_map(|id| self.request(&id, now).ok())
    }

    fn put(&self, kept: KeptRequest) {
        let id = kept.request.id.clone();
        self.records.put(&id, &Record::Request(Box::new(kept)));
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

/// Returns a refusal of a kind that no other of its status has.
fn refused(status: u16, kind: &str) -> ApiError {
    let kind = [PROBLEM_TYPE_PREFIX, kind].concat();
    ApiError::Problem(Box::new(Problem { kind, ..Problem::of(status) }))
}

fn stale(current: Option<Box<KeptRequest>>) -> ApiError {
    let current = current.map(|kept| {
        let StoredRequest { schema, revision, updated_at, earlier, draft, .. } = kept.request;
        Current { schema, revision, updated_at, earlier, saved_by: None, draft }
    });
    ApiError::Problem(Box::new(Problem { current, ..Problem::of(412) }))
}

/// Returns the problem of an act or of a submission that says what it may not.
fn unfit(findings: &[ActFinding]) -> ApiError {
    let error = |finding: &ActFinding| ProblemError {
        pointer: finding.pointer.clone(),
        code: finding.code.as_str().to_owned(),
        params: finding.params.clone(),
    };
    ApiError::Problem(Box::new(Problem { errors: findings.iter().map(error).collect(), ..Problem::of(422) }))
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

    use habilitation_contract::life::Sides;
    use habilitation_contract::{Caller, Outcome, START, ready};
    use habilitation_words::{SILENCE_NOTICE, Service};

    use super::examples::Examples;
    use super::team::ToMake;
    use super::*;
    use crate::model::lifecycle::deadline::Keeping;
    use crate::model::wire::{CaughtMail, ExaminedRequest, Statistics, TeamMember, TeamRole};

    /// Storage that lasts as long as a test.
    #[derive(Default)]
    pub(super) struct InMemory(RefCell<BTreeMap<Id, String>>);

    impl RecordStorage for InMemory {
        fn get(&self, id: &Id) -> Option<Record> {
            let kept = self.0.borrow().get(id)?.clone();
            Some(if kept.is_empty() {
                Record::Deleted
            } else {
                KeptRequest::read(&kept).map_or(Record::Unreadable, |kept| Record::Request(Box::new(kept)))
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
    pub(super) struct StoreCaller {
        pub(super) store: LocalStore<InMemory>,
        seconds: u32,
    }

    pub(super) fn new_store() -> StoreCaller {
        let store = LocalStore { records: InMemory::default(), day: crate::clock::day_in_paris };
        StoreCaller { store, seconds: 0 }
    }

    impl StoreCaller {
        /// Returns an identifier that no event of this moment has.
        fn event(&self) -> Id {
            Id::new(u64::from(self.seconds), [9; 10])
        }

        /// Returns the moment as a browser writes it.
        pub(super) fn now(&self) -> String {
            let (days, second) = (self.seconds / 86_400, self.seconds % 86_400);
            let day = Date::parse("2026-11-22").unwrap().plus_days(days);
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
            problem(self.store.request(id, &self.now()))
        }

        fn list(&self, filter: &habilitation_contract::Filter) -> Outcome<RequestList> {
            let habilitation_contract::Filter { words, state, cursor } = filter.clone();
            Ok(self.store.list(&Filter { words, state, cursor }, &self.now()))
        }

        fn delete(&self, id: &Id, revision: u64) -> Outcome<()> {
            problem(self.store.delete(id, revision))
        }

        fn submit(&self, id: &Id, revision: u64) -> Outcome<()> {
            problem(self.store.submit(id, revision, &self.event(), &SubmissionBody::default(), &self.now()))
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

    pub(super) fn claire() -> TeamMember {
        let (id, name) = ("claire".to_owned(), "Claire Marchand".to_owned());
        TeamMember { id, name, job_title: String::new(), role: TeamRole::Examiner }
    }

    /// Returns the mails by now, the first one first.
    pub(super) fn told(caller: &StoreCaller) -> Vec<CaughtMail> {
        let service = Service {
            name: String::new(),
            postal_address: String::new(),
            phone: String::new(),
            email: "questions@service.example".to_owned(),
            team_email: "equipe@service.example".to_owned(),
            operator_email: String::new(),
            keeping: Keeping::default(),
            court: "tribunal".to_owned(),
            silence_notice: SILENCE_NOTICE.to_owned(),
            page: "https://service.example/".to_owned(),
            partner_space: String::new(),
        };
        let requests: Vec<KeptRequest> = caller.store.all_sent().map(|kept| *kept).collect();
        let mut mails = mails::mails(&requests, &service, &caller.now()).mails;
        mails.reverse();
        mails
    }

    impl Sides for StoreCaller {
        fn act(&self, request: &Id, event: &Id, revision: u64, act: &Act) -> Outcome<StoredRequest> {
            problem(self.store.act(request, event, Some(revision), act, &self.now()))
        }

        fn submit_with(&self, request: &Id, revision: u64, words: &SubmissionBody) -> Outcome<()> {
            problem(self.store.submit(request, revision, &self.event(), words, &self.now()))
        }

        fn events(&self, request: &Id) -> Outcome<EventList> {
            problem(self.store.events(request, 0))
        }

        fn submission(&self, request: &Id, number: u32) -> Outcome<Submission> {
            problem(self.store.submission(request, number))
        }

        fn examined(&self, request: &Id) -> Outcome<ExaminedRequest> {
            problem(self.store.examined(request, "claire", &self.now()))
        }

        fn examined_events(&self, request: &Id) -> Outcome<EventList> {
            problem(self.store.examined_events(request))
        }

        fn decide(&self, request: &Id, event: &Id, revision: u64, act: &Act) -> Outcome<ExaminedRequest> {
            let (member, revision) = (claire(), Some(revision));
            let team = [member.clone()];
            let to_make = ToMake { event, revision, act, member: &member, team: &team };
            problem(self.store.act_for_team(request, &to_make, &self.now()))
        }

        fn statistics(&self) -> Outcome<Statistics> {
            Ok(self.store.statistics(None, &self.now()))
        }

        fn mails(&self) -> Outcome<Vec<CaughtMail>> {
            Ok(told(self))
        }

        fn let_days_pass(&mut self, days: u32) {
            self.seconds += days * 86_400;
            self.store.let_days_pass(Keeping::default(), crate::ids::new_id, &self.now());
        }
    }

    habilitation_contract::obeyed_by!(new_store);
    habilitation_contract::lived_by!(new_store);

    #[test]
    fn the_clock_of_these_tests_begins_where_the_contract_does() {
        assert_eq!(new_store().now(), START);
    }

    #[test]
    fn what_another_version_wrote_is_left_alone() {
        let caller = new_store();
        let id = Id::new(0, [1; 10]);
        caller.store.records.0.borrow_mut().insert(id.clone(), "{\"schema\":2}".to_owned());
        assert_eq!(caller.store.save(&id, None, &Draft::default(), 0, START), Err(ApiError::Unreachable));
        assert_eq!(caller.store.records.0.borrow()[&id], "{\"schema\":2}");
        assert_eq!(caller.store.list(&Filter::default(), START), RequestList::default());
    }

    #[test]
    fn a_submission_is_the_first_event_and_starts_the_legal_clock() {
        let mut caller = new_store();
        let id = Id::new(0, [1; 10]);
        caller.save(&id, None, &ready()).unwrap();
        assert_eq!(caller.store.events(&id, 0), Ok(EventList { events: Vec::new(), seen: 0 }));
        // On 31 December.
        caller.wait(39 * 86_400);
        caller.submit(&id, 1).unwrap();

        let due = Some(Date::parse("2027-02-28").unwrap());
        let request = caller.read(&id).unwrap();
        assert_eq!((request.due_on, request.last_event, request.submissions.len()), (due, Some(1), 1));
        assert_eq!(caller.list(&habilitation_contract::Filter::default()).unwrap().requests[0].due_on, due);
        let EventList { events, seen } = caller.store.events(&id, 0).unwrap();
        let [event] = &*events else { panic!("one event") };
        assert_eq!((event.seq, event.kind, event.submission, seen), (1, Kind::Submitted, Some(1), 0));
        assert_eq!((event.by.side, event.on.to_string()), (Side::Applicant, "2026-12-31".to_owned()));
        assert_eq!(caller.store.events(&id, 1).unwrap().events, []);
        assert_eq!(caller.store.submission(&id, 1).unwrap().draft, ready());
        assert_eq!(caller.store.submission(&id, 2).unwrap_err().status(), Some(404));
        // What is past stays due: silence does not move the state.
        caller.wait(60 * 86_400);
        assert_eq!(caller.read(&id).unwrap().due_on, due);
    }

    #[test]
    fn an_applicant_takes_a_request_back_then_sends_it_again_under_its_number() {
        let mut caller = new_store();
        let id = Id::new(0, [1; 10]);
        caller.save(&id, None, &ready()).unwrap();
        caller.submit(&id, 1).unwrap();
        let act = |caller: &StoreCaller, revision, act: &Act| {
            problem(caller.store.act(&id, &caller.event(), revision, act, &caller.now()))
        };
        let (withdrawn, reopened) = (Act::new(Kind::Withdrawn), Act::new(Kind::Reopened));
        caller.wait(1);
        for (revision, status) in [(None, 428), (Some(1), 412)] {
            assert_eq!(act(&caller, revision, &withdrawn).unwrap_err().status, status);
        }
        assert_eq!(act(&caller, Some(2), &Act::new(Kind::Accepted)).unwrap_err().status, 403);
        assert_eq!(act(&caller, Some(2), &reopened).unwrap_err().status, 409, "it is still examined");
        assert_eq!(act(&caller, None, &Act::new(Kind::Message)).unwrap_err().status, 422, "without a text");

        let request = act(&caller, Some(2), &withdrawn).unwrap();
        assert_eq!((request.state, request.revision, request.due_on), (State::Withdrawn, 3, None));
        assert_eq!(act(&caller, Some(2), &withdrawn), Ok(request.clone()), "sent twice, done once");
        assert_eq!(act(&caller, Some(3), &reopened).unwrap_err().status, 409, "another act of the same identifier");
        assert_eq!(caller.read(&id), Ok(request));

        caller.wait(1);
        let request = act(&caller, Some(3), &reopened).unwrap();
        assert_eq!((request.state, request.revision), (State::Draft, 4));
        assert!(!request.draft.organisation.member && !request.draft.terms.accepted);
        assert_eq!(problem(caller.store.delete(&id, 4)).unwrap_err().status, 409, "what was sent is never deleted");
        let mut changed = ready();
        changed.project.name = "Autre nom".into();
        caller.save(&id, Some(4), &changed).unwrap();
        caller.wait(86_400);
        caller.submit(&id, 5).unwrap();

        let request = caller.read(&id).unwrap();
        assert_eq!((request.number.as_deref(), request.submissions.len()), (Some("FC-2026-000001"), 2));
        assert_eq!(request.due_on, Date::parse("2027-01-23").ok(), "by a new clock");
        assert_eq!(caller.store.submission(&id, 1).unwrap().draft, ready());
        assert_eq!(caller.store.submission(&id, 2).unwrap().draft, changed);
        let kinds = caller.store.events(&id, 0).unwrap().events.into_iter().map(|event| event.kind);
        let expected = [Kind::Submitted, Kind::Withdrawn, Kind::Reopened, Kind::Submitted];
        assert_eq!(kinds.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_file_that_was_sent_stays_when_the_request_is_changed() {
        let mut caller = new_store();
        let (id, draft) = (Id::new(0, [1; 10]), habilitation_contract::with_file());
        let document = draft.documents().next().unwrap().id.clone();
        caller.save(&id, None, &draft).unwrap();
        caller.send(&id, &document).unwrap();
        caller.submit(&id, 1).unwrap();
        for (revision, kind) in [(2, Kind::Withdrawn), (3, Kind::Reopened)] {
            caller.wait(1);
            caller.store.act(&id, &caller.event(), Some(revision), &Act::new(kind), &caller.now()).unwrap();
        }
        assert_eq!(caller.remove(&id, &document).unwrap_err().status, 409);
        assert_eq!(caller.read(&id).unwrap().arrived, [document]);
    }

    #[test]
    fn the_team_examines_what_was_sent_and_no_byte_of_what_was_not() {
        use crate::model::place::team::QueueFilter;
        use crate::model::wire::{QueueKind, Remark, Reply};

        let mut caller = new_store();
        let id = Id::new(0, [1; 10]);
        caller.save(&id, None, &ready()).unwrap();
        assert_eq!(caller.store.examined(&id, "claire", START).unwrap_err().status(), Some(404), "it was never sent");
        caller.submit(&id, 1).unwrap();
        let member =
            |id: &str, role| TeamMember { id: id.to_owned(), name: id.to_owned(), job_title: String::new(), role };
        let team = [member("claire", TeamRole::Examiner), member("odile", TeamRole::Reader)];
        let [claire, odile] = &team;
        let act = |caller: &mut StoreCaller, member: &TeamMember, revision, act: Act| {
            caller.wait(1);
            let (event, now) = (caller.event(), caller.now());
            let to_make = ToMake { event: &event, revision, act: &act, member, team: &team };
            caller.store.act_for_team(&id, &to_make, &now)
        };
        let kind_of = |refused: Result<_, ApiError>| refused.unwrap_err().problem().unwrap().kind.clone();
        let seen = |kind| Act { seen: Some(1), ..Act::new(kind) };
        assert_eq!(kind_of(act(&mut caller, odile, Some(2), seen(Kind::Accepted))), "/problems/read-only");
        assert_eq!(kind_of(act(&mut caller, claire, Some(1), seen(Kind::Accepted))), "/problems/stale");
        assert_eq!(kind_of(act(&mut caller, claire, Some(2), Act::new(Kind::Accepted))), "/problems/unseen");
        assert_eq!(kind_of(act(&mut caller, claire, Some(2), seen(Kind::Resumed))), "/problems/wrong-state");
        let entrust = Act { examiner: Some("claire".to_owned()), ..Act::new(Kind::Assignment) };
        act(&mut caller, claire, None, entrust.clone()).unwrap();
        assert_eq!(kind_of(act(&mut caller, claire, None, entrust)), "/problems/assigned-elsewhere");

        let remark = Remark { pointer: "/project/name".to_owned(), text: "Lequel ?".into() };
        let asked = Act { remarks: vec![remark], ..seen(Kind::ChangesRequested) };
        let asked = act(&mut caller, claire, Some(2), asked).unwrap();
        assert_eq!((asked.state, asked.suspended, asked.remarks.len()), (State::ChangesRequested, true, 1));
        let mut changed = ready();
        changed.project.name = "Rien qu’à moi".into();
        caller.save(&id, Some(3), &changed).unwrap();
        let told = format!("{:?}", (caller.store.examined(&id, "claire", START), caller.store.examined_events(&id)));
        assert!(!told.contains("Rien qu’à moi"), "{told}");

        let reply = Reply { pointer: "/project/name".to_owned(), text: "Celui-ci.".into() };
        let words = SubmissionBody { replies: vec![reply], ..SubmissionBody::default() };
        caller.wait(1);
        caller.store.submit(&id, 4, &caller.event(), &words, &caller.now()).unwrap();
        assert_eq!(caller.store.submission(&id, 2).unwrap().changes, ["/project/name"]);
        let filter = |words: &str| QueueFilter { words: words.to_owned(), ..QueueFilter::default() };
        let queue = |filter: &QueueFilter| caller.store.queue(filter, "claire", START);
        let found = queue(&filter("qu’à moi"));
        assert_eq!((found.total, found.counts.mine, found.counts.all), (1, 1, 1));
        assert_eq!((found.requests[0].kind, found.requests[0].unread), (QueueKind::First, 2));
        assert_eq!(queue(&QueueFilter { examiner: QueueFilter::NOBODY.to_owned(), ..filter("") }).total, 0);
        caller.store.see_for_team(&id, claire, 4, START).unwrap();
        assert_eq!(caller.store.examined(&id, "claire", START).unwrap().unread, 0);

        let accepted = act(&mut caller, claire, Some(5), Act { seen: Some(4), ..Act::new(Kind::Accepted) }).unwrap();
        assert_eq!(accepted.habilitation.unwrap().number, "FC-2026-000001-1");
        let read = caller.read(&id).unwrap();
        assert_eq!((read.state, read.unread), (State::Accepted, 2), "a request for changes and a decision");
        caller.store.see(&id, 100, START).unwrap();
        caller.store.see(&id, 1, START).unwrap();
        let seen = caller.store.events(&id, 0).unwrap().seen;
        assert_eq!((caller.read(&id).unwrap().unread, seen), (0, 5), "it never goes back");
        let queue = |filter: &QueueFilter| caller.store.queue(filter, "claire", START).total;
        assert_eq!((queue(&filter("")), queue(&filter("FC-2026-000001"))), (0, 1), "a number is found in every state");

        let example = serde_json::from_str(include_str!("../../../public/demonstration/example.json")).unwrap();
        let examples =
            Examples { store: &caller.store, member: claire, team: &team, new_id: crate::ids::new_id, now: START };
        examples.add(&example).unwrap();
        let counts = caller.store.queue(&filter(""), "claire", START).counts;
        assert_eq!((counts.all, counts.to_examine, counts.waiting), (8, 1, 1));
        for state in State::ALL {
            let of_state = Filter { words: "exemple".to_owned(), state: Some(*state), cursor: None };
            assert_eq!(caller.store.list(&of_state, START).requests.len(), 1, "{state:?}");
        }
    }

    #[test]
    fn a_request_that_was_sent_before_histories_were_kept_has_submission_1() {
        let caller = new_store();
        let id = Id::new(0, [1; 10]);
        let sent = StoredRequest {
            number: Some("FC-2026-000001".to_owned()),
            state: State::Submitted,
            submitted_at: Some(START.to_owned()),
            ..StoredRequest::begun(id.clone())
        };
        let mut kept = serde_json::to_value(&sent).unwrap();
        let members = kept.as_object_mut().unwrap();
        for member in ["submissions", "due_on", "last_event"] {
            assert!(!members.contains_key(member));
        }
        caller.store.records.0.borrow_mut().insert(id.clone(), kept.to_string());
        let request = caller.read(&id).unwrap();
        let first = SubmissionSummary { n: 1, at: START.to_owned(), on: Date::parse("2026-11-22").unwrap() };
        assert_eq!((request.submissions, request.last_event), (vec![first], Some(1)));
        assert_eq!(request.due_on, Date::parse("2027-01-22").ok());
        assert_eq!((request.unread, caller.store.events(&id, 0).unwrap().events.len()), (0, 1));
    }
}
