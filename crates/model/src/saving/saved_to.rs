//! Places that answers are saved to.

use super::failure::Failure;

/// Place that holds the answers. Fields with [two values](super::Machine::conflicts) are on the device, whatever is said here of the
/// others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SavedTo {
    /// No place: no answer was typed yet.
    Nowhere,
    /// The server has everything.
    Server,
    /// On this device, and about to be sent.
    OnTheWay,
    /// On this device only, until the trouble ends.
    Device(Failure),
    /// Submitted or deleted: there is nothing to save.
    Over,
}
