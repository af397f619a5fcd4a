//! Normal form of texts that are compared: without case, accents and ligatures.

/// Letters that are normalized to one or two others: Latin ones with a diacritic, and those that French and its
/// neighbours write in two ways. Normalisation proper (Unicode Annex 15) weighs more than the rest of the model.
const LETTERS: [(&str, &str); 28] = [
    ("a", "àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ"),
    ("b", "ḃḅḇ"),
    ("c", "çćĉċčḉ"),
    ("d", "ďđḋḍḏḑḓ"),
    ("e", "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ"),
    ("f", "ḟ"),
    ("g", "ĝğġģǧǵḡ"),
    ("h", "ĥħȟḣḥḧḩḫẖ"),
    ("i", "ìíîïĩīĭįıǐȉȋḭḯỉị"),
    ("j", "ĵǰ"),
    ("k", "ķǩḱḳḵ"),
    ("l", "ĺļľłḷḹḻḽ"),
    ("m", "ḿṁṃ"),
    ("n", "ñńņňǹṅṇṉṋ"),
    ("o", "òóôõöøōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ"),
    ("p", "ṕṗ"),
    ("r", "ŕŗřȑȓṙṛṝṟ"),
    ("s", "śŝşšșṡṣṥṧṩ"),
    ("t", "ţťțŧṫṭṯṱẗ"),
    ("u", "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự"),
    ("w", "ŵẁẃẅẇẉẘ"),
    ("y", "ýÿŷȳẏẙỳỵỷỹ"),
    ("z", "źżžẑẓẕ"),
    ("ae", "æ"),
    ("fi", "ﬁ"),
    ("fl", "ﬂ"),
    ("oe", "œ"),
    ("ss", "ß"),
];

/// Returns a text as searches compare it: in lower case, without diacritics, ligatures taken apart, all spaces alike.
#[must_use]
pub fn normalized(text: &str) -> String {
    let mut normalized = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            // Diacritics that stand for themselves.
            '\u{300}'..='\u{36f}' => {}
            '’' => normalized.push('\''),
            letter if letter.is_whitespace() => normalized.push(' '),
            letter => push_normalized(letter, &mut normalized),
        }
    }
    normalized
}

/// Adds a letter in its normal form.
pub(crate) fn push_normalized(letter: char, normalized: &mut String) {
    let letter = lower_case(letter);
    if letter.is_ascii() {
        return normalized.push(letter);
    }
    match LETTERS.iter().find(|(_, written)| written.chars().any(|known| known == letter)) {
        Some((plain, _)) => normalized.push_str(plain),
        None => normalized.push(letter),
    }
}

/// Returns a letter of the scripts of Europe in lower case; any other character as it is. The standard library knows
/// every script, by a table that weighs more in the page than all of this module.
pub(crate) fn lower_case(letter: char) -> char {
    let distance = match letter {
        'A'..='Z' | 'À'..='Ö' | 'Ø'..='Þ' | 'Α'..='Ρ' | 'Σ'..='Ϋ' | 'А'..='Я' => 32,
        'Ѐ'..='Џ' => 80,
        'Ա'..='Ֆ' => 48,
        'Ά' => 38,
        'Έ'..='Ί' => 37,
        'Ό' => 64,
        'Ύ' | 'Ώ' => 63,
        // There, each capital stands before its letter in lower case.
        'Ĺ'..='ň' | 'Ź'..='ž' | 'Ư'..='ư' | 'Ǎ'..='ǜ' | 'Ӂ'..='ӎ' => u32::from(letter) % 2,
        'Ā'..='ķ' | 'Ŋ'..='ŷ' | 'Ơ'..='ƥ' | 'Ǟ'..='ǯ' | 'Ǵ'..='ǵ' | 'Ǹ'..='ȟ' | 'Ȣ'..='ȳ' => {
            1 - u32::from(letter) % 2
        }
        'Ѡ'..='ҁ' | 'Ҋ'..='ҿ' | 'Ӑ'..='ԯ' | 'Ḁ'..='ẕ' | 'Ạ'..='ỿ' => 1 - u32::from(letter) % 2,
        'Ÿ' => return 'ÿ',
        'Ӏ' => return 'ӏ',
        'ẞ' => return 'ß',
        _ => 0,
    };
    char::from_u32(u32::from(letter) + distance).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_have_the_lower_case_that_unicode_gives_them() {
        let blocks = [
            '\0'..='\u{17f}',
            '\u{1cd}'..='\u{1f0}',
            '\u{1f8}'..='\u{21f}',
            '\u{386}'..='\u{3ce}',
            '\u{400}'..='\u{556}',
            '\u{1e00}'..='\u{1eff}',
        ];
        // A capital I with a dot is two characters in lower case; without the dot it is the same letter here.
        for letter in blocks.into_iter().flatten().filter(|letter| *letter != 'İ') {
            assert!(letter.to_lowercase().eq([lower_case(letter)]), "{letter}");
        }
    }

    #[test]
    fn case_accents_and_ligatures_are_set_aside() {
        for (typed, expected) in [
            ("Été À NOËL", "ete a noel"),
            ("E\u{301}te\u{301}", "ete"),
            ("Lœb & Ćwikła, l’Œuvre", "loeb & cwikla, l'oeuvre"),
            ("FC-2026-000123", "fc-2026-000123"),
            ("Guichet\u{a0}citoyen\n(ﬁn à 100 %)", "guichet citoyen (fin a 100 %)"),
        ] {
            assert_eq!(normalized(typed), expected);
        }
    }

    #[test]
    fn every_letter_of_the_table_is_in_lower_case_and_stands_once() {
        let written: Vec<char> = LETTERS.iter().flat_map(|(_, written)| written.chars()).collect();
        for (index, letter) in written.iter().enumerate() {
            assert!(letter.to_lowercase().eq([*letter]), "{letter}");
            assert!(!written[..index].contains(letter), "{letter}");
        }
    }
}
