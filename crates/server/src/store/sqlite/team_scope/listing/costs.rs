//! Measures calls of the queue among few requests and among many.
//!
//! `cargo test --release -p habilitation-server the_queue_costs_the_same -- --ignored --nocapture`, with
//! `HABILITATION_REQUESTS=1000000` for other numbers than 100,000.

use std::path::Path;
use std::time::{Duration, Instant};

use habilitation_model::lifecycle::State;
use habilitation_model::schema;
use habilitation_model::wire::{QueueKind, QueueOrder, TeamRole};
use habilitation_model::{ClosedList, Date};
use rusqlite::Connection;

use super::super::TeamScope;
use crate::store::sqlite::{MIGRATIONS, connections, queue};
use crate::store::{Assigned, QueueFilter};
use crate::team::Member;

const FEW: u32 = 1_000;
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
    connection
}

/// Calls to measure, by name.
fn calls(last: u32) -> Vec<(&'static str, QueueFilter)> {
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
        ("a number", words(format!("FC-2026-{last:06}"))),
        ("a SIRET number", words(format!("{:014}", 21_990_042_000_015_u64 + u64::from(last) * 7919))),
        ("a name", words(format!("guichet n{last}"))),
    ]
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
    let today = Date::parse("2027-01-10").unwrap();
    let member = Member {
        person: "examiner 1".to_owned(),
        name: String::new(),
        office: String::new(),
        role: TeamRole::Examiner,
    };
    let [few, many] = [FEW, many].map(|requests| {
        let connection = fill(&folder.path().join(requests.to_string()), requests);
        let scope = TeamScope { connection: &connection, member: &member, read_draft: schema::read_draft };
        let costs = calls(requests).into_iter().map(|(name, filter)| {
            let times = (0..TURNS).map(|_| {
                let begun = Instant::now();
                let page = scope.queue(&filter, today).unwrap();
                assert!(!page.requests.is_empty(), "{name}");
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
