//! Calls of the team, answered from the requests of the demonstration's applicant.

use habilitation_words::SILENCE_NOTICE;
use leptos::prelude::window;

use super::people::{Member, TEAM};
use super::store::examples::Examples;
use super::store::problem;
use super::store::team::ToMake;
use super::templates::LocalTemplates;
use super::{Local, answered};
use crate::api::examination::Examination;
use crate::api::{ApiError, ApiFuture, Service};
use crate::clock::now_rfc3339;
use crate::ids::new_id;
use crate::model::Id;
use crate::model::place::team::QueueFilter;
use crate::model::saving::BaseRevision;
use crate::model::statistics::{Period, csv};
use crate::model::wire::{
    self, Act, Contacts, EventList, ExaminedRequest, Outlets, Queue, Statistics, Submission, TeamList, TeamMember,
    TeamRole, Template, TemplateList, TemplateToSave,
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
    let (location, contacts) = (window().location(), Contacts::default());
    let page = [location.origin(), location.pathname()].map(Result::unwrap_or_default).concat();
    let service = wire::Service {
        name: "Équipe FranceConnect".to_owned(),
        postal_address: String::new(),
        phone: String::new(),
        email: contacts.support_email.clone(),
        team_email: contacts.support_email,
        court: "tribunal administratif de Paris".to_owned(),
        silence_notice: SILENCE_NOTICE.to_owned(),
        page,
        partner_space: "https://partenaires.franceconnect.gouv.fr".to_owned(),
    };
    Outlets { service, relay: false, partner: false }
}

fn team() -> Vec<TeamMember> {
    TEAM.iter().map(Member::in_team).collect()
}

impl Examination for Local {
    fn add_examples(&self) -> Option<ApiFuture<()>> {
        // Whoever asks for examples, an examiner acts on them: a reader cannot.
        let examiner =
            self.member().and_then(|_| team().into_iter().find(|member| member.role == TeamRole::Examiner))?;
        let (store, reading) = (self.applicants_store(), self.example()?);
        Some(Box::pin(async move {
            let team = team();
            Examples { store: &store, member: &examiner, team: &team, new_id, now: &now_rfc3339() }.add(&reading.await?)
        }))
    }

    fn queue(&self, filter: &QueueFilter) -> ApiFuture<Queue> {
        let queue = |member: &Member| self.applicants_store().queue(filter, member.id(), &now_rfc3339());
        answered(self.examiner().map(queue))
    }

    fn team(&self) -> ApiFuture<TeamList> {
        answered(self.examiner().map(|_| TeamList { people: team() }))
    }

    fn request(&self, id: &Id) -> ApiFuture<ExaminedRequest> {
        answered(self.examiner().and_then(|_| self.applicants_store().examined(id, &now_rfc3339())))
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
            self.applicants_store().act_for_team(request, &to_make, &now_rfc3339())
        });
        answered(made)
    }

    fn see(&self, request: &Id, seq: u64) -> ApiFuture<()> {
        answered(self.examiner().and_then(|_| self.applicants_store().see_for_team(request, seq)))
    }

    fn statistics(&self, period: Option<Period>) -> ApiFuture<Statistics> {
        answered(self.examiner().map(|_| self.applicants_store().statistics(period, &now_rfc3339())))
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
        let save = |member: &Member| self.templates_of_team().save(member.in_team().role, id, base, template);
        answered(self.examiner().and_then(save))
    }

    fn delete_template(&self, id: &Id, base: &BaseRevision) -> ApiFuture<()> {
        let delete = |member: &Member| self.templates_of_team().delete(member.in_team().role, id, base);
        answered(self.examiner().and_then(delete))
    }
}
