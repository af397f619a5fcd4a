//! Calendar of Europe/Paris, by which the law counts days.

#[cfg(target_arch = "wasm32")]
pub use browser::day;
#[cfg(not(target_arch = "wasm32"))]
pub use stand_in::day;

#[cfg(target_arch = "wasm32")]
mod browser {
    use js_sys::{Date as Moment, Object, Reflect};

    use crate::model::Date;

    /// Returns the day in Europe/Paris at a number of milliseconds since 1970; none where the browser knows no such zone.
    #[must_use]
    pub fn day(milliseconds: f64) -> Option<Date> {
        let options = Object::new();
        Reflect::set(&options, &"timeZone".into(), &"Europe/Paris".into()).ok()?;
        // Every browser writes British dates as `22/11/2026`, which the model reads.
        let written = Moment::new(&milliseconds.into()).to_locale_date_string("en-GB", &options);
        Date::parse(&String::from(written)).ok()
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod stand_in {
    use crate::browser::time::Moment;
    use crate::model::Date;

    const HOUR: f64 = 3_600_000.0;

    /// Returns the day in Europe/Paris at a number of milliseconds since 1970, by the summer time in force since 1996.
    #[must_use]
    pub fn day(milliseconds: f64) -> Option<Date> {
        let utc = Moment::at(milliseconds);
        let (year, month, day) = (utc.year(), utc.month(), utc.day());
        // Summer time lasts from 01:00 UTC of the last Sunday of March to that of October, months of 31 days.
        let is_summer = match month {
            4..=9 => true,
            3 | 10 => {
                let last_sunday = 31 - weekday(year, month, 31);
                let is_after = day > last_sunday || (day == last_sunday && utc.hour() >= 1);
                is_after == (month == 3)
            }
            _ => false,
        };
        let local = Moment::at(milliseconds + if is_summer { 2.0 * HOUR } else { HOUR });
        Date::new(local.year().try_into().ok()?, local.month().try_into().ok()?, local.day().try_into().ok()?).ok()
    }

    /// Returns the day of the week, 0 for Sunday, by Sakamoto's table.
    fn weekday(year: u32, month: u32, day: u32) -> u32 {
        let offset = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4][month as usize - 1];
        let year = if month < 3 { year - 1 } else { year };
        (year + year / 4 - year / 100 + year / 400 + offset + day) % 7
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn days_begin_in_paris_one_hour_or_two_before_those_of_utc() {
            for (moment, expected) in [
                ("2027-01-31T22:59:59.999Z", "2027-01-31"),
                ("2027-01-31T23:30:00.000Z", "2027-02-01"),
                ("2026-12-31T23:00:00.000Z", "2027-01-01"),
                ("2026-07-14T21:59:59.000Z", "2026-07-14"),
                ("2026-07-14T22:00:00.000Z", "2026-07-15"),
                // The clocks change on 28 March and 31 October 2027.
                ("2027-03-27T22:30:00.000Z", "2027-03-27"),
                ("2027-03-28T22:30:00.000Z", "2027-03-29"),
                ("2027-10-30T22:30:00.000Z", "2027-10-31"),
                ("2027-10-31T22:30:00.000Z", "2027-10-31"),
            ] {
                let moment = Moment::parse(moment).unwrap();
                assert_eq!(day(moment.milliseconds()).unwrap().to_string(), expected);
            }
        }
    }
}
