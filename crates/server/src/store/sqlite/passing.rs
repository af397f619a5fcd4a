//! Acts of the clock, whoever owns the requests: what follows from days that pass, and reminders of the legal clock.

use habilitation_model::lifecycle::deadline::{Keeping, due_event};
use habilitation_model::lifecycle::{By, History, Stamp};
use habilitation_model::{ClosedList, Id};
use jiff::Timestamp;
use rusqlite::{Connection, named_params, params};

use super::history::{NewEvent, event_id, insert_event, read_events};
use super::queue;
use crate::clock::{paris_day, rfc3339};
use crate::store::StoreFailure;
use crate::store::sqlite::values::{EARLIER_LENGTH, apart, changed, corrupt, milliseconds, time};

/// Most requests that one transaction looks at: saves wait no longer than that takes.
const BATCH_SIZE: u32 = 100;

/// Part of the requests that was looked at.
pub(super) struct Part {
    /// Events that were added.
    pub(super) events: u64,
    /// Identifier of the last request of the part; none where no request is left.
    pub(super) last: Option<String>,
}

/// Makes the events that are due on the requests that come after an identifier.
pub(super) fn pass_batch(
    connection: &Connection,
    after: &str,
    keeping: Keeping,
    at: Timestamp,
) -> Result<Part, StoreFailure> {
    let sql = "SELECT id, number, updated_at FROM requests
               WHERE number IS NOT NULL AND state NOT IN ('accepted', 'archived') AND id > ?1 ORDER BY id LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![after, BATCH_SIZE], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let rows: Vec<(String, String, i64)> = rows.collect::<Result<_, _>>()?;
    let mut part = Part { events: 0, last: rows.last().map(|(id, ..)| id.clone()) };
    for (id, number, updated_at) in rows {
        let id = Id::parse(&id).map_err(|_| corrupt("an identifier"))?;
        // One history that cannot be read keeps no other from its days.
        let updated_at = time(updated_at)?;
        match apart(connection, || pass(connection, &id, &number, updated_at, keeping, at)) {
            Err(StoreFailure::Broken(reason)) => {
                tracing::error!(request = id.as_str(), reason, "a history is out of order");
            }
            passed => part.events += passed?,
        }
    }
    Ok(part)
}

/// Makes the events that are due on one request, and returns their number.
fn pass(
    connection: &Connection,
    id: &Id,
    number: &str,
    updated_at: Timestamp,
    keeping: Keeping,
    at: Timestamp,
) -> Result<u64, StoreFailure> {
    let (today, touched_on) = (paris_day(at), paris_day(updated_at));
    let mut history = History::of(&read_events(connection, None, id, 0)?);
    let seq = history.last_event + 1;
    let stamp = Stamp { id: event_id(id, seq, at), at: rfc3339(at), on: today, by: By::clock() };
    let due = due_event(&history, number, touched_on, keeping, stamp).map_err(|_| corrupt("a history"))?;
    let Some(event) = due else {
        if history.answer_by.is_some_and(|day| day <= today) {
            queue::go_on(connection, id, today)?;
        }
        return Ok(0);
    };
    history.add(&event);
    if event.kind.moves_state() {
        let sql = "UPDATE requests
             SET state = :state, revision = revision + 1, updated_at = :at,
                 earlier = substr(updated_at || ' ' || earlier, 1, :earlier)
             WHERE id = :id";
        let parameters = named_params! {
            ":id": id.as_str(), ":state": history.state.as_str(), ":at": milliseconds(at), ":earlier": EARLIER_LENGTH,
        };
        changed(connection, sql, parameters)?;
    }
    insert_event(connection, None, id, &NewEvent { event: &event, history: &history, sent: None, at })?;
    Ok(1)
}
