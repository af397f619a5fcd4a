//! Ways of signing in. Each way of signing in has a file here and ends with the same pair of [`User`] and [`Organisation`];
//! what follows (the session, the owner of requests) knows nothing of how it came.
//!
//! [`User`]: habilitation_model::wire::User
//! [`Organisation`]: habilitation_model::wire::Organisation

pub(crate) mod demonstration;
