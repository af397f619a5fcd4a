//! Rows of habilitations, which follow from histories, and the public list of those in force.

use habilitation_model::lifecycle::act::habilitation_number;
use habilitation_model::lifecycle::{Acceptance, AcceptanceState, History};
use habilitation_model::normalize::normalized;
use habilitation_model::wire::PublicHabilitation;
use habilitation_model::{ClosedList, Date, Id, Scope};
use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, named_params, params, params_from_iter};

use super::search::{FOUND_MAX, Search};
use super::values::{changed, corrupt, from_json, milliseconds, time};
use crate::store::{PublicFilter, PublicPage, PublicPosition, StoreFailure};

/// Brings the habilitations of a request up to its history.
pub(super) fn follow(connection: &Connection, request: &Id, history: &History) -> Result<(), StoreFailure> {
    for acceptance in &history.acceptances {
        let (state, ended_on) = match acceptance.state {
            AcceptanceState::Active => ("active", None),
            AcceptanceState::Replaced(on) => ("replaced", Some(on)),
            AcceptanceState::Revoked(on) => ("revoked", Some(on)),
        };
        add(connection, request, acceptance)?;
        let sql = "UPDATE habilitations SET state = ?3, ended_on = ?4
                   WHERE request = ?1 AND rank = ?2 AND state <> ?3";
        let ended_on = ended_on.map(|day| day.to_string());
        changed(connection, sql, params![request.as_str(), acceptance.rank, state, ended_on])?;
    }
    Ok(())
}

/// Adds the habilitation of an acceptance, unless it is there.
fn add(connection: &Connection, request: &Id, acceptance: &Acceptance) -> Result<(), StoreFailure> {
    let is_there = "SELECT 1 FROM habilitations WHERE request = ?1 AND rank = ?2";
    if connection.prepare_cached(is_there)?.exists(params![request.as_str(), acceptance.rank])? {
        return Ok(());
    }
    let sql = "SELECT number, request_json ->> '$.organisation.siret', request_json ->> '$.organisation.name',
                      request_json ->> '$.project.name'
               FROM submissions JOIN requests ON requests.id = submissions.request WHERE request = ?1 AND n = ?2";
    let parameters = params![request.as_str(), acceptance.submission];
    let found: Option<[String; 4]> = connection
        .prepare_cached(sql)?
        .query_row(parameters, |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))
        .optional()?;
    let [number, siret, organisation, name] = found.ok_or_else(|| corrupt("a submission"))?;
    let number = habilitation_number(&number, acceptance.rank);
    let accepted_at: Timestamp = acceptance.at.parse().map_err(|_| corrupt("a time"))?;
    changed(
        connection,
        "INSERT INTO habilitations (number, request, rank, submission, state, accepted_at, accepted_on, siret, organisation,
                                    organisation_kind, name, level, scopes, basis, url, words)
         SELECT :number, request, :rank, n, 'active', :accepted_at, :accepted_on, :siret, :organisation,
                request_json ->> '$.organisation.kind', :name, request_json ->> '$.assurance.level',
                request_json -> '$.data.scopes', request_json ->> '$.legal.basis', request_json ->> '$.legal.url', :words
         FROM submissions WHERE request = :request AND n = :submission",
        named_params! {
            ":request": request.as_str(), ":submission": acceptance.submission, ":number": number,
            ":rank": acceptance.rank, ":accepted_at": milliseconds(accepted_at),
            ":accepted_on": acceptance.on.to_string(), ":siret": siret, ":organisation": organisation, ":name": name,
            ":words": normalized(&[name.as_str(), &organisation, &siret, &number].join("\n")),
        },
    )?;
    Ok(())
}

/// Returns a page of the habilitations in force, the last accepted first.
pub(super) fn list(connection: &Connection, filter: &PublicFilter) -> Result<PublicPage, StoreFailure> {
    let Some((sql, values)) = statement(filter) else { return Ok(PublicPage::default()) };
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push((public(row)?, time(row.get("accepted_at")?)?));
    }
    let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
    let more = found.len() > limit;
    found.truncate(limit);
    let position =
        |(last, at): &(PublicHabilitation, Timestamp)| PublicPosition { accepted_at: *at, number: last.number.clone() };
    let next = found.last().filter(|_| more).map(position);
    Ok(PublicPage { habilitations: found.into_iter().map(|(public, _)| public).collect(), next })
}

