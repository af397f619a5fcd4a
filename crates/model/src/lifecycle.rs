//! The life of a request: its states, and the acts that move it.
//!
//! A request has one history of events, to which each act of anybody adds one. [`next`] is the table of states.

pub mod kind;
pub mod machine;
pub mod state;

pub use kind::{Ground, Kind, Role, Side};
pub use machine::{Refusal, Standing, next};
pub use state::State;

#[cfg(test)]
mod tests;
