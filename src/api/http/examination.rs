//! Calls of a server's API that the team alone makes.

use std::future::ready;

use super::service::upload;
use super::{Call, Http};
use crate::api::examination::Examination;
use crate::api::{ApiFuture, Progress, Upload};
use crate::browser::file::File;
use crate::model::Id;
use crate::model::place::team::{DeliveryFilter, QueueFilter};
use crate::model::saving::BaseRevision;
use crate::model::statistics::Period;
use crate::model::wire::{
    Act, CaughtMails, DeliveryList, EventList, ExaminedRequest, Outlets, Queue, RecoveriesToDecide, RecoveryDecision,
    Seen, Statistics, Submission, TeamList, Template, TemplateList, TemplateToSave,
};

impl Http {
    /// Returns the path of an examined request, or of something of it.
    fn examined(request: &Id, rest: &[&str]) -> String {
        ["/examination/requests/", request.as_str(), &rest.concat()].concat()
    }

    /// Returns the path of a template.
    fn template(id: &Id) -> String {
        ["/examination/templates/", id.as_str()].concat()
    }

    fn read_examined(call: Call, request: &Id) -> ApiFuture<ExaminedRequest> {
        let id = request.clone();
        call.read_where(move |request: &ExaminedRequest| request.id == id)
    }
}

impl Examination for Http {
    fn queue(&self, filter: &QueueFilter) -> ApiFuture<Queue> {
        self.call("GET", &["/examination/requests?", &filter.parameters()].concat()).read()
    }

    fn team(&self) -> ApiFuture<TeamList> {
        self.call("GET", "/examination/team").read()
    }

    fn request(&self, id: &Id) -> ApiFuture<ExaminedRequest> {
        Self::read_examined(self.call("GET", &Self::examined(id, &[])), id)
    }

    fn events(&self, request: &Id) -> ApiFuture<EventList> {
        self.call("GET", &Self::examined(request, &["/events"])).read()
    }

    fn submission(&self, request: &Id, number: u32) -> ApiFuture<Submission> {
        let path = Self::examined(request, &["/submissions/", &number.to_string()]);
        self.call("GET", &path).read_where(move |submission: &Submission| submission.n == number)
    }

    fn act(&self, request: &Id, event: &Id, base: Option<&BaseRevision>, act: &Act) -> ApiFuture<ExaminedRequest> {
        let call = self.call("PUT", &Self::examined(request, &["/events/", event.as_str()])).with(act);
        Self::read_examined(if let Some(base) = base { call.if_match(base) } else { call }, request)
    }

    fn see(&self, request: &Id, seq: u64) -> ApiFuture<()> {
        self.call("PUT", &Self::examined(request, &["/seen"])).with(&Seen { seq }).done()
    }

    fn statistics(&self, period: Option<Period>) -> ApiFuture<Statistics> {
        let parameters = period.map(|period| period.parameters()).unwrap_or_default();
        self.call("GET", &["/examination/statistics?", &parameters].concat()).read()
    }

    fn statistics_file(&self, statistics: &Statistics) -> String {
        let parameters = Period { from: statistics.from, to: statistics.to }.parameters();
        [&self.0.base, "/examination/statistics.csv?", &parameters].concat()
    }

    fn upload(&self, request: &Id, document: &Id, file: &File, progress: Progress) -> Upload {
        let address = [&self.0.base, Self::examined(request, &["/documents/", document.as_str()]).as_str()].concat();
        // No portal acts for the team: it has no token.
        upload(&address, document.clone(), None, file, progress)
    }

    fn document_address(&self, request: &Id, document: &Id) -> ApiFuture<String> {
        let path = Self::examined(request, &["/documents/", document.as_str()]);
        Box::pin(ready(Ok([&self.0.base, path.as_str()].concat())))
    }

    fn outlets(&self) -> ApiFuture<Outlets> {
        self.call("GET", "/examination/outlets").read()
    }

    fn deliveries(&self, filter: &DeliveryFilter) -> ApiFuture<DeliveryList> {
        self.call("GET", &["/examination/deliveries?", &filter.parameters()].concat()).read()
    }

    fn retry_delivery(&self, id: &Id) -> ApiFuture<()> {
        self.call("POST", &["/examination/deliveries/", id.as_str(), "/retry"].concat()).done()
    }

    fn ping(&self) -> ApiFuture<()> {
        self.call("POST", "/examination/webhook/ping").done()
    }

    fn caught_mails(&self) -> ApiFuture<CaughtMails> {
        self.call("GET", "/demo/mail").read()
    }

    fn recoveries(&self) -> ApiFuture<RecoveriesToDecide> {
        self.call("GET", "/examination/recoveries").read()
    }

    fn decide_recovery(&self, id: &Id, decision: &RecoveryDecision) -> ApiFuture<()> {
        let path = ["/examination/recoveries/", id.as_str(), "/decision"].concat();
        self.call("PUT", &path).with(decision).done_with_answer()
    }

    fn templates(&self) -> ApiFuture<TemplateList> {
        self.call("GET", "/examination/templates").read()
    }

    fn save_template(&self, id: &Id, base: Option<&BaseRevision>, template: &TemplateToSave) -> ApiFuture<Template> {
        let call = self.call("PUT", &Self::template(id)).over(base).with(template);
        let id = id.clone();
        call.read_where(move |saved: &Template| saved.id == id)
    }

    fn delete_template(&self, id: &Id, base: &BaseRevision) -> ApiFuture<()> {
        self.call("DELETE", &Self::template(id)).if_match(base).done()
    }
}
