//! Calls of a server's API that only deferred functions need.

use std::cell::Cell;
use std::future::ready;
use std::rc::Rc;

use js_sys::{Promise, Reflect};
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ProgressEvent, XmlHttpRequest};

use super::{AUTHORIZATION, Call, Http, Reply, bearer, is_about};
use crate::api::{ApiError, ApiFuture, Filter, PUBLIC_FILE, Progress, Service, Upload};
use crate::browser::deadline::Deadline;
use crate::browser::file::File;
use crate::json;
use crate::model::place::public::PublicFilter;
use crate::model::saving::BaseRevision;
use crate::model::siret::Siret;
use crate::model::wire::{
    Act, DemoClock, DemoPeople, DemoSignIn, EventList, GrantRequest, IssuedGrant, OrganisationFound, PublicList,
    PublicStatistics, ReceiptNumber, RequestList, SIGNED_IN_COOKIE, Seen, Session, SessionList, SignOutAddress,
    StoredRequest, Submission, SubmissionBody,
};
use crate::model::{ClosedList, Id};

/// Time without progress, in milliseconds, after which an upload is cancelled.
const UPLOAD_LIMIT: u32 = 60_000;

impl Http {
    fn document(&self, request: &Id, document: &Id) -> String {
        [&self.0.base, "/requests/", request.as_str(), "/documents/", document.as_str()].concat()
    }
}

impl Service for Http {
    fn demo_people(&self) -> ApiFuture<DemoPeople> {
        self.call("GET", "/demo/people").read()
    }

    fn demo_clock(&self) -> ApiFuture<DemoClock> {
        self.call("GET", "/demo/clock").read()
    }

    fn set_demo_clock(&self, clock: DemoClock) -> ApiFuture<()> {
        self.call("PUT", "/demo/clock").with(&clock).done()
    }

    fn sign_in(&self, person: &str) -> ApiFuture<Session> {
        self.call("POST", "/demo/session").with(&DemoSignIn { person: person.to_owned() }).read()
    }

    fn grant(&self, grant: &GrantRequest) -> ApiFuture<IssuedGrant> {
        self.call("POST", "/embed/grants").with(grant).read()
    }

    fn sign_out(&self) -> ApiFuture<Option<String>> {
        let reply = self.call("DELETE", "/session").send();
        let has_cookie = self.0.token.borrow().is_none();
        Box::pin(async move {
            let reply = reply.await?;
            let status = reply.status;
            let address = match status {
                204 => None,
                _ => match json::read::<SignOutAddress>(&reply.body()?) {
                    Some(SignOutAddress { sign_out_url }) => Some(sign_out_url.unwrap_or_default()),
                    None => return Err(ApiError::Intercepted(status)),
                },
            };
            // The answer of our server removes the cookie: if it stays, a proxy answered.
            if has_cookie && is_marked_signed_in() { Err(ApiError::Intercepted(status)) } else { Ok(address) }
        })
    }

    fn sessions(&self) -> Option<ApiFuture<SessionList>> {
        // People who act by a token manage their sessions on the service's own pages.
        self.0.token.borrow().is_none().then(|| self.call("GET", "/sessions").read())
    }

    fn end_sessions(&self, id: Option<&str>) -> ApiFuture<()> {
        let path = id.map_or_else(|| "/sessions".to_owned(), |id| ["/sessions/", id].concat());
        self.call("DELETE", &path).done()
    }

