//! Proves by simulation what `model::saving` promises: no answer is ever lost, and none is overwritten in silence. What happens
//! after a request is sent has a simulation of its own, [`life`].
//!
//! A seed decides a schedule: the actions of two people in a few tabs of a few devices, some of which others sign in on, and the
//! failures of their network, their storage, their sessions and the server meanwhile. People type in text fields, sometimes
//! values that the server rejects; they add to lists of values and of documents and remove from them. Tabs are closed, crash,
//! are frozen, or enter the back/forward cache and leave it. The machines are the real ones; the tabs around them do what the
//! page does, and the server decides by revision alone, like the real one. In the end every failure ends, and the rules are
//! checked:
//!
//! - a typed value is on the device at once;
//! - one save of a tab is in flight at a time;
//! - nothing is lost: every value that was typed, or a value that somebody typed or chose in its place knowingly, can
//!   be seen on the server or on a device, or was given up by a person;
//! - no conflict is between a value and one that was typed over it (but on a device where a write failed, the storage was
//!   wiped, or two tabs wrote at once: a needless question is better than a lost answer);
//! - an element that was removed from a list stays away (but where the tab that added or removed it was not told in time that
//!   it was saved, or the storage that could have told was wiped or full);
//! - all tabs come to rest, and their answers reach the server;
//! - once people resolved all conflicts, every tab shows the draft of the server;
//! - nothing is saved of a second person who lost the right to change answers: what they typed stays on their device;
//! - nothing is sent after the submission, nothing deleted returns, and nothing goes to another person who signs in.
//!
//! The simulation has no clock: whatever waits (a timer, a call, a message between tabs) can happen next or much later. The
//! tests of the machine show that every wait is short.
//!
//! Another person who signs in has drafts and copies of their own. The tests of the page and of the server show that these do
//! not mix; here the other session is in the way of the owner's tabs, which are still open.

#![forbid(unsafe_code)]

mod action;
pub mod life;
mod mutant;
mod oracle;
mod random;
mod schedule;
mod server;
mod shorten;
mod world;

pub use mutant::Mutant;
pub use random::Random;
pub use schedule::{ACTIONS, Violation, explain, run};
