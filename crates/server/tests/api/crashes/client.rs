//! A client: it works on requests of its own, one call after the other, until the server is gone, and looks at what is
//! there when the server comes back.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use habilitation_model::wire::{DraftToSave, State, StoredRequest};
use habilitation_model::{Draft, Field, Id, SCHEMA, field};
use habilitation_simulator::Random;

use super::Tally;
use super::history::{Change, History, Request, Stage, Wrong};
use crate::app::{address, tag};
use crate::call::{Call, Response};
use crate::program::Program;
use habilitation_fixtures::ready;

pub(super) const PEOPLE: [&str; 5] = ["noemie", "karim", "jean-baptiste", "stephane", "lucie"];
/// Names that a client gives its documents.
const DOCUMENTS: usize = 3;

/// A complete draft of this content: submission would take it.
pub(super) fn complete(content: u32) -> Draft {
    static FIXTURE: OnceLock<Draft> = OnceLock::new();
    let mut draft = FIXTURE.get_or_init(ready).clone();
    Field::ProjectName.set(&mut draft, field::Value::Text(&format!("Version {content}")));
    // Long enough to lie on several pages of the database.
    let description = format!("Version {content}. ").repeat(150);
    Field::Description.set(&mut draft, field::Value::Text(&description));
    draft
}

/// A file of this content, of a few bytes to a few hundred thousand.
fn file(content: u32) -> Vec<u8> {
    let mut bytes = format!("%PDF-1.7\n{content}\n").into_bytes();
    let length = usize::try_from(content % 13).unwrap() * 20_000;
    bytes.resize(bytes.len() + length, u8::try_from(content % 251).unwrap());
    bytes
}

pub(super) struct Client {
    number: u32,
    random: Random,
    cookie: Option<String>,
    histories: BTreeMap<Id, History>,
    numbers: BTreeMap<Id, String>,
    /// The request that it works on.
    current: Option<Id>,
    /// The last content that it made.
    content: u32,
    acknowledged: u64,
    wrong: Vec<Wrong>,
}

impl Client {
    pub(super) fn new(number: u32, seed: u64) -> Self {
        Self {
            number,
            random: Random::new(seed),
            cookie: None,
            histories: BTreeMap::new(),
            numbers: BTreeMap::new(),
            current: None,
            content: 1_000 * number,
            acknowledged: 0,
            wrong: Vec::new(),
        }
    }

    /// Number of calls that were acknowledged.
    pub(super) fn acknowledged(&self) -> u64 {
        self.acknowledged
    }

