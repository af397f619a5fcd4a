//! API that never answers, for pages that are drawn outside of a browser.

use std::any::Any;
use std::future::pending;
use std::rc::Rc;

use super::examination::Examination;
use super::service::Provider;
use super::sharing::Sharing;
use super::{Api, ApiFuture, Filter, PUBLIC_FILE, Progress, Service, Upload};
use crate::browser::file::File;
use crate::model::place::public::PublicFilter;
use crate::model::place::team::QueueFilter;
use crate::model::saving::BaseRevision;
use crate::model::statistics::Period;
use crate::model::wire::{
    Act, DemoPeople, EventList, ExaminedRequest, GrantRequest, IssuedGrant, Outlets, PageConfig, PublicList,
    PublicStatistics, Queue, RequestList, RequestSummary, Session, Statistics, StoredRequest, Submission,
    SubmissionBody, TeamList, Template, TemplateList, TemplateToSave,
};
use crate::model::{Draft, Id};

/// Backend of a page, which keeps the answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A server, over the API.
    Server,
    /// The page itself: a demonstration without a server.
    Browser,
}

/// API that never answers.
pub struct Unanswered {
    provider: Provider,
    backend: Backend,
}

impl Unanswered {
    /// Returns the API in front of a backend.
    #[must_use]
    pub fn new(backend: Backend) -> Self {
        Self {
            provider: Provider {
                service: Rc::new(Silence(backend)),
                examination: Rc::new(Silence(backend)),
                sharing: Rc::new(Silence(backend)),
            },
            backend,
        }
    }
}

impl Api for Unanswered {
    fn is_local(&self) -> bool {
        self.backend == Backend::Browser
    }

    fn config(&self) -> ApiFuture<PageConfig> {
        Box::pin(pending())
    }

    fn session(&self) -> ApiFuture<Session> {
        Box::pin(pending())
    }

    fn set_user(&self, _: Option<&str>) {}

    fn request(&self, _: &Id) -> ApiFuture<StoredRequest> {
        Box::pin(pending())
    }

    fn save(&self, _: &Id, _: Option<&BaseRevision>, _: &Draft) -> ApiFuture<RequestSummary> {
        Box::pin(pending())
    }

    fn as_any(&self) -> &dyn Any {
        &self.provider
    }
}

struct Silence(Backend);

impl Service for Silence {
    fn habilitations(&self, _: &PublicFilter) -> Option<ApiFuture<PublicList>> {
        (self.0 == Backend::Server).then(|| -> ApiFuture<PublicList> { Box::pin(pending()) })
    }

    fn public_file(&self) -> Option<String> {
        (self.0 == Backend::Server).then(|| PUBLIC_FILE.to_owned())
    }

    fn demo_people(&self) -> ApiFuture<DemoPeople> {
        Box::pin(pending())
    }

    fn sign_in(&self, _: &str) -> ApiFuture<Session> {
        Box::pin(pending())
    }

    fn grant(&self, _: &GrantRequest) -> ApiFuture<IssuedGrant> {
        Box::pin(pending())
    }

    fn sign_out(&self) -> ApiFuture<Option<String>> {
        Box::pin(pending())
    }

    fn requests(&self, _: &Filter) -> ApiFuture<RequestList> {
        Box::pin(pending())
    }

    fn delete(&self, _: &Id, _: &BaseRevision) -> ApiFuture<()> {
        Box::pin(pending())
    }

    fn submit(&self, _: &Id, _: &BaseRevision, _: &SubmissionBody) -> ApiFuture<()> {
        Box::pin(pending())
    }

    fn events(&self, _: &Id, _: u64) -> ApiFuture<EventList> {
        Box::pin(pending())
    }

    fn submission(&self, _: &Id, _: u32) -> ApiFuture<Submission> {
        Box::pin(pending())
    }

    fn act(&self, _: &Id, _: &Id, _: Option<&BaseRevision>, _: &Act) -> ApiFuture<StoredRequest> {
        Box::pin(pending())
    }

    fn see(&self, _: &Id, _: u64) -> ApiFuture<()> {
        Box::pin(pending())
    }

    fn statistics(&self) -> ApiFuture<PublicStatistics> {
        Box::pin(pending())
    }

    fn upload(&self, _: &Id, _: &Id, _: &File, _: Progress) -> Upload {
        Upload { answer: Box::pin(pending()), abort: Box::new(|| {}) }
    }

    fn remove_document(&self, _: &Id, _: &Id) -> ApiFuture<()> {
        Box::pin(pending())
    }

    fn document_address(&self, _: &Id, _: &Id) -> ApiFuture<String> {
        Box::pin(pending())
    }
}

impl Sharing for Silence {}

impl Examination for Silence {
    fn upload(&self, _: &Id, _: &Id, _: &File, _: Progress) -> Upload {
        Upload { answer: Box::pin(pending()), abort: Box::new(|| {}) }
    }

    fn queue(&self, _: &QueueFilter) -> ApiFuture<Queue> {
        Box::pin(pending())
    }

    fn team(&self) -> ApiFuture<TeamList> {
        Box::pin(pending())
    }

    fn request(&self, _: &Id) -> ApiFuture<ExaminedRequest> {
        Box::pin(pending())
    }

    fn events(&self, _: &Id) -> ApiFuture<EventList> {
        Box::pin(pending())
    }

    fn submission(&self, _: &Id, _: u32) -> ApiFuture<Submission> {
        Box::pin(pending())
    }

    fn act(&self, _: &Id, _: &Id, _: Option<&BaseRevision>, _: &Act) -> ApiFuture<ExaminedRequest> {
        Box::pin(pending())
    }

    fn see(&self, _: &Id, _: u64) -> ApiFuture<()> {
        Box::pin(pending())
    }

    fn statistics(&self, _: Option<Period>) -> ApiFuture<Statistics> {
        Box::pin(pending())
    }

    fn statistics_file(&self, _: &Statistics) -> String {
        String::new()
    }

    fn document_address(&self, _: &Id, _: &Id) -> ApiFuture<String> {
        Box::pin(pending())
    }

    fn outlets(&self) -> ApiFuture<Outlets> {
        Box::pin(pending())
    }

    fn templates(&self) -> ApiFuture<TemplateList> {
        Box::pin(pending())
    }

    fn save_template(&self, _: &Id, _: Option<&BaseRevision>, _: &TemplateToSave) -> ApiFuture<Template> {
        Box::pin(pending())
    }

    fn delete_template(&self, _: &Id, _: &BaseRevision) -> ApiFuture<()> {
        Box::pin(pending())
    }
}
