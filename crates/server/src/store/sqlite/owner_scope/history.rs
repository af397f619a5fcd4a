//! Histories of an owner's requests: events and submissions, neither of which ever changes.

use habilitation_model::changes::changes;
use habilitation_model::lifecycle::event::unread;
use habilitation_model::lifecycle::{Event, History, Side};
use habilitation_model::schema::Unreadable;
use habilitation_model::wire::{EventList, Habilitation, RequestSummary, StoredRequest, Submission};
use habilitation_model::{ClosedList, Date, Draft, Id, SCHEMA};
use jiff::Timestamp;
use rusqlite::{Connection, Row, named_params, params};
use serde_json::{Map, Value};

use super::OwnerScope;
use crate::clock::{paris_day, rfc3339};
use crate::portal::Portal;
use crate::store::sqlite::values::{changed, corrupt, from_json, json, milliseconds, time};
use crate::store::{Owner, ReadDraft, StoreFailure, StoreRefusal, WholeSubmission};

/// Members of an event that have columns of their own.
const MEMBERS_IN_COLUMNS: [&str; 6] = ["id", "seq", "kind", "at", "on", "by"];

/// Submission to keep.
pub(super) struct NewSubmission<'a> {
    pub(super) n: u32,
    pub(super) contacts_only: bool,
    /// JSON of the draft in today's shape.
    pub(super) draft: &'a str,
    /// JSON of the typed request.
    pub(super) request: &'a str,
}

/// A submission as it is kept.
struct Kept {
    at: Timestamp,
    on: Date,
    contacts_only: bool,
    draft: Draft,
    request: String,
}

impl OwnerScope<'_> {
    /// Returns the events of a request, in the order of its history.
    pub(super) fn events(&self, request: &Id) -> Result<Vec<Event>, StoreFailure> {
        read_events(self.connection, Some(self.owner), request)
    }

    /// Tells a request, as its applicant reads it on a day, what follows from its history.
    pub(super) fn follow(&self, request: &mut StoredRequest, today: Date) -> Result<(), StoreFailure> {
        // A draft that never was submitted has no history.
        if request.number.is_some() {
            let events = self.events(&request.id)?;
            request.follow(&History::of(&events), today, unread(&events, self.seen(&request.id)?, Side::Applicant));
        }
        Ok(())
    }

    /// Tells the line of a request in the list what follows from its history.
    pub(super) fn follow_in_list(&self, summary: &mut RequestSummary, today: Date) -> Result<(), StoreFailure> {
        if let Some(number) = &summary.number {
            let events = self.events(&summary.id)?;
            let history = History::of(&events);
            summary.habilitation = history.active().map(|acceptance| Habilitation::of(acceptance, number));
            summary.due_on = history.due_on(today);
            summary.unread = unread(&events, self.seen(&summary.id)?, Side::Applicant);
        }
        Ok(())
    }

    /// Returns the events after a rank that the applicant may see.
    pub(in crate::store::sqlite) fn shown_events(&self, id: &Id, after: u64) -> Result<EventList, StoreRefusal> {
        self.existing(id)?;
        let mut events = self.events(id)?;
        events.retain(|event| event.seq > after && event.is_shown_to(Side::Applicant));
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
    pub(super) fn add_event(&self, request: &Id, event: &Event, at: Timestamp) -> Result<(), StoreFailure> {
        insert_event(self.connection, Some(self.owner), request, event, at)
    }
}

/// Condition on requests: those that the owner may see, or all where the team reads.
const VISIBLE: &str = "(:owner IS NULL OR owner = :owner) AND (:portal IS NULL OR portal = :portal)";

/// Returns the events of a request, in the order of its history. Without an owner, the team reads.
pub(in crate::store::sqlite) fn read_events(
    connection: &Connection,
    owner: Option<&Owner>,
    request: &Id,
) -> Result<Vec<Event>, StoreFailure> {
    let sql = format!(
        "SELECT events.id, seq, kind, at, day, author, body
         FROM events JOIN requests ON requests.id = events.request
         WHERE events.request = :request AND {VISIBLE} ORDER BY seq"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let (person, portal) = person_and_portal(owner);
    let mut rows =
        statement.query(named_params! { ":request": request.as_str(), ":owner": person, ":portal": portal })?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        events.push(event(row)?);
    }
    Ok(events)
}

