//! Rows of histories: events and submissions, neither of which ever changes.

use habilitation_model::changes::changes;
use habilitation_model::lifecycle::{Event, History, Kind};
use habilitation_model::schema::Unreadable;
use habilitation_model::wire::Submission;
use habilitation_model::{ClosedList, Date, Draft, Id, SCHEMA};
use jiff::Timestamp;
use rusqlite::{Connection, Row, named_params, params};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::habilitations;
use super::outbox;
use super::queue::{self, News, Sent};
use super::statistics;
use super::values::{changed, corrupt, from_json, json, milliseconds, time};
use crate::clock::rfc3339;
use crate::portal::Portal;
use crate::store::{Owner, ReadDraft, StoreFailure, WholeSubmission};

/// Members of an event that have columns of their own.
const MEMBERS_IN_COLUMNS: [&str; 6] = ["id", "seq", "kind", "at", "on", "by"];

/// A submission as it is kept.
pub(super) struct Kept {
    pub(super) at: Timestamp,
    on: Date,
    pub(super) contacts_only: bool,
    pub(super) draft: Draft,
    request: String,
}

/// Condition on requests: those that the owner may see, or all where the team reads.
const VISIBLE: &str = "(:owner IS NULL OR owner = :owner) AND (:portal IS NULL OR portal = :portal)";

/// Returns the events of a request after a rank, in the order of its history. Without an owner, the team reads.
pub(super) fn read_events(
    connection: &Connection,
    owner: Option<&Owner>,
    request: &Id,
    after: u64,
) -> Result<Vec<Event>, StoreFailure> {
    let sql = format!(
        "SELECT events.id, seq, kind, at, day, author, body
         FROM events JOIN requests ON requests.id = events.request
         WHERE events.request = :request AND seq > :after AND {VISIBLE} ORDER BY seq"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let (person, portal) = person_and_portal(owner);
    let mut rows = statement
        .query(named_params! { ":request": request.as_str(), ":after": after, ":owner": person, ":portal": portal })?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        events.push(event(row)?);
    }
    Ok(events)
}

fn person_and_portal(owner: Option<&Owner>) -> (Option<&str>, Option<&str>) {
    (owner.map(Owner::person), owner.and_then(Owner::portal).map(Portal::as_str))
}

/// Event to add to a history.
pub(super) struct NewEvent<'a> {
    pub(super) event: &'a Event,
    /// The history with the event in it.
    pub(super) history: &'a History,
    /// Person on the applicant's side who made it, where it was made in a session.
    pub(super) maker: Option<&'a str>,
    /// The draft that a submission sends.
    pub(super) sent: Option<&'a Sent>,
    pub(super) at: Timestamp,
}

/// Adds an event to the history of a request, and does what follows from it. Without an owner, the team acts.
pub(super) fn insert_event(
    connection: &Connection,
    owner: Option<&Owner>,
    request: &Id,
    new: &NewEvent<'_>,
) -> Result<(), StoreFailure> {
    let NewEvent { event, history, maker, sent, at } = *new;
    let before = read_events(connection, None, request, 0)?;
    outbox::post(connection, request, &History::of(&before), event, at)?;
    statistics::count(connection, &before, event)?;
    let mut members: Map<String, Value> = from_json(&json(event)?, "an event")?;
    for member in MEMBERS_IN_COLUMNS {
        members.remove(member);
    }
    changed(
        connection,
        "INSERT INTO events (id, request, seq, kind, at, day, author, body, person)
         SELECT ?1, id, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM requests WHERE id = ?2 AND (?3 IS NULL OR owner = ?3)",
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
            maker,
        ],
    )?;
    if matches!(event.kind, Kind::Accepted | Kind::Revoked) {
        habilitations::follow(connection, request, history)?;
    }
    queue::refresh(connection, request, history, sent, News::of(event), (at, event.on))
}

/// Returns a submission of a request. Without an owner, the team reads.
pub(super) fn read_submission(
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

/// Returns a submission of a request as it is kept. Without an owner, the team reads.
pub(super) fn kept_submission(
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

/// Returns the identifier of an event that no caller names: one of a submission, or of the clock.
///
/// It is made of the request, and of the rank of the event there.
pub(super) fn event_id(request: &Id, seq: u64, at: Timestamp) -> Id {
    let hash = Sha256::new().chain_update(request.as_str()).chain_update(seq.to_be_bytes()).finalize();
    let mut bytes = [0; 10];
    bytes.copy_from_slice(&hash[..10]);
    Id::new(u64::try_from(at.as_millisecond()).unwrap_or_default(), bytes)
}
