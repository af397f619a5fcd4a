//! Answers that an address proposes: none about people, none that commits anybody, none in which something is wrong.
#![no_main]

use habilitation_model::place::Place;
use habilitation_model::prefill::PrefilledAnswer;
use habilitation_model::{Date, Draft};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|query: &str| {
    let given = PrefilledAnswer::proposed(query, &Place::NewRequest, Date::FIRST);
    let mut draft = Draft::default();
    for answer in &given {
        assert!(answer.field().is_from_link());
        answer.fill_in(&mut draft);
        assert!(!answer.field().value(&draft).is_empty());
    }
    assert!(!draft.terms.accepted && draft.people == Draft::default().people && draft.overlong().is_none());
    assert!(PrefilledAnswer::proposed(query, &Place::Requests, Date::FIRST).is_empty());
});
