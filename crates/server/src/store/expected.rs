//! Preconditions of a change, without HTTP.

/// State that a client expects before its change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Expected {
    /// Absence: the client creates the request.
    Absent,
    /// Presence of one of these revisions.
    Revision {
        /// Numbers of the revisions; where there are none, the change is refused whatever is there.
        any_of: Vec<u64>,
        /// Time at which it was saved (RFC 3339), as the client was told; none where the client does not say.
        saved_at: Option<String>,
    },
    /// The client does not say, so that it could overwrite what it never saw.
    #[default]
    Unconditional,
}

/// Outcome of a precondition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The stored state is the expected one.
    Holds,
    /// The stored state is not the expected one.
    Fails,
    /// The client did not say which state it expects.
    Unconditional,
}

impl Expected {
    /// Returns the expectation of one revision.
    #[cfg(test)]
    #[must_use]
    pub(crate) fn revision(revision: u64) -> Self {
        Self::Revision { any_of: vec![revision], saved_at: None }
    }

    /// Returns this expectation with a time of saving.
    #[cfg(test)]
    #[must_use]
    pub(crate) fn saved_at(self, time: &str) -> Self {
        match self {
            Self::Revision { any_of, .. } => Self::Revision { any_of, saved_at: Some(time.to_owned()) },
            other => other,
        }
    }

    /// Checks the precondition against the stored revision, if there is one, and its time (RFC 3339).
    #[must_use]
    pub(crate) fn check(&self, current: Option<(u64, &str)>) -> Outcome {
        let holds = match self {
            Self::Unconditional => return Outcome::Unconditional,
            Self::Absent => current.is_none(),
            Self::Revision { any_of, saved_at } => current.is_some_and(|(revision, time)| {
                any_of.contains(&revision) && saved_at.as_ref().is_none_or(|known| known == time)
            }),
        };
        if holds { Outcome::Holds } else { Outcome::Fails }
    }
}