fn person_and_portal(owner: Option<&Owner>) -> (Option<&str>, Option<&str>) {
    (owner.map(Owner::person), owner.and_then(Owner::portal).map(Portal::as_str))
}

/// Adds an event to the history of a request. Without an owner, the team acts.
pub(in crate::store::sqlite) fn insert_event(
    connection: &Connection,
    owner: Option<&Owner>,
    request: &Id,
    event: &Event,
    at: Timestamp,
) -> Result<(), StoreFailure> {
    let mut members: Map<String, Value> = from_json(&json(event)?, "an event")?;
    for member in MEMBERS_IN_COLUMNS {
        members.remove(member);
    }
    changed(
        connection,
        "INSERT INTO events (id, request, seq, kind, at, day, author, body)
         SELECT ?1, id, ?4, ?5, ?6, ?7, ?8, ?9 FROM requests WHERE id = ?2 AND (?3 IS NULL OR owner = ?3)",
        params![
            event.id.as_str(),
            request.as_str(),
            owner.map(Owner::person),
            event.seq,
            event.kind.as_str(),
            milliseconds(at),
            event.on.to_string(),
            json(&event.by)?,
            json(&members)?,
        ],
    )?;
    Ok(())
}

/// Returns a submission of a request. Without an owner, the team reads.
pub(in crate::store::sqlite) fn read_submission(
    connection: &Connection,
    owner: Option<&Owner>,
    read_draft: ReadDraft,
    id: &Id,
    n: u32,
) -> Result<Option<WholeSubmission>, StoreFailure> {
    let Some(kept) = kept_submission(connection, owner, read_draft, id, n)? else { return Ok(None) };
    let before = kept_submission(connection, owner, read_draft, id, n.saturating_sub(1))?;
    let differing = before.iter().flat_map(|before| changes(&before.draft, &kept.draft));
    let differing = differing.map(|change| change.field.pointer()).collect();
    let request = from_json(&kept.request, "a submitted request")?;
    let submission = Submission {
        n,
        at: rfc3339(kept.at),
        on: kept.on,
        schema: SCHEMA,
        changes: differing,
        contacts_only: kept.contacts_only,
        draft: kept.draft,
    };
    Ok(Some(WholeSubmission { submission, request }))
}

fn kept_submission(
    connection: &Connection,
    owner: Option<&Owner>,
    read_draft: ReadDraft,
    request: &Id,
    n: u32,
) -> Result<Option<Kept>, StoreFailure> {
    let sql = format!(
        "SELECT at, day, submissions.schema, contacts_only, submissions.draft, request_json
         FROM submissions JOIN requests ON requests.id = submissions.request
         WHERE submissions.request = :request AND n = :n AND {VISIBLE}"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let (person, portal) = person_and_portal(owner);
    let mut rows = statement
        .query(named_params! { ":request": request.as_str(), ":n": n, ":owner": person, ":portal": portal })?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let draft = row.get_ref("draft")?.as_str().map_err(|_| corrupt("a draft"))?;
    let draft = read_draft(row.get("schema")?, draft).map_err(|unreadable| match unreadable {
        Unreadable::Newer => StoreFailure::Newer,
        Unreadable::Broken => corrupt("a draft"),
    })?;
    Ok(Some(Kept {
        at: time(row.get("at")?)?,
        on: day(row)?,
        contacts_only: row.get("contacts_only")?,
        draft,
        request: row.get("request_json")?,
    }))
}

fn event(row: &Row<'_>) -> Result<Event, StoreFailure> {
    let body: String = row.get("body")?;
    let author: String = row.get("author")?;
    let (id, kind): (String, String) = (row.get("id")?, row.get("kind")?);
    let seq: u64 = row.get("seq")?;
    let mut members: Map<String, Value> = from_json(&body, "an event")?;
    let columns = [
        id.into(),
        seq.into(),
        kind.into(),
        rfc3339(time(row.get("at")?)?).into(),
        day(row)?.to_string().into(),
        from_json(&author, "an author")?,
    ];
    members.extend(MEMBERS_IN_COLUMNS.map(str::to_owned).into_iter().zip(columns));
    // The error would repeat what a person typed.
    serde_json::from_value(Value::Object(members)).map_err(|_| corrupt("an event"))
}

fn day(row: &Row<'_>) -> Result<Date, StoreFailure> {
    let text: String = row.get("day")?;
    Date::parse(&text).map_err(|_| corrupt("a day"))
}
