//! Searches in indexes of words: by the beginnings of words, whatever their case and accents.

use habilitation_model::normalize::normalized;

/// Most lines that a search looks at: the last ones, of all that have its words. Filters apply to these, so that there have to be many:
/// older lines are not found, nor counted. A word that all have costs no more among a million lines than among ten thousand.
pub(super) const FOUND_MAX: u32 = 10_000;
/// Most words of a search that are looked at.
const WORDS_MAX: usize = 10;
/// Least characters of a word that stands for all that begin with it.
const BEGINNING_MIN: usize = 3;
/// Digits of a SIREN and of a SIRET number, whatever stands between them.
const DIGITS: [usize; 2] = [9, 14];
/// Words to find, as the index has them.
pub(super) enum Search {
    /// No words were given.
    All,
    /// Words were given, in which there is nothing to find.
    Nothing,
    /// The number of a request.
    Number(String),
    /// An expression for the index of words.
    Words(String),
}

impl Search {
    /// Reads the words as they were typed.
    pub(super) fn of(words: &str) -> Self {
        let words = normalized(words.trim());
        if words.is_empty() {
            return Self::All;
        }
        if is_number(&words) {
            return Self::Number(words.to_ascii_uppercase());
        }
        let is_digits = words.chars().all(|letter| letter.is_ascii_digit() || !letter.is_alphanumeric());
        let digits: String = words.chars().filter(char::is_ascii_digit).collect();
        if is_digits && DIGITS.contains(&digits.len()) {
            return Self::Words(format!("\"{digits}\""));
        }
        let words = words.split(|letter| !is_of_a_word(letter)).filter(|word| !word.is_empty());
        let each: Vec<String> = words
            .take(WORDS_MAX)
            .map(|word| format!("\"{word}\"{}", if word.chars().count() < BEGINNING_MIN { "" } else { "*" }))
            .collect();
        if each.is_empty() { Self::Nothing } else { Self::Words(each.join(" ")) }
    }
}

/// Returns whether the index has a letter within words, as Latin, Greek and Cyrillic letters are in it.
///
/// A text that the index takes for two words would be a phrase, which it cannot search.
fn is_of_a_word(letter: char) -> bool {
    let is_known = matches!(letter, '\u{c0}'..='\u{24f}' | '\u{370}'..='\u{37e}' | '\u{380}'..='\u{527}');
    letter.is_ascii_alphanumeric() || (is_known && letter.is_alphabetic())
}

/// Returns whether a text in its normal form is the number of a request, such as `fc-2026-000123`.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let parts = text.strip_prefix("fc-").and_then(|rest| rest.split_once('-'));
    parts.is_some_and(|(year, rank)| year.len() == 4 && rank.len() >= 6 && digits(year) && digits(rank))
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn no_character_makes_a_search_that_the_index_cannot_do() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE VIRTUAL TABLE words USING fts5 (word, detail = 'none')").unwrap();
        let mut statement = connection.prepare("SELECT count(*) FROM words WHERE words MATCH ?1").unwrap();
        for letter in ('\u{1}'..='\u{33ff}').chain(['Ａ', '𝐀', '\u{1f150}', '\u{10ffff}']) {
            for words in [format!("a{letter}b"), format!("abcd{letter}"), letter.to_string()] {
                if let Search::Words(expression) = Search::of(&words) {
                    let found = statement.query_row([&expression], |row| row.get::<_, u64>(0));
                    assert_eq!(found, Ok(0), "{words:?}: {expression}");
                }
            }
        }
    }

    #[test]
    fn words_are_found_by_their_beginnings_and_numbers_whatever_stands_between() {
        let expression = |words| match Search::of(words) {
            Search::All => "all".to_owned(),
            Search::Nothing => "nothing".to_owned(),
            Search::Number(number) => number,
            Search::Words(expression) => expression,
        };
        for (words, expected) in [
            ("", "all"),
            ("  ", "all"),
            ("« % »", "nothing"),
            ("fc-2026-000123", "FC-2026-000123"),
            (" FC-2026-1234567 ", "FC-2026-1234567"),
            ("FC-2026", "\"fc\" \"2026\"*"),
            ("FC-2026-000123-1", "\"fc\" \"2026\"* \"000123\"* \"1\""),
            ("Mairie de l’Été", "\"mairie\"* \"de\" \"l\" \"ete\"*"),
            ("219 900 420 00015", "\"21990042000015\""),
            ("219.900.420", "\"219900420\""),
            ("a\" OR b NEAR(c) NOT d", "\"a\" \"or\" \"b\" \"near\"* \"c\" \"not\"* \"d\""),
        ] {
            assert_eq!(expression(words), expected, "{words:?}");
        }
    }
}
