//! Reads JSON with the parser that every browser has: one of our own would be sent along with the page.
//!
//! Errors tell no reason: the server explains its own refusals, and the page only reads what the model or a server wrote.

use std::fmt;

use js_sys::{Array, JSON, Object};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use thiserror::Error;
use wasm_bindgen::{JsCast, JsValue};

use crate::model::schema::Json;

/// Reads a value from its JSON; none where the JSON is not that of such a value.
#[must_use]
pub fn read<T: DeserializeOwned>(json: &str) -> Option<T> {
    // Outside of a browser there is no other parser.
    if cfg!(not(target_arch = "wasm32")) {
        return serde_json::from_str(json).ok();
    }
    T::deserialize(Parsed(JSON::parse(json).ok()?)).ok()
}

/// JSON text, which the model reads with the browser's parser.
pub struct JsonText<'a>(pub &'a str);

impl Json for JsonText<'_> {
    fn length(&self) -> usize {
        self.0.len()
    }

    fn read<T: DeserializeOwned>(&self) -> Option<T> {
        read(self.0)
    }
}

/// Error of JSON that is not that of the value.
#[derive(Clone, Copy, Debug, Error)]
#[error("not understood")]
struct NotUnderstood;

impl Error for NotUnderstood {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// A value as the browser parsed it.
struct Parsed(JsValue);

impl<'de> Deserializer<'de> for Parsed {
    type Error = NotUnderstood;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotUnderstood> {
        let Self(value) = self;
        if value.is_null() {
            visitor.visit_unit()
        } else if let Some(flag) = value.as_bool() {
            visitor.visit_bool(flag)
        } else if let Some(text) = value.as_string() {
            visitor.visit_str(&text)
        } else if let Some(number) = value.as_f64() {
            whole(number).map_or(Err(NotUnderstood), |whole| visitor.visit_u64(whole))
        } else if let Some(elements) = value.dyn_ref::<Array>() {
            visitor.visit_seq(Elements { elements, next: 0 })
        } else {
            visitor.visit_map(Members { members: Object::entries(value.unchecked_ref()), next: 0 })
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotUnderstood> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier
    }
}

/// Every number that we exchange is a whole one, and less than 2^53.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is whole and in range")]
fn whole(number: f64) -> Option<u64> {
    let in_range = (0.0..=js_sys::Number::MAX_SAFE_INTEGER).contains(&number);
    (in_range && number.trunc() == number).then_some(number as u64)
}

struct Elements<'a> {
    elements: &'a Array,
    next: u32,
}

impl<'de> SeqAccess<'de> for Elements<'_> {
    type Error = NotUnderstood;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, NotUnderstood> {
        if self.next == self.elements.length() {
            return Ok(None);
        }
        let element = self.elements.get(self.next);
        self.next += 1;
        seed.deserialize(Parsed(element)).map(Some)
    }
}

struct Members {
    /// Pairs of a name and a value.
    members: Array,
    next: u32,
}

impl Members {
    fn part(&self, part: u32) -> Parsed {
        Parsed(self.members.get(self.next).unchecked_into::<Array>().get(part))
    }
}

impl<'de> MapAccess<'de> for Members {
    type Error = NotUnderstood;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, NotUnderstood> {
        if self.next == self.members.length() {
            return Ok(None);
        }
        seed.deserialize(self.part(0)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, NotUnderstood> {
        let value = self.part(1);
        self.next += 1;
        seed.deserialize(value)
    }
}
