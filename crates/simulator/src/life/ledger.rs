//! Ledger of a request, kept by the rules of the specification without a line of the model's machine or clock.

use habilitation_model::lifecycle::{Act, By, Kind, Side, Start, State};
use habilitation_model::{Date, Draft, Field, Id, field};

use crate::life::losses::{Losses, Untouched};
use crate::life::server::{Answer, Call, PURGE_MONTHS, Passed, Server};

/// Answers of a draft, as far as a schedule changes them.
type Answers = [String; 2];

fn answers(draft: &Draft) -> Answers {
    [Field::ProjectName, Field::TechnicalPhone].map(|field| match field.value(draft) {
        field::Value::Text(text) => text.to_owned(),
        _ => String::new(),
    })
}

/// Term after which silence rejects the request, a day at a time.
#[derive(Clone, Copy)]
struct Term {
    due_on: Date,
    /// Last day to answer, while the applicant is asked for changes in time.
    asked_until: Option<Date>,
}

impl Term {
    fn begin(today: Date) -> Self {
        Self { due_on: today.plus_months(2), asked_until: None }
    }

    fn ask(&mut self, today: Date, until: Date) {
        if today <= self.due_on {
            self.asked_until = Some(until);
        }
    }

    /// Counts a day that begins.
    fn day(&mut self, today: Date) {
        if self.asked_until.is_some_and(|until| today <= until) {
            self.due_on = self.due_on.plus_days(1);
        }
    }

    fn due_on(self, today: Date) -> Option<Date> {
        self.asked_until.is_none_or(|until| until <= today).then_some(self.due_on)
    }
}

pub(super) struct Ledger {
    exists: bool,
    revision: u64,
    state: State,
    draft: Answers,
    sent: Vec<Answers>,
    /// Number of the submission whose habilitation is active.
    active: Option<usize>,
    acts: Vec<(Id, By, Act)>,
    events: u64,
    last_of_applicant: u64,
    last_move: Option<Kind>,
    moved_on: Date,
    touched_on: Date,
    answer_by: Date,
    term: Option<Term>,
    reminders: Vec<(Date, u16)>,
    losses: Losses,
    is_erased: bool,
}

impl Ledger {
    pub(super) fn new(today: Date) -> Self {
        Self {
            exists: true,
            revision: 1,
            state: State::Draft,
            draft: Answers::default(),
            sent: Vec::new(),
            active: None,
            acts: Vec::new(),
            events: 0,
            last_of_applicant: 0,
            last_move: None,
            moved_on: today,
            touched_on: today,
            answer_by: today,
            term: None,
            reminders: Vec::new(),
            losses: Losses::default(),
            is_erased: false,
        }
    }

    /// Returns whether a call has to be taken, and enters what it changes.
    pub(super) fn take(&mut self, call: &Call, today: Date) -> Answer {
        if self.is_erased {
            return Answer::Gone;
        }
        Answer::of(
            self.exists
                && match call {
                    Call::Save { base, draft } => self.save(*base, draft, today),
                    Call::Submit { base, words } => self.submit(*base, words.text.is_empty(), today),
                    Call::Act { event, by, base, act } => self.act(event, by, *base, act, today),
                },
        )
    }

    fn is_editable(&self) -> bool {
        matches!(self.state, State::Draft | State::ChangesRequested)
    }

    fn raise(&mut self, today: Date) {
        self.revision += 1;
        self.touched_on = today;
    }

    fn save(&mut self, base: u64, draft: &Draft, today: Date) -> bool {
        let is_taken = self.is_editable() && base == self.revision;
        if is_taken {
            self.draft = answers(draft);
            self.raise(today);
        }
        is_taken
    }

    fn submit(&mut self, base: u64, is_wordless: bool, today: Date) -> bool {
        if !self.is_editable() {
            return self.last_move == Some(Kind::Submitted);
        }
        let is_active = self.active.is_some_and(|n| self.sent[n - 1] == self.draft);
        let asked = self.state == State::ChangesRequested;
        let says_nothing = asked && is_wordless && self.sent.last() == Some(&self.draft);
        if base != self.revision || is_active || says_nothing {
            return false;
        }
        self.sent.push(self.draft.clone());
        match &mut self.term {
            Some(term) if asked => term.asked_until = None,
            term => *term = Some(Term::begin(today)),
        }
        self.events += 1;
        self.last_of_applicant = self.events;
        self.move_to(Kind::Submitted, State::Submitted, today);
        true
    }

