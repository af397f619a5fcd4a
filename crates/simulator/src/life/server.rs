//! Server of one request. It asks the model what an act does, as `crates/server` does.

use habilitation_model::lifecycle::deadline::{Keeping, due_act, due_reminder, reminder};
use habilitation_model::lifecycle::keeping::{Forewarning, Loss, Prospect};
use habilitation_model::lifecycle::submission::Earlier;
use habilitation_model::lifecycle::{Act, By, Event, History, Kind, Role, Side, Stamp, Start, State, SubmissionBody};
use habilitation_model::{Date, Draft, Id};

use crate::life::losses::ERASED_MONTHS;
use crate::life::mutant::Mutant;

/// Months after which the purge deletes a draft that nobody touched.
pub(super) const PURGE_MONTHS: u16 = 6;

/// Call of a page.
#[derive(Clone, Debug)]
pub(super) enum Call {
    /// `PUT` of a draft.
    Save { base: u64, draft: Box<Draft> },
    /// `POST …/submission`.
    Submit { base: u64, words: SubmissionBody },
    /// `PUT …/events/{event}`.
    Act { event: Id, by: By, base: u64, act: Box<Act> },
}

/// Event that the clock made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passed {
    /// An act of its own.
    Act(Kind),
    /// A reminder, so many days before the end of the term.
    Reminder(u16),
    /// A mail on a loss, with the day of its term.
    Told(Date),
    /// The request was erased.
    Erased,
}

/// Answer to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Taken,
    Refused,
    /// The request was erased.
    Gone,
}

impl Answer {
    pub(super) fn of(is_taken: bool) -> Self {
        if is_taken { Self::Taken } else { Self::Refused }
    }
}

pub(super) struct Server {
    /// Set until the request is purged.
    pub(super) exists: bool,
    pub(super) revision: u64,
    /// Day of the last revision.
    touched_on: Date,
    /// State as its column tells it.
    pub(super) state: State,
    pub(super) draft: Draft,
    pub(super) events: Vec<Event>,
    pub(super) sent: Vec<Draft>,
    forewarned: Option<Forewarning>,
    /// Kinds and days of the events of a request that was erased.
    pub(super) remains: Option<Vec<(Kind, Date)>>,
    mutant: Option<Mutant>,
}

impl Server {
    pub(super) fn new(today: Date, mutant: Option<Mutant>) -> Self {
        Self {
            exists: true,
            revision: 1,
            touched_on: today,
            state: State::Draft,
            draft: Draft::default(),
            events: Vec::new(),
            sent: Vec::new(),
            forewarned: None,
            remains: None,
            mutant,
        }
    }

