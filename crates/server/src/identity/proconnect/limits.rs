//! Limits on what is awaited of the provider.

use std::time::Duration;

use crate::outgoing::CallLimits;

/// Time for all that is asked of the provider while a person waits.
pub(super) const SIGN_IN_TIME: Duration = Duration::from_secs(12);

/// Most people who wait for the provider at the same time.
pub(super) const SIGN_INS: usize = 32;

/// Limits on one call of the provider.
pub(super) const LIMITS: CallLimits = CallLimits { time: Duration::from_secs(5), bytes: 256 * 1024 };
