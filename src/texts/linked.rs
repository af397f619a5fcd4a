//! Web addresses within texts that people wrote.

/// Returns the parts of a text in their order, each with whether it is a web address.
///
/// An address begins a word, and ends before the punctuation that closes it.
#[must_use]
pub fn parts(text: &str) -> Vec<(bool, &str)> {
    let mut parts = Vec::new();
    // Where the words begin that are not in a part yet.
    let mut begins = 0;
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let address = address_of(word);
        if !address.is_empty() {
            parts.push((false, &text[begins..at]));
            parts.push((true, address));
            begins = at + address.len();
        }
        at += word.len();
    }
    parts.push((false, &text[begins..]));
    parts.retain(|(_, part)| !part.is_empty());
    parts
}

/// Returns the web address with which a word begins; empty where there is none.
fn address_of(word: &str) -> &str {
    let closes = |character: char| {
        character.is_whitespace() || matches!(character, '.' | ',' | ';' | ':' | '!' | '?' | ')' | '»' | '"')
    };
    let address = word.trim_end_matches(closes);
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    if rest.is_some_and(|rest| !rest.is_empty()) { address } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_the_words_around_them() {
        let text = "Voir https://exemple.fr/a?b=c.\nPuis\u{a0}http://b.fr), enfin ftp://c.fr et https://";
        assert_eq!(
            parts(text),
            [
                (false, "Voir "),
                (true, "https://exemple.fr/a?b=c"),
                (false, ".\nPuis\u{a0}"),
                (true, "http://b.fr"),
                (false, "), enfin ftp://c.fr et https://"),
            ]
        );
        assert_eq!(parts("https://a.fr"), [(true, "https://a.fr")]);
        assert_eq!(parts("javascript:alert(1) https"), [(false, "javascript:alert(1) https")]);
        assert_eq!(parts(""), []);
    }

    #[test]
    fn nothing_of_a_text_is_lost() {
        for text in
            ["a https://b.fr c", "é\u{202f}https://é.fr\u{202f}»", "https://a.fr https://b.fr", "\n\nhttps://\n"]
        {
            assert_eq!(parts(text).iter().map(|(_, part)| *part).collect::<String>(), text);
        }
    }
}
