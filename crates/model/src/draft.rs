//! A request while it is being filled in, and the check of what was typed.

use std::borrow::Cow;

use habilitation_model_derive::FromJson;
use serde::Serialize;
use validator::{Validate, ValidationError};

use crate::assurance::AssuranceLevel;
use crate::choice::{Choice, closed_list};
use crate::code::{Code, Params, broken_at};
use crate::document::Document;
use crate::email::Email;
use crate::name;
use crate::number::WholeNumber;
use crate::phone::{self, Phone};
use crate::rules;
use crate::scope::Scopes;
use crate::text::Text;

/// Most characters in the name of an organisation or of a controller.
pub(crate) const ORGANISATION_NAME_MAX: u64 = 200;
/// Most characters in a given or family name.
pub(crate) const PERSON_NAME_MAX: u64 = 100;
/// Most characters in a job title.
pub(crate) const JOB_TITLE_MAX: u64 = 150;
/// Most characters in the name of a project.
pub(crate) const PROJECT_NAME_MAX: u64 = 120;
/// Most characters in the number of an earlier request.
pub(crate) const FORMER_NUMBER_MAX: u64 = 30;
/// Most characters in the description of a project.
pub(crate) const DESCRIPTION_MAX: u64 = 5_000;
/// Most characters in any other long text.
pub(crate) const LONG_TEXT_MAX: u64 = 2_000;
/// Longest retention that needs no reason, in months.
pub const RETENTION_MONTHS_WITHOUT_REASON: u64 = 36;

closed_list! {
    /// What kind of body asks; eligibility depends on it (arrêté of 8 November 2018).
    pub enum OrganisationKind {
        /// A public body, or a private one entrusted with a public service.
        Administration = "administration",
        /// A company.
        Company = "company",
        /// An association.
        Association = "association",
    }
}

impl OrganisationKind {
    /// Whether the body is private, and so eligible on two grounds only.
    #[must_use]
    pub fn is_private(self) -> bool {
        self != Self::Administration
    }
}

closed_list! {
    /// On which ground a private body is eligible (arrêté of 8 November 2018).
    pub enum PrivateBasis {
        /// Online services tied to a change of address.
        AddressChange = "address_change",
        /// A rule makes the body check its users' identity.
        IdentityVerification = "identity_verification",
        /// Neither: probably not eligible.
        Other = "other",
    }
}

closed_list! {
    /// Whether the data controller is a natural or a legal person.
    pub enum ControllerKind {
        /// A natural person.
        Person = "person",
        /// A legal person.
        Organisation = "organisation",
    }
}

/// Everything that was typed, right or wrong, of one request.
///
/// Absent, `null` and empty mean the same; an unknown member or a value of the wrong JSON type is refused when it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Draft {
    /// Who asks.
    pub organisation: Organisation,
    /// The service.
    pub project: Project,
    /// Which data, and what becomes of them.
    pub data: Data,
    /// Level of assurance.
    pub assurance: Assurance,
    /// Legal basis.
    pub legal: Legal,
    /// Who is involved.
    pub people: People,
    /// Commitments.
    pub terms: Terms,
}

/// Who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson, Validate)]
#[serde(default, deny_unknown_fields)]
#[validate(schema(function = private_body_says_its_basis, skip_on_field_errors = false))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Organisation {
    /// Number of the establishment.
    #[validate(custom(function = rules::filled), custom(function = rules::one_line), custom(function = rules::siret))]
    pub siret: Text,
    /// Its name.
    #[validate(
        custom(function = rules::filled),
        custom(function = rules::shown_line),
        length(max = ORGANISATION_NAME_MAX, code = "too_long")
    )]
    pub name: Text,
    /// What it is.
    #[validate(custom(function = rules::chosen), custom(function = rules::in_list))]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<OrganisationKind>))]
    pub kind: Choice<OrganisationKind>,
    /// Why a private body may ask.
    #[validate(custom(function = rules::in_list))]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<PrivateBasis>))]
    pub private_basis: Choice<PrivateBasis>,
    /// The applicant states that they belong to it.
    #[validate(custom(function = rules::ticked))]
    pub member: bool,
    /// The person who files the request.
    #[validate(nested)]
    pub applicant: Contact,
}

/// A natural person and how to reach them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson, Validate)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contact {
    /// First name.
    #[validate(
        custom(function = rules::filled),
        custom(function = rules::shown_line),
        length(max = PERSON_NAME_MAX, code = "too_long")
    )]
    pub given_name: Text,
    /// Last name.
    #[validate(
        custom(function = rules::filled),
        custom(function = rules::shown_line),
        length(max = PERSON_NAME_MAX, code = "too_long")
    )]
    pub family_name: Text,
    /// What they do there.
    #[validate(
        custom(function = rules::filled),
        custom(function = rules::shown_line),
        length(max = JOB_TITLE_MAX, code = "too_long")
    )]
    pub job_title: Text,
    /// E-mail address.
    #[validate(custom(function = rules::filled), custom(function = rules::one_line), custom(function = rules::email))]
    pub email: Text,
    /// Phone number.
    #[validate(custom(function = rules::filled), custom(function = rules::one_line), custom(function = rules::phone))]
    pub phone: Text,
}

