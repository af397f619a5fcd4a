//! Values of fields, whatever their type.

use crate::choice::{Choice, ClosedList};
use crate::clean;
use crate::document::Document;
use crate::scope::Scopes;
use crate::text::Text;

/// Answer of one field, borrowed from a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Text, as typed.
    Text(&'a str),
    /// Choice in a closed list, by its value on the wire.
    Choice(Option<&'a str>),
    /// Yes, no, or not answered.
    YesNo(Option<bool>),
    /// Box, ticked or not.
    Flag(bool),
    /// Scopes, as ticked.
    Scopes(&'a Scopes),
    /// Files.
    Documents(&'a [Document]),
}

impl Value<'_> {
    /// Returns whether nothing was answered.
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

/// Member of a draft that holds the answer of a field.
pub(crate) trait ValueSlot {
    fn value(&self) -> Value<'_>;
    /// Sets a value of the same kind. A value of another kind is a mistake of the caller, and changes nothing.
    fn set(&mut self, value: Value<'_>);
}

macro_rules! value_slot {
    ($type:ty, $variant:ident, |$held:ident| $read:expr, |$given:ident| $write:expr) => {
        impl ValueSlot for $type {
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

value_slot!(Text, Text, |held| held.as_str(), |given| Self::from(given));
value_slot!(Option<bool>, YesNo, |held| *held, |given| given);
value_slot!(bool, Flag, |held| *held, |given| given);
value_slot!(Scopes, Scopes, |held| held, |given| given.clone());
value_slot!(Vec<Document>, Documents, |held| held.as_slice(), |given| given.to_vec());

impl<T: ClosedList> ValueSlot for Choice<T> {
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
