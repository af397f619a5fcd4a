//! Refusals as problem documents (RFC 9457), each type defined once.
//!
//! A handler answers with a [`Problem`]; [`write()`] turns it into the body on the way out, where the path is known.
//! A problem never tells a path of the machine, a statement of the database, the name of a library, or anything that
//! a person typed.

use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, HeaderName, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use habilitation_model::lifecycle::ActFinding;
use habilitation_model::wire::{self, Current, Event, ProblemError, Standing, State, StoredRequest};
use habilitation_model::{ClosedList, Finding, Params};

/// Declares the types of problems: name on the wire, status, title, meaning.
macro_rules! problem_types {
    ($($(#[doc = $doc:literal])+ $kind:ident = $name:literal, $status:ident, $title:literal;)+) => {
        /// Type of a problem. Names and statuses never change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum ProblemType { $($(#[doc = $doc])+ $kind,)+ }

        impl ProblemType {
            /// Every type.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// Returns the URI reference that names the type.
            pub(crate) const fn uri(self) -> &'static str {
                match self { $(Self::$kind => concat!("/problems/", $name)),+ }
            }

            pub(crate) const fn status(self) -> StatusCode {
                match self { $(Self::$kind => StatusCode::$status),+ }
            }

            pub(crate) const fn title(self) -> &'static str {
                match self { $(Self::$kind => $title),+ }
            }

            /// Returns the sentence that tells when a problem is of this type.
            pub(crate) const fn meaning(self) -> &'static str {
                match self { $(Self::$kind => concat!($($doc),+)),+ }
            }
        }
    };
}

