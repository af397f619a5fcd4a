//! Where the answers are.

use super::failure::Failure;

/// Where the answers are. Fields with [two values](super::Machine::conflicts) are on the device, whatever is said here of the
/// others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// Nothing was typed yet.
    Nowhere,
    /// Everything is on the server.
    Server,
    /// On this device, and about to be sent.
    OnTheWay,
    /// On this device only, until the trouble ends.
    Device(Failure),
    /// Submitted or deleted: there is nothing to save.
    Over,
}
