//! Measures calls of the queue, searches and statistics among few requests and among many.
//!
//! `cargo test --release -p habilitation-server the_queue_costs_the_same -- --ignored --nocapture`, with
//! `HABILITATION_REQUESTS=1000000` for other numbers than 100,000.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use habilitation_model::lifecycle::State;
use habilitation_model::lifecycle::tally::Measure;
use habilitation_model::month::Month;
use habilitation_model::schema;
use habilitation_model::statistics::{DayCounts, Period};
use habilitation_model::wire::{QueueKind, QueueOrder, TeamRole};
use habilitation_model::{ClosedList, Date};
use rusqlite::Connection;

use super::super::TeamScope;
use crate::store::sqlite::search::FOUND_MAX;
use crate::store::sqlite::{MIGRATIONS, connections, queue, statistics};
use crate::store::{Assigned, QueueFilter};
use crate::team::Member;

/// Rows that a search looks at: among fewer, a word that all have costs less.
const FEW: u32 = FOUND_MAX;
const MANY: u32 = 100_000;
/// Times that each call is made. Their median counts.
const TURNS: usize = 201;
/// Most that a call may cost among many, for one among few.
const RATIO_MAX: f64 = 1.5;

/// Fills a database with so many requests, of which one in ten is to be examined.
fn fill(path: &Path, requests: u32) -> Connection {
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

/// Returns the day of the calls.
fn today() -> Date {
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

/// Call to measure, which finds something.
type Measured = Box<dyn Fn(&TeamScope<'_>)>;

/// Calls of the queue to measure, by name.
fn listings(last: u32) -> Vec<(&'static str, QueueFilter)> {
    let to_examine = QueueFilter { states: vec![State::Submitted], limit: 10, ..QueueFilter::default() };
    let all = QueueFilter { states: State::ALL.to_vec(), ..to_examine.clone() };
    let words = |words: String| QueueFilter { words, ..all.clone() };
    vec![
        ("to examine", to_examine.clone()),
        ("mine", QueueFilter { examiner: Some(Assigned::ToCaller), ..to_examine.clone() }),
        (
            "unassigned, last first",
            QueueFilter {
                examiner: Some(Assigned::Nobody),
                order: QueueOrder::Submitted,
                is_descending: true,
                ..to_examine.clone()
            },
        ),
        ("waiting", QueueFilter { states: vec![State::ChangesRequested], ..to_examine.clone() }),
        ("all, by activity", QueueFilter { order: QueueOrder::Activity, is_descending: true, ..all.clone() }),
        ("contacts", QueueFilter { kind: Some(QueueKind::Contacts), ..all.clone() }),
        ("search: a number", words(format!("FC-2026-{last:06}"))),
        ("search: a SIRET number", words(format!("{:014}", 21_990_042_000_015_u64 + u64::from(last) * 7919))),
        ("search: a name", words(format!("guichet n{last}"))),
        ("search: a word that all have", words("guichet".to_owned())),
        ("search: two words that all have", words("guichet commune".to_owned())),
    ]
}

/// Calls to measure, by name.
fn calls(last: u32) -> Vec<(&'static str, Measured)> {
    let listing = |(name, filter): (&'static str, QueueFilter)| -> (&'static str, Measured) {
        (name, Box::new(move |scope| assert!(!scope.queue(&filter, today()).unwrap().requests.is_empty(), "{name}")))
    };
    let over = |name, months: u32| -> (&'static str, Measured) {
        let to = Month::of(today());
        let period = Period::between(to.minus(months - 1), to).unwrap();
        let call = move |scope: &TeamScope<'_>| {
            assert!(statistics::told(scope.connection, period, today()).unwrap().totals.decision.median.is_some());
        };
        (name, Box::new(call))
    };
    let public: Measured = Box::new(|scope| {
        let told = statistics::told_to_everybody(scope.connection, today()).unwrap();
        assert!(told.first_answer_days.is_some());
    });
    let others = [over("statistics of a month", 1), over("statistics of a year", 12), ("public median", public)];
    listings(last).into_iter().map(listing).chain(others).collect()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

#[test]
#[ignore = "takes minutes, and measures"]
fn the_queue_costs_the_same_among_few_requests_and_among_many() {
    let many = std::env::var("HABILITATION_REQUESTS").map_or(MANY, |number| number.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let member = Member {
        person: "examiner 1".to_owned(),
        name: String::new(),
        office: String::new(),
        role: TeamRole::Examiner,
    };
    let [few, many] = [FEW, many].map(|requests| {
        let connection = fill(&folder.path().join(requests.to_string()), requests);
        let scope = TeamScope { connection: &connection, member: &member, read_draft: schema::read_draft };
        let costs = calls(requests).into_iter().map(|(name, call)| {
            let times = (0..TURNS).map(|_| {
                let begun = Instant::now();
                call(&scope);
                begun.elapsed()
            });
            (name, median(times.collect()))
        });
        (requests, costs.collect::<Vec<_>>())
    });
    println!("| call, in microseconds | {} | {} | ratio |\n|---|---|---|---|", few.0, many.0);
    let mut slow = Vec::new();
    for ((name, few), (_, many)) in few.1.into_iter().zip(many.1) {
        let ratio = many.as_secs_f64() / few.as_secs_f64();
        println!("| {name} | {} | {} | {ratio:.2} |", few.as_micros(), many.as_micros());
        if ratio > RATIO_MAX {
            slow.push(name);
        }
    }
    assert!(slow.is_empty(), "{slow:?}");
}