    fn call(&self, origin: &str, method: &str, path: &str) -> Call {
        let call = Call::to(origin, method, path);
        match &self.cookie {
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
                // Nobody else works on these requests: a refusal means that the server knows less than it said.
                self.wrong.push(Wrong::Lost(format!("{}: {}", answer.status, answer.text())));
                tally.enough.notify_one();
                break;
            }
        }
        self
    }

    /// Makes one call; returns none when the server is gone.
    async fn step(&mut self, origin: &str) -> Option<Response> {
        if self.cookie.is_none() {
            let person = PEOPLE[usize::try_from(self.number).unwrap() % PEOPLE.len()];
            let call = self.call(origin, "POST", "/api/demo/session").json(&serde_json::json!({"person": person}));
            let answer = call.try_send().await?;
            let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next());
            self.cookie = cookie.map(str::to_owned);
            return Some(answer);
        }
        let id = self.current.clone().unwrap_or_else(|| self.another());
        let known = self.histories.entry(id.clone()).or_default().acknowledged.clone();
        let change = self.choose(&known);
        let call = self.asking(origin, &id, &known, &change);
        self.current = Some(id.clone()).filter(|_| !matches!(change, Change::Submit | Change::Delete));
        self.histories.entry(id.clone()).or_default().under_way = Some(change);
        let answer = call.try_send().await?;
        if answer.status < 300 {
            self.histories.entry(id).or_default().acknowledge();
        }
        Some(answer)
    }

    /// The identifier of a new request.
    fn another(&mut self) -> Id {
        let number = self.random.number().to_be_bytes();
        let mut random = [0; 10];
        random[..8].copy_from_slice(&number);
        Id::new(1_700_000_000_000 + u64::from(self.number), random)
    }

    fn choose(&mut self, known: &Request) -> Change {
        if matches!(known.stage, Stage::Nothing) {
            return Change::Save(self.next_content());
        }
        match self.random.below(20) {
            0 => Change::Submit,
            1 => Change::Delete,
            2..=5 => Change::Send(self.document(), self.next_content()),
            6 => match known.documents.keys().next() {
                Some(document) => Change::Remove(document.clone()),
                None => Change::Save(self.next_content()),
            },
            _ => Change::Save(self.next_content()),
        }
    }

    fn next_content(&mut self) -> u32 {
        self.content += 1;
        self.content
    }

    fn document(&mut self) -> Id {
        let number = u64::try_from(self.random.below(DOCUMENTS)).unwrap();
        Id::new(1_700_000_000_000 + number, [9; 10])
    }

    fn asking(&self, origin: &str, id: &Id, known: &Request, change: &Change) -> Call {
        let path = address(id);
        let document = |document: &Id| format!("{path}/documents/{document}");
        let on_revision = |call: Call| match known.revision() {
            Some(revision) => call.header("if-match", &tag(revision)),
            None => call.header("if-none-match", "*"),
        };
        match change {
            Change::Save(content) => {
                let body = DraftToSave { schema: SCHEMA, draft: complete(*content) };
                on_revision(self.call(origin, "PUT", &path).json(&body))
            }
            Change::Submit => on_revision(self.call(origin, "POST", &format!("{path}/submission"))),
            Change::Delete => on_revision(self.call(origin, "DELETE", &path)),
            Change::Send(id, content) => self.call(origin, "PUT", &document(id)).body(&file(*content)),
            Change::Remove(id) => self.call(origin, "DELETE", &document(id)),
        }
    }

    /// The numbers that were given, by request.
    pub(super) fn numbers(&self) -> impl Iterator<Item = (Id, String)> {
        self.numbers.iter().map(|(id, number)| (id.clone(), number.clone()))
    }

    /// Compares the requests on the server with their histories; those that are over, only when `all` is set.
    pub(super) async fn check(&mut self, program: &Program, all: bool) -> Vec<Wrong> {
        let mut wrong = std::mem::take(&mut self.wrong);
        if self.cookie.is_none() {
            return wrong;
        }
        let open = |(_, history): &(&Id, &History)| all || !history.is_over();
        let ids: Vec<Id> = self.histories.iter().filter(open).map(|(id, _)| id.clone()).collect();
        for id in ids {
            match self.look(program.origin(), &id).await {
                Ok(found) => wrong.extend(self.histories.entry(id.clone()).or_default().find(&id, &found)),
                Err(half) => wrong.push(half),
            }
            let stage = &self.histories[&id].acknowledged.stage;
            if self.current.as_ref() == Some(&id) && !matches!(stage, Stage::Draft { .. }) {
                self.current = None;
            }
        }
        wrong
    }

    async fn look(&mut self, origin: &str, id: &Id) -> Result<Request, Wrong> {
        let half = |what: &str| Wrong::HalfWritten(format!("{id}: {what}"));
        let gone = || half("it cannot be read");
        let answer = self.call(origin, "GET", &address(id)).try_send().await.ok_or_else(gone)?;
        match answer.status {
            404 => return Ok(Request::default()),
            410 => return Ok(Request { stage: Stage::Deleted, ..Request::default() }),
            200 => {}
            status => return Err(half(&format!("reading it answers {status}: {}", answer.text()))),
        }
        let stored: StoredRequest = answer.read();
        let name = stored.draft.project.name.to_string();
        let content = name.strip_prefix("Version ").and_then(|number| number.parse().ok());
        let content = content.filter(|content| stored.draft == complete(*content));
        let content = content.ok_or_else(|| half("its draft is of no save"))?;
        let stage = match stored.state {
            State::Draft => Stage::Draft { revision: stored.revision, content },
            State::Submitted if stored.submissions.len() != 1 => return Err(half("it is half submitted")),
            State::Submitted => Stage::Submitted { revision: stored.revision, content },
            state => return Err(half(&format!("nobody made it {state:?}"))),
        };
        self.numbers.extend(stored.number.map(|number| (id.clone(), number)));
        let mut documents = BTreeMap::new();
        for document in stored.arrived {
            let path = format!("{}/documents/{document}", address(id));
            let answer = self.call(origin, "GET", &path).try_send().await.ok_or_else(gone)?;
            let second_line = answer.body.split(|byte| *byte == b'\n').nth(1).unwrap_or_default();
            let content = std::str::from_utf8(second_line).ok().and_then(|number| number.parse().ok());
            let content = content.filter(|content| answer.body[..] == file(*content)[..]);
            documents.insert(document, content.ok_or_else(|| half("a document is of no upload"))?);
        }
        Ok(Request { stage, documents })
    }
}
