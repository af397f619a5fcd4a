//! Dates and times in French.

use crate::browser::time::Moment;
use crate::clock;
use crate::model::Date;
use crate::model::month::Month;

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

#[expect(clippy::cast_precision_loss, reason = "a date is far below 2^52")]
fn moment(milliseconds: u64) -> Moment {
    Moment::at(milliseconds as f64)
}

/// Returns a local time: `10 h 32`.
#[must_use]
pub fn time(milliseconds: u64) -> String {
    let moment = moment(milliseconds);
    format!("{}\u{a0}h\u{a0}{:02}", moment.hour(), moment.minute())
}

/// Returns the local day and time of an RFC 3339 moment: `22 novembre 2026 à 10 h 32`. Other texts are returned as they are.
#[must_use]
pub fn day_and_time(rfc3339: &str) -> String {
    clock::parse(rfc3339).map_or_else(|| rfc3339.to_owned(), day_and_time_of)
}

/// Returns a local moment to follow « depuis »: `10 h 32` today, `le 22 novembre 2026 à 10 h 32` another day.
#[must_use]
pub fn since(milliseconds: u64) -> String {
    if moment(milliseconds).is_same_day(&Moment::now()) {
        time(milliseconds)
    } else {
        ["le ", &day_and_time_of(milliseconds)].concat()
    }
}

/// Returns the local day and time of milliseconds since 1970.
#[must_use]
pub fn day_and_time_of(milliseconds: u64) -> String {
    let moment = moment(milliseconds);
    [&day_of(moment.day(), moment.month(), moment.year()), " à ", &time(milliseconds)].concat()
}

/// Returns a date in words: `1er septembre 2027`.
#[must_use]
pub fn day(date: Date) -> String {
    day_of(u32::from(date.day()), u32::from(date.month()), u32::from(date.year()))
}

/// Returns a month in words: `septembre 2027`.
#[must_use]
pub fn month(month: Month) -> String {
    [MONTHS[usize::from(month.month()) - 1], " ", &month.year().to_string()].concat()
}

fn day_of(day: u32, month: u32, year: u32) -> String {
    let month = MONTHS.get((month as usize).saturating_sub(1)).copied().unwrap_or_default();
    let day = if day == 1 { "1er".to_owned() } else { day.to_string() };
    [&day, "\u{a0}", month, " ", &year.to_string()].concat()
}
