//! The connections that are open: how many there may be, and which one is closed because its client keeps it waiting.
//!
//! A connection waits for its client, or its client waits for the server. Only the first kind is ever closed, by the rules of
//! [`stage`]: a client that sends half of something and then nothing, or one byte from time to time, must not keep
//! others out, nor the server from ending. No network has more than its share of the slots, and when none is free the network
//! that has the most gives one up. A client that is not let in is [told so](crate::overload).

mod admission;
mod connection;
mod stage;
mod tracking;

pub(crate) use self::admission::{Admission, Connections, Slot};
pub(crate) use self::tracking::{CallTracker, TrackedStream};