    fn move_to(&mut self, kind: Kind, state: State, today: Date) {
        self.state = state;
        self.last_move = Some(kind);
        self.moved_on = today;
        self.losses.reach(state, today);
        self.raise(today);
    }

    fn act(&mut self, event: &Id, by: &By, base: u64, act: &Act, today: Date) -> bool {
        let entry = (event.clone(), by.clone(), Act { seen: None, ..act.clone() });
        if let Some(known) = self.acts.iter().find(|(id, ..)| id == event) {
            return *known == entry;
        }
        let is_of_team = by.side == Side::Examiner;
        let moves = !matches!(act.kind, Kind::Message | Kind::Note);
        let is_blind = is_of_team && act.seen.unwrap_or_default() < self.last_of_applicant;
        let Some(state) = self.leads_to(act.kind, is_of_team) else { return false };
        if moves && (base != self.revision || is_blind) {
            return false;
        }
        let answer_by = act.answer_by.unwrap_or_else(|| today.plus_months(2));
        if act.kind == Kind::ChangesRequested && !(today.plus_days(15)..=today.plus_months(6)).contains(&answer_by) {
            return false;
        }
        self.acts.push(entry);
        self.events += 1;
        if !is_of_team {
            self.last_of_applicant = self.events;
        }
        match act.kind {
            Kind::ChangesRequested => {
                self.answer_by = answer_by;
                if let Some(term) = &mut self.term {
                    term.ask(today, answer_by);
                }
            }
            Kind::Accepted => self.active = Some(self.sent.len()),
            Kind::Revoked => self.active = None,
            Kind::Reopened => self.reopen(act.from),
            _ => {}
        }
        if moves {
            self.turn_term(act.kind, today);
            self.move_to(act.kind, state, today);
        }
        true
    }

    /// Returns the state to which an act leads, where somebody may act so now.
    fn leads_to(&self, kind: Kind, is_of_team: bool) -> Option<State> {
        let rests_at = |state| if self.active.is_some() { State::Accepted } else { state };
        let is_closed = matches!(self.state, State::Refused | State::Withdrawn | State::Revoked);
        let was_sent = !self.sent.is_empty();
        let (may, state) = match (kind, is_of_team) {
            (Kind::ChangesRequested, true) => (self.state == State::Submitted, State::ChangesRequested),
            (Kind::Resumed, true) => (matches!(self.state, State::ChangesRequested | State::Refused), State::Submitted),
            (Kind::Accepted, true) => (self.state == State::Submitted, State::Accepted),
            (Kind::Refused, true) => (self.state == State::Submitted, rests_at(State::Refused)),
            (Kind::Revoked, true) => (self.active.is_some(), State::Revoked),
            (Kind::Withdrawn, false) => {
                let is_open = was_sent && (self.is_editable() || self.state == State::Submitted);
                (is_open, rests_at(State::Withdrawn))
            }
            (Kind::Reopened, false) => (is_closed || self.state == State::Accepted, State::Draft),
            (Kind::Archived, false) => (is_closed, State::Archived),
            (Kind::Message, _) | (Kind::Note, true) => (was_sent && self.state != State::Archived, self.state),
            _ => (false, self.state),
        };
        may.then_some(state)
    }

    fn reopen(&mut self, from: Option<Start>) {
        let n = match from {
            Some(Start::Draft) => return,
            Some(Start::Submission(n)) => usize::try_from(n).unwrap_or_default(),
            None => self.active.unwrap_or(self.sent.len()),
        };
        self.draft.clone_from(&self.sent[n - 1]);
    }

    fn turn_term(&mut self, kind: Kind, today: Date) {
        match kind {
            Kind::Resumed if self.state == State::Refused => self.term = Some(Term::begin(today)),
            Kind::Resumed => {
                if let Some(term) = &mut self.term {
                    term.asked_until = None;
                }
            }
            Kind::Accepted | Kind::Refused | Kind::Withdrawn | Kind::Revoked => self.term = None,
            _ => {}
        }
    }

    /// Counts a day that begins.
    pub(super) fn day(&mut self, today: Date) {
        if let Some(term) = &mut self.term {
            term.day(today);
        }
    }

