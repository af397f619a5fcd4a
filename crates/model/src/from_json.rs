//! Reader of JSON, with one piece of code for every type.
//!
//! A reader that serde derives is separate code for each struct: in WebAssembly these weighed more than the rules of
//! the form. Here a struct only tells its members and where their values go, by `#[derive(FromJson)]`, and one visitor
//! does the rest.
//!
//! This reader is also stricter. A derived one accepts an array for a struct, member by member; here that is a wrong
//! type. `null` is the same as an absent member, a repeated member is refused, and no text from outside holds U+0000,
//! which some databases cannot keep.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};

/// Target of a value in JSON, by the type that it is read from.
pub(crate) enum Target<'a> {
    Flag(&'a mut bool),
    Number(&'a mut dyn FromNumber),
    Text(&'a mut dyn FromText),
    List(&'a mut dyn List),
    Object(&'a mut dyn Object),
}

/// Value that can be read from JSON.
pub(crate) trait Readable {
    /// Returns the target of the JSON value. Not called for `null`.
    fn target(&mut self) -> Target<'_>;
}

/// A value that is read from a number.
pub(crate) trait FromNumber {
    /// Sets the number, or tells why it cannot.
    fn take_number(&mut self, number: u64) -> Result<(), &'static str>;
}

/// A value that is read from a text.
pub(crate) trait FromText {
    /// Sets the text, or tells why it cannot.
    fn take_text(&mut self, text: &str) -> Result<(), &'static str>;
}

/// Most elements of a list that sets no limit of its own. A longer one is refused before it is read to its end.
pub(crate) const LIST_MAX: usize = 1_000;

/// A value that is read from an array.
pub(crate) trait List {
    /// Adds an element that is about to be read; none once the list is full.
    fn add(&mut self) -> Option<&mut dyn Readable>;

    /// Completes the list, once every element is read.
    fn end(&mut self) {}
}

/// A value that is read from an object.
pub(crate) trait Object {
    /// Returns the members that the object has.
    fn shape(&self) -> &'static Shape;

    /// Returns the member at an index of [`Shape::names`].
    fn member(&mut self, index: usize) -> Option<&mut dyn Readable>;
}

/// The members of an object.
pub(crate) struct Shape {
    /// Names of the members, at most 32: needed ones first, then those that may be absent.
    pub(crate) names: &'static [&'static str],
    /// Number of needed members.
    pub(crate) needed: usize,
    /// Set where members of other names are skipped, and not refused.
    pub(crate) open: bool,
}

/// Value before it is read. Callers never see one: reading fails when a needed member is missing.
pub(crate) trait Empty {
    fn empty() -> Self;
}

/// Reads a value; `null` is refused.
pub(crate) fn read<'de, T: Readable + Empty, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut value = T::empty();
    deserializer.deserialize_any(Reader { value: &mut value, needed: true })?;
    Ok(value)
}

/// Reads a value that may be `null`.
pub(crate) fn read_or_null<'de, T: Readable + Default, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut value = T::default();
    deserializer.deserialize_any(Reader { value: &mut value, needed: false })?;
    Ok(value)
}

/// Sets one value from its JSON.
struct Reader<'a> {
    value: &'a mut dyn Readable,
    needed: bool,
}