problem_types! {
    /// A part of the address or a header is not what it may be.
    InvalidParameter = "invalid-parameter", BAD_REQUEST, "Invalid parameter";
    /// The body is not JSON, or not the JSON that is expected there; `errors` says where.
    InvalidBody = "invalid-body", BAD_REQUEST, "Invalid body";
    /// No one is signed in, or the session has ended.
    SignedOut = "signed-out", UNAUTHORIZED, "Not signed in";
    /// A change that another site asked for, or that does not tell which site asks for it.
    ForeignOrigin = "foreign-origin", FORBIDDEN, "Not asked for by this site";
    /// An examiner does not decide on a request of their own.
    OwnRequest = "own-request", FORBIDDEN, "One's own request";
    /// A reader of the team looks, and does not act.
    ReadOnly = "read-only", FORBIDDEN, "Only reads";
    /// The identity provider does not verify that the person belongs to the organisation for which they are signed in.
    TieNotVerified = "tie-not-verified", FORBIDDEN, "Tie to the organisation not verified";
    /// The person takes part in the request, and may not do this.
    ///
    /// `code` in `errors` says why: `part` (it is not for their part),
    /// `elsewhere` (they are signed in for another organisation), or `contestable` (a former owner may still contest).
    NotPermitted = "not-permitted", FORBIDDEN, "Not permitted";
    /// The call came through a proxy, and is only taken from the machine itself.
    PassedOn = "passed-on", FORBIDDEN, "Passed on by a proxy";
    /// There is nothing there for the person who is signed in.
    NotFound = "not-found", NOT_FOUND, "Not found";
    /// The method is not for this address; `Allow` has those that are.
    MethodNotAllowed = "method-not-allowed", METHOD_NOT_ALLOWED, "Method not allowed";
    /// The body did not arrive in time.
    TooSlow = "too-slow", REQUEST_TIMEOUT, "Too slow";
    /// The request was submitted: nothing of it changes any more.
    Submitted = "submitted", CONFLICT, "Already submitted";
    /// The request is in a state in which this is not done; `state` tells it.
    WrongState = "wrong-state", CONFLICT, "Not in this state";
    /// The applicant acted or wrote since the examiner looked; `events` has what is new.
    Unseen = "unseen", CONFLICT, "Something is new";
    /// Another examiner has the request than the act says.
    AssignedElsewhere = "assigned-elsewhere", CONFLICT, "Entrusted to somebody else";
    /// Another act has this identifier.
    IdTaken = "id-taken", CONFLICT, "Identifier taken";
    /// There are as many of these as one person or one request may have; `code` in `errors` says of what:
    /// `drafts_per_person`, `documents_per_request`, `bytes_per_person`, `text_per_person`, `submissions_per_day`,
    /// `deletions_per_person`, `templates_of_team`, `invitations_per_request` or `people_per_request`.
    QuotaReached = "quota-reached", CONFLICT, "Quota reached";
    /// The draft was deleted, or the request erased when its time was over; its identifier will not be used again.
    Deleted = "deleted", GONE, "Deleted";
    /// The length of the body must be announced.
    LengthRequired = "length-required", LENGTH_REQUIRED, "Length required";
    /// The stored revision is not the one of the precondition; `current` is what is stored.
    Stale = "stale", PRECONDITION_FAILED, "Precondition failed";
    /// The body is longer than `limit`, or an answer is more than twice as long as the form takes. `errors` names it.
    TooLarge = "too-large", PAYLOAD_TOO_LARGE, "Too large";
    /// The body is declared to be of a type that is not read there.
    UnsupportedMediaType = "unsupported-media-type", UNSUPPORTED_MEDIA_TYPE, "Unsupported media type";
    /// The first bytes are not those of a PDF, PNG or JPEG file.
    UnsupportedFile = "unsupported-file", UNSUPPORTED_MEDIA_TYPE, "Unsupported file";
    /// The call names another host.
    Misdirected = "misdirected", MISDIRECTED_REQUEST, "Not this server";
    /// The draft cannot be submitted as it is, or an act says too little or too much.
    ///
    /// `errors` has everything that stands in the way.
    Incomplete = "incomplete", UNPROCESSABLE_ENTITY, "Not ready to be submitted";
    /// A change must say which revision it is based on.
    PreconditionRequired = "precondition-required", PRECONDITION_REQUIRED, "Precondition required";
    /// Too many calls; `Retry-After` tells in how many seconds to come back.
    TooManyCalls = "too-many-calls", TOO_MANY_REQUESTS, "Too many calls";
    /// The address and the headers together are longer than 64 KiB.
    HeadTooLarge = "head-too-large", REQUEST_HEADER_FIELDS_TOO_LARGE, "Head too large";
    /// The server failed; the call may be right.
    Internal = "internal", INTERNAL_SERVER_ERROR, "Internal error";
    /// The disk of the server is full: nothing more can be kept for now, while what is there can be read.
    StorageFull = "storage-full", INSUFFICIENT_STORAGE, "Storage full";
    /// The store of documents is away or too slow: no document is received or handed out for now, while all else goes on.
    StorageAway = "storage-away", SERVICE_UNAVAILABLE, "Storage away";
    /// The server has too much to do; `Retry-After` tells in how many seconds to come back.
    Busy = "busy", SERVICE_UNAVAILABLE, "Too busy";
    /// A later version of the server stored this draft. It is kept as it is, and can be used again once that version runs
    /// again.
    NewerDraft = "newer-draft", SERVICE_UNAVAILABLE, "Stored by a later version";
    /// Not ready to answer.
    NotReady = "not-ready", SERVICE_UNAVAILABLE, "Not ready";
}

impl ProblemType {
    /// Returns the seconds after which the same call may succeed, where it may by itself. The rate limit counts those of too many
    /// calls.
    const fn retry_after(self) -> Option<u32> {
        match self {
            Self::TooSlow => Some(1),
            Self::Busy => Some(2),
            Self::NotReady => Some(5),
            Self::StorageAway => Some(10),
            Self::StorageFull | Self::NewerDraft => Some(60),
            _ => None,
        }
    }
}

/// A refusal, ready to be answered.
#[derive(Clone, Debug)]
pub(crate) struct Problem(Box<ProblemParts>);

#[derive(Clone, Debug)]
struct ProblemParts {
    status: StatusCode,
    body: wire::Problem,
    headers: HeaderMap,
}

impl Problem {
    /// Returns whether the problem is of a type.
    pub(crate) fn is(&self, kind: ProblemType) -> bool {
        self.0.body.kind == kind.uri()
    }

