//! Dates in French.

use habilitation_model::Date;

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

/// Returns a date in words: `1er septembre 2027`.
pub(crate) fn day(date: Date) -> String {
    [&day_of_year(date), "\u{a0}", &date.year().to_string()].concat()
}

/// Returns a date in words, without its year: `1er septembre`.
pub(crate) fn day_of_year(date: Date) -> String {
    let month = MONTHS.get(usize::from(date.month()).saturating_sub(1)).copied().unwrap_or_default();
    let day = if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
    [&day, "\u{a0}", month].concat()
}

/// Returns a number of months in words: `36 mois`.
pub(crate) fn months(count: u16) -> String {
    [&count.to_string(), "\u{a0}mois"].concat()
}
