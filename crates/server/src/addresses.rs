//! Addresses of the API that more than its routes know.

/// Address at which tokens are claimed.
pub(crate) const TOKENS: &str = "/api/embed/tokens";
