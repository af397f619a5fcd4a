//! Methods of [`Field`], on which the form, the checks, the merge and the texts are built.

use crate::clean;
use crate::date::Date;
use crate::draft::Draft;
pub use crate::draft::Field;
use crate::from_json::{Empty, FromText, from_text};
use crate::number::WholeNumber;
use crate::step::Step;
pub use crate::value::Value;

impl Field {
    /// Returns the field at a dotted path.
    #[must_use]
    pub fn from_path(path: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.path() == path)
    }

    /// Returns the place of the field in a draft, as a JSON pointer (RFC 6901).
    #[must_use]
    pub fn pointer(self) -> String {
        format!("/{}", self.path().replace('.', "/"))
    }

    /// Returns the field that a JSON pointer names.
    #[must_use]
    pub fn from_pointer(pointer: &str) -> Option<Self> {
        Self::from_path(&pointer.strip_prefix('/')?.replace('/', "."))
    }

    /// Returns the answer of the field in a draft.
    #[must_use]
    pub fn value(self, draft: &Draft) -> Value<'_> {
        self.slot(draft).value()
    }

    /// Sets the answer of the field in a draft, by a value of the field's own kind.
    pub fn set(self, draft: &mut Draft, value: Value<'_>) {
        self.slot_mut(draft).set(value);
    }

    /// Returns a text as this field keeps it: line breaks of any kind as `\n`, or as spaces in a field of one line;
    /// tabs as spaces; without other control characters and meaningless invisible ones.
    ///
    /// Cleaning a clean text changes nothing, and a clean text never has the finding `control_character`.
    #[must_use]
    pub fn clean(self, raw: &str) -> String {
        clean::clean(raw, self.is_multiline())
    }

    /// Returns the most characters that a text of several lines may hold.
    #[must_use]
    pub fn max_length(self) -> Option<u64> {
        self.is_multiline().then(|| self.most_characters())
    }

    /// Returns the date that was typed, if the text can be read as one.
    #[must_use]
    pub fn date(self, draft: &Draft) -> Option<Date> {
        match self.value(draft) {
            Value::Text(text) => Date::parse(text).ok(),
            _ => None,
        }
    }

    /// Returns the whole number that was typed, if the text can be read as one.
    #[must_use]
    pub fn number(self, draft: &Draft) -> Option<u64> {
        match self.value(draft) {
            Value::Text(text) => self.number_in(text),
            _ => None,
        }
    }

    /// Returns the whole number that a text means as an answer of this field.
    pub(crate) fn number_in(self, text: &str) -> Option<u64> {
        let read = if self == Self::RetentionMonths { WholeNumber::parse_months } else { WholeNumber::parse };
        read(text).ok()?.to_u64()
    }
}

impl Step {
    /// Returns the fields of the step, in the order of the form.
    pub fn fields(self) -> impl Iterator<Item = Field> {
        Field::ALL.iter().copied().filter(move |field| field.step() == self)
    }
}

impl Draft {
    /// Replaces every text by the result of `write`.
    pub fn rewrite(&mut self, write: impl Fn(Field, &str) -> String) {
        for field in Field::ALL {
            if let Value::Text(text) = field.value(self) {
                let text = write(*field, text);
                field.set(self, Value::Text(&text));
            }
        }
    }
}

impl Empty for Field {
    fn empty() -> Self {
        Self::ALL[0]
    }
}

from_text!(Field);

/// Reads a field from its pointer.
impl FromText for Field {
    fn take_text(&mut self, pointer: &str) -> Result<(), &'static str> {
        *self = Self::from_pointer(pointer).ok_or("not the pointer of a field")?;
        Ok(())
    }
}

/// Writes a field as its pointer.
pub(crate) mod pointer {
    use serde::Serializer;

    use super::Field;

    pub(crate) fn serialize<S: Serializer>(field: &Field, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&field.pointer())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choice::ClosedList;
    use crate::scope::Scopes;

    /// Returns the dotted paths of every leaf of a JSON object.
    fn leaves(prefix: &str, value: &serde_json::Value, found: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(members) => {
                for (name, member) in members {
                    let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                    leaves(&path, member, found);
                }
            }
            _ => found.push(prefix.to_owned()),
        }
    }

    #[test]
    fn the_catalogue_has_every_leaf_of_a_draft_and_nothing_else() {
        let mut found = Vec::new();
        leaves("", &serde_json::to_value(Draft::default()).unwrap(), &mut found);
        let mut catalogue: Vec<&str> = Field::ALL.iter().map(|field| field.path()).collect();
        found.sort();
        catalogue.sort_unstable();
        assert_eq!(found, catalogue);
    }

    #[test]
    fn paths_and_pointers_name_the_same_field() {
        for field in Field::ALL {
            assert_eq!(Field::from_path(field.path()), Some(*field));
            assert_eq!(Field::from_pointer(&field.pointer()), Some(*field));
            assert_eq!(field.path().split('.').next(), Some(field.step().as_str()));
        }
        assert_eq!(Field::from_pointer("project/name"), None);
    }

    #[test]
    fn a_new_draft_answers_nothing() {
        for field in Field::ALL {
            assert!(field.value(&Draft::default()).is_empty(), "{}", field.path());
        }
    }

    #[test]
    fn what_is_set_is_what_is_read() {
        let mut draft = Draft::default();
        for field in Field::ALL {
            let scopes = Scopes::default().with("email", true);
            let value = match field.value(&draft) {
                Value::Text(_) => Value::Text("réponse"),
                Value::Choice(_) => Value::Choice(Some("other")),
                Value::YesNo(_) => Value::YesNo(Some(false)),
                Value::Flag(_) => Value::Flag(true),
                Value::Scopes(_) => Value::Scopes(&scopes),
                Value::Documents(_) => Value::Documents(&[]),
            };
            field.set(&mut draft, value);
            assert_eq!(field.value(&draft), value, "{}", field.path());
        }
    }
}
