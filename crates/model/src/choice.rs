//! Answers chosen in a closed list. Unknown ones are kept as they came, so that they can be shown and corrected.

use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::from_json::{Empty, FromText, Readable, Target, read_or_null};

/// Closed and ordered list of values.
pub trait ClosedList: Copy + Eq + 'static {
    /// Every value, in the order in which people see them.
    const ALL: &'static [Self];

    /// Returns the value on the wire.
    fn as_str(self) -> &'static str;

    /// Returns the value that a text names, if the list has it.
    #[must_use]
    fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.as_str() == text)
    }
}

/// Declares a closed list: an enumeration with its wire names.
macro_rules! closed_list {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$value_doc:meta])* $value:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$value_doc])* $value),+ }

        impl $crate::ClosedList for $name {
            const ALL: &'static [Self] = &[$(Self::$value),+];

            fn as_str(self) -> &'static str {
                match self { $(Self::$value => $text),+ }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str($crate::ClosedList::as_str(*self))
            }
        }

        impl $crate::from_json::Empty for $name {
            fn empty() -> Self {
                <Self as $crate::ClosedList>::ALL[0]
            }
        }

        $crate::from_json::from_text!($name);

        impl $crate::from_json::FromText for $name {
            fn take_text(&mut self, text: &str) -> Result<(), &'static str> {
                *self = <Self as $crate::ClosedList>::parse(text).ok_or("unknown value")?;
                Ok(())
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some([$($text),+]))
                    .into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}
    };
}
pub(crate) use closed_list;

/// Answer to a question with one choice: none yet, a value of the list, or a value that the list does not have.
pub struct Choice<T> {
    chosen: Option<String>,
    list: PhantomData<T>,
}

impl<T: ClosedList> Choice<T> {
    /// Returns the value on the wire, known or not; `None` when nothing is chosen.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        self.chosen.as_deref()
    }

    /// Returns the chosen value, if the list has it.
    #[must_use]
    pub fn value(&self) -> Option<T> {
        self.as_str().and_then(T::parse)
    }

    /// Returns whether this value of the list is chosen.
    #[must_use]
    pub fn is(&self, value: T) -> bool {
        self.value() == Some(value)
    }
}

impl<T> Choice<T> {
    /// Makes a choice of a value as it came; an empty one is no choice.
    #[must_use]
    pub fn from_wire(value: Option<&str>) -> Self {
        let chosen = value.filter(|v| !v.is_empty()).map(|v| v.replace('\0', ""));
        Self { chosen, list: PhantomData }
    }
}

impl<T: ClosedList> From<T> for Choice<T> {
    fn from(value: T) -> Self {
        Self::from_wire(Some(value.as_str()))
    }
}

impl<T> Default for Choice<T> {
    fn default() -> Self {
        Self { chosen: None, list: PhantomData }
    }
}

impl<T> Clone for Choice<T> {
    fn clone(&self) -> Self {
        Self { chosen: self.chosen.clone(), list: PhantomData }
    }
}

impl<T> PartialEq for Choice<T> {
    fn eq(&self, other: &Self) -> bool {
        self.chosen == other.chosen
    }
}

impl<T> Eq for Choice<T> {}

impl<T> fmt::Debug for Choice<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.chosen.fmt(f)
    }
}

impl<T> Serialize for Choice<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.chosen.serialize(serializer)
    }
}

impl<T> Empty for Choice<T> {
    fn empty() -> Self {
        Self::default()
    }
}

impl<T> Readable for Choice<T> {
    fn target(&mut self) -> Target<'_> {
        // One piece of code for the choices of every list.
        Target::Text(&mut self.chosen)
    }
}

impl<'de, T> Deserialize<'de> for Choice<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_or_null(deserializer)
    }
}

/// Reads an empty text as no answer.
impl FromText for Option<String> {
    fn take_text(&mut self, text: &str) -> Result<(), &'static str> {
        *self = (!text.is_empty()).then(|| text.to_owned());
        Ok(())
    }
}
