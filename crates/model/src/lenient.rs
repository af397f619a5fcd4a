//! Lenient reading of what people type and paste: numbers, dates, phones and addresses.

use crate::clean::is_invisible;

/// Returns the visible characters of a text, trimmed. Numbers, dates and addresses mean the same without the others.
pub(crate) fn visible_text(text: &str) -> String {
    let visible: String = text.chars().filter(|character| !is_invisible(*character)).collect();
    visible.trim().to_owned()
}

/// Returns the rest of a text after a prefix, whatever the case of the prefix.
pub(crate) fn strip_prefix_ignoring_case<'a>(prefix: &str, text: &'a str) -> Option<&'a str> {
    let begins = text.get(..prefix.len())?.eq_ignore_ascii_case(prefix);
    begins.then(|| &text[prefix.len()..])
}

/// Returns whether a character is a dash or minus sign, which people put between digits.
pub(crate) fn is_dash(character: char) -> bool {
    matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Returns a text without the angle brackets around it, if there are any.
pub(crate) fn unbracketed(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).map_or(text, str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_found_in_small_letters_and_capitals() {
        assert_eq!(strip_prefix_ignoring_case("tel:", "Tel:1"), Some("1"));
        for text in ["", "te", "télé:1", "é", "telephone"] {
            assert_eq!(strip_prefix_ignoring_case("tel:", text), None, "{text}");
        }
    }
}
