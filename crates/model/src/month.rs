//! Months of the calendar, by which statistics are told.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::date::Date;
use crate::from_json::{Empty, FromText, from_text};

/// Months of a year.
const YEAR: u32 = 12;

/// Month of the calendar, written `2026-11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    year: u16,
    month: u8,
}

impl Month {
    /// Returns the month of a day.
    #[must_use]
    pub fn of(day: Date) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    /// Returns the first month of a year.
    #[must_use]
    pub fn first_of(year: u16) -> Self {
        Self { year, month: 1 }
    }

    /// Returns the last month of a year.
    #[must_use]
    pub fn last_of(year: u16) -> Self {
        Self { year, month: 12 }
    }

    /// Reads `2026-11`; there is no other way to write it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_exact = text.len() == 7 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        Date::parse(&[text, "-01"].concat()).ok().filter(|_| is_exact).map(Self::of)
    }

    /// Returns the year of the common era.
    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }

    /// Returns the month of the year, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }

    /// Returns the month so many months earlier, or the first of all.
    #[must_use]
    pub fn minus(self, months: u32) -> Self {
        Self::at(self.number().saturating_sub(months))
    }

    /// Returns the number of months from this one to another one, both included; none where the other is earlier.
    #[must_use]
    pub fn count_to(self, last: Self) -> Option<u32> {
        last.number().checked_sub(self.number()).map(|months| months + 1)
    }

    /// Returns the months from this one to another one, both included.
    pub fn to(self, last: Self) -> impl Iterator<Item = Self> {
        (self.number()..=last.number()).map(Self::at)
    }

    /// Returns the number of months since the first one that a date can have.
    fn number(self) -> u32 {
        u32::from(self.year) * YEAR + u32::from(self.month) - 1
    }

    fn at(number: u32) -> Self {
        let year = u16::try_from(number / YEAR).unwrap_or(u16::MAX);
        Self { year, month: u8::try_from(number % YEAR).unwrap_or_default() + 1 }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Empty for Month {
    fn empty() -> Self {
        Self::of(Date::FIRST)
    }
}

from_text!(Month);

impl FromText for Month {
    fn take_text(&mut self, text: &str) -> Result<(), &'static str> {
        *self = Self::parse(text).ok_or("not a month")?;
        Ok(())
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Month {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some("^[0-9]{4}-(0[1-9]|1[0-2])$"))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Month {}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        Month::parse(text).unwrap()
    }

    #[test]
    fn a_month_is_read_as_it_is_written_and_in_no_other_way() {
        for text in ["0000-01", "2026-11", "2027-12", "9999-12"] {
            assert_eq!(month(text).to_string(), text);
        }
        for text in
            ["", "2026", "2026-1", "2026-13", "2026-00", "11-2026", "2026/11", "2026-11-", "2026-11-01", "+026-11"]
        {
            assert_eq!(Month::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn months_are_counted_over_years() {
        let (from, to) = (month("2026-11"), month("2027-02"));
        let all: Vec<String> = from.to(to).map(|month| month.to_string()).collect();
        assert_eq!(all, ["2026-11", "2026-12", "2027-01", "2027-02"]);
        assert_eq!((from.count_to(to), from.count_to(from), to.count_to(from)), (Some(4), Some(1), None));
        assert_eq!((to.minus(3), to.minus(0), month("0000-03").minus(9)), (from, to, month("0000-01")));
        assert_eq!(Month::of(Date::parse("2026-11-30").unwrap()), from);
    }
}
