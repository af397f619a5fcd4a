//! Calls of the team that examines requests. Only its part of the program may use them, which keeps them from applicants.

use super::ApiFuture;
use crate::model::Id;
use crate::model::place::team::QueueFilter;
use crate::model::saving::BaseRevision;
use crate::model::statistics::Period;
use crate::model::wire::{Act, EventList, ExaminedRequest, Queue, Statistics, Submission, TeamList};

/// Calls of the team that examines requests.
pub trait Examination {
    /// Adds made-up requests, one in each state that the team sees, in a demonstration without a server.
    fn add_examples(&self) -> Option<ApiFuture<()>> {
        None
    }
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
    /// Returns the address of a document that was sent.
    fn document_address(&self, request: &Id, document: &Id) -> ApiFuture<String>;
}
