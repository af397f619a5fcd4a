//! Answers that a portal or a link may give in the person's place: none about people, no commitment, no file.

use crate::date::Date;
use crate::draft::{Draft, OrganisationKind};
use crate::field::{Field, Value};
use crate::finding::Circumstances;
use crate::lenient::visible_text;
use crate::place::Place;
use crate::scope::Scopes;

/// Answer without errors to a field that a portal or a link may fill in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrefilledAnswer {
    field: Field,
    kind: ValueKind,
    text: String,
}

/// Kind of the value that a text is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ValueKind {
    Text,
    Choice,
    YesNo,
    Scopes,
}

impl PrefilledAnswer {
    /// Reads and cleans an answer. The text is that of the wire; `true` or `false` for a yes or no, scopes with spaces
    /// between them.
    #[must_use]
    pub fn parse(path: &str, text: &str, today: Date) -> Option<Self> {
        let field = Field::from_path(path).filter(|field| field.is_from_link())?;
        let mut draft = Draft::default();
        let kind = match field.value(&draft) {
            Value::Text(_) => ValueKind::Text,
            Value::Choice(_) => ValueKind::Choice,
            Value::YesNo(_) => ValueKind::YesNo,
            Value::Scopes(_) => ValueKind::Scopes,
            Value::Flag(_) | Value::Documents(_) => return None,
        };
        let text = match kind {
            ValueKind::Text => field.clean(text),
            _ => visible_text(text),
        };
        if matches!(kind, ValueKind::Scopes) && text.split_whitespace().count() > Scopes::MAX {
            return None;
        }
        let given = Self { field, kind, text };
        // What is asked in some cases only is checked in such a case.
        match field {
            Field::PrivateBasis => draft.organisation.kind = OrganisationKind::Company.into(),
            Field::FormerNumber => draft.project.migration = Some(true),
            Field::RetentionReason => draft.data.retention_months = "48".into(),
            _ => {}
        }
        given.with_value(&mut |value| field.set(&mut draft, value));
        let circumstances = Circumstances { today, arrived: None };
        let wrong = draft.findings_of(field.step(), &circumstances);
        let is_right = !wrong.iter().any(|finding| finding.field == field && finding.is_error());
        (is_right && !field.value(&draft).is_empty()).then_some(given)
    }

