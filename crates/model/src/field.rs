//! The catalogue of fields: the one list that the form, the checks, the merge and the texts go by.

use crate::choice::{Choice, ClosedList};
use crate::clean;
use crate::date::Date;
use crate::document::Document;
use crate::draft::{self, ControllerKind, Draft};
use crate::from_json::{Empty, FromText, from_text};
use crate::number::WholeNumber;
use crate::scope::Scopes;
use crate::step::Step;
use crate::text::Text;

/// The answer of one field, borrowed from a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Typed.
    Text(&'a str),
    /// Chosen in a closed list, by its wire value.
    Choice(Option<&'a str>),
    /// Yes, no, or not answered.
    YesNo(Option<bool>),
    /// A box, ticked or not.
    Flag(bool),
    /// Boxes of the list of scopes.
    Scopes(&'a Scopes),
    /// Files.
    Documents(&'a [Document]),
}

impl Value<'_> {
    /// Nothing was answered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => clean::is_blank(text),
            Self::Choice(chosen) => chosen.is_none(),
            Self::YesNo(answer) => answer.is_none(),
            Self::Flag(ticked) => !ticked,
            Self::Scopes(scopes) => scopes.is_empty(),
            Self::Documents(documents) => documents.is_empty(),
        }
    }
}

/// A place in a draft that holds the answer of one field.
trait Leaf {
    fn value(&self) -> Value<'_>;
    /// Takes a value of its own kind; any other is a mistake in the caller and changes nothing.
    fn set(&mut self, value: Value<'_>);
}

macro_rules! leaf {
    ($type:ty, $variant:ident, |$held:ident| $read:expr, |$given:ident| $write:expr) => {
        impl Leaf for $type {
            fn value(&self) -> Value<'_> {
                let $held = self;
                Value::$variant($read)
            }

            fn set(&mut self, value: Value<'_>) {
                debug_assert!(matches!(value, Value::$variant(_)), "a value of another kind");
                if let Value::$variant($given) = value {
                    *self = $write;
                }
            }
        }
    };
}

leaf!(Text, Text, |held| held.as_str(), |given| Self::from(given));
leaf!(Option<bool>, YesNo, |held| *held, |given| given);
leaf!(bool, Flag, |held| *held, |given| given);
leaf!(Scopes, Scopes, |held| held, |given| given.clone());
leaf!(Vec<Document>, Documents, |held| held.as_slice(), |given| given.to_vec());

impl<T: ClosedList> Leaf for Choice<T> {
    fn value(&self) -> Value<'_> {
        Value::Choice(self.as_str())
    }

    fn set(&mut self, value: Value<'_>) {
        debug_assert!(matches!(value, Value::Choice(_)), "a value of another kind");
        if let Value::Choice(chosen) = value {
            *self = Self::from_wire(chosen);
        }
    }
}

/// Declares the catalogue. A line is a variant and its place in the draft; its path and its step follow.
macro_rules! fields {
    ($($step:ident { $($name:ident: $first:ident $(. $rest:ident)+;)+ })+) => {
        /// A field of the request.
        ///
        /// Its [path](Field::path) is its one name: place in the draft, `name` of its control, key of its
        /// texts and, as a [pointer](Field::pointer), subject of its findings.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field { $($(
            #[doc = concat!("`", stringify!($first) $(, ".", stringify!($rest))+, "`")]
            $name,
        )+)+ }

        impl Field {
            /// Every field, in the order of the form.
            pub const ALL: &'static [Self] = &[$($(Self::$name,)+)+];

            /// Its place in the draft, dotted.
            #[must_use]
            pub const fn path(self) -> &'static str {
                match self { $($(Self::$name => concat!(stringify!($first) $(, ".", stringify!($rest))+),)+)+ }
            }

            /// The step that asks for it.
            #[must_use]
            pub const fn step(self) -> Step {
                match self { $($(Self::$name)|+ => Step::$step,)+ }
            }

            fn leaf(self, draft: &Draft) -> &dyn Leaf {
                match self { $($(Self::$name => &draft.$first$(.$rest)+,)+)+ }
            }

            fn leaf_mut(self, draft: &mut Draft) -> &mut dyn Leaf {
                match self { $($(Self::$name => &mut draft.$first$(.$rest)+,)+)+ }
            }
        }
    };
}

