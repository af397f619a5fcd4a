//! Comparison of the names of people.

use crate::clean::is_invisible;
use crate::normalize;
use crate::text::Text;

/// Returns whether two people bear the same given and family name. Case, accents, hyphens, apostrophes and spaces do
/// not count; a name without a letter equals no other.
pub(crate) fn same(one: (&Text, &Text), other: (&Text, &Text)) -> bool {
    let letters = |(given, family): (&Text, &Text)| (letters(given), letters(family));
    let one = letters(one);
    !one.0.is_empty() && !one.1.is_empty() && one == letters(other)
}

/// Returns the letters and digits of a name in their normal form. Combining diacritics are no letters, so they are
/// dropped with the punctuation.
fn letters(name: &Text) -> String {
    let mut letters = String::new();
    // Some invisible characters count as letters.
    let is_letter = |letter: &char| letter.is_alphanumeric() && !is_invisible(*letter);
    name.as_str().chars().filter(is_letter).for_each(|letter| normalize::push_normalized(letter, &mut letters));
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_compared_by_its_letters() {
        for (name, expected) in [
            ("Jean-Noël d’Hérouville", "jeannoeldherouville"),
            ("Lœb ŒUVRE Æ ß ẞ", "loeboeuvreaessss"),
            ("Nguyễn Thị", "nguyenthi"),
            ("Łukasz Øđ İı", "lukaszodii"),
            ("Ange\u{301}lique", "angelique"),
            ("Ольга 2", "ольга2"),
            ("Jean\u{3164}\u{200b}\u{ad}", "jean"),
            ("-'", ""),
        ] {
            assert_eq!(letters(&name.into()), expected, "{name}");
        }
    }
}
