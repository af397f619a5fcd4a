//! Draft: a request while it is being filled in, with every field of the form declared once.
//!
//! A field is a member of the struct of its step. `#[field(…)]` names its variant of [`Field`] and tells what sets it apart;
//! `#[validate(…)]` attaches its rules, functions of `crate::rules`. A rule that concerns several answers is a function of the
//! section, below.

use std::borrow::Cow;

use validator::ValidationError;

use crate::code::{Code, Params, error_at};
use crate::document::Document;
use crate::email;
use crate::name;
use crate::number::WholeNumber;
use crate::phone::{self, Phone};

mod lists;

pub use form::{Assurance, Contact, Controller, Data, Draft, Field, Legal, Organisation, People, Project, Terms};
pub use lists::{ControllerKind, OrganisationKind, PrivateBasis};

/// Most characters in the name of an organisation or of a controller.
const ORGANISATION_NAME_MAX: u64 = 200;
/// Most characters in a given or family name.
const PERSON_NAME_MAX: u64 = 100;
/// Most characters in a job title.
const JOB_TITLE_MAX: u64 = 150;
/// Most characters in any long text but the description of a project.
const LONG_TEXT_MAX: u64 = 2_000;
/// Longest retention that needs no reason, in months.
pub const RETENTION_MONTHS_WITHOUT_REASON: u64 = 36;

#[habilitation_model_derive::form]
mod form {
    use habilitation_model_derive::FromJson;
    use serde::Serialize;
    use validator::Validate;

    use super::*;
    use crate::assurance::AssuranceLevel;
    use crate::choice::Choice;
    use crate::scope::Scopes;
    use crate::text::Text;
    use crate::{rules, web_address};

    /// A request while it is being filled in: everything that was typed, right or wrong.
    ///
    /// Absent, `null` and empty mean the same; an unknown member or a value of the wrong JSON type is refused when it is read.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson)]
    #[serde(default, deny_unknown_fields)]
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub struct Draft {
        /// The body that asks, and the applicant.
        #[step(Organisation)]
        pub organisation: Organisation,
        /// The service that will use FranceConnect.
        #[step(Project)]
        pub project: Project,
        /// The data asked for, and their use.
        #[step(Data)]
        pub data: Data,
        /// Level of assurance.
        #[step(Assurance)]
        pub assurance: Assurance,
        /// Legal basis.
        #[step(Legal)]
        pub legal: Legal,
        /// People who are involved.
        #[step(People)]
        pub people: People,
        /// Commitments.
        #[step(Terms)]
        pub terms: Terms,
    }

