//! Lines of the queue, habilitations and figures of requests that an earlier release submitted.
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
use super::statistics;
use super::values::{apart, changed, corrupt};
use crate::clock::paris_day;
use crate::store::{ReadDraft, StoreFailure};

/// Most requests that one transaction looks at.
const BATCH_SIZE: u32 = 500;

/// Makes lines and figures that are missing, a part at a time: what a crash leaves over is made at the next start.
///
/// A request that cannot be read keeps no other from its own.
pub(super) fn fill(connection: &mut Connection, read_draft: ReadDraft) -> Result<(), StoreFailure> {
    each_in("unqueued", connection, |connection, request| add_line(connection, request, read_draft))?;
    each_in("uncounted", connection, count)
}

/// Does the work of each request that a table lists, which takes it off.
fn each_in(
    table: &str,
    connection: &mut Connection,
    work: impl Fn(&Connection, &Id) -> Result<(), StoreFailure>,
) -> Result<(), StoreFailure> {
    let (part, done) = (
        format!("SELECT request FROM {table} WHERE request > ?1 ORDER BY request LIMIT ?2"),
        format!("DELETE FROM {table} WHERE request = ?1"),
    );
    let mut after = String::new();
    loop {
        let transaction = connection.transaction()?;
        let missing: Vec<String> = transaction
            .prepare_cached(&part)?
            .query_map(params![after, BATCH_SIZE], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let Some(last) = missing.last() else { return Ok(()) };
        after.clone_from(last);
        for request in &missing {
            let worked = apart(&transaction, || {
                work(&transaction, &Id::parse(request).map_err(|_| corrupt("an identifier"))?)?;
                changed(&transaction, &done, [request])
            });
            match worked {
                Err(StoreFailure::Broken(reason)) => {
                    tracing::error!(request, reason, table, "a history is out of order: the request is left out");
                }
                Err(StoreFailure::Newer) => {
                    tracing::warn!(request, table, "a later version stored the request: it is left out");
                }
                worked => drop(worked?),
            }
        }
        transaction.commit()?;
    }
}

fn count(connection: &Connection, request: &Id) -> Result<(), StoreFailure> {
    statistics::count_all(connection, &read_events(connection, None, request, 0)?)
}

fn add_line(connection: &Connection, id: &Id, read_draft: ReadDraft) -> Result<(), StoreFailure> {
    let events = read_events(connection, None, id, 0)?;
    let (Some(last), Some(sent)) = (events.last(), events.iter().rposition(|event| event.kind == Kind::Submitted))
    else {
        return Err(corrupt("a history"));
    };
    let before = History::of(&events[..sent]);
    let kept = kept_submission(connection, None, read_draft, id, before.last_submission() + 1)?
        .ok_or_else(|| corrupt("a submission"))?;
    let sent = Sent::of(&kept.draft, &before, kept.contacts_only, kept.at);
    let news = News {
        to_team: unread_by(connection, id, &events, Side::Examiner)?,
        to_applicant: unread_by(connection, id, &events, Side::Applicant)?,
    };
    let at: Timestamp = last.at.parse().map_err(|_| corrupt("a time"))?;
    let history = History::of(&events);
    habilitations::follow(connection, id, &history)?;
    refresh(connection, id, &history, Some(&sent), news, (at, paris_day(at)))
}

fn unread_by(connection: &Connection, request: &Id, events: &[Event], side: Side) -> Result<u32, StoreFailure> {
    let sql = "SELECT coalesce(max(seq), 0) FROM reads WHERE request = ?1 AND side = ?2";
    let seen = connection.prepare_cached(sql)?.query_row(params![request.as_str(), side.as_str()], |row| row.get(0))?;
    Ok(unread(events, seen, side))
}
