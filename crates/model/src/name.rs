//! Names of people, compared as a person would compare them.

use crate::text::Text;

/// Letters that count as another one, or as two. The Latin letters with a diacritic of Unicode's Latin blocks, and
/// those that French and its neighbours write in two ways. A table, since normalisation proper (Unicode Annex 15)
/// weighs more than the rest of the model.
const LETTERS: [(&str, &str); 26] = [
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
    ("oe", "œ"),
    ("ss", "ß"),
];

/// Whether two people bear the same given and family name, but for case, accents, hyphens, apostrophes and spaces.
/// A name without a letter is nobody's.
pub(crate) fn same(one: (&Text, &Text), other: (&Text, &Text)) -> bool {
    let fold = |(given, family): (&Text, &Text)| (folded(given), folded(family));
    let one = fold(one);
    !one.0.is_empty() && !one.1.is_empty() && one == fold(other)
}

/// The letters and digits of a name, in lower case and without diacritics. Combining ones are no letters, so they go with
/// the punctuation.
fn folded(name: &Text) -> String {
    let mut letters = String::new();
    for letter in name.as_str().chars().map(small).filter(|c| c.is_alphanumeric()) {
        match LETTERS.iter().find(|(_, written)| written.contains(letter)) {
            Some((plain, _)) => letters.push_str(plain),
            None => letters.push(letter),
        }
    }
    letters
}

/// The small letter of a capital, in the scripts of Europe; any other character as it is. The standard library knows
/// every script, by a table that weighs more in the page than all of this module.
fn small(letter: char) -> char {
    let distance = match letter {
        'A'..='Z' | 'À'..='Ö' | 'Ø'..='Þ' | 'Α'..='Ρ' | 'Σ'..='Ϋ' | 'А'..='Я' => 32,
        'Ѐ'..='Џ' => 80,
        'Ա'..='Ֆ' => 48,
        'Ά' => 38,
        'Έ'..='Ί' => 37,
        'Ό' => 64,
        'Ύ' | 'Ώ' => 63,
        // There, each capital stands before its small letter.
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
    fn capitals_have_the_small_letters_that_unicode_gives_them() {
        let blocks = [
            '\0'..='\u{17f}',
            '\u{1cd}'..='\u{1f0}',
            '\u{1f8}'..='\u{21f}',
            '\u{386}'..='\u{3ce}',
            '\u{400}'..='\u{556}',
            '\u{1e00}'..='\u{1eff}',
        ];
        // A capital I with a dot is two characters in small; without the dot it is the same letter here.
        for letter in blocks.into_iter().flatten().filter(|letter| *letter != 'İ') {
            assert!(letter.to_lowercase().eq([small(letter)]), "{letter}");
        }
    }

    #[test]
    fn a_name_is_folded_to_its_letters() {
        for (name, expected) in [
            ("Jean-Noël d’Hérouville", "jeannoeldherouville"),
            ("Lœb ŒUVRE Æ ß ẞ", "loeboeuvreaessss"),
            ("Nguyễn Thị", "nguyenthi"),
            ("Łukasz Øđ İı", "lukaszodii"),
            ("Ange\u{301}lique", "angelique"),
            ("Ольга 2", "ольга2"),
            ("-'", ""),
        ] {
            assert_eq!(folded(&name.into()), expected, "{name}");
        }
    }

    #[test]
    fn every_letter_of_the_table_is_in_lower_case_and_stands_once() {
        let written: Vec<char> = LETTERS.iter().flat_map(|(_, written)| written.chars()).collect();
        for (place, letter) in written.iter().enumerate() {
            assert!(letter.to_lowercase().eq([*letter]), "{letter}");
            assert!(!written[..place].contains(letter), "{letter}");
        }
    }
}
