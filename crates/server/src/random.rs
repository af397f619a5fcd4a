//! Random bytes. No other module asks the system for them.

use thiserror::Error;

/// The system has no random bytes to give.
#[derive(Clone, Copy, Debug, Error)]
#[error("the system has no random bytes to give")]
pub struct RandomUnavailable;

/// Source of unpredictable bytes.
pub trait Random: Send + Sync {
    /// Fills the buffer.
    ///
    /// # Errors
    /// When the source is out of order; nothing secret may then be made.
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomUnavailable>;
}

/// The random source of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomUnavailable> {
        #[expect(clippy::disallowed_methods, reason = "this is the source that everything else asks")]
        getrandom::fill(buffer).map_err(|_| RandomUnavailable)
    }
}
