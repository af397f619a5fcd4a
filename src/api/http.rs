//! Answers from a server of ours, over HTTP.

use std::cell::{Cell, RefCell};
use std::future::ready;
use std::rc::Rc;

use gloo_net::http::Response;
use js_sys::Reflect;
use leptos::prelude::window;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ProgressEvent, Request, RequestCredentials, RequestInit, XmlHttpRequest};

use super::{Answer, Api, ApiError, Filter, Progress, Upload};
use crate::json::{self, Text};
use crate::model::schema;
use crate::model::wire::{
    DemoPeople, DemoSignIn, DraftToSave, GivenGrant, GrantToGive, PageConfig, Problem, RequestList, RequestSummary,
    Session, StoredRequest, USER_HEADER,
};
use crate::model::{ClosedList, Draft, Id, SCHEMA};

/// Up to this many bytes a call may outlive its page: browsers allow 64 KiB for all such calls together.
const KEEPALIVE_LIMIT: usize = 60 * 1024;

const AUTHORIZATION: &str = "Authorization";

/// What the operator tells stands beside the page, wherever the API is.
pub(super) const CONFIG: &str = "config.json";

/// A server under an address, without a slash at its end.
pub struct Http {
    base: String,
    /// Address of the folder of the page's files: empty beside the page itself, or with a slash at its end.
    files: String,
    user: RefCell<Option<String>>,
    /// Stands in for the cookies that a portal's page would not send.
    token: RefCell<Option<String>>,
}

/// What goes to the server.
#[derive(Default)]
struct Call {
    method: &'static str,
    address: String,
    /// For whom.
    user: Option<String>,
    token: Option<String>,
    /// The name and the value of the header that says which revision the call is about.
    precondition: Option<(&'static str, String)>,
    /// JSON.
    body: Option<String>,
}

impl Http {
    /// The API at an address, relative to the page or absolute, and the folder of the page's files.
    #[must_use]
    pub fn new(base: &str, files: &str) -> Self {
        Self {
            base: base.trim_end_matches('/').to_owned(),
            files: files.to_owned(),
            user: RefCell::new(None),
            token: RefCell::new(None),
        }
    }

    fn call(&self, method: &'static str, path: &str) -> Call {
        Call {
            method,
            address: [&self.base, path].concat(),
            user: self.user.borrow().clone(),
            token: self.token.borrow().clone(),
            ..Call::default()
        }
    }

    fn document(&self, request: &Id, document: &Id) -> String {
        [&self.base, "/requests/", request.as_str(), "/documents/", document.as_str()].concat()
    }
}

impl Call {
    fn on_revision(self, revision: u64) -> Self {
        Self { precondition: Some(("If-Match", format!("\"{revision}\""))), ..self }
    }

    fn with(self, body: &impl Serialize) -> Self {
        Self { body: serde_json::to_string(body).ok(), ..self }
    }

    /// What the answer says.
    fn read<T: DeserializeOwned + 'static>(self) -> Answer<T> {
        let answer = self.send();
        Box::pin(async move { json::read(&answer.await?).ok_or(ApiError::Unreachable) })
    }

    /// That it was done.
    fn done(self) -> Answer<()> {
        let answer = self.send();
        Box::pin(async move { answer.await.map(|_| ()) })
    }

    /// The body of the answer. The call leaves at once, so that the page may close meanwhile.
    fn send(self) -> Answer<String> {
        let fetched = self.request().map(|request| JsFuture::from(window().fetch_with_request(&request)));
        Box::pin(async move {
            let response = fetched.ok_or(ApiError::Unreachable)?.await.map_err(|_| ApiError::Unreachable)?;
            let response = Response::from(response.unchecked_into::<web_sys::Response>());
            let body = response.text().await;
            if response.ok() {
                body.map_err(|_| ApiError::Unreachable)
            } else {
                Err(refusal(response.status(), &body.unwrap_or_default()))
            }
        })
    }

    fn request(self) -> Option<Request> {
        let options = RequestInit::new();
        options.set_method(self.method);
        options.set_credentials(RequestCredentials::SameOrigin);
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
        Some(request)
    }
}

/// How a call says by which token it is made.
fn bearer(token: &str) -> String {
    ["Bearer ", token].concat()
}

/// Reads a file that stands beside the page.
pub(super) fn read<T: DeserializeOwned + 'static>(file: &str) -> Answer<T> {
    Call { method: "GET", address: file.to_owned(), ..Call::default() }.read()
}

/// What a refusal says; of one that does not speak our language only the status is known.
fn refusal(status: u16, body: &str) -> ApiError {
    let read: Option<Problem> = json::read(body);
    // A draft that cannot be read is a newer one.
    if read.as_ref().map_or(status == 412, Problem::is_of_versions) {
        return ApiError::Newer(String::new());
    }
    ApiError::Refused(Box::new(read.unwrap_or_else(|| Problem::of(status))))
}

impl Api for Http {
    fn config(&self) -> Answer<PageConfig> {
        read(&[&self.files, CONFIG].concat())
    }

