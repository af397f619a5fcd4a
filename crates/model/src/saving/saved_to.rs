//! Places that answers are saved to.

use super::failure::Failure;

/// Place that holds the answers, but for fields with [two values](super::Machine::conflicts), which are on the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SavedTo {
    /// No place holds any: no answer was typed yet.
    Nowhere,
    /// The server has all of them.
    Server,
    /// The device has them, and is about to send them.
    OnTheWay,
    /// The device alone has them, because of a failure.
    Device(Failure),
    /// No place: the device's copy was erased after a submission, a deletion or the person's order.
    Erased,
}
