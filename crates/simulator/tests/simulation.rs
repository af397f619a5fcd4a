//! The promise holds in every schedule, and the simulation would tell if it did not.

use std::thread;

use habilitation_simulator::{ACTIONS, Mutant, explain, life, run};

const SCHEDULES: u64 = 100_000;
/// Schedules within which every broken rule has to be noticed.
const NOTICED_WITHIN: u64 = 20_000;

#[test]
fn every_schedule_keeps_the_promise() {
    let half = |first: u64| (first..SCHEDULES).step_by(2).find(|seed| run(*seed, ACTIONS, None).is_some());
    let broken = thread::scope(|scope| {
        let odd = scope.spawn(move || half(1));
        [half(0), odd.join().unwrap()].into_iter().flatten().min()
    });
    if let Some(violation) = broken.and_then(|seed| explain(seed, ACTIONS, None)) {
        panic!("seed {}: {}\n{}", violation.seed, violation.rule, violation.trace);
    }
}

#[test]
fn every_broken_rule_is_noticed() {
    let mut missed = Vec::new();
    for mutant in Mutant::ALL {
        match (0..NOTICED_WITHIN).find_map(|seed| Some((seed, run(seed, ACTIONS, Some(mutant))?))) {
            Some((seed, rule)) => println!("{mutant:?}: in schedule {}: {rule}", seed + 1),
            None => missed.push(mutant),
        }
    }
    assert_eq!(missed, []);
}

#[test]
fn a_seed_gives_the_same_schedule_again() {
    let noticed = |mutant| (0..NOTICED_WITHIN).find_map(|seed| explain(seed, ACTIONS, Some(mutant)));
    let (first, second) = (noticed(Mutant::NoIfMatch).unwrap(), noticed(Mutant::NoIfMatch).unwrap());
    assert_eq!((first.seed, &first.trace), (second.seed, &second.trace));
    assert!(first.trace.lines().count() < 200, "it is cut down to what can be read:\n{}", first.trace);
}

/// Schedules of a request's life after it was sent.
const LIVES: u64 = 20_000;

#[test]
fn every_life_of_a_request_keeps_the_rules() {
    if let Some(seed) = (0..LIVES).find(|seed| life::run(*seed, life::ACTIONS, None).is_some()) {
        let violation = life::explain(seed, life::ACTIONS, None).unwrap();
        panic!("seed {}: {}\n{}", violation.seed, violation.rule, violation.trace);
    }
}

#[test]
fn every_broken_rule_of_a_life_is_noticed() {
    let mut missed = Vec::new();
    for mutant in life::Mutant::ALL {
        match (0..LIVES).find_map(|seed| Some((seed, life::run(seed, life::ACTIONS, Some(mutant))?))) {
            Some((seed, rule)) => println!("{mutant:?}: in schedule {}: {rule}", seed + 1),
            None => missed.push(mutant),
        }
    }
    assert_eq!(missed, []);
}
