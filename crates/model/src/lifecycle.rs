//! The life of a request: its states, the acts that move it, and what follows from its history.
//!
//! A request has one history of [events](Event), to which each act of anybody adds one. Everything else is a pure function of
//! it: [`next`] is the table of states, [`History`] is the fold of all events, and [`deadline`] is the legal clock. Days are days
//! in Europe/Paris, which the caller tells: an event holds its own.

pub mod act;
pub mod deadline;
pub mod event;
pub mod finding;
pub mod history;
pub mod keeping;
pub mod kind;
pub mod machine;
pub mod mail;
pub mod run;
pub mod state;
pub mod submission;
pub mod tally;

pub use act::Act;
pub use event::{By, Event, Examiner, NamedPerson, Remark, Reply, Stamp, Start, SubmissionSummary};
pub use finding::ActFinding;
pub use history::{Acceptance, AcceptanceState, FollowUp, History, Round};
pub use kind::{Ground, Kind, Part, Role, Side};
pub use machine::{Refusal, Standing, next};
pub use mail::{Mail, Notice, Recipient};
pub use state::State;
pub use submission::SubmissionBody;

#[cfg(test)]
mod tests;
