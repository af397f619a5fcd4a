//! Stories of a request after it was sent that only this server can tell: with days that pass on its clock, and with files.

use habilitation_model::wire::{ExaminedRequest, State, StoredRequest};
use habilitation_model::{Date, Draft, Field, field};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::app::{Person, TestApp, address, tag};
use habilitation_fixtures::{Fixture, id, pdf, ready};

/// Story of the first request: who acts, and the identifiers that acts use up.
struct Story<'a> {
    app: &'a TestApp,
    acts: u8,
}

impl<'a> Story<'a> {
    fn of(app: &'a TestApp) -> Self {
        Self { app, acts: 100 }
    }

    /// Lets time pass until noon of a day, in UTC.
    fn on(&self, day: &str) {
        let noon: Timestamp = format!("{day}T12:00:00Z").parse().unwrap();
        self.app.wait(noon.duration_since(self.app.now()));
    }

    async fn applicant(&self) -> Person<'a> {
        self.app.sign_in("noemie").await
    }

    async fn read(&self) -> StoredRequest {
        self.applicant().await.read(&id(1)).await
    }

    /// Makes an act of the applicant.
    async fn act(&mut self, body: Value) -> StoredRequest {
        self.acts += 1;
        let revision = self.read().await.revision;
        let path = format!("{}/events/{}", address(&id(1)), id(self.acts));
        let answer =
            self.applicant().await.call("PUT", &path).json(&body).header("if-match", &tag(revision)).send().await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.read()
    }

    /// Makes an act of the team, which has seen everything.
    async fn decide(&mut self, mut body: Value) -> ExaminedRequest {
        self.acts += 1;
        let claire = self.app.sign_in("claire").await;
        let path = format!("/api/examination/requests/{}", id(1));
        let request: ExaminedRequest = claire.get(&path).await.read();
        body["seen"] = request.last_event.into();
        let call = claire.call("PUT", &format!("{path}/events/{}", id(self.acts))).json(&body);
        let answer = call.header("if-match", &tag(request.revision)).send().await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.read()
    }

    /// Saves a draft, and sends it.
    async fn send(&self, draft: &Draft) -> StoredRequest {
        let who = self.applicant().await;
        match who.get(&address(&id(1))).await.status {
            404 => drop(who.create(&id(1), draft).await),
            _ => drop(who.change(&id(1), self.read().await.revision, draft).await),
        }
        let arrived = self.read().await.arrived;
        for document in draft.documents().filter(|document| !arrived.contains(&document.id)) {
            who.send(&id(1), &document.id, &pdf("maquette")).await;
        }
        who.submit(&id(1), self.read().await.revision).await.request
    }

    /// Submits a request, and lets the team accept it.
    async fn accepted(&mut self, draft: &Draft) {
        self.send(draft).await;
        self.decide(json!({"kind": "accepted"})).await;
    }

    async fn habilitation(&self) -> Option<String> {
        self.read().await.habilitation.map(|habilitation| habilitation.number)
    }
}

fn named(draft: &Draft, name: &str) -> Draft {
    let mut named = draft.clone();
    Field::ProjectName.set(&mut named, field::Value::Text(name));
    named
}

fn day(text: &str) -> Option<Date> {
    Some(Date::parse(text).unwrap())
}

#[tokio::test]
async fn the_term_stands_still_while_changes_are_awaited() {
    let app = TestApp::start().await;
    let mut story = Story::of(&app);
    story.on("2027-01-14");
    assert_eq!(story.send(&ready()).await.due_on, day("2027-03-14"));
    story.on("2027-01-25");
    let asked = story.decide(json!({"kind": "changes_requested", "text": "Un point."})).await;
    assert_eq!((asked.due_on, asked.suspended, asked.answer_by), (None, true, day("2027-03-25")));
    let told = story.read().await;
    assert_eq!((told.due_on, told.suspended, told.answer_by), (None, true, day("2027-03-25")));
    story.on("2027-02-04");
    assert_eq!(story.send(&named(&ready(), "Le guichet")).await.due_on, day("2027-03-24"), "ten days later");
}

#[tokio::test]
async fn an_accepted_request_is_changed_while_it_stays_valid() {
    let app = TestApp::start().await;
    let mut story = Story::of(&app);
    let first = Fixture::named("town-hall");
    story.accepted(&first).await;
    let reopened = story.act(json!({"kind": "reopened"})).await;
    assert_eq!((reopened.state, &reopened.draft), (State::Draft, &first.reopened()));
    assert!(!reopened.draft.terms.accepted && !reopened.draft.organisation.member, "nothing is promised for them");
    assert_eq!(reopened.arrived.len(), first.documents().count(), "files are there");
    assert_eq!(story.habilitation().await.as_deref(), Some("FC-2026-000001-1"));

    story.send(&named(&first, "Le guichet")).await;
    assert_eq!(story.habilitation().await.as_deref(), Some("FC-2026-000001-1"), "until there is an answer");
    let accepted = story.decide(json!({"kind": "accepted"})).await;
    assert_eq!(accepted.habilitation.unwrap().number, "FC-2026-000001-2");
    let old: Value = story.applicant().await.get(&format!("{}/submissions/1", address(&id(1)))).await.read();
    assert_eq!(old["draft"], serde_json::to_value(&first).unwrap(), "what was replaced can be read");
}

#[tokio::test]
async fn a_modification_is_given_up_wherever_it_is() {
    let app = TestApp::start().await;
    let mut story = Story::of(&app);
    let first = Fixture::named("town-hall");
    story.accepted(&first).await;
    let documents: Vec<_> = first.documents().map(|document| document.id.clone()).collect();
    for stage in 0..3 {
        story.act(json!({"kind": "reopened"})).await;
        let mut changed = named(&first, "Le guichet");
        changed.project.mockups.clear();
        if stage == 0 {
            let revision = story.read().await.revision;
            story.applicant().await.change(&id(1), revision, &changed).await;
        } else {
            story.send(&named(&first, &format!("Le guichet {stage}"))).await;
        }
        if stage == 2 {
            story.decide(json!({"kind": "changes_requested", "text": "Un point."})).await;
        }
        let given_up = story.act(json!({"kind": "withdrawn"})).await;
        assert_eq!((given_up.state, given_up.due_on), (State::Accepted, None), "{stage}");
        assert_eq!(story.habilitation().await.as_deref(), Some("FC-2026-000001-1"), "{stage}");
        for document in &documents {
            let path = format!("{}/documents/{document}", address(&id(1)));
            assert_eq!(story.applicant().await.get(&path).await.status, 200, "{stage}: its files are there");
        }
    }
}
