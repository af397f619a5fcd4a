//! Submitting, and numbering what is submitted.

use habilitation_model::lifecycle::event::unread;
use habilitation_model::lifecycle::submission::Earlier;
use habilitation_model::lifecycle::{History, Kind, Side, Stamp, SubmissionBody};
use habilitation_model::wire::{Receipt, StoredRequest, request_number};
use habilitation_model::{Id, Request, SCHEMA};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{named_params, params};

use super::history::NewSubmission;
use super::list_columns::ListColumns;
use super::saving::check_precondition;
use super::{DraftSnapshot, OwnerScope};
use crate::clock::{paris_day, rfc3339, utc_day};
use crate::store::sqlite::history::{NewEvent, event_id};
use crate::store::sqlite::queue::Sent;
use crate::store::sqlite::reads;
use crate::store::sqlite::values::{EARLIER_LENGTH, changed, corrupt, json, milliseconds};
use crate::store::{Expected, Quota, Quotas, Sending, StoreFailure, StoreRefusal, Submitted};

/// Submission that was checked and is ready to be made.
pub(in crate::store::sqlite) enum PreparedSubmission {
    /// The request was submitted before; this is its receipt.
    Before(Box<Receipt>),
    /// The request can be submitted.
    Now(Box<ToSubmit>),
}

/// A draft without errors.
pub(in crate::store::sqlite) struct ToSubmit {
    request: StoredRequest,
    /// JSON of the draft in today's shape, which it keeps from then on.
    draft_json: String,
    /// JSON of the typed request.
    request_json: String,
    columns: ListColumns,
    /// Set where nothing but contacts of the active habilitation changes.
    contacts_only: bool,
    /// Part of it that lists tell.
    sent: Sent,
    /// The history before it.
    history: History,
    /// Number of events that are news to the applicant.
    unread: u32,
    snapshot: DraftSnapshot,
}

