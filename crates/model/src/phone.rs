//! Telephone numbers, read as people write them and kept in E.164 (ITU-T).
//!
//! French numbers belong to one of several country codes, told by their prefix. The prefixes follow the French
//! numbering plan loosely, as libphonenumber 9 does: blocks change, so nothing finer is checked.

use std::fmt;

use serde::Serialize;
use thiserror::Error;

use crate::lenient::{is_dash, strip_prefix_ignoring_case, unbracketed, visible_text};

/// Example for messages about any phone, from the block kept for fiction.
pub const EXAMPLE: &str = "01 99 00 12 34";
/// Example for messages about a mobile phone, from the block kept for fiction.
pub const MOBILE_EXAMPLE: &str = "06 39 98 12 34";

/// A number in E.164: `+`, a country code and a national number, 15 digits at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Phone(String);

/// The text is not a phone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a phone number")]
pub struct NotAPhone;

/// Country code of French territory, with the length of its numbers and the prefixes of mobile ones.
struct Territory {
    code: &'static str,
    lengths: &'static [usize],
    /// Set where numbers begin with a 0 when they are dialled from within.
    trunk_zero: bool,
    /// Prefixes of mobile numbers, and those among them that are not.
    mobile: &'static [&'static str],
    not_mobile: &'static [&'static str],
}

impl Territory {
    /// Returns whether a national number has the length of the plan. Numbers of nine digits are dialled with a leading
    /// 0, so they begin with none.
    fn has(&self, national: &str) -> bool {
        self.lengths.contains(&national.len()) && !(national.len() == 9 && national.starts_with('0'))
    }

    /// Returns a number as it is dialled from abroad: without its leading 0, unless it is right as it is.
    fn without_trunk_zero<'a>(&self, national: &'a str) -> &'a str {
        if !self.trunk_zero || self.has(national) {
            return national;
        }
        let abroad = national.strip_prefix('0').unwrap_or(national);
        // At home, its own code is a part of its numbers.
        match abroad.strip_prefix(SAINT_PIERRE) {
            Some(number) if self.code == SAINT_PIERRE && abroad != national => number,
            _ => abroad,
        }
    }

    fn is_mobile(&self, national: &str) -> bool {
        let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| national.starts_with(prefix));
        if self.code == "508" && national.len() == 6 {
            return !national.starts_with(['0', '1']);
        }
        begins(self.mobile) && !begins(self.not_mobile)
    }
}

/// Code of Saint-Pierre-et-Miquelon.
const SAINT_PIERRE: &str = "508";

/// Country codes, none of which begins another: the first match is the only one.
const TERRITORIES: [Territory; 9] = [
    Territory {
        code: "33",
        lengths: &[9],
        trunk_zero: true,
        mobile: &["6", "7"],
        not_mobile: &["700", "701", "702", "703", "704", "705", "706", "707", "708"],
    },
    Territory { code: "590", lengths: &[9], trunk_zero: true, mobile: &["690", "691", "7090"], not_mobile: &[] },
    Territory {
        code: "594",
        lengths: &[9],
        trunk_zero: true,
        mobile: &["694", "70930", "70931", "70932", "70933"],
        not_mobile: &[],
    },
    Territory { code: "596", lengths: &[9], trunk_zero: true, mobile: &["696", "697", "7091"], not_mobile: &[] },
    Territory {
        code: "262",
        lengths: &[9],
        trunk_zero: true,
        mobile: &["639", "692", "693", "7092", "70935", "70936", "70937"],
        not_mobile: &[],
    },
    Territory { code: SAINT_PIERRE, lengths: &[6, 9], trunk_zero: true, mobile: &["708"], not_mobile: &[] },
    Territory { code: "687", lengths: &[6], trunk_zero: false, mobile: &["5", "7", "8", "9"], not_mobile: &[] },
    Territory { code: "689", lengths: &[8], trunk_zero: false, mobile: &["87", "88", "89"], not_mobile: &[] },
    Territory { code: "681", lengths: &[6], trunk_zero: false, mobile: &["72", "82", "83"], not_mobile: &[] },
];

