//! Calls of the team that examines requests. Only its part of the program may use them, which keeps them from applicants.

use std::future::ready;

use super::{ApiError, ApiFuture, Progress, Upload};
use crate::browser::file::File;
use crate::model::Id;
use crate::model::place::team::{DeliveryFilter, QueueFilter};
use crate::model::saving::BaseRevision;
use crate::model::statistics::Period;
use crate::model::wire::{
    Act, CaughtMails, DeliveryList, EventList, ExaminedRequest, Outlets, Queue, RecoveriesToDecide, RecoveryDecision,
    Statistics, Submission, TeamList, Template, TemplateList, TemplateToSave,
};

/// Calls of the team that examines requests.
pub trait Examination {
    /// Lists a page of the queue.
    fn queue(&self, filter: &QueueFilter) -> ApiFuture<Queue>;
    /// Lists the members of the team.
    fn team(&self) -> ApiFuture<TeamList>;
    /// Reads a request, without its draft.
    fn request(&self, id: &Id) -> ApiFuture<ExaminedRequest>;
    /// Reads the history of a request, with what is for the team alone.
    fn events(&self, request: &Id) -> ApiFuture<EventList>;
    /// Reads a submission, by its number in the request.
    fn submission(&self, request: &Id, number: u32) -> ApiFuture<Submission>;
    /// Acts on a request, by an event of this identifier. An act that moves the state is over a revision.
    fn act(&self, request: &Id, event: &Id, base: Option<&BaseRevision>, act: &Act) -> ApiFuture<ExaminedRequest>;
    /// Notes up to which rank the events of a request were shown.
    fn see(&self, request: &Id, seq: u64) -> ApiFuture<()>;
    /// Reads the statistics of a period; of the last twelve months, where none is given.
    fn statistics(&self, period: Option<Period>) -> ApiFuture<Statistics>;
    /// Returns the address of statistics as a file.
    fn statistics_file(&self, statistics: &Statistics) -> String;
    /// Reads how mails and notices leave, and in whose name.
    fn outlets(&self) -> ApiFuture<Outlets>;
    /// Lists a page of the deliveries of mails and notices. A page without a server sends nothing.
    fn deliveries(&self, _: &DeliveryFilter) -> ApiFuture<DeliveryList> {
        Box::pin(ready(Err(ApiError::Unreachable)))
    }
    /// Lets a delivery be tried again.
    fn retry_delivery(&self, _: &Id) -> ApiFuture<()> {
        Box::pin(ready(Err(ApiError::Unreachable)))
    }
    /// Sends the partner a notice that tries the way.
    fn ping(&self) -> ApiFuture<()> {
        Box::pin(ready(Err(ApiError::Unreachable)))
    }
    /// Uploads the bytes of a document for a message. What no message lists is forgotten.
    fn upload(&self, request: &Id, document: &Id, file: &File, progress: Progress) -> Upload;
    /// Returns the address of a document that was sent.
    fn document_address(&self, request: &Id, document: &Id) -> ApiFuture<String>;
    /// Lists the mails that a demonstration caught.
    fn caught_mails(&self) -> ApiFuture<CaughtMails> {
        Box::pin(ready(Err(ApiError::Unreachable)))
    }
    /// Lists the recoveries that nobody answered, or that are contested. A page without a server has none.
    fn recoveries(&self) -> ApiFuture<RecoveriesToDecide> {
        Box::pin(ready(Ok(RecoveriesToDecide::default())))
    }
    /// Decides on a recovery.
    fn decide_recovery(&self, _: &Id, _: &RecoveryDecision) -> ApiFuture<()> {
        Box::pin(ready(Err(ApiError::Unreachable)))
    }
    /// Lists the templates of the team.
    fn templates(&self) -> ApiFuture<TemplateList>;
    /// Saves a template over a revision, or creates it.
    fn save_template(&self, id: &Id, base: Option<&BaseRevision>, template: &TemplateToSave) -> ApiFuture<Template>;
    /// Deletes a template of the given revision.
    fn delete_template(&self, id: &Id, base: &BaseRevision) -> ApiFuture<()>;
}
