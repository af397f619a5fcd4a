//! The addresses of the API, one file per resource. A handler reads the call, asks the store, and writes the answer.

pub(crate) mod accounts;
pub(crate) mod acts;
pub(crate) mod cards;
pub(crate) mod check;
pub(crate) mod deliveries;
pub(crate) mod demonstration;
pub(crate) mod documents;
pub(crate) mod embed;
pub(crate) mod examination;
pub(crate) mod habilitations;
pub(crate) mod health;
pub(crate) mod history;
mod invitation_hint;
pub(crate) mod metrics;
pub(crate) mod openapi;
pub(crate) mod organisations;
pub(crate) mod page;
pub(crate) mod people;
pub(crate) mod proconnect;
pub(crate) mod recoveries;
pub(crate) mod requests;
pub(crate) mod security_txt;
pub(crate) mod session;
pub(crate) mod sessions;
pub(crate) mod statistics;
pub(crate) mod submission;
pub(crate) mod templates;

use axum::Router;
use axum::extract::{FromRequestParts, Path};
use axum::http::HeaderValue;
use axum::http::header::RETRY_AFTER;
use axum::http::request::Parts;
use axum::routing::get;
use habilitation_model::Id;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::problem::{Problem, ProblemType};
use crate::store::{Hindrance, Quota, StoreFailure, StoreRefusal};

/// Returns every route, and the answer at all other addresses.
pub(crate) fn all() -> Router<App> {
    let (api, document) = api().split_for_parts();
    let document = openapi::bytes(document);
    api.route("/api/openapi.json", get(async move || openapi::read(&document)))
        .route(security_txt::PATH, get(security_txt::read))
        .fallback(page::read)
        .method_not_allowed_fallback(async || Problem::new(ProblemType::MethodNotAllowed))
}

/// Returns the probes of monitoring.
pub(crate) fn health() -> Router<App> {
    let (routes, _) =
        OpenApiRouter::new().routes(routes!(health::alive)).routes(routes!(health::ready)).split_for_parts();
    routes
        .fallback(async || Problem::new(ProblemType::NotFound))
        .method_not_allowed_fallback(async || Problem::new(ProblemType::MethodNotAllowed))
}

/// Returns the metrics.
pub(crate) fn metrics() -> Router<App> {
    Router::new().route("/metrics", get(metrics::read))
}

/// Returns the routes of the API, with their description.
pub(crate) fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(openapi::introduction())
        .routes(routes!(session::read, session::end))
        .routes(routes!(sessions::list, sessions::end_others))
        .routes(routes!(sessions::end_one))
        .routes(routes!(proconnect::sign_in))
        .routes(routes!(proconnect::callback))
        .routes(routes!(proconnect::signed_out))
        .routes(routes!(accounts::former, accounts::ask_for_former))
        .routes(routes!(accounts::link, accounts::follow_link))
        .routes(routes!(demonstration::people))
        .routes(routes!(demonstration::sign_in))
        .routes(routes!(demonstration::mail))
        .routes(routes!(demonstration::read_clock, demonstration::clock))
        .routes(routes!(embed::issue_grant))
        .routes(routes!(embed::claim_token))
        .routes(routes!(requests::list))
        .routes(routes!(requests::read, requests::save, requests::delete))
        .routes(routes!(submission::submit))
        .routes(routes!(history::events))
        .routes(routes!(history::submission))
        .routes(routes!(acts::act))
        .routes(routes!(acts::see))
        .routes(routes!(cards::send))
        .routes(routes!(cards::read, cards::answer))
        .routes(routes!(recoveries::list, recoveries::ask))
        .routes(routes!(recoveries::answer))
        .routes(routes!(recoveries::to_decide))
        .routes(routes!(recoveries::decide))
        .routes(routes!(people::list))
        .routes(routes!(people::confirm, people::remove))
        .routes(routes!(people::invite, people::take_back))
        .routes(routes!(people::received, people::follow))
        .routes(routes!(people::offer, people::withdraw_offer))
        .routes(routes!(people::accept))
        .routes(routes!(examination::queue))
        .routes(routes!(examination::team))
        .routes(routes!(examination::read))
        .routes(routes!(examination::events))
        .routes(routes!(examination::submission))
        .routes(routes!(examination::document, examination::receive))
        .routes(routes!(examination::act))
        .routes(routes!(examination::see))
        .routes(routes!(statistics::read))
        .routes(routes!(statistics::file))
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::outlets))
        .routes(routes!(deliveries::retry))
        .routes(routes!(deliveries::ping))
        .routes(routes!(deliveries::bounce))
        .routes(routes!(templates::list))
        .routes(routes!(templates::read, templates::save, templates::delete))
        .routes(routes!(documents::read, documents::receive, documents::remove))
        .routes(routes!(organisations::find))
        .routes(routes!(check::check))
        .routes(routes!(habilitations::list))
        .routes(routes!(habilitations::file))
        .routes(routes!(statistics::read_public))
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
}

/// The identifier of a request in an address.
pub(crate) struct RequestId(pub(crate) Id);

/// The identifiers of a request and of one of its documents in an address.
pub(crate) struct DocumentId {
    pub(crate) request: Id,
    pub(crate) document: Id,
}

impl<S: Send + Sync> FromRequestParts<S> for RequestId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(id) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| not_an_id("id"))?;
        Id::parse(&id).map(Self).map_err(|_| not_an_id("id"))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for DocumentId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path((request, document)) =
            Path::<(String, String)>::from_request_parts(parts, state).await.map_err(|_| not_an_id("id"))?;
        Ok(Self {
            request: Id::parse(&request).map_err(|_| not_an_id("id"))?,
            document: Id::parse(&document).map_err(|_| not_an_id("document"))?,
        })
    }
}

