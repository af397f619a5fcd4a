//! API as the page calls it. Implementations of [`Api`] answer from a server ([`http`]) or in the page itself ([`local`]).

pub mod examination;
pub mod http;
pub mod local;
pub mod service;
pub mod sharing;
#[cfg(not(target_arch = "wasm32"))]
#[cfg(feature = "ssr")]
pub mod unanswered;

use std::any::Any;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use thiserror::Error;

use crate::browser::file::File;
use crate::model::place::public::PublicFilter;
use crate::model::saving::{BaseRevision, Failure, Snapshot};
use crate::model::siret::Siret;
use crate::model::wire::{
    Act, DemoClock, DemoPeople, EventList, GrantRequest, IssuedGrant, OrganisationFound, PageConfig, Problem,
    PublicList, PublicStatistics, RequestList, RequestSummary, Session, SessionList, State, StoredRequest, Submission,
    SubmissionBody,
};
use crate::model::{Draft, Id};

/// Time without an answer after which the page shows the device's copy.
pub const SHOW_COPY_AFTER: Duration = Duration::from_millis(1_200);

/// Name of the file of all habilitations in force, beside the API.
pub const PUBLIC_FILE: &str = "habilitations.csv";

/// Future of the outcome of a call.
pub type ApiFuture<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

/// Reason why a call did not succeed.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum ApiError {
    /// The network or the server failed, or let the time limit pass.
    #[error("no answer")]
    Unreachable,
    /// The server, or a proxy before it, asks to retry.
    #[error("asked with status {status} to retry")]
    RetryLater {
        /// HTTP status.
        status: u16,
        /// Minimal delay in milliseconds; 0 if the answer gives none.
        delay: u32,
    },
    /// A proxy, firewall or network answered in the place of the server, with this status. Its body is not read.
    #[error("intercepted with status {0}")]
    Intercepted(u16),
    /// The server answered with a problem document (RFC 9457).
    #[error("problem with status {}", .0.status)]
    Problem(Box<Problem>),
    /// The person cancelled the call.
    #[error("cancelled")]
    Aborted,
    /// The answer is of a newer version than this page.
    #[error("of a newer version")]
    Newer(String),
}

impl ApiError {
    /// Returns the HTTP status of a problem.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.problem().map(|problem| problem.status)
    }

    /// Returns the problem document that the server answered with.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Problem(problem) => Some(problem),
            _ => None,
        }
    }

    /// Returns the delay in milliseconds that the server asks for; 0 if it asks for none.
    #[must_use]
    pub fn retry_delay(&self) -> u32 {
        if let Self::RetryLater { delay, .. } = self { *delay } else { 0 }
    }

    /// Returns the server's current draft, where a save was stale.
    #[must_use]
    pub fn current(&self) -> Option<Snapshot> {
        self.problem()?.current.clone().map(Snapshot::from)
    }

    /// Returns the meaning of the error for a save.
    #[must_use]
    pub fn failure(&self) -> Failure {
        match self {
            Self::Unreachable | Self::RetryLater { .. } | Self::Aborted => Failure::Unreachable,
            Self::Intercepted(status) => Failure::of_intercepted(*status),
            Self::Problem(problem) => Failure::of_problem(problem.status, &problem.kind),
            Self::Newer(_) => Failure::Outdated,
        }
    }
}

/// Filter of the list of requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Text within the name, the organisation or the number.
    pub words: String,
    /// State of the requests; none lists them all.
    pub state: Option<State>,
    /// Start of the page of results, from the page before.
    pub cursor: Option<String>,
}

/// Listener to the progress of an upload, in bytes sent.
pub type Progress = Rc<dyn Fn(u64)>;

/// Upload of a file.
pub struct Upload {
    /// Outcome of the upload.
    pub answer: ApiFuture<()>,
    /// Cancels the upload.
    pub abort: Box<dyn Fn()>,
}

/// Calls of the API that the first page needs.
pub trait Api {
    /// Returns whether the page itself answers, so that no data leaves this device.
    fn is_local(&self) -> bool {
        false
    }
    /// Reads the configuration of the operator.
    fn config(&self) -> ApiFuture<PageConfig>;
    /// Reads the session of the signed-in person.
    fn session(&self) -> ApiFuture<Session>;
    /// Sets the user of later calls, which the server refuses once another person is signed in.
    fn set_user(&self, user: Option<&str>);
    /// Sets the token of later calls, or removes it.
    fn set_token(&self, _token: Option<&str>) {}
    /// Reads a request.
    fn request(&self, id: &Id) -> ApiFuture<StoredRequest>;
    /// Saves a draft over a revision, or creates it. The call outlives a closing page where browsers let it.
    fn save(&self, id: &Id, base: Option<&BaseRevision>, draft: &Draft) -> ApiFuture<RequestSummary>;
    /// Returns the implementation, for [`service::of`].
    fn as_any(&self) -> &dyn Any;
}

