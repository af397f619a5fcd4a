//! Reading JSON objects, all with one piece of code.
//!
//! What serde derives for reading is code of its own for each struct: in WebAssembly it weighed more than the rules of
//! the form. Here a struct only says which members it has and where their values go, and one visitor does the rest.
//!
//! It is also stricter. A derived struct reads an array as well, member by member: a second shape of the same answers,
//! refused here like any other wrong type. `null` is the same as an absent member, a member that stands twice is refused,
//! and no text from outside holds U+0000, which some databases cannot keep.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};

/// What a value may be, and where it goes.
pub(crate) enum Slot<'a> {
    Flag(&'a mut bool),
    Number(&'a mut dyn FromNumber),
    Text(&'a mut dyn FromText),
    List(&'a mut dyn List),
    Object(&'a mut dyn Object),
}

/// Something that can be read from JSON.
pub(crate) trait Place {
    /// Where the value goes; not asked for where the value is `null`.
    fn slot(&mut self) -> Slot<'_>;
}

/// Something that a number can be.
pub(crate) trait FromNumber {
    /// Takes the number, or says why it cannot.
    fn take_number(&mut self, number: u64) -> Result<(), &'static str>;
}

/// Something that a text can be.
pub(crate) trait FromText {
    /// Takes the text, or says why it cannot.
    fn take_text(&mut self, text: &str) -> Result<(), &'static str>;
}

/// Most elements that a list holds, unless it says otherwise: what is longer is refused before it is read to its end.
pub(crate) const LIST_MAX: usize = 1_000;

/// Something that an array can be.
pub(crate) trait List {
    /// Adds an element that is about to be read; none where there are as many as there may be.
    fn add(&mut self) -> Option<&mut dyn Place>;

    /// Every element was read.
    fn end(&mut self) {}
}

/// Something that an object can be.
pub(crate) trait Object {
    /// Which members it has.
    fn shape(&self) -> &'static Shape;

    /// Its member at this place among the [names](Shape::names).
    fn member(&mut self, place: usize) -> Option<&mut dyn Place>;
}

/// The members of an object.
pub(crate) struct Shape {
    /// Their names, at most 32: those that it needs, then those that may be absent.
    pub(crate) names: &'static [&'static str],
    /// How many it needs.
    pub(crate) needed: usize,
    /// Whether it may have members of other names, which are left out.
    pub(crate) open: bool,
}

/// What a place holds before it is read. It is never seen: reading fails where something needed is missing.
pub(crate) trait Blank {
    fn blank() -> Self;
}

/// Makes structs readable from JSON objects.
///
/// `closed` objects refuse members of other names, `open` ones leave them out. Members between `{}` are needed; those
/// between `[]` may be absent. An object that needs nothing begins as its default.
///
/// The structs keep the attributes of serde that say the same: the description of the API is made from those.
macro_rules! objects {
    ($($name:ident $others:ident [$($member:ident $(= $key:literal)?),+ $(,)?];)+) => { $(
        impl $crate::object::Blank for $name {
            fn blank() -> Self {
                Self::default()
            }
        }

        $crate::object::objects!(@members $name $others [] [$($member $(= $key)?,)+]);
    )+ };
    ($($name:ident $others:ident {$($needed:ident $(= $key:literal)?),+ $(,)?} $([$($member:ident),+ $(,)?])?;)+) => { $(
        impl $crate::object::Blank for $name {
            fn blank() -> Self {
                use $crate::object::Blank;
                Self { $($needed: Blank::blank(),)+ $($($member: Blank::blank(),)+)? }
            }
        }

        $crate::object::objects!(@members $name $others [$($needed $(= $key)?,)+] [$($($member,)+)?]);
    )+ };
    (@members $name:ident $others:ident [$($needed:ident $(= $needed_key:literal)?,)*] [$($member:ident $(= $key:literal)?,)*]) => {
        impl $crate::object::Object for $name {
            fn shape(&self) -> &'static $crate::object::Shape {
                const NEEDED: &[&str] = &[$($crate::object::objects!(@name $needed $($needed_key)?),)*];
                const SHAPE: $crate::object::Shape = $crate::object::Shape {
                    names: &[
                        $($crate::object::objects!(@name $needed $($needed_key)?),)*
                        $($crate::object::objects!(@name $member $($key)?),)*
                    ],
                    needed: NEEDED.len(),
                    open: $crate::object::objects!(@$others),
                };
                &SHAPE
            }

            fn member(&mut self, place: usize) -> Option<&mut dyn $crate::object::Place> {
                let Self { $($needed,)* $($member,)* } = self;
                let mut before = 0..;
                $(if before.next() == Some(place) { return Some($needed); })*
                $(if before.next() == Some(place) { return Some($member); })*
                None
            }
        }

        impl $crate::object::Place for $name {
            fn slot(&mut self) -> $crate::object::Slot<'_> {
                $crate::object::Slot::Object(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::object::read(deserializer)
            }
        }
    };
    (@name $member:ident) => { stringify!($member) };
    (@name $member:ident $key:literal) => { $key };
    (@open) => { true };
    (@closed) => { false };
}
pub(crate) use objects;

/// Reads a value; `null` is none.
pub(crate) fn read<'de, T: Place + Blank, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut value = T::blank();
    deserializer.deserialize_any(Reader { place: &mut value, needed: true })?;
    Ok(value)
}

/// Reads a value that may be `null`.
pub(crate) fn read_or_null<'de, T: Place + Default, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut value = T::default();
    deserializer.deserialize_any(Reader { place: &mut value, needed: false })?;
    Ok(value)
}