    /// Returns a problem of a type, whose detail is the meaning of the type.
    pub(crate) fn new(kind: ProblemType) -> Self {
        let body = wire::Problem {
            kind: kind.uri().to_owned(),
            title: kind.title().to_owned(),
            status: kind.status().as_u16(),
            detail: kind.meaning().trim().to_owned(),
            instance: String::new(),
            errors: Vec::new(),
            current: None,
            state: None,
            standing: None,
            events: Vec::new(),
            limit: None,
        };
        let wait = kind.retry_after().map(|seconds| (RETRY_AFTER, HeaderValue::from(seconds)));
        Self(Box::new(ProblemParts { status: kind.status(), body, headers: wait.into_iter().collect() }))
    }

    /// Sets the sentence on what is wrong with this call, in place of the meaning of the type.
    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.body.detail = detail.into();
        self
    }

    /// Adds a place at which the body is wrong.
    pub(crate) fn error(mut self, pointer: String, code: &str) -> Self {
        self.0.body.errors.push(ProblemError { pointer, code: code.to_owned(), params: Params::default() });
        self
    }

    /// Adds the findings of a check.
    pub(crate) fn findings(mut self, findings: &[Finding]) -> Self {
        self.0.body.errors.extend(findings.iter().map(|finding| ProblemError {
            pointer: finding.field.pointer(),
            code: finding.code.as_str().to_owned(),
            params: finding.params.clone(),
        }));
        self
    }

    /// Adds the stored request, for the caller to compare.
    pub(crate) fn current(mut self, current: StoredRequest) -> Self {
        let StoredRequest { schema, revision, updated_at, earlier, draft, saved_by, .. } = current;
        self.0.body.current = Some(Current { schema, revision, updated_at, earlier, saved_by, draft });
        self
    }

    /// Adds the findings on an act.
    pub(crate) fn act_findings(mut self, findings: Vec<ActFinding>) -> Self {
        self.0.body.errors.extend(findings.into_iter().map(ProblemError::from));
        self
    }

    /// Adds where the request stands, for the team.
    pub(crate) fn standing(mut self, standing: Standing) -> Self {
        self.0.body.standing = Some(standing);
        self
    }

    /// Adds the events that the caller has not seen.
    pub(crate) fn events(mut self, events: Vec<Event>) -> Self {
        self.0.body.events = events;
        self
    }

    /// Adds the state in which the request is.
    pub(crate) fn state(mut self, state: State) -> Self {
        self.0.body.state = Some(state);
        self
    }

    /// Adds the most bytes that a body may have.
    pub(crate) fn limit(mut self, limit: u64) -> Self {
        self.0.body.limit = Some(limit);
        self
    }

    #[cfg(test)]
    pub(crate) fn first_error(&self) -> &ProblemError {
        &self.0.body.errors[0]
    }

    /// Adds a header to the answer.
    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.insert(name, value);
        self
    }
}

impl IntoResponse for Problem {
    /// Returns the answer without its body, which [`write()`] adds.
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        response.headers_mut().extend(self.0.headers.clone());
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes the body of a problem that a handler answered with, now that the path is at hand.
pub(crate) async fn write(request: Request, next: Next) -> Response {
    let instance = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    if let Some(Problem(refused)) = response.extensions_mut().remove() {
        let body = wire::Problem { instance, ..refused.body };
        *response.body_mut() = serde_json::to_vec(&body).unwrap_or_default().into();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(wire::PROBLEM_MEDIA_TYPE));
    }
    response
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn whoever_may_come_again_is_told_when() {
        for kind in ProblemType::ALL {
            let headers = Problem::new(*kind).into_response().headers().clone();
            // 429 counts: see `rate_limit`.
            let may_come_again = matches!(kind.status().as_u16(), 408 | 425 | 503 | 507);
            assert_eq!(headers.contains_key(RETRY_AFTER), may_come_again, "{kind:?}");
        }
    }

    #[test]
    fn each_type_has_a_name_of_its_own_and_the_status_of_a_refusal() {
        let names: BTreeSet<&str> = ProblemType::ALL.iter().map(|kind| kind.uri()).collect();
        assert_eq!(names.len(), ProblemType::ALL.len());
        for kind in ProblemType::ALL {
            assert!(kind.status().is_client_error() || kind.status().is_server_error(), "{kind:?}");
            assert!(kind.meaning().trim().ends_with('.'), "{kind:?}");
        }
    }
}
