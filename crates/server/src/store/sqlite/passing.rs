//! Acts of the clock, whoever owns the requests: what follows from days that pass, and what is told of it.

use habilitation_model::lifecycle::deadline::{Keeping, due_event};
use habilitation_model::lifecycle::keeping::{
    DueToday, EVENTS_AT_ONCE, FOREWARNED_DAYS, Loss, Prospect, due, is_draft_forgotten,
};
use habilitation_model::lifecycle::{By, Event, History, Mail, Recipient, Stamp};
use habilitation_model::{ClosedList, Date, Id};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, named_params, params};

use super::history::{NewEvent, event_id, insert_event, read_events};
use super::{erasing, forewarnings, queue};
use crate::clock::{months_before, paris_day, rfc3339};
use crate::store::sqlite::values::{EARLIER_LENGTH, apart, changed, corrupt, milliseconds, time};
use crate::store::{Passed, StoreFailure};

/// Most requests that one transaction looks at: saves wait no longer than that takes.
const BATCH_SIZE: u32 = 100;

/// Part of the requests that was looked at.
pub(super) struct Part {
    /// Numbers of all that was done there.
    pub(super) passed: Passed,
    /// Identifier of the last request of the part; none where no request is left.
    pub(super) last: Option<String>,
}

/// Makes all acts that are due on the requests that were sent, of those that come after an identifier.
pub(super) fn pass_batch(
    connection: &Connection,
    after: &str,
    keeping: Keeping,
    at: Timestamp,
) -> Result<Part, StoreFailure> {
    // An archived request was over after it was sent: until then nothing becomes of it.
    let near = SignedDuration::from_hours(24 * i64::from(FOREWARNED_DAYS + 1));
    let sent_before = months_before(at, keeping.archived_months.into()).saturating_add(near).unwrap_or(at);
    let sql = "SELECT id, number, updated_at FROM requests
               WHERE number IS NOT NULL AND state <> 'accepted' AND (state <> 'archived' OR submitted_at <= ?3) AND id > ?1
               ORDER BY id LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let parameters = params![after, BATCH_SIZE, milliseconds(sent_before)];
    let rows = statement.query_map(parameters, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let rows: Vec<(String, String, i64)> = rows.collect::<Result<_, _>>()?;
    let mut part = Part { passed: Passed::default(), last: rows.last().map(|(id, ..)| id.clone()) };
    for (id, number, updated_at) in rows {
        let id = Id::parse(&id).map_err(|_| corrupt("an identifier"))?;
        // One history that cannot be read keeps no other from its days.
        let touched_on = paris_day(time(updated_at)?);
        match apart(connection, || pass(connection, &id, &number, touched_on, keeping, at)) {
            Err(StoreFailure::Broken(reason)) => {
                tracing::error!(request = id.as_str(), reason, "a history is out of order");
            }
            passed => part.passed.add(passed?),
        }
    }
    Ok(part)
}

/// Makes all acts that are due on one request: after one, another one may be due.
fn pass(
    connection: &Connection,
    id: &Id,
    number: &str,
    mut touched_on: Date,
    keeping: Keeping,
    at: Timestamp,
) -> Result<Passed, StoreFailure> {
    let today = paris_day(at);
    let mut history = History::of(&read_events(connection, None, id, 0)?);
    let mut passed = Passed::default();
    while passed.events < EVENTS_AT_ONCE.into() {
        let forewarned = forewarnings::last(connection, id, Mail::Erasure)?;
        let DueToday { told, lost, act } = due(&history, touched_on, forewarned, today, keeping);
        if lost == Some(Loss::Erasure) {
            return Ok(Passed { erased: 1, files: erasing::erase(connection, id, at)?, ..passed });
        }
        if let Some(prospect) = told {
            forewarnings::tell(connection, id, (Mail::Erasure, Recipient::Applicant), prospect.on, at)?;
            passed.told += 1;
        }
        let seq = history.last_event + 1;
        let stamp = Stamp { id: event_id(id, seq, at), at: rfc3339(at), on: today, by: By::clock() };
        let Some(event) = due_event(&history, number, act, stamp).map_err(|_| corrupt("a history"))? else {
            if history.answer_by.is_some_and(|day| day <= today) {
                queue::go_on(connection, id, today)?;
            }
            break;
        };
        if event.kind.moves_state() {
            touched_on = today;
        }
        make(connection, id, &event, &mut history, at)?;
        passed.events += 1;
    }
    Ok(passed)
}

/// Adds an event of the clock to the history of a request, with the state to which it leads.
fn make(
    connection: &Connection,
    id: &Id,
    event: &Event,
    history: &mut History,
    at: Timestamp,
) -> Result<(), StoreFailure> {
    history.add(event);
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
    insert_event(connection, None, id, &NewEvent { event, history, maker: None, sent: None, at })
}

/// Tells the owners of drafts that never were sent what becomes of them, of those that come after an identifier. Whoever has no
/// address is told nothing.
pub(super) fn tell_of_drafts(
    connection: &Connection,
    after: &str,
    keeping: Keeping,
    at: Timestamp,
) -> Result<Part, StoreFailure> {
    // A day less: the days of Paris are not those of UTC.
    let near = 28 * i64::from(keeping.draft_months) - i64::from(FOREWARNED_DAYS);
    let days = i64::from(keeping.draft_reminder_days).min(near) - 1;
    let touched_before = at.saturating_sub(SignedDuration::from_hours(24 * days.max(0))).unwrap_or(at);
    let sql = "SELECT id, updated_at FROM requests JOIN people ON person = owner AND email <> ''
               WHERE state = 'draft' AND number IS NULL AND updated_at <= ?1 AND id > ?2 ORDER BY id LIMIT ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let parameters = params![milliseconds(touched_before), after, BATCH_SIZE];
    let rows = statement.query_map(parameters, |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows: Vec<(String, i64)> = rows.collect::<Result<_, _>>()?;
    let mut part = Part { passed: Passed::default(), last: rows.last().map(|(id, _)| id.clone()) };
    let today = paris_day(at);
    for (id, updated_at) in rows {
        let id = Id::parse(&id).map_err(|_| corrupt("an identifier"))?;
        let touched_on = paris_day(time(updated_at)?);
        let prospect = Prospect::of_draft(touched_on, keeping);
        let mail = if prospect.is_to_be_told(today, forewarnings::last(connection, &id, Mail::Erasure)?) {
            Mail::Erasure
        } else if is_draft_forgotten(touched_on, today, keeping)
            && forewarnings::last(connection, &id, Mail::DraftReminder)?.is_none()
        {
            Mail::DraftReminder
        } else {
            continue;
        };
        forewarnings::tell(connection, &id, (mail, Recipient::Owner), prospect.on, at)?;
        part.passed.told += 1;
    }
    Ok(part)
}
