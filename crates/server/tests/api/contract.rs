//! The contract of the API, over HTTP.

use axum::http::header::IF_MATCH;
use habilitation_contract::life::Sides;
use habilitation_contract::{Caller, Filter, Outcome};
use habilitation_model::wire::{
    Act, CaughtMail, CaughtMails, DemoClock, EventList, ExaminedRequest, RequestList, RequestSummary, Statistics,
    StoredRequest, Submission, SubmissionBody,
};
use habilitation_model::{ClosedList, Draft, Id};
use jiff::SignedDuration;
use serde::de::DeserializeOwned;
use tokio::runtime::Runtime;

use crate::app::{Person, TestApp, address, tag};
use crate::call::{Call, Response};
use habilitation_fixtures::pdf;

/// Person who is signed in to a running server.
struct OverHttp {
    runtime: Runtime,
    app: TestApp,
    cookie: String,
    days_ahead: u32,
}

fn over_http() -> OverHttp {
    let runtime = Runtime::new().unwrap();
    let (app, cookie) = runtime.block_on(async {
        let app = TestApp::start().await;
        let cookie = app.sign_in("noemie").await.cookie;
        (app, cookie)
    });
    OverHttp { runtime, app, cookie, days_ahead: 0 }
}

impl OverHttp {
    fn person(&self) -> Person<'_> {
        Person { app: &self.app, cookie: self.cookie.clone() }
    }

    fn examiner(&self) -> Person<'_> {
        self.runtime.block_on(self.app.sign_in("claire"))
    }

    /// The answer, if it is none of a refusal.
    fn ask(&self, call: Call) -> Outcome<Response> {
        let answer = self.runtime.block_on(call.send());
        if (200..300).contains(&answer.status) {
            Ok(answer)
        } else {
            Err(serde_json::from_slice(&answer.body).unwrap())
        }
    }

    fn read_from<T: DeserializeOwned>(&self, call: Call) -> Outcome<T> {
        self.ask(call).map(|answer| answer.read())
    }

    fn document(&self, method: &str, request: &Id, document: &Id) -> Call {
        self.person().call(method, &format!("{}/documents/{document}", address(request)))
    }
}

impl Caller for OverHttp {
    fn save(&self, id: &Id, revision: Option<u64>, draft: &Draft) -> Outcome<RequestSummary> {
        self.read_from(self.person().save(id, revision, draft))
    }

    fn read(&self, id: &Id) -> Outcome<StoredRequest> {
        self.read_from(self.person().call("GET", &address(id)))
    }

    fn list(&self, filter: &Filter) -> Outcome<RequestList> {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("q", &filter.words)
            .append_pair("state", filter.state.map_or("", ClosedList::as_str))
            .append_pair("cursor", filter.cursor.as_deref().unwrap_or_default())
            .finish();
        self.read_from(self.person().call("GET", &format!("/api/requests?{query}")))
    }

    fn delete(&self, id: &Id, revision: u64) -> Outcome<()> {
        self.ask(self.person().call("DELETE", &address(id)).header(IF_MATCH.as_str(), &tag(revision))).map(drop)
    }

    fn submit(&self, id: &Id, revision: u64) -> Outcome<()> {
        self.ask(self.person().submission(id, revision)).map(drop)
    }

    fn send(&self, request: &Id, document: &Id) -> Outcome<()> {
        self.ask(self.person().upload(request, document, &pdf("small"))).map(drop)
    }

    fn remove(&self, request: &Id, document: &Id) -> Outcome<()> {
        self.ask(self.document("DELETE", request, document)).map(drop)
    }

    fn wait(&mut self, seconds: u32) {
        self.app.wait(SignedDuration::from_secs(i64::from(seconds)));
        // After an hour their session may have ended.
        if seconds > 3_600 {
            self.cookie = self.runtime.block_on(async { self.app.sign_in("noemie").await.cookie });
        }
    }
}

fn examined(request: &Id, rest: &str) -> String {
    format!("/api/examination/requests/{request}{rest}")
}

impl Sides for OverHttp {
    fn act(&self, request: &Id, event: &Id, revision: u64, act: &Act) -> Outcome<StoredRequest> {
        let call = self.person().call("PUT", &format!("{}/events/{event}", address(request))).json(act);
        self.read_from(call.header(IF_MATCH.as_str(), &tag(revision)))
    }

    fn submit_with(&self, request: &Id, revision: u64, words: &SubmissionBody) -> Outcome<()> {
        self.ask(self.person().submission(request, revision).json(words)).map(drop)
    }

    fn events(&self, request: &Id) -> Outcome<EventList> {
        self.read_from(self.person().call("GET", &format!("{}/events", address(request))))
    }

    fn submission(&self, request: &Id, number: u32) -> Outcome<Submission> {
        self.read_from(self.person().call("GET", &format!("{}/submissions/{number}", address(request))))
    }

    fn examined(&self, request: &Id) -> Outcome<ExaminedRequest> {
        self.read_from(self.examiner().call("GET", &examined(request, "")))
    }

    fn examined_events(&self, request: &Id) -> Outcome<EventList> {
        self.read_from(self.examiner().call("GET", &examined(request, "/events")))
    }

    fn decide(&self, request: &Id, event: &Id, revision: u64, act: &Act) -> Outcome<ExaminedRequest> {
        let call = self.examiner().call("PUT", &examined(request, &format!("/events/{event}"))).json(act);
        self.read_from(call.header(IF_MATCH.as_str(), &tag(revision)))
    }

    fn statistics(&self) -> Outcome<Statistics> {
        self.read_from(self.examiner().call("GET", "/api/examination/statistics"))
    }

    fn mails(&self) -> Outcome<Vec<CaughtMail>> {
        self.read_from(self.app.call("GET", "/api/demo/mail")).map(|caught: CaughtMails| caught.mails)
    }

    fn let_days_pass(&mut self, days: u32) {
        self.days_ahead += days;
        let clock = DemoClock { days: self.days_ahead };
        self.ask(self.person().call("PUT", "/api/demo/clock").json(&clock)).unwrap();
    }
}

habilitation_contract::obeyed_by!(over_http);
habilitation_contract::lived_by!(over_http);
