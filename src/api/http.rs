//! API of a server, over HTTP.

mod examination;
mod service;
mod sharing;

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use gloo_net::http::Response;
use js_sys::{Date as Moment, Promise, Reflect};
use leptos::prelude::window;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Request, RequestCache, RequestCredentials, RequestInit};

use super::{Api, ApiError, ApiFuture};
use crate::browser::deadline::Deadline;
use crate::clock;
use crate::json::{self, JsonText};
use crate::model::saving::{BaseRevision, invites_again};
use crate::model::schema;
use crate::model::wire::{
    DraftToSave, Identified, PROBLEM_MEDIA_TYPE, PROBLEM_TYPE_PREFIX, PageConfig, Problem, ProblemOrigin,
    RequestSummary, SAVED_AT_HEADER, Session, StoredRequest, USER_HEADER,
};
use crate::model::{Draft, Id, SCHEMA};

/// Size in bytes below which calls outlive their page: browsers allow 64 KiB for all such calls together.
const KEEPALIVE_LIMIT: usize = 60 * 1024;

/// Time limit of a call in milliseconds. A draft of 256 KiB takes half of it at 20 KB/s.
const LIMIT: u32 = 30_000;

const AUTHORIZATION: &str = "Authorization";

/// File of the operator's configuration, beside the page wherever the API is.
pub(super) const CONFIG: &str = "config.json";

/// API of a server. Clones share one state.
#[derive(Clone)]
pub struct Http(Rc<Server>);

struct Server {
    /// Address of the API, without a slash at its end.
    base: String,
    /// Address of the folder of the page's files: empty beside the page itself, or with a slash at its end.
    files: String,
    user: RefCell<Option<String>>,
    /// Token in place of the cookies that a portal's page would not send.
    token: RefCell<Option<String>>,
}

/// Call of the API.
#[derive(Default)]
struct Call {
    method: &'static str,
    address: String,
    /// User that the call is made for.
    user: Option<String>,
    token: Option<String>,
    /// Precondition on the revision, as a header's name and value.
    precondition: Option<(&'static str, String)>,
    /// Moment when that revision was saved.
    saved_at: Option<String>,
    /// Body in JSON.
    body: Option<String>,
}

impl Http {
    /// Returns the API at an address, absolute or relative to the page, with the folder of the page's files.
    #[must_use]
    pub fn new(base: &str, files: &str) -> Self {
        Self(Rc::new(Server {
            base: base.trim_end_matches('/').to_owned(),
            files: files.to_owned(),
            user: RefCell::new(None),
            token: RefCell::new(None),
        }))
    }

    fn call(&self, method: &'static str, path: &str) -> Call {
        Call {
            method,
            address: [&self.0.base, path].concat(),
            user: self.0.user.borrow().clone(),
            token: self.0.token.borrow().clone(),
            ..Call::default()
        }
    }
}

impl Call {
    fn if_match(self, base: &BaseRevision) -> Self {
        let saved_at = (!base.saved_at.is_empty()).then(|| base.saved_at.clone());
        Self { precondition: Some(("If-Match", format!("\"{}\"", base.revision))), saved_at, ..self }
    }

    /// Asks for a base revision, or for nothing that is there.
    fn over(self, base: Option<&BaseRevision>) -> Self {
        match base {
            Some(base) => self.if_match(base),
            None => Self { precondition: Some(("If-None-Match", "*".to_owned())), ..self },
        }
    }

    fn with(self, body: &impl Serialize) -> Self {
        Self { body: serde_json::to_string(body).ok(), ..self }
    }

    /// Reads the body of the answer.
    fn read<T: DeserializeOwned + 'static>(self) -> ApiFuture<T> {
        self.read_where(|_| true)
    }

