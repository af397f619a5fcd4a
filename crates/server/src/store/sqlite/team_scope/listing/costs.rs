//! Measures calls of the queue, searches and statistics among few requests and among many.
//!
//! `cargo test --release -p habilitation-server the_queue_costs_the_same -- --ignored --nocapture`, with
//! `HABILITATION_REQUESTS=1000000` for other numbers than 100,000.

use std::time::{Duration, Instant};

use habilitation_model::ClosedList;
use habilitation_model::lifecycle::State;
use habilitation_model::month::Month;
use habilitation_model::schema;
use habilitation_model::statistics::Period;
use habilitation_model::wire::{QueueKind, QueueOrder};

use super::super::TeamScope;
use super::filled::{fill, member, today};
use crate::store::sqlite::search::FOUND_MAX;
use crate::store::sqlite::statistics;
use crate::store::{Assigned, QueueFilter};

/// Rows that a search looks at: among fewer, a word that all have costs less.
const FEW: u32 = FOUND_MAX;
const MANY: u32 = 100_000;
/// Times that each call is made. Their median counts.
const TURNS: usize = 201;
/// Most that a call may cost among many, for one among few.
const RATIO_MAX: f64 = 1.5;

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
    let member = member();
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
