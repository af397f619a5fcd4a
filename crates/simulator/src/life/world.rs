//! World of a schedule: pages, calls under way, the server, and the ledger that watches it.

use habilitation_model::field::Value;
use habilitation_model::lifecycle::{Act, By, Ground, Kind, Side, SubmissionBody};
use habilitation_model::{Date, Draft, Field, Id};

use crate::life::action::{APPLICANTS, Action, Answers, PAGES, PageNumber};
use crate::life::ledger::Ledger;
use crate::life::mutant::Mutant;
use crate::life::server::{Call, Server};

/// Most calls that one schedule makes.
const CALLS_MAX: usize = 60;
/// Day on which each schedule begins: three days of a short month are ahead.
const START: (u16, u8, u8) = (2026, 12, 29);

/// Reading of the request by a page.
#[derive(Clone, Copy, Default)]
struct Page {
    revision: u64,
    /// Rank of the last event that it shows.
    seen: u64,
}

pub(super) struct World {
    today: Date,
    pages: [Page; PAGES],
    calls: Vec<Call>,
    server: Server,
    ledger: Ledger,
    /// First rule that was broken.
    pub(super) violated: Option<String>,
}

impl World {
    pub(super) fn new(mutant: Option<Mutant>) -> Self {
        let (year, month, day) = START;
        let today = Date::new(year, month, day).unwrap_or_else(|_| unreachable!("the day is in the calendar"));
        Self {
            today,
            pages: [Page { revision: 1, seen: 0 }; PAGES],
            calls: Vec::new(),
            server: Server::new(today, mutant),
            ledger: Ledger::new(today),
            violated: None,
        }
    }

    /// Returns the number of calls so far.
    pub(super) fn calls(&self) -> usize {
        self.calls.len()
    }

    /// Applies an action; returns whether it makes sense here.
    pub(super) fn apply(&mut self, action: Action) -> bool {
        let makes_sense = match action {
            Action::Deliver(call) | Action::StealId(_, call) => call < self.calls.len(),
            _ => self.calls.len() < CALLS_MAX,
        };
        if !makes_sense {
            return false;
        }
        match action {
            Action::Load(page) => {
                self.pages[page] = Page { revision: self.server.revision, seen: self.server.history().last_event };
            }
            Action::Save(page, answers) => {
                self.calls.push(Call::Save { base: self.pages[page].revision, draft: Box::new(draft(answers)) });
            }
            Action::Submit(page, has_words) => {
                let text = if has_words { "Voici les précisions." } else { "" }.into();
                let words = SubmissionBody { text, replies: Vec::new() };
                self.calls.push(Call::Submit { base: self.pages[page].revision, words });
            }
            Action::Act(page, kind) => self.call(page, Act::new(kind)),
            Action::AskWithin(page, days) => {
                let answer_by = Some(self.today.plus_days(days));
                self.call(page, Act { answer_by, ..Act::new(Kind::ChangesRequested) });
            }
            Action::Reopen(page, from) => self.call(page, Act { from, ..Act::new(Kind::Reopened) }),
            Action::Deliver(call) => self.deliver(call),
            Action::StealId(page, call) => {
                let Call::Act { event, .. } = &self.calls[call] else { return false };
                let (event, by, base) = (event.clone(), by(page), self.pages[page].revision);
                let act = Box::new(Act { text: "Autre chose.".into(), ..Act::new(Kind::Message) });
                self.calls.push(Call::Act { event, by, base, act });
            }
            Action::Wait(days) => {
                for _ in 0..days {
                    self.today = self.today.plus_days(1);
                    self.ledger.day(self.today);
                }
            }
            Action::RunClock => {
                let (told, expected) = (self.server.pass(self.today), self.ledger.pass(self.today));
                if told != expected {
                    self.violate(format!("the clock did {told:?}, and ought to do {expected:?}"));
                }
            }
            Action::RunPurge => {
                self.server.purge(self.today);
                self.ledger.purge(self.today);
            }
        }
        if let Some(difference) = self.ledger.difference(&self.server, self.today) {
            self.violate(difference);
        }
        true
    }

    fn violate(&mut self, rule: String) {
        self.violated.get_or_insert(rule);
    }

    /// Makes a call for an act, with all that its kind needs.
    fn call(&mut self, page: PageNumber, act: Act) {
        let Page { revision, seen } = self.pages[page];
        let needs_text = matches!(
            act.kind,
            Kind::ChangesRequested | Kind::Resumed | Kind::Refused | Kind::Revoked | Kind::Message | Kind::Note
        );
        let act = Act {
            text: if needs_text { "Quelques mots." } else { "" }.into(),
            seen: (page >= APPLICANTS).then_some(seen),
            ground: (act.kind == Kind::Revoked).then_some(Ground::AtRequest),
            ..act
        };
        let event = Id::new(u64::try_from(self.calls.len()).unwrap_or_default(), [1; 10]);
        self.calls.push(Call::Act { event, by: by(page), base: revision, act: Box::new(act) });
    }

    fn deliver(&mut self, call: usize) {
        let call = &self.calls[call];
        let expected = self.ledger.take(call, self.today);
        let answer = self.server.respond(call, self.today);
        if answer != expected {
            let rule = format!("{answer:?}, and ought to be {expected:?}: {call:?}");
            self.violate(rule);
        }
    }
}

/// Returns the person in front of a page.
fn by(page: PageNumber) -> By {
    let (side, name) = match page {
        ..APPLICANTS => (Side::Applicant, "Noémie"),
        APPLICANTS => (Side::Examiner, "Claire"),
        _ => (Side::Examiner, "Idris"),
    };
    By { side, name: name.to_owned(), job_title: String::new() }
}

fn draft(answers: Answers) -> Draft {
    let mut draft = Draft::default();
    Field::ProjectName.set(&mut draft, Value::Text(["Guichet", "Cantine", "Cadastre"][answers.project]));
    Field::TechnicalPhone.set(&mut draft, Value::Text(["01 99 00 10 01", "01 99 00 10 02"][answers.contact]));
    draft
}
