//! The figures of each month in a table, which shows as cards on a phone.

use leptos::prelude::*;

use crate::html::{Bare, Element, Input, div, element};
use crate::model::wire::{Durations, Statistics, Totals};
use crate::texts::{count, dates};

const COLUMNS: [&str; 8] =
    ["Mois", "Reçues", "Acceptées", "Refusées", "Retirées", "Révoquées", "Première réponse", "Décision"];

/// Shows the figures of each month, then those of the period. Roles are named, since a table that is laid out as cards loses its
/// own.
#[component]
pub(super) fn Table(statistics: Statistics) -> impl IntoView {
    let head = |name: &'static str| element("th").attr("role", "columnheader").attr("scope", "col").child(name);
    let heads: Vec<Element> = COLUMNS.into_iter().map(head).collect();
    let rows = statistics.months.iter().map(|month| row(dates::month(month.month), &month.totals));
    let whole = (statistics.months.len() > 1).then(|| row("Ensemble".to_owned(), &statistics.totals));
    let rows: Vec<Element> = rows.chain(whole).collect();
    element("table")
        .attr("class", "queue figures")
        .attr("role", "table")
        .child(element("caption").child(caption(&statistics)))
        .child(element("thead").attr("role", "rowgroup").child(element("tr").attr("role", "row").child(heads)))
        .child(element("tbody").attr("role", "rowgroup").child(rows))
}

/// Returns the subject of the table, with its period.
fn caption(statistics: &Statistics) -> String {
    let (from, to) = (dates::month(statistics.from), dates::month(statistics.to));
    let period = if statistics.from == statistics.to {
        [" en ", &to].concat()
    } else {
        let of = if from.starts_with(['a', 'o']) { ", d’" } else { ", de " };
        [of, &from, " à ", &to].concat()
    };
    ["Demandes, réponses et délais", &period].concat()
}

fn row(name: String, totals: &Totals) -> Element {
    let number = |column: usize, number: u64| cell(column).child(number.to_string());
    let modifications = (totals.modifications > 0).then(|| {
        let number = usize::try_from(totals.modifications).unwrap_or(usize::MAX);
        div().child(["dont ", &count(number, "modification", "modifications")].concat())
    });
    let name = element("th").attr("role", "rowheader").attr("scope", "row").child(name);
    element("tr")
        .attr("role", "row")
        .child(name)
        .child(cell(1).child(div().child(totals.received.to_string())).child(modifications))
        .child(number(2, totals.accepted))
        .child(number(3, totals.refused))
        .child(number(4, totals.withdrawn))
        .child(number(5, totals.revoked))
        .child(cell(6).child(durations(&totals.first_answer)))
        .child(cell(7).child(durations(&totals.decision)))
}

/// Returns a cell, which bears the name of its column where the table is laid out as cards.
fn cell(column: usize) -> Input {
    element("td").attr("role", "cell").attr("data-column", COLUMNS[column])
}

/// Returns days in words: the median, those of nine in ten, and how many answers stand behind them.
fn durations(durations: &Durations) -> Vec<Bare> {
    let Durations { count: number, median: Some(median), ninth_decile: Some(ninth) } = *durations else {
        return vec![div().child("–")];
    };
    let median_words = if median == 0 { "le jour même".to_owned() } else { days(median) };
    let number = count(usize::try_from(number).unwrap_or(usize::MAX), "réponse", "réponses");
    let lines = [
        Some([&median_words, " (médian)"].concat()),
        (ninth > median).then(|| ["9 sur 10 en ", &days(ninth)].concat()),
        Some(["sur ", &number].concat()),
    ];
    lines.into_iter().flatten().map(|words| div().child(words)).collect()
}

fn days(days: u32) -> String {
    count(usize::try_from(days).unwrap_or(usize::MAX), "jour", "jours")
}
