//! Losses of a request that nobody touches, by the specification alone: when it is withdrawn or erased, and what is told before.

use habilitation_model::Date;
use habilitation_model::lifecycle::State;

/// Months after which a reopened draft that nobody touched is withdrawn.
const WITHDRAWN_MONTHS: u16 = 6;
/// Months after which an archived request is erased, since it was over. A schedule has no time for the three years of real ones.
pub(super) const ERASED_MONTHS: u16 = 14;
/// Least days between the mail and the loss.
const TOLD_DAYS: u32 = 30;

/// Standing of a request on which its loss depends.
#[derive(Clone, Copy)]
pub(super) struct Untouched {
    pub(super) state: State,
    /// Later one of the days on which it was moved and saved last.
    pub(super) since: Date,
}

#[derive(Default)]
pub(super) struct Losses {
    /// Day on which the request was over last.
    over_on: Option<Date>,
    /// Term of which a mail told, and the day of the mail.
    told: Option<(Date, Date)>,
}

impl Losses {
    /// Enters a state that was reached on a day.
    pub(super) fn reach(&mut self, state: State, today: Date) {
        if matches!(state, State::Refused | State::Withdrawn | State::Revoked) {
            self.over_on = Some(today);
        }
    }

    fn term(&self, untouched: Untouched) -> Option<Date> {
        match untouched.state {
            State::Draft => Some(untouched.since.plus_months(WITHDRAWN_MONTHS)),
            State::Archived => Some(self.over_on?.plus_months(ERASED_MONTHS)),
            _ => None,
        }
    }

    /// Returns whether the loss comes today.
    pub(super) fn comes(&self, untouched: Untouched, today: Date) -> bool {
        let (Some(term), Some((told_of, told_on))) = (self.term(untouched), self.told) else { return false };
        told_of == term && term <= today && told_on.plus_days(TOLD_DAYS) <= today
    }

    /// Enters the mail that is due, and returns the term that it tells of.
    pub(super) fn tell(&mut self, untouched: Untouched, today: Date) -> Option<Date> {
        let term = self.term(untouched).filter(|term| *term <= today.plus_days(TOLD_DAYS))?;
        let was_told = self.told.is_some_and(|(told_of, _)| told_of == term);
        (!was_told).then(|| {
            self.told = Some((term, today));
            term
        })
    }
}
