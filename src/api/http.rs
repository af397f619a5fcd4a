//! Answers from a server of ours, over HTTP.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_net::http::{Method, Request as Fetch, RequestBuilder, Response};
use js_sys::Reflect;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ProgressEvent, RequestCredentials, RequestInit, XmlHttpRequest};

use super::{Answer, Api, ApiError, Filter, Progress, Upload};
use crate::model::wire::{
    DemoPeople, DemoSignIn, DraftToSave, PageConfig, Problem, Receipt, RequestList, RequestSummary, Session,
    StoredRequest,
};
use crate::model::{ClosedList, Draft, Id, SCHEMA};

/// Up to this many bytes a call may outlive its page: browsers allow 64 KiB for all such calls together.
const KEEPALIVE_LIMIT: usize = 60 * 1024;

/// A server under an address, without a slash at its end.
pub struct Http {
    base: String,
}

impl Http {
    /// The API at an address, relative to the page or absolute.
    #[must_use]
    pub fn new(base: &str) -> Self {
        Self { base: base.trim_end_matches('/').to_owned() }
    }

    fn call<T: DeserializeOwned + 'static>(&self, method: Method, path: &str) -> Answer<T> {
        let request = RequestBuilder::new(&format!("{}{path}", self.base)).method(method);
        answer(async move { read(request.send().await).await })
    }

    fn call_on_revision<T: DeserializeOwned + 'static>(&self, method: Method, path: &str, revision: u64) -> Answer<T> {
        let request = RequestBuilder::new(&format!("{}{path}", self.base))
            .method(method)
            .header("If-Match", &format!("\"{revision}\""));
        answer(async move { read(request.send().await).await })
    }

    fn send<T: DeserializeOwned + 'static>(
        &self,
        method: &str,
        path: &str,
        precondition: Option<(&str, String)>,
        body: &impl Serialize,
    ) -> Answer<T> {
        let request = keepalive_request(method, &format!("{}{path}", self.base), precondition, body);
        answer(async move { read(request.ok_or(ApiError::Unreachable)?.send().await).await })
    }
}

fn answer<T>(work: impl Future<Output = Result<T, ApiError>> + 'static) -> Answer<T> {
    Box::pin(work)
}

/// A request with a JSON body that outlives the page if it is small enough.
fn keepalive_request(
    method: &str,
    address: &str,
    precondition: Option<(&str, String)>,
    body: &impl Serialize,
) -> Option<Fetch> {
    let json = serde_json::to_string(body).ok()?;
    let options = RequestInit::new();
    options.set_method(method);
    options.set_credentials(RequestCredentials::SameOrigin);
    options.set_body(&json.as_str().into());
    if json.len() < KEEPALIVE_LIMIT {
        // web-sys has no setter for it.
        Reflect::set(&options, &"keepalive".into(), &true.into()).ok()?;
    }
    let request = web_sys::Request::new_with_str_and_init(address, &options).ok()?;
    request.headers().set("Content-Type", "application/json").ok()?;
    if let Some((name, value)) = precondition {
        request.headers().set(name, &value).ok()?;
    }
    Some(Fetch::from(request))
}

async fn read<T: DeserializeOwned>(response: Result<Response, gloo_net::Error>) -> Result<T, ApiError> {
    let response = response.map_err(|_| ApiError::Unreachable)?;
    if !response.ok() {
        return Err(refusal(response.status(), &response.text().await.unwrap_or_default()));
    }
    let text = response.text().await.map_err(|_| ApiError::Unreachable)?;
    // An answer without a body reads as nothing.
    let text = if text.is_empty() { "null" } else { &text };
    serde_json::from_str(text).map_err(|_| ApiError::Unreachable)
}

/// What a refusal says; of one that does not speak our language only the status is known.
fn refusal(status: u16, body: &str) -> ApiError {
    let problem = serde_json::from_str(body).unwrap_or_else(|_| Problem {
        kind: "about:blank".to_owned(),
        title: String::new(),
        status,
        detail: String::new(),
        instance: String::new(),
        errors: Vec::new(),
        current: None,
        limit: None,
    });
    ApiError::Refused(Box::new(problem))
}

impl Api for Http {
    fn config(&self) -> Answer<PageConfig> {
        // It stands beside the page, wherever the API is.
        let request = RequestBuilder::new("config.json").method(Method::GET);
        answer(async move { read(request.send().await).await })
    }