/// Country codes of national numbers by their first digits after the 0; the first match counts, else 33.
const NATIONAL_PREFIXES: [(&str, &str); 21] = [
    // Kept for fiction in mainland France, within a prefix of Réunion and Mayotte.
    ("63998", "33"),
    ("590", "590"),
    ("690", "590"),
    ("691", "590"),
    ("594", "594"),
    ("694", "594"),
    ("596", "596"),
    ("696", "596"),
    ("697", "596"),
    ("262", "262"),
    ("263", "262"),
    ("269", "262"),
    ("639", "262"),
    ("692", "262"),
    ("693", "262"),
    ("7090", "590"),
    ("7091", "596"),
    ("7092", "262"),
    ("70935", "262"),
    ("70936", "262"),
    ("70937", "262"),
];
const NATIONAL_PREFIXES_GUIANA: [&str; 4] = ["70930", "70931", "70932", "70933"];

impl Phone {
    /// Reads a national number (`01 99 00 12 34`) or one with a country code.
    ///
    /// Country codes may be written `+262 692 12 34 56`, `0033…`, `+33 (0)6…` or `+33 06…`. Spaces, dots, dashes, parentheses,
    /// invisible characters and `tel:` are dropped. A number with an extension is refused: E.164 cannot hold it.
    ///
    /// # Errors
    /// When the text is no number of any plan that is known here.
    pub fn parse(text: &str) -> Result<Self, NotAPhone> {
        let text = visible_text(text);
        let text = unbracketed(&text);
        let text =
            strip_prefix_ignoring_case("tel:", text).map_or(text, |linked| linked.strip_prefix("//").unwrap_or(linked));
        let written: String = text.chars().filter(|c| !(c.is_whitespace() || is_dash(*c) || *c == '.')).collect();
        let without_trunk_zero = if ["+", "(+", "00", "(00"].iter().any(|start| written.starts_with(start)) {
            without_first_trunk_zero(&written)
        } else {
            written
        };
        let dialled: String = without_trunk_zero.chars().filter(|c| !matches!(c, '(' | ')')).collect();
        let international = dialled.strip_prefix('+').or_else(|| dialled.strip_prefix("00"));
        let digits_only = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        match international {
            Some(number) if digits_only(number) => Self::from_international(number),
            None if digits_only(&dialled) => Self::from_national(&dialled),
            _ => Err(NotAPhone),
        }
    }

    fn from_international(number: &str) -> Result<Self, NotAPhone> {
        let known = TERRITORIES.iter().find_map(|territory| Some((territory, number.strip_prefix(territory.code)?)));
        let (code, national, right) = match known {
            Some((territory, national)) => {
                let national = territory.without_trunk_zero(national);
                (territory.code, national, territory.has(national))
            }
            None => ("", number, (7..=15).contains(&number.len()) && !number.starts_with('0')),
        };
        if right { Ok(Self::of(code, national)) } else { Err(NotAPhone) }
    }

    fn from_national(number: &str) -> Result<Self, NotAPhone> {
        let national = number.strip_prefix('0').filter(|rest| rest.len() == 9 && !rest.starts_with('0'));
        let national = national.ok_or(NotAPhone)?;
        if let Some(number) = national.strip_prefix(SAINT_PIERRE) {
            return Ok(Self::of(SAINT_PIERRE, number));
        }
        let code = if NATIONAL_PREFIXES_GUIANA.iter().any(|prefix| national.starts_with(prefix)) {
            "594"
        } else {
            NATIONAL_PREFIXES.iter().find(|(prefix, _)| national.starts_with(prefix)).map_or("33", |(_, code)| code)
        };
        Ok(Self::of(code, national))
    }

    fn of(code: &str, national: &str) -> Self {
        Self(["+", code, national].concat())
    }

    /// Returns whether the phone can receive a text message: a mobile number of French territory.
    #[must_use]
    pub fn is_mobile(&self) -> bool {
        TERRITORIES.iter().any(|territory| {
            self.0[1..].strip_prefix(territory.code).is_some_and(|national| territory.is_mobile(national))
        })
    }

