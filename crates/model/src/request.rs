//! A request that can be submitted: a draft without errors, parsed into types.

use serde::Serialize;

use crate::assurance::AssuranceLevel;
use crate::choice::{Choice, ClosedList};
use crate::date::Date;
use crate::document::Document;
use crate::draft::{Contact, ControllerKind, Draft, OrganisationKind, PrivateBasis};
use crate::email::Email;
use crate::field::Field;
use crate::finding::{Code, Finding, Params};
use crate::id::Id;
use crate::phone::{MobilePhone, Phone};
use crate::scope::Scope;
use crate::siret::Siret;
use crate::text::Text;
use crate::web_address::WebAddress;

/// A request without errors. Only [`Request::new`] makes one, so whoever holds one need not check it again.
///
/// Answers that the form did not ask for are left out; texts are clean and trimmed, numbers are numbers, dates ISO 8601, phones E.164.
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
    /// Every error that [`Draft::findings`] knows of; warnings stand in nobody's way.
    pub fn new(draft: &Draft, arrived: &[Id]) -> Result<Self, Vec<Finding>> {
        let errors = draft.errors(arrived);
        if errors.is_empty() {
            parse(draft).map_err(|field| vec![Finding::error(field, Code::Format, Params::default())])
        } else {
            Err(errors)
        }
    }
}

/// Parses what was found right, or names the field that the check and the parse see differently: there is none.
fn parse(draft: &Draft) -> Result<Request, Field> {
    let (organisation, project, data, legal, people) =
        (&draft.organisation, &draft.project, &draft.data, &draft.legal, &draft.people);
    let optional = |field: Field, text: &Text| {
        (field.is_shown(draft) && !text.is_empty())
            .then(|| if field.is_multiline() { text.lines() } else { text.line() })
    };
    Ok(Request {
        organisation: Organisation {
            siret: typed(Field::Siret, Siret::parse(organisation.siret.as_str()))?,
            name: organisation.name.line(),
            kind: chosen(Field::OrganisationKind, &organisation.kind)?,
            private_basis: organisation.private_basis.value().filter(|_| Field::PrivateBasis.is_shown(draft)),
            member: organisation.member,
            applicant: person(
                &organisation.applicant,
                typed(Field::ApplicantEmail, Email::parse(organisation.applicant.email.as_str()))?,
                typed(Field::ApplicantPhone, Phone::parse(organisation.applicant.phone.as_str()))?,
            ),
        },
        project: Project {
            name: project.name.line(),
            description: project.description.lines(),
            migration: typed(Field::Migration, project.migration.ok_or(()))?,
            former_number: optional(Field::FormerNumber, &project.former_number),
            mockups: project.mockups.clone(),
            launch_date: typed(Field::LaunchDate, Date::parse(project.launch_date.as_str()))?,
            yearly_volume: typed(Field::YearlyVolume, Field::YearlyVolume.number(draft).ok_or(()))?,
        },
        data: Data {
            scopes: data.scopes.known().collect(),
            recipients: data.recipients.lines(),
            retention_months: typed(Field::RetentionMonths, Field::RetentionMonths.number(draft).ok_or(()))?,
            retention_reason: optional(Field::RetentionReason, &data.retention_reason),
        },
        assurance: Assurance { level: chosen(Field::AssuranceLevel, &draft.assurance.level)? },
        legal: Legal {
            basis: legal.basis.lines(),
            url: if legal.url.is_empty() {
                None
            } else {
                Some(typed(Field::LegalUrl, WebAddress::parse(legal.url.as_str()))?)
            },
            documents: legal.documents.clone(),
        },
        people: People {
            controller: controller(draft)?,
            dpo: person(
                &people.dpo,
                typed(Field::DpoEmail, Email::parse(people.dpo.email.as_str()))?,
                typed(Field::DpoPhone, Phone::parse(people.dpo.phone.as_str()))?,
            ),
            technical: person(
                &people.technical,
                typed(Field::TechnicalEmail, Email::parse(people.technical.email.as_str()))?,
                typed(
                    Field::TechnicalPhone,
                    Phone::parse(people.technical.phone.as_str()).ok().and_then(MobilePhone::new).ok_or(()),
                )?,
            ),
        },
        terms: Terms {
            accepted: draft.terms.accepted,
            dpo_informed: draft.terms.dpo_informed,
            alternative_offered: draft.terms.alternative_offered,
        },
    })
}

fn controller(draft: &Draft) -> Result<Controller, Field> {
    let typed_by_hand = &draft.people.controller;
    let email = typed(Field::ControllerEmail, Email::parse(typed_by_hand.email.as_str()))?;
    let phone = typed(Field::ControllerPhone, Phone::parse(typed_by_hand.phone.as_str()))?;
    Ok(match chosen(Field::ControllerKind, &typed_by_hand.kind)? {
        ControllerKind::Organisation => {
            Controller::Organisation { legal_name: typed_by_hand.legal_name.line(), email, phone }
        }
        ControllerKind::Person => Controller::Person(Person {
            given_name: typed_by_hand.given_name.line(),
            family_name: typed_by_hand.family_name.line(),
            job_title: typed_by_hand.job_title.line(),
            email,
            phone,
        }),
    })
}

fn person<P>(contact: &Contact, email: Email, phone: P) -> Person<P> {
    Person {
        given_name: contact.given_name.line(),
        family_name: contact.family_name.line(),
        job_title: contact.job_title.line(),
        email,
        phone,
    }
}

fn typed<T, E>(field: Field, parsed: Result<T, E>) -> Result<T, Field> {
    parsed.map_err(|_| field)
}

fn chosen<T: ClosedList>(field: Field, choice: &Choice<T>) -> Result<T, Field> {
    choice.value().ok_or(field)
}