    fn session(&self) -> Answer<Session> {
        self.call("GET", "/session").read()
    }

    fn demo_people(&self) -> Answer<DemoPeople> {
        self.call("GET", "/demo/people").read()
    }

    fn sign_in(&self, person: &str) -> Answer<Session> {
        self.call("POST", "/demo/session").with(&DemoSignIn { person: person.to_owned() }).read()
    }

    fn act_for(&self, user: Option<&str>) {
        self.user.replace(user.map(str::to_owned));
    }

    fn grant(&self, grant: &GrantToGive) -> Answer<GivenGrant> {
        self.call("POST", "/embed/grants").with(grant).read()
    }

    fn bear(&self, token: Option<&str>) {
        self.token.replace(token.map(str::to_owned));
    }

    fn sign_out(&self) -> Answer<()> {
        self.call("DELETE", "/session").done()
    }

    fn requests(&self, filter: &Filter) -> Answer<RequestList> {
        let mut path = "/requests?limit=20".to_owned();
        let mut ask = |name: &str, value: &str| {
            if !value.is_empty() {
                path = [&path, name, &String::from(js_sys::encode_uri_component(value))].concat();
            }
        };
        ask("&q=", filter.words.trim());
        ask("&state=", filter.state.map_or("", ClosedList::as_str));
        ask("&cursor=", filter.cursor.as_deref().unwrap_or_default());
        self.call("GET", &path).read()
    }

    fn request(&self, id: &Id) -> Answer<StoredRequest> {
        let answer = self.call("GET", &["/requests/", id.as_str()].concat()).send();
        Box::pin(async move {
            let text = answer.await?;
            if schema::is_newer(&Text(&text)) {
                return Err(ApiError::Newer(text));
            }
            json::read(&text).ok_or(ApiError::Unreachable)
        })
    }

    fn save(&self, id: &Id, revision: Option<u64>, draft: &Draft) -> Answer<RequestSummary> {
        let body = DraftToSave { schema: SCHEMA, draft: draft.clone() };
        let call = self.call("PUT", &["/requests/", id.as_str()].concat()).with(&body);
        match revision {
            Some(revision) => call.on_revision(revision),
            None => Call { precondition: Some(("If-None-Match", "*".to_owned())), ..call },
        }
        .read()
    }

    fn delete(&self, id: &Id, revision: u64) -> Answer<()> {
        self.call("DELETE", &["/requests/", id.as_str()].concat()).on_revision(revision).done()
    }

    fn submit(&self, id: &Id, revision: u64) -> Answer<()> {
        self.call("POST", &["/requests/", id.as_str(), "/submission"].concat()).on_revision(revision).done()
    }

    fn upload(&self, request: &Id, document: &Id, file: &web_sys::File, progress: Progress) -> Upload {
        upload(&self.document(request, document), self.token.borrow().as_deref(), file, progress)
    }

    fn remove_document(&self, request: &Id, document: &Id) -> Answer<()> {
        let token = self.token.borrow().clone();
        Call { method: "DELETE", address: self.document(request, document), token, ..Call::default() }.done()
    }

    fn document_address(&self, request: &Id, document: &Id) -> Answer<String> {
        Box::pin(ready(Ok(self.document(request, document))))
    }
}

/// Sends a file with `XMLHttpRequest`, which tells how much has left; `fetch` does not.
fn upload(address: &str, token: Option<&str>, file: &web_sys::File, progress: Progress) -> Upload {
    let unreachable = || Upload { answer: Box::pin(async { Err(ApiError::Unreachable) }), abort: Box::new(|| {}) };
    let Ok(call) = XmlHttpRequest::new() else { return unreachable() };
    if call.open("PUT", address).is_err() || call.set_request_header("Content-Type", &file.type_()).is_err() {
        return unreachable();
    }
    if token.is_some_and(|token| call.set_request_header(AUTHORIZATION, &bearer(token)).is_err()) {
        return unreachable();
    }
    let on_progress = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size in bytes")]
        progress(event.loaded() as u64);
    });
    if let Ok(uploading) = call.upload() {
        uploading.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
    }
    let aborted = Rc::new(Cell::new(false));
    let ended = js_sys::Promise::new(&mut |resolve, _| call.set_onloadend(Some(&resolve)));
    let sent = call.send_with_opt_blob(Some(file));
    let abort = {
        let (call, aborted) = (call.clone(), Rc::clone(&aborted));
        Box::new(move || {
            aborted.set(true);
            // Aborting what has ended does nothing.
            let _ = call.abort();
        })
    };
    let answer = Box::pin(async move {
        sent.map_err(|_| ApiError::Unreachable)?;
        JsFuture::from(ended).await.map_err(|_| ApiError::Unreachable)?;
        drop(on_progress);
        match call.status().unwrap_or_default() {
            _ if aborted.get() => Err(ApiError::Aborted),
            0 => Err(ApiError::Unreachable),
            200..300 => Ok(()),
            status => Err(refusal(status, &call.response_text().ok().flatten().unwrap_or_default())),
        }
    });
    Upload { answer, abort }
}
