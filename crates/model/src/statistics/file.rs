//! Statistics as a file of comma-separated values: a row for each month, and one for the period.

use crate::csv::push_row;
use crate::wire::{Backlog, Durations, Statistics, Totals};

/// Names of the columns, for people.
const COLUMNS: [&str; 15] = [
    "periode",
    "demandes_recues",
    "dont_modifications",
    "acceptees",
    "refusees",
    "retirees",
    "revoquees",
    "premieres_reponses",
    "premiere_reponse_jours_mediane",
    "premiere_reponse_jours_9e_decile",
    "decisions",
    "decision_jours_mediane",
    "decision_jours_9e_decile",
    "a_examiner_aujourdhui",
    "echeance_depassee_aujourdhui",
];

/// Returns the statistics as a file. Its last row is of the whole period, and of today.
#[must_use]
pub fn csv(statistics: &Statistics) -> String {
    let mut file = String::new();
    push_row(&mut file, COLUMNS);
    for month in &statistics.months {
        push(&mut file, &month.month.to_string(), &month.totals, None);
    }
    // A period as ISO 8601 writes it.
    let period = [&statistics.from.to_string(), "/", &statistics.to.to_string()].concat();
    push(&mut file, &period, &statistics.totals, Some(statistics.backlog));
    file
}

fn push(file: &mut String, period: &str, totals: &Totals, backlog: Option<Backlog>) {
    let Totals { received, modifications, accepted, refused, withdrawn, revoked, first_answer, decision } = totals;
    let counts = [received, modifications, accepted, refused, withdrawn, revoked].map(u64::to_string);
    let (first_answer, decision) = (cells(first_answer), cells(decision));
    let today = |number: fn(Backlog) -> u64| backlog.map(|backlog| number(backlog).to_string()).unwrap_or_default();
    let (waiting, overdue) = (today(|backlog| backlog.waiting), today(|backlog| backlog.overdue));
    let [received, modifications, accepted, refused, withdrawn, revoked] = &counts;
    let ([answers, answer_median, answer_ninth], [decisions, decision_median, decision_ninth]) =
        (&first_answer, &decision);
    push_row(
        file,
        [
            period,
            received,
            modifications,
            accepted,
            refused,
            withdrawn,
            revoked,
            answers,
            answer_median,
            answer_ninth,
            decisions,
            decision_median,
            decision_ninth,
            &waiting,
            &overdue,
        ],
    );
}

fn cells(durations: &Durations) -> [String; 3] {
    let days = |days: Option<u32>| days.map(|days| days.to_string()).unwrap_or_default();
    [durations.count.to_string(), days(durations.median), days(durations.ninth_decile)]
}

#[cfg(test)]
mod tests {
    use super::super::{MonthlyCounts, Period};
    use super::*;
    use crate::date::Date;
    use crate::lifecycle::tally::{Figure, Measure};
    use crate::month::Month;

    #[test]
    fn each_month_has_a_row_and_the_period_the_last_one() {
        let mut counts = MonthlyCounts::default();
        let mut count = |on, measure, days| counts.add(&Figure { measure, on: Date::parse(on).unwrap(), days });
        count("2026-12-14", Measure::Received, 0);
        count("2027-01-03", Measure::Accepted, 0);
        count("2027-01-03", Measure::FirstAnswer, 20);
        count("2027-01-03", Measure::Decision, 12);
        let month = |text| Month::parse(text).unwrap();
        let period = Period::between(month("2026-12"), month("2027-01")).unwrap();
        let file = csv(&counts.told(period, None, Backlog { waiting: 3, overdue: 1 }));
        let rows: Vec<&str> = file.split("\r\n").collect();
        assert_eq!(rows[0].split(',').count(), COLUMNS.len());
        let expected = [
            "2026-12,1,0,0,0,0,0,0,,,0,,,,",
            "2027-01,0,0,1,0,0,0,1,20,20,1,12,12,,",
            "2026-12/2027-01,1,0,1,0,0,0,1,20,20,1,12,12,3,1",
            "",
        ];
        assert_eq!(rows[1..], expected);
    }
}
