//! Random bytes. Nothing else in this crate asks the system.

use thiserror::Error;

/// The system has no random bytes to give.
#[derive(Clone, Copy, Debug, Error)]
#[error("the system has no random bytes to give")]
pub struct NoChance;

/// Gives bytes that nobody can foretell.
pub trait Chance: Send + Sync {
    /// Fills the buffer.
    ///
    /// # Errors
    /// When the source is out of order; nothing secret may then be made.
    fn fill(&self, buffer: &mut [u8]) -> Result<(), NoChance>;
}

/// The random source of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), NoChance> {
        #[expect(clippy::disallowed_methods, reason = "this is the source that everything else asks")]
        getrandom::fill(buffer).map_err(|_| NoChance)
    }
}
