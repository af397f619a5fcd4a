//! Keeping: for how long a request and the people in it are kept, and of what is told before it is lost.

use habilitation_model_derive::FromJson;
use serde::Serialize;

use crate::changes::is_of_a_contact;
use crate::date::Date;
use crate::draft::Draft;
use crate::field::{Field, Value};
use crate::lifecycle::deadline::{Keeping, due_act};
use crate::lifecycle::history::{AcceptanceState, History};
use crate::lifecycle::kind::Kind;
use crate::lifecycle::state::State;

/// Least days between the mail that tells of a loss and the loss.
pub const FOREWARNED_DAYS: u32 = 30;

/// Most events that a request gets at once: no life has as many that follow from each other.
pub const EVENTS_AT_ONCE: u32 = 10;

/// Loss that days bring where nobody does anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// A draft that never was sent is deleted.
    Deletion,
    /// A reopened draft is withdrawn.
    Withdrawal,
    /// An archived request is erased.
    Erasure,
}

/// Loss that lies ahead, with the day of its term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prospect {
    /// The loss.
    pub loss: Loss,
    /// First day on which it may come.
    pub on: Date,
}

/// Mail that told of a loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forewarning {
    /// Day of the term that it told of.
    pub of: Date,
    /// Day on which it was written.
    pub on: Date,
}

/// Mail that told of a loss, as it is kept where no outbox is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
pub struct Told {
    /// Day of the term that it told of.
    pub of: Date,
    /// Day on which it was written.
    pub on: Date,
    /// Day since which nobody had touched the draft.
    pub since: Date,
    /// Time at which it was written.
    pub at: String,
}

impl Told {
    /// Returns the term and the day of the mail.
    #[must_use]
    pub fn forewarning(&self) -> Forewarning {
        Forewarning { of: self.of, on: self.on }
    }
}

/// All that a day brings to a request that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueToday {
    /// Loss of which a mail has to tell.
    pub told: Option<Prospect>,
    /// Loss that comes: its term is past, and it was told in time.
    pub lost: Option<Loss>,
    /// Act that the program makes by itself. A withdrawal is also a loss.
    pub act: Option<Kind>,
}

/// Returns all that is due on a request today. Nothing is lost of which no mail told in time.
///
/// `touched_on` is the day on which the draft was saved last, and `forewarned` the last mail that told of a loss.
#[must_use]
pub fn due(
    history: &History,
    touched_on: Date,
    forewarned: Option<Forewarning>,
    today: Date,
    keeping: Keeping,
) -> DueToday {
    let prospect = Prospect::of(history, touched_on, keeping);
    let lost = prospect.filter(|prospect| prospect.is_due(today, forewarned)).map(|prospect| prospect.loss);
    let act = due_act(history, today, touched_on, keeping).filter(|kind| *kind != Kind::Withdrawn || lost.is_some());
    DueToday { told: prospect.filter(|prospect| prospect.is_to_be_told(today, forewarned)), lost, act }
}

impl Prospect {
    /// Returns the prospect of a draft that never was sent, and was saved last on a day.
    #[must_use]
    pub fn of_draft(touched_on: Date, keeping: Keeping) -> Self {
        Self { loss: Loss::Deletion, on: touched_on.plus_months(keeping.draft_months) }
    }

    /// Returns the prospect of a request that was sent; none where days take nothing of it.
    ///
    /// `touched_on` is the day on which the draft was saved last. It matters while the request is reopened.
    #[must_use]
    pub fn of(history: &History, touched_on: Date, keeping: Keeping) -> Option<Self> {
        let moved_on = history.moved_on?;
        match history.state {
            State::Draft => {
                let on = moved_on.max(touched_on).plus_months(keeping.reopened_months);
                Some(Self { loss: Loss::Withdrawal, on })
            }
            State::Archived => {
                let on = history.closed_on.unwrap_or(moved_on).plus_months(keeping.archived_months);
                Some(Self { loss: Loss::Erasure, on })
            }
            _ => None,
        }
    }

    /// Returns the day on which the loss comes, if it is told on a day: thirty days later at the earliest.
    #[must_use]
    pub fn day_told_on(self, told_on: Date) -> Date {
        self.on.max(told_on.plus_days(FOREWARNED_DAYS))
    }

    /// Returns whether the loss has to be told of today: it is near, and no mail told of this term.
    #[must_use]
    pub fn is_to_be_told(self, today: Date, last: Option<Forewarning>) -> bool {
        self.on <= today.plus_days(FOREWARNED_DAYS) && last.is_none_or(|last| last.of != self.on)
    }

    /// Returns whether the loss comes today: its term is past, and it was told thirty days ago.
    #[must_use]
    pub fn is_due(self, today: Date, last: Option<Forewarning>) -> bool {
        last.is_some_and(|last| last.of == self.on && self.day_told_on(last.on) <= today)
    }
}

/// Returns whether the owner of a draft that never was sent has to be reminded of it today.
///
/// `touched_on` is the day on which it was saved last.
#[must_use]
pub fn is_draft_forgotten(touched_on: Date, today: Date, keeping: Keeping) -> bool {
    touched_on.plus_days(keeping.draft_reminder_days.into()) <= today
}

/// Returns the submissions whose people are not kept any more, by their numbers.
///
/// Those of the last submission are kept as long as it, and so are those of the active habilitation. Another one is no longer in
/// force since it was followed by the next, or since its habilitation ended, whichever came last.
#[must_use]
pub fn submissions_to_blank(history: &History, today: Date, keeping: Keeping) -> Vec<u32> {
    let followed = history.submissions.iter().zip(history.submissions.iter().skip(1));
    let is_blank = |n: u32, followed_on: Date| {
        let ends = history.acceptances.iter().filter(|acceptance| acceptance.submission == n);
        let mut ended_on = ends.map(|acceptance| match acceptance.state {
            AcceptanceState::Active => None,
            AcceptanceState::Replaced(on) | AcceptanceState::Revoked(on) => Some(on),
        });
        let replaced_on = ended_on.try_fold(followed_on, |last, on| Some(last.max(on?)));
        replaced_on.is_some_and(|on| on.plus_months(keeping.people_months) <= today)
    };
    followed.filter(|(submission, next)| is_blank(submission.n, next.on)).map(|(submission, _)| submission.n).collect()
}

/// Returns the fields in which people stand: names, addresses, phones and what they do.
pub fn fields_of_people() -> impl Iterator<Item = Field> {
    Field::ALL.iter().copied().filter(|field| is_of_a_contact(*field))
}

/// Empties the answers in which people stand.
pub fn blank_people(draft: &mut Draft) {
    for field in fields_of_people() {
        if matches!(field.value(draft), Value::Text(_)) {
            field.set(draft, Value::Text(""));
        }
    }
}
