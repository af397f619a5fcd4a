//! Conversions between values and columns.

use habilitation_model::Text;
use habilitation_model::wire::EARLIER_MAX;
use jiff::Timestamp;
use rusqlite::Connection;

use crate::store::StoreFailure;

/// Length of the column `earlier`: at most `EARLIER_MAX` times, each of 13 digits and a space.
pub(super) const EARLIER_LENGTH: usize = EARLIER_MAX * 14;

/// Most characters of a text that lists show and search.
pub(super) const SHOWN_MAX: usize = 200;

/// Returns the text that lists show of what was typed into one line.
pub(super) fn shown_line(typed: &Text) -> String {
    let mut text = typed.line();
    if let Some((end, _)) = text.char_indices().nth(SHOWN_MAX) {
        text.truncate(end);
    }
    text
}

/// Converts a time to a column.
pub(super) fn milliseconds(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// Converts a column to a time.
pub(super) fn time(milliseconds: i64) -> Result<Timestamp, StoreFailure> {
    Timestamp::from_millisecond(milliseconds).map_err(|_| corrupt("a time"))
}

/// Converts a value to JSON for a column.
pub(super) fn json(value: &impl serde::Serialize) -> Result<String, StoreFailure> {
    serde_json::to_string(value).map_err(|_| StoreFailure::Broken("a value has no JSON form".to_owned()))
}

/// Converts a JSON column to a value. The error does not repeat the text, which may hold anything that a person typed.
pub(super) fn from_json<T: serde::de::DeserializeOwned>(text: &str, what: &str) -> Result<T, StoreFailure> {
    serde_json::from_str(text).map_err(|_| corrupt(what))
}

pub(super) fn corrupt(what: &str) -> StoreFailure {
    StoreFailure::Broken(format!("{what} in the tables cannot be read"))
}

/// Runs a statement and returns the number of changed rows.
pub(super) fn changed(
    connection: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
) -> Result<usize, StoreFailure> {
    Ok(connection.prepare_cached(sql)?.execute(parameters)?)
}

/// Does a part of the work of a transaction, which is undone alone if it fails.
pub(super) fn apart<T>(
    connection: &Connection,
    work: impl FnOnce() -> Result<T, StoreFailure>,
) -> Result<T, StoreFailure> {
    connection.execute_batch("SAVEPOINT apart")?;
    let done = work();
    connection.execute_batch(if done.is_ok() { "RELEASE apart" } else { "ROLLBACK TO apart; RELEASE apart" })?;
    done
}
