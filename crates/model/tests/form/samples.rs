//! The realistic requests that the browser tests fill in: a check says of each what its file expects.

use habilitation_model::{Circumstances, Draft, Id, Request};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::complete::today;

macro_rules! samples {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!("../../../../tests/requests/", $name, ".json")))),+]
    };
}

const COMPLETE: [(&str, &str); 5] =
    samples!["address-change-association", "digital-health", "identity-check-company", "state-migration", "town-hall",];

const INCOMPLETE: [(&str, &str); 8] = samples![
    "incomplete-assurance",
    "incomplete-data",
    "incomplete-legal",
    "incomplete-organisation",
    "incomplete-people",
    "incomplete-project",
    "incomplete-review",
    "incomplete-terms",
];

#[derive(Deserialize)]
struct Sample {
    draft: Draft,
    findings: Vec<Value>,
}

fn read(text: &str) -> (Sample, Vec<Id>) {
    let sample: Sample = serde_json::from_str(text).unwrap();
    let arrived = sample.draft.documents().map(|document| document.id.clone()).collect();
    (sample, arrived)
}

/// Pointer, level and code of each finding, as the samples list them.
fn said_of(draft: &Draft, arrived: &[Id]) -> Vec<Value> {
    draft
        .findings(&Circumstances { today: today(), arrived: Some(arrived) })
        .iter()
        .map(|finding| json!({"pointer": finding.field.pointer(), "level": finding.level, "code": finding.code}))
        .collect()
}

#[test]
fn every_sample_gives_its_findings() {
    for (name, text) in COMPLETE.into_iter().chain(INCOMPLETE) {
        let (sample, arrived) = read(text);
        assert_eq!(said_of(&sample.draft, &arrived), sample.findings, "{name}");
    }
}

#[test]
fn the_complete_samples_are_requests() {
    for (name, text) in COMPLETE {
        let (sample, arrived) = read(text);
        assert!(Request::new(&sample.draft, &arrived).is_ok(), "{name}");
    }
}

#[test]
fn the_incomplete_samples_are_refused() {
    for (name, text) in INCOMPLETE {
        let (sample, arrived) = read(text);
        assert!(Request::new(&sample.draft, &arrived).is_err(), "{name}");
    }
}

#[test]
fn no_sample_is_forgotten() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/requests");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".json").map(str::to_owned))
        .collect();
    files.sort();
    let named: Vec<&str> = COMPLETE.iter().chain(&INCOMPLETE).map(|(name, _)| *name).collect();
    let mut sorted = named;
    sorted.sort_unstable();
    assert_eq!(files, sorted);
}