    /// Reads the body of an answer about the right resource: proxies may answer in JSON too.
    fn read_where<T: DeserializeOwned + 'static>(self, is_about: impl Fn(&T) -> bool + 'static) -> ApiFuture<T> {
        let reply = self.send();
        Box::pin(async move {
            let reply = reply.await?;
            let status = reply.status;
            json::read(&reply.body()?).filter(is_about).ok_or(ApiError::Intercepted(status))
        })
    }

    /// Completes once the answer, which has no body, says that the call is done.
    fn done(self) -> ApiFuture<()> {
        let reply = self.send();
        Box::pin(async move {
            match reply.await? {
                Reply { status: 202 | 204, .. } => Ok(()),
                reply => Err(reply.error()),
            }
        })
    }

    /// Sends the call at once, so that the page may close meanwhile, and returns its reply.
    ///
    /// After the time limit the call is aborted: its connection may be what blocks all others.
    fn send(self) -> ApiFuture<Reply> {
        let controller = AbortController::new().ok();
        let request = self.request(controller.as_ref());
        let fetched = request.map(|request| JsFuture::from(fetch(&request)));
        Box::pin(async move {
            let _deadline = controller.map(|controller| Deadline::after(LIMIT, move || controller.abort()));
            let response = fetched.ok_or(ApiError::Unreachable)?.await.map_err(|_| ApiError::Unreachable)?;
            let response = Response::from(response.unchecked_into::<web_sys::Response>());
            let header = |name| response.headers().get(name);
            let (media_type, retry_after) = (header("content-type"), header("retry-after"));
            let body = response.text().await.map_err(|_| ApiError::Unreachable)?;
            Ok(Reply { status: response.status(), media_type, retry_after, body })
        })
    }

    fn request(self, controller: Option<&AbortController>) -> Option<Request> {
        let options = RequestInit::new();
        options.set_signal(controller.map(AbortController::signal).as_ref());
        options.set_method(self.method);
        options.set_credentials(RequestCredentials::SameOrigin);
        // The 410 or the permanent redirection of an intercepted call would be taken for the answer for ever (RFC 9111, section 4.2.2).
        options.set_cache(RequestCache::NoStore);
        if let Some(json) = &self.body {
            options.set_body(&json.as_str().into());
            if json.len() < KEEPALIVE_LIMIT {
                // web-sys has no setter for it.
                Reflect::set(&options, &"keepalive".into(), &true.into()).ok()?;
            }
        }
        let request = Request::new_with_str_and_init(&self.address, &options).ok()?;
        if self.body.is_some() {
            request.headers().set("Content-Type", "application/json").ok()?;
        }
        if let Some(user) = self.user {
            request.headers().set(USER_HEADER, &user).ok()?;
        }
        if let Some(token) = self.token {
            request.headers().set(AUTHORIZATION, &bearer(&token)).ok()?;
        }
        if let Some((name, value)) = self.precondition {
            request.headers().set(name, &value).ok()?;
        }
        if let Some(saved_at) = self.saved_at {
            request.headers().set(SAVED_AT_HEADER, &saved_at).ok()?;
        }
        Some(request)
    }
}

/// Returns whether a body is about the right resource: proxies may answer in JSON too.
fn is_about(body: &str, asked: &Id) -> bool {
    json::read(body).is_some_and(|Identified { id }| id == *asked)
}

/// Calls `fetch` with `keepalive` repeated beside the request: Firefox 153 ignores the property of the request itself.
fn fetch(request: &Request) -> Promise {
    let (name, beside) = (JsValue::from_str("keepalive"), RequestInit::new());
    if let Ok(outlives) = Reflect::get(request, &name) {
        let _ = Reflect::set(&beside, &name, &outlives);
    }
    window().fetch_with_request_and_init(request, &beside)
}

/// Reply from the server, or from a proxy in its place.
struct Reply {
    status: u16,
    /// `Content-Type`.
    media_type: Option<String>,
    /// `Retry-After`.
    retry_after: Option<String>,
    body: String,
}

impl Reply {
    fn is(&self, media_type: &str) -> bool {
        let declared = self.media_type.as_deref().unwrap_or_default();
        declared.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(media_type)
    }