/// The service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson, Validate)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Project {
    /// Its name.
    #[validate(
        custom(function = rules::filled),
        custom(function = rules::shown_line),
        length(max = PROJECT_NAME_MAX, code = "too_long")
    )]
    pub name: Text,
    /// What the identity is for and what users do.
    #[validate(
        custom(function = rules::filled),
        custom(function = rules::lines),
        length(max = DESCRIPTION_MAX, code = "too_long")
    )]
    pub description: Text,
    /// Whether a service that has FranceConnect moves to its version 2.
    #[validate(required(code = "required"))]
    pub migration: Option<bool>,
    /// Number of the earlier request.
    #[validate(custom(function = rules::shown_line), length(max = FORMER_NUMBER_MAX, code = "too_long"))]
    pub former_number: Text,
    /// Pictures of the service to come.
    #[validate(
        custom(function = files_are_few),
        custom(function = files_have_a_type),
        custom(function = files_are_small),
        custom(function = files_have_short_names)
    )]
    pub mockups: Vec<Document>,
    /// When it should open; binds nobody.
    #[validate(
        custom(function = rules::filled),
        custom(function = rules::one_line),
        custom(function = rules::date),
        custom(function = rules::launch_year)
    )]
    pub launch_date: Text,
    /// Procedures or files a year.
    #[validate(
        custom(function = rules::filled),
        custom(function = rules::one_line),
        custom(function = rules::volume)
    )]
    pub yearly_volume: Text,
}

/// Which data, and what becomes of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson, Validate)]
#[serde(default, deny_unknown_fields)]
#[validate(schema(function = long_retention_has_a_reason, skip_on_field_errors = false))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Data {
    /// What is asked for.
    #[validate(
        custom(function = rules::some_scope),
        custom(function = rules::known_scopes),
        custom(function = rules::name_in_use_with_birth_name)
    )]
    pub scopes: Scopes,
    /// Who, by their function, gets or processes them.
    #[validate(
        custom(function = rules::filled),
        custom(function = rules::lines),
        length(max = LONG_TEXT_MAX, code = "too_long")
    )]
    pub recipients: Text,
    /// How long they are kept, in months.
    #[validate(
        custom(function = rules::filled),
        custom(function = rules::one_line),
        custom(function = rules::months)
    )]
    pub retention_months: Text,
    /// Why longer than is usual.
    #[validate(custom(function = rules::lines), length(max = LONG_TEXT_MAX, code = "too_long"))]
    pub retention_reason: Text,
}

impl Data {
    pub(crate) fn retention_needs_a_reason(&self) -> bool {
        WholeNumber::parse_months(self.retention_months.as_str())
            .is_ok_and(|months| months > WholeNumber::from(RETENTION_MONTHS_WITHOUT_REASON))
    }
}

/// Level of assurance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson, Validate)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Assurance {
    /// The level asked for.
    #[validate(custom(function = rules::chosen), custom(function = rules::in_list))]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<AssuranceLevel>))]
    pub level: Choice<AssuranceLevel>,
}

/// Legal basis.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson, Validate)]
#[serde(default, deny_unknown_fields)]
#[validate(schema(function = text_can_be_read_somewhere, skip_on_field_errors = false))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Legal {
    /// Nature and reference of the text.
    #[validate(
        custom(function = rules::filled),
        custom(function = rules::lines),
        length(max = LONG_TEXT_MAX, code = "too_long")
    )]
    pub basis: Text,
    /// Where it can be read.
    #[validate(custom(function = rules::one_line), custom(function = rules::web_address))]
    pub url: Text,
    /// Or the text itself.
    #[validate(
        custom(function = files_are_few),
        custom(function = files_have_a_type),
        custom(function = files_are_small),
        custom(function = files_have_short_names)
    )]
    pub documents: Vec<Document>,
}

/// Who is involved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson, Validate)]
#[serde(default, deny_unknown_fields)]
#[validate(
    schema(function = dpo_and_controller_have_two_addresses, skip_on_field_errors = false),
    schema(function = dpo_and_controller_have_two_names, skip_on_field_errors = false),
    schema(function = technical_contact_has_a_mobile_phone, skip_on_field_errors = false)
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct People {
    /// Data controller.
    #[validate(nested)]
    pub controller: Controller,
    /// Data protection officer.
    #[validate(nested)]
    pub dpo: Contact,
    /// Technical contact.
    #[validate(nested)]
    pub technical: Contact,
}

