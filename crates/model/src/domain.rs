//! Names of domains, in any script (RFC 5890). Resolvers turn them into letters of ASCII.

/// Longest label, in characters (RFC 1035).
pub(crate) const LABEL_MAX: usize = 63;

/// Returns whether a text can be a label of a domain, between two dots.
pub(crate) fn is_label(label: &str) -> bool {
    !label.is_empty() && !label.starts_with('-') && !label.ends_with('-') && label.chars().all(is_part)
}

fn is_part(character: char) -> bool {
    character == '-' || character.is_alphanumeric() || is_mark(character)
}

/// Signs that belong to the letter before them and are no letters in Unicode: accents, and those of the scripts of
/// Western and Southern Asia.
fn is_mark(character: char) -> bool {
    matches!(
        character,
        '\u{300}'..='\u{36f}'
            | '\u{591}'..='\u{5bd}'
            | '\u{64b}'..='\u{65f}'
            | '\u{900}'..='\u{963}'
            | '\u{981}'..='\u{9cd}'
            | '\u{a01}'..='\u{a4d}'
            | '\u{a81}'..='\u{acd}'
            | '\u{b01}'..='\u{b4d}'
            | '\u{b82}'..='\u{bcd}'
            | '\u{c00}'..='\u{c4d}'
            | '\u{c81}'..='\u{ccd}'
            | '\u{d00}'..='\u{d4d}'
            | '\u{d81}'..='\u{ddf}'
            | '\u{e31}'..='\u{e3a}'
            | '\u{e47}'..='\u{e4e}'
            | '\u{eb1}'..='\u{ecd}'
            | '\u{f71}'..='\u{f84}'
            | '\u{102b}'..='\u{103e}'
            | '\u{17b6}'..='\u{17d3}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_of_any_script() {
        for label in [
            "a",
            "1",
            "saint-étienne",
            "saint-e\u{301}tienne",
            "préfecture",
            "例え",
            "пример",
            "उदाहरण",
            "हिन्दी",
            "ตัวอย่าง",
            "উদাহরণ",
            "දකුණ",
            "παράδειγμα",
            "مثال",
            "שם",
            "xn--caf-dma",
            "ß",
            "ꦗꦮ",
        ] {
            assert!(is_label(label), "{label}");
        }
    }

    #[test]
    fn nothing_else_is_a_label() {
        for label in [
            "",
            "-",
            "-a",
            "a-",
            "a b",
            "a_b",
            "a.b",
            "a@b",
            "a!",
            "a€",
            "a«b",
            "a’b",
            "a…",
            "☎",
            "👍",
            "a\u{200b}",
            "a\u{2060}b",
        ] {
            assert!(!is_label(label), "{label:?}");
        }
    }
}