    /// Enters all that is due by itself, and returns it.
    pub(super) fn pass(&mut self, today: Date) -> Vec<Passed> {
        if !self.exists || self.is_erased || self.sent.is_empty() {
            return Vec::new();
        }
        let untouched = Untouched { state: self.state, since: self.moved_on.max(self.touched_on) };
        let is_lost = self.losses.comes(untouched, today);
        if is_lost && self.state == State::Archived {
            self.is_erased = true;
            return vec![Passed::Erased];
        }
        let told = self.losses.tell(untouched, today).map(Passed::Told);
        told.into_iter().chain(self.act_by_itself(is_lost, today)).collect()
    }

    fn act_by_itself(&mut self, is_lost: bool, today: Date) -> Option<Passed> {
        let is_closed = matches!(self.state, State::Refused | State::Withdrawn | State::Revoked);
        let (kind, state) = if self.state == State::ChangesRequested && self.answer_by < today {
            (Kind::Resumed, State::Submitted)
        } else if self.state == State::Draft && is_lost {
            (Kind::Withdrawn, if self.active.is_some() { State::Accepted } else { State::Withdrawn })
        } else if is_closed && self.moved_on.plus_months(12) <= today {
            (Kind::Archived, State::Archived)
        } else {
            return self.remind(today);
        };
        self.events += 1;
        self.turn_term(kind, today);
        self.move_to(kind, state, today);
        Some(Passed::Act(kind))
    }

    fn remind(&mut self, today: Date) -> Option<Passed> {
        let due_on = self.term?.due_on(today).filter(|_| self.state == State::Submitted)?;
        let days = match today.days_until(due_on) {
            ..0 => 0,
            0..=3 => 3,
            4..=14 => 14,
            _ => return None,
        };
        if self.reminders.contains(&(due_on, days)) {
            return None;
        }
        self.reminders.push((due_on, days));
        self.events += 1;
        Some(Passed::Reminder(days))
    }

    /// Enters the deletion that is due.
    pub(super) fn purge(&mut self, today: Date) {
        let is_forgotten = self.sent.is_empty() && self.touched_on.plus_months(PURGE_MONTHS) <= today;
        self.exists &= !is_forgotten;
    }

    /// Returns the first rule by which an erased request is not what it has to be.
    fn difference_of_remains(&self, server: &Server) -> Option<String> {
        let left = server.remains.as_ref().map(Vec::len).unwrap_or_default() as u64;
        if !self.is_erased || left != self.events {
            return Some(format!(
                "{left} events are left, and ought to be {}",
                if self.is_erased { self.events } else { 0 }
            ));
        }
        let is_written =
            !server.events.is_empty() || !server.sent.is_empty() || answers(&server.draft) != Answers::default();
        is_written.then(|| "what somebody wrote is still there".to_owned())
    }

    /// Returns the first rule by which the server differs from the ledger.
    pub(super) fn difference(&self, server: &Server, today: Date) -> Option<String> {
        let history = server.history();
        let told = |what: &str, server: String, ledger: String| format!("{what}: {server}, and ought to be {ledger}");
        if self.exists != server.exists {
            return Some(format!("exists: {}, and ought to be {}", server.exists, self.exists));
        }
        if !self.exists {
            return None;
        }
        if self.is_erased || server.remains.is_some() {
            return self.difference_of_remains(server);
        }
        let active = history.active().map(|active| usize::try_from(active.submission).unwrap_or_default());
        let due_on = self.term.and_then(|term| term.due_on(today));
        let sent: Vec<Answers> = server.sent.iter().map(answers).collect();
        if server.state != self.state || history.state != self.state {
            return Some(told(
                "state",
                format!("{:?} ({:?} by events)", server.state, history.state),
                format!("{:?}", self.state),
            ));
        }
        if history.last_event != self.events || server.events.len() as u64 != self.events {
            return Some(told("events", server.events.len().to_string(), self.events.to_string()));
        }
        if server.revision != self.revision {
            return Some(told("revision", server.revision.to_string(), self.revision.to_string()));
        }
        if active != self.active {
            return Some(told("active habilitation", format!("{active:?}"), format!("{:?}", self.active)));
        }
        if sent != self.sent || history.submissions.len() != sent.len() {
            return Some(told("submissions", format!("{sent:?}"), format!("{:?}", self.sent)));
        }
        if answers(&server.draft) != self.draft {
            return Some(told("draft", format!("{:?}", answers(&server.draft)), format!("{:?}", self.draft)));
        }
        (server.due_on(today) != due_on)
            .then(|| told("end of the term", format!("{:?}", server.due_on(today)), format!("{due_on:?}")))
    }
}
