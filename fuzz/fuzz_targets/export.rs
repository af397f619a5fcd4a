//! A file that somebody imports: what is taken is clean, and is what would be taken again.
#![no_main]

use habilitation_model::export::{Export, import};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(draft) = import(text) else { return };
    assert!(!draft.terms.accepted && draft.documents().count() == 0);
    let again = serde_json::to_string(&Export::new(draft.clone(), String::new())).unwrap();
    if let Ok(second) = import(again.as_str()) {
        assert_eq!(second, draft);
    }
});