    /// The body that asks, and the applicant.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson, Validate)]
    #[serde(default, deny_unknown_fields)]
    #[validate(schema(function = private_body_says_its_basis, skip_on_field_errors = false))]
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub struct Organisation {
        /// Number of the establishment (SIRET).
        #[field(Siret, from_link)]
        #[validate(custom(function = rules::filled), custom(function = rules::one_line), custom(function = rules::siret))]
        pub siret: Text,
        /// Name of the organisation.
        #[field(OrganisationName, from_link)]
        #[validate(
            custom(function = rules::filled),
            custom(function = rules::shown_line),
            length(max = ORGANISATION_NAME_MAX, code = "too_long")
        )]
        pub name: Text,
        /// Kind of the organisation.
        #[field(OrganisationKind, from_link, shows_others)]
        #[validate(custom(function = rules::chosen), custom(function = rules::in_list))]
        #[cfg_attr(feature = "openapi", schema(value_type = Option<OrganisationKind>))]
        pub kind: Choice<OrganisationKind>,
        /// Basis on which a private body asks.
        #[field(PrivateBasis, from_link, shown_if = Organisation::is_private)]
        #[validate(custom(function = rules::in_list))]
        #[cfg_attr(feature = "openapi", schema(value_type = Option<PrivateBasis>))]
        pub private_basis: Choice<PrivateBasis>,
        /// The applicant states that they belong to it.
        #[field(Member)]
        #[validate(custom(function = rules::ticked))]
        pub member: bool,
        /// The person who files the request.
        #[fields(Applicant)]
        #[validate(nested)]
        pub applicant: Contact,
    }

    /// A natural person and how to reach them.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson, Validate)]
    #[serde(default, deny_unknown_fields)]
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub struct Contact {
        /// First name.
        #[field(GivenName)]
        #[validate(
            custom(function = rules::filled),
            custom(function = rules::shown_line),
            length(max = PERSON_NAME_MAX, code = "too_long")
        )]
        pub given_name: Text,
        /// Last name.
        #[field(FamilyName)]
        #[validate(
            custom(function = rules::filled),
            custom(function = rules::shown_line),
            length(max = PERSON_NAME_MAX, code = "too_long")
        )]
        pub family_name: Text,
        /// Job title.
        #[field(JobTitle)]
        #[validate(
            custom(function = rules::filled),
            custom(function = rules::shown_line),
            length(max = JOB_TITLE_MAX, code = "too_long")
        )]
        pub job_title: Text,
        /// E-mail address.
        #[field(Email, max_length = email::MAX)]
        #[validate(custom(function = rules::filled), custom(function = rules::one_line), custom(function = rules::email))]
        pub email: Text,
        /// Phone number.
        #[field(Phone)]
        #[validate(custom(function = rules::filled), custom(function = rules::one_line), custom(function = rules::phone))]
        pub phone: Text,
    }

    /// The service that will use FranceConnect.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson, Validate)]
    #[serde(default, deny_unknown_fields)]
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub struct Project {
        /// Name of the project.
        #[field(ProjectName, from_link)]
        #[validate(
            custom(function = rules::filled),
            custom(function = rules::shown_line),
            length(max = 120, code = "too_long")
        )]
        pub name: Text,
        /// Use of the identity, and what users do.
        #[field(Description, multiline, from_link)]
        #[validate(
            custom(function = rules::filled),
            custom(function = rules::lines),
            length(max = 5_000, code = "too_long")
        )]
        pub description: Text,
        /// Set when a service that has FranceConnect moves to its version 2.
        #[field(Migration, from_link, shows_others)]
        #[validate(required(code = "required"))]
        pub migration: Option<bool>,
        /// Number of the earlier request.
        #[field(FormerNumber, optional, from_link, shown_if = Project::is_migration)]
        #[validate(custom(function = rules::shown_line), length(max = 30, code = "too_long"))]
        pub former_number: Text,
        /// Pictures of the service to come.
        #[field(Mockups, optional)]
        #[validate(
            custom(function = rules::few_files),
            custom(function = rules::file_types),
            custom(function = rules::file_sizes),
            custom(function = rules::file_names)
        )]
        pub mockups: Vec<Document>,
        /// Planned date of opening; it binds nobody.
        #[field(LaunchDate, from_link)]
        #[validate(
            custom(function = rules::filled),
            custom(function = rules::one_line),
            custom(function = rules::date),
            custom(function = rules::launch_year)
        )]
        pub launch_date: Text,
        /// Procedures or files a year.
        #[field(YearlyVolume, from_link)]
        #[validate(
            custom(function = rules::filled),
            custom(function = rules::one_line),
            custom(function = rules::volume)
        )]
        pub yearly_volume: Text,
    }

    /// The data asked for, and their use.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson, Validate)]
    #[serde(default, deny_unknown_fields)]
    #[validate(schema(function = long_retention_has_a_reason, skip_on_field_errors = false))]
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub struct Data {
        /// Scopes of the data asked for.
        #[field(Scopes, from_link)]
        #[validate(
            custom(function = rules::some_scope),
            custom(function = rules::known_scopes),
            custom(function = rules::name_in_use_with_birth_name)
        )]
        pub scopes: Scopes,
        /// Recipients of the data, by their function.
        #[field(Recipients, multiline, from_link)]
        #[validate(
            custom(function = rules::filled),
            custom(function = rules::lines),
            length(max = LONG_TEXT_MAX, code = "too_long")
        )]
        pub recipients: Text,
        /// Retention of the data, in months.
        #[field(RetentionMonths, from_link, shows_others)]
        #[validate(
            custom(function = rules::filled),
            custom(function = rules::one_line),
            custom(function = rules::months)
        )]
        pub retention_months: Text,
        /// Reason of a retention that is longer than usual.
        #[field(RetentionReason, multiline, from_link, shown_if = Data::retention_needs_a_reason)]
        #[validate(custom(function = rules::lines), length(max = LONG_TEXT_MAX, code = "too_long"))]
        pub retention_reason: Text,
    }

    /// Level of assurance.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson, Validate)]
    #[serde(default, deny_unknown_fields)]
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub struct Assurance {
        /// The level asked for.
        #[field(AssuranceLevel, from_link)]
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
        #[field(LegalBasis, multiline, from_link)]
        #[validate(
            custom(function = rules::filled),
            custom(function = rules::lines),
            length(max = LONG_TEXT_MAX, code = "too_long")
        )]
        pub basis: Text,
        /// Address at which the text can be read.
        #[field(LegalUrl, from_link, max_length = web_address::MAX)]
        #[validate(custom(function = rules::one_line), custom(function = rules::web_address))]
        pub url: Text,
        /// The text itself, when it is not online.
        #[field(LegalDocuments)]
        #[validate(
            custom(function = rules::few_files),
            custom(function = rules::file_types),
            custom(function = rules::file_sizes),
            custom(function = rules::file_names)
        )]
        pub documents: Vec<Document>,
    }

    /// People who are involved.
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
        #[fields(Controller)]
        #[validate(nested)]
        pub controller: Controller,
        /// Data protection officer.
        #[fields(Dpo)]
        #[validate(nested)]
        pub dpo: Contact,
        /// Technical contact.
        #[fields(Technical)]
        #[validate(nested)]
        pub technical: Contact,
    }

    /// The data controller, a natural or a legal person.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson, Validate)]
    #[serde(default, deny_unknown_fields)]
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub struct Controller {
        /// Kind of the controller.
        #[field(Kind, shows_others)]
        #[validate(custom(function = rules::chosen), custom(function = rules::in_list))]
        #[cfg_attr(feature = "openapi", schema(value_type = Option<ControllerKind>))]
        pub kind: Choice<ControllerKind>,
        /// Name of a legal person.
        #[field(LegalName, shown_if = Controller::is_organisation)]
        #[validate(
            custom(function = rules::filled),
            custom(function = rules::shown_line),
            length(max = ORGANISATION_NAME_MAX, code = "too_long")
        )]
        pub legal_name: Text,
        /// First name of a natural person.
        #[field(GivenName, shown_if = Controller::is_person)]
        #[validate(
            custom(function = rules::filled),
            custom(function = rules::shown_line),
            length(max = PERSON_NAME_MAX, code = "too_long")
        )]
        pub given_name: Text,
        /// Last name of a natural person.
        #[field(FamilyName, shown_if = Controller::is_person)]
        #[validate(
            custom(function = rules::filled),
            custom(function = rules::shown_line),
            length(max = PERSON_NAME_MAX, code = "too_long")
        )]
        pub family_name: Text,
        /// Job title of a natural person.
        #[field(JobTitle, shown_if = Controller::is_person)]
        #[validate(
            custom(function = rules::filled),
            custom(function = rules::shown_line),
            length(max = JOB_TITLE_MAX, code = "too_long")
        )]
        pub job_title: Text,
        /// E-mail address.
        #[field(Email, max_length = email::MAX, shown_if = Controller::is_known)]
        #[validate(custom(function = rules::filled), custom(function = rules::one_line), custom(function = rules::email))]
        pub email: Text,
        /// Phone number.
        #[field(Phone, shown_if = Controller::is_known)]
        #[validate(custom(function = rules::filled), custom(function = rules::one_line), custom(function = rules::phone))]
        pub phone: Text,
    }

    /// Commitments, all needed.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson, Validate)]
    #[serde(default, deny_unknown_fields)]
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub struct Terms {
        /// The general terms are read and accepted.
        #[field(TermsAccepted)]
        #[validate(custom(function = rules::ticked))]
        pub accepted: bool,
        /// The data protection officer knows.
        #[field(DpoInformed)]
        #[validate(custom(function = rules::ticked))]
        pub dpo_informed: bool,
        /// Users have another way in, at the same level, without a lesser service.
        #[field(AlternativeOffered)]
        #[validate(custom(function = rules::ticked))]
        pub alternative_offered: bool,
    }
}