    /// Returns the body of a successful answer of the API, or the error that the reply is.
    fn body(self) -> Result<String, ApiError> {
        if matches!(self.status, 200..300) && self.is("application/json") { Ok(self.body) } else { Err(self.error()) }
    }

    /// Returns the error that an unsuccessful reply is.
    ///
    /// Only our problem documents mean what they say: proxies, firewalls and captive portals may answer anything.
    fn error(&self) -> ApiError {
        let kind = self.is(PROBLEM_MEDIA_TYPE).then(|| json::read::<ProblemOrigin>(&self.body)).flatten();
        let is_ours = kind.is_some_and(|ProblemOrigin { kind }| kind.starts_with(PROBLEM_TYPE_PREFIX));
        if matches!(self.status, 408 | 425 | 429 | 503 | 507) || (!is_ours && invites_again(self.status)) {
            return ApiError::RetryLater { status: self.status, delay: self.retry_delay() };
        }
        if !is_ours {
            return ApiError::Intercepted(self.status);
        }
        match json::read::<Problem>(&self.body) {
            Some(problem) if !problem.is_version_mismatch() => {
                ApiError::Problem(Box::new(Problem { status: self.status, ..problem }))
            }
            // An unreadable draft is of a newer version.
            _ => ApiError::Newer(String::new()),
        }
    }

    /// Returns the delay of `Retry-After` in milliseconds, given in seconds or as a date (RFC 9110, section 10.2.3).
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "never negative")]
    fn retry_delay(&self) -> u32 {
        let Some(asked) = &self.retry_after else { return 0 };
        let seconds = asked.trim().parse::<u32>().ok().map(|seconds| f64::from(seconds) * 1_000.0);
        let until = || Moment::parse(asked) - clock::now_as_f64();
        seconds.unwrap_or_else(until).max(0.0) as u32
    }
}

/// Returns the value of `Authorization` for a token (RFC 6750).
fn bearer(token: &str) -> String {
    ["Bearer ", token].concat()
}

/// Reads a JSON file beside the page, whatever media type its host declares.
pub(super) fn read<T: DeserializeOwned + 'static>(file: &str) -> ApiFuture<T> {
    let reply = Call { method: "GET", address: file.to_owned(), ..Call::default() }.send();
    Box::pin(async move {
        let reply = reply.await?;
        let is_there = matches!(reply.status, 200..300);
        is_there.then(|| json::read(&reply.body)).flatten().ok_or(ApiError::Unreachable)
    })
}

impl Api for Http {
    fn config(&self) -> ApiFuture<PageConfig> {
        read(&[&self.0.files, CONFIG].concat())
    }

    fn session(&self) -> ApiFuture<Session> {
        self.call("GET", "/session").read()
    }

    fn set_user(&self, user: Option<&str>) {
        self.0.user.replace(user.map(str::to_owned));
    }

    fn set_token(&self, token: Option<&str>) {
        self.0.token.replace(token.map(str::to_owned));
    }

    fn request(&self, id: &Id) -> ApiFuture<StoredRequest> {
        let reply = self.call("GET", &["/requests/", id.as_str()].concat()).send();
        let id = id.clone();
        Box::pin(async move {
            let text = reply.await?.body()?;
            if !is_about(&text, &id) {
                return Err(ApiError::Intercepted(200));
            }
            if schema::is_newer(&JsonText(&text)) {
                return Err(ApiError::Newer(text));
            }
            json::read(&text).ok_or(ApiError::Intercepted(200))
        })
    }

    fn save(&self, id: &Id, base: Option<&BaseRevision>, draft: &Draft) -> ApiFuture<RequestSummary> {
        let body = DraftToSave { schema: SCHEMA, draft: draft.clone() };
        let call = self.call("PUT", &["/requests/", id.as_str()].concat()).over(base).with(&body);
        let id = id.clone();
        call.read_where(move |saved: &RequestSummary| saved.id == id)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
