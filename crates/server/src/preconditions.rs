//! Conditional requests: `If-Match` and `If-None-Match` (RFC 9110, section 13), for entity tags that are revisions, and the
//! time at which the revision was saved.

use axum::extract::FromRequestParts;
use axum::http::header::{HeaderName, IF_MATCH, IF_NONE_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};

use habilitation_model::wire::SAVED_AT_HEADER;

use crate::problem::{Problem, ProblemType};
use crate::store::Expected;

/// The strong entity tag of a revision: `"7"`.
pub(crate) fn entity_tag(revision: u64) -> HeaderValue {
    // A number between quotes is always a header value.
    HeaderValue::from_str(&format!("\"{revision}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

/// The condition under which a call may change something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Preconditions {
    if_match: Option<Tags>,
    if_none_match: Option<Tags>,
    /// Time at which the revision of `If-Match` was saved, as the client was told.
    saved_at: Option<String>,
}

/// Revisions that a condition names.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Tags {
    /// `*`: whatever there is.
    Any,
    /// Some entity tags.
    Listed(Vec<Tag>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Tag {
    weak: bool,
    opaque: String,
}

impl Preconditions {
    /// Reads the headers.
    ///
    /// # Errors
    /// When one is not of the form that RFC 9110 gives it, or not text.
    pub(crate) fn read(headers: &HeaderMap) -> Result<Self, Problem> {
        let saved_at = headers.get(SAVED_AT_HEADER).map(|time| time.to_str().map(str::to_owned));
        let not_text = |_| {
            Problem::new(ProblemType::InvalidParameter)
                .detail(format!("`{SAVED_AT_HEADER}` must be the `updated_at` of a revision."))
        };
        Ok(Self {
            if_match: tags(headers, &IF_MATCH)?,
            if_none_match: tags(headers, &IF_NONE_MATCH)?,
            saved_at: saved_at.transpose().map_err(not_text)?,
        })
    }

    /// Returns the state that the caller of a change expects to be stored.
    ///
    /// `If-Match: *` names no revision: a client that sends it would overwrite a state that it never saw (RFC 6585, section 3).
    /// A weak tag never matches there (RFC 9110, section 13.1.1); clients build the tag from the `revision` of a body.
    #[must_use]
    pub(crate) fn expected(&self) -> Expected {
        match (&self.if_match, &self.if_none_match) {
            (Some(Tags::Listed(tags)), _) => {
                let named = tags.iter().filter(|tag| !tag.weak).filter_map(Tag::revision);
                let any_of = named.filter(|revision| self.none_matches(Some(*revision))).collect();
                Expected::Revision { any_of, saved_at: self.saved_at.clone() }
            }
            (None, Some(Tags::Any)) => Expected::Absent,
            _ => Expected::Unconditional,
        }
    }

    /// Returns whether a reader already has this revision, which is answered by 304.
    #[must_use]
    pub(crate) fn has_already(&self, current: u64) -> bool {
        !self.none_matches(Some(current))
    }

    fn none_matches(&self, current: Option<u64>) -> bool {
        match (&self.if_none_match, current) {
            (None, _) | (_, None) => true,
            (Some(Tags::Any), Some(_)) => false,
            (Some(Tags::Listed(tags)), Some(revision)) => !tags.iter().any(|tag| tag.names(revision)),
        }
    }
}

impl Tag {
    /// Returns the revision that the tag names, if it names one.
    fn revision(&self) -> Option<u64> {
        self.opaque.parse().ok().filter(|revision| self.names(*revision))
    }

    fn names(&self, revision: u64) -> bool {
        self.opaque == revision.to_string()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Preconditions {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::read(&parts.headers)
    }
}

fn tags(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Tags>, Problem> {
    let malformed = || {
        Problem::new(ProblemType::InvalidParameter)
            .detail(format!("`{name}` must be `*` or entity tags such as `\"7\"`, between quotes."))
    };
    let mut listed = Vec::new();
    let mut any = false;
    for value in headers.get_all(name) {
        let text = value.to_str().map_err(|_| malformed())?.trim();
        if text == "*" {
            any = true;
        } else {
            read_list(text, &mut listed).ok_or_else(malformed)?;
        }
    }
    match (any, listed.is_empty()) {
        (true, true) => Ok(Some(Tags::Any)),
        (true, false) => Err(malformed()),
        (false, true) if headers.contains_key(name) => Err(malformed()),
        (false, true) => Ok(None),
        (false, false) => Ok(Some(Tags::Listed(listed))),
    }
}

/// Reads `"a", W/"b"`; a tag may hold commas, so the quotes lead.
fn read_list(mut text: &str, listed: &mut Vec<Tag>) -> Option<()> {
    loop {
        text = text.trim_start_matches([' ', '\t', ',']);
        if text.is_empty() {
            return Some(());
        }
        let (weak, rest) = match text.strip_prefix("W/") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (opaque, rest) = rest.strip_prefix('"')?.split_once('"')?;
        if !opaque.bytes().all(|byte| byte == 0x21 || (0x23..=0x7e).contains(&byte)) {
            return None;
        }
        listed.push(Tag { weak, opaque: opaque.to_owned() });
        text = rest.trim_start_matches([' ', '\t']);
        if !text.is_empty() && !text.starts_with(',') {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Outcome;

    const NOON: &str = "2026-11-28T12:00:00Z";

    fn read(lines: &[(&'static str, &'static str)]) -> Preconditions {
        try_read(lines).unwrap()
    }

    fn try_read(lines: &[(&'static str, &'static str)]) -> Result<Preconditions, Problem> {
        let headers =
            lines.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        Preconditions::read(&headers.collect())
    }

    #[test]
    fn a_change_needs_the_revision_that_is_there() {
        for (header, current, outcome) in [
            ("\"7\"", Some(7), Outcome::Holds),
            ("\"6\", \"7\"", Some(7), Outcome::Holds),
            ("\"7\"", Some(8), Outcome::Fails),
            ("\"7\"", None, Outcome::Fails),
            ("\"07\"", Some(7), Outcome::Fails),
            ("\"seven\"", Some(7), Outcome::Fails),
            ("W/\"7\"", Some(7), Outcome::Fails),
            ("*", Some(7), Outcome::Unconditional),
        ] {
            let current = current.map(|revision| (revision, NOON));
            assert_eq!(read(&[("if-match", header)]).expected().check(current), outcome, "{header} {current:?}");
        }
        assert_eq!(Expected::revision(7), read(&[("if-match", "\"7\"")]).expected());
    }

    #[test]
    fn a_revision_that_was_saved_at_another_time_is_another_one() {
        for (time, outcome) in
            [(NOON, Outcome::Holds), ("2026-11-28T12:00:00.001Z", Outcome::Fails), ("", Outcome::Fails)]
        {
            let known = Expected::revision(7).saved_at(time);
            assert_eq!(known.check(Some((7, NOON))), outcome, "{time}");
            assert_eq!(read(&[("if-match", "\"7\""), (SAVED_AT_HEADER, time)]).expected(), known);
            assert_eq!(known.check(Some((8, NOON))), Outcome::Fails);
        }
    }

    #[test]
    fn a_creation_needs_that_nothing_is_there() {
        let creation = read(&[("if-none-match", "*")]).expected();
        assert_eq!(creation, Expected::Absent);
        assert_eq!(creation.check(None), Outcome::Holds);
        assert_eq!(creation.check(Some((1, NOON))), Outcome::Fails);
    }

    #[test]
    fn a_change_without_a_condition_that_protects_it_is_told_so() {
        for lines in [&[][..], &[("if-none-match", "\"7\"")]] {
            assert_eq!(read(lines).expected().check(Some((7, NOON))), Outcome::Unconditional);
            assert_eq!(read(lines).expected().check(None), Outcome::Unconditional);
        }
    }

    #[test]
    fn two_conditions_must_both_hold() {
        let both = read(&[("if-match", "\"7\""), ("if-none-match", "*")]);
        assert_eq!(both.expected().check(Some((7, NOON))), Outcome::Fails);
        assert_eq!(both.expected().check(None), Outcome::Fails);
    }

    #[test]
    fn a_reader_may_hold_a_weakened_tag() {
        for header in ["\"7\"", "W/\"7\"", "\"6\" , W/\"7\"", "*"] {
            assert!(read(&[("if-none-match", header)]).has_already(7), "{header}");
        }
        assert!(!read(&[("if-none-match", "\"6\"")]).has_already(7));
        assert!(!read(&[]).has_already(7));
    }

    #[test]
    fn headers_of_another_form_are_refused() {
        for header in ["7", "", "\"7", "7\"", "w/\"7\"", "\"7\" \"8\"", "\"7\",*", "\"a b\""] {
            assert!(try_read(&[("if-match", header)]).is_err(), "{header}");
        }
        assert!(try_read(&[("if-match", "*"), ("if-match", "\"7\"")]).is_err());
    }
}
