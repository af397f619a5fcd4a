//! Bounds of the answers that a draft keeps. An answer may be wrong, but the server refuses one of more than twice the
//! length that the form allows.

use crate::document;
use crate::draft::Draft;
use crate::field::{Field, Value};

/// Most characters of an answer that is chosen in a list, or read as a number or a date.
const SHORT_MAX: u64 = 100;

impl Field {
    /// Returns the most characters that the form allows in a text: 100 for short texts, numbers and dates.
    #[must_use]
    pub fn most_characters(self) -> u64 {
        self.declared_max_length().unwrap_or_default().max(SHORT_MAX)
    }
}

impl Draft {
    /// Returns the first field whose answer is more than twice as long as the form allows. The server refuses such a
    /// draft.
    #[must_use]
    pub fn overlong(&self) -> Option<Field> {
        Field::ALL.iter().copied().find(|field| is_overlong(*field, &field.value(self)))
    }
}

fn is_overlong(field: Field, value: &Value<'_>) -> bool {
    match value {
        Value::Text(text) => is_longer(text, field.most_characters()),
        Value::Choice(chosen) => chosen.is_some_and(|chosen| is_longer(chosen, SHORT_MAX)),
        Value::Scopes(scopes) => scopes.as_slice().iter().any(|scope| is_longer(scope, SHORT_MAX)),
        Value::Documents(documents) => documents.iter().any(|document| {
            is_longer(&document.name, document::MAX_NAME) || is_longer(&document.media_type, SHORT_MAX)
        }),
        Value::YesNo(_) | Value::Flag(_) => false,
    }
}

fn is_longer(text: &str, max: u64) -> bool {
    text.chars().count() as u64 > 2 * max
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft;
    use crate::finding::{Circumstances, Code};
    use crate::scope::Scopes;
    use crate::{Date, Document, Id};

    fn with(field: Field, value: Value<'_>) -> Draft {
        let mut draft = Draft::default();
        draft.organisation.kind = draft::OrganisationKind::Company.into();
        draft.people.controller.kind = draft::ControllerKind::Person.into();
        draft.project.migration = Some(true);
        draft.data.retention_months = "48".into();
        field.set(&mut draft, value);
        draft
    }

    #[test]
    fn twice_what_the_form_takes_is_kept_and_no_more() {
        for field in Field::ALL.iter().copied() {
            if !matches!(field.value(&Draft::default()), Value::Text(_)) {
                continue;
            }
            let twice = usize::try_from(2 * field.most_characters()).unwrap();
            assert_eq!(with(field, Value::Text(&"é".repeat(twice))).overlong(), None, "{}", field.path());
            assert_eq!(with(field, Value::Text(&"é".repeat(twice + 1))).overlong(), Some(field));
        }
    }

    #[test]
    fn a_limit_that_is_told_is_the_one_by_which_texts_are_bounded() {
        let mut compared = 0;
        for field in Field::ALL.iter().copied() {
            let draft = Draft::default();
            if !matches!(field.value(&draft), Value::Text(_)) {
                continue;
            }
            let mut draft = with(field, Value::Text(&"a".repeat(20_000)));
            if field == Field::ControllerLegalName {
                draft.people.controller.kind = draft::ControllerKind::Organisation.into();
            }
            let findings = draft.findings(&Circumstances::on(Date::FIRST));
            let found = findings.iter().find(|finding| finding.field == field && finding.code == Code::TooLong);
            if let Some(max) = found.and_then(|finding| finding.params.max) {
                assert!(field.most_characters() >= max, "{}: {max}", field.path());
                assert!(field.most_characters() <= max || max < SHORT_MAX, "{}: {max}", field.path());
                compared += 1;
            }
        }
        assert!(compared >= 20, "{compared}");
    }

    #[test]
    fn what_is_chosen_and_listed_is_bounded_too() {
        let long = "x".repeat(201);
        assert_eq!(with(Field::AssuranceLevel, Value::Choice(Some(&long))).overlong(), Some(Field::AssuranceLevel));
        let scopes = Scopes::from_wire(vec![long.clone()]);
        assert_eq!(with(Field::Scopes, Value::Scopes(&scopes)).overlong(), Some(Field::Scopes));
        let document = |name: &str, media_type: &str| Document {
            id: Id::new(0, [0; 10]),
            name: name.to_owned(),
            size: 1,
            media_type: media_type.to_owned(),
        };
        for document in [document(&"n".repeat(401), ""), document("", &long)] {
            assert_eq!(with(Field::Mockups, Value::Documents(&[document])).overlong(), Some(Field::Mockups));
        }
        assert_eq!(with(Field::Mockups, Value::Documents(&[document(&"n".repeat(400), "image/png")])).overlong(), None);
    }
}
