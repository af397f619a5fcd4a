//! Drives the model's saving machine: turns its effects into writes, calls and timers, and their outcomes into events.
//! It decides nothing.
//!
//! - [`OpenDraft`] is the handle that pages hold; [`status`] tells where the answers are.
//! - [`driver`] has one queue of events and effects and one loop that empties it, and `calls` asks the server.
//! - [`ports`] lists what the driver needs of a browser; [`browser`] is that browser, [`tabs`] its other tabs.
//! - [`copies`] are the drafts that this device holds; [`unsent`] sends those that are not shown.

pub mod browser;
mod calls;
pub mod copies;
pub mod driver;
pub mod notes;
mod open;
pub mod ports;
pub mod status;
pub mod tabs;
#[cfg(test)]
mod tests;
pub mod unsent;

pub use copies::{DeviceCopies, Note};
pub use driver::DraftToOpen;
pub use open::OpenDraft;
pub use status::SaveStatus;
