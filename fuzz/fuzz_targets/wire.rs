//! Bodies that a server sends to the page, and what a device kept.
#![no_main]

use habilitation_model::schema;
use habilitation_model::wire::{Findings, PageConfig, Problem, Receipt, RequestList, Session, SessionList, StoredRequest};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    macro_rules! read_back {
        ($($body:ty),+) => { $(
            if let Ok(body) = serde_json::from_slice::<$body>(bytes) {
                let written = serde_json::to_vec(&body).unwrap();
                assert_eq!(serde_json::from_slice::<$body>(&written).unwrap(), body);
            }
        )+ };
    }
    read_back!(StoredRequest, RequestList, Receipt, Session, SessionList, Findings, Problem, PageConfig);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = (schema::read_copy(text), schema::is_newer(text));
    }
});
