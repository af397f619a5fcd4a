//! Calls of the team, answered from the requests of the demonstration's applicant.

use leptos::prelude::window;

use super::people::{Member, TEAM};
use super::store::problem;
use super::store::team::ToMake;
use super::templates::LocalTemplates;
use super::{Local, answered, mails};
use crate::api::examination::Examination;
use crate::api::{Api, ApiError, ApiFuture, Progress, Service, Upload};
use crate::browser::file::File;
use crate::clock::life_rfc3339;
use crate::model::Id;
use crate::model::place::team::QueueFilter;
use crate::model::saving::BaseRevision;
use crate::model::statistics::{Period, csv};
use crate::model::wire::{
    Act, CaughtMails, Contacts, EventList, ExaminedRequest, Outlets, Queue, Statistics, Submission, TeamList,
    TeamMember, TeamRole, Template, TemplateList, TemplateToSave,
};

impl Local {
    /// Returns the member who is signed in; for anybody else, nothing is there.
    fn examiner(&self) -> Result<&'static Member, ApiError> {
        self.check_person()?;
        self.member().ok_or_else(|| problem(404))
    }
}

impl Local {
    fn templates_of_team(&self) -> LocalTemplates {
        LocalTemplates { device: self.device.clone() }
    }
}

/// Returns the outlets of the demonstration, from which nothing leaves.
fn outlets() -> Outlets {
    let location = window().location();
    let page = [location.origin(), location.pathname()].map(Result::unwrap_or_default).concat();
    let service = mails::service(&Contacts::default().support_email, page);
    Outlets { service, relay: false, partner: false }
}

pub(super) fn team() -> Vec<TeamMember> {
    TEAM.iter().map(Member::in_team).collect()
}

impl Examination for Local {
    fn caught_mails(&self) -> ApiFuture<CaughtMails> {
        let requests = self.applicants_store().all_sent().map(|kept| *kept).collect();
        let folder = if self.base.is_empty() { "./" } else { &self.base };
        let page = web_sys::Request::new_with_str(folder).map_or_else(|_| folder.to_owned(), |request| request.url());
        let (asking, now) = (self.config(), life_rfc3339());
        Box::pin(async move {
            let support = asking.await.unwrap_or_default().contacts.support_email;
            mails::caught(requests, support, page, now).await.map_err(|_| ApiError::Unreachable)
        })
    }

    fn queue(&self, filter: &QueueFilter) -> ApiFuture<Queue> {
        let queue = |member: &Member| self.applicants_store().queue(filter, member.id(), &life_rfc3339());
        answered(self.examiner().map(queue))
    }

    fn team(&self) -> ApiFuture<TeamList> {
        answered(self.examiner().map(|_| TeamList { people: team() }))
    }

    fn request(&self, id: &Id) -> ApiFuture<ExaminedRequest> {
        answered(self.examiner().and_then(|member| self.applicants_store().examined(id, member.id(), &life_rfc3339())))
    }

    fn events(&self, request: &Id) -> ApiFuture<EventList> {
        answered(self.examiner().and_then(|_| self.applicants_store().examined_events(request)))
    }

    fn submission(&self, request: &Id, number: u32) -> ApiFuture<Submission> {
        answered(self.examiner().and_then(|_| self.applicants_store().submission(request, number)))
    }

    fn act(&self, request: &Id, event: &Id, base: Option<&BaseRevision>, act: &Act) -> ApiFuture<ExaminedRequest> {
        let revision = base.map(|base| base.revision);
        let made = self.examiner().and_then(|member| {
            let (member, team) = (member.in_team(), team());
            let to_make = ToMake { event, revision, act, member: &member, team: &team };
            self.applicants_store().act_for_team(request, &to_make, &life_rfc3339())
        });
        answered(made)
    }

    fn see(&self, request: &Id, seq: u64) -> ApiFuture<()> {
        let note =
            |member: &Member| self.applicants_store().see_for_team(request, &member.in_team(), seq, &life_rfc3339());
        answered(self.examiner().and_then(note))
    }

    fn upload(&self, request: &Id, document: &Id, file: &File, progress: Progress) -> Upload {
        let is_examiner = |member: &&Member| member.in_team().role == TeamRole::Examiner;
        let examiner = self.examiner().and_then(|member| Some(member).filter(is_examiner).ok_or_else(|| problem(403)));
        self.keep(examiner.map(|_| self.applicants_store()), (request, document), file, progress)
    }

    fn statistics(&self, period: Option<Period>) -> ApiFuture<Statistics> {
        answered(self.examiner().map(|_| self.applicants_store().statistics(period, &life_rfc3339())))
    }

    fn statistics_file(&self, statistics: &Statistics) -> String {
        ["data:text/csv;charset=utf-8,", &String::from(js_sys::encode_uri_component(&csv(statistics)))].concat()
    }

    fn document_address(&self, request: &Id, document: &Id) -> ApiFuture<String> {
        Service::document_address(self, request, document)
    }

    fn outlets(&self) -> ApiFuture<Outlets> {
        answered(self.examiner().map(|_| outlets()))
    }

    fn templates(&self) -> ApiFuture<TemplateList> {
        answered(self.examiner().map(|_| TemplateList { templates: self.templates_of_team().list() }))
    }

    fn save_template(&self, id: &Id, base: Option<&BaseRevision>, template: &TemplateToSave) -> ApiFuture<Template> {
        let save = |member: &Member| {
            let by = member.in_team();
            self.templates_of_team().save((by.role, &by.name), id, base, template)
        };
        answered(self.examiner().and_then(save))
    }

    fn delete_template(&self, id: &Id, base: &BaseRevision) -> ApiFuture<()> {
        let delete = |member: &Member| self.templates_of_team().delete(member.in_team().role, id, base);
        answered(self.examiner().and_then(delete))
    }
}
