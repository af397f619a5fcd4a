//! Names of files among the documents. They tell nothing of a document, nor of a person.

use std::fmt;

use data_encoding::HEXLOWER;

use crate::random::{Random, RandomUnavailable};

/// Name of a file among the documents: 32 hexadecimal digits, drawn at random.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FileName(String);

impl FileName {
    /// Draws a name that nothing has.
    ///
    /// # Errors
    /// When the source of random bytes is out of order.
    pub(crate) fn draw(random: &dyn Random) -> Result<Self, RandomUnavailable> {
        let mut bytes = [0; 16];
        random.fill(&mut bytes)?;
        Ok(Self(HEXLOWER.encode(&bytes)))
    }

    /// Reads a name; a text that could lead out of the folder is none.
    #[must_use]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (text.len() == 32 && text.bytes().all(hexadecimal)).then(|| Self(text.to_owned()))
    }

    /// Returns the digits.
    #[must_use]
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_leads_elsewhere_is_a_name() {
        for text in ["", "..", "../0123456789abcdef0123456789abc", "0123456789ABCDEF0123456789ABCDEF"] {
            assert_eq!(FileName::parse(text), None, "{text}");
        }
        assert!(FileName::parse("0123456789abcdef0123456789abcdef").is_some());
    }
}
