//! The browser's clock and chance, and how moments are written in French.

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

/// Milliseconds since 1970.
#[must_use]
pub fn now() -> u64 {
    as_milliseconds(now_as_f64())
}

/// This moment, RFC 3339 in UTC.
#[must_use]
pub fn now_rfc3339() -> String {
    Moment::new_0().to_iso_string().into()
}

/// The same as the browser tells it.
#[must_use]
pub fn now_as_f64() -> f64 {
    Moment::now()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the clock is a positive whole number")]
fn as_milliseconds(time: f64) -> u64 {
    time.max(0.0) as u64
}

/// The local date.
#[must_use]
pub fn today() -> Date {
    let now = Moment::new_0();
    let year = u16::try_from(now.get_full_year()).unwrap_or_default();
    let month = u8::try_from(now.get_month() + 1).unwrap_or_default();
    let day = u8::try_from(now.get_date()).unwrap_or_default();
    Date::new(year, month, day).unwrap_or(Date::FIRST)
}

/// Any number, to spread retries and to tell tabs apart.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and u32::MAX")]
pub fn random() -> u32 {
    (Math::random() * f64::from(u32::MAX)) as u32
}

/// A new identifier.
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

/// `10 h 32`, local time.
#[must_use]
pub fn time(milliseconds: u64) -> String {
    let moment = moment(milliseconds);
    format!("{}\u{a0}h\u{a0}{:02}", moment.get_hours(), moment.get_minutes())
}

/// Milliseconds since 1970 of an RFC 3339 moment.
#[must_use]
pub fn parse(rfc3339: &str) -> Option<u64> {
    let milliseconds = Moment::new(&rfc3339.into()).get_time();
    (!milliseconds.is_nan()).then(|| as_milliseconds(milliseconds))
}

/// `22 novembre 2026 à 10 h 32`, local time, of an RFC 3339 moment; the text itself when it is none.
#[must_use]
pub fn day_and_time(rfc3339: &str) -> String {
    parse(rfc3339).map_or_else(|| rfc3339.to_owned(), day_and_time_of)
}

/// `10 h 32` of today, `le 22 novembre 2026 à 10 h 32` of another day: what follows « depuis ».
#[must_use]
pub fn since(milliseconds: u64) -> String {
    let is_today = moment(milliseconds).to_date_string() == Moment::new_0().to_date_string();
    if is_today { time(milliseconds) } else { ["le ", &day_and_time_of(milliseconds)].concat() }
}

/// The same of milliseconds since 1970.
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

/// `1er septembre 2027`.
#[must_use]
pub fn day(date: Date) -> String {
    let month = MONTHS.get(usize::from(date.month()).saturating_sub(1)).copied().unwrap_or_default();
    let day = if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
    format!("{day}\u{a0}{month} {}", date.year())
}
