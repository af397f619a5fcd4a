//! Clock and random numbers of the browser, and moments written in French.

use js_sys::{Date as Moment, Math};

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
    Moment::new_0().to_iso_string().into()
}

/// Returns the milliseconds since 1970 as the browser's own number.
#[must_use]
pub fn now_as_f64() -> f64 {
    Moment::now()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the clock is a positive whole number")]
fn as_milliseconds(time: f64) -> u64 {
    time.max(0.0) as u64
}

/// Returns the local date.
#[must_use]
pub fn today() -> Date {
    let now = Moment::new_0();
    let year = u16::try_from(now.get_full_year()).unwrap_or_default();
    let month = u8::try_from(now.get_month() + 1).unwrap_or_default();
    let day = u8::try_from(now.get_date()).unwrap_or_default();
    Date::new(year, month, day).unwrap_or(Date::FIRST)
}

/// Returns a random number, to spread retries and to tell tabs apart.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and u32::MAX")]
pub fn random() -> u32 {
    (Math::random() * f64::from(u32::MAX)) as u32
}

/// Returns a new identifier.
#[must_use]
pub fn new_id() -> Id {
    let mut bytes = [0_u8; 10];
    let filled = web_sys::window()
        .and_then(|window| window.crypto().ok())
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).ok());
    if filled.is_none() {
        bytes.fill_with(|| random().to_le_bytes()[0]);
    }
    Id::new(now(), bytes)
}

#[expect(clippy::cast_precision_loss, reason = "a date is far below 2^52")]
fn moment(milliseconds: u64) -> Moment {
    Moment::new(&(milliseconds as f64).into())
}

/// Returns a local time: `10 h 32`.
#[must_use]
pub fn time(milliseconds: u64) -> String {
    let moment = moment(milliseconds);
    format!("{}\u{a0}h\u{a0}{:02}", moment.get_hours(), moment.get_minutes())
}

/// Parses an RFC 3339 moment into milliseconds since 1970.
#[must_use]
pub fn parse(rfc3339: &str) -> Option<u64> {
    let milliseconds = Moment::new(&rfc3339.into()).get_time();
    (!milliseconds.is_nan()).then(|| as_milliseconds(milliseconds))
}

/// Returns the local day and time of an RFC 3339 moment: `22 novembre 2026 à 10 h 32`. Other texts are returned as they are.
#[must_use]
pub fn day_and_time(rfc3339: &str) -> String {
    parse(rfc3339).map_or_else(|| rfc3339.to_owned(), day_and_time_of)
}

/// Returns a local moment to follow « depuis »: `10 h 32` today, `le 22 novembre 2026 à 10 h 32` another day.
#[must_use]
pub fn since(milliseconds: u64) -> String {
    let is_today = moment(milliseconds).to_date_string() == Moment::new_0().to_date_string();
    if is_today { time(milliseconds) } else { ["le ", &day_and_time_of(milliseconds)].concat() }
}

/// Returns the local day and time of milliseconds since 1970.
#[must_use]
pub fn day_and_time_of(milliseconds: u64) -> String {
    let moment = moment(milliseconds);
    let month = MONTHS.get(moment.get_month() as usize).copied().unwrap_or_default();
    let day = match moment.get_date() {
        1 => "1er".to_owned(),
        day => day.to_string(),
    };
    format!("{day}\u{a0}{month} {} à {}", moment.get_full_year(), time(milliseconds))
}

/// Returns a date in words: `1er septembre 2027`.
#[must_use]
pub fn day(date: Date) -> String {
    let month = MONTHS.get(usize::from(date.month()).saturating_sub(1)).copied().unwrap_or_default();
    let day = if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
    format!("{day}\u{a0}{month} {}", date.year())
}
