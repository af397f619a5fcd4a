//! Whole requests of `tests/requests`, which browser tests fill in: a check finds what each file expects.

use habilitation_fixtures::{Fixture, in_short};
use habilitation_model::{Circumstances, Id, Request};

use crate::complete::today;

fn arrived(fixture: &Fixture) -> Vec<Id> {
    fixture.draft.documents().map(|document| document.id.clone()).collect()
}

#[test]
fn every_sample_gives_its_findings() {
    for fixture in Fixture::all() {
        let circumstances = Circumstances { today: today(), arrived: Some(&arrived(&fixture)) };
        assert_eq!(in_short(&fixture.draft.findings(&circumstances)), fixture.findings, "{}", fixture.name);
    }
}

#[test]
fn the_complete_samples_are_requests_and_the_others_are_refused() {
    for fixture in Fixture::all() {
        assert_eq!(Request::new(&fixture.draft, &arrived(&fixture)).is_ok(), fixture.is_complete(), "{}", fixture.name);
    }
}
