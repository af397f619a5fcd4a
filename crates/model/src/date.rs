//! Calendar dates as people write them: `JJ/MM/AAAA`, or ISO 8601 `AAAA-MM-JJ`.

use std::fmt;

use serde::{Serialize, Serializer};
use thiserror::Error;

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

impl Date {
    /// The first day that a date can name.
    pub const FIRST: Self = Self { year: 0, month: 1, day: 1 };

    /// A date of the calendar, years 0 to 9999.
    ///
    /// # Errors
    /// When the calendar has no such day.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, NotADate> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return Err(NotADate),
        };
        if year > 9999 || !(1..=days).contains(&day) {
            return Err(NotADate);
        }
        Ok(Self { year, month, day })
    }

    /// Reads `31/12/2027` or `2027-12-31`, all digits written.
    ///
    /// # Errors
    /// When the text is of neither form, or the day does not exist.
    pub fn parse(text: &str) -> Result<Self, NotADate> {
        let mut slashed = text.split('/');
        let (year, month, day) = match (slashed.next(), slashed.next(), slashed.next(), slashed.next()) {
            (Some(day), Some(month), Some(year), None) => (year, month, day),
            _ => {
                let mut dashed = text.split('-');
                match (dashed.next(), dashed.next(), dashed.next(), dashed.next()) {
                    (Some(year), Some(month), Some(day), None) => (year, month, day),
                    _ => return Err(NotADate),
                }
            }
        };
        let number = |text: &str, digits: usize| {
            let written = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
            if written { text.parse::<u16>().map_err(|_| NotADate) } else { Err(NotADate) }
        };
        let small = |text| number(text, 2).and_then(|n| u8::try_from(n).map_err(|_| NotADate));
        Self::new(number(year, 4)?, small(month)?, small(day)?)
    }

    /// Year of the common era.
    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }

    /// Month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }

    /// Day of the month, 1 to 31.
    #[must_use]
    pub fn day(self) -> u8 {
        self.day
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_written_forms_are_read() {
        for text in ["01/09/2027", "2027-09-01"] {
            assert_eq!(Date::parse(text).unwrap().to_string(), "2027-09-01", "{text}");
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
            "1/9/2027",
            "01/09/27",
            "01-09-2027",
            "2027/09/01",
            "01/09/2027/",
            "20270901",
            "٠١/٠٩/٢٠٢٧",
            "+1/09/2027",
        ] {
            assert!(Date::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn dates_order_by_the_calendar() {
        assert!(Date::parse("31/12/2026").unwrap() < Date::parse("01/01/2027").unwrap());
    }

    proptest! {
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
