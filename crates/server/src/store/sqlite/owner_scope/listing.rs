//! List of the requests that a person owns or takes part in.

use habilitation_model::lifecycle::Part;
use habilitation_model::normalize::normalized;
use habilitation_model::wire::{RequestSummary, State};
use habilitation_model::{ClosedList, Date, Id};
use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};

use super::{OwnerScope, identifier, state};
use crate::clock::rfc3339;
use crate::portal::Portal;
use crate::store::sqlite::access::is_elsewhere;
use crate::store::sqlite::values::{SHOWN_MAX, corrupt, milliseconds, time};
use crate::store::{Filter, Owner, Page, Position, ReadDraft, StoreFailure};

impl OwnerScope<'_> {
    /// Returns a page of the requests that a person owns or takes part in. Each kind is walked in the order of the list, and both are
    /// merged.
    pub(in crate::store::sqlite) fn list(
        connection: &Connection,
        who: &Owner,
        read_draft: ReadDraft,
        filter: &Filter,
        today: Date,
    ) -> Result<Page, StoreFailure> {
        let mut found = Vec::new();
        for (sql, values) in std::iter::once(owned(who, filter)).chain(shared(who, filter)) {
            let mut statement = connection.prepare_cached(&sql)?;
            let mut rows = statement.query(params_from_iter(values))?;
            while let Some(row) = rows.next()? {
                found.push(Line::read(row)?);
            }
        }
        found.sort_by(|one, other| {
            let key = |line: &Line| (line.updated_at, line.summary.id.clone());
            key(other).cmp(&key(one))
        });
        let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        let more = found.len() > limit;
        found.truncate(limit);
        for Line { summary, owner, part, own_siren, .. } in &mut found {
            let siren = match part {
                Part::Owner => siren_of(connection, &summary.id)?,
                _ => own_siren.take(),
            };
            let (owner, is_elsewhere) = (who.standing_for(owner.clone()), is_elsewhere(siren.as_deref(), who));
            let scope =
                OwnerScope { connection, owner: &owner, caller: who.person(), part: *part, is_elsewhere, read_draft };
            scope.follow_in_list(summary, today)?;
        }
        let last = found.last().filter(|_| more);
        let next = last.map(|line| Position { updated_at: line.updated_at, id: line.summary.id.clone() });
        Ok(Page { requests: found.into_iter().map(|line| line.summary).collect(), next })
    }
}

/// Statement of the organisation of a request, which it reads without the draft.
const SIREN: &str = "SELECT siren FROM requests INDEXED BY organisations_of_requests WHERE id = ?1";

fn siren_of(connection: &Connection, id: &Id) -> Result<Option<String>, StoreFailure> {
    Ok(connection.prepare_cached(SIREN)?.query_row([id.as_str()], |row| row.get(0))?)
}

/// Returns the columns of a line.
fn columns() -> String {
    // Earlier releases kept names of any length.
    format!(
        "requests.id, number, requests.state, substr(name, 1, {SHOWN_MAX}) AS name,
         substr(requests.organisation, 1, {SHOWN_MAX}) AS organisation, revision, requests.updated_at, errors, owner"
    )
}

