//! Places that answers are saved to.

use super::failure::Failure;

/// Place that holds the answers, but for fields with [two values](super::Machine::conflicts), which are on the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SavedTo {
    /// No place holds any: no answer was typed yet.
    Nowhere,
    /// The server has all of them.
    Server,
    /// This device has them, and is about to send them.
    OnTheWay,
    /// Only this device has them, because of a failure.
    Device(Failure),
    /// Nothing is left to be saved: the device's copy was erased after a submission, a deletion or the person's order.
    Erased,
}
