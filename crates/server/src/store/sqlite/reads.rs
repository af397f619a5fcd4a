//! Reading of histories by both sides: up to which event, and since when.

use habilitation_model::lifecycle::event::unread;
use habilitation_model::lifecycle::{Event, Side};
use habilitation_model::{ClosedList, Id};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::history::read_events;
use super::queue;
use super::values::{changed, milliseconds, time};
use crate::clock::rfc3339;
use crate::store::{Look, StoreFailure};

/// Most people whose looks are told.
const LOOKS_MAX: u32 = 20;

/// Returns the rank of the last event of a request that a person has seen; 0 before the first.
pub(super) fn seen(connection: &Connection, request: &Id, person: &str) -> Result<u64, StoreFailure> {
    let sql = "SELECT seq FROM seen WHERE request = ?1 AND person = ?2";
    let parameters = params![request.as_str(), person];
    let seq = connection.prepare_cached(sql)?.query_row(parameters, |row| row.get(0)).optional()?;
    Ok(seq.unwrap_or_default())
}

/// Returns the rank of the last event of a request; 0 before the first.
pub(super) fn last_event(connection: &Connection, request: &Id) -> Result<u64, StoreFailure> {
    let sql = "SELECT coalesce(max(seq), 0) FROM events WHERE request = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([request.as_str()], |row| row.get(0))?)
}

/// Notes that a person has looked at the history of a request, and has seen it up to a rank. It never goes back, nor past the last
/// event. Whoever reads for a side has read for all of it.
pub(super) fn see(
    connection: &Connection,
    request: &Id,
    person: &str,
    side: Option<Side>,
    seq: u64,
    at: Timestamp,
) -> Result<(), StoreFailure> {
    let seq = seq.min(last_event(connection, request)?);
    let before = seen(connection, request, person)?;
    let sql = "INSERT INTO seen (request, person, seq, at, looked_at) VALUES (?1, ?2, ?3, ?4, ?4)
               ON CONFLICT (request, person) DO UPDATE SET
                   at = iif(excluded.seq > seq, excluded.at, at), seq = max(seq, excluded.seq), looked_at = excluded.looked_at";
    changed(connection, sql, params![request.as_str(), person, seq, milliseconds(at)])?;
    let Some(side) = side else { return Ok(()) };
    let sql = "INSERT INTO reads (request, side, seq, at)
               SELECT ?1, ?2, ?3, ?4
               WHERE ?3 > (SELECT coalesce(max(seq), 0) FROM reads WHERE request = ?1 AND side = ?2)";
    let is_further = changed(connection, sql, params![request.as_str(), side.as_str(), seq, milliseconds(at)])? > 0;
    // A new owner may have read less than the one before.
    if is_further || (side == Side::Applicant && seq > before) {
        let later = read_events(connection, None, request, seq)?;
        queue::set_unread(connection, request, side, unread(&later, seq, side))?;
    }
    Ok(())
}

/// Returns the last look at a request of each person, the last one first. One person is left out, and so are those who take part in it.
pub(super) fn looks(connection: &Connection, request: &Id, but: &str) -> Result<Vec<Look>, StoreFailure> {
    let sql = "SELECT person, looked_at FROM seen WHERE request = ?1 AND person <> ?2
                   AND person NOT IN (SELECT owner FROM requests WHERE id = ?1 UNION ALL
                                      SELECT person FROM participants WHERE request = ?1)
               ORDER BY looked_at DESC LIMIT ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![request.as_str(), but, LOOKS_MAX])?;
    let mut looks = Vec::new();
    while let Some(row) = rows.next()? {
        looks.push(Look { person: row.get("person")?, at: time(row.get("looked_at")?)? });
    }
    Ok(looks)
}

/// Tells each event that a person made so.
pub(super) fn tell_own(
    connection: &Connection,
    request: &Id,
    person: &str,
    events: &mut [Event],
) -> Result<(), StoreFailure> {
    let sql = "SELECT seq FROM events WHERE request = ?1 AND person = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![request.as_str(), person], |row| row.get(0))?;
    let own: Vec<u64> = rows.collect::<Result<_, _>>()?;
    for event in events {
        event.yours = own.contains(&event.seq);
    }
    Ok(())
}

/// Tells each event that one side made for the other when it was read there.
pub(super) fn tell_reads(connection: &Connection, request: &Id, events: &mut [Event]) -> Result<(), StoreFailure> {
    for (made_by, read_by) in [(Side::Applicant, Side::Examiner), (Side::Examiner, Side::Applicant)] {
        let sql = "SELECT seq, at FROM reads WHERE request = ?1 AND side = ?2";
        let mut statement = connection.prepare_cached(sql)?;
        let rows =
            statement.query_map(params![request.as_str(), read_by.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let reads: Vec<(u64, i64)> = rows.collect::<Result<_, _>>()?;
        for event in events.iter_mut().filter(|event| event.by.side == made_by && event.is_news_to(read_by)) {
            let first = reads.iter().filter(|(seq, _)| *seq >= event.seq).map(|(_, at)| *at).min();
            event.read_at = first.map(|at| time(at).map(rfc3339)).transpose()?;
        }
    }
    Ok(())
}