impl OwnerScope<'_> {
    pub(in crate::store::sqlite) fn prepare_submission(
        &self,
        id: &Id,
        expected: &Expected,
        words: &SubmissionBody,
        at: Timestamp,
    ) -> Result<PreparedSubmission, StoreRefusal> {
        let mut request = self.existing(id)?;
        if !request.state.is_editable() {
            // A request that the team has taken back is examined, but not as the caller wants to send it.
            let events = self.events(id)?;
            let last = events.iter().rev().find(|event| event.kind.moves_state());
            if last.is_none_or(|event| event.kind != Kind::Submitted) {
                return Err(StoreRefusal::WrongState(request.state));
            }
            self.follow(&mut request, paris_day(at))?;
            return Ok(PreparedSubmission::Before(Box::new(receipt(*request)?)));
        }
        check_precondition(expected, Some((request.revision, &request.updated_at)), || Ok(Some(request.clone())))?;
        let received = self.as_received(id, &request.draft)?;
        let parsed = Request::new(&received, &request.arrived).map_err(StoreRefusal::Incomplete)?;
        let events = self.events(id)?;
        let history = History::of(&events);
        let last = self.sent_draft(id, history.last_submission())?;
        let active =
            history.active().map(|acceptance| self.sent_draft(id, acceptance.submission)).transpose()?.flatten();
        let earlier = Earlier { last: last.as_ref(), active: active.as_ref() };
        let findings = words.findings(&history, &request.draft, earlier);
        if !findings.is_empty() {
            return Err(StoreRefusal::Unfit(findings));
        }
        let contacts_only = earlier.is_contacts_only(&request.draft);
        let sent = Sent::of(&request.draft, &history, contacts_only, at);
        let unread = unread(&events, self.seen(id)?, Side::Applicant);
        let columns = ListColumns::of(&request.draft, &request.arrived);
        let (draft_json, request_json) = (json(&request.draft)?, json(&parsed)?);
        let snapshot = self.snapshot_of(&request)?;
        Ok(PreparedSubmission::Now(Box::new(ToSubmit {
            request: *request,
            draft_json,
            request_json,
            columns,
            contacts_only,
            sent,
            history,
            unread,
            snapshot,
        })))
    }

    /// Submits a draft; returns none if it changed in the meantime.
    pub(in crate::store::sqlite) fn submit(
        &self,
        id: &Id,
        prepared: &PreparedSubmission,
        quotas: &Quotas,
        sending: &Sending,
        at: Timestamp,
    ) -> Result<Option<Submitted>, StoreRefusal> {
        let ToSubmit { request, draft_json, request_json, columns, contacts_only, sent, history, unread, snapshot } =
            match prepared {
                PreparedSubmission::Before(receipt) => return Ok(Some(Submitted::Before(Receipt::clone(receipt)))),
                PreparedSubmission::Now(prepared) => prepared.as_ref(),
            };
        // A message changes no draft, and yet the history.
        if !self.is_unchanged(id, snapshot)? || reads::last_event(self.connection, id)? != history.last_event {
            return Ok(None);
        }
        if self.submissions_reach(quotas.submissions_of_day, at)? {
            return Err(StoreRefusal::QuotaReached(Quota::SubmissionsOfDay));
        }
        let number = match &request.number {
            Some(number) => number.clone(),
            None => self.next_number(at)?,
        };
        let revision = request.revision + 1;
        changed(
            self.connection,
            "UPDATE requests
             SET state = 'submitted', number = :number, revision = :revision, updated_at = :at, submitted_at = :at,
                 search = :search, schema = :schema, draft = :draft,
                 earlier = substr(updated_at || ' ' || earlier, 1, :earlier)
             WHERE id = :id AND owner = :owner",
            named_params! {
                ":id": id.as_str(), ":owner": self.owner(), ":number": number, ":revision": revision,
                ":at": milliseconds(at), ":search": columns.search(Some(&number)), ":schema": SCHEMA,
                ":draft": draft_json, ":earlier": EARLIER_LENGTH,
            },
        )
        .map_err(StoreRefusal::from)?;
        let n = history.last_submission() + 1;
        let stamp = Stamp {
            id: event_id(id, history.last_event + 1, at),
            at: rfc3339(at),
            on: paris_day(at),
            by: sending.by.clone(),
        };
        let event = sending.words.event(stamp, history);
        let mut history = history.clone();
        history.add(&event);
        let submission = NewSubmission { n, contacts_only: *contacts_only, draft: draft_json, request: request_json };
        self.add_submission(id, &submission, at)?;
        let maker = Some(self.caller);
        self.add_event(id, &NewEvent { event: &event, history: &history, maker, sent: Some(sent), at })?;
        let sql = "UPDATE documents SET is_sent = 1 WHERE request = ?1 AND owner = ?2 AND unlisted_since IS NULL";
        changed(self.connection, sql, params![id.as_str(), self.owner()])?;
        let submitted_at = rfc3339(at);
        let mut request = StoredRequest {
            number: Some(number),
            revision,
            updated_at: submitted_at.clone(),
            earlier: request.earlier_of_next(),
            submitted_at: Some(submitted_at),
            // Who saved the revision before says nothing of this one.
            saved_by: None,
            ..request.clone()
        };
        request.follow(&history, paris_day(at), *unread);
        Ok(Some(Submitted::Now(receipt(request)?)))
    }

    fn submissions_reach(&self, most: u32, at: Timestamp) -> Result<bool, StoreFailure> {
        // A request changed last when it was submitted last, or later.
        let sql = "SELECT 1 FROM requests JOIN submissions ON submissions.request = requests.id
                   WHERE owner = ?1 AND updated_at > ?2 AND at > ?2 LIMIT 1 OFFSET ?3";
        let day_before = at.saturating_sub(SignedDuration::from_hours(24)).unwrap_or(at);
        let parameters = params![self.owner(), milliseconds(day_before), most.saturating_sub(1)];
        Ok(self.connection.prepare_cached(sql)?.exists(parameters)?)
    }

    /// Returns the next number of the year. It is counted in the table, so that it is given if and only if the submission is kept.
    fn next_number(&self, at: Timestamp) -> Result<String, StoreFailure> {
        let year = utc_day(at).year();
        let sql = "INSERT INTO numbers (year, last) VALUES (?1, 1)
                   ON CONFLICT (year) DO UPDATE SET last = last + 1 RETURNING last";
        let last: u64 = self.connection.prepare_cached(sql)?.query_row([year], |row| row.get(0))?;
        Ok(request_number(&format!("{year:04}"), last))
    }
}

/// Returns the receipt of a request that was submitted last.
fn receipt(request: StoredRequest) -> Result<Receipt, StoreFailure> {
    let number = request.number.clone().ok_or_else(|| corrupt("a number"))?;
    let submitted_at = request.submitted_at.clone().ok_or_else(|| corrupt("the time of a submission"))?;
    let submission = request.submissions.last().map_or(0, |submission| submission.n);
    Ok(Receipt { number, submitted_at, submission, due_on: request.due_on, request })
}