/// Returns the statement of one page of a person's own requests, and its parameters. It walks an index in the order of the list from
/// the beginning of the page to its end, so that other pages cost nothing. Words are searched along the way.
fn owned(who: &Owner, filter: &Filter) -> (String, Vec<Value>) {
    let mut sql = format!("SELECT {}, 'owner' AS part, NULL AS own_siren FROM requests WHERE owner = ?1", columns());
    let mut values = vec![Value::from(who.person().to_owned())];
    let mut bind = |value: Value| {
        values.push(value);
        values.len()
    };
    let portal = who.portal().map(Portal::as_str);
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

/// Returns the statement of one page of the requests in which a person takes part, and its parameters. It walks an index likewise, which
/// holds what is asked for and nothing else. What is archived is its owner's alone.
fn shared(who: &Owner, filter: &Filter) -> Option<(String, Vec<Value>)> {
    let index = match (who.portal(), filter.state) {
        (_, Some(State::Archived)) => return None,
        (None, None) => "participations_in_order",
        (None, Some(_)) => "participations_of_state",
        (Some(_), None) => "participations_of_portal",
        (Some(_), Some(_)) => "participations_of_portal_and_state",
    };
    let mut sql = format!(
        "SELECT {}, part, participants.siren AS own_siren
         FROM participants INDEXED BY {index} CROSS JOIN requests ON requests.id = participants.request
         WHERE person = ?1 AND participants.state <> 'archived'",
        columns()
    );
    let mut values = vec![Value::from(who.person().to_owned())];
    let mut bind = |value: Value| {
        values.push(value);
        values.len()
    };
    if let Some(portal) = who.portal() {
        sql += &format!(" AND participants.portal = ?{}", bind(portal.as_str().to_owned().into()));
    }
    if let Some(state) = filter.state {
        sql += &format!(" AND participants.state = ?{}", bind(state.as_str().to_owned().into()));
    }
    if let Some(after) = &filter.after {
        let (time, id) = (bind(milliseconds(after.updated_at).into()), bind(after.id.to_string().into()));
        sql += &format!(" AND (participants.updated_at, participants.request) < (?{time}, ?{id})");
    }
    let words = normalized(filter.words.trim());
    if !words.is_empty() {
        sql += &format!(" AND instr(search, ?{}) > 0", bind(words.into()));
    }
    sql += &format!(
        " ORDER BY participants.updated_at DESC, participants.request DESC LIMIT ?{}",
        bind((i64::from(filter.limit) + 1).into())
    );
    Some((sql, values))
}

/// Line of the list.
struct Line {
    summary: RequestSummary,
    updated_at: Timestamp,
    owner: String,
    part: Part,
    /// Organisation for which the person takes part, where they do.
    own_siren: Option<String>,
}

impl Line {
    fn read(row: &Row<'_>) -> Result<Self, StoreFailure> {
        let updated_at = time(row.get("updated_at")?)?;
        let part: String = row.get("part")?;
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
        let part = Part::parse(&part).ok_or_else(|| corrupt("a part"))?;
        Ok(Self { summary, updated_at, owner: row.get("owner")?, part, own_siren: row.get("own_siren")? })
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;
    use crate::store::sqlite::MIGRATIONS;

    #[test]
    fn the_organisation_of_a_request_is_read_without_its_draft() {
        let mut connection = Connection::open_in_memory().unwrap();
        MIGRATIONS.to_latest(&mut connection).unwrap();
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {SIREN}")).unwrap();
        let step: String = plan.query_row(["x"], |row| row.get("detail")).unwrap();
        assert_eq!(step, "SEARCH requests USING COVERING INDEX organisations_of_requests (id=?)");
    }

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
                    let who = Owner { portal: portal.map(|portal| portal.parse().unwrap()), ..Owner::named("alice") };
                    let plan = |(sql, values): (String, Vec<Value>)| -> Vec<String> {
                        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
                        let steps = plan.query_map(params_from_iter(values), |row| row.get("detail")).unwrap();
                        steps.map(Result::unwrap).collect()
                    };
                    let steps = plan(owned(&who, &filter));
                    let (index, narrowed) = match (portal, state) {
                        (Some(_), _) => ("requests_of_portal_in_order", " AND portal=?"),
                        (None, Some(_)) => ("requests_of_state_in_order", " AND state=?"),
                        (None, None) => ("requests_in_order", ""),
                    };
                    let from_position = if after.is_some() { " AND (updated_at,id)<(?,?)" } else { "" };
                    let walk = format!("SEARCH requests USING INDEX {index} (owner=?{narrowed}{from_position})");
                    assert_eq!(steps, [walk], "{filter:?}");
                    let from_position = if after.is_some() { " AND (updated_at,request)<(?,?)" } else { "" };
                    let (index, narrowed) = match (portal, state) {
                        (Some(_), Some(_)) => ("participations_of_portal_and_state", " AND portal=? AND state=?"),
                        (Some(_), None) => ("participations_of_portal", " AND portal=?"),
                        (None, Some(_)) => ("participations_of_state", " AND state=?"),
                        (None, None) => ("participations_in_order", ""),
                    };
                    let walk = format!("SEARCH participants USING INDEX {index} (person=?{narrowed}{from_position})");
                    let whole = "SEARCH requests USING INDEX sqlite_autoindex_requests_1 (id=?)".to_owned();
                    assert_eq!(plan(shared(&who, &filter).unwrap()), [walk, whole], "{filter:?}");
                }
            }
        }
    }

    /// Returns the steps of the database for a page of five requests, beside so many that nobody asks for.
    fn steps(others: u32, portal: Option<&str>, state: Option<State>) -> i32 {
        let mut connection = Connection::open_in_memory().unwrap();
        MIGRATIONS.to_latest(&mut connection).unwrap();
        let other = match (portal, state) {
            (None, None) => "'archived', NULL",
            (None, Some(_)) => "'accepted', NULL",
            (Some(_), None) => "'draft', 'https://autre.example'",
            (Some(_), Some(_)) => "'accepted', 'https://portail.example'",
        };
        // Those that are asked for were touched before all others.
        for (count, columns, at) in [(5, "'draft', 'https://portail.example'", 0), (others, other, 1_000)] {
            connection
                .execute_batch(&format!(
                    "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})
                     INSERT INTO requests (id, owner, state, portal, schema, revision, created_at, updated_at, errors, name,
                         organisation, search, draft)
                     SELECT printf('%d-%d', {at}, n), 'bob', {columns}, 1, 1, 0, {at} + n, 0, '', '', '', '{{}}' FROM numbers;"
                ))
                .unwrap();
        }
        connection
            .execute_batch(
                "INSERT INTO participants (request, person, part, organisation, joined_at, updated_at, state, portal)
                 SELECT id, 'alice', 'reader', '', 0, updated_at, state, portal FROM requests",
            )
            .unwrap();
        let who = Owner { portal: portal.map(|portal| portal.parse().unwrap()), ..Owner::named("alice") };
        let (sql, values) = shared(&who, &Filter { state, limit: 20, ..Filter::default() }).unwrap();
        let mut statement = connection.prepare(&sql).unwrap();
        let mut rows = statement.query(params_from_iter(values)).unwrap();
        let mut found = 0;
        while rows.next().unwrap().is_some() {
            found += 1;
        }
        assert_eq!(found, 5, "{portal:?} {state:?}");
        drop(rows);
        statement.get_status(StatementStatus::VmStep)
    }

    #[test]
    fn what_is_not_asked_for_costs_nothing_however_much_of_it_there_is() {
        let portal = Some("https://portail.example");
        for (portal, state) in [(None, None), (None, Some(State::Draft)), (portal, None), (portal, Some(State::Draft))]
        {
            assert_eq!(steps(10_000, portal, state), steps(10, portal, state), "{portal:?} {state:?}");
        }
    }
}
