//! Unicode normalisation, by the browser's own tables.

/// Returns a text in normalisation form C, whose accented letters are single characters (Unicode Annex 15).
#[cfg(target_arch = "wasm32")]
#[must_use]
pub fn composed(text: String) -> String {
    // ASCII is in form C already.
    if text.is_ascii() { text } else { js_sys::JsString::from(text).normalize("NFC").into() }
}

/// Returns a text as it is: only a browser has the tables.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn composed(text: String) -> String {
    text
}
