//! Ways of signing in. Each way of signing in has a file here and ends with the same pair of [`User`] and [`Organisation`];
//! what follows (the session, the owner of requests) knows nothing of how it came.
//!
//! [`User`]: habilitation_model::wire::User
//! [`Organisation`]: habilitation_model::wire::Organisation

pub(crate) mod demonstration;
pub(crate) mod proconnect;

use crate::store::accounts;

/// Returns whether a person came by the way of signing in that is offered: sessions of another way, which was offered before, are
/// over.
pub(crate) fn is_offered(person: &str, with_proconnect: bool) -> bool {
    person.starts_with(accounts::PREFIX) == with_proconnect
}
