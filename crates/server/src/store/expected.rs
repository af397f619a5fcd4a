//! What a caller takes to be there when they change a request.

/// What a caller takes to be there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Expected {
    /// Nothing: they create it.
    Absent,
    /// One of these revisions.
    Revision {
        /// Their numbers; where there is none, the change is refused whatever is there.
        any_of: Vec<u64>,
        /// When it was saved (RFC 3339), as the caller was told; none where they do not say.
        saved_at: Option<String>,
    },
    /// They do not say, so that they could overwrite what they never saw.
    #[default]
    Unsaid,
}

/// What becomes of a change by what its caller expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is made.
    Holds,
    /// What is there is not what the caller takes to be there.
    Fails,
    /// The caller has to say what they take to be there.
    Missing,
}

impl Expected {
    /// Returns that this revision is there.
    #[cfg(test)]
    #[must_use]
    pub(crate) fn revision(revision: u64) -> Self {
        Self::Revision { any_of: vec![revision], saved_at: None }
    }

    /// Returns that it was saved at this time.
    #[cfg(test)]
    #[must_use]
    pub(crate) fn saved_at(self, time: &str) -> Self {
        match self {
            Self::Revision { any_of, .. } => Self::Revision { any_of, saved_at: Some(time.to_owned()) },
            other => other,
        }
    }

    /// Checks a change of the revision that is there, saved at this time (RFC 3339), or a creation where nothing is.
    #[must_use]
    pub(crate) fn check(&self, current: Option<(u64, &str)>) -> Outcome {
        let holds = match self {
            Self::Unsaid => return Outcome::Missing,
            Self::Absent => current.is_none(),
            Self::Revision { any_of, saved_at } => current.is_some_and(|(revision, time)| {
                any_of.contains(&revision) && saved_at.as_ref().is_none_or(|known| known == time)
            }),
        };
        if holds { Outcome::Holds } else { Outcome::Fails }
    }
}