impl Organisation {
    /// Returns whether the body is private, and so eligible on two grounds only.
    pub(crate) fn is_private(&self) -> bool {
        self.kind.value().is_some_and(OrganisationKind::is_private)
    }
}

impl Project {
    /// Returns whether a service that has FranceConnect moves to its version 2.
    pub(crate) fn is_migration(&self) -> bool {
        self.migration == Some(true)
    }
}

impl Data {
    fn retention_needs_a_reason(&self) -> bool {
        WholeNumber::parse_months(self.retention_months.as_str())
            .is_ok_and(|months| months > WholeNumber::from(RETENTION_MONTHS_WITHOUT_REASON))
    }
}

impl Controller {
    fn is_person(&self) -> bool {
        self.kind.is(ControllerKind::Person)
    }

    fn is_organisation(&self) -> bool {
        self.kind.is(ControllerKind::Organisation)
    }

    /// Returns whether the kind of the controller is one of the list.
    fn is_known(&self) -> bool {
        self.kind.value().is_some()
    }
}

impl Draft {
    /// Returns every document that the draft lists.
    pub fn documents(&self) -> impl Iterator<Item = &Document> {
        self.project.mockups.iter().chain(&self.legal.documents)
    }

    /// Returns a copy to begin another request with: commitments unticked, and no files, whose bytes belong to this
    /// one.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        let mut copy = self.clone();
        copy.terms = Terms::default();
        copy.organisation.member = false;
        copy.project.mockups.clear();
        copy.legal.documents.clear();
        copy
    }

    /// Returns a copy to take the same request up again with: files stay, commitments and membership are unticked.
    #[must_use]
    pub fn reopened(&self) -> Self {
        let mut copy = self.clone();
        copy.terms = Terms::default();
        copy.organisation.member = false;
        copy
    }
}

