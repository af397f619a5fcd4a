//! A life: an applicant and an examiner act on one request after the other, until the server is gone, and look at its history when
//! the server comes back.

use std::collections::BTreeMap;
use std::sync::Arc;

use habilitation_model::lifecycle::History;
use habilitation_model::wire::{
    DraftToSave, EventList, ExaminedRequest, Kind, Receipt, RequestSummary, State, StoredRequest,
};
use habilitation_model::{ClosedList, Id, SCHEMA};
use habilitation_simulator::Random;
use serde_json::{Value, json};

use super::Tally;
use super::client::{PEOPLE, complete};
use super::history::Wrong;
use crate::app::{address, tag};
use crate::call::{Call, Response};
use crate::program::Program;

/// Acts after which another request is begun: its history is read at each start.
const ACTS: usize = 25;

/// Person of a life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Applicant,
    Examiner,
}

/// Call that changes the request.
#[derive(Clone, Debug)]
enum Change {
    Save(u32),
    Submit,
    Act(Side, Id, Kind),
}

/// Request as the last answer told it.
#[derive(Clone, Debug)]
struct Known {
    state: State,
    revision: u64,
    /// Kind of each event, with its identifier where a person made it.
    events: Vec<(Option<Id>, Kind)>,
    /// Content of the last save.
    saved: u32,
    /// Highest content that was sent: a submission has to change something.
    sent: u32,
}

pub(super) struct Life {
    /// Person who files the requests.
    person: &'static str,
    random: Random,
    applicant: Option<String>,
    examiner: Option<String>,
    request: Id,
    known: Option<Known>,
    under_way: Option<Change>,
    numbers: BTreeMap<Id, String>,
    content: u32,
    acknowledged: u64,
    wrong: Vec<Wrong>,
}

impl Life {
    pub(super) fn new(number: usize, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let request = draw(&mut random);
        Self {
            person: PEOPLE[number % PEOPLE.len()],
            random,
            applicant: None,
            examiner: None,
            request,
            known: None,
            under_way: None,
            numbers: BTreeMap::new(),
            content: 0,
            acknowledged: 0,
            wrong: Vec::new(),
        }
    }

    /// Number of calls that were acknowledged.
    pub(super) fn acknowledged(&self) -> u64 {
        self.acknowledged
    }

    /// The numbers that were given, by request.
    pub(super) fn numbers(&self) -> impl Iterator<Item = (Id, String)> {
        self.numbers.iter().map(|(id, number)| (id.clone(), number.clone()))
    }

    fn call(&self, side: Side, origin: &str, method: &str, path: &str) -> Call {
        let cookie = if side == Side::Applicant { &self.applicant } else { &self.examiner };
        let call = Call::to(origin, method, path);
        match cookie {
            Some(cookie) => call.header("cookie", cookie),
            None => call,
        }
    }

    /// Works until the server is gone.
    pub(super) async fn work(mut self, origin: String, tally: Arc<Tally>) -> Self {
        while let Some(answer) = self.step(&origin).await {
            if answer.status < 300 {
                self.acknowledged += 1;
                tally.count();
            } else {
                // Nobody else acts on this request: a refusal means that the server knows less than it said.
                let told = format!("{:?}: {} {}, after {:?}", self.under_way, answer.status, answer.text(), self.known);
                self.wrong.push(Wrong::Lost(told));
                tally.enough.notify_one();
                break;
            }
        }
        self
    }

