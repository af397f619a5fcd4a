//! The current time. No other module asks the system for it, so that tests can set the clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use habilitation_model::Date;
use jiff::tz::{self, TimeZone};
use jiff::{SignedDuration, Span, Timestamp, civil};

/// Time zone of Paris, as it is known when the program is built: no file of the machine is read.
static PARIS: TimeZone = tz::get!("Europe/Paris");

/// Tells the time, to the millisecond.
pub trait Clock: Send + Sync {
    /// Returns the current time.
    fn now(&self) -> Timestamp;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else asks")]
        let now = Timestamp::now();
        // The database keeps milliseconds: what is answered and what is kept must be the same.
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }
}

/// Clock of the life of requests, which a demonstration sets forward, day by day.
pub(crate) struct LifeClock {
    clock: Arc<dyn Clock>,
    days_ahead: AtomicU32,
}

impl LifeClock {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, days_ahead: AtomicU32::new(0) }
    }

    /// Returns the current time in the life of requests.
    pub(crate) fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_hours(24 * i64::from(self.days_ahead()));
        let now = self.clock.now();
        now.saturating_add(ahead).unwrap_or(now)
    }

    /// Returns by how many days the clock is ahead.
    pub(crate) fn days_ahead(&self) -> u32 {
        self.days_ahead.load(Ordering::SeqCst)
    }

    /// Sets the clock so many days ahead in all. It never goes back.
    pub(crate) fn set_ahead(&self, days: u32) {
        self.days_ahead.fetch_max(days, Ordering::SeqCst);
    }
}

/// Writes a time as RFC 3339 does, in UTC and with milliseconds.
pub(crate) fn rfc3339(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// Returns the day in UTC, against which the API checks dates.
pub(crate) fn utc_day(at: Timestamp) -> Date {
    // Both calendars are Gregorian; only a year before 0 has no date in the model.
    Date::parse(&at.to_zoned(TimeZone::UTC).date().to_string()).unwrap_or(Date::FIRST)
}

/// Returns the day in Europe/Paris, which counts in the life of a request.
pub(crate) fn paris_day(at: Timestamp) -> Date {
    Date::parse(&at.to_zoned(PARIS.clone()).date().to_string()).unwrap_or(Date::FIRST)
}

/// Returns the time of a day at which mails leave: eight in the morning, in Europe/Paris.
pub(crate) fn paris_morning(day: Date) -> Option<Timestamp> {
    let day: civil::Date = day.to_string().parse().ok()?;
    day.at(8, 0, 0, 0).to_zoned(PARIS.clone()).ok().map(|morning| morning.timestamp())
}

/// Returns the time so many months of the calendar before, in UTC: the 31st minus one month is the last day of the month before.
pub(crate) fn months_before(now: Timestamp, months: u32) -> Timestamp {
    let span = Span::new().try_months(months);
    span.and_then(|span| now.to_zoned(TimeZone::UTC).checked_sub(span)).map_or(Timestamp::MIN, |then| then.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_with_milliseconds_in_utc() {
        let at = Timestamp::from_millisecond(1_798_761_599_999).unwrap();
        assert_eq!(rfc3339(at), "2026-12-31T23:59:59.999Z");
        assert_eq!(rfc3339(Timestamp::from_second(1_798_761_600).unwrap()), "2027-01-01T00:00:00.000Z");
    }

    #[test]
    fn the_day_is_the_one_in_utc() {
        assert_eq!(utc_day(Timestamp::from_millisecond(1_798_761_599_999).unwrap()), Date::new(2026, 12, 31).unwrap());
        assert_eq!(utc_day(Timestamp::from_second(1_798_761_600).unwrap()), Date::new(2027, 1, 1).unwrap());
    }

    #[test]
    fn mails_leave_in_the_morning_of_paris() {
        let morning = |day: &str| rfc3339(paris_morning(Date::parse(day).unwrap()).unwrap());
        assert_eq!(morning("2027-03-11"), "2027-03-11T07:00:00.000Z");
        assert_eq!(morning("2027-07-11"), "2027-07-11T06:00:00.000Z");
    }

    #[test]
    fn the_day_in_paris_begins_one_hour_before_that_in_utc_and_two_in_summer() {
        for (at, day) in [
            ("2027-01-31T22:59:59.999Z", "2027-01-31"),
            ("2027-01-31T23:00:00Z", "2027-02-01"),
            ("2027-03-27T22:59:59Z", "2027-03-27"),
            ("2027-03-28T21:59:59Z", "2027-03-28"),
            ("2027-03-28T22:00:00Z", "2027-03-29"),
            ("2027-10-30T22:00:00Z", "2027-10-31"),
            ("2027-10-31T22:59:59Z", "2027-10-31"),
            ("2027-10-31T23:00:00Z", "2027-11-01"),
        ] {
            assert_eq!(paris_day(at.parse().unwrap()).to_string(), day, "{at}");
        }
    }

    #[test]
    fn months_are_those_of_the_calendar() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(months_before(at("2026-11-22T10:00:00Z"), 12), at("2025-11-22T10:00:00Z"));
        assert_eq!(months_before(at("2027-03-31T10:00:00Z"), 1), at("2027-02-28T10:00:00Z"));
    }
}
