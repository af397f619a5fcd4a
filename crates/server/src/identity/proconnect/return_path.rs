//! Place of our page to which a sign-in leads back. It comes from an address, and then from a cookie: it is checked both times, so
//! that it leads nowhere else.

use std::fmt::Write;

/// Longest path that is kept: four of them have room in the cookies of a call.
const LENGTH_MAX: usize = 800;

/// Path and query of our page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReturnPath(String);

impl ReturnPath {
    /// Reads the path, which is `/` or begins with `/?`: the page has no other address.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let query = match text.strip_prefix('/')? {
            "" => "",
            query => query.strip_prefix('?')?,
        };
        // What a cookie cannot hold is escaped: the query stays the same.
        let mut path = String::from(if query.is_empty() { "/" } else { "/?" });
        for byte in query.bytes() {
            match byte {
                b'"' | b',' | b';' | b'|' | b'\'' | b'<' | b'>' => {
                    // Writing to a string never fails.
                    let _ = write!(path, "%{byte:02X}");
                }
                b'\\' | b'#' => return None,
                byte if byte.is_ascii_graphic() => path.push(char::from(byte)),
                _ => return None,
            }
        }
        (path.len() <= LENGTH_MAX).then_some(Self(path))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the query.
    pub(crate) fn query(&self) -> &str {
        self.0.trim_start_matches(['/', '?'])
    }
}

impl Default for ReturnPath {
    /// Returns the path of a person's requests.
    fn default() -> Self {
        Self("/?page=demandes".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_page_is_led_back_to() {
        for (text, path) in [
            ("/", Some("/")),
            ("/?page=demandes", Some("/?page=demandes")),
            ("/?demande=nouvelle&project.name=L%C3%A9a+B", Some("/?demande=nouvelle&project.name=L%C3%A9a+B")),
            ("/?a=1;b,c|d'", Some("/?a=1%3Bb%2Cc%7Cd%27")),
            ("/?to=https://evil.example", Some("/?to=https://evil.example")),
            ("", None),
            ("?page=demandes", None),
            ("//evil.example", None),
            ("/\\evil.example", None),
            ("/?\\evil.example", None),
            ("/\t/evil.example", None),
            ("https://evil.example", None),
            ("javascript:alert(1)", None),
            ("/api/proconnect/callback?code=a", None),
            ("/api/proconnect/sign-in", None),
            ("/.//evil.example", None),
            ("/?a\r\nset-cookie: b", None),
            ("/?é", None),
            ("/#a", None),
        ] {
            assert_eq!(ReturnPath::parse(text).as_ref().map(ReturnPath::as_str), path, "{text}");
            assert_eq!(path.and_then(ReturnPath::parse).as_ref().map(ReturnPath::as_str), path, "{text}, again");
        }
        assert!(ReturnPath::parse(&["/?", &"a".repeat(798)].concat()).is_some());
        assert_eq!(ReturnPath::parse(&["/?", &"a".repeat(799)].concat()), None);
    }
}
