//! Addresses of pages on the web.

use serde::Serialize;
use thiserror::Error;

/// Longest address, in characters.
pub const MAX: u64 = 2_000;
/// Shown in messages.
pub const EXAMPLE: &str = "https://www.organisme.example/texte";

/// An `http` or `https` address with a host. It is shown as a link, never fetched.
///
/// Ports, queries, fragments and accents (RFC 3987) are fine. A host without a dot needs a port, so that
/// a word is not taken for an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct WebAddress(String);

/// The text is not a web address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a web address")]
pub struct NotAWebAddress;

impl WebAddress {
    /// # Errors
    /// When the text breaks the rule.
    pub fn parse(text: &str) -> Result<Self, NotAWebAddress> {
        let (scheme, rest) = text.split_once("://").ok_or(NotAWebAddress)?;
        let scheme_ok = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host_and_port = authority.rsplit('@').next().unwrap_or_default();
        let no_space = !text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"\\".contains(c));
        if scheme_ok && no_space && host_ok(host_and_port) && text.chars().count() as u64 <= MAX {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAWebAddress)
        }
    }

    /// As written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `host`, `host:port` or `[IPv6]:port`, with a dot in the host or a port.
fn host_ok(host_and_port: &str) -> bool {
    let colon = if host_and_port.starts_with('[') {
        host_and_port.find(']').map(|end| end + 1).filter(|&end| host_and_port[end..].starts_with(':'))
    } else {
        host_and_port.find(':')
    };
    let (host, port) = match colon {
        Some(at) => (&host_and_port[..at], Some(&host_and_port[at + 1..])),
        None => (host_and_port, None),
    };
    let without_root = host.strip_suffix('.').unwrap_or(host);
    let port_ok = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|n| n > 0) && !port.starts_with('+'));
    let name_ok = match host.strip_prefix('[') {
        Some(inside) => inside.strip_suffix(']').is_some_and(ipv6_ok),
        None => without_root.split('.').all(label_ok),
    };
    port_ok && name_ok && (port.is_some() || without_root.contains('.'))
}

/// Loosely as RFC 4291, section 2.2, writes them: the standard library's parser would weigh 1 KB in the page, for an
/// address that is shown and never followed by us.
fn ipv6_ok(address: &str) -> bool {
    let groups = address.split(':');
    let group_ok = |group: &str| group.len() <= 4 && group.bytes().all(|b| b.is_ascii_hexdigit());
    (3..=8).contains(&groups.clone().count()) && groups.clone().all(group_ok) && groups.clone().any(|g| !g.is_empty())
}

fn label_ok(label: &str) -> bool {
    !label.is_empty()
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_of_the_web_are_read() {
        for text in [
            EXAMPLE,
            "http://organisme.example",
            "HTTPS://ORGANISME.EXAMPLE/",
            "https://www.legifrance.gouv.fr/loda/id/JORFTEXT000037611479",
            "https://organisme.example:8443/a?b=c&d=é#haut",
            "https://préfecture.example/arrêté n°1".replace(' ', "-").as_str(),
            "http://localhost:8080/texte",
            "http://192.0.2.1/",
            "http://[2001:db8::1]:8080/",
            "https://nom@organisme.example/",
        ] {
            assert!(WebAddress::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "www.organisme.example",
            "ftp://organisme.example",
            "javascript:alert(1)",
            "javascript://organisme.example/%0aalert(1)",
            "data:text/html,x",
            "https://",
            "https:///texte",
            "https://intranet/texte",
            "https://organisme example/",
            "https://.example",
            "https://a..example/",
            "https://-a.example/",
            "https://organisme.example:0/",
            "https://organisme.example:99999/",
            "https://organisme.example:/",
            "https://organisme.example/a b",
            "https://[2001:db8::1]/",
            "https://[zz]:80/",
            "mailto:a@b.example",
            "https://?a.b",
            "https://a.example\\@b.example/",
        ] {
            assert!(WebAddress::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_address_holds_2000_characters_at_most() {
        let of_length = |n: usize| format!("https://a.example/{}", "é".repeat(n - 18));
        assert!(WebAddress::parse(&of_length(2_000)).is_ok());
        assert!(WebAddress::parse(&of_length(2_001)).is_err());
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in any::<String>()) {
            let _ = WebAddress::parse(&text);
            let _ = WebAddress::parse(&format!("https://{text}"));
        }

        #[test]
        fn only_http_and_https_are_ever_read(scheme in "[a-z]{1,10}") {
            let read = WebAddress::parse(&format!("{scheme}://a.example/")).is_ok();
            prop_assert_eq!(read, scheme == "http" || scheme == "https");
        }
    }
}
