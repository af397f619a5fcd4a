//! Rows of statistics: the figures of all histories, to which each event adds its own as it is written. No person is in them.

#[cfg(test)]
mod tests;

use habilitation_model::lifecycle::Event;
use habilitation_model::lifecycle::tally::{Figure, Measure, Tally};
use habilitation_model::month::Month;
use habilitation_model::statistics::{DayCounts, MonthlyCounts, Period, first_public_day, public};
use habilitation_model::wire::{Backlog, PublicStatistics, Statistics};
use habilitation_model::{ClosedList, Date};
use rusqlite::{Connection, OptionalExtension, params};

use super::values::{changed, corrupt, from_json, json};
use crate::store::StoreFailure;

/// Statement of the counts of a period.
const OF_PERIOD: &str = "SELECT month, measure, counts FROM statistics WHERE month >= ?1 AND month <= ?2";
/// Statement of the first month that has counts.
const SINCE: &str = "SELECT min(month) FROM statistics";
/// Statement of the counts of first answers from a day on.
const SINCE_DAY: &str = "SELECT counts FROM first_answers WHERE day >= ?1 AND day <= ?2";
/// Statement of the number of requests to examine.
const WAITING: &str = "SELECT coalesce(sum(n), 0) FROM queue_counts
                       WHERE state = 'submitted' AND due_on = '*' AND examiner = '*'";
/// Statement of the number of requests to examine whose day is before another one.
const OVERDUE: &str = "SELECT coalesce(sum(n), 0) FROM queue_counts
                       WHERE state = 'submitted' AND due_on > '*' AND due_on < '*' || ?1";

/// Counts an event that is added to a history.
pub(super) fn count(connection: &Connection, history: &[Event], event: &Event) -> Result<(), StoreFailure> {
    for figure in Tally::of(history).add(event) {
        add(connection, &figure)?;
    }
    Ok(())
}

/// Counts a whole history.
pub(super) fn count_all(connection: &Connection, history: &[Event]) -> Result<(), StoreFailure> {
    let mut tally = Tally::default();
    for figure in history.iter().flat_map(|event| tally.add(event)) {
        add(connection, &figure)?;
    }
    Ok(())
}

fn add(connection: &Connection, figure: &Figure) -> Result<(), StoreFailure> {
    let (month, measure) = (Month::of(figure.on).to_string(), figure.measure.as_str());
    let known = "SELECT counts FROM statistics WHERE month = ?1 AND measure = ?2";
    let counts = connection.prepare_cached(known)?.query_row([&month, measure], |row| row.get(0)).optional()?;
    let sql = "INSERT OR REPLACE INTO statistics (month, measure, counts) VALUES (?1, ?2, ?3)";
    changed(connection, sql, params![month, measure, with(counts, figure.days)?])?;
    if figure.measure == Measure::FirstAnswer {
        let day = figure.on.to_string();
        let known = "SELECT counts FROM first_answers WHERE day = ?1";
        let counts = connection.prepare_cached(known)?.query_row([&day], |row| row.get(0)).optional()?;
        let sql = "INSERT OR REPLACE INTO first_answers (day, counts) VALUES (?1, ?2)";
        changed(connection, sql, params![day, with(counts, figure.days)?])?;
    }
    Ok(())
}

/// Returns counts as a column keeps them, with one more case.
fn with(kept: Option<String>, days: u32) -> Result<String, StoreFailure> {
    let mut counts = kept.map_or_else(|| Ok(DayCounts::default()), |kept| read(&kept))?;
    counts.add(days);
    json(&counts.as_slice())
}

fn read(kept: &str) -> Result<DayCounts, StoreFailure> {
    Ok(DayCounts::new(from_json(kept, "counts")?))
}

fn read_month(kept: &str) -> Result<Month, StoreFailure> {
    Month::parse(kept).ok_or_else(|| corrupt("a month"))
}

/// Returns the statistics of a period, and what waits today.
pub(super) fn told(connection: &Connection, period: Period, today: Date) -> Result<Statistics, StoreFailure> {
    let mut counts = MonthlyCounts::default();
    let mut statement = connection.prepare_cached(OF_PERIOD)?;
    let mut rows = statement.query([period.from.to_string(), period.to.to_string()])?;
    while let Some(row) = rows.next()? {
        let (month, measure): (String, String) = (row.get(0)?, row.get(1)?);
        let month = read_month(&month)?;
        // A later release may count more.
        let Some(measure) = Measure::parse(&measure) else { continue };
        counts.put(month, measure, read(row.get_ref(2)?.as_str().map_err(|_| corrupt("counts"))?)?);
    }
    let since: Option<String> = connection.prepare_cached(SINCE)?.query_row([], |row| row.get(0))?;
    let since = since.map(|month| read_month(&month)).transpose()?;
    let waiting = connection.prepare_cached(WAITING)?.query_row([], |row| row.get(0))?;
    let overdue = connection.prepare_cached(OVERDUE)?.query_row([today.to_string()], |row| row.get(0))?;
    Ok(counts.told(period, since, Backlog { waiting, overdue }))
}

/// Returns the statistics that everybody is told on a day.
pub(super) fn told_to_everybody(connection: &Connection, today: Date) -> Result<PublicStatistics, StoreFailure> {
    let mut all = DayCounts::default();
    let mut statement = connection.prepare_cached(SINCE_DAY)?;
    let mut rows = statement.query([first_public_day(today).to_string(), today.to_string()])?;
    while let Some(row) = rows.next()? {
        all.merge(&read(row.get_ref(0)?.as_str().map_err(|_| corrupt("counts"))?)?);
    }
    Ok(public(&all))
}