impl<'de> serde::de::DeserializeSeed<'de> for Reader<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value of another type")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        if self.needed { Err(E::invalid_type(Unexpected::Unit, &self)) } else { Ok(()) }
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<(), E> {
        match self.value.target() {
            Target::Flag(value) => {
                *value = flag;
                Ok(())
            }
            _ => Err(E::invalid_type(Unexpected::Bool(flag), &self)),
        }
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        match self.value.target() {
            Target::Number(value) => value.take_number(number).map_err(E::custom),
            _ => Err(E::invalid_type(Unexpected::Unsigned(number), &self)),
        }
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        match self.value.target() {
            Target::Number(_) => Err(E::custom("a number must not be negative")),
            _ => Err(E::invalid_type(Unexpected::Signed(number), &self)),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        match self.value.target() {
            Target::Text(_) if text.contains('\0') => Err(E::custom("text must not hold U+0000")),
            Target::Text(value) => value.take_text(text).map_err(E::custom),
            // The error must not repeat what was typed.
            _ => Err(E::invalid_type(Unexpected::Other("text"), &self)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let Target::List(list) = self.value.target() else {
            return Err(A::Error::invalid_type(Unexpected::Seq, &self));
        };
        while elements.next_element_seed(Element { list: &mut *list })?.is_some() {}
        list.end();
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let Target::Object(object) = self.value.target() else {
            return Err(A::Error::invalid_type(Unexpected::Map, &self));
        };
        let shape = object.shape();
        let mut seen = 0_u32;
        while let Some(index) = members.next_key_seed(Name { shape })? {
            let Some((index, value)) = index.and_then(|index| Some((index, object.member(index)?))) else {
                members.next_value::<IgnoredAny>()?;
                continue;
            };
            if seen & (1 << index) != 0 {
                return Err(A::Error::duplicate_field(shape.names[index]));
            }
            seen |= 1 << index;
            members.next_value_seed(Reader { value, needed: index < shape.needed })?;
        }
        match (0..shape.needed).find(|index| seen & (1 << index) == 0) {
            Some(missing) => Err(A::Error::missing_field(shape.names[missing])),
            None => Ok(()),
        }
    }
}

/// Reads one element of a list.
struct Element<'a> {
    list: &'a mut dyn List,
}

impl<'de> serde::de::DeserializeSeed<'de> for Element<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let value = self.list.add().ok_or_else(|| D::Error::custom("a list is too long"))?;
        deserializer.deserialize_any(Reader { value, needed: true })
    }
}

/// Reads the name of a member: its index in [`Shape::names`], or none when the member is skipped.
struct Name {
    shape: &'static Shape,
}

impl<'de> serde::de::DeserializeSeed<'de> for Name {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name {
    type Value = Option<usize>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Option<usize>, E> {
        let index = self.shape.names.iter().position(|known| *known == name);
        if index.is_none() && !self.shape.open { Err(E::unknown_field(name, self.shape.names)) } else { Ok(index) }
    }
}

impl<T: Readable + Empty> Readable for Option<T> {
    fn target(&mut self) -> Target<'_> {
        self.get_or_insert_with(T::empty).target()
    }
}

impl<T: Readable + Empty> Readable for Vec<T> {
    fn target(&mut self) -> Target<'_> {
        Target::List(self)
    }
}

impl<T: Readable + Empty> List for Vec<T> {
    fn add(&mut self) -> Option<&mut dyn Readable> {
        (self.len() < LIST_MAX).then(|| self.push_mut(T::empty()) as &mut dyn Readable)
    }
}

impl Readable for bool {
    fn target(&mut self) -> Target<'_> {
        Target::Flag(self)
    }
}

macro_rules! from_number {
    ($($name:ty),+) => { $(
        impl Readable for $name {
            fn target(&mut self) -> Target<'_> {
                Target::Number(self)
            }
        }

        impl FromNumber for $name {
            fn take_number(&mut self, number: u64) -> Result<(), &'static str> {
                *self = Self::try_from(number).map_err(|_| "too large a number")?;
                Ok(())
            }
        }
    )+ };
}
from_number!(u16, u32, u64);

/// Makes types that implement [`FromText`] readable.
macro_rules! from_text {
    ($($name:ty),+) => { $(
        impl $crate::from_json::Readable for $name {
            fn target(&mut self) -> $crate::from_json::Target<'_> {
                $crate::from_json::Target::Text(self)
            }
        }
    )+ };
}
pub(crate) use from_text;
from_text!(String, Cow<'static, str>);

impl FromText for String {
    fn take_text(&mut self, text: &str) -> Result<(), &'static str> {
        text.clone_into(self);
        Ok(())
    }
}

impl FromText for Cow<'static, str> {
    fn take_text(&mut self, text: &str) -> Result<(), &'static str> {
        *self = Cow::Owned(text.to_owned());
        Ok(())
    }
}

/// Implements [`Empty`] by the default of the type.
macro_rules! empty_by_default {
    ($($name:ty $(where $param:ident)?),+ $(,)?) => { $(
        impl $(<$param>)? $crate::from_json::Empty for $name {
            fn empty() -> Self {
                Self::default()
            }
        }
    )+ };
}
pub(crate) use empty_by_default;
empty_by_default!(bool, u16, u32, u64, String, Cow<'static, str>, Option<T> where T, Vec<T> where T);
