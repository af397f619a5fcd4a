//! E-mail addresses.

use std::fmt;

use serde::Serialize;
use thiserror::Error;

use crate::domain::{LABEL_MAX, is_label};
use crate::lenient::{strip_prefix_ignoring_case, unbracketed, visible_text};
use crate::normalize;
use crate::text::Text;

/// Longest address, in characters: the path limit of RFC 5321 less its brackets.
pub const MAX: u64 = 254;
/// Example for messages; `.example` is reserved (RFC 2606).
pub const EXAMPLE: &str = "prenom.nom@organisme.example";

/// An address that a browser's e-mail control would take, with a domain of two labels at least.
///
/// The rule is that of the HTML standard, section "E-mail state (type=email)": a deliberate narrowing of
/// RFC 5322. The domain may be of any script. It is kept as written; [`Email::same_mailbox`] compares without regard to case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Email(String);

/// The text is not an e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not an e-mail address")]
pub struct NotAnEmail;

impl Email {
    /// Reads an address, or a link to one: invisible characters, `mailto:` and `<…>` around it are dropped.
    ///
    /// # Errors
    /// When the text breaks the rule.
    pub fn parse(text: &str) -> Result<Self, NotAnEmail> {
        let text = bare(text);
        let (local, domain) = text.split_once('@').ok_or(NotAnEmail)?;
        let local_ok = !local.is_empty()
            && local.bytes().all(|b| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b));
        let label_ok = |label: &str| is_label(label) && label.chars().count() <= LABEL_MAX;
        let domain_ok = domain.as_bytes().contains(&b'.') && domain.split('.').all(label_ok);
        if local_ok && domain_ok && text.chars().count() as u64 <= MAX { Ok(Self(text)) } else { Err(NotAnEmail) }
    }

    /// Returns the address as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the domain, in lower case.
    #[must_use]
    pub fn domain(&self) -> String {
        self.0.rsplit('@').next().unwrap_or_default().chars().map(normalize::lower_case).collect()
    }

    /// Returns whether two addresses differ in case alone.
    #[must_use]
    pub fn same_mailbox(&self, other: &Self) -> bool {
        self.0.chars().map(normalize::lower_case).eq(other.0.chars().map(normalize::lower_case))
    }
}

/// Returns whether two typed addresses are the same one.
pub(crate) fn same(one: &Text, other: &Text) -> bool {
    match (Email::parse(one.as_str()), Email::parse(other.as_str())) {
        (Ok(one), Ok(other)) => one.same_mailbox(&other),
        _ => false,
    }
}