    fn is(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    pub(super) fn history(&self) -> History {
        History::of(&self.events)
    }

    /// Returns the day after which silence rejects the request.
    pub(super) fn due_on(&self, today: Date) -> Option<Date> {
        let history = self.history();
        let due_on = history.due_on(today)?;
        if self.is(Mutant::RestartsTheClock) {
            return history.submissions.last().map(|last| last.on.plus_months(2));
        }
        if self.is(Mutant::CountsSuspensionTwice) {
            let began = history.submissions.first().map(|first| first.on.plus_months(2))?;
            return Some(due_on.plus_days(u32::try_from(began.days_until(due_on)).unwrap_or_default()));
        }
        Some(due_on)
    }

    /// Returns whether the call was taken.
    pub(super) fn respond(&mut self, call: &Call, today: Date) -> Answer {
        if self.remains.is_some() {
            return if self.is(Mutant::ForgetsErasure) { Answer::Refused } else { Answer::Gone };
        }
        Answer::of(
            self.exists
                && match call {
                    Call::Save { base, draft } => self.save(*base, draft, today),
                    Call::Submit { base, words } => self.submit(*base, words, today),
                    Call::Act { event, by, base, act } => self.act(event, by, *base, act, today),
                },
        )
    }

    fn save(&mut self, base: u64, draft: &Draft, today: Date) -> bool {
        let is_taken = self.state.is_editable() && base == self.revision;
        if is_taken {
            self.draft.clone_from(draft);
            self.raise(today);
        }
        is_taken
    }

    fn raise(&mut self, today: Date) {
        self.revision += 1;
        self.touched_on = today;
    }

    fn submit(&mut self, base: u64, words: &SubmissionBody, today: Date) -> bool {
        if !self.state.is_editable() {
            let last = self.events.iter().rev().find(|event| event.kind.moves_state());
            return last.is_some_and(|last| last.kind == Kind::Submitted) || self.is(Mutant::AnswersOutrun);
        }
        if base != self.revision {
            return false;
        }
        let history = self.history();
        let earlier = Earlier {
            last: self.sent.last(),
            active: history.active().and_then(|active| self.sent(active.submission)),
        };
        if !words.findings(&history, &self.draft, earlier).is_empty() && !self.is(Mutant::TakesUnanswered) {
            return false;
        }
        let by = By { side: Side::Applicant, name: "Noémie".to_owned(), job_title: String::new() };
        let event = words.event(self.stamp(self.clock_id(), by, today), &history);
        self.sent.push(self.draft.clone());
        self.events.push(event);
        self.state = State::Submitted;
        self.raise(today);
        true
    }

    fn sent(&self, n: u32) -> Option<&Draft> {
        self.sent.get(usize::try_from(n).ok()?.checked_sub(1)?)
    }

    /// Returns an identifier that no page makes.
    fn clock_id(&self) -> Id {
        Id::new(u64::try_from(self.events.len()).unwrap_or_default(), [0xff; 10])
    }

    fn stamp(&self, id: Id, by: By, on: Date) -> Stamp {
        Stamp { id, at: format!("{on}T12:00:00.{:03}Z", self.events.len()), on, by }
    }

    fn act(&mut self, event: &Id, by: &By, base: u64, act: &Act, today: Date) -> bool {
        if let Some(known) = self.events.iter().find(|known| known.id == *event)
            && !self.is(Mutant::ActsAgain)
        {
            return self.is(Mutant::TakesAnyId) || (known.by == *by && act.is_told_by(known));
        }
        if act.kind.moves_state() && base != self.revision && !self.is(Mutant::DecidesStale) {
            return false;
        }
        let (history, role) = (self.history(), Role::from(by.side));
        let mut act = act.clone();
        if self.is(Mutant::DecidesUnseen) {
            act.seen = act.seen.map(|_| u64::MAX);
        }
        let Ok(state) = act.outcome(&history, role) else { return false };
        if !act.findings(&history, role, today).is_empty() {
            return false;
        }
        let event = act.event(self.stamp(event.clone(), by.clone(), today), &history, "FC-2027-000001", None);
        match event.from {
            Some(Start::Submission(n)) if !self.is(Mutant::ReopensUnsent) => {
                let Some(sent) = self.sent(n) else { return false };
                self.draft = sent.reopened();
            }
            Some(_) => self.draft = self.draft.reopened(),
            None => {}
        }
        if act.kind == Kind::Refused && self.is(Mutant::RestoresDraft) {
            self.draft = self.sent.last().cloned().unwrap_or_default();
        }
        self.state =
            if self.is(Mutant::ForgetsHabilitation) && act.kind == Kind::Refused { State::Refused } else { state };
        self.events.push(event);
        if act.kind.moves_state() {
            self.raise(today);
        }
        true
    }

    /// Makes all that is due, and returns it.
    pub(super) fn pass(&mut self, today: Date) -> Vec<Passed> {
        let history = self.history();
        if !self.exists || self.remains.is_some() || history.submissions.is_empty() {
            return Vec::new();
        }
        let keeping = Keeping { archived_months: ERASED_MONTHS, ..Keeping::default() };
        let touched_on = if self.is(Mutant::ForgetsTouches) { self.moved_on(today) } else { self.touched_on };
        let prospect = Prospect::of(&history, touched_on, keeping);
        let is_lost = prospect.is_some_and(|prospect| self.is_lost(prospect, today));
        let is_erased = is_lost && prospect.is_some_and(|prospect| prospect.loss == Loss::Erasure);
        if is_erased || (self.is(Mutant::ErasesReopened) && self.was_over_long_ago(&history, today, keeping)) {
            self.erase();
            return vec![Passed::Erased];
        }
        let last = self.forewarned.filter(|_| !self.is(Mutant::TellsAlways));
        let told = prospect.filter(|prospect| prospect.is_to_be_told(today, last));
        if let Some(prospect) = told {
            self.forewarned = Some(Forewarning { of: prospect.on, on: today });
        }
        let told = told.map(|prospect| Passed::Told(prospect.on));
        let due = due_act(&history, today, touched_on, keeping).filter(|kind| *kind != Kind::Withdrawn || is_lost);
        let event = match due {
            Some(kind) => self.act_by_itself(kind, &history, today),
            None => self.remind(&history, today),
        };
        told.into_iter().chain(event).collect()
    }

    fn moved_on(&self, today: Date) -> Date {
        self.history().moved_on.unwrap_or(today)
    }

    /// Returns whether a request that was taken up again was over long ago.
    fn was_over_long_ago(&self, history: &History, today: Date, keeping: Keeping) -> bool {
        let is_over = |event: &&Event| matches!(event.kind, Kind::Revoked | Kind::Refused | Kind::Withdrawn);
        let over = self.events.iter().find(is_over);
        history.closed_on.is_none() && over.is_some_and(|over| over.on.plus_months(keeping.archived_months) <= today)
    }

    fn is_lost(&self, prospect: Prospect, today: Date) -> bool {
        let is_untold = match prospect.loss {
            Loss::Erasure => self.is(Mutant::ErasesUntold),
            _ => self.is(Mutant::WithdrawsUntold) && self.forewarned.is_some(),
        };
        if is_untold { prospect.on <= today } else { prospect.is_due(today, self.forewarned) }
    }

    /// Leaves nothing that anybody wrote.
    fn erase(&mut self) {
        self.remains = Some(self.events.iter().map(|event| (event.kind, event.on)).collect());
        self.draft = Draft::default();
        if !self.is(Mutant::KeepsSubmissions) {
            self.sent.clear();
        }
        if self.is(Mutant::KeepsTexts) {
            self.events.retain(|event| !event.text.is_empty());
        } else {
            self.events.clear();
        }
    }

    fn act_by_itself(&mut self, kind: Kind, history: &History, today: Date) -> Option<Passed> {
        let act = Act::new(kind);
        self.state = act.outcome(history, Role::Clock).ok()?;
        if kind == Kind::Resumed && self.is(Mutant::SendsUnsent) {
            self.sent.pop();
            self.sent.push(self.draft.clone());
        }
        let stamp = self.stamp(self.clock_id(), By::clock(), today);
        self.events.push(act.event(stamp, history, "FC-2027-000001", None));
        self.raise(today);
        Some(Passed::Act(kind))
    }

    fn remind(&mut self, history: &History, today: Date) -> Option<Passed> {
        let days = if self.is(Mutant::RemindsAlways) {
            let others = self.events.iter().filter(|event| event.kind != Kind::Deadline).cloned();
            due_reminder(&History::of(&others.collect::<Vec<_>>()), today)
        } else {
            due_reminder(history, today)
        }?;
        let stamp = self.stamp(self.clock_id(), By::clock(), today);
        self.events.push(reminder(stamp, history, days));
        Some(Passed::Reminder(days))
    }

    /// Deletes the request if it is a draft that nobody touched for long.
    pub(super) fn purge(&mut self, today: Date) {
        let is_draft = self.state == State::Draft && (self.events.is_empty() || self.is(Mutant::PurgesReopened));
        if is_draft && self.touched_on.plus_months(PURGE_MONTHS) <= today {
            self.exists = false;
        }
    }
}
