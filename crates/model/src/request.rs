//! A request that can be submitted: a draft without errors, parsed into types.

use serde::Serialize;

use crate::assurance::AssuranceLevel;
use crate::choice::{Choice, ClosedList};
use crate::date::Date;
use crate::document::Document;
use crate::draft::{self, Contact, ControllerKind, Draft, OrganisationKind, PrivateBasis};
use crate::email::Email;
use crate::field::Field;
use crate::finding::{Code, Finding, Params};
use crate::id::Id;
use crate::phone::{MobilePhone, Phone};
use crate::scope::Scope;
use crate::siret::Siret;
use crate::text::Text;
use crate::web_address::WebAddress;

/// Request without errors. Only [`Request::new`] makes one, so that it never needs another check.
///
/// Answers to fields that the form did not show are left out; texts are clean and trimmed, numbers are numbers, dates
/// ISO 8601, phones E.164.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Request {
    organisation: Organisation,
    project: Project,
    data: Data,
    assurance: Assurance,
    legal: Legal,
    people: People,
    terms: Terms,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Organisation {
    siret: Siret,
    name: String,
    kind: OrganisationKind,
    private_basis: Option<PrivateBasis>,
    member: bool,
    applicant: Person<Phone>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Person<P> {
    given_name: String,
    family_name: String,
    job_title: String,
    email: Email,
    phone: P,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Project {
    name: String,
    description: String,
    migration: bool,
    former_number: Option<String>,
    mockups: Vec<Document>,
    launch_date: Date,
    yearly_volume: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Data {
    scopes: Vec<Scope>,
    recipients: String,
    retention_months: u64,
    retention_reason: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Assurance {
    level: AssuranceLevel,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Legal {
    basis: String,
    url: Option<WebAddress>,
    documents: Vec<Document>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct People {
    controller: Controller,
    dpo: Person<Phone>,
    technical: Person<MobilePhone>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Controller {
    Person(Person<Phone>),
    Organisation { legal_name: String, email: Email, phone: Phone },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Terms {
    accepted: bool,
    dpo_informed: bool,
    alternative_offered: bool,
}

impl Request {
    /// Parses a draft whose files in `arrived` are all there.
    ///
    /// # Errors
    /// Every error that [`Draft::findings`] finds. Warnings do not matter.
    pub fn new(draft: &Draft, arrived: &[Id]) -> Result<Self, Vec<Finding>> {
        let errors = draft.errors(arrived);
        if errors.is_empty() {
            parse(draft).map_err(|field| vec![Finding::error(field, Code::Format, Params::default())])
        } else {
            Err(errors)
        }
    }
}

/// Parses a draft without errors, or names a field on which the check and the parser disagree: a defect of ours.
///
/// Each section is destructured whole, so that the request does not compile without a field.
fn parse(draft: &Draft) -> Result<Request, Field> {
    let Draft { organisation: _, project: _, data: _, assurance, legal, people: _, terms } = draft;
    let draft::Assurance { level } = assurance;
    let draft::Legal { basis, url, documents } = legal;
    let draft::Terms { accepted, dpo_informed, alternative_offered } = terms;
    Ok(Request {
        organisation: organisation(draft)?,
        project: project(draft)?,
        data: data(draft)?,
        assurance: Assurance { level: chosen(Field::AssuranceLevel, level)? },
        legal: Legal {
            basis: basis.lines(),
            url: (!url.is_empty()).then(|| typed(Field::LegalUrl, WebAddress::parse(url.as_str()))).transpose()?,
            documents: documents.clone(),
        },
        people: people(draft)?,
        terms: Terms { accepted: *accepted, dpo_informed: *dpo_informed, alternative_offered: *alternative_offered },
    })
}

fn organisation(draft: &Draft) -> Result<Organisation, Field> {
    let draft::Organisation { siret, name, kind, private_basis, member, applicant } = &draft.organisation;
    Ok(Organisation {
        siret: typed(Field::Siret, Siret::parse(siret.as_str()))?,
        name: name.line(),
        kind: chosen(Field::OrganisationKind, kind)?,
        private_basis: private_basis.value().filter(|_| Field::PrivateBasis.is_shown(draft)),
        member: *member,
        applicant: person(applicant, [Field::ApplicantEmail, Field::ApplicantPhone], Some)?,
    })
}

fn project(draft: &Draft) -> Result<Project, Field> {
    let draft::Project { name, description, migration, former_number, mockups, launch_date, yearly_volume: _ } =
        &draft.project;
    Ok(Project {
        name: name.line(),
        description: description.lines(),
        migration: typed(Field::Migration, migration.ok_or(()))?,
        former_number: optional(draft, Field::FormerNumber, former_number),
        mockups: mockups.clone(),
        launch_date: typed(Field::LaunchDate, Date::parse(launch_date.as_str()))?,
        yearly_volume: typed(Field::YearlyVolume, Field::YearlyVolume.number(draft).ok_or(()))?,
    })
}

fn data(draft: &Draft) -> Result<Data, Field> {
    let draft::Data { scopes, recipients, retention_months: _, retention_reason } = &draft.data;
    Ok(Data {
        scopes: scopes.known().collect(),
        recipients: recipients.lines(),
        retention_months: typed(Field::RetentionMonths, Field::RetentionMonths.number(draft).ok_or(()))?,
        retention_reason: optional(draft, Field::RetentionReason, retention_reason),
    })
}

fn people(draft: &Draft) -> Result<People, Field> {
    let draft::People { controller: by, dpo, technical } = &draft.people;
    Ok(People {
        controller: controller(by)?,
        dpo: person(dpo, [Field::DpoEmail, Field::DpoPhone], Some)?,
        technical: person(technical, [Field::TechnicalEmail, Field::TechnicalPhone], MobilePhone::new)?,
    })
}

fn controller(controller: &draft::Controller) -> Result<Controller, Field> {
    let draft::Controller { kind, legal_name, given_name, family_name, job_title, email, phone } = controller;
    let email = typed(Field::ControllerEmail, Email::parse(email.as_str()))?;
    let phone = typed(Field::ControllerPhone, Phone::parse(phone.as_str()))?;
    Ok(match chosen(Field::ControllerKind, kind)? {
        ControllerKind::Organisation => Controller::Organisation { legal_name: legal_name.line(), email, phone },
        ControllerKind::Person => Controller::Person(Person {
            given_name: given_name.line(),
            family_name: family_name.line(),
            job_title: job_title.line(),
            email,
            phone,
        }),
    })
}

/// Parses a contact, whose e-mail and phone are the two `fields`.
fn person<P>(
    contact: &Contact,
    fields: [Field; 2],
    phone_of_kind: impl Fn(Phone) -> Option<P>,
) -> Result<Person<P>, Field> {
    let Contact { given_name, family_name, job_title, email, phone } = contact;
    let phone = Phone::parse(phone.as_str()).ok().and_then(phone_of_kind);
    Ok(Person {
        given_name: given_name.line(),
        family_name: family_name.line(),
        job_title: job_title.line(),
        email: typed(fields[0], Email::parse(email.as_str()))?,
        phone: typed(fields[1], phone.ok_or(()))?,
    })
}

/// Returns a text that is asked for and answered.
fn optional(draft: &Draft, field: Field, text: &Text) -> Option<String> {
    let is_answered = field.is_shown(draft) && !text.is_empty();
    is_answered.then(|| if field.is_multiline() { text.lines() } else { text.line() })
}

fn typed<T, E>(field: Field, parsed: Result<T, E>) -> Result<T, Field> {
    parsed.map_err(|_| field)
}

fn chosen<T: ClosedList>(field: Field, choice: &Choice<T>) -> Result<T, Field> {
    choice.value().ok_or(field)
}
