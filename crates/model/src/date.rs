//! Calendar dates as people write them: `JJ/MM/AAAA` or « 1er septembre 2031 », or ISO 8601 `AAAA-MM-JJ`.

use std::fmt;
use std::ops::RangeInclusive;

use serde::{Serialize, Serializer};
use thiserror::Error;

use crate::from_json::{Empty, FromText, from_text};
use crate::lenient::{is_dash, visible_text};
use crate::normalize;

/// Names of the months in normal form, in the order of the year.
const MONTHS: [&str; 12] = [
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
];
/// Shortest abbreviation of a month, in letters.
const MONTH_MIN: usize = 3;

/// A date that exists in the Gregorian calendar. It is shown and sent in ISO 8601.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// The text is not a date that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a calendar date")]
pub struct NotADate;

/// Last year that a date can have.
const LAST_YEAR: u16 = 9999;

/// Most bytes of a text that can be a date: more than twice « 1er septembre 2031 ».
const LONGEST: usize = 64;

impl Date {
    /// First day that a date can be.
    pub const FIRST: Self = Self { year: 0, month: 1, day: 1 };
    /// Last day that a date can be.
    pub const LAST: Self = Self { year: LAST_YEAR, month: 12, day: 31 };

    /// Makes a date of the calendar, years 0 to 9999.
    ///
    /// # Errors
    /// When the calendar has no such day.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, NotADate> {
        if year > LAST_YEAR || !(1..=days_in(year, month)).contains(&day) {
            return Err(NotADate);
        }
        Ok(Self { year, month, day })
    }

    /// Reads `31/12/2027`, also with dots, dashes or spaces, `31 décembre 2027` and `2027-12-31`. Days and months may
    /// lack leading zeros; the year has four digits, so that it is not taken for a day.
    ///
    /// # Errors
    /// When the text is of no such form, or the day does not exist.
    pub fn parse(text: &str) -> Result<Self, NotADate> {
        let text = visible_text(text);
        if text.len() > LONGEST {
            return Err(NotADate);
        }
        let (first, mark, rest) = part(&text);
        let (month, second_mark, last) = part(rest);
        let is_word = month.starts_with(char::is_alphabetic);
        // The dot of an abbreviation.
        let (second_mark, last) = match (is_word, second_mark, part(last)) {
            (true, '.', ("", after, last)) => (after, last),
            (true, '.', _) => (mark, last),
            _ => (second_mark, last),
        };
        if mark != second_mark {
            return Err(NotADate);
        }
        if first.len() == 4 && mark == '-' {
            return Self::new(number(first, 4..=4)?, small(month)?, small(last)?);
        }
        let day = if ["1er", "1ᵉʳ"].contains(&normalize::normalized(first).as_str()) { 1 } else { small(first)? };
        let month = if is_word { month_named(month).ok_or(NotADate)? } else { small(month)? };
        Self::new(number(last, 4..=4)?, month, day)
    }

    /// Returns the year of the common era.
    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }

    /// Returns the month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }

    /// Returns the day of the month, 1 to 31.
    #[must_use]
    pub fn day(self) -> u8 {
        self.day
    }

    /// Returns the day so many months later: of the same number, else the last of its month. None is after
    /// [`LAST`](Self::LAST).
    #[must_use]
    pub fn plus_months(self, months: u16) -> Self {
        let months = u32::from(self.year) * 12 + u32::from(self.month - 1) + u32::from(months);
        let (Ok(year), Ok(month)) = (u16::try_from(months / 12), u8::try_from(months % 12 + 1)) else {
            return Self::LAST;
        };
        if year > LAST_YEAR {
            return Self::LAST;
        }
        Self { year, month, day: self.day.min(days_in(year, month)) }
    }

    /// Returns the day so many days later. None is after [`LAST`](Self::LAST).
    #[must_use]
    pub fn plus_days(self, days: u32) -> Self {
        let Self { mut year, mut month, day } = self;
        let mut day = days.saturating_add(u32::from(day));
        loop {
            let length = days_in(year, month);
            if let Ok(day) = u8::try_from(day)
                && day <= length
            {
                return Self { year, month, day };
            }
            day -= u32::from(length);
            (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
            if year > LAST_YEAR {
                return Self::LAST;
            }
        }
    }

    /// Returns the day so many days earlier. None is before [`FIRST`](Self::FIRST).
    #[must_use]
    pub fn minus_days(self, days: u32) -> Self {
        let Self { mut year, mut month, day } = self;
        let (mut left, mut day) = (days, u32::from(day));
        while left >= day {
            left -= day;
            (year, month) = match (year, month) {
                (0, 1) => return Self::FIRST,
                (year, 1) => (year - 1, 12),
                (year, month) => (year, month - 1),
            };
            day = u32::from(days_in(year, month));
        }
        Self { year, month, day: u8::try_from(day - left).unwrap_or(1) }
    }

    /// Returns the number of days from this day to another; negative when the other is earlier.
    #[must_use]
    pub fn days_until(self, other: Self) -> i32 {
        other.day_number() - self.day_number()
    }

    /// Returns the number of days since a fixed one. A year begins in March here, so that the day that a leap year adds is its
    /// last.
    fn day_number(self) -> i32 {
        let (year, month) = match self.month {
            month @ ..3 => (i32::from(self.year), i32::from(month) + 9),
            month => (i32::from(self.year) + 1, i32::from(month) - 3),
        };
        // Five months of 153 days, in which the long and the short ones alternate.
        let in_year = (153 * month + 2) / 5 + i32::from(self.day) - 1;
        let before = year - 1;
        year * 365 + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400) + in_year
    }
}

