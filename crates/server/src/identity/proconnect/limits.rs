//! Limits on what is awaited of the provider.

use std::time::Duration;

use crate::outgoing::CallLimits;

/// Limits on one call of the provider.
pub(super) const LIMITS: CallLimits = CallLimits { time: Duration::from_secs(5), bytes: 256 * 1024 };
