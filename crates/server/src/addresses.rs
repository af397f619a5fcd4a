//! Addresses of the API that more than its routes know.

/// Address at which a mail server tells of mails that came back.
pub(crate) const BOUNCES: &str = "/api/mail/bounces";

/// Address at which tokens are claimed.
pub(crate) const TOKENS: &str = "/api/embed/tokens";
