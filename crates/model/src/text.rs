//! Answers typed in a text control, kept exactly.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use validator::ValidateLength;

use crate::clean;
use crate::from_json::{FromText, empty_by_default, from_text, read_or_null};

/// Typed answer: any text without U+0000, which some databases cannot hold.
///
/// Rules read it [trimmed](Self::trimmed); it is stored and shown as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
pub struct Text(String);

impl Text {
    /// Returns the text as typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the text without white space and invisible characters around it. Limits count its characters.
    #[must_use]
    pub fn trimmed(&self) -> &str {
        clean::trimmed(&self.0)
    }

    /// Returns whether the text shows nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        clean::is_blank(&self.0)
    }

    /// Returns the text clean and trimmed, on one line.
    #[must_use]
    pub fn line(&self) -> String {
        clean::trimmed(&clean::clean(&self.0, false)).to_owned()
    }

    /// Returns the text clean and trimmed, on as many lines as it has.
    #[must_use]
    pub fn lines(&self) -> String {
        clean::trimmed(&clean::clean(&self.0, true)).to_owned()
    }
}

impl From<&str> for Text {
    /// Makes a text of all characters but U+0000.
    fn from(typed: &str) -> Self {
        Self(typed.chars().filter(|c| *c != '\0').collect())
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

empty_by_default!(Text);
from_text!(Text);

impl FromText for Text {
    fn take_text(&mut self, text: &str) -> Result<(), &'static str> {
        self.0.take_text(text)
    }
}

impl<'de> Deserialize<'de> for Text {
    /// Sets the text: absent, `null` and `""` mean the same, and U+0000 is refused.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_or_null(deserializer)
    }
}

/// Returns the length in Unicode scalar values, trimmed.
impl ValidateLength<u64> for Text {
    fn length(&self) -> Option<u64> {
        Some(self.trimmed().chars().count() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_null_and_empty_are_the_same_text() {
        for json in ["null", "\"\""] {
            assert_eq!(serde_json::from_str::<Text>(json).unwrap(), Text::default());
        }
    }

    #[test]
    fn the_null_character_is_refused_from_outside_and_dropped_when_typed() {
        assert!(serde_json::from_str::<Text>("\"a\\u0000b\"").is_err());
        assert_eq!(Text::from("a\0b").as_str(), "ab");
    }

    #[test]
    fn length_counts_unicode_scalar_values_after_trimming() {
        assert_eq!(Text::from(" \u{a0}Lœb🙂\n").length(), Some(4));
    }
}