/// Returns the address without decoration, right or wrong.
pub(crate) fn bare(text: &str) -> String {
    let text = visible_text(text);
    let mut bare = unbracketed(&text);
    if let Some(linked) = strip_prefix_ignoring_case("mailto:", bare) {
        // What follows is the subject of the mail to write (RFC 6068).
        bare = unbracketed(linked.split('?').next().unwrap_or_default());
    }
    bare.to_owned()
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ordinary_addresses_are_read() {
        let long_local = "a".repeat(64);
        for text in [
            EXAMPLE,
            "a@b.fr",
            "dpo+franceconnect@mairie.vallon.example",
            "o'neil_x@xn--caf-dma.example",
            "A.B@C-D.EXAMPLE",
            "mairie@saint-étienne.example",
            "noemie@café.example",
            "a@例え.example",
            "a@उदाहरण.example",
            "a@пример.рф",
            "noemie@vallon.example ",
            &format!("{long_local}@{}.example", "b".repeat(63)),
        ] {
            assert!(Email::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_an_address_is_refused() {
        for text in [
            "",
            "noemie",
            "noemie@",
            "@vallon.example",
            "noemie@vallon",
            "noemie@.example",
            "noemie@vallon.example.",
            "noemie@vallon..example",
            "noemie@-vallon.example",
            "noemie@vallon-.example",
            "no émie@vallon.example",
            "noémie@vallon.example",
            "a@b@c.example",
            "noemie@vallon.example\u{7}",
            "noemie@val lon.example",
            "noemie@val\u{a0}lon.example",
            "noemie@«vallon».example",
            "noemie@vallon…example",
            "noemie@vallon.👍",
            "a b@c.example",
            "Noémie <noemie@vallon.example>",
            "a@b_c.example",
            "a@é_c.example",
            "a@-é.example",
            "mailto:",
            "mailto:?subject=a@b.example",
            "<>",
            "<a@b.example",
            "a@b.example>",
            "tel:a@b.example",
            "a@b.example?subject=x",
        ] {
            assert!(Email::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_address_holds_254_characters_at_most() {
        let of_length = |n: usize| format!("{}@{}", "a".repeat(n - 12), "abc.example");
        assert_eq!(of_length(254).len(), 254);
        assert!(Email::parse(&of_length(254)).is_ok());
        assert!(Email::parse(&of_length(255)).is_err());
        assert!(Email::parse(&format!("<mailto:{}>", of_length(254))).is_ok());
    }

    #[test]
    fn a_domain_label_holds_63_characters_at_most() {
        assert!(Email::parse(&format!("a@{}.example", "b".repeat(63))).is_ok());
        assert!(Email::parse(&format!("a@{}.example", "b".repeat(64))).is_err());
        assert!(Email::parse(&format!("a@{}.example", "é".repeat(63))).is_ok());
        assert!(Email::parse(&format!("a@{}.example", "é".repeat(64))).is_err());
    }

    #[test]
    fn what_stands_around_an_address_is_dropped() {
        for text in [
            "dpo@vallon.example",
            "mailto:dpo@vallon.example",
            "MailTo: dpo@vallon.example",
            "mailto:dpo@vallon.example?subject=Bonjour",
            "<dpo@vallon.example>",
            "< dpo@vallon.example >",
            "<mailto:dpo@vallon.example>",
            "mailto:<dpo@vallon.example>",
            "dpo@vallon.example\u{200b}",
            "\u{feff}dpo@vallon.example",
            "dpo@val\u{200b}lon.example",
            "\u{202a}<\u{2068}dpo@vallon.example\u{2069}> \u{fe0f}",
            "ma\u{ad}ilto:dpo\u{200d}@vallon\u{2060}.example",
        ] {
            assert_eq!(Email::parse(text), Ok(Email("dpo@vallon.example".to_owned())), "{text:?}");
        }
    }

    #[test]
    fn addresses_compare_without_regard_to_case() {
        let lower = Email::parse("a@b.example").unwrap();
        assert!(lower.same_mailbox(&Email::parse("A@B.Example").unwrap()));
        assert!(!lower.same_mailbox(&Email::parse("c@b.example").unwrap()));
        let accented = Email::parse("a@Saint-Étienne.example").unwrap();
        assert!(accented.same_mailbox(&Email::parse("mailto:A@SAINT-ÉTIENNE.example").unwrap()));
        assert!(!accented.same_mailbox(&Email::parse("a@saint-etienne.example").unwrap()));
        assert_eq!(accented.domain(), "saint-étienne.example");
    }

    proptest! {
        #[test]
        fn well_formed_addresses_are_read_and_kept(local in "[a-z0-9.+_-]{1,20}", label in "[a-z0-9]{1,20}", top in "[a-z]{2,8}") {
            let text = format!("{local}@{label}.{top}");
            prop_assert_eq!(Email::parse(&text), Ok(Email(text)));
        }

        #[test]
        fn whatever_is_read_has_one_at_and_a_dot_after_it(text in "[a-zé@. -]{0,24}") {
            if let Ok(email) = Email::parse(&text) {
                prop_assert_eq!(email.as_str().matches('@').count(), 1);
                prop_assert!(email.domain().contains('.'));
            }
        }

        #[test]
        fn reading_never_panics(text in any::<String>()) {
            let _ = Email::parse(&text);
        }
    }
}
