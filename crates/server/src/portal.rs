//! Portals: the sites that may show the form within their own pages, each named by its origin.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::public_url::{NotAPublicUrl, PublicUrl};

/// The origin of a portal's pages, as browsers send it (RFC 6454, section 6.2).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Portal(String);

/// The text is not the origin of a portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotAPortal {
    /// Not `scheme://host` or `scheme://host:port`.
    #[error("it is not an origin such as https://portail.example")]
    Unreadable,
    /// Another scheme, or none.
    #[error("it must begin with https://, or with http:// on this machine")]
    Scheme,
    /// More text follows the host, be it a slash.
    #[error("it must end after the host or the port, without a slash: an origin has no path")]
    Path,
    /// A name or a password stands before the host.
    #[error("it must not carry a user name")]
    User,
    /// Anybody on the way could change what the portal sends.
    #[error("it must begin with https:// unless it is an address of this machine alone")]
    Insecure,
}

impl From<NotAPublicUrl> for NotAPortal {
    fn from(error: NotAPublicUrl) -> Self {
        match error {
            NotAPublicUrl::Unreadable => Self::Unreadable,
            NotAPublicUrl::Scheme => Self::Scheme,
            NotAPublicUrl::Path => Self::Path,
            NotAPublicUrl::User => Self::User,
        }
    }
}

impl Portal {
    /// Returns the value that a browser sends as `Origin`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The one of these whose origin this is.
    pub(crate) fn among<'a>(portals: &'a [Self], origin: &[u8]) -> Option<&'a Self> {
        portals.iter().find(|portal| portal.0.as_bytes() == origin)
    }
}

impl FromStr for Portal {
    type Err = NotAPortal;

    fn from_str(text: &str) -> Result<Self, NotAPortal> {
        let url: PublicUrl = text.parse()?;
        let (_, after) = text.split_once("://").ok_or(NotAPortal::Scheme)?;
        if after.contains('/') {
            return Err(NotAPortal::Path);
        }
        // Wildcards and the like can stand in an address, but no browser ever sends them.
        if !after.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte)) {
            return Err(NotAPortal::Unreadable);
        }
        if !url.is_secure() && !url.is_loopback() {
            return Err(NotAPortal::Insecure);
        }
        Ok(Self(url.origin()))
    }
}

impl fmt::Display for Portal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_read_as_browsers_write_it() {
        for (text, origin) in [
            ("https://portail.example", "https://portail.example"),
            ("https://Portail.Example:443", "https://portail.example"),
            ("https://portail.example:8443", "https://portail.example:8443"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://[::1]:3000", "http://[::1]:3000"),
        ] {
            assert_eq!(text.parse::<Portal>().unwrap().as_str(), origin, "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_its_reason() {
        for (text, reason) in [
            ("", NotAPortal::Unreadable),
            ("*", NotAPortal::Scheme),
            ("null", NotAPortal::Scheme),
            ("portail.example", NotAPortal::Scheme),
            ("ftp://portail.example", NotAPortal::Scheme),
            ("https://*.example", NotAPortal::Unreadable),
            ("https://portail.example,https://autre.example", NotAPortal::Path),
            ("https://portail.example/", NotAPortal::Path),
            ("https://portail.example/page", NotAPortal::Path),
            ("https://portail.example?a", NotAPortal::Path),
            ("https://portail.example#a", NotAPortal::Path),
            ("https://moi@portail.example", NotAPortal::User),
            ("https://", NotAPortal::Unreadable),
            ("http://portail.example", NotAPortal::Insecure),
        ] {
            assert_eq!(text.parse::<Portal>(), Err(reason), "{text}");
        }
    }
}
