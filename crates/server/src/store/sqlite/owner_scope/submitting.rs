//! Submitting, and numbering what is submitted.

use habilitation_model::wire::{Receipt, State, StoredRequest, request_number};
use habilitation_model::{Id, Request, SCHEMA};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{named_params, params};

use super::list_columns::ListColumns;
use super::saving::{EARLIER_LENGTH, check_precondition};
use super::{DraftSnapshot, OwnerScope};
use crate::clock::{rfc3339, utc_day};
use crate::store::sqlite::values::{changed, json, milliseconds};
use crate::store::{Expected, Quota, Quotas, StoreFailure, StoreRefusal, Submitted};

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
    snapshot: DraftSnapshot,
}

impl OwnerScope<'_> {
    pub(in crate::store::sqlite) fn prepare_submission(
        &self,
        id: &Id,
        expected: &Expected,
    ) -> Result<PreparedSubmission, StoreRefusal> {
        let request = self.existing(id)?;
        if let (State::Submitted, Some(number), Some(submitted_at)) =
            (request.state, &request.number, &request.submitted_at)
        {
            let (number, submitted_at) = (number.clone(), submitted_at.clone());
            return Ok(PreparedSubmission::Before(Box::new(Receipt { number, submitted_at, request: *request })));
        }
        check_precondition(expected, Some((request.revision, &request.updated_at)), || Ok(Some(request.clone())))?;
        let received = self.as_received(id, &request.draft)?;
        let parsed = Request::new(&received, &request.arrived).map_err(StoreRefusal::Incomplete)?;
        let columns = ListColumns::of(&request.draft, &request.arrived);
        let (draft_json, request_json) = (json(&request.draft)?, json(&parsed)?);
        let snapshot = self.snapshot_of(&request)?;
        Ok(PreparedSubmission::Now(Box::new(ToSubmit {
            request: *request,
            draft_json,
            request_json,
            columns,
            snapshot,
        })))
    }

    /// Submits a draft; returns none if it changed in the meantime.
    pub(in crate::store::sqlite) fn submit(
        &self,
        id: &Id,
        prepared: &PreparedSubmission,
        quotas: &Quotas,
        at: Timestamp,
    ) -> Result<Option<Submitted>, StoreRefusal> {
        let ToSubmit { request, draft_json, request_json, columns, snapshot } = match prepared {
            PreparedSubmission::Before(receipt) => return Ok(Some(Submitted::Before(Receipt::clone(receipt)))),
            PreparedSubmission::Now(prepared) => prepared.as_ref(),
        };
        if !self.is_unchanged(id, snapshot)? {
            return Ok(None);
        }
        if self.submissions_reach(quotas.submissions_of_day, at)? {
            return Err(StoreRefusal::QuotaReached(Quota::SubmissionsOfDay));
        }
        let number = self.next_number(at)?;
        let revision = request.revision + 1;
        changed(
            self.connection,
            "UPDATE requests
             SET state = 'submitted', number = :number, revision = :revision, updated_at = :at, submitted_at = :at,
                 search = :search, schema = :schema, draft = :draft, request = :request,
                 earlier = substr(updated_at || ' ' || earlier, 1, :earlier)
             WHERE id = :id AND owner = :owner",
            named_params! {
                ":id": id.as_str(), ":owner": self.owner(), ":number": number, ":revision": revision,
                ":at": milliseconds(at), ":search": columns.search(Some(&number)), ":schema": SCHEMA,
                ":draft": draft_json, ":request": request_json, ":earlier": EARLIER_LENGTH,
            },
        )
        .map_err(StoreRefusal::from)?;
        let submitted_at = rfc3339(at);
        let request = StoredRequest {
            number: Some(number.clone()),
            state: State::Submitted,
            revision,
            updated_at: submitted_at.clone(),
            earlier: request.earlier_of_next(),
            submitted_at: Some(submitted_at.clone()),
            ..request.clone()
        };
        Ok(Some(Submitted::Now(Receipt { number, submitted_at, request })))
    }

    fn submissions_reach(&self, most: u32, at: Timestamp) -> Result<bool, StoreFailure> {
        let sql =
            "SELECT 1 FROM requests WHERE owner = ?1 AND state = 'submitted' AND updated_at > ?2 LIMIT 1 OFFSET ?3";
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
