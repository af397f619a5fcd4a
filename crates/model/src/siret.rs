//! SIRET numbers: the register number of an establishment.

use serde::Serialize;
use thiserror::Error;

use crate::lenient::{is_dash, visible_text};

/// Example for messages. It is made up, and its key is right.
pub const EXAMPLE: &str = "217 501 267 00017";
/// SIREN of La Poste, which numbers its establishments by a rule of its own.
const LA_POSTE: &str = "356000000";

/// Number of digits of a SIREN.
const SIREN_LENGTH: usize = 9;

/// Number of fourteen digits whose key is right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Siret(String);

/// The text is not a SIRET number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a SIRET number")]
pub struct NotASiret;

impl Siret {
    /// Reads 14 digits; spaces, dashes, dots and invisible characters are dropped. The key is Luhn's; for the SIREN of
    /// La Poste, the sum of the digits is a multiple of 5. The SIREN of zeros is refused.
    ///
    /// # Errors
    /// When the text breaks the rule.
    pub fn parse(text: &str) -> Result<Self, NotASiret> {
        let digits: String =
            visible_text(text).chars().filter(|c| !(c.is_whitespace() || is_dash(*c) || *c == '.')).collect();
        if digits.len() != 14 || !digits.bytes().all(|b| b.is_ascii_digit()) || digits.starts_with("000000000") {
            return Err(NotASiret);
        }
        let values = || digits.bytes().map(|b| u32::from(b - b'0'));
        let luhn: u32 = values()
            .enumerate()
            .map(|(index, digit)| match index % 2 {
                0 if digit > 4 => digit * 2 - 9,
                0 => digit * 2,
                _ => digit,
            })
            .sum();
        let la_poste = digits.starts_with(LA_POSTE) && values().sum::<u32>().is_multiple_of(5);
        if luhn.is_multiple_of(10) || la_poste { Ok(Self(digits)) } else { Err(NotASiret) }
    }

    /// Returns the fourteen digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the first nine digits: the number of the organisation (SIREN).
    #[must_use]
    pub fn siren(&self) -> &str {
        self.0.get(..SIREN_LENGTH).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_stands_between_the_digits_is_dropped() {
        for text in [
            "21750126700017",
            EXAMPLE,
            "217\u{a0}501\u{202f}267 00017",
            " 2175 0126 7000 17 ",
            "217-501-267-00017",
            "217.501.267.00017",
            "217 501 267 - 00017",
            "217\u{2011}501\u{2013}267\u{2212}00017",
            "\u{feff}217\u{200b}501\u{ad}26700017\u{fe0f}",
        ] {
            assert_eq!(Siret::parse(text).unwrap().as_str(), "21750126700017", "{text:?}");
        }
    }

    #[test]
    fn the_key_and_the_length_must_be_right() {
        for text in [
            "",
            "2175012670001",
            "217501267000170",
            "21750126700018",
            "2175012670001A",
            "217_501_267_00017",
            "217/501/267/00017",
            "217,501,267,00017",
            "-",
            "２１７５０１２６７０００１７",
        ] {
            assert_eq!(Siret::parse(text), Err(NotASiret), "{text:?}");
        }
    }

    #[test]
    fn la_poste_may_use_its_own_key_but_nobody_else() {
        assert!(Siret::parse("35600000000048").is_ok(), "Luhn");
        assert!(Siret::parse("35600000000001").is_ok(), "sum 15");
        assert!(Siret::parse("35600000000002").is_err(), "sum 16");
        assert!(Siret::parse("21750126700027").is_err(), "not La Poste");
    }

    #[test]
    fn the_siren_of_zeros_is_refused() {
        assert!(Siret::parse("00000000000000").is_err());
        assert!(Siret::parse("00000000000018").is_err());
    }

    proptest! {
        #[test]
        fn exactly_one_key_digit_is_right(body in "[1-24-9][0-9]{12}") {
            let right = (0..10).filter(|key| Siret::parse(&format!("{body}{key}")).is_ok()).count();
            prop_assert_eq!(right, 1);
        }

        #[test]
        fn one_wrong_digit_is_always_found(body in "[1-24-9][0-9]{12}", index in 0_usize..14, shift in 1_u8..10) {
            let right = (0..10).map(|key| format!("{body}{key}")).find(|text| Siret::parse(text).is_ok()).unwrap();
            let mut digits = right.into_bytes();
            digits[index] = b'0' + (digits[index] - b'0' + shift) % 10;
            let wrong = String::from_utf8(digits).unwrap();
            prop_assume!(!wrong.starts_with(LA_POSTE));
            prop_assert!(Siret::parse(&wrong).is_err());
        }

        #[test]
        fn reading_never_panics(text in any::<String>()) {
            let _ = Siret::parse(&text);
        }
    }
}
