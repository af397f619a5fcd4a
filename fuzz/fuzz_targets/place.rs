//! The query of an address: it names one place, whose own address names it again.
#![no_main]

use habilitation_model::place::Place;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|query: &str| {
    let place = Place::read(query);
    let mut inner = &place;
    while let Place::SignIn(Some(back)) = inner {
        inner = back;
    }
    // Challenge and origin of a portal are checked before they are used, and its address is never written by the page.
    if !matches!(inner, Place::Portal(..) | Place::Unknown) && !query.contains("retour") {
        assert_eq!(Place::read(&place.query()), place);
    }
});
