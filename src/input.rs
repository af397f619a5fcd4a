//! Cleans the text that enters the page from a keyboard, a clipboard, a link, a portal or a file.

use crate::browser::unicode::composed;
use crate::model::{Draft, Field};

/// Returns a text as a field keeps it.
#[must_use]
pub fn cleaned(field: Field, text: &str) -> String {
    composed(field.clean(text))
}

/// Composes the accented letters of every text of a draft that the model cleaned.
pub fn compose(draft: &mut Draft) {
    draft.rewrite(|_, text| composed(text.to_owned()));
}