    /// Returns the answers that the address of a page proposes, where it leads to a new request. Other addresses
    /// propose none: a link must not change answers. A repeated name proposes none either.
    #[must_use]
    pub fn proposed(query: &str, place: &Place, today: Date) -> Vec<Self> {
        if !place.begins_a_request() {
            return Vec::new();
        }
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).take(2 * Field::ALL.len()).collect();
        let is_single = |path: &str| pairs.iter().filter(|(name, _)| name == path).count() == 1;
        let single = pairs.iter().filter(|(path, _)| is_single(path));
        single.filter_map(|(path, text)| Self::parse(path, text, today)).collect()
    }

    /// Returns the answered field.
    #[must_use]
    pub fn field(&self) -> Field {
        self.field
    }

    /// Calls a function with the answer, as a value of the field's kind.
    pub fn with_value(&self, take: &mut dyn FnMut(Value<'_>)) {
        let text = self.text.as_str();
        match self.kind {
            ValueKind::Text => take(Value::Text(text)),
            ValueKind::Choice => take(Value::Choice(Some(text))),
            ValueKind::YesNo => take(Value::YesNo(text.parse().ok())),
            ValueKind::Scopes => {
                take(Value::Scopes(&Scopes::from_wire(text.split_whitespace().map(str::to_owned).collect())));
            }
        }
    }

    /// Fills in the field of a draft, if it has no answer.
    pub fn fill_in(&self, draft: &mut Draft) {
        if self.field.value(draft).is_empty() {
            self.with_value(&mut |value| self.field.set(draft, value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::Step;

    const TODAY: Date = Date::FIRST;

    fn parse(path: &str, text: &str) -> Option<PrefilledAnswer> {
        PrefilledAnswer::parse(path, text, TODAY)
    }

    #[test]
    fn these_fields_and_no_others_may_be_given() {
        let allowed: Vec<&str> =
            Field::ALL.iter().filter(|field| field.is_from_link()).map(|field| field.path()).collect();
        let declared = include_str!("../../../public/embed.d.ts");
        let declared = declared.split_once("export interface Prefill {").unwrap().1.split_once('}').unwrap().0;
        let declared: Vec<&str> =
            declared.lines().filter_map(|line| Some(line.trim().strip_prefix('\'')?.split_once("'?: ")?.0)).collect();
        assert_eq!(allowed, declared);
    }

    #[test]
    fn no_answer_about_people_no_commitment_and_no_file_may_be_given() {
        let draft = Draft::default();
        for field in Field::ALL.iter().filter(|field| field.is_from_link()) {
            assert!(!matches!(field.step(), Step::People | Step::Terms), "{}", field.path());
            assert!(!field.path().contains("applicant"), "{}", field.path());
            assert!(!matches!(field.value(&draft), Value::Flag(_) | Value::Documents(_)), "{}", field.path());
        }
    }

    #[test]
    fn a_link_proposes_answers_for_a_new_request_alone() {
        let query = "demande=nouvelle&project.name=Guichet+des+aides&legal.url=https%3A%2F%2Ftexte.example%2F%E2%80%AE\
                     &organisation.applicant.email=a%40b.example&project.description=une&project.description=deux";
        let fields = |place: &Place| {
            PrefilledAnswer::proposed(query, place, TODAY)
                .iter()
                .map(|given| (given.field, given.text.clone()))
                .collect::<Vec<_>>()
        };
        let expected = vec![
            (Field::ProjectName, "Guichet des aides".to_owned()),
            (Field::LegalUrl, "https://texte.example/".to_owned()),
        ];
        assert_eq!(fields(&Place::NewRequest), expected);
        assert_eq!(fields(&Place::SignIn(Some(Box::new(Place::NewRequest)))), expected);
        let existing = Place::read("demande=017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
        for elsewhere in [Place::Start, Place::Requests, Place::SignIn(None), Place::Unknown, existing] {
            assert_eq!(fields(&elsewhere), []);
        }
    }

    #[test]
    fn what_is_unknown_or_not_allowed_is_ignored() {
        for path in
            ["", "project", "project.colour", "organisation.applicant.email", "terms.accepted", "project.mockups"]
        {
            assert_eq!(parse(path, "true"), None, "{path}");
        }
    }

    #[test]
    fn what_is_wrong_is_ignored() {
        for (path, text) in [
            ("organisation.siret", "12345678901234"),
            ("organisation.kind", "kingdom"),
            ("organisation.private_basis", "curiosity"),
            ("project.name", "   "),
            ("project.name", "\u{200b}\u{2800}"),
            ("project.migration", "perhaps"),
            ("project.launch_date", "2026-13-45"),
            ("data.scopes", "openid shoe_size"),
            ("data.retention_months", "many"),
            ("assurance.level", "eidas9"),
            ("legal.url", "javascript:alert(1)"),
        ] {
            assert_eq!(parse(path, text), None, "{path}: {text}");
        }
    }

    #[test]
    fn each_kind_of_answer_is_read_and_given() {
        let mut draft = Draft::default();
        for (path, text) in [
            ("organisation.kind", "association"),
            ("organisation.private_basis", "address_change"),
            ("project.name", "Portail des aides"),
            ("project.migration", "false"),
            ("data.scopes", "given_name family_name"),
            ("assurance.level", "eidas1"),
        ] {
            parse(path, text).unwrap_or_else(|| panic!("{path}")).fill_in(&mut draft);
        }
        assert_eq!(draft.organisation.kind.as_str(), Some("association"));
        assert_eq!(draft.organisation.private_basis.as_str(), Some("address_change"));
        assert_eq!(draft.project.name.as_str(), "Portail des aides");
        assert_eq!(draft.project.migration, Some(false));
        assert_eq!(draft.data.scopes.as_slice(), ["family_name", "given_name"]);
        assert_eq!(draft.assurance.level.as_str(), Some("eidas1"));
    }

    #[test]
    fn an_answer_is_cleaned_and_not_refused() {
        for (path, given, expected) in [
            ("project.name", "Portail\r\ndes\taides\u{200b}\u{7}", "Portail des aides"),
            ("project.description", "Un guichet.\u{b}Pour les\tfamilles.\r\n", "Un guichet.\nPour les familles.\n"),
            ("organisation.siret", "217 501 267\n00017", "217 501 267 00017"),
            ("legal.url", "\u{feff}https://texte.example/", "https://texte.example/"),
            ("organisation.kind", "company\r\n", "company"),
            ("project.migration", " true\u{200b}", "true"),
        ] {
            assert_eq!(parse(path, given).map(|given| given.text).as_deref(), Some(expected), "{path}");
        }
    }

    #[test]
    fn what_was_typed_wins() {
        let mut draft = Draft::default();
        draft.project.name = "Le mien".into();
        parse("project.name", "Celui du portail").unwrap().fill_in(&mut draft);
        assert_eq!(draft.project.name.as_str(), "Le mien");
    }
}