/// Returns the number of days of a month; 0 for a month that does not exist.
fn days_in(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
}

/// Cuts a text after its first part, into the part, the mark after it and the rest. A space is a mark where there is no
/// other; without a mark, the part is the whole text.
fn part(text: &str) -> (&str, char, &str) {
    let is_mark = |c: char| c.is_whitespace() || is_dash(c) || matches!(c, '/' | '.');
    let Some((part, rest)) = text.find(is_mark).map(|end| text.split_at(end)) else { return (text, '\0', "") };
    let spaced = rest.trim_start();
    let mark = spaced.chars().next().filter(|c| is_mark(*c));
    let rest = mark.map_or(spaced, |mark| spaced[mark.len_utf8()..].trim_start());
    (part, mark.map_or(' ', |mark| if is_dash(mark) { '-' } else { mark }), rest)
}

/// Reads a number of exactly so many digits.
fn number(text: &str, digits: RangeInclusive<usize>) -> Result<u16, NotADate> {
    let written = digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if written { text.parse().map_err(|_| NotADate) } else { Err(NotADate) }
}

/// Reads the number of a day or a month.
fn small(text: &str) -> Result<u8, NotADate> {
    u8::try_from(number(text, 1..=2)?).map_err(|_| NotADate)
}

/// Returns the month that a name means. Accents do not count, and a beginning is enough if no other month has it.
fn month_named(name: &str) -> Option<u8> {
    let name = normalize::normalized(name);
    let mut meant = (1_u8..).zip(MONTHS).filter(|(_, month)| month.starts_with(&name));
    match (meant.next(), meant.next()) {
        (Some((month, _)), None) if name.len() >= MONTH_MIN => Some(month),
        _ => None,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Empty for Date {
    fn empty() -> Self {
        Self::FIRST
    }
}

from_text!(Date);

/// Reads ISO 8601 alone: programs exchange these dates.
impl FromText for Date {
    fn take_text(&mut self, text: &str) -> Result<(), &'static str> {
        let is_iso = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        *self = Self::parse(text).ok().filter(|_| is_iso).ok_or("not a date in ISO 8601")?;
        Ok(())
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Date {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{KnownFormat, SchemaFormat, Type};
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Date {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_day_is_read_however_it_is_written() {
        for text in [
            "01/09/2027",
            "2027-09-01",
            "2027-9-1",
            "1/9/2027",
            "1/09/2027",
            "01/9/2027",
            "01.09.2027",
            "1.9.2027",
            "01-09-2027",
            "1-9-2027",
            "01 09 2027",
            "1 9 2027",
            "01\u{a0}09\u{202f}2027",
            "01 / 09 / 2027",
            "01. 09. 2027",
            "01\u{2011}09\u{2013}2027",
            "1er/09/2027",
            "1er septembre 2027",
            "1ER SEPTEMBRE 2027",
            "1ᵉʳ septembre 2027",
            "1 septembre 2027",
            "01 Septembre 2027",
            "1er sept. 2027",
            "1er sept 2027",
            "1 sept.2027",
            "1-sept-2027",
            "1-sept.-2027",
            " 01/09/2027\u{200b} ",
            "\u{200e}01/\u{ad}09/20\u{2060}27",
        ] {
            assert_eq!(Date::parse(text).map(|date| date.to_string()).as_deref(), Ok("2027-09-01"), "{text:?}");
        }
    }

    #[test]
    fn months_are_read_with_and_without_accents_in_full_and_abbreviated() {
        for (month, names) in [
            (1, &["janvier", "JANVIER", "janv.", "jan"][..]),
            (2, &["février", "fevrier", "FÉVRIER", "fe\u{301}vrier", "févr.", "fév", "fev."]),
            (3, &["mars", "Mars", "mar."]),
            (4, &["avril", "avr."]),
            (5, &["mai"]),
            (6, &["juin"]),
            (7, &["juillet", "juil.", "juill."]),
            (8, &["août", "aout", "AOÛT", "aoû."]),
            (9, &["septembre", "sept.", "sep"]),
            (10, &["octobre", "oct."]),
            (11, &["novembre", "nov."]),
            (12, &["décembre", "DECEMBRE", "déc.", "dec"]),
        ] {
            for name in names {
                assert_eq!(Date::parse(&format!("3 {name} 2031")), Date::new(2031, month, 3), "{name}");
            }
        }
        for name in ["jui", "ju.", "ma", "j", "septembres", "september", "brumaire", "9e", "sept,", "mars avril"] {
            assert_eq!(Date::parse(&format!("3 {name} 2031")), Err(NotADate), "{name}");
        }
    }

    #[test]
    fn only_days_that_exist_are_dates() {
        for text in ["29/02/2028", "29/02/2000", "31/12/2027", "2027-01-31"] {
            assert!(Date::parse(text).is_ok(), "{text}");
        }
        for text in ["29/02/2027", "29/02/2100", "31/04/2027", "00/01/2027", "01/00/2027", "01/13/2027", "32/01/2027"] {
            assert!(Date::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn other_forms_are_not_dates() {
        for text in [
            "",
            "demain",
            "01/09/27",
            "1/9/27",
            "2027/09/01",
            "2027.09.01",
            "2027 09 01",
            "01/09/2027/",
            "/01/09/2027",
            "01//09/2027",
            "01/09-2027",
            "01/09 2027",
            "001/09/2027",
            "01/009/2027",
            "01/09/02027",
            "20270901",
            "01092027",
            "٠١/٠٩/٢٠٢٧",
            "+1/09/2027",
            "-1/09/2027",
            "2er septembre 2027",
            "31er janvier 2027",
            "1e septembre 2027",
            "er septembre 2027",
            "1er 2027",
            "septembre 2027",
            "1er septembre",
            "2027-septembre",
            "2027-1er-01",
            "1 1er 2027",
            "0 septembre 2027",
            "31 septembre 2027",
            "1er septembre 2027 matin",
            "1er/septembre 2027",
            "2027-09-01T00:00:00Z",
        ] {
            assert!(Date::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn dates_order_by_the_calendar() {
        assert!(Date::parse("31/12/2026").unwrap() < Date::parse("01/01/2027").unwrap());
    }

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn a_month_later_is_the_same_number_or_the_last_of_its_month() {
        for (from, months, to) in [
            ("2027-01-14", 2, "2027-03-14"),
            ("2026-12-31", 2, "2027-02-28"),
            ("2027-12-31", 2, "2028-02-29"),
            ("2027-01-31", 1, "2027-02-28"),
            ("2027-11-30", 1, "2027-12-30"),
            ("2027-11-30", 2, "2028-01-30"),
            ("2027-06-15", 0, "2027-06-15"),
            ("2027-06-15", 24, "2029-06-15"),
            ("9999-12-01", 1, "9999-12-31"),
        ] {
            assert_eq!(day(from).plus_months(months).to_string(), to, "{from} {months}");
        }
    }

    #[test]
    fn days_are_counted_over_months_and_leap_years() {
        for (from, days, to) in [
            ("2027-03-14", 10, "2027-03-24"),
            ("2028-02-28", 1, "2028-02-29"),
            ("2027-02-28", 1, "2027-03-01"),
            ("2026-12-31", 365, "2027-12-31"),
            ("2000-01-01", 366, "2001-01-01"),
            ("0000-01-01", 366, "0001-01-01"),
        ] {
            assert_eq!(day(from).plus_days(days).to_string(), to, "{from} {days}");
            assert_eq!(day(from).days_until(day(to)), i32::try_from(days).unwrap(), "{from} {to}");
        }
        assert_eq!(Date::LAST.plus_days(1), Date::LAST);
        assert_eq!((Date::FIRST.minus_days(1), day("0000-02-01").minus_days(u32::MAX)), (Date::FIRST, Date::FIRST));
        assert_eq!(Date::LAST.plus_months(u16::MAX), Date::LAST);
        assert_eq!(Date::FIRST.plus_days(u32::MAX), Date::LAST);
    }

    #[test]
    fn programs_write_dates_in_iso_8601_alone() {
        let read = |json| serde_json::from_str::<Dated>(json).map(|dated| dated.on.to_string());
        assert_eq!(read(r#"{"on": "2027-01-25"}"#).unwrap(), "2027-01-25");
        for json in [r#"{"on": "25/01/2027"}"#, r#"{"on": "2027-1-25"}"#, r#"{"on": "2027-02-29"}"#, r#"{"on": ""}"#] {
            assert!(read(json).is_err(), "{json}");
        }
    }

    #[derive(habilitation_model_derive::FromJson)]
    struct Dated {
        on: Date,
    }

    proptest! {
        #[test]
        fn days_forward_are_days_apart(year in 0_u16..=9000, month in 1_u8..=12, day in 1_u8..=28, days in 0_u32..=100_000) {
            let from = Date::new(year, month, day).unwrap();
            prop_assert_eq!(from.days_until(from.plus_days(days)), i32::try_from(days).unwrap());
            prop_assert_eq!(from.plus_days(days).minus_days(days), from);
        }

        #[test]
        fn a_date_reads_back_what_it_writes(year in 0_u16..=9999, month in 0_u8..=13, day in 0_u8..=32) {
            if let Ok(date) = Date::new(year, month, day) {
                prop_assert_eq!(Date::parse(&date.to_string()), Ok(date));
                prop_assert_eq!(Date::parse(&format!("{day:02}/{month:02}/{year:04}")), Ok(date));
            }
        }

        #[test]
        fn reading_never_panics(text in "[0-9/\\-é ]{0,12}") {
            let _ = Date::parse(&text);
        }
    }
}