/// The identifiers of a request and of one of its events in an address.
pub(crate) struct EventId {
    pub(crate) request: Id,
    pub(crate) event: Id,
}

impl<S: Send + Sync> FromRequestParts<S> for EventId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path((request, event)) =
            Path::<(String, String)>::from_request_parts(parts, state).await.map_err(|_| not_an_id("id"))?;
        Ok(Self {
            request: Id::parse(&request).map_err(|_| not_an_id("id"))?,
            event: Id::parse(&event).map_err(|_| not_an_id("event"))?,
        })
    }
}

fn not_an_id(name: &str) -> Problem {
    Problem::new(ProblemType::InvalidParameter).detail(format!("`{name}` in the address is not a UUID of version 7."))
}

impl From<StoreFailure> for Problem {
    fn from(failure: StoreFailure) -> Self {
        match failure {
            StoreFailure::Busy | StoreFailure::Newer => tracing::warn!(%failure, "a call fails"),
            StoreFailure::DiskFull | StoreFailure::Broken(_) => tracing::error!(%failure, "a call fails"),
        }
        Self::new(match failure {
            StoreFailure::DiskFull => ProblemType::StorageFull,
            StoreFailure::Busy => ProblemType::Busy,
            StoreFailure::Newer => ProblemType::NewerDraft,
            StoreFailure::Broken(_) => ProblemType::Internal,
        })
    }
}

impl From<StoreRefusal> for Problem {
    fn from(refusal: StoreRefusal) -> Self {
        match refusal {
            StoreRefusal::Absent => Self::new(ProblemType::NotFound),
            StoreRefusal::Deleted => Self::new(ProblemType::Deleted),
            StoreRefusal::NotPermitted(hindrance) => {
                let code = match hindrance {
                    Hindrance::Part => "part",
                    Hindrance::Elsewhere => "elsewhere",
                    Hindrance::Contestable => "contestable",
                };
                Self::new(ProblemType::NotPermitted).error(String::new(), code)
            }
            StoreRefusal::Submitted => Self::new(ProblemType::Submitted),
            StoreRefusal::Unconditional => Self::new(ProblemType::PreconditionRequired)
                .detail("Send `If-Match` with the revision that is known, or `If-None-Match: *` to create."),
            StoreRefusal::Stale(Some(current)) => Self::new(ProblemType::Stale).current(*current),
            StoreRefusal::Stale(None) => Self::new(ProblemType::Stale).detail("There is nothing there."),
            StoreRefusal::WrongState(state) => Self::new(ProblemType::WrongState).state(state),
            StoreRefusal::StaleForTeam(standing) => Self::new(ProblemType::Stale)
                .detail("The request is at another revision than the one of the precondition; `standing` tells which.")
                .standing(*standing),
            StoreRefusal::StaleTemplate => Self::new(ProblemType::Stale)
                .detail("The template is at another revision than the one of the precondition, or is not there."),
            StoreRefusal::Unseen(events) => Self::new(ProblemType::Unseen).events(events),
            StoreRefusal::AssignedElsewhere => Self::new(ProblemType::AssignedElsewhere),
            StoreRefusal::OwnRequest => Self::new(ProblemType::OwnRequest),
            StoreRefusal::TieNotVerified => Self::new(ProblemType::TieNotVerified),
            StoreRefusal::ReadOnly => Self::new(ProblemType::ReadOnly),
            StoreRefusal::IdTaken => Self::new(ProblemType::IdTaken),
            StoreRefusal::Unfit(findings) => Self::new(ProblemType::Incomplete).act_findings(findings),
            StoreRefusal::TooManyActs(wait) => Self::new(ProblemType::TooManyCalls)
                .detail("This person has acted, written or invited as often as one may in 24 hours.")
                .header(RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1))),
            StoreRefusal::Incomplete(findings) => Self::new(ProblemType::Incomplete).findings(&findings),
            StoreRefusal::QuotaReached(quota) => {
                let (code, detail) = match quota {
                    Quota::Drafts => ("drafts_per_person", "This person has as many drafts as one may have."),
                    Quota::DocumentsOfRequest => {
                        ("documents_per_request", "This request has as many documents as one may have.")
                    }
                    Quota::BytesOfOwner => {
                        ("bytes_per_person", "The documents of this person take as much room as they may.")
                    }
                    Quota::TextOfOwner => {
                        ("text_per_person", "The answers of this person take as much room as they may.")
                    }
                    Quota::SubmissionsOfDay => {
                        ("submissions_per_day", "This person has submitted as many requests as one may in 24 hours.")
                    }
                    Quota::Invitations => {
                        ("invitations_per_request", "This request has as many open invitations as one may have.")
                    }
                    Quota::Participants => ("people_per_request", "As many people take part in this request as may."),
                    Quota::Templates => ("templates_of_team", "The team has as many templates as it may have."),
                    Quota::Tombstones => (
                        "deletions_per_person",
                        "This person has deleted as many drafts as one may, and begins no other.",
                    ),
                };
                Self::new(ProblemType::QuotaReached).detail(detail).error(String::new(), code)
            }
            StoreRefusal::Failure(failure) => failure.into(),
        }
    }
}

/// Returns the path of a request.
pub(crate) fn address(id: &Id) -> HeaderValue {
    // A UUID is always a header value.
    HeaderValue::from_str(&format!("/api/requests/{id}")).unwrap_or_else(|_| HeaderValue::from_static("/api/requests"))
}
