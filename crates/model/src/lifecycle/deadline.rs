//! The legal clock: when silence rejects a request, of what the team is reminded, and what the program does by itself.

use habilitation_model_derive::FromJson;
use serde::Serialize;

use crate::date::Date;
use crate::lifecycle::act::Act;
use crate::lifecycle::event::{Event, Stamp};
use crate::lifecycle::history::History;
use crate::lifecycle::kind::{Kind, Role};
use crate::lifecycle::machine::Refusal;
use crate::lifecycle::state::State;

/// Days before the end of the term on which the team is reminded; 0 stands for the day after it.
const REMINDERS: [u16; 3] = [0, 3, 14];

/// Terms after which the program acts by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Keeping {
    /// Months after which a reopened draft that nobody touched is withdrawn.
    pub reopened_months: u16,
    /// Months after which a request that is over is archived.
    pub closed_months: u16,
    /// Months after its end for which an archived request is kept, before it is erased.
    pub archived_months: u16,
    /// Months for which people are kept whom a submission names that is no longer in force.
    pub people_months: u16,
    /// Months after which a draft that never was sent, and that nobody touched, is deleted.
    pub draft_months: u16,
    /// Days after which the owner of such a draft is reminded of it.
    pub draft_reminder_days: u16,
}

impl Default for Keeping {
    fn default() -> Self {
        Self {
            reopened_months: 6,
            closed_months: 12,
            archived_months: 36,
            people_months: 36,
            draft_months: 12,
            draft_reminder_days: 15,
        }
    }
}

/// Returns the days left of which the team has to be reminded today: 14, 3, or 0 once the term is past.
///
/// Each is due once for one end of the term, and only the latest where several are reached at once.
#[must_use]
pub fn due_reminder(history: &History, today: Date) -> Option<u16> {
    let run = history.run.as_ref().filter(|_| history.state == State::Submitted)?;
    let due_on = run.due_on(today)?;
    let left = today.days_until(due_on);
    let is_reached = |days: &u16| if *days == 0 { left < 0 } else { left <= i32::from(*days) };
    let days = REMINDERS.into_iter().find(is_reached)?;
    (!run.was_reminded(due_on, days)).then_some(days)
}

/// Returns the event of a reminder, so many days before the end of the term.
#[must_use]
pub fn reminder(stamp: Stamp, history: &History, days: u16) -> Event {
    Event { days: Some(days), ..Event::new(stamp, history.last_event + 1, Kind::Deadline) }
}

/// Returns the act that the program does by itself today, if there is one.
///
/// `touched_on` is the day on which the draft was saved last. It matters while a request that was submitted is reopened.
#[must_use]
pub fn due_act(history: &History, today: Date, touched_on: Date, keeping: Keeping) -> Option<Kind> {
    let moved_on = history.moved_on?;
    match history.state {
        State::ChangesRequested => (history.answer_by? < today).then_some(Kind::Resumed),
        State::Draft => {
            let last = moved_on.max(touched_on);
            (last.plus_months(keeping.reopened_months) <= today).then_some(Kind::Withdrawn)
        }
        state if state.is_closed() => (moved_on.plus_months(keeping.closed_months) <= today).then_some(Kind::Archived),
        _ => None,
    }
}

/// Returns the event that the program makes by itself on the day of a stamp: an act, or else a reminder to the team.
///
/// `number` is that of the request, and `act` the kind that [`due_act`] finds due. After the event, another one may be due.
///
/// # Errors
/// When the history does not let the program act, which no history of ours does.
pub fn due_event(history: &History, number: &str, act: Option<Kind>, stamp: Stamp) -> Result<Option<Event>, Refusal> {
    let today = stamp.on;
    if let Some(kind) = act {
        let act = Act::new(kind);
        act.outcome(history, Role::Clock)?;
        return Ok(Some(act.event(stamp, history, number, None)));
    }
    Ok(due_reminder(history, today).map(|days| reminder(stamp, history, days)))
}
