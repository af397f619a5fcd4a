//! API that never answers, for pages that are drawn outside of a browser.

use std::any::Any;
use std::future::pending;
use std::rc::Rc;

use super::service::Provider;
use super::{Answer, Api, Filter, Progress, Service, Upload};
use crate::browser::file::File;
use crate::model::saving::BaseRevision;
use crate::model::wire::{
    DemoPeople, GivenGrant, GrantToGive, PageConfig, RequestList, RequestSummary, Session, StoredRequest,
};
use crate::model::{Draft, Id};

/// API that never answers.
pub struct Unanswered(Provider);

impl Unanswered {
    /// Returns the API.
    #[must_use]
    pub fn new() -> Self {
        Self(Provider(Rc::new(Silence)))
    }
}

impl Default for Unanswered {
    fn default() -> Self {
        Self::new()
    }
}

impl Api for Unanswered {
    fn config(&self) -> Answer<PageConfig> {
        Box::pin(pending())
    }

    fn session(&self) -> Answer<Session> {
        Box::pin(pending())
    }

    fn set_user(&self, _: Option<&str>) {}

    fn request(&self, _: &Id) -> Answer<StoredRequest> {
        Box::pin(pending())
    }

    fn save(&self, _: &Id, _: Option<&BaseRevision>, _: &Draft) -> Answer<RequestSummary> {
        Box::pin(pending())
    }

    fn as_any(&self) -> &dyn Any {
        &self.0
    }
}

struct Silence;

impl Service for Silence {
    fn demo_people(&self) -> Answer<DemoPeople> {
        Box::pin(pending())
    }

    fn sign_in(&self, _: &str) -> Answer<Session> {
        Box::pin(pending())
    }

    fn grant(&self, _: &GrantToGive) -> Answer<GivenGrant> {
        Box::pin(pending())
    }

    fn sign_out(&self) -> Answer<()> {
        Box::pin(pending())
    }

    fn requests(&self, _: &Filter) -> Answer<RequestList> {
        Box::pin(pending())
    }

    fn delete(&self, _: &Id, _: &BaseRevision) -> Answer<()> {
        Box::pin(pending())
    }

    fn submit(&self, _: &Id, _: &BaseRevision) -> Answer<()> {
        Box::pin(pending())
    }

    fn upload(&self, _: &Id, _: &Id, _: &File, _: Progress) -> Upload {
        Upload { answer: Box::pin(pending()), abort: Box::new(|| {}) }
    }

    fn remove_document(&self, _: &Id, _: &Id) -> Answer<()> {
        Box::pin(pending())
    }

    fn document_address(&self, _: &Id, _: &Id) -> Answer<String> {
        Box::pin(pending())
    }
}
