//! Unicode normalisation, by the browser's own tables.

use js_sys::JsString;

/// Returns a text in normalisation form C, whose accented letters are single characters (Unicode Annex 15).
#[must_use]
pub fn composed(text: String) -> String {
    // ASCII is in form C already.
    if text.is_ascii() { text } else { JsString::from(text).normalize("NFC").into() }
}
