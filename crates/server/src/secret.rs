//! Unguessable texts, each of which proves something by being shown: a session, the code of a grant, the verifier of a portal.
//!
//! The SHA-256 of a secret is stored, never the secret, so that a copy of the database opens nothing.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

use crate::random::{Random, RandomUnavailable};

/// 256 bits in base64url without padding.
pub(crate) struct Secret(String);

impl Secret {
    /// Draws a new secret.
    ///
    /// # Errors
    /// When the source of random bytes is out of order.
    pub(crate) fn draw(random: &dyn Random) -> Result<Self, RandomUnavailable> {
        let mut bytes = [0; 32];
        random.fill(&mut bytes)?;
        Ok(Self(BASE64URL_NOPAD.encode(&bytes)))
    }

    /// Writes 256 bits that follow from a secret.
    pub(crate) fn of(bits: &[u8; 32]) -> Self {
        Self(BASE64URL_NOPAD.encode(bits))
    }

    /// Reads a secret that somebody else drew.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        bits(text).map(|_| Self(text.to_owned()))
    }

    /// Returns the SHA-256 of the characters, as `S256` of RFC 7636 makes it: the key under which the secret is stored.
    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// Returns whether a text is this secret. How long that takes tells nothing of it: hashes are compared.
    pub(crate) fn is(&self, text: &str) -> bool {
        let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        self.hash().iter().zip(digest).fold(0, |differences, (one, other)| differences | (one ^ other)) == 0
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

// What holds a secret may be printed; secrets are not.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Decodes 256 bits from base64url without padding.
pub(crate) fn bits(text: &str) -> Option<[u8; 32]> {
    BASE64URL_NOPAD.decode(text.as_bytes()).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Zeros;

    impl Random for Zeros {
        fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomUnavailable> {
            buffer.fill(0);
            Ok(())
        }
    }

    #[test]
    fn a_secret_has_256_bits() {
        let secret = Secret::draw(&Zeros).unwrap();
        assert_eq!(bits(secret.as_str()), Some([0; 32]));
        for text in ["", "abc", &"A".repeat(42), &"A".repeat(44), &"=".repeat(43), &"é".repeat(22)] {
            assert!(Secret::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn the_hash_is_the_challenge_of_rfc_7636_appendix_b() {
        let verifier = Secret::parse("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").unwrap();
        assert_eq!(bits("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), Some(verifier.hash()));
    }
}
