//! Lines of the queue and habilitations of requests that an earlier release submitted.
//!
//! Opening the database makes them.

use habilitation_model::lifecycle::event::unread;
use habilitation_model::lifecycle::{Event, History, Kind, Side};
use habilitation_model::{ClosedList, Id};
use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::habilitations;
use super::history::{kept_submission, read_events};
use super::queue::{News, Sent, refresh};
use super::values::{apart, changed, corrupt};
use crate::clock::paris_day;
use crate::store::{ReadDraft, StoreFailure};

/// Most lines that one transaction makes.
const BATCH_SIZE: u32 = 500;

/// Makes the lines that are missing, a part at a time: what a crash leaves over is made at the next start.
///
/// A request that cannot be read keeps no other from its line.
pub(super) fn fill(connection: &mut Connection, read_draft: ReadDraft) -> Result<(), StoreFailure> {
    let mut after = String::new();
    loop {
        let transaction = connection.transaction()?;
        let missing: Vec<String> = transaction
            .prepare_cached("SELECT request FROM unqueued WHERE request > ?1 ORDER BY request LIMIT ?2")?
            .query_map(params![after, BATCH_SIZE], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let Some(last) = missing.last() else { return Ok(()) };
        after.clone_from(last);
        for request in &missing {
            match apart(&transaction, || add_line(&transaction, request, read_draft)) {
                Err(StoreFailure::Broken(reason)) => {
                    tracing::error!(request, reason, "a history is out of order: the request is not in the queue");
                }
                Err(StoreFailure::Newer) => {
                    tracing::warn!(request, "a later version stored the request: it is not in the queue");
                }
                added => added?,
            }
        }
        transaction.commit()?;
    }
}

fn add_line(connection: &Connection, request: &str, read_draft: ReadDraft) -> Result<(), StoreFailure> {
    let id = Id::parse(request).map_err(|_| corrupt("an identifier"))?;
    let events = read_events(connection, None, &id, 0)?;
    let (Some(last), Some(sent)) = (events.last(), events.iter().rposition(|event| event.kind == Kind::Submitted))
    else {
        return Err(corrupt("a history"));
    };
    let before = History::of(&events[..sent]);
    let kept = kept_submission(connection, None, read_draft, &id, before.last_submission() + 1)?
        .ok_or_else(|| corrupt("a submission"))?;
    let sent = Sent::of(&kept.draft, &before, kept.contacts_only, kept.at);
    let news = News {
        to_team: unread_by(connection, &id, &events, Side::Examiner)?,
        to_applicant: unread_by(connection, &id, &events, Side::Applicant)?,
    };
    let at: Timestamp = last.at.parse().map_err(|_| corrupt("a time"))?;
    let history = History::of(&events);
    habilitations::follow(connection, &id, &history)?;
    refresh(connection, &id, &history, Some(&sent), news, (at, paris_day(at)))?;
    changed(connection, "DELETE FROM unqueued WHERE request = ?1", [request])?;
    Ok(())
}

fn unread_by(connection: &Connection, request: &Id, events: &[Event], side: Side) -> Result<u32, StoreFailure> {
    let sql = "SELECT coalesce(max(seq), 0) FROM reads WHERE request = ?1 AND side = ?2";
    let seen = connection.prepare_cached(sql)?.query_row(params![request.as_str(), side.as_str()], |row| row.get(0))?;
    Ok(unread(events, seen, side))
}
