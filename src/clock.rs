//! Clock of the page: the current moment and date, and moments read from RFC 3339.
//!
//! A demonstration sets the clock of requests forward: their life is then ahead of the calendar by whole days.

use std::cell::Cell;

use crate::browser::paris;
use crate::browser::time::{self, Moment};
use crate::model::Date;

/// Returns the milliseconds since 1970.
#[must_use]
pub fn now() -> u64 {
    as_milliseconds(now_as_f64())
}

/// Returns the current moment in UTC (RFC 3339).
#[must_use]
pub fn now_rfc3339() -> String {
    Moment::now().rfc3339()
}

thread_local! {
    static DAYS_AHEAD: Cell<u32> = const { Cell::new(0) };
}

const DAY: f64 = 86_400_000.0;

/// Name under which the device keeps by how many days the life of requests is ahead of the calendar.
pub const KEPT_AS: &str = "days-ahead";

/// Sets by how many days the life of requests is ahead of the calendar.
pub fn set_days_ahead(days: u32) {
    DAYS_AHEAD.set(days);
}

/// Returns by how many days the life of requests is ahead of the calendar.
#[must_use]
pub fn days_ahead() -> u32 {
    DAYS_AHEAD.get()
}

/// Returns the current moment in the life of requests, in milliseconds since 1970.
fn life_now() -> f64 {
    now_as_f64() + f64::from(days_ahead()) * DAY
}

/// Returns the current moment in the life of requests, in UTC (RFC 3339).
#[must_use]
pub fn life_rfc3339() -> String {
    Moment::at(life_now()).rfc3339()
}

/// Returns the milliseconds since 1970 as the browser's own number.
#[must_use]
pub fn now_as_f64() -> f64 {
    time::now()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the clock is a positive whole number")]
fn as_milliseconds(time: f64) -> u64 {
    time.max(0.0) as u64
}

/// Returns the local date.
#[must_use]
pub fn today() -> Date {
    let now = Moment::now();
    let year = u16::try_from(now.year()).unwrap_or_default();
    let month = u8::try_from(now.month()).unwrap_or_default();
    let day = u8::try_from(now.day()).unwrap_or_default();
    Date::new(year, month, day).unwrap_or(Date::FIRST)
}

/// Returns the date in Europe/Paris, by which the law counts the days in the life of requests.
#[must_use]
pub fn today_in_paris() -> Date {
    paris::day(life_now()).unwrap_or_else(today)
}

/// Returns the date in Europe/Paris of an RFC 3339 moment; that of UTC, where the browser knows no other.
#[must_use]
pub fn day_in_paris(rfc3339: &str) -> Date {
    let in_paris = || paris::day(Moment::parse(rfc3339)?.milliseconds());
    let in_utc = || Date::parse(rfc3339.get(..10)?).ok();
    in_paris().or_else(in_utc).unwrap_or(Date::FIRST)
}

/// Parses an RFC 3339 moment into milliseconds since 1970.
#[must_use]
pub fn parse(rfc3339: &str) -> Option<u64> {
    Moment::parse(rfc3339).map(|moment| as_milliseconds(moment.milliseconds()))
}
