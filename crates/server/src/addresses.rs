//! Addresses of the API that more than its routes know.

/// Where tokens are claimed.
pub(crate) const TOKENS: &str = "/api/embed/tokens";
