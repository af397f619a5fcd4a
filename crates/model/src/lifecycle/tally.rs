//! Figures that each event of a history adds to the statistics: requests received and answered, and the days that it took.
//!
//! Days are days in Europe/Paris. A figure counts for the day of its event, and nothing that happens later changes it.

use crate::choice::closed_list;
use crate::date::Date;
use crate::lifecycle::event::Event;
use crate::lifecycle::history::History;
use crate::lifecycle::kind::{Kind, Role, Side};
use crate::lifecycle::machine::next;
use crate::lifecycle::state::State;

/// Most days that are told apart: so many stand for more.
pub const DAYS_MAX: u32 = 999;

closed_list! {
    /// Kind of figure in the statistics.
    pub enum Measure {
        /// Requests received: submissions of a draft. One that answers a request for changes is none.
        Received = "received",
        /// Modifications among the requests received.
        Modification = "modification",
        /// Requests accepted.
        Accepted = "accepted",
        /// Requests refused.
        Refused = "refused",
        /// Requests taken back by their applicants after they were received.
        Withdrawn = "withdrawn",
        /// Habilitations revoked.
        Revoked = "revoked",
        /// First answers, by days since the request was received: a request for changes, an acceptance or a refusal.
        FirstAnswer = "first_answer",
        /// Decisions, by the days during which the request was in the team's hands: an acceptance or a refusal.
        Decision = "decision",
    }
}

/// Figure to count, on the day of its event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Kind of the figure.
    pub measure: Measure,
    /// Day of the event.
    pub on: Date,
    /// Days that it took, at most [`DAYS_MAX`]; 0 where the measure has none.
    pub days: u32,
}

/// Fold of a history, event by event, that tells the figures of each.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    history: History,
    /// Day of the submission that waits for its first answer.
    received_on: Option<Date>,
    hands: Hands,
}

/// Days during which a request was in the team's hands.
#[derive(Clone, Copy, Debug, Default)]
struct Hands {
    /// Days until the request was given back, if it was.
    days: u32,
    /// Day since which the team has it.
    since: Option<Date>,
}

impl Hands {
    fn take(&mut self, on: Date) {
        self.since = Some(on);
    }

    fn give_back(&mut self, on: Date) {
        self.days += self.since.take().map_or(0, |since| days(since, on));
    }
}

fn days(from: Date, to: Date) -> u32 {
    u32::try_from(from.days_until(to)).unwrap_or_default()
}

impl Tally {
    /// Folds the events of a request, in their order.
    #[must_use]
    pub fn of(events: &[Event]) -> Self {
        let mut tally = Self::default();
        for event in events {
            tally.add(event);
        }
        tally
    }

    /// Adds the event that follows, and returns its figures.
    pub fn add(&mut self, event: &Event) -> Vec<Figure> {
        let (before, answer_by) = (self.history.standing(), self.history.answer_by);
        self.history.add(event);
        // As in the history, an event that the table of states refuses changes nothing.
        if next(&before, event.kind, Role::from(event.by.side)).is_err() {
            return Vec::new();
        }
        let mut figures = Figures { on: event.on, all: Vec::new() };
        match event.kind {
            Kind::Submitted if before.state == State::Draft => {
                figures.count(Measure::Received);
                if before.is_habilitated {
                    figures.count(Measure::Modification);
                }
                self.received_on = Some(event.on);
                self.begin(event.on);
            }
            Kind::Submitted => self.hands.take(event.on),
            Kind::Resumed if before.state == State::Refused => self.begin(event.on),
            Kind::Resumed => {
                // The clock may come late: the request is the team's from the last day to answer on.
                let last_day = answer_by.filter(|_| event.by.side == Side::Clock);
                self.hands.take(last_day.map_or(event.on, |day| day.min(event.on)));
            }
            Kind::ChangesRequested => {
                self.answer(&mut figures);
                self.hands.give_back(event.on);
            }
            Kind::Accepted | Kind::Refused => {
                figures.count(if event.kind == Kind::Accepted { Measure::Accepted } else { Measure::Refused });
                self.answer(&mut figures);
                self.hands.give_back(event.on);
                figures.time(Measure::Decision, self.hands.days);
                self.end();
            }
            Kind::Withdrawn => {
                // A draft that is given up was received by nobody.
                if before.state != State::Draft {
                    figures.count(Measure::Withdrawn);
                }
                self.end();
            }
            Kind::Revoked => {
                figures.count(Measure::Revoked);
                self.end();
            }
            Kind::Reopened
            | Kind::Archived
            | Kind::Message
            | Kind::Note
            | Kind::Assignment
            | Kind::Deadline
            | Kind::Delivery
            | Kind::Invited
            | Kind::Joined
            | Kind::Left
            | Kind::HandedOver
            | Kind::RecoveryAsked
            | Kind::RecoveryRefused
            | Kind::Recovered
            | Kind::Contested
            | Kind::Reassigned
            | Kind::CardAnswered => {}
        }
        figures.all
    }

    /// Begins to count the days of a decision.
    fn begin(&mut self, on: Date) {
        self.hands = Hands { days: 0, since: Some(on) };
    }

    fn answer(&mut self, figures: &mut Figures) {
        if let Some(received_on) = self.received_on.take() {
            figures.time(Measure::FirstAnswer, days(received_on, figures.on));
        }
    }

    fn end(&mut self) {
        (self.received_on, self.hands) = (None, Hands::default());
    }
}

/// Figures of one event.
struct Figures {
    on: Date,
    all: Vec<Figure>,
}

impl Figures {
    fn count(&mut self, measure: Measure) {
        self.time(measure, 0);
    }

    fn time(&mut self, measure: Measure, days: u32) {
        self.all.push(Figure { measure, on: self.on, days: days.min(DAYS_MAX) });
    }
}
