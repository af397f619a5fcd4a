//! Moments in local time.

#[cfg(target_arch = "wasm32")]
pub use browser::{Moment, now};
#[cfg(not(target_arch = "wasm32"))]
pub use stand_in::{Moment, now, set_now};

#[cfg(target_arch = "wasm32")]
mod browser {
    use js_sys::Date;

    /// Returns the milliseconds since 1970.
    #[must_use]
    pub fn now() -> f64 {
        Date::now()
    }

    /// Moment of the browser's clock.
    pub struct Moment(Date);

    impl Moment {
        /// Returns the current moment.
        #[must_use]
        pub fn now() -> Self {
            Self(Date::new_0())
        }

        /// Returns the moment of a number of milliseconds since 1970.
        #[must_use]
        pub fn at(milliseconds: f64) -> Self {
            Self(Date::new(&milliseconds.into()))
        }

        /// Parses an RFC 3339 moment.
        #[must_use]
        pub fn parse(rfc3339: &str) -> Option<Self> {
            let moment = Self(Date::new(&rfc3339.into()));
            (!moment.milliseconds().is_nan()).then_some(moment)
        }

        /// Returns the milliseconds since 1970.
        #[must_use]
        pub fn milliseconds(&self) -> f64 {
            self.0.get_time()
        }

        /// Returns whether both moments are on the same local day.
        #[must_use]
        pub fn is_same_day(&self, other: &Self) -> bool {
            self.0.to_date_string() == other.0.to_date_string()
        }

        /// Returns the local year.
        #[must_use]
        pub fn year(&self) -> u32 {
            self.0.get_full_year()
        }

        /// Returns the local month, from 1 to 12.
        #[must_use]
        pub fn month(&self) -> u32 {
            self.0.get_month() + 1
        }

        /// Returns the local day of the month.
        #[must_use]
        pub fn day(&self) -> u32 {
            self.0.get_date()
        }

        /// Returns the local hour.
        #[must_use]
        pub fn hour(&self) -> u32 {
            self.0.get_hours()
        }

        /// Returns the minute.
        #[must_use]
        pub fn minute(&self) -> u32 {
            self.0.get_minutes()
        }

        /// Returns the moment in UTC (RFC 3339, with milliseconds).
        #[must_use]
        pub fn rfc3339(&self) -> String {
            self.0.to_iso_string().into()
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod stand_in {
    use std::cell::Cell;

    thread_local! {
        static NOW: Cell<u64> = const { Cell::new(0) };
    }

    const DAY: u64 = 86_400_000;

    /// Sets the current moment of this thread, in milliseconds since 1970.
    pub fn set_now(milliseconds: u64) {
        NOW.set(milliseconds);
    }

    /// Returns the milliseconds since 1970.
    #[must_use]
    pub fn now() -> f64 {
        Moment::now().milliseconds()
    }

    /// Moment in UTC, in milliseconds since 1970.
    pub struct Moment(u64);

    impl Moment {
        /// Returns the current moment, which is 1970 until it is set.
        #[must_use]
        pub fn now() -> Self {
            Self(NOW.get())
        }

        /// Returns the moment of a number of milliseconds since 1970.
        #[must_use]
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the clock is a positive number")]
        pub fn at(milliseconds: f64) -> Self {
            Self(milliseconds.max(0.0) as u64)
        }

        /// Parses a moment as [`Self::rfc3339`] writes it.
        #[must_use]
        pub fn parse(rfc3339: &str) -> Option<Self> {
            let number = |from, to| rfc3339.get(from..to)?.parse::<u64>().ok();
            let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
            let time = (number(11, 13)? * 60 + number(14, 16)?) * 60_000 + number(17, 19)? * 1_000;
            let fraction = rfc3339.get(20..23).and_then(|fraction| fraction.parse::<u64>().ok()).unwrap_or_default();
            let days = (0..).find(|days| civil(*days) == (year, month, day) || civil(*days).0 > year)?;
            (civil(days).0 == year).then_some(Self(days * DAY + time + fraction))
        }

        /// Returns the milliseconds since 1970.
        #[must_use]
        #[expect(clippy::cast_precision_loss, reason = "a date is far below 2^52")]
        pub fn milliseconds(&self) -> f64 {
            self.0 as f64
        }

        /// Returns whether both moments are on the same day.
        #[must_use]
        pub fn is_same_day(&self, other: &Self) -> bool {
            self.0 / DAY == other.0 / DAY
        }

        /// Returns the year.
        #[must_use]
        pub fn year(&self) -> u32 {
            small(civil(self.0 / DAY).0)
        }

        /// Returns the month, from 1 to 12.
        #[must_use]
        pub fn month(&self) -> u32 {
            small(civil(self.0 / DAY).1)
        }

        /// Returns the day of the month.
        #[must_use]
        pub fn day(&self) -> u32 {
            small(civil(self.0 / DAY).2)
        }

        /// Returns the hour.
        #[must_use]
        pub fn hour(&self) -> u32 {
            small(self.0 % DAY / 3_600_000)
        }

        /// Returns the minute.
        #[must_use]
        pub fn minute(&self) -> u32 {
            small(self.0 % 3_600_000 / 60_000)
        }

        /// Returns the moment in UTC (RFC 3339, with milliseconds).
        #[must_use]
        pub fn rfc3339(&self) -> String {
            let (year, month, day) = civil(self.0 / DAY);
            let (hour, minute, rest) = (self.hour(), self.minute(), self.0 % 60_000);
            format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}.{:03}Z", rest / 1_000, rest % 1_000)
        }
    }

    fn small(number: u64) -> u32 {
        u32::try_from(number).unwrap_or(u32::MAX)
    }

    /// Returns the year, the month and the day of a number of days since 1970, by Hinnant's `civil_from_days`.
    fn civil(days: u64) -> (u64, u64, u64) {
        let days = days + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = era * 400 + year_of_era + u64::from(month <= 2);
        (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn moments_are_read_as_they_are_written() {
            for (milliseconds, text) in [
                (0, "1970-01-01T00:00:00.000Z"),
                (951_782_400_000, "2000-02-29T00:00:00.000Z"),
                (1_795_350_725_678, "2026-11-22T12:32:05.678Z"),
            ] {
                set_now(milliseconds);
                assert_eq!(Moment::now().rfc3339(), text);
                assert_eq!(Moment::parse(text).map(|moment| moment.0), Some(milliseconds));
            }
            assert!(Moment::parse("hier").is_none());
        }
    }
}