    fn requests(&self, filter: &Filter) -> ApiFuture<RequestList> {
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

    fn organisation(&self, siret: &Siret) -> Option<ApiFuture<OrganisationFound>> {
        Some(self.call("GET", &["/organisations/", siret.as_str()].concat()).read())
    }

    fn habilitations(&self, filter: &PublicFilter) -> Option<ApiFuture<PublicList>> {
        Some(self.call("GET", &["/habilitations?", &filter.parameters()].concat()).read())
    }

    fn public_file(&self) -> Option<String> {
        let base = self.0.base.as_str();
        Some(match base.strip_suffix("api") {
            Some(folder) => [folder, PUBLIC_FILE].concat(),
            None => [base, "/../", PUBLIC_FILE].concat(),
        })
    }

    fn delete(&self, id: &Id, base: &BaseRevision) -> ApiFuture<()> {
        self.call("DELETE", &["/requests/", id.as_str()].concat()).if_match(base).done()
    }

    fn submit(&self, id: &Id, base: &BaseRevision, words: &SubmissionBody) -> ApiFuture<()> {
        let call = self.call("POST", &["/requests/", id.as_str(), "/submission"].concat()).if_match(base);
        // The body is optional, and unknown to servers that take no words.
        let call = if *words == SubmissionBody::default() { call } else { call.with(words) };
        let id = id.clone();
        let receipt = call.read_where(move |receipt: &ReceiptNumber| receipt.request.id == id);
        Box::pin(async move { receipt.await.map(|_| ()) })
    }

    fn events(&self, request: &Id, after: u64) -> ApiFuture<EventList> {
        self.call("GET", &["/requests/", request.as_str(), "/events?after=", &after.to_string()].concat()).read()
    }

    fn submission(&self, request: &Id, number: u32) -> ApiFuture<Submission> {
        let path = ["/requests/", request.as_str(), "/submissions/", &number.to_string()].concat();
        self.call("GET", &path).read_where(move |submission: &Submission| submission.n == number)
    }

    fn act(&self, request: &Id, event: &Id, base: Option<&BaseRevision>, act: &Act) -> ApiFuture<StoredRequest> {
        let path = ["/requests/", request.as_str(), "/events/", event.as_str()].concat();
        let call = self.call("PUT", &path).with(act);
        let call = if let Some(base) = base { call.if_match(base) } else { call };
        let id = request.clone();
        call.read_where(move |request: &StoredRequest| request.id == id)
    }

    fn see(&self, request: &Id, seq: u64) -> ApiFuture<()> {
        self.call("PUT", &["/requests/", request.as_str(), "/seen"].concat()).with(&Seen { seq }).done()
    }

    fn statistics(&self) -> ApiFuture<PublicStatistics> {
        self.call("GET", "/statistics").read()
    }

    fn upload(&self, request: &Id, document: &Id, file: &File, progress: Progress) -> Upload {
        upload(&self.document(request, document), document.clone(), self.0.token.borrow().as_deref(), file, progress)
    }

    fn remove_document(&self, request: &Id, document: &Id) -> ApiFuture<()> {
        let token = self.0.token.borrow().clone();
        Call { method: "DELETE", address: self.document(request, document), token, ..Call::default() }.done()
    }

    fn document_address(&self, request: &Id, document: &Id) -> ApiFuture<String> {
        Box::pin(ready(Ok(self.document(request, document))))
    }
}

/// Returns whether the browser has the cookie that marks a session.
fn is_marked_signed_in() -> bool {
    let cookies = Reflect::get(&document(), &"cookie".into()).ok().and_then(|cookies| cookies.as_string());
    let name_of = |pair: &str| pair.split('=').next().unwrap_or_default().trim() == SIGNED_IN_COOKIE;
    cookies.is_some_and(|cookies| cookies.split(';').any(name_of))
}

/// Uploads a file with `XMLHttpRequest`: `fetch` reports no progress of uploads.
pub(super) fn upload(address: &str, document: Id, token: Option<&str>, file: &File, progress: Progress) -> Upload {
    let unreachable = || Upload { answer: Box::pin(async { Err(ApiError::Unreachable) }), abort: Box::new(|| {}) };
    let (Some(file), Ok(call)) = (file.as_js(), XmlHttpRequest::new()) else { return unreachable() };
    if call.open("PUT", address).is_err() || call.set_request_header("Content-Type", &file.type_()).is_err() {
        return unreachable();
    }
    // Firefox parses other types as XML, an empty body included, and logs an error.
    let _ = Reflect::set(&call, &"responseType".into(), &"text".into());
    if token.is_some_and(|token| call.set_request_header(AUTHORIZATION, &bearer(token)).is_err()) {
        return unreachable();
    }
    let stalled = {
        let call = call.clone();
        // Aborting what has ended does nothing.
        Rc::new(Deadline::after(UPLOAD_LIMIT, move || drop(call.abort())))
    };
    let moving = Rc::clone(&stalled);
    let on_progress = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
        moving.put_off();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size in bytes")]
        progress(event.loaded() as u64);
    });
    if let Ok(uploading) = call.upload() {
        uploading.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
    }
    let aborted = Rc::new(Cell::new(false));
    let ended = Promise::new(&mut |resolve, _| call.set_onloadend(Some(&resolve)));
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
        drop((on_progress, stalled));
        let header = |name| call.get_response_header(name).ok().flatten();
        match call.status().unwrap_or_default() {
            _ if aborted.get() => Err(ApiError::Aborted),
            0 => Err(ApiError::Unreachable),
            status => {
                let body = call.response_text().ok().flatten().unwrap_or_default();
                let (media_type, retry_after) = (header("content-type"), header("retry-after"));
                let body = Reply { status, media_type, retry_after, body }.body()?;
                let is_there = is_about(&body, &document);
                is_there.then_some(()).ok_or(ApiError::Intercepted(status))
            }
        }
    });
    Upload { answer, abort }
}
