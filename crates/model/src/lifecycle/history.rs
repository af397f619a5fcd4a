//! The history of a request, folded: everything that follows from its events.

use crate::changes::Change;
use crate::date::Date;
use crate::lifecycle::event::{Event, Examiner, Remark, Reply, SubmissionSummary};
use crate::lifecycle::kind::{Kind, Role, Side};
use crate::lifecycle::machine::{Standing, next};
use crate::lifecycle::run::{Run, usual_answer_day};
use crate::lifecycle::state::State;
use crate::text::Text;

/// All that follows from the events of a request. The default is that of a request without any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// State of the request.
    pub state: State,
    /// Day of the last act that moved the state; none before the first submission.
    pub moved_on: Option<Date>,
    /// Day on which the request was over, while it is, archived or not.
    pub closed_on: Option<Date>,
    /// Submissions, the first one first.
    pub submissions: Vec<SubmissionSummary>,
    /// Acceptances, the first one first. Each gave a habilitation, of which one at most is active.
    pub acceptances: Vec<Acceptance>,
    /// Remarks that wait for the applicant.
    pub open_remarks: Vec<Remark>,
    /// Last day to answer, while changes are requested.
    pub answer_by: Option<Date>,
    /// The last round of remarks that is over, until the request is decided or reopened and sent again.
    pub last_round: Option<Round>,
    /// Run of the legal clock, while the team owes an answer.
    pub run: Option<Run>,
    /// Examiner to whom the request is entrusted.
    pub examiner: Option<Examiner>,
    /// Set while the applicant was the last to write in the thread.
    pub awaits_reply: bool,
    /// Rank of the last event; 0 before the first.
    pub last_event: u64,
    /// Rank of the last event that the applicant may see.
    pub last_shown_event: u64,
    /// Rank of the last event that the applicant made.
    pub last_of_applicant: u64,
}

/// An acceptance, which gave a habilitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// Rank of the habilitation in its request, from 1.
    pub rank: u32,
    /// Submission that was accepted.
    pub submission: u32,
    /// Time of the acceptance.
    pub at: String,
    /// Day of the acceptance in Europe/Paris.
    pub on: Date,
    /// State of the habilitation.
    pub state: AcceptanceState,
}

/// State of a habilitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcceptanceState {
    /// In force.
    Active,
    /// Followed by that of a modification, since this day.
    Replaced(Date),
    /// Ended by the team, on this day.
    Revoked(Date),
}

/// Remarks of a request for changes, with the replies to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// Submission that the remarks are about.
    pub submission: u32,
    /// Remarks of the team.
    pub remarks: Vec<Remark>,
    /// Replies of the applicant.
    pub replies: Vec<Reply>,
}

/// Remark of a round that is over, with its follow-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FollowUp<'a> {
    /// The remark.
    pub remark: &'a Remark,
    /// Set when the answer of its field was changed.
    pub is_changed: bool,
    /// Reply to the remark, if there is one.
    pub reply: Option<&'a Text>,
}

impl Round {
    /// Returns each remark with its follow-up, by the changes since the submission that it is about.
    pub fn follow_ups<'a>(&'a self, changes: &'a [Change<'_>]) -> impl Iterator<Item = FollowUp<'a>> {
        self.remarks.iter().map(|remark| FollowUp {
            remark,
            is_changed: changes.iter().any(|change| change.field.pointer() == remark.pointer),
            reply: self.replies.iter().find(|reply| reply.pointer == remark.pointer).map(|reply| &reply.text),
        })
    }
}

impl Default for History {
    fn default() -> Self {
        Self {
            state: State::Draft,
            moved_on: None,
            closed_on: None,
            submissions: Vec::new(),
            acceptances: Vec::new(),
            open_remarks: Vec::new(),
            answer_by: None,
            last_round: None,
            run: None,
            examiner: None,
            awaits_reply: false,
            last_event: 0,
            last_shown_event: 0,
            last_of_applicant: 0,
        }
    }
}

impl History {
    /// Folds the events of a request, in their order.
    #[must_use]
    pub fn of(events: &[Event]) -> Self {
        let mut history = Self::default();
        for event in events {
            history.add(event);
        }
        history
    }

    /// Returns the standing of the request, on which the next state depends.
    #[must_use]
    pub fn standing(&self) -> Standing {
        Standing {
            state: self.state,
            is_habilitated: self.active().is_some(),
            was_submitted: !self.submissions.is_empty(),
        }
    }

    /// Returns the acceptance whose habilitation is active.
    #[must_use]
    pub fn active(&self) -> Option<&Acceptance> {
        self.acceptances.iter().rev().find(|acceptance| acceptance.state == AcceptanceState::Active)
    }

    /// Returns the number of the last submission; 0 before the first.
    #[must_use]
    pub fn last_submission(&self) -> u32 {
        self.submissions.last().map_or(0, |submission| submission.n)
    }