fn private_body_says_its_basis(organisation: &Organisation) -> Result<(), ValidationError> {
    if organisation.is_private() && organisation.private_basis.as_str().is_none() {
        return Err(error_at(Field::PrivateBasis.path(), Code::Required, &Params::default()));
    }
    Ok(())
}

fn long_retention_has_a_reason(data: &Data) -> Result<(), ValidationError> {
    if data.retention_needs_a_reason() && data.retention_reason.is_empty() {
        return Err(error_at(Field::RetentionReason.path(), Code::Required, &Params::default()));
    }
    Ok(())
}

fn text_can_be_read_somewhere(legal: &Legal) -> Result<(), ValidationError> {
    if legal.url.is_empty() && legal.documents.is_empty() {
        let paths = [Field::LegalUrl, Field::LegalDocuments].map(|field| Cow::Borrowed(field.path())).to_vec();
        return Err(error_at(Field::LegalUrl.path(), Code::OneOf, &Params { paths, ..Params::default() }));
    }
    Ok(())
}

fn dpo_and_controller_have_two_addresses(people: &People) -> Result<(), ValidationError> {
    if people.controller.is_known() && email::same(&people.dpo.email, &people.controller.email) {
        return Err(error_at(Field::DpoEmail.path(), Code::SamePerson, &Params::path(Field::ControllerEmail.path())));
    }
    Ok(())
}

fn dpo_and_controller_have_two_names(people: &People) -> Result<(), ValidationError> {
    let controller = &people.controller;
    if controller.is_person()
        && name::same(
            (&people.dpo.given_name, &people.dpo.family_name),
            (&controller.given_name, &controller.family_name),
        )
    {
        return Err(error_at(
            Field::DpoFamilyName.path(),
            Code::SamePerson,
            &Params::path(Field::ControllerFamilyName.path()),
        ));
    }
    Ok(())
}

fn technical_contact_has_a_mobile_phone(people: &People) -> Result<(), ValidationError> {
    if Phone::parse(people.technical.phone.as_str()).is_ok_and(|phone| !phone.is_mobile()) {
        return Err(error_at(Field::TechnicalPhone.path(), Code::NotMobile, &Params::example(phone::MOBILE_EXAMPLE)));
    }
    Ok(())
}
