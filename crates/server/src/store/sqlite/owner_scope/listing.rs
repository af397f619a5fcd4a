//! List of an owner's requests.

use habilitation_model::normalize::normalized;
use habilitation_model::wire::RequestSummary;
use habilitation_model::{ClosedList, Date};
use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};

use super::{OwnerScope, identifier, state};
use crate::clock::rfc3339;
use crate::store::sqlite::values::{SHOWN_MAX, milliseconds, time};
use crate::store::{Filter, Page, Position, StoreFailure};

impl OwnerScope<'_> {
    pub(in crate::store::sqlite) fn list(&self, filter: &Filter, today: Date) -> Result<Page, StoreFailure> {
        let (sql, values) = statement(self.owner(), self.portal(), filter);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(summary(row)?);
        }
        let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        let more = found.len() > limit;
        found.truncate(limit);
        for (summary, _) in &mut found {
            self.follow_in_list(summary, today)?;
        }
        let last = found.last().filter(|_| more);
        let next = last.map(|(summary, updated_at)| Position { updated_at: *updated_at, id: summary.id.clone() });
        Ok(Page { requests: found.into_iter().map(|(summary, _)| summary).collect(), next })
    }
}

/// Returns the statement of one page and its parameters. It walks an index in the order of the list from the beginning of the page
/// to its end, so that other pages cost nothing. Words are searched along the way, among the owner's requests.
fn statement(owner: &str, portal: Option<&str>, filter: &Filter) -> (String, Vec<Value>) {
    // Earlier releases kept names of any length.
    let mut sql = format!(
        "SELECT id, number, state, substr(name, 1, {SHOWN_MAX}) AS name, substr(organisation, 1, {SHOWN_MAX}) AS organisation,
                revision, updated_at, errors
         FROM requests WHERE owner = ?1"
    );
    let mut values = vec![Value::from(owner.to_owned())];
    let mut bind = |value: Value| {
        values.push(value);
        values.len()
    };
    if let Some(portal) = portal {
        sql += &format!(" AND portal = ?{}", bind(portal.to_owned().into()));
    }
    if let Some(state) = filter.state {
        // Those of one portal are few: their own index is walked whatever their state, which the plus sign is for.
        let column = if portal.is_some() { "+state" } else { "state" };
        sql += &format!(" AND {column} = ?{}", bind(state.as_str().to_owned().into()));
    }
    if filter.state.is_none() {
        // What is archived is told when it is asked for. The plus sign keeps the order's own index.
        sql += " AND +state <> 'archived'";
    }
    if let Some(after) = &filter.after {
        let (time, id) = (bind(milliseconds(after.updated_at).into()), bind(after.id.to_string().into()));
        sql += &format!(" AND (updated_at, id) < (?{time}, ?{id})");
    }
    let words = normalized(filter.words.trim());
    if !words.is_empty() {
        sql += &format!(" AND instr(search, ?{}) > 0", bind(words.into()));
    }
    // One more than asked for tells whether more follow.
    sql += &format!(" ORDER BY updated_at DESC, id DESC LIMIT ?{}", bind((i64::from(filter.limit) + 1).into()));
    (sql, values)
}

fn summary(row: &Row<'_>) -> Result<(RequestSummary, Timestamp), StoreFailure> {
    let updated_at = time(row.get("updated_at")?)?;
    let summary = RequestSummary {
        number: row.get("number")?,
        state: state(row)?,
        name: row.get("name")?,
        organisation: row.get("organisation")?,
        revision: row.get("revision")?,
        updated_at: rfc3339(updated_at),
        errors: row.get("errors")?,
        ..RequestSummary::begun(identifier(row)?)
    };
    Ok((summary, updated_at))
}

#[cfg(test)]
mod tests {
    use habilitation_model::Id;
    use habilitation_model::wire::State;
    use rusqlite::Connection;

    use super::*;
    use crate::store::sqlite::MIGRATIONS;

    #[test]
    fn whatever_is_asked_an_index_gives_the_order_and_the_position() {
        let mut connection = Connection::open_in_memory().unwrap();
        MIGRATIONS.to_latest(&mut connection).unwrap();
        let position = Position { updated_at: Timestamp::UNIX_EPOCH, id: Id::new(0, [0; 10]) };
        let portal = Some("https://portail.example");
        for (portal, state) in [(None, None), (None, Some(State::Draft)), (portal, None), (portal, Some(State::Draft))]
        {
            for after in [None, Some(position.clone())] {
                for words in ["", "guichet"] {
                    let filter = Filter { state, after: after.clone(), words: words.to_owned(), limit: 20 };
                    let (sql, values) = statement("alice", portal, &filter);
                    let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
                    let steps = plan.query_map(params_from_iter(values), |row| row.get::<_, String>("detail")).unwrap();
                    let steps: Vec<String> = steps.map(Result::unwrap).collect();
                    let (index, narrowed) = match (portal, state) {
                        (Some(_), _) => ("requests_of_portal_in_order", " AND portal=?"),
                        (None, Some(_)) => ("requests_of_state_in_order", " AND state=?"),
                        (None, None) => ("requests_in_order", ""),
                    };
                    let from_position = if after.is_some() { " AND (updated_at,id)<(?,?)" } else { "" };
                    let walk = format!("SEARCH requests USING INDEX {index} (owner=?{narrowed}{from_position})");
                    assert_eq!(steps, [walk], "{filter:?}");
                }
            }
        }
    }
}
