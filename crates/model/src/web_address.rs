//! Addresses of pages on the web.

use serde::Serialize;
use thiserror::Error;

use crate::domain::is_label;
use crate::lenient::{strip_prefix_ignoring_case, unbracketed, visible_text};

/// Longest address, in characters.
pub const MAX: u64 = 2_000;
/// Schemes of other addresses, which could be read as a host before a port.
const SCHEMES: [&str; 10] = ["http", "https", "javascript", "data", "mailto", "tel", "sms", "urn", "file", "ftp"];
/// Example for messages.
pub const EXAMPLE: &str = "https://www.organisme.example/texte";

/// Address of `http` or `https` with a host. It is shown as a link, never fetched.
///
/// Ports, queries, fragments and accents (RFC 3987) are accepted. A host without a dot needs a port, so that a word is
/// not taken for an address. A user or a password is refused, since it would be published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct WebAddress(String);

/// The text is not a web address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a web address")]
pub struct NotAWebAddress;

impl WebAddress {
    /// Reads an address. Without a scheme it is one of `https`; invisible characters and `<…>` around it are dropped.
    ///
    /// # Errors
    /// When the text breaks the rule.
    pub fn parse(text: &str) -> Result<Self, NotAWebAddress> {
        let text = complete(text);
        let (scheme, rest) = text.split_once(':').ok_or(NotAWebAddress)?;
        let rest = rest.strip_prefix("//").ok_or(NotAWebAddress)?;
        let scheme_ok = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let no_space =
            !text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '\\'));
        if scheme_ok && no_space && host_ok(authority) && text.chars().count() as u64 <= MAX {
            Ok(Self(text))
        } else {
            Err(NotAWebAddress)
        }
    }

    /// Returns the address as written, with `https` where there was no scheme.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns the address with its scheme, right or wrong.
pub(crate) fn complete(text: &str) -> String {
    let text = visible_text(text);
    let text = unbracketed(&text);
    if is_without_scheme(text) { ["https://", text].concat() } else { text.to_owned() }
}

/// Returns whether a text begins with a host, not with a scheme (RFC 3986, section 3.1). A reference such as `art.5` has none.
fn is_without_scheme(text: &str) -> bool {
    let authority = text.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.split(':').next().unwrap_or_default();
    let has_digits = |label: &str| label.bytes().any(|b| b.is_ascii_digit());
    let is_top =
        |label: &str| label.len() > 1 && (!has_digits(label) || strip_prefix_ignoring_case("xn--", label).is_some());
    let has_top = host.strip_suffix('.').unwrap_or(host).rsplit_once('.').is_some_and(|(_, top)| is_top(top));
    let is_ipv4 = host.split('.').count() == 4 && host.split('.').all(has_digits);
    let is_scheme = text[host.len()..].starts_with("://") || SCHEMES.iter().any(|name| host.eq_ignore_ascii_case(name));
    has_top || is_ipv4 || (authority.len() > host.len() && !is_scheme)
}

/// Returns whether a text is `host`, `host:port` or `[IPv6]:port`, with a dot in the host or a port.
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
    // Some hosts bear a low line, against the rules.
    let label_ok = |label: &str| is_label(&label.replace('_', "a"));
    let name_ok = match host.strip_prefix('[') {
        Some(inside) => inside.strip_suffix(']').is_some_and(ipv6_ok),
        None => without_root.split('.').all(label_ok),
    };
    port_ok && name_ok && (port.is_some() || without_root.as_bytes().contains(&b'.'))
}

/// Returns whether a text looks like an IPv6 address (RFC 4291, section 2.2). The standard library's parser would weigh
/// 1 KB in the page, for an address that is shown and never followed.
fn ipv6_ok(address: &str) -> bool {
    let groups = address.split(':');
    let group_ok = |group: &str| group.len() <= 4 && group.bytes().all(|b| b.is_ascii_hexdigit());
    (3..=8).contains(&groups.clone().count()) && groups.clone().all(group_ok) && groups.clone().any(|g| !g.is_empty())
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
            "https://organisme.example/@nom?a=b@c",
        ] {
            assert!(WebAddress::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "https://nom@organisme.example/",
            "https://nom:secret@organisme.example/",
            "https://@organisme.example/",
            "nom:secret@organisme.example/",
            "nom@organisme.example",
            "organisme",
            "//organisme.example",
            "organisme/texte.pdf",
            "art.5",
            "L.111-1",
            "2018.11.08",
            "1.5",
            "3.1415",
            "a.b",
            "https:organisme.example",
            "https:8080",
            "http/organisme.example",
            "https://https://organisme.example",
            "organisme.example://texte",
            "javascript:1",
            "tel:3639",
            ":8080",
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
    fn an_address_without_a_scheme_is_one_of_https() {
        for text in [
            "www.legifrance.gouv.fr/loda/id/JORFTEXT000037611479",
            "organisme.example",
            "ORGANISME.EXAMPLE./a",
            "organisme.example?u=http://a.example",
            "organisme.example#a://b",
            "organisme.example:8443/a?b=c&d=é#haut",
            "préfecture.example/arrêté",
            "organisme.xn--p1ai",
            "intranet:8080/texte",
            "192.0.2.1/texte",
            "[2001:db8::1]:8080/",
        ] {
            assert_eq!(WebAddress::parse(text).unwrap().as_str(), format!("https://{text}"));
        }
    }

    #[test]
    fn what_stands_around_an_address_is_dropped() {
        for text in [
            " https://organisme.example/a ",
            "<https://organisme.example/a>",
            "\u{200b}https://orga\u{ad}nisme.example/a\u{feff}",
            "<\u{2060} organisme.example/a >",
        ] {
            assert_eq!(WebAddress::parse(text).unwrap().as_str(), "https://organisme.example/a", "{text:?}");
        }
    }

    #[test]
    fn an_address_holds_2000_characters_at_most() {
        let of_length = |n: usize| format!("https://a.example/{}", "é".repeat(n - 18));
        assert!(WebAddress::parse(&of_length(2_000)).is_ok());
        assert!(WebAddress::parse(&of_length(2_001)).is_err());
        assert!(WebAddress::parse(&of_length(2_000)["https://".len()..]).is_ok());
        assert!(WebAddress::parse(&of_length(2_001)["https://".len()..]).is_err());
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
