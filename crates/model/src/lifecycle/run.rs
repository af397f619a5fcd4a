//! Run of the legal clock, from a submission to the decision on it, and the terms that it knows.
//!
//! Silence for two months rejects a request (CRPA L. 231-1 and L. 231-4); a request for what is missing suspends that term
//! (CRPA L. 114-5).

use crate::date::Date;

/// Months of silence that reject a request.
pub const SILENCE_MONTHS: u16 = 2;
/// Least days that the applicant has to answer a request for changes.
pub const ANSWER_DAYS_MIN: u32 = 15;
/// Most months that the applicant has to answer a request for changes.
pub const ANSWER_MONTHS_MAX: u16 = 6;
/// Months that the applicant has to answer where the examiner says nothing else.
pub const ANSWER_MONTHS: u16 = 2;

/// Returns the first and the last day that an examiner may set for an answer.
#[must_use]
pub fn answer_days(today: Date) -> (Date, Date) {
    (today.plus_days(ANSWER_DAYS_MIN), today.plus_months(ANSWER_MONTHS_MAX))
}

/// Returns the day until which the applicant may answer where the examiner sets none.
#[must_use]
pub fn usual_answer_day(today: Date) -> Date {
    today.plus_months(ANSWER_MONTHS)
}

/// Run of the legal clock, which begins at a submission and ends at a decision or a withdrawal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    began_on: Date,
    /// Days of the suspensions that are over.
    suspended_days: u32,
    suspension: Option<Suspension>,
    /// Last reminder: the day that was due then, and the days that were left.
    reminded: Option<(Date, u16)>,
}

/// Time during which the applicant is asked for changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Suspension {
    asked_on: Date,
    answer_by: Date,
}

impl Suspension {
    /// Returns the days until the suspension ends: on a day, or on the last one to answer if that is earlier.
    fn days(self, on: Date) -> u32 {
        u32::try_from(self.asked_on.days_until(on.min(self.answer_by))).unwrap_or_default()
    }
}

impl Run {
    pub(crate) fn begin(on: Date) -> Self {
        Self { began_on: on, suspended_days: 0, suspension: None, reminded: None }
    }

    /// Stops the clock while the applicant is asked for changes. A term that is past stays past.
    pub(crate) fn suspend(&mut self, on: Date, answer_by: Date) {
        if on <= self.last_day() {
            self.suspension = Some(Suspension { asked_on: on, answer_by });
        }
    }

    /// Lets the clock go on, from a day or from the last one to answer if that is earlier.
    pub(crate) fn resume(&mut self, on: Date) {
        if let Some(suspension) = self.suspension.take() {
            self.suspended_days += suspension.days(on);
        }
    }

    /// Keeps the reminder of a day, so many days before the end of the term.
    pub(crate) fn remind(&mut self, on: Date, days: u16) {
        self.reminded = self.due_on(on).map(|due_on| (due_on, days));
    }

    /// Returns whether the last reminder was of the term that ends on a day, so many days before.
    pub(crate) fn was_reminded(&self, due_on: Date, days: u16) -> bool {
        self.reminded == Some((due_on, days))
    }

    /// Returns the last day of the term, were it never suspended again.
    fn last_day(&self) -> Date {
        self.began_on.plus_months(SILENCE_MONTHS).plus_days(self.suspended_days)
    }

    /// Returns whether the clock is stopped on a day. It goes on by itself on the last day to answer.
    #[must_use]
    pub fn is_suspended(&self, today: Date) -> bool {
        self.suspension.is_some_and(|suspension| today < suspension.answer_by)
    }

    /// Returns the day after which silence rejects the request; none while the clock is stopped.
    #[must_use]
    pub fn due_on(&self, today: Date) -> Option<Date> {
        let days = self.suspension.map_or(0, |suspension| suspension.days(today));
        (!self.is_suspended(today)).then(|| self.last_day().plus_days(days))
    }
}
