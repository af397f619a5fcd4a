//! How the list of requests is searched: by any part of a text, case and accents aside.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text as searches compare it: in lower case, without accents, ligatures taken apart.
pub(crate) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase) {
        match letter {
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            'ß' => folded.push_str("ss"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' => folded.push('d'),
            '’' => folded.push('\''),
            letter if letter.is_whitespace() => folded.push(' '),
            letter => folded.push(letter),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_ligatures_are_set_aside() {
        for (typed, folded_) in [
            ("Été À NOËL", "ete a noel"),
            ("E\u{301}te\u{301}", "ete"),
            ("Lœb & Ćwikła, l’Œuvre", "loeb & cwikla, l'oeuvre"),
            ("FC-2026-000123", "fc-2026-000123"),
            ("Guichet\u{a0}citoyen\n(ﬁn)", "guichet citoyen (fin)"),
        ] {
            assert_eq!(folded(typed), folded_);
        }
    }
}