/// Returns the statement of one page and its parameters; none where there is nothing to find in the words.
fn statement(filter: &PublicFilter) -> Option<(String, Vec<Value>)> {
    let mut values: Vec<Value> = Vec::new();
    let mut bind = |value: Value| {
        values.push(value);
        values.len()
    };
    let mut sql = "SELECT * FROM habilitations WHERE state = 'active'".to_owned();
    match Search::of(&filter.words) {
        Search::All => {}
        Search::Nothing => return None,
        Search::Number(number) => {
            // Whatever its rank.
            let (first, last) = (bind(format!("{number}-").into()), bind(format!("{number}.").into()));
            sql += &format!(" AND number >= ?{first} AND number < ?{last}");
        }
        Search::Words(expression) => {
            sql += &format!(
                " AND place IN (SELECT rowid FROM habilitation_words WHERE habilitation_words MATCH ?{}
                                ORDER BY rowid DESC LIMIT {FOUND_MAX})",
                bind(expression.into())
            );
        }
    }
    if let Some(PublicPosition { accepted_at, number }) = &filter.after {
        let (at, number) = (bind(milliseconds(*accepted_at).into()), bind(number.clone().into()));
        sql += &format!(" AND (accepted_at, number) < (?{at}, ?{number})");
    }
    // One more than asked for tells whether more follow.
    let limit = bind((i64::from(filter.limit) + 1).into());
    sql += &format!(" ORDER BY accepted_at DESC, number DESC LIMIT ?{limit}");
    Some((sql, values))
}

fn public(row: &Row<'_>) -> Result<PublicHabilitation, StoreFailure> {
    let text = |column| -> Result<String, StoreFailure> { Ok(row.get(column)?) };
    let scopes: Vec<String> = from_json(&text("scopes")?, "scopes")?;
    let scopes = scopes.iter().map(|scope| Scope::parse(scope).ok_or_else(|| corrupt("a scope")));
    Ok(PublicHabilitation {
        number: text("number")?,
        accepted_on: Date::parse(&text("accepted_on")?).map_err(|_| corrupt("a day"))?,
        siret: text("siret")?,
        organisation: text("organisation")?,
        organisation_kind: ClosedList::parse(&text("organisation_kind")?).ok_or_else(|| corrupt("a kind"))?,
        name: text("name")?,
        level: ClosedList::parse(&text("level")?).ok_or_else(|| corrupt("a level"))?,
        scopes: scopes.collect::<Result<_, _>>()?,
        basis: text("basis")?,
        url: row.get("url")?,
    })
}

/// Returns the number of changes of the list so far.
pub(super) fn version(connection: &Connection) -> Result<u64, StoreFailure> {
    Ok(connection.prepare_cached("SELECT n FROM public_changes")?.query_row([], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::MIGRATIONS;

    #[test]
    fn whatever_is_asked_the_list_is_walked_in_its_order_or_found_by_its_place() {
        let mut connection = Connection::open_in_memory().unwrap();
        MIGRATIONS.to_latest(&mut connection).unwrap();
        let position = PublicPosition { accepted_at: Timestamp::UNIX_EPOCH, number: "FC-2026-000001-1".to_owned() };
        for (words, after, expected) in [
            ("", None, "SCAN habilitations USING INDEX habilitations_in_force"),
            (
                "",
                Some(position.clone()),
                "SEARCH habilitations USING INDEX habilitations_in_force ((accepted_at,number)<(?,?))",
            ),
            ("guichet", None, "SEARCH habilitations USING INTEGER PRIMARY KEY (rowid=?)"),
            ("guichet", Some(position), "SEARCH habilitations USING INTEGER PRIMARY KEY (rowid=?)"),
            ("fc-2026-000001", None, "(number>? AND number<?)"),
        ] {
            let (sql, values) = statement(&PublicFilter { words: words.to_owned(), after, limit: 50 }).unwrap();
            let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let steps = plan.query_map(params_from_iter(values), |row| row.get::<_, String>("detail")).unwrap();
            let steps: Vec<String> = steps.map(Result::unwrap).collect();
            assert!(steps[0].ends_with(expected), "{expected}: {steps:#?}");
            let is_sorted = steps.iter().any(|step| step.contains("TEMP B-TREE"));
            assert_eq!(is_sorted, !words.is_empty(), "{steps:#?}");
        }
    }
}