    /// Makes one call; returns none when the server is gone.
    async fn step(&mut self, origin: &str) -> Option<Response> {
        for (side, person) in [(Side::Applicant, self.person), (Side::Examiner, "claire")] {
            let cookie = if side == Side::Applicant { &mut self.applicant } else { &mut self.examiner };
            if cookie.is_none() {
                let call = Call::to(origin, "POST", "/api/demo/session").json(&json!({ "person": person }));
                let answer = call.try_send().await?;
                let told = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next());
                *cookie = told.map(str::to_owned);
                return Some(answer);
            }
        }
        if self.known.as_ref().is_some_and(|known| known.events.len() >= ACTS && known.state == State::Accepted) {
            (self.request, self.known) = (draw(&mut self.random), None);
        }
        let change = self.choose();
        let call = self.asking(origin, &change);
        self.under_way = Some(change);
        let answer = call.try_send().await?;
        if answer.status < 300 {
            self.acknowledge(&answer);
        }
        Some(answer)
    }

    fn choose(&mut self) -> Change {
        use Kind::{Accepted, ChangesRequested, Message, Refused, Reopened, Resumed, Withdrawn};
        use Side::{Applicant, Examiner};

        let Some(known) = &self.known else { return Change::Save(self.next_content()) };
        let acts: &[(Side, Kind)] = match known.state {
            State::Draft if known.saved <= known.sent => return Change::Save(self.next_content()),
            State::Draft => return Change::Submit,
            State::Submitted => &[
                (Examiner, ChangesRequested),
                (Examiner, ChangesRequested),
                (Examiner, Accepted),
                (Examiner, Refused),
                (Applicant, Withdrawn),
                (Applicant, Message),
                (Examiner, Message),
            ],
            State::ChangesRequested if self.random.one_in(2) => {
                return if known.saved <= known.sent { Change::Save(self.next_content()) } else { Change::Submit };
            }
            State::ChangesRequested => &[(Examiner, Resumed), (Applicant, Withdrawn), (Applicant, Message)],
            _ => &[(Applicant, Reopened), (Applicant, Reopened), (Examiner, Message)],
        };
        let (side, kind) = acts[self.random.below(acts.len())];
        Change::Act(side, draw(&mut self.random), kind)
    }

    fn next_content(&mut self) -> u32 {
        self.content += 1;
        self.content
    }

    fn asking(&self, origin: &str, change: &Change) -> Call {
        let path = address(&self.request);
        let on_revision = |call: Call| match &self.known {
            Some(known) => call.header("if-match", &tag(known.revision)),
            None => call.header("if-none-match", "*"),
        };
        match change {
            Change::Save(content) => {
                let body = DraftToSave { schema: SCHEMA, draft: complete(*content) };
                on_revision(self.call(Side::Applicant, origin, "PUT", &path).json(&body))
            }
            Change::Submit => on_revision(self.call(Side::Applicant, origin, "POST", &format!("{path}/submission"))),
            Change::Act(side, event, kind) => {
                let needs_text = !matches!(kind, Kind::Accepted | Kind::Withdrawn | Kind::Reopened);
                let mut body = json!({"kind": kind.as_str()});
                if needs_text {
                    body["text"] = Value::from("Quelques mots.");
                }
                let path = if *side == Side::Examiner {
                    body["seen"] = Value::from(self.known.as_ref().map_or(0, |known| known.events.len()));
                    format!("/api/examination/requests/{}/events/{event}", self.request)
                } else {
                    format!("{path}/events/{event}")
                };
                on_revision(self.call(*side, origin, "PUT", &path).json(&body))
            }
        }
    }

    fn acknowledge(&mut self, answer: &Response) {
        let Some(change) = self.under_way.take() else { return };
        let (state, revision) = match &change {
            Change::Save(_) => {
                let saved: RequestSummary = answer.read();
                (saved.state, saved.revision)
            }
            Change::Submit => {
                let receipt: Receipt = answer.read();
                self.numbers.insert(self.request.clone(), receipt.number);
                (receipt.request.state, receipt.request.revision)
            }
            Change::Act(Side::Applicant, ..) => {
                let request: StoredRequest = answer.read();
                (request.state, request.revision)
            }
            Change::Act(Side::Examiner, ..) => {
                let request: ExaminedRequest = answer.read();
                (request.state, request.revision)
            }
        };
        let known = self.known.get_or_insert_with(|| Known { state, revision, events: Vec::new(), saved: 0, sent: 0 });
        (known.state, known.revision) = (state, revision);
        match change {
            Change::Save(content) => known.saved = content,
            Change::Submit => {
                known.sent = known.saved;
                known.events.push((None, Kind::Submitted));
            }
            Change::Act(_, event, kind) => {
                // A request is reopened without its commitments: it has to be filled in anew.
                if kind == Kind::Reopened {
                    known.saved = 0;
                }
                known.events.push((Some(event), kind));
            }
        }
    }

    /// Compares the request on the server with what was acknowledged, and repeats the act that was not answered.
    pub(super) async fn check(&mut self, program: &Program) -> Vec<Wrong> {
        let mut wrong = std::mem::take(&mut self.wrong);
        let origin = program.origin();
        if self.applicant.is_none() || self.examiner.is_none() || (self.known.is_none() && self.under_way.is_none()) {
            return wrong;
        }
        wrong.extend(self.look(origin).await.err());
        wrong
    }

    async fn look(&mut self, origin: &str) -> Result<(), Wrong> {
        let id = self.request.clone();
        let half = |what: String| Wrong::HalfWritten(format!("{id}: {what}"));
        let stored = self.call(Side::Applicant, origin, "GET", &address(&id)).try_send().await;
        let stored = stored.ok_or_else(|| half("it cannot be read".to_owned()))?;
        if stored.status == 404 && self.known.is_none() {
            self.under_way = None;
            return Ok(());
        }
        if stored.status != 200 {
            return Err(Wrong::Lost(format!("{id}: {} {}", stored.status, stored.text())));
        }
        let stored: StoredRequest = stored.read();
        let path = format!("{}/events", address(&id));
        let list = self.call(Side::Applicant, origin, "GET", &path).try_send().await;
        let list: EventList = list.ok_or_else(|| half("its history cannot be read".to_owned()))?.read();
        self.numbers.extend(stored.number.clone().map(|number| (id.clone(), number)));
        let folded = History::of(&list.events);
        if (folded.state, folded.submissions.len()) != (stored.state, stored.submissions.len()) {
            return Err(half(format!("its state is {:?}, and {:?} by its history", stored.state, folded.state)));
        }
        let known = self.known.as_ref().map(|known| known.events.clone()).unwrap_or_default();
        let found: Vec<_> = list.events.iter().map(|event| (&event.id, event.kind)).collect();
        let is_told = |((told, kind), (id, found)): (&(Option<Id>, Kind), &(&Id, Kind))| {
            kind == found && told.as_ref().is_none_or(|told| told == *id)
        };
        if found.len() < known.len() || !known.iter().zip(&found).all(is_told) {
            return Err(Wrong::Lost(format!("{id} has the events {found:?}, after {known:?}")));
        }
        let is_done = match &self.under_way {
            Some(Change::Act(_, event, kind)) => found.get(known.len()) == Some(&(event, *kind)),
            Some(Change::Submit) => found.get(known.len()).is_some_and(|(_, kind)| *kind == Kind::Submitted),
            _ => false,
        };
        if found.len() > known.len() + usize::from(is_done) {
            return Err(Wrong::MadeUp(format!("{id} has the events {found:?}, after {known:?}")));
        }
        if let Some(change @ Change::Act(..)) = self.under_way.clone() {
            let again = self.asking(origin, &change).try_send().await;
            let again = again.ok_or_else(|| half("its act cannot be repeated".to_owned()))?;
            let expected = if is_done { 200 } else { 201 };
            if again.status != expected {
                return Err(Wrong::Lost(format!("{id}: {change:?} again: {} {}", again.status, again.text())));
            }
            self.acknowledge(&again);
            return Ok(());
        }
        let name = stored.draft.project.name.to_string();
        let content = name.strip_prefix("Version ").and_then(|number| number.parse().ok());
        let content: u32 = content.ok_or_else(|| half("its draft is of no save".to_owned()))?;
        let sent = if is_done { content } else { self.known.as_ref().map_or(0, |known| known.sent) };
        let mut events = known;
        events.extend(is_done.then_some((None, Kind::Submitted)));
        self.known = Some(Known { state: stored.state, revision: stored.revision, events, saved: content, sent });
        self.under_way = None;
        Ok(())
    }
}

fn draw(random: &mut Random) -> Id {
    let mut bytes = [0; 10];
    bytes[..8].copy_from_slice(&random.number().to_be_bytes());
    Id::new(1_700_000_000_500, bytes)
}
