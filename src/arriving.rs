//! Text as it arrives in the page, wherever from: cleaned by the model, its letters composed by the browser.

use js_sys::JsString;

use crate::model::{Draft, Field};

/// Returns a text as a field keeps it.
#[must_use]
pub fn cleaned(field: Field, arrived: &str) -> String {
    composed(field.clean(arrived))
}

/// Composes the letters of every text that the model cleaned.
pub fn compose(draft: &mut Draft) {
    draft.rewrite(|_, text| composed(text.to_owned()));
}

/// Returns a text whose letters stand with their accents (Unicode Annex 15, form C).
#[must_use]
pub fn composed(text: String) -> String {
    // What is in ASCII is composed already.
    if text.is_ascii() { text } else { JsString::from(text).normalize("NFC").into() }
}
