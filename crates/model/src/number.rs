//! Whole numbers as people write them in French: digits, with or without marks between thousands.

use thiserror::Error;

use crate::lenient::{strip_prefix_ignoring_case, visible_text};

/// Marks that may stand between thousands: spaces, non-breaking or not, dots and apostrophes.
const SPACES: [char; 4] = [' ', '\u{a0}', '\u{202f}', '\u{2009}'];
const DOTS: [char; 1] = ['.'];
const APOSTROPHES: [char; 2] = ['\'', '’'];
/// Unit that may follow a number of months; no other may.
const MONTHS: &str = "mois";

/// Whole number. Negative ones are read too, so that they are told to be out of range and not unreadable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WholeNumber(i128);

/// The text does not spell a whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a whole number")]
pub struct NotAWholeNumber;

impl WholeNumber {
    /// Reads `4200`, `4 200`, `4.200`, `4'200` or `-3`. A mark may stand between thousands alone, and of one kind only:
    /// elsewhere a dot is that of a decimal. A number too large to hold reads as the largest one, far above every
    /// limit.
    ///
    /// # Errors
    /// When the text holds other characters, decimals included.
    pub fn parse(text: &str) -> Result<Self, NotAWholeNumber> {
        let text = visible_text(text);
        let (negative, digits) = match text.strip_prefix(['-', '\u{2212}']) {
            Some(rest) => (true, rest),
            None => (false, text.as_str()),
        };
        let kinds: [&[char]; 3] = [&DOTS, &APOSTROPHES, &SPACES];
        let marks = kinds.into_iter().find(|marks| digits.contains(*marks)).unwrap_or_default();
        let groups: Vec<&str> = digits.split(marks).collect();
        let grouped_by_thousands =
            groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|g| g.len() == 3));
        // 0.500 is a half.
        if marks == DOTS && groups[0].starts_with('0') {
            return Err(NotAWholeNumber);
        }
        let all_digits = groups.iter().all(|g| !g.is_empty() && g.bytes().all(|b| b.is_ascii_digit()));
        if !(grouped_by_thousands && all_digits) {
            return Err(NotAWholeNumber);
        }
        let value = groups
            .concat()
            .bytes()
            .fold(0_i128, |n, digit| n.saturating_mul(10).saturating_add(i128::from(digit - b'0')));
        Ok(Self(if negative { -value } else { value }))
    }

    /// Reads a number of months, with or without the unit: `36 mois`.
    ///
    /// # Errors
    /// When the text holds other characters.
    pub fn parse_months(text: &str) -> Result<Self, NotAWholeNumber> {
        let text = visible_text(text);
        let unit = text
            .len()
            .checked_sub(MONTHS.len())
            .and_then(|start| strip_prefix_ignoring_case(MONTHS, text.get(start..)?));
        Self::parse(if unit.is_some() { &text[..text.len() - MONTHS.len()] } else { &text })
    }

    /// Returns the number, if a `u64` can hold it.
    #[must_use]
    pub fn to_u64(self) -> Option<u64> {
        u64::try_from(self.0).ok()
    }
}

impl From<u64> for WholeNumber {
    fn from(number: u64) -> Self {
        Self(i128::from(number))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Option<i128> {
        WholeNumber::parse(text).ok().map(|n| n.0)
    }

    #[test]
    fn digits_are_read_with_or_without_marks_between_thousands() {
        for (text, number) in [
            ("0", 0),
            ("36", 36),
            ("007", 7),
            ("4200", 4_200),
            ("4 200", 4_200),
            ("4\u{a0}200", 4_200),
            ("4\u{202f}200", 4_200),
            ("1 000 000 000", 1_000_000_000),
            ("4.200", 4_200),
            ("12.000", 12_000),
            ("12'000", 12_000),
            ("12’000", 12_000),
            ("1.000.000", 1_000_000),
            ("1'000’000", 1_000_000),
            ("-4.200", -4_200),
            ("\u{200b}4\u{2060}2\u{ad}00\u{feff} ", 4_200),
            ("-3", -3),
        ] {
            assert_eq!(read(text), Some(number), "{text:?}");
        }
    }

    #[test]
    fn anything_else_is_not_a_whole_number() {
        for text in [
            "",
            " ",
            "-",
            "1,5",
            "1.5",
            "1e3",
            "+5",
            "42 00",
            "4  200",
            "1234 567",
            "douze",
            "12 mois",
            "٣",
            "1.50",
            "1.5000",
            "0.500",
            "-0.500",
            "1234.567",
            ".500",
            "4.",
            "4.200.",
            "4..200",
            "4,200",
            "1.000 000",
            "1.000'000",
            "4'20",
            "'200",
            "4_200",
            "4·200",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn months_may_be_named_and_nothing_else() {
        let months = |text| WholeNumber::parse_months(text).ok().map(|n| n.0);
        for text in
            ["36", "36 mois", "36mois", "36\u{a0}mois", "36  mois", "36 MOIS", " 36 Mois ", "36 mo\u{ad}is\u{200b}"]
        {
            assert_eq!(months(text), Some(36), "{text:?}");
        }
        assert_eq!(months("1.200 mois"), Some(1_200));
        assert_eq!(months("-3 mois"), Some(-3));
        for text in
            ["", "mois", "3 ans", "36 m", "36 moi", "36 mois mois", "mois 36", "36 mois et demi", "1,5 mois", "é mois"]
        {
            assert_eq!(months(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_number_beyond_any_limit_is_still_a_number() {
        assert!(WholeNumber::parse(&"9".repeat(500)).unwrap() > WholeNumber::from(u64::MAX));
    }

    proptest! {
        #[test]
        fn every_number_is_read_back(number in any::<u64>()) {
            prop_assert_eq!(WholeNumber::parse(&number.to_string()).unwrap().to_u64(), Some(number));
        }

        #[test]
        fn reading_never_panics(text in any::<String>()) {
            let _ = WholeNumber::parse(&text);
            let _ = WholeNumber::parse_months(&text);
        }
    }
}
