//! Warnings: findings that do not block submission.

use crate::assurance::AssuranceLevel;
use crate::choice::ClosedList;
use crate::date::Date;
use crate::draft::{Draft, PrivateBasis};
use crate::email::{self, Email};
use crate::field::Field;
use crate::finding::{Code, Finding, Params};
use crate::name;
use crate::scope::Scope;
use crate::step::Step;

/// Returns the warnings on the fields of one step.
pub(crate) fn of(draft: &Draft, step: Step, today: Date) -> Vec<Finding> {
    let mut warnings = Vec::new();
    let mut warn = |field, code, params| warnings.push(Finding::warning(field, code, params));
    match step {
        Step::Organisation => {
            if draft.organisation.private_basis.is(PrivateBasis::Other) {
                warn(Field::PrivateBasis, Code::MaybeNotEligible, Params::default());
            }
        }
        Step::Project => {
            if Field::LaunchDate.date(draft).is_some_and(|date| date < today) {
                warn(Field::LaunchDate, Code::PastDate, Params::default());
            }
        }
        Step::Data => {
            let scopes = &draft.data.scopes;
            if Scope::FURTHER.iter().any(|scope| scopes.contains(*scope)) {
                warn(Field::Scopes, Code::NotAlwaysAvailable, Params::default());
            }
            if scopes.known().count() == Scope::ALL.len() {
                warn(Field::Scopes, Code::OverAsking, Params::default());
            }
        }
        Step::Assurance => {
            if draft.organisation.is_private() && draft.assurance.level.value().is_some_and(AssuranceLevel::is_plus) {
                warn(Field::AssuranceLevel, Code::MayBeBilled, Params::default());
            }
        }
        Step::People => {
            let people = &draft.people;
            let domain = |text: &crate::Text| Email::parse(text.as_str()).ok().map(|email| email.domain());
            let (applicants, controllers) =
                (domain(&draft.organisation.applicant.email), domain(&people.controller.email));
            if applicants.is_some() && controllers.is_some() && applicants != controllers {
                warn(Field::ControllerEmail, Code::OtherDomain, Params::default());
            }
            let (dpo, technical) = (&people.dpo, &people.technical);
            if email::same(&dpo.email, &technical.email) {
                warn(Field::DpoEmail, Code::SamePerson, Params::path(Field::TechnicalEmail.path()));
            }
            if name::same((&dpo.given_name, &dpo.family_name), (&technical.given_name, &technical.family_name)) {
                warn(Field::DpoFamilyName, Code::SamePerson, Params::path(Field::TechnicalFamilyName.path()));
            }
        }
        Step::Legal | Step::Terms | Step::Review => {}
    }
    warnings
}
