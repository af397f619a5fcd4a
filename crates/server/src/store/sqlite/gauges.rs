//! Numbers that metrics tell. Each costs what it counts, and no more.

use jiff::Timestamp;
use rusqlite::Connection;

use super::values;
use crate::store::outbox::Channel;
use crate::store::{Gauges, StoreFailure};

pub(super) fn read(connection: &Connection, at: Timestamp) -> Result<Gauges, StoreFailure> {
    let sql = "SELECT count(*), min(due_at) FILTER (WHERE due_at <= ?2)
               FROM outbox WHERE state = 'waiting' AND channel = ?1";
    let mut waiting = connection.prepare_cached(sql)?;
    let outbox = [Channel::Mails, Channel::Notices].into_iter().map(|channel| {
        let (count, due_at): (u32, Option<i64>) =
            waiting.query_row((channel.as_str(), values::milliseconds(at)), |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok((channel.as_str(), count, due_at.map(values::time).transpose()?))
    });
    let outbox = outbox.collect::<Result<_, StoreFailure>>()?;
    let sessions = connection.query_row("SELECT count(*) FROM sessions", [], |row| row.get(0))?;
    Ok(Gauges { outbox, sessions })
}