    /// Returns the number in E.164.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A phone that can receive a text message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct MobilePhone(Phone);

impl MobilePhone {
    /// Returns the number, if it is a mobile one.
    #[must_use]
    pub fn new(phone: Phone) -> Option<Self> {
        phone.is_mobile().then_some(Self(phone))
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns a number without its first `(0)`, the trunk prefix that is not dialled from abroad.
fn without_first_trunk_zero(written: &str) -> String {
    let zero = b"(0)";
    match written.as_bytes().windows(zero.len()).position(|part| part == zero) {
        Some(start) => {
            let (before, after) = written.split_at(start);
            [before, after.get(zero.len()..).unwrap_or_default()].concat()
        }
        None => written.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn e164(text: &str) -> Option<String> {
        Phone::parse(text).ok().map(|phone| phone.0)
    }

    #[test]
    fn national_numbers_get_the_country_code_of_their_prefix() {
        for (text, expected) in [
            ("01 99 00 12 34", "+33199001234"),
            ("06.39.98.12.34", "+33639981234"),
            ("(0)6 39 98 12 34", "+33639981234"),
            ("06-12-34-56-78", "+33612345678"),
            ("0590 12 34 56", "+590590123456"),
            ("0690123456", "+590690123456"),
            ("0691123456", "+590691123456"),
            ("0594123456", "+594594123456"),
            ("0694123456", "+594694123456"),
            ("0596123456", "+596596123456"),
            ("0696123456", "+596696123456"),
            ("0697123456", "+596697123456"),
            ("0262123456", "+262262123456"),
            ("0263123456", "+262263123456"),
            ("0269123456", "+262269123456"),
            ("0639123456", "+262639123456"),
            ("0639981234", "+33639981234"),
            ("0692123456", "+262692123456"),
            ("0693123456", "+262693123456"),
            ("0709012345", "+590709012345"),
            ("0709112345", "+596709112345"),
            ("0709212345", "+262709212345"),
            ("0709301234", "+594709301234"),
            ("0709331234", "+594709331234"),
            ("0709341234", "+33709341234"),
            ("0709351234", "+262709351234"),
            ("0709371234", "+262709371234"),
            ("0709381234", "+33709381234"),
            ("0801234567", "+33801234567"),
            ("0508 55 12 34", "+508551234"),
            ("0508551234", "+508551234"),
            ("0508 01 12 34", "+508011234"),
            ("0507123456", "+33507123456"),
            ("0509123456", "+33509123456"),
            ("(0)1 99 00 12 34", "+33199001234"),
        ] {
            assert_eq!(e164(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn numbers_with_a_country_code_are_read_however_they_are_written() {
        for (text, expected) in [
            ("+33 6 39 98 12 34", "+33639981234"),
            ("(+33) 6 39 98 12 34", "+33639981234"),
            ("+33(0)639981234", "+33639981234"),
            ("(+33)(0)6 39 98 12 34", "+33639981234"),
            ("0033639981234", "+33639981234"),
            ("0033 (0)6 39 98 12 34", "+33639981234"),
            ("+262 692 12 34 56", "+262692123456"),
            ("+508 41 12 34", "+508411234"),
            ("+508708123456", "+508708123456"),
            ("+687 75 12 34", "+687751234"),
            ("+689 87 12 34 56", "+68987123456"),
            ("+681 82 12 34", "+681821234"),
            ("+44 7700 900123", "+447700900123"),
            ("+1 202 555 0123", "+12025550123"),
            ("+\u{a0}33\u{202f}1 99 00 12 34", "+33199001234"),
            ("+33 01 99 00 12 34", "+33199001234"),
            ("0033 01 99 00 12 34", "+33199001234"),
            ("(+33) 01 99 00 12 34", "+33199001234"),
            ("+33 (01) 99 00 12 34", "+33199001234"),
            ("+33.0.1.99.00.12.34", "+33199001234"),
            ("+262 0692 12 34 56", "+262692123456"),
            ("00262 0692 12 34 56", "+262692123456"),
            ("+262 (0)692 12 34 56", "+262692123456"),
            ("+590 0690 12 34 56", "+590690123456"),
            ("+594 0694 12 34 56", "+594694123456"),
            ("+596 0696 12 34 56", "+596696123456"),
            ("+508 055 12 34", "+508551234"),
            ("+508 0 55 12 34", "+508551234"),
            ("+508 (0)55 12 34", "+508551234"),
            ("+508 0508 55 12 34", "+508551234"),
            ("00508 0508 55 12 34", "+508551234"),
            ("+508 0708 12 34 56", "+508708123456"),
            ("+508 01 12 34", "+508011234"),
            ("tel:+33199001234", "+33199001234"),
            ("<tel:0199001234>", "+33199001234"),
            ("tel://0199001234", "+33199001234"),
            ("tel:+33-1-99-00-12-34", "+33199001234"),
            ("TEL: 01 99 00 12 34", "+33199001234"),
            ("+33 1\u{2212}99\u{2011}00 12 34", "+33199001234"),
            ("\u{202a}+33 1 99 00 12 34\u{202c}", "+33199001234"),
            ("01\u{ad}99\u{200b}00\u{2060}12\u{200d}34\u{fe0d}", "+33199001234"),
        ] {
            assert_eq!(e164(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_no_plan_has_is_refused() {
        for text in [
            "",
            "0",
            "+",
            "00",
            "06 39 98 12 3",
            "06 39 98 12 345",
            "+33 6 39 98 12 3",
            "+33 006 39 98 12 34",
            "+33 0 6 39 98 12 3",
            "+33 6 39 98 12 345",
            "+687 0 75 12 34",
            "+689 0 87 12 34 56",
            "+681 0 82 12 34",
            "01 99 00 12 34 poste 56",
            "01 99 00 12 34 p. 56",
            "01 99 00 12 34 ext 56",
            "01 99 00 12 34 ext. 56",
            "01 99 00 12 34 #56",
            "01 99 00 12 34 x56",
            "01 99 00 12 34, 56",
            "01 99 00 12 34 (56)",
            "01 99 00 12 34/56",
            "tel:+33-1-99-00-12-34;ext=56",
            "+33 1 99 00 12 34 poste 56",
            "poste 56",
            "tel:",
            "mailto:0199001234",
            "01 99 00 12\u{7} 34",
            "+590 12",
            "+508 41 12 3",
            "+508 41 12 34 5",
            "+687 75 12 3",
            "+689 87 12 34",
            "+681 82 12 345",
            "+0 123 456 789",
            "+44 1234",
            "+44 1234567890 12345",
            "1 99 00 12 34",
            "allô",
            "06 39 98 12 3a",
            "36 39",
            "++33639981234",
            "٠٦٣٩٩٨١٢٣٤",
        ] {
            assert_eq!(e164(text), None, "{text:?}");
        }
    }

    #[test]
    fn other_countries_have_seven_to_fifteen_digits() {
        assert!(Phone::parse("+4412345").is_ok());
        assert!(Phone::parse("+441234").is_err());
        assert!(Phone::parse("+441234567890123").is_ok());
        assert!(Phone::parse("+4412345678901234").is_err());
    }

    #[test]
    fn mobile_numbers_of_every_territory_are_known() {
        for text in [
            "06 39 98 12 34",
            "+33 6 39 98 12 34",
            "(+33) 6 39 98 12 34",
            "+33(0)639981234",
            "0033639981234",
            "+262 692 12 34 56",
            "0692123456",
            "+689 87 12 34 56",
            "07 12 34 56 78",
            "0508 55 12 34",
            "+508 0508 55 12 34",
            "0709941234",
            "0690123456",
            "0694123456",
            "0697123456",
            "0639123456",
            "0709112345",
            "0709301234",
            "0709361234",
            "+508 41 12 34",
            "+508 55 12 34",
            "+508 708 12 34 56",
            "+687 51 12 34",
            "+687 95 12 34",
            "+681 72 12 34",
            "+681 83 12 34",
        ] {
            assert!(Phone::parse(text).unwrap().is_mobile(), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_not_mobile() {
        for text in [
            "01 23 45 67 89",
            "0700123456",
            "0708123456",
            "+44 7700 900123",
            "0590123456",
            "0262123456",
            "0801234567",
            "+508 01 12 34",
            "+508 12 34 56",
            "0508 01 12 34",
            "0508 12 34 56",
            "+508 508 12 34 56",
            "+687 25 12 34",
            "+689 40 12 34 56",
            "+681 50 12 34",
        ] {
            assert!(!Phone::parse(text).unwrap().is_mobile(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn separators_change_nothing(digits in "0[1-9][0-9]{8}", separators in proptest::collection::vec("[ .\u{a0}\u{202f}()-]{0,2}", 11)) {
            let plain = e164(&digits);
            prop_assert!(plain.is_some());
            let written: String = separators.iter().zip(digits.chars().map(Some).chain([None]))
                .flat_map(|(separator, digit)| separator.chars().chain(digit)).collect();
            prop_assume!(!written.contains("(0)"));
            prop_assert_eq!(e164(&written), plain);
        }

        #[test]
        fn what_is_read_reads_back_the_same(text in "[+0-9 ().-]{0,20}") {
            if let Ok(phone) = Phone::parse(&text) {
                prop_assert!(phone.0.len() <= 16);
                prop_assert_eq!(Phone::parse(phone.as_str()), Ok(phone.clone()));
            }
        }

        #[test]
        fn reading_never_panics(text in any::<String>()) {
            if let Ok(phone) = Phone::parse(&text) {
                let _ = phone.is_mobile();
            }
        }
    }
}