/// Calls of the API that only deferred functions need.
pub trait Service {
    /// Finds an establishment in the public directory; none where no service asks one.
    fn organisation(&self, _siret: &Siret) -> Option<ApiFuture<OrganisationFound>> {
        None
    }
    /// Lists a page of the habilitations in force; none where no service publishes them.
    fn habilitations(&self, _filter: &PublicFilter) -> Option<ApiFuture<PublicList>> {
        None
    }
    /// Returns the address of the file of all habilitations in force; none where no service publishes them.
    fn public_file(&self) -> Option<String> {
        None
    }
    /// Erases all requests and files that exist on this device alone.
    fn erase_all(&self) {}
    /// Reads an example of a draft, in a demonstration.
    fn example(&self) -> Option<ApiFuture<Draft>> {
        None
    }
    /// Adds made-up requests, one in each state, in a demonstration without a server.
    fn add_examples(&self) -> Option<ApiFuture<()>> {
        None
    }
    /// Lists the people of the demonstration.
    fn demo_people(&self) -> ApiFuture<DemoPeople>;
    /// Reads by how many days the life of requests is ahead of the calendar, in a demonstration.
    fn demo_clock(&self) -> ApiFuture<DemoClock> {
        Box::pin(async { Err(ApiError::Unreachable) })
    }
    /// Sets the clock of requests forward, and does what is due then, in a demonstration.
    fn set_demo_clock(&self, _clock: DemoClock) -> ApiFuture<()> {
        Box::pin(async { Err(ApiError::Unreachable) })
    }
    /// Signs in as one of the people of the demonstration.
    fn sign_in(&self, person: &str) -> ApiFuture<Session>;
    /// Lists the open sessions of the signed-in person; none where this page does not manage them.
    fn sessions(&self) -> Option<ApiFuture<SessionList>> {
        None
    }
    /// Ends one session, or all but the current one.
    fn end_sessions(&self, _id: Option<&str>) -> ApiFuture<()> {
        Box::pin(async { Err(ApiError::Unreachable) })
    }
    /// Lets a portal act for the signed-in person.
    fn grant(&self, grant: &GrantRequest) -> ApiFuture<IssuedGrant>;
    /// Signs out. Returns the address at which signing out goes on, if it does; it is empty where it cannot.
    fn sign_out(&self) -> ApiFuture<Option<String>>;
    /// Lists the person's requests, newest first.
    fn requests(&self, filter: &Filter) -> ApiFuture<RequestList>;
    /// Deletes a draft of the given revision.
    fn delete(&self, id: &Id, base: &BaseRevision) -> ApiFuture<()>;
    /// Submits a request, with words to the team. The request read again is its receipt.
    fn submit(&self, id: &Id, base: &BaseRevision, words: &SubmissionBody) -> ApiFuture<()>;
    /// Reads the history of a request: its events after a rank, 0 for all of them.
    fn events(&self, request: &Id, after: u64) -> ApiFuture<EventList>;
    /// Reads a submission, by its number in the request.
    fn submission(&self, request: &Id, number: u32) -> ApiFuture<Submission>;
    /// Acts on a request, by an event of this identifier. An act that moves the state is over a revision.
    fn act(&self, request: &Id, event: &Id, base: Option<&BaseRevision>, act: &Act) -> ApiFuture<StoredRequest>;
    /// Notes that the person has seen the history of a request up to an event of this rank.
    fn see(&self, request: &Id, seq: u64) -> ApiFuture<()>;
    /// Reads how long the team takes to answer; a demonstration without a server does not tell.
    fn statistics(&self) -> ApiFuture<PublicStatistics> {
        Box::pin(async { Ok(PublicStatistics::default()) })
    }
    /// Uploads the bytes of a document.
    fn upload(&self, request: &Id, document: &Id, file: &File, progress: Progress) -> Upload;
    /// Removes the bytes of a document.
    fn remove_document(&self, request: &Id, document: &Id) -> ApiFuture<()>;
    /// Returns the address of a document for this page.
    fn document_address(&self, request: &Id, document: &Id) -> ApiFuture<String>;
}
