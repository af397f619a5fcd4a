//! Statistics of the team: figures of histories, counted by month, and what is told of them.

mod file;

use std::collections::BTreeMap;

use crate::date::Date;
use crate::lifecycle::tally::{Figure, Measure};
use crate::month::Month;
use crate::wire::{Backlog, Durations, MonthStatistics, PublicStatistics, Statistics, Totals};

pub use file::csv;

/// Months that are told where nobody asks for others: those of a year.
const USUAL_MONTHS: u32 = 12;
/// Most months that are told at once.
pub const MONTHS_MAX: u32 = 120;
/// Last days whose first answers everybody is told of.
pub const PUBLIC_DAYS: u32 = 90;
/// Least first answers of these days behind the median that everybody is told.
pub const PUBLIC_MIN: u64 = 10;

/// Share of the cases that took at most the median of days, in percent.
const MEDIAN: u64 = 50;
/// Share of the cases that took at most the ninth decile of days, in percent.
const NINTH_DECILE: u64 = 90;

/// Months of the statistics, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// First month.
    pub from: Month,
    /// Last month.
    pub to: Month,
}

impl Period {
    /// Returns the last twelve months, that of a day included.
    #[must_use]
    pub fn usual(today: Date) -> Self {
        Self::ending(Month::of(today))
    }

    /// Returns the twelve months of which this is the last.
    #[must_use]
    pub fn ending(to: Month) -> Self {
        Self { from: to.minus(USUAL_MONTHS - 1), to }
    }

    /// Returns the months of a year.
    #[must_use]
    pub fn of_year(year: u16) -> Self {
        let [from, to] = [Month::first_of(year), Month::last_of(year)];
        Self { from, to }
    }

    /// Returns the parameters of the API, as a query.
    #[must_use]
    pub fn parameters(&self) -> String {
        let Self { from, to } = self;
        format!("from={from}&to={to}")
    }

    /// Returns the period between two months where there is one, of at most [`MONTHS_MAX`] months.
    #[must_use]
    pub fn between(from: Month, to: Month) -> Option<Self> {
        from.count_to(to).filter(|months| *months <= MONTHS_MAX).map(|_| Self { from, to })
    }
}

/// Numbers of cases by the days that they took: the first is of those that took none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayCounts(Vec<u64>);

impl DayCounts {
    /// Takes numbers that were kept.
    #[must_use]
    pub fn new(counts: Vec<u64>) -> Self {
        Self(counts)
    }

    /// Returns the numbers, to keep them.
    #[must_use]
    pub fn as_slice(&self) -> &[u64] {
        &self.0
    }

    /// Counts a case that took so many days.
    pub fn add(&mut self, days: u32) {
        let place = usize::try_from(days).unwrap_or(usize::MAX);
        if self.0.len() <= place {
            self.0.resize(place.saturating_add(1), 0);
        }
        self.0[place] += 1;
    }

    /// Adds the cases of others.
    pub fn merge(&mut self, others: &Self) {
        if self.0.len() < others.0.len() {
            self.0.resize(others.0.len(), 0);
        }
        for (count, other) in self.0.iter_mut().zip(&others.0) {
            *count += other;
        }
    }

    /// Returns the number of all cases.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Returns the least days within which so many percent of the cases are; none without a case.
    #[must_use]
    pub fn percentile(&self, percent: u64) -> Option<u32> {
        let rank = (self.total() * percent).div_ceil(100).max(1);
        let mut within = 0;
        let place = self.0.iter().position(|count| {
            within += count;
            within >= rank
        });
        place.and_then(|days| u32::try_from(days).ok())
    }

    fn durations(&self) -> Durations {
        Durations { count: self.total(), median: self.percentile(MEDIAN), ninth_decile: self.percentile(NINTH_DECILE) }
    }
}

/// Figures that were counted, by month and measure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MonthlyCounts(BTreeMap<(Month, Measure), DayCounts>);

impl MonthlyCounts {
    /// Counts a figure.
    pub fn add(&mut self, figure: &Figure) {
        self.0.entry((Month::of(figure.on), figure.measure)).or_default().add(figure.days);
    }

    /// Puts numbers that were kept.
    pub fn put(&mut self, month: Month, measure: Measure, counts: DayCounts) {
        self.0.insert((month, measure), counts);
    }

    /// Returns the first month of which anything is counted.
    #[must_use]
    pub fn since(&self) -> Option<Month> {
        self.0.keys().next().map(|(month, _)| *month)
    }

    /// Returns the statistics of a period, where figures go back to a month, with the requests that wait today.
    #[must_use]
    pub fn told(&self, period: Period, since: Option<Month>, backlog: Backlog) -> Statistics {
        let mut whole = MeasureCounts::default();
        let mut months = Vec::new();
        for month in period.from.to(period.to) {
            let mut of_month = MeasureCounts::default();
            for ((_, measure), counts) in self.0.range((month, Measure::Received)..=(month, Measure::Decision)) {
                of_month.0.entry(*measure).or_default().merge(counts);
                whole.0.entry(*measure).or_default().merge(counts);
            }
            months.push(MonthStatistics { month, totals: of_month.totals() });
        }
        Statistics { from: period.from, to: period.to, since, totals: whole.totals(), months, backlog }
    }
}

