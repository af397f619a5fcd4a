//! A server that holds one request and decides by revision alone. What becomes of each call can be told beforehand.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use serde_json::json;

use super::fake_browser::FakeBrowser;
use crate::api::{Api, ApiError, ApiFuture};
use crate::model::saving::BaseRevision;
use crate::model::wire::{PageConfig, RequestSummary, Session, StoredRequest};
use crate::model::{Draft, Id};

/// Milliseconds from a call to its answer.
const LATENCY: u64 = 50;
/// Milliseconds after which the page takes a call for lost.
const LIMIT: u64 = 30_000;

/// The fate of a call.
#[derive(Clone, Debug)]
pub(super) enum Fate {
    /// The server acts and answers.
    Answered,
    /// The server acts, and its response is lost.
    AnswerLost,
    /// The server refuses, with this status, kind and pointer.
    Refused(u16, &'static str, &'static str),
}

pub(super) struct FakeServer {
    browser: Rc<FakeBrowser>,
    pub(super) held: RefCell<Option<StoredRequest>>,
    pub(super) fates: RefCell<VecDeque<Fate>>,
    pub(super) is_away: Cell<bool>,
    /// Moments at which saves arrived, and what they brought.
    pub(super) saves: RefCell<Vec<(u64, Draft)>>,
}

impl FakeServer {
    pub(super) fn new(browser: &Rc<FakeBrowser>) -> Rc<Self> {
        Rc::new(Self {
            browser: Rc::clone(browser),
            held: RefCell::default(),
            fates: RefCell::default(),
            is_away: Cell::new(false),
            saves: RefCell::default(),
        })
    }

    pub(super) fn draft(&self) -> Option<Draft> {
        self.held.borrow().as_ref().map(|held| held.draft.clone())
    }

    pub(super) fn revision(&self) -> u64 {
        self.held.borrow().as_ref().map_or(0, |held| held.revision)
    }
}

impl FakeServer {
    /// Answers after a time, as is told beforehand of the call.
    fn call<T: 'static>(self: &Rc<Self>, act: impl FnOnce(&Self) -> Result<T, ApiError> + 'static) -> ApiFuture<T> {
        let fate = self.fates.borrow_mut().pop_front().unwrap_or(Fate::Answered);
        let slot = Rc::new(RefCell::new(None));
        let (server, filled) = (Rc::clone(self), Rc::clone(&slot));
        self.browser.later(LATENCY, move || {
            let answer = match fate {
                _ if server.is_away.get() => Err(ApiError::Unreachable),
                Fate::Answered => act(&server),
                Fate::Refused(status, kind, pointer) => Err(problem(status, kind, pointer, None)),
                Fate::AnswerLost => {
                    drop(act(&server));
                    let lost = move || drop(filled.replace(Some(Err(ApiError::Unreachable))));
                    return server.browser.later(LIMIT - LATENCY, lost);
                }
            };
            filled.replace(Some(answer));
        });
        Box::pin(poll_fn(move |_| slot.take().map_or(Poll::Pending, Poll::Ready)))
    }

    fn take(&self, id: &Id, base: Option<&BaseRevision>, draft: Draft) -> Result<RequestSummary, ApiError> {
        self.saves.borrow_mut().push((self.browser.now(), draft.clone()));
        let mut held = self.held.borrow_mut();
        let is_named = match (&*held, base) {
            (None, None) => true,
            (Some(held), Some(base)) => held.revision == base.revision && held.updated_at == base.saved_at,
            _ => false,
        };
        if !is_named {
            let current = held.as_ref().ok_or_else(|| problem(404, "not-found", "", None))?;
            return Err(problem(412, "stale", "", Some(current)));
        }
        let now = self.browser.now().to_string();
        let next = StoredRequest {
            revision: held.as_ref().map_or(0, |held| held.revision) + 1,
            created_at: now.clone(),
            updated_at: now.clone(),
            earlier: held.as_ref().map_or(Vec::new(), StoredRequest::earlier_of_next),
            draft,
            ..StoredRequest::begun(id.clone())
        };
        let summary = RequestSummary { revision: next.revision, updated_at: now, ..RequestSummary::begun(id.clone()) };
        *held = Some(next);
        Ok(summary)
    }
}

/// The server, as one tab calls it.
pub(super) struct Client(pub(super) Rc<FakeServer>);

impl Api for Client {
    fn config(&self) -> ApiFuture<PageConfig> {
        panic!("the driver never asks")
    }

    fn session(&self) -> ApiFuture<Session> {
        panic!("the driver never asks")
    }

    fn set_user(&self, _user: Option<&str>) {}

    fn request(&self, _id: &Id) -> ApiFuture<StoredRequest> {
        self.0.call(|server| server.held.borrow().clone().ok_or_else(|| problem(404, "not-found", "", None)))
    }

    fn save(&self, id: &Id, base: Option<&BaseRevision>, draft: &Draft) -> ApiFuture<RequestSummary> {
        let (id, base, draft) = (id.clone(), base.cloned(), draft.clone());
        self.0.call(move |server| server.take(&id, base.as_ref(), draft))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn problem(status: u16, kind: &str, pointer: &str, current: Option<&StoredRequest>) -> ApiError {
    let errors = if pointer.is_empty() { json!([]) } else { json!([{ "pointer": pointer, "code": "invalid" }]) };
    let current = current.map(|held| {
        json!({
            "schema": held.schema,
            "revision": held.revision,
            "updated_at": held.updated_at,
            "earlier": held.earlier,
            "draft": held.draft,
        })
    });
    let problem = json!({
        "type": format!("/problems/{kind}"),
        "title": kind,
        "status": status,
        "detail": kind,
        "instance": "/",
        "errors": errors,
        "current": current,
    });
    ApiError::Problem(serde_json::from_value(problem).unwrap())
}
