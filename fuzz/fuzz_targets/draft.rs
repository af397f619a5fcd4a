//! A draft as a client sends it: what is read is written and read back as it was, and every rule says something of it.
#![no_main]

use habilitation_model::wire::DraftToSave;
use habilitation_model::{Circumstances, Date, Request};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(DraftToSave { draft, .. }) = serde_json::from_slice(bytes) else { return };
    let written = serde_json::to_string(&draft).unwrap();
    assert_eq!(serde_json::from_str::<habilitation_model::Draft>(&written).unwrap(), draft);
    let findings = draft.findings(&Circumstances { today: Date::FIRST, arrived: Some(&[]) });
    let has_errors = findings.iter().any(|finding| finding.is_error());
    assert_eq!(Request::new(&draft, &[]).is_err(), has_errors);
    let _ = draft.overlong();
});
