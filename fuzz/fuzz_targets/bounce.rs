//! A message that tells of a mail that came back: what it names is ours, and stands in it.
#![no_main]

use habilitation_model::bounce::delivery_in;
use libfuzzer_sys::fuzz_target;

const DOMAIN: &str = "equipe.example";

fuzz_target!(|message: &[u8]| {
    if let Some(delivery) = delivery_in(message, DOMAIN) {
        let text = String::from_utf8_lossy(message).to_ascii_lowercase();
        assert!(text.contains(&format!("<{delivery}@{DOMAIN}>")) && text.contains("failed"));
    }
});
