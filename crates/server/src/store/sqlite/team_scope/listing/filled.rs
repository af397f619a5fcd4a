//! Databases that are filled with many requests, and what a search tells of so many.

use std::collections::BTreeMap;
use std::path::Path;

use habilitation_model::lifecycle::State;
use habilitation_model::lifecycle::tally::Measure;
use habilitation_model::month::Month;
use habilitation_model::schema;
use habilitation_model::statistics::DayCounts;
use habilitation_model::wire::TeamRole;
use habilitation_model::{ClosedList, Date};
use rusqlite::Connection;

use super::super::TeamScope;
use crate::store::sqlite::search::FOUND_MAX;
use crate::store::sqlite::{MIGRATIONS, connections, queue};
use crate::store::{QueueFilter, QueuePage};
use crate::team::Member;

/// Fills a database with so many requests, of which one in ten is to be examined.
pub(super) fn fill(path: &Path, requests: u32) -> Connection {
    let mut connection = connections::open(path).unwrap();
    MIGRATIONS.to_latest(&mut connection).unwrap();
    let sql = format!(
        "BEGIN;
         INSERT INTO requests (id, owner, state, number, schema, revision, created_at, updated_at, errors, name,
                               organisation, search, draft)
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {requests})
             SELECT format('01932f5e-7a10-7000-8000-%012d', i), 'owner ' || (i / 10), 'submitted',
                    format('FC-2026-%06d', i), 1, 2, i, i, 0, '', '', '', printf('%4000s', '') FROM n;
         INSERT INTO queue (request, number, submission, submitted_at, kind, level, organisation_kind, name, organisation,
                            siret, siren, warnings, words)
             SELECT id, number, 1, updated_at * 1000, iif(i % 4 > 0, 'first', iif(i % 8 > 0, 'modification', 'contacts')),
                    'eidas' || (1 + i % 3), iif(i % 3 > 0, 'administration', 'company'), title, town, siret,
                    substr(siret, 1, 9), i % 3, lower(title || char(10) || town || char(10) || siret || char(10) || substr(siret, 1, 9) || char(10) || number)
             FROM (SELECT *, rowid AS i, 'Guichet n' || rowid AS title, 'Commune de Val' || (rowid % 35000) AS town,
                          format('%014d', 21990042000015 + rowid * 7919) AS siret FROM requests);
         UPDATE queue SET
             state = CASE place % 10 WHEN 0 THEN 'submitted' WHEN 1 THEN 'changes_requested' WHEN 2 THEN 'refused'
                                     WHEN 3 THEN 'archived' ELSE 'accepted' END,
             due_on = iif(place % 10 = 0, date('2027-01-01', (place / 10 % 60) || ' days'), '9999-12-31'),
             examiner = iif(place / 10 % 3 > 0, 'examiner ' || (place / 30 % 6), ''),
             awaiting_reply = place % 50 = 0, last_event = 1, activity = submitted_at + place % 7;
         COMMIT;"
    );
    connection.execute_batch(&sql).unwrap();
    // As purges do in time.
    while queue::join_words(&connection).unwrap() {}
    fill_statistics(&connection, requests);
    connection
}

/// Returns the day on which the databases are asked.
pub(super) fn today() -> Date {
    Date::parse("2027-01-10").unwrap()
}

/// Days over which the figures are spread.
const DAYS: u32 = 365;

/// Fills the tables of statistics as if each request had been answered once, within two months.
fn fill_statistics(connection: &Connection, requests: u32) {
    let first = today().minus_days(DAYS - 1);
    let days: Vec<Date> = (0..DAYS).map(|day| first.plus_days(day)).collect();
    let (mut by_month, mut by_day) = (BTreeMap::new(), BTreeMap::new());
    for request in 0..requests {
        let drawn = request.wrapping_mul(2_654_435_761);
        let (on, took) = (days[(drawn >> 8) as usize % days.len()], (drawn >> 20) % 61);
        for measure in Measure::ALL {
            let is_time = matches!(measure, Measure::FirstAnswer | Measure::Decision);
            let counts: &mut DayCounts = by_month.entry((Month::of(on).to_string(), measure.as_str())).or_default();
            counts.add(if is_time { took } else { 0 });
        }
        let of_day: &mut DayCounts = by_day.entry(on.to_string()).or_default();
        of_day.add(took);
    }
    let json = |counts: DayCounts| serde_json::to_string(counts.as_slice()).unwrap();
    connection.execute_batch("BEGIN").unwrap();
    for ((month, measure), counts) in by_month {
        let sql = "INSERT INTO statistics (month, measure, counts) VALUES (?1, ?2, ?3)";
        connection.execute(sql, [&month, measure, &json(counts)]).unwrap();
    }
    for (day, counts) in by_day {
        connection.execute("INSERT INTO first_answers (day, counts) VALUES (?1, ?2)", [day, json(counts)]).unwrap();
    }
    connection.execute_batch("COMMIT").unwrap();
}

/// Returns the member of the team who asks.
pub(super) fn member() -> Member {
    Member { person: "examiner 1".to_owned(), name: String::new(), office: String::new(), role: TeamRole::Examiner }
}

#[test]
fn a_search_says_where_more_requests_have_its_words_than_it_looks_at() {
    let folder = tempfile::tempdir().unwrap();
    let member = member();
    for (requests, is_cut) in [(FOUND_MAX, false), (FOUND_MAX + 1, true)] {
        let connection = fill(&folder.path().join(requests.to_string()), requests);
        let scope = TeamScope { connection: &connection, member: &member, read_draft: schema::read_draft };
        let found = |words: &str| -> QueuePage {
            let states = State::ALL.to_vec();
            let filter = QueueFilter { states, words: words.to_owned(), limit: 1, ..QueueFilter::default() };
            scope.queue(&filter, today()).unwrap()
        };
        let all = found("guichet");
        assert_eq!((all.is_cut, all.total), (is_cut, FOUND_MAX.into()));
        for narrow in ["", "guichet n7", "FC-2026-000123"] {
            assert!(!found(narrow).is_cut, "{narrow}");
        }
    }
}
