//! Dates of texts that a person typed beside the copy of a draft: they are kept until they are sent or too old.

use crate::clock;

/// Returns a text after the time at which it is written.
#[must_use]
pub fn dated(text: &str) -> String {
    [&clock::now().to_string(), "\n", text].concat()
}

/// Returns the time at which a kept text was written, in milliseconds since 1970, and the text.
#[must_use]
pub fn undated(kept: &str) -> (Option<u64>, &str) {
    kept.split_once('\n').map_or((None, ""), |(written_at, text)| (written_at.parse().ok(), text))
}
