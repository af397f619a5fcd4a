//! Names of people, compared as a person would compare them.

use crate::clean::is_invisible;
use crate::fold;
use crate::text::Text;

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
    // Some invisible characters count as letters.
    let is_letter = |letter: &char| letter.is_alphanumeric() && !is_invisible(*letter);
    name.as_str().chars().filter(is_letter).for_each(|letter| fold::add(letter, &mut letters));
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_folded_to_its_letters() {
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
            assert_eq!(folded(&name.into()), expected, "{name}");
        }
    }
}
