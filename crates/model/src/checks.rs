//! Checks of a draft: every rule on its answers, in the order of the form.

use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use crate::assurance::AssuranceLevel;
use crate::choice::ClosedList;
use crate::code::{self, Code, Params};
use crate::date::Date;
use crate::draft::Draft;
use crate::field::{Field, Value};
use crate::finding::{Circumstances, Finding};
use crate::id::Id;
use crate::step::Step;
use crate::warnings;

impl Draft {
    /// Returns the findings in the order of the form. On one field, errors stand before warnings.
    #[must_use]
    pub fn findings(&self, circumstances: &Circumstances<'_>) -> Vec<Finding> {
        Step::ALL.iter().flat_map(|step| self.findings_of(*step, circumstances)).collect()
    }

    /// Returns the errors, which block submission once the files in `arrived` are all there.
    #[must_use]
    pub fn errors(&self, arrived: &[Id]) -> Vec<Finding> {
        // Only warnings depend on the day.
        let circumstances = Circumstances { today: Date::FIRST, arrived: Some(arrived) };
        let mut findings = self.findings(&circumstances);
        findings.retain(Finding::is_error);
        findings
    }

    /// Returns the findings on the fields of one step. They depend on its section and on [some answers of
    /// others](Self::depends_on), so that a form need not check the rest again.
    #[must_use]
    pub fn findings_of(&self, step: Step, circumstances: &Circumstances<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let checked = match step {
            Step::Organisation => self.organisation.validate(),
            Step::Project => self.project.validate(),
            Step::Data => self.data.validate(),
            Step::Assurance => self.assurance.validate(),
            Step::Legal => self.legal.validate(),
            Step::People => self.people.validate(),
            Step::Terms => self.terms.validate(),
            Step::Review => Ok(()),
        };
        if let Err(errors) = checked {
            collect(step.as_str(), &errors, &mut findings);
        }
        if step == Step::Assurance {
            findings.extend(self.level_of_a_migration());
        }
        findings.extend(self.missing_files(step, circumstances));
        findings.extend(warnings::of(self, step, circumstances.today));
        findings.retain(|finding| finding.field.is_shown(self) && !self.is_disproved_by_bytes(finding, circumstances));
        in_order(findings)
    }

    /// Returns whether the arrival of all files disproves a finding on their declared type or size. The server read their
    /// first bytes, which prove more than a declaration.
    fn is_disproved_by_bytes(&self, finding: &Finding, circumstances: &Circumstances<'_>) -> bool {
        let (Some(arrived), Code::FileType | Code::FileTooLarge) = (circumstances.arrived, finding.code) else {
            return false;
        };
        match finding.field.value(self) {
            Value::Documents(documents) => {
                let mut doubtful = documents.iter().filter(|document| !document.is_plausible());
                doubtful.all(|document| arrived.contains(&document.id))
            }
            _ => false,
        }
    }

    /// Returns the fields of other steps on which the findings of a step depend.
    #[must_use]
    pub fn depends_on(step: Step) -> &'static [Field] {
        match step {
            Step::Assurance => &[Field::OrganisationKind, Field::Migration],
            Step::People => &[Field::ApplicantEmail],
            _ => &[],
        }
    }

    /// Finds a migration to another level than the lowest: version 2 takes over services of FranceConnect, not of FranceConnect+.
    fn level_of_a_migration(&self) -> Option<Finding> {
        let level = self.assurance.level.value()?;
        let wrong = self.project.is_migration() && level != AssuranceLevel::Eidas1;
        let params = || Params::value(AssuranceLevel::Eidas1.as_str());
        wrong.then(|| Finding::error(Field::AssuranceLevel, Code::MustBe, params()))
    }

    fn missing_files(&self, step: Step, circumstances: &Circumstances<'_>) -> Vec<Finding> {
        let Some(arrived) = circumstances.arrived else { return Vec::new() };
        let lacks_one = |field: &Field| match field.value(self) {
            Value::Documents(documents) => documents.iter().any(|document| !arrived.contains(&document.id)),
            _ => false,
        };
        let missing = |field| Finding::error(field, Code::MissingFile, Params::default());
        step.fields().filter(lacks_one).map(missing).collect()
    }
}

/// Returns findings in the order of the form. Each of the few is inserted at its rank, so that the page does without
/// the code of a sort.
fn in_order(findings: Vec<Finding>) -> Vec<Finding> {
    let rank = |finding: &Finding| (finding.field, finding.level, finding.code);
    let mut ordered: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        let index = ordered.partition_point(|other| rank(other) <= rank(&finding));
        ordered.insert(index, finding);
    }
    ordered
}

/// Adds the findings in a tree of errors of `validator`.
fn collect(prefix: &str, errors: &ValidationErrors, findings: &mut Vec<Finding>) {
    for (name, kind) in errors.errors() {
        let path = format!("{prefix}.{name}");
        match kind {
            ValidationErrorsKind::Struct(nested) => collect(&path, nested, findings),
            ValidationErrorsKind::Field(errors) => {
                for error in errors {
                    let named = error.params.get(code::FIELD).and_then(serde_json::Value::as_str);
                    let field = Field::from_path(named.unwrap_or(&path));
                    debug_assert!(field.is_some(), "{path} is not in the catalogue");
                    findings.extend(field.and_then(|field| Finding::from_validator(field, error)));
                }
            }
            ValidationErrorsKind::List(_) => debug_assert!(false, "no list of a draft is nested"),
        }
    }
}
