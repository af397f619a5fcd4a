//! Histories of an owner's requests: events and submissions, neither of which ever changes.

use habilitation_model::lifecycle::event::unread;
use habilitation_model::lifecycle::{Event, History, Part, Side};
use habilitation_model::wire::{EventList, RequestSummary, StoredRequest};
use habilitation_model::{Date, Draft, Id, SCHEMA};
use jiff::Timestamp;
use rusqlite::named_params;

use super::{OwnerScope, VISIBLE};
use crate::clock::paris_day;
use crate::store::sqlite::history::{NewEvent, insert_event, kept_submission, read_events, read_submission};
use crate::store::sqlite::queue::{self, Clock};
use crate::store::sqlite::reads;
use crate::store::sqlite::values::{changed, milliseconds};
use crate::store::{StoreFailure, StoreRefusal, WholeSubmission};

/// Submission to keep.
pub(super) struct NewSubmission<'a> {
    pub(super) n: u32,
    pub(super) contacts_only: bool,
    /// JSON of the draft in today's shape.
    pub(super) draft: &'a str,
    /// JSON of the typed request.
    pub(super) request: &'a str,
}

impl OwnerScope<'_> {
    /// Returns the events of a request, in the order of its history.
    pub(super) fn events(&self, request: &Id) -> Result<Vec<Event>, StoreFailure> {
        read_events(self.connection, Some(self.owner), request, 0)
    }

    /// Tells a request, as its applicant reads it on a day, what follows from its history.
    pub(super) fn follow(&self, request: &mut StoredRequest, today: Date) -> Result<(), StoreFailure> {
        let events = self.events(&request.id)?;
        // Most drafts that never were submitted have no history.
        if !events.is_empty() {
            request.follow(&History::of(&events), today, unread(&events, self.seen(&request.id)?, Side::Applicant));
        }
        Ok(())
    }

    /// Tells the line of a request in the list what follows from its history.
    pub(super) fn follow_in_list(&self, summary: &mut RequestSummary, today: Date) -> Result<(), StoreFailure> {
        (summary.role, summary.elsewhere) = (self.part, self.is_elsewhere);
        let Some(number) = &summary.number else { return Ok(()) };
        let sql = format!(
            "SELECT due_on, goes_on, due_then, rank, accepted_submission, accepted_at, unread_by_applicant
             FROM queue JOIN requests ON requests.id = queue.request WHERE request = :id AND {VISIBLE}"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let visible = named_params! { ":id": summary.id.as_str(), ":owner": self.owner(), ":portal": self.portal() };
        let mut rows = statement.query(visible)?;
        // A history that could not be read when the database was opened has no line.
        let Some(row) = rows.next()? else { return Ok(()) };
        summary.due_on = Clock::of(row)?.due_on(today);
        summary.unread = match self.part {
            Part::Owner => row.get("unread_by_applicant")?,
            // What the owner has read may be news to the others.
            _ => unread(&self.events(&summary.id)?, self.seen(&summary.id)?, Side::Applicant),
        };
        summary.habilitation = queue::habilitation(row, number)?;
        Ok(())
    }

    /// Returns the events after a rank that the applicant may see.
    pub(in crate::store::sqlite) fn shown_events(&self, id: &Id, after: u64) -> Result<EventList, StoreRefusal> {
        self.existing(id)?;
        let mut events = read_events(self.connection, Some(self.owner), id, after)?;
        events.retain(|event| event.is_shown_to(Side::Applicant));
        reads::tell_reads(self.connection, id, &mut events)?;
        reads::tell_own(self.connection, id, self.caller, &mut events)?;
        Ok(EventList { events, seen: self.seen(id)? })
    }

    /// Returns a submission of a request.
    pub(in crate::store::sqlite) fn submission(&self, id: &Id, n: u32) -> Result<WholeSubmission, StoreRefusal> {
        self.existing(id)?;
        read_submission(self.connection, Some(self.owner), self.read_draft, id, n)?.ok_or(StoreRefusal::Absent)
    }

    /// Returns the draft of a submission.
    pub(super) fn sent_draft(&self, id: &Id, n: u32) -> Result<Option<Draft>, StoreFailure> {
        let kept = kept_submission(self.connection, Some(self.owner), self.read_draft, id, n)?;
        Ok(kept.map(|kept| kept.draft))
    }

    pub(super) fn add_submission(
        &self,
        request: &Id,
        submission: &NewSubmission<'_>,
        at: Timestamp,
    ) -> Result<(), StoreFailure> {
        let NewSubmission { n, contacts_only, draft, request: typed } = submission;
        changed(
            self.connection,
            "INSERT INTO submissions (request, n, at, day, schema, contacts_only, draft, request_json)
             SELECT id, :n, :at, :day, :schema, :contacts_only, :draft, :typed
             FROM requests WHERE id = :request AND owner = :owner",
            named_params! {
                ":request": request.as_str(), ":owner": self.owner(), ":n": n, ":at": milliseconds(at),
                ":day": paris_day(at).to_string(), ":schema": SCHEMA, ":contacts_only": contacts_only,
                ":draft": draft, ":typed": typed,
            },
        )?;
        Ok(())
    }

    /// Adds an event to the history of a request.
    pub(super) fn add_event(&self, request: &Id, new: &NewEvent<'_>) -> Result<(), StoreFailure> {
        insert_event(self.connection, Some(self.owner), request, new)
    }
}
