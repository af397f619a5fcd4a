//! Clock and random numbers of the browser, and moments written in French.

use crate::browser::random;
use crate::browser::time::{self, Moment};
use crate::model::{Date, Id};

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

/// Returns a random number, to spread retries and to tell tabs apart.
#[must_use]
pub fn random() -> u32 {
    random::number()
}

/// Returns a new identifier.
#[must_use]
pub fn new_id() -> Id {
    let mut bytes = [0_u8; 10];
    random::fill(&mut bytes);
    Id::new(now(), bytes)
}

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

/// Parses an RFC 3339 moment into milliseconds since 1970.
#[must_use]
pub fn parse(rfc3339: &str) -> Option<u64> {
    Moment::parse(rfc3339).map(|moment| as_milliseconds(moment.milliseconds()))
}

/// Returns the local day and time of an RFC 3339 moment: `22 novembre 2026 à 10 h 32`. Other texts are returned as they are.
#[must_use]
pub fn day_and_time(rfc3339: &str) -> String {
    parse(rfc3339).map_or_else(|| rfc3339.to_owned(), day_and_time_of)
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
    let month = MONTHS.get((moment.month() as usize).saturating_sub(1)).copied().unwrap_or_default();
    let day = match moment.day() {
        1 => "1er".to_owned(),
        day => day.to_string(),
    };
    format!("{day}\u{a0}{month} {} à {}", moment.year(), time(milliseconds))
}

/// Returns a date in words: `1er septembre 2027`.
#[must_use]
pub fn day(date: Date) -> String {
    let month = MONTHS.get(usize::from(date.month()).saturating_sub(1)).copied().unwrap_or_default();
    let day = if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
    format!("{day}\u{a0}{month} {}", date.year())
}
