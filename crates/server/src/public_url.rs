//! The address under which people reach this server: its origin, and the `Host` that calls must carry.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use axum::http::Uri;
use axum::http::uri::Authority;
use thiserror::Error;

/// `http` or `https`, a host and perhaps a port: nothing after them, since the page stands at `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    secure: bool,
    /// In lower case, without the scheme's default port.
    authority: String,
    host: String,
}

/// The text is not such an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotAPublicUrl {
    /// Not an address at all.
    #[error("it is not an address such as https://habilitation.example")]
    Unreadable,
    /// Another scheme, or none.
    #[error("it must begin with http:// or https://")]
    Scheme,
    /// More text follows the host.
    #[error("it must end after the host or the port: the page stands at the root of its own host")]
    Path,
    /// A name or a password stands before the host.
    #[error("it must not carry a user name")]
    User,
}

impl PublicUrl {
    /// The address of a server that listens here and that nobody stands before.
    #[must_use]
    pub fn of_listener(listener: SocketAddr) -> Self {
        let host = match listener.ip() {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        };
        let authority = if listener.port() == 80 { host.clone() } else { format!("{host}:{}", listener.port()) };
        Self { secure: false, authority, host }
    }

    /// Returns the value that a browser sends as `Origin` (RFC 6454, section 6.2).
    #[must_use]
    pub fn origin(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}", self.authority)
    }

    /// Returns whether browsers reach it over TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// Returns whether only this machine can reach it. A name other than `localhost` never counts, whatever it resolves to: its
    /// owner may point it anywhere.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let bare = self.host.trim_start_matches('[').trim_end_matches(']');
        self.host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// Returns whether a call with this `Host` (RFC 9110, section 7.2) is meant for this server.
    #[must_use]
    pub fn is_host(&self, host: &str) -> bool {
        let default_port = if self.secure { ":443" } else { ":80" };
        let host = host.to_ascii_lowercase();
        // The port that everybody knows may be named or not; any other is in the authority.
        let named = host.strip_suffix(default_port).filter(|_| self.authority == self.host);
        named.unwrap_or(&host) == self.authority
    }
}

impl FromStr for PublicUrl {
    type Err = NotAPublicUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uri: Uri = text.parse().map_err(|_| NotAPublicUrl::Unreadable)?;
        let secure = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err(NotAPublicUrl::Scheme),
        };
        let authority: &Authority = uri.authority().ok_or(NotAPublicUrl::Unreadable)?;
        if authority.as_str().contains('@') {
            return Err(NotAPublicUrl::User);
        }
        if uri.path() != "/" || uri.query().is_some() || text.contains('#') {
            return Err(NotAPublicUrl::Path);
        }
        let host = authority.host().to_ascii_lowercase();
        if host.is_empty() {
            return Err(NotAPublicUrl::Unreadable);
        }
        let default_port = if secure { 443 } else { 80 };
        let authority = match authority.port_u16().filter(|port| *port != default_port) {
            Some(port) => format!("{host}:{port}"),
            None => host.clone(),
        };
        Ok(Self { secure, authority, host })
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/", self.origin())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> PublicUrl {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_is_read_whatever_its_case_and_default_port() {
        for text in ["https://Habilitation.Example", "https://habilitation.example:443/"] {
            assert_eq!(url(text).origin(), "https://habilitation.example", "{text}");
        }
        assert_eq!(url("http://127.0.0.1:8080").to_string(), "http://127.0.0.1:8080/");
    }

    #[test]
    fn anything_else_is_refused_with_its_reason() {
        for (text, reason) in [
            ("", NotAPublicUrl::Unreadable),
            ("habilitation.example", NotAPublicUrl::Scheme),
            ("ftp://habilitation.example", NotAPublicUrl::Scheme),
            ("https://habilitation.example/page", NotAPublicUrl::Path),
            ("https://habilitation.example/?a", NotAPublicUrl::Path),
            ("https://habilitation.example/#a", NotAPublicUrl::Path),
            ("https://moi@habilitation.example", NotAPublicUrl::User),
            ("https://", NotAPublicUrl::Unreadable),
        ] {
            assert_eq!(text.parse::<PublicUrl>(), Err(reason), "{text}");
        }
    }

    #[test]
    fn only_literal_addresses_and_localhost_are_loopback() {
        for text in ["http://127.0.0.1:8080", "http://127.1.2.3", "http://[::1]:8080", "http://localhost:8080"] {
            assert!(url(text).is_loopback(), "{text}");
        }
        for text in
            ["http://habilitation.example", "http://localhost.example", "http://127.0.0.1.example", "http://10.0.0.1"]
        {
            assert!(!url(text).is_loopback(), "{text}");
        }
    }

    #[test]
    fn the_host_must_be_the_one_of_the_address() {
        let secure = url("https://habilitation.example");
        assert!(secure.is_host("habilitation.example"));
        assert!(secure.is_host("HABILITATION.example:443"));
        assert!(!secure.is_host("habilitation.example:80"));
        assert!(!secure.is_host("other.example"));
        let local = PublicUrl::of_listener("127.0.0.1:8080".parse().unwrap());
        assert!(local.is_host("127.0.0.1:8080"));
        assert!(!local.is_host("127.0.0.1:8080:80"));
        assert!(!local.is_host("127.0.0.1"));
        assert!(!local.is_host("localhost:8080"));
    }

    #[test]
    fn a_listener_without_a_name_is_its_own_address() {
        assert_eq!(PublicUrl::of_listener("[::1]:80".parse().unwrap()).to_string(), "http://[::1]/");
        assert!(PublicUrl::of_listener("[::1]:80".parse().unwrap()).is_loopback());
    }
}
