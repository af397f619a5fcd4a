//! The list of one's requests.

use habilitation_model::ClosedList;
use habilitation_model::wire::RequestSummary;
use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};

use super::{Mine, identifier, state};
use crate::clock::rfc3339;
use crate::search::folded;
use crate::store::sqlite::{milliseconds, time};
use crate::store::{Failure, Filter, Page, Place};

impl Mine<'_> {
    pub(in crate::store::sqlite) fn list(&self, filter: &Filter) -> Result<Page, Failure> {
        let mut sql = "SELECT id, number, state, name, organisation, revision, updated_at, errors
                       FROM requests WHERE owner = ?1"
            .to_owned();
        let mut values = vec![Value::from(self.owner().to_owned())];
        let mut place = |value: Value| {
            values.push(value);
            values.len()
        };
        if let Some(state) = filter.state {
            sql += &format!(" AND state = ?{}", place(state.as_str().to_owned().into()));
        }
        if let Some(after) = &filter.after {
            let (time, id) = (place(milliseconds(after.updated_at).into()), place(after.id.to_string().into()));
            sql += &format!(" AND (updated_at, id) < (?{time}, ?{id})");
        }
        let words = folded(filter.words.trim());
        if !words.is_empty() {
            sql += &format!(" AND instr(search, ?{}) > 0", place(words.into()));
        }
        // One more than asked for tells whether more follow.
        sql += &format!(" ORDER BY updated_at DESC, id DESC LIMIT ?{}", place((i64::from(filter.limit) + 1).into()));
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(summary(row)?);
        }
        let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        let more = found.len() > limit;
        found.truncate(limit);
        let last = found.last().filter(|_| more);
        let next = last.map(|(summary, updated_at)| Place { updated_at: *updated_at, id: summary.id.clone() });
        Ok(Page { requests: found.into_iter().map(|(summary, _)| summary).collect(), next })
    }
}

fn summary(row: &Row<'_>) -> Result<(RequestSummary, Timestamp), Failure> {
    let updated_at = time(row.get("updated_at")?)?;
    let summary = RequestSummary {
        id: identifier(row)?,
        number: row.get("number")?,
        state: state(row)?,
        name: row.get("name")?,
        organisation: row.get("organisation")?,
        revision: row.get("revision")?,
        updated_at: rfc3339(updated_at),
        errors: row.get("errors")?,
    };
    Ok((summary, updated_at))
}