/// Reads one value into its place.
struct Reader<'a> {
    place: &'a mut dyn Place,
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
        match self.place.slot() {
            Slot::Flag(place) => {
                *place = flag;
                Ok(())
            }
            _ => Err(E::invalid_type(Unexpected::Bool(flag), &self)),
        }
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        match self.place.slot() {
            Slot::Number(place) => place.take_number(number).map_err(E::custom),
            _ => Err(E::invalid_type(Unexpected::Unsigned(number), &self)),
        }
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        match self.place.slot() {
            Slot::Number(_) => Err(E::custom("a number must not be negative")),
            _ => Err(E::invalid_type(Unexpected::Signed(number), &self)),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        match self.place.slot() {
            Slot::Text(_) if text.contains('\0') => Err(E::custom("text must not hold U+0000")),
            Slot::Text(place) => place.take_text(text).map_err(E::custom),
            // What was typed is not repeated in an error.
            _ => Err(E::invalid_type(Unexpected::Other("text"), &self)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let Slot::List(list) = self.place.slot() else { return Err(A::Error::invalid_type(Unexpected::Seq, &self)) };
        while elements.next_element_seed(Element { list: &mut *list })?.is_some() {}
        list.end();
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let Slot::Object(object) = self.place.slot() else {
            return Err(A::Error::invalid_type(Unexpected::Map, &self));
        };
        let shape = object.shape();
        let mut seen = 0_u32;
        while let Some(place) = members.next_key_seed(Name { shape })? {
            let Some((place, member)) = place.and_then(|place| Some((place, object.member(place)?))) else {
                members.next_value::<IgnoredAny>()?;
                continue;
            };
            if seen & (1 << place) != 0 {
                return Err(A::Error::duplicate_field(shape.names[place]));
            }
            seen |= 1 << place;
            members.next_value_seed(Reader { place: member, needed: place < shape.needed })?;
        }
        match (0..shape.needed).find(|place| seen & (1 << place) == 0) {
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
        let place = self.list.add().ok_or_else(|| D::Error::custom("a list is too long"))?;
        deserializer.deserialize_any(Reader { place, needed: true })
    }
}

/// Reads the name of a member: its place, or none where it is left out.
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
        let place = self.shape.names.iter().position(|known| *known == name);
        if place.is_none() && !self.shape.open { Err(E::unknown_field(name, self.shape.names)) } else { Ok(place) }
    }
}

impl<T: Place + Blank> Place for Option<T> {
    fn slot(&mut self) -> Slot<'_> {
        self.get_or_insert_with(T::blank).slot()
    }
}

impl<T: Place + Blank> Place for Vec<T> {
    fn slot(&mut self) -> Slot<'_> {
        Slot::List(self)
    }
}

impl<T: Place + Blank> List for Vec<T> {
    fn add(&mut self) -> Option<&mut dyn Place> {
        (self.len() < LIST_MAX).then(|| self.push_mut(T::blank()) as &mut dyn Place)
    }
}

impl Place for bool {
    fn slot(&mut self) -> Slot<'_> {
        Slot::Flag(self)
    }
}

macro_rules! numbers {
    ($($name:ty),+) => { $(
        impl Place for $name {
            fn slot(&mut self) -> Slot<'_> {
                Slot::Number(self)
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
numbers!(u16, u32, u64);

/// Makes types that take a text readable.
macro_rules! texts {
    ($($name:ty),+) => { $(
        impl $crate::object::Place for $name {
            fn slot(&mut self) -> $crate::object::Slot<'_> {
                $crate::object::Slot::Text(self)
            }
        }
    )+ };
}
pub(crate) use texts;
texts!(String, Cow<'static, str>);

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

/// What already has a blank of its own.
macro_rules! blank_by_default {
    ($($name:ty $(where $param:ident)?),+ $(,)?) => { $(
        impl $(<$param>)? $crate::object::Blank for $name {
            fn blank() -> Self {
                Self::default()
            }
        }
    )+ };
}
pub(crate) use blank_by_default;
blank_by_default!(bool, u16, u32, u64, String, Cow<'static, str>, Option<T> where T, Vec<T> where T);
