//! Findings on the body of an act.

use crate::code::{Code, Params};

/// Error in the body of an act or of a submission. It blocks the act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActFinding {
    /// Member concerned, as a JSON pointer into the body (RFC 6901); empty for the whole.
    pub pointer: String,
    /// Code of the finding.
    pub code: Code,
    /// Parameters of the code.
    pub params: Params,
}

impl ActFinding {
    pub(crate) fn new(pointer: impl Into<String>, code: Code, params: Params) -> Self {
        Self { pointer: pointer.into(), code, params }
    }

    /// Makes a finding whose code has no parameters.
    pub(crate) fn bare(pointer: impl Into<String>, code: Code) -> Self {
        Self::new(pointer, code, Params::default())
    }
}
