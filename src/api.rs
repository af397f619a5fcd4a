//! What the page asks of the API. It knows no server: whoever implements [`Api`] may answer from the network ([`http`])
//! or from the page itself ([`local`]).

pub mod http;
pub mod local;
pub mod service;

use std::any::Any;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use thiserror::Error;

use crate::model::saving::{Basis, Failure, Snapshot};
use crate::model::wire::{
    DemoPeople, GivenGrant, GrantToGive, PageConfig, Problem, RequestList, RequestSummary, Session, SessionList, State,
    StoredRequest,
};
use crate::model::{Draft, Id};

/// What the device has is shown after so much time without an answer.
pub const SHOW_COPY_AFTER: Duration = Duration::from_millis(1_200);

/// An answer to come.
pub type Answer<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum ApiError {
    /// The network or the server is away, or fails, or let the limit of time pass.
    #[error("no answer")]
    Unreachable,
    /// The server, or whoever stands before it, asks to come again.
    #[error("asked with status {status} to come again")]
    RetryLater {
        /// HTTP status.
        status: u16,
        /// So many milliseconds later at least; 0 where it says nothing.
        delay: u32,
    },
    /// Something between here and the server answered in its place, with this status. What it says means nothing.
    #[error("answered by a stranger with status {0}")]
    UnexpectedResponse(u16),
    /// The call was refused.
    #[error("refused with status {}", .0.status)]
    Refused(Box<Problem>),
    /// The person gave up.
    #[error("given up")]
    Aborted,
    /// The server is of a newer version than this page: what it says.
    #[error("of a newer version")]
    Newer(String),
}

impl ApiError {
    /// HTTP status of a refusal.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.problem().map(|problem| problem.status)
    }

    /// What a refusal says.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Refused(problem) => Some(problem),
            _ => None,
        }
    }

    /// How many milliseconds the server asks to wait; 0 where it says nothing.
    #[must_use]
    pub fn retry_delay(&self) -> u32 {
        if let Self::RetryLater { delay, .. } = self { *delay } else { 0 }
    }

    /// What the server holds, where it refused because it holds something else.
    #[must_use]
    pub fn current(&self) -> Option<Snapshot> {
        self.problem()?.current.clone().map(Snapshot::from)
    }

    /// What it means for a save.
    #[must_use]
    pub fn failure(&self) -> Failure {
        match self {
            Self::Unreachable | Self::RetryLater { .. } | Self::Aborted => Failure::Unreachable,
            Self::UnexpectedResponse(status) => Failure::of_stranger(*status),
            Self::Refused(problem) => Failure::of_problem(problem.status, &problem.kind),
            Self::Newer(_) => Failure::Outdated,
        }
    }
}

/// Which requests to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words of the name, the organisation or the number.
    pub words: String,
    /// Only those in this state.
    pub state: Option<State>,
    /// Where the page begins, as the page before told.
    pub cursor: Option<String>,
}

/// How a running upload tells how far it is, in bytes sent.
pub type Progress = Rc<dyn Fn(u64)>;

/// A file on its way.
pub struct Upload {
    /// How it ends.
    pub answer: Answer<()>,
    /// Gives it up.
    pub abort: Box<dyn Fn()>,
}

/// What the first field needs of the API of the server, `/api`.
pub trait Api {
    /// Whether nothing leaves this device.
    fn is_local(&self) -> bool {
        false
    }
    /// What the operator tells the page.
    fn config(&self) -> Answer<PageConfig>;
    /// Who is signed in.
    fn session(&self) -> Answer<Session>;
    /// Says for whom every later call is made. It is refused once somebody else is signed in.
    fn set_user(&self, user: Option<&str>);
    /// Acts by a token from now on, where that is how one signs in; none forgets it.
    fn set_token(&self, _token: Option<&str>) {}
    /// One request, whole.
    fn request(&self, id: &Id) -> Answer<StoredRequest>;
    /// Saves a draft over a revision, or creates it. The call outlives a closing page where it can.
    fn save(&self, id: &Id, over: Option<&Basis>, draft: &Draft) -> Answer<RequestSummary>;
    /// What answers, by its own type: [`service::of`] is all that it can do.
    fn as_any(&self) -> &dyn Any;
}

/// All of the API that something deferred needs.
pub trait Service {
    /// Erases all requests and files, where nothing of them is anywhere else.
    fn erase_all(&self) {}
    /// Answers to try with, where everything is made up.
    fn example(&self) -> Option<Answer<Draft>> {
        None
    }
    /// Whom the demonstration lets one sign in as.
    fn demo_people(&self) -> Answer<DemoPeople>;
    /// Signs in as one of them.
    fn sign_in(&self, person: &str) -> Answer<Session>;
    /// The open sessions of the person who is signed in; none where that is no affair of this page.
    fn sessions(&self) -> Option<Answer<SessionList>> {
        None
    }
    /// Ends one of them, or all but the one that asks.
    fn end_sessions(&self, _id: Option<&str>) -> Answer<()> {
        Box::pin(async { Err(ApiError::Unreachable) })
    }
    /// Lets a portal act for the person who is signed in.
    fn grant(&self, grant: &GrantToGive) -> Answer<GivenGrant>;
    /// Signs out.
    fn sign_out(&self) -> Answer<()>;
    /// Lists one's requests, newest first.
    fn requests(&self, filter: &Filter) -> Answer<RequestList>;
    /// Deletes a draft, if this is its revision.
    fn delete(&self, id: &Id, over: &Basis) -> Answer<()>;
    /// Submits a request. Its receipt is the request itself, once it is read again.
    fn submit(&self, id: &Id, over: &Basis) -> Answer<()>;
    /// Sends the bytes of a document.
    fn upload(&self, request: &Id, document: &Id, file: &web_sys::File, progress: Progress) -> Upload;
    /// Removes the bytes of a document.
    fn remove_document(&self, request: &Id, document: &Id) -> Answer<()>;
    /// Where this page can read a document.
    fn document_address(&self, request: &Id, document: &Id) -> Answer<String>;
}