    /// Returns the rank of the last event that a side may see.
    #[must_use]
    pub fn last_event_for(&self, side: Side) -> u64 {
        if side == Side::Applicant { self.last_shown_event } else { self.last_event }
    }

    /// Returns the day after which silence rejects the request; none while the clock is stopped, or nothing is owed.
    #[must_use]
    pub fn due_on(&self, today: Date) -> Option<Date> {
        self.run.as_ref()?.due_on(today)
    }

    /// Returns whether the legal clock is stopped until the applicant answers.
    #[must_use]
    pub fn is_suspended(&self, today: Date) -> bool {
        self.run.as_ref().is_some_and(|run| run.is_suspended(today))
    }

    /// Adds the event that follows. An event that the table of states refuses changes nothing but the ranks: no history of
    /// ours holds one.
    pub fn add(&mut self, event: &Event) {
        self.last_event = event.seq;
        if event.is_shown_to(Side::Applicant) {
            self.last_shown_event = event.seq;
        }
        // Who takes part is no matter of the examination.
        if event.by.side == Side::Applicant && !event.kind.is_about_people() {
            self.last_of_applicant = event.seq;
        }
        let Ok(state) = next(&self.standing(), event.kind, Role::from(event.by.side)) else { return };
        self.note_writer(event);
        match event.kind {
            Kind::Submitted => self.submit(event),
            Kind::ChangesRequested => self.request_changes(event),
            Kind::Resumed => self.resume(event),
            Kind::Accepted => self.accept(event),
            Kind::Revoked => {
                self.end_active(AcceptanceState::Revoked(event.on));
                self.close_round();
                self.run = None;
            }
            Kind::Refused | Kind::Withdrawn => {
                self.close_round();
                self.run = None;
            }
            Kind::Assignment => self.examiner.clone_from(&event.examiner),
            Kind::Deadline => {
                if let Some(run) = &mut self.run {
                    run.remind(event.on, event.days.unwrap_or_default());
                }
            }
            Kind::Reopened
            | Kind::Archived
            | Kind::Message
            | Kind::Note
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
        if event.kind.moves_state() {
            self.state = state;
            self.moved_on = Some(event.on);
            self.closed_on = match state {
                State::Archived => self.closed_on,
                state => state.is_closed().then_some(event.on),
            };
        }
    }

    /// Keeps whose turn it is to write. What the team decides or asks for stands in the thread too.
    fn note_writer(&mut self, event: &Event) {
        match (event.kind, event.by.side) {
            (Kind::Message, side) => self.awaits_reply = side == Side::Applicant,
            (Kind::Archived, _) => self.awaits_reply = false,
            (kind, Side::Examiner) if kind.moves_state() => self.awaits_reply = false,
            _ => {}
        }
    }

    fn submit(&mut self, event: &Event) {
        if self.state == State::ChangesRequested {
            self.close_round();
            if let Some(round) = &mut self.last_round {
                round.replies.clone_from(&event.replies);
            }
            if let Some(run) = &mut self.run {
                run.resume(event.on);
            }
        } else {
            self.last_round = None;
            self.run = Some(Run::begin(event.on));
        }
        let n = self.last_submission() + 1;
        self.submissions.push(SubmissionSummary { n, at: event.at.clone(), on: event.on });
    }

    fn request_changes(&mut self, event: &Event) {
        let answer_by = event.answer_by.unwrap_or_else(|| usual_answer_day(event.on));
        self.answer_by = Some(answer_by);
        self.open_remarks.clone_from(&event.remarks);
        if let Some(run) = &mut self.run {
            run.suspend(event.on, answer_by);
        }
    }

    fn resume(&mut self, event: &Event) {
        if self.state == State::Refused {
            self.run = Some(Run::begin(event.on));
        } else if let Some(run) = &mut self.run {
            run.resume(event.on);
        }
        self.close_round();
    }

    fn accept(&mut self, event: &Event) {
        self.end_active(AcceptanceState::Replaced(event.on));
        let rank = u32::try_from(self.acceptances.len()).unwrap_or(u32::MAX).saturating_add(1);
        self.acceptances.push(Acceptance {
            rank,
            submission: event.submission.unwrap_or_else(|| self.last_submission()),
            at: event.at.clone(),
            on: event.on,
            state: AcceptanceState::Active,
        });
        self.run = None;
    }

    fn end_active(&mut self, state: AcceptanceState) {
        for acceptance in &mut self.acceptances {
            if acceptance.state == AcceptanceState::Active {
                acceptance.state = state;
            }
        }
    }

    /// Closes the open remarks, if changes are requested.
    fn close_round(&mut self) {
        if self.answer_by.take().is_some() {
            let (submission, remarks) = (self.last_submission(), std::mem::take(&mut self.open_remarks));
            self.last_round = Some(Round { submission, remarks, replies: Vec::new() });
        }
    }
}