/// The data controller, a natural or a legal person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson, Validate)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Controller {
    /// Which of the two.
    #[validate(custom(function = rules::chosen), custom(function = rules::in_list))]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<ControllerKind>))]
    pub kind: Choice<ControllerKind>,
    /// Name of a legal person.
    #[validate(
        custom(function = rules::filled),
        custom(function = rules::shown_line),
        length(max = ORGANISATION_NAME_MAX, code = "too_long")
    )]
    pub legal_name: Text,
    /// First name of a natural person.
    #[validate(
        custom(function = rules::filled),
        custom(function = rules::shown_line),
        length(max = PERSON_NAME_MAX, code = "too_long")
    )]
    pub given_name: Text,
    /// Last name of a natural person.
    #[validate(
        custom(function = rules::filled),
        custom(function = rules::shown_line),
        length(max = PERSON_NAME_MAX, code = "too_long")
    )]
    pub family_name: Text,
    /// What a natural person does there.
    #[validate(
        custom(function = rules::filled),
        custom(function = rules::shown_line),
        length(max = JOB_TITLE_MAX, code = "too_long")
    )]
    pub job_title: Text,
    /// E-mail address.
    #[validate(custom(function = rules::filled), custom(function = rules::one_line), custom(function = rules::email))]
    pub email: Text,
    /// Phone number.
    #[validate(custom(function = rules::filled), custom(function = rules::one_line), custom(function = rules::phone))]
    pub phone: Text,
}

/// Commitments, all needed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson, Validate)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Terms {
    /// The general terms are read and accepted.
    #[validate(custom(function = rules::ticked))]
    pub accepted: bool,
    /// The data protection officer knows.
    #[validate(custom(function = rules::ticked))]
    pub dpo_informed: bool,
    /// Users have another way in, at the same level, without a lesser service.
    #[validate(custom(function = rules::ticked))]
    pub alternative_offered: bool,
}

// `validator` hands a `Vec` field over as `&Vec`; these four take it so.
macro_rules! on_lists {
    ($($name:ident = $rule:path;)+) => { $(
        #[expect(clippy::ptr_arg, reason = "the signature is validator's")]
        fn $name(documents: &Vec<Document>) -> Result<(), ValidationError> {
            $rule(documents)
        }
    )+ };
}
on_lists! {
    files_are_few = rules::few_files;
    files_have_a_type = rules::file_types;
    files_are_small = rules::file_sizes;
    files_have_short_names = rules::file_names;
}

fn private_body_says_its_basis(organisation: &Organisation) -> Result<(), ValidationError> {
    let private = organisation.kind.value().is_some_and(OrganisationKind::is_private);
    if private && organisation.private_basis.as_str().is_none() {
        return Err(broken_at("organisation.private_basis", Code::Required, &Params::default()));
    }
    Ok(())
}

fn long_retention_has_a_reason(data: &Data) -> Result<(), ValidationError> {
    if data.retention_needs_a_reason() && data.retention_reason.is_empty() {
        return Err(broken_at("data.retention_reason", Code::Required, &Params::default()));
    }
    Ok(())
}

fn text_can_be_read_somewhere(legal: &Legal) -> Result<(), ValidationError> {
    if legal.url.is_empty() && legal.documents.is_empty() {
        let paths = ["legal.url", "legal.documents"].map(Cow::Borrowed).to_vec();
        return Err(broken_at("legal.url", Code::OneOf, &Params { paths, ..Params::default() }));
    }
    Ok(())
}

fn dpo_and_controller_have_two_addresses(people: &People) -> Result<(), ValidationError> {
    if people.controller.kind.value().is_some() && same_address(&people.dpo.email, &people.controller.email) {
        return Err(broken_at("people.dpo.email", Code::SamePerson, &Params::path("people.controller.email")));
    }
    Ok(())
}

fn dpo_and_controller_have_two_names(people: &People) -> Result<(), ValidationError> {
    let controller = &people.controller;
    if controller.kind.is(ControllerKind::Person)
        && name::same(
            (&people.dpo.given_name, &people.dpo.family_name),
            (&controller.given_name, &controller.family_name),
        )
    {
        return Err(broken_at(
            "people.dpo.family_name",
            Code::SamePerson,
            &Params::path("people.controller.family_name"),
        ));
    }
    Ok(())
}

fn technical_contact_has_a_mobile_phone(people: &People) -> Result<(), ValidationError> {
    if Phone::parse(people.technical.phone.as_str()).is_ok_and(|phone| !phone.is_mobile()) {
        return Err(broken_at("people.technical.phone", Code::NotMobile, &Params::example(phone::MOBILE_EXAMPLE)));
    }
    Ok(())
}

/// Whether two typed addresses are the same one.
pub(crate) fn same_address(one: &Text, other: &Text) -> bool {
    match (Email::parse(one.as_str()), Email::parse(other.as_str())) {
        (Ok(one), Ok(other)) => one.same_mailbox(&other),
        _ => false,
    }
}

impl Draft {
    /// Every document that the draft lists.
    pub fn documents(&self) -> impl Iterator<Item = &Document> {
        self.project.mockups.iter().chain(&self.legal.documents)
    }

    /// A copy to begin another request with: commitments unticked, and no files, whose bytes belong to this one.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        let mut copy = self.clone();
        copy.terms = Terms::default();
        copy.organisation.member = false;
        copy.project.mockups.clear();
        copy.legal.documents.clear();
        copy
    }
}
