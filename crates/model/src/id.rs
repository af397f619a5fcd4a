//! Identifiers of requests and documents: UUIDs of version 7 (RFC 9562, section 5.7), made by the client.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use thiserror::Error;

use crate::from_json::{self, Empty, FromText, from_text};

/// UUID of version 7, written in lower case with dashes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, format = "uuid"))]
pub struct Id(String);

/// The text is not a UUID of version 7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a UUID of version 7")]
pub struct NotAnId;

impl Id {
    /// Makes an identifier from the time in milliseconds since 1970 (48 bits are kept) and 10 random bytes.
    #[must_use]
    pub fn new(unix_milliseconds: u64, random: [u8; 10]) -> Self {
        let mut bytes = [0_u8; 16];
        bytes[..6].copy_from_slice(&unix_milliseconds.to_be_bytes()[2..]);
        bytes[6..].copy_from_slice(&random);
        bytes[6] = 0x70 | (bytes[6] & 0x0f);
        bytes[8] = 0x80 | (bytes[8] & 0x3f);
        let mut text = String::with_capacity(36);
        for (index, byte) in bytes.into_iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            for half in [byte >> 4, byte & 0x0f] {
                text.push(char::from(b"0123456789abcdef"[usize::from(half)]));
            }
        }
        Self(text)
    }

    /// Reads the dashed form; capitals are taken and lowered.
    ///
    /// # Errors
    /// When the text is not a UUID, or one of another version or variant.
    pub fn parse(text: &str) -> Result<Self, NotAnId> {
        let bytes = text.as_bytes();
        let shape_ok = bytes.len() == 36
            && bytes.iter().enumerate().all(|(index, byte)| match index {
                8 | 13 | 18 | 23 => *byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            });
        if shape_ok && bytes[14] == b'7' && b"89abAB".contains(&bytes[19]) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(NotAnId)
        }
    }

    /// Returns the dashed form in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Empty for Id {
    fn empty() -> Self {
        Self(String::new())
    }
}

from_text!(Id);

impl FromText for Id {
    fn take_text(&mut self, text: &str) -> Result<(), &'static str> {
        *self = Self::parse(text).map_err(|_| "not a UUID of version 7")?;
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_json::read(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_example_of_the_rfc_is_made_again() {
        // RFC 9562, appendix A.6.
        let random = [0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f];
        assert_eq!(Id::new(0x017F_22E2_79B0, random).as_str(), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    }

    #[test]
    fn other_versions_variants_and_shapes_are_refused() {
        for text in [
            "",
            "017f22e2-79b0-4cc3-98c4-dc0c0c07398f",
            "017f22e2-79b0-7cc3-c8c4-dc0c0c07398f",
            "017f22e279b07cc398c4dc0c0c07398f",
            "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}",
            "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
            "../../../../etc/passwd/../../../..00",
        ] {
            assert_eq!(Id::parse(text), Err(NotAnId), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn ids_are_read_back_whatever_their_case_and_order_by_time(a in 0_u64..1 << 48, b in 0_u64..1 << 48, random in any::<[u8; 10]>()) {
            let (first, second) = (Id::new(a, random), Id::new(b, random));
            prop_assert_eq!(Id::parse(&first.as_str().to_uppercase()), Ok(first.clone()));
            prop_assert_eq!(first.cmp(&second), a.cmp(&b));
        }
    }
}
