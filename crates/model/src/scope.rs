//! Identity data that FranceConnect can pass on, as OpenID Connect scopes.

use serde::{Deserialize, Deserializer, Serialize};

use crate::choice::{ClosedList, closed_list};
use crate::from_json::{List, Readable, Target, empty_by_default, read_or_null};

closed_list! {
    /// A piece of identity data that a service may ask for.
    ///
    /// `openid`, the technical identifier, is always given: it is neither chosen nor stored.
    pub enum Scope {
        /// Birth name.
        FamilyName = "family_name",
        /// First names.
        GivenName = "given_name",
        /// Date of birth.
        Birthdate = "birthdate",
        /// Town of birth.
        Birthplace = "birthplace",
        /// Country of birth.
        Birthcountry = "birthcountry",
        /// Gender.
        Gender = "gender",
        /// Name in use; not everyone has one.
        PreferredUsername = "preferred_username",
        /// E-mail address; not everyone has one.
        Email = "email",
    }
}

impl Scope {
    /// The pivot identity, shown first.
    pub const IDENTITY: &'static [Self] =
        &[Self::FamilyName, Self::GivenName, Self::Birthdate, Self::Birthplace, Self::Birthcountry, Self::Gender];
    /// Scopes that may be added to the pivot identity.
    pub const FURTHER: &'static [Self] = &[Self::PreferredUsername, Self::Email];
}

/// Scopes ticked in a draft: known ones without repeats in the order of [`Scope::ALL`], then unknown ones, kept to be
/// shown as an error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = Vec<String>))]
pub struct Scopes(Vec<String>);

impl Scopes {
    /// Most scopes that may be listed where they are read, repeats and unknown ones included: far more than
    /// [`Scope::ALL`] has, few enough to compare each with each.
    pub(crate) const MAX: usize = 64;

    /// Orders values and drops repeats.
    #[must_use]
    pub fn from_wire(values: Vec<String>) -> Self {
        let mut ordered: Vec<String> = Scope::ALL
            .iter()
            .map(|scope| scope.as_str())
            .filter(|known| values.iter().any(|value| value == known))
            .map(str::to_owned)
            .collect();
        for value in values {
            if !ordered.contains(&value) {
                ordered.push(value);
            }
        }
        Self(ordered)
    }

    /// Returns every value, unknown ones last.
    #[must_use]
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }

    /// Returns whether no scope is ticked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the scopes of the list that are ticked, in its order.
    pub fn known(&self) -> impl Iterator<Item = Scope> + '_ {
        self.0.iter().filter_map(|value| Scope::parse(value))
    }

    /// Returns whether a scope is ticked.
    #[must_use]
    pub fn contains(&self, scope: Scope) -> bool {
        self.known().any(|ticked| ticked == scope)
    }

    /// Returns the same scopes, with one value ticked or not.
    #[must_use]
    pub fn with(&self, value: &str, ticked: bool) -> Self {
        let mut values: Vec<String> = self.0.iter().filter(|v| *v != value).cloned().collect();
        if ticked {
            values.push(value.to_owned());
        }
        Self::from_wire(values)
    }

    /// Returns the `scope` parameter that the service will send (OpenID Connect Core 1.0, section 3.1.2.1).
    #[must_use]
    pub fn parameter(&self) -> String {
        std::iter::once("openid").chain(self.known().map(Scope::as_str)).collect::<Vec<_>>().join(" ")
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self::from_wire(scopes.into_iter().map(|scope| scope.as_str().to_owned()).collect())
    }
}

empty_by_default!(Scopes);

impl Readable for Scopes {
    fn target(&mut self) -> Target<'_> {
        Target::List(self)
    }
}

impl List for Scopes {
    fn add(&mut self) -> Option<&mut dyn Readable> {
        if self.0.len() < Self::MAX { self.0.add() } else { None }
    }

    fn end(&mut self) {
        *self = Self::from_wire(std::mem::take(&mut self.0));
    }
}

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_or_null(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_kept_without_repeats_in_the_order_of_the_list() {
        let scopes: Scopes = serde_json::from_str(r#"["email","family_name","phone","email"]"#).unwrap();
        assert_eq!(scopes.as_slice(), ["family_name", "email", "phone"]);
        assert_eq!(scopes.known().collect::<Vec<_>>(), [Scope::FamilyName, Scope::Email]);
    }

    #[test]
    fn a_list_that_is_far_longer_than_the_closed_one_is_refused_while_it_is_read() {
        let read = |count: usize| {
            let values: Vec<String> = (0..count).map(|number| format!("scope-{number}")).collect();
            serde_json::from_str::<Scopes>(&serde_json::to_string(&values).unwrap())
        };
        assert_eq!(read(Scopes::MAX).unwrap().as_slice().len(), Scopes::MAX);
        assert!(read(Scopes::MAX + 1).unwrap_err().to_string().contains("a list is too long"));
        // What follows the last element that there is room for is not even looked at.
        let endless = format!("[{}, nothing of JSON", vec!["\"a\""; Scopes::MAX + 1].join(","));
        assert!(serde_json::from_str::<Scopes>(&endless).unwrap_err().to_string().contains("a list is too long"));
    }

    #[test]
    fn the_scope_parameter_always_begins_with_openid() {
        assert_eq!(Scopes::default().parameter(), "openid");
        let scopes = Scopes::default().with("gender", true).with("family_name", true).with("gender", false);
        assert_eq!(scopes.parameter(), "openid family_name");
    }

    #[test]
    fn identity_and_further_scopes_make_the_whole_list() {
        assert_eq!([Scope::IDENTITY, Scope::FURTHER].concat(), Scope::ALL);
    }
}