fields! {
    Organisation {
        Siret: organisation.siret;
        OrganisationName: organisation.name;
        OrganisationKind: organisation.kind;
        PrivateBasis: organisation.private_basis;
        Member: organisation.member;
        ApplicantGivenName: organisation.applicant.given_name;
        ApplicantFamilyName: organisation.applicant.family_name;
        ApplicantJobTitle: organisation.applicant.job_title;
        ApplicantEmail: organisation.applicant.email;
        ApplicantPhone: organisation.applicant.phone;
    }
    Project {
        ProjectName: project.name;
        Description: project.description;
        Migration: project.migration;
        FormerNumber: project.former_number;
        Mockups: project.mockups;
        LaunchDate: project.launch_date;
        YearlyVolume: project.yearly_volume;
    }
    Data {
        Scopes: data.scopes;
        Recipients: data.recipients;
        RetentionMonths: data.retention_months;
        RetentionReason: data.retention_reason;
    }
    Assurance {
        AssuranceLevel: assurance.level;
    }
    Legal {
        LegalBasis: legal.basis;
        LegalUrl: legal.url;
        LegalDocuments: legal.documents;
    }
    People {
        ControllerKind: people.controller.kind;
        ControllerLegalName: people.controller.legal_name;
        ControllerGivenName: people.controller.given_name;
        ControllerFamilyName: people.controller.family_name;
        ControllerJobTitle: people.controller.job_title;
        ControllerEmail: people.controller.email;
        ControllerPhone: people.controller.phone;
        DpoGivenName: people.dpo.given_name;
        DpoFamilyName: people.dpo.family_name;
        DpoJobTitle: people.dpo.job_title;
        DpoEmail: people.dpo.email;
        DpoPhone: people.dpo.phone;
        TechnicalGivenName: people.technical.given_name;
        TechnicalFamilyName: people.technical.family_name;
        TechnicalJobTitle: people.technical.job_title;
        TechnicalEmail: people.technical.email;
        TechnicalPhone: people.technical.phone;
    }
    Terms {
        TermsAccepted: terms.accepted;
        DpoInformed: terms.dpo_informed;
        AlternativeOffered: terms.alternative_offered;
    }
}

impl Field {
    /// The field at a dotted path.
    #[must_use]
    pub fn from_path(path: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.path() == path)
    }

    /// Where it stands in a draft, as a JSON pointer (RFC 6901).
    #[must_use]
    pub fn pointer(self) -> String {
        format!("/{}", self.path().replace('.', "/"))
    }

    /// The field that a JSON pointer names.
    #[must_use]
    pub fn from_pointer(pointer: &str) -> Option<Self> {
        Self::from_path(&pointer.strip_prefix('/')?.replace('/', "."))
    }

    /// Its answer in a draft.
    #[must_use]
    pub fn value(self, draft: &Draft) -> Value<'_> {
        self.leaf(draft).value()
    }

    /// Puts an answer of the field's own kind in a draft.
    pub fn set(self, draft: &mut Draft, value: Value<'_>) {
        self.leaf_mut(draft).set(value);
    }

    /// Whether the form asks for it, by the other answers. What is not asked has no findings and is left out of the
    /// request; an answer typed before stays in the draft.
    #[must_use]
    pub fn is_shown(self, draft: &Draft) -> bool {
        let controller = || draft.people.controller.kind.value();
        match self {
            Self::PrivateBasis => draft.organisation.kind.value().is_some_and(draft::OrganisationKind::is_private),
            Self::FormerNumber => draft.project.migration == Some(true),
            Self::RetentionReason => draft.data.retention_needs_a_reason(),
            Self::ControllerLegalName => controller() == Some(ControllerKind::Organisation),
            Self::ControllerGivenName | Self::ControllerFamilyName | Self::ControllerJobTitle => {
                controller() == Some(ControllerKind::Person)
            }
            Self::ControllerEmail | Self::ControllerPhone => controller().is_some(),
            _ => true,
        }
    }

    /// Whether a request can do without it.
    #[must_use]
    pub fn is_optional(self) -> bool {
        matches!(self, Self::FormerNumber | Self::Mockups)
    }

    /// Whether its answer may hold several lines.
    #[must_use]
    pub fn is_multiline(self) -> bool {
        matches!(self, Self::Description | Self::Recipients | Self::RetentionReason | Self::LegalBasis)
    }

    /// Returns a text as this field takes it: line breaks of any kind as `\n`, or as spaces in a field of one line; tabs as
    /// spaces; without other control characters, and without characters that show nothing and change nothing.
    ///
    /// Cleaning what is clean changes nothing, and what is clean never has the finding `control_character`.
    #[must_use]
    pub fn clean(self, arrived: &str) -> String {
        clean::clean(arrived, self.is_multiline())
    }

    /// Most characters that a long text may hold.
    #[must_use]
    pub fn max_length(self) -> Option<u64> {
        self.is_multiline().then(|| self.most_characters())
    }

    /// The typed date of a draft's text field, where it reads as one.
    #[must_use]
    pub fn date(self, draft: &Draft) -> Option<Date> {
        match self.value(draft) {
            Value::Text(text) => Date::parse(text).ok(),
            _ => None,
        }
    }

    /// The whole number in a draft's text field, where it reads as one.
    #[must_use]
    pub fn number(self, draft: &Draft) -> Option<u64> {
        let read = if self == Self::RetentionMonths { WholeNumber::parse_months } else { WholeNumber::parse };
        match self.value(draft) {
            Value::Text(text) => read(text).ok()?.to_u64(),
            _ => None,
        }
    }
}

impl Step {
    /// Its fields, in the order of the form.
    pub fn fields(self) -> impl Iterator<Item = Field> {
        Field::ALL.iter().copied().filter(move |field| field.step() == self)
    }
}

impl Draft {
    /// Writes every typed answer anew.
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

/// A field on the wire is its pointer.
impl FromText for Field {
    fn take_text(&mut self, pointer: &str) -> Result<(), &'static str> {
        *self = Self::from_pointer(pointer).ok_or("not the pointer of a field")?;
        Ok(())
    }
}

/// A field on the wire: its pointer.
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

    /// Dotted paths of every leaf of a JSON object.
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