/// Counts of one month or of a period.
#[derive(Default)]
struct MeasureCounts(BTreeMap<Measure, DayCounts>);

impl MeasureCounts {
    fn totals(&self) -> Totals {
        let total = |measure| self.0.get(&measure).map_or(0, DayCounts::total);
        let durations = |measure| self.0.get(&measure).map_or_else(Durations::default, DayCounts::durations);
        Totals {
            received: total(Measure::Received),
            modifications: total(Measure::Modification),
            accepted: total(Measure::Accepted),
            refused: total(Measure::Refused),
            withdrawn: total(Measure::Withdrawn),
            revoked: total(Measure::Revoked),
            first_answer: durations(Measure::FirstAnswer),
            decision: durations(Measure::Decision),
        }
    }
}

/// Returns the statistics for everybody, by the first answers of the last [`PUBLIC_DAYS`] days.
#[must_use]
pub fn public(first_answers: &DayCounts) -> PublicStatistics {
    let is_told = first_answers.total() >= PUBLIC_MIN;
    PublicStatistics { first_answer_days: first_answers.percentile(MEDIAN).filter(|_| is_told) }
}

/// Returns the first of the last [`PUBLIC_DAYS`] days, today included.
#[must_use]
pub fn first_public_day(today: Date) -> Date {
    today.minus_days(PUBLIC_DAYS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(days: &[u32]) -> DayCounts {
        let mut counts = DayCounts::default();
        for days in days {
            counts.add(*days);
        }
        counts
    }

    fn month(text: &str) -> Month {
        Month::parse(text).unwrap()
    }

    #[test]
    fn a_percentile_is_the_least_of_days_within_which_the_share_is() {
        for (days, median, ninth) in [
            (&[][..], None, None),
            (&[7], Some(7), Some(7)),
            (&[0, 0], Some(0), Some(0)),
            (&[1, 9], Some(1), Some(9)),
            (&[9, 1, 5], Some(5), Some(9)),
            (&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], Some(5), Some(9)),
            (&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], Some(6), Some(10)),
            (&[3, 3, 3, 3, 3, 3, 3, 3, 3, 40], Some(3), Some(3)),
        ] {
            let counts = counts(days);
            assert_eq!((counts.percentile(50), counts.percentile(90)), (median, ninth), "{days:?}");
            // By the definition alone: so many of the cases took no longer.
            for percent in 1..=100 {
                let Some(within) = counts.percentile(percent) else { continue };
                let share = |most: u32| days.iter().filter(|days| **days <= most).count() as u64 * 100;
                assert!(share(within) >= percent * days.len() as u64, "{days:?} {percent}");
                assert!(within == 0 || share(within - 1) < percent * days.len() as u64, "{days:?} {percent}");
            }
        }
    }

    #[test]
    fn everybody_is_told_the_median_once_ten_answers_stand_behind_it() {
        let of = |number: u32| public(&counts(&(0..number).collect::<Vec<_>>())).first_answer_days;
        assert_eq!((of(0), of(9), of(10), of(11)), (None, None, Some(4), Some(5)));
        let (first, today) = ("2026-09-02", "2026-11-30");
        assert_eq!(first_public_day(Date::parse(today).unwrap()), Date::parse(first).unwrap());
    }

    #[test]
    fn a_period_has_all_its_months_and_the_medians_of_all_their_cases() {
        let mut all = MonthlyCounts::default();
        for (on, measure, days) in [
            ("2026-09-30", Measure::Received, 0),
            ("2026-10-01", Measure::Received, 0),
            ("2026-10-02", Measure::FirstAnswer, 1),
            ("2026-12-31", Measure::FirstAnswer, 9),
            ("2026-12-31", Measure::FirstAnswer, 8),
            ("2027-01-01", Measure::FirstAnswer, 99),
        ] {
            all.add(&Figure { measure, on: Date::parse(on).unwrap(), days });
        }
        let period = Period::between(month("2026-10"), month("2026-12")).unwrap();
        let backlog = Backlog { waiting: 4, overdue: 1 };
        let told = all.told(period, all.since(), backlog);
        assert_eq!((told.totals.received, told.totals.accepted, told.backlog), (1, 0, backlog));
        assert_eq!(told.since, Some(month("2026-09")));
        assert_eq!(told.totals.first_answer, Durations { count: 3, median: Some(8), ninth_decile: Some(9) });
        let months: Vec<_> = told
            .months
            .iter()
            .map(|it| (it.month.to_string(), it.totals.received, it.totals.first_answer.median))
            .collect();
        let expected = [("2026-10", 1, Some(1)), ("2026-11", 0, None), ("2026-12", 0, Some(8))];
        assert_eq!(months, expected.map(|(month, received, median)| (month.to_owned(), received, median)));
    }

    #[test]
    fn a_period_is_a_year_unless_somebody_asks_for_another_of_ten_years_at_most() {
        let usual = Period::usual(Date::parse("2026-11-30").unwrap());
        assert_eq!((usual.from, usual.to), (month("2025-12"), month("2026-11")));
        for (from, is_one) in [("2026-11", true), ("2016-12", true), ("2016-11", false), ("2026-12", false)] {
            assert_eq!(Period::between(month(from), month("2026-11")).is_some(), is_one, "{from}");
        }
    }
}
