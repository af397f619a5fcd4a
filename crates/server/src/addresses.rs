//! Addresses of the API that more than its routes know.

/// Address at which a mail server tells of mails that came back.
pub(crate) const BOUNCES: &str = "/api/mail/bounces";

/// Address at which tokens are claimed.
pub(crate) const TOKENS: &str = "/api/embed/tokens";

/// Address at which signing in with an identity provider begins.
pub(crate) const SIGN_IN: &str = "/api/proconnect/sign-in";

/// Address to which the identity provider leads back whoever signed in.
pub(crate) const SIGN_IN_CALLBACK: &str = "/api/proconnect/callback";

/// Address to which the identity provider leads back whoever signed out.
pub(crate) const SIGNED_OUT: &str = "/api/proconnect/signed-out";