    fn session(&self) -> Answer<Session> {
        self.call(Method::GET, "/session")
    }

    fn demo_people(&self) -> Answer<DemoPeople> {
        self.call(Method::GET, "/demo/people")
    }

    fn sign_in(&self, person: &str) -> Answer<Session> {
        self.send("POST", "/demo/session", None, &DemoSignIn { person: person.to_owned() })
    }

    fn sign_out(&self) -> Answer<()> {
        self.call(Method::DELETE, "/session")
    }

    fn requests(&self, filter: &Filter) -> Answer<RequestList> {
        let mut query = vec![("limit", "20".to_owned())];
        query.extend((!filter.words.trim().is_empty()).then(|| ("q", filter.words.trim().to_owned())));
        query.extend(filter.state.map(|state| ("state", state.as_str().to_owned())));
        query.extend(filter.cursor.clone().map(|cursor| ("cursor", cursor)));
        let request = RequestBuilder::new(&format!("{}/requests", self.base)).method(Method::GET).query(query);
        answer(async move { read(request.send().await).await })
    }

    fn request(&self, id: &Id) -> Answer<StoredRequest> {
        self.call(Method::GET, &format!("/requests/{id}"))
    }

    fn save(&self, id: &Id, revision: Option<u64>, draft: &Draft) -> Answer<RequestSummary> {
        let precondition = match revision {
            Some(revision) => ("If-Match", format!("\"{revision}\"")),
            None => ("If-None-Match", "*".to_owned()),
        };
        let body = DraftToSave { schema: SCHEMA, draft: draft.clone() };
        self.send("PUT", &format!("/requests/{id}"), Some(precondition), &body)
    }

    fn delete(&self, id: &Id, revision: u64) -> Answer<()> {
        self.call_on_revision(Method::DELETE, &format!("/requests/{id}"), revision)
    }

    fn submit(&self, id: &Id, revision: u64) -> Answer<Receipt> {
        self.call_on_revision(Method::POST, &format!("/requests/{id}/submission"), revision)
    }

    fn upload(&self, request: &Id, document: &Id, file: &web_sys::File, progress: Progress) -> Upload {
        upload(&self.document_address(request, document), file, progress)
    }

    fn remove_document(&self, request: &Id, document: &Id) -> Answer<()> {
        self.call(Method::DELETE, &format!("/requests/{request}/documents/{document}"))
    }

    fn document_address(&self, request: &Id, document: &Id) -> String {
        format!("{}/requests/{request}/documents/{document}", self.base)
    }
}

/// Sends a file with `XMLHttpRequest`, which tells how much has left; `fetch` does not.
fn upload(address: &str, file: &web_sys::File, progress: Progress) -> Upload {
    let unreachable = || Upload { answer: answer(async { Err(ApiError::Unreachable) }), abort: Box::new(|| {}) };
    let Ok(call) = XmlHttpRequest::new() else { return unreachable() };
    if call.open("PUT", address).is_err() || call.set_request_header("Content-Type", &file.type_()).is_err() {
        return unreachable();
    }
    let on_progress = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size in bytes")]
        progress(event.loaded() as u64);
    });
    if let Ok(uploading) = call.upload() {
        uploading.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
    }
    let aborted = Rc::new(RefCell::new(false));
    let ended = js_sys::Promise::new(&mut |resolve, _| call.set_onloadend(Some(&resolve)));
    let sent = call.send_with_opt_blob(Some(file));
    let abort = {
        let (call, aborted) = (call.clone(), Rc::clone(&aborted));
        Box::new(move || {
            *aborted.borrow_mut() = true;
            // Aborting what has ended does nothing.
            let _ = call.abort();
        })
    };
    let answer = answer(async move {
        sent.map_err(|_| ApiError::Unreachable)?;
        JsFuture::from(ended).await.map_err(|_| ApiError::Unreachable)?;
        drop(on_progress);
        match call.status().unwrap_or_default() {
            _ if *aborted.borrow() => Err(ApiError::Aborted),
            0 => Err(ApiError::Unreachable),
            200..300 => Ok(()),
            status => Err(refusal(status, &call.response_text().ok().flatten().unwrap_or_default())),
        }
    });
    Upload { answer, abort }
}
