//! Texts that a person typed beside the copies of drafts, with their dates: kept until they are sent or too old.

use super::{DeviceCopies, Note};
use crate::clock;

/// Milliseconds for which a text that is not sent is kept: 30 days.
const KEPT_FOR: u64 = 30 * 24 * 60 * 60 * 1_000;

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

/// Returns whether a kept text was written too long ago for anybody to be about to send it.
fn has_expired(kept: &str) -> bool {
    undated(kept).0.is_none_or(|written_at| written_at + KEPT_FOR < clock::now())
}

/// Erases texts that a person typed too long ago. Words that belong to a copy stay with it.
pub fn erase_expired(copies: &DeviceCopies) {
    for id in copies.typed_notes() {
        for note in Note::TYPED {
            let is_of_copy = note == Note::Words && copies.text(&id).is_some();
            if !is_of_copy && copies.note(&id, note).is_some_and(|kept| has_expired(&kept)) {
                copies.set_note(&id, note, "");
            }
        }
    }
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use super::*;
    use crate::model::saving::DeviceCopy;
    use crate::model::{Draft, Id};
    use crate::navigation::Place;
    use crate::testing::app;

    fn id(last: u8) -> Id {
        Id::new(0, [last; 10])
    }

    #[test]
    fn what_is_not_sent_is_kept_for_a_month_and_words_as_long_as_their_copy() {
        let app = app(Place::Requests, false);
        let copies = app.copies().unwrap();
        for request in [id(1), id(2)] {
            copies.set_note(&request, Note::Message, &dated("Bonjour"));
            copies.set_note(&request, Note::Words, &dated("{}"));
        }
        copies.keep(&id(2), &DeviceCopy::new(Draft::default(), 1));
        app.wait(29 * 24 * 60 * 60);
        app.with(|| erase_expired(&copies));
        assert_eq!(copies.note(&id(1), Note::Message).as_deref().map(|kept| undated(kept).1), Some("Bonjour"));
        app.wait(2 * 24 * 60 * 60);
        app.with(|| erase_expired(&copies));
        let left = |request: u8, note| copies.note(&id(request), note).is_some();
        assert_eq!((left(1, Note::Message), left(1, Note::Words), left(2, Note::Message)), (false, false, false));
        assert!(left(2, Note::Words));
        app.end();
    }
}
