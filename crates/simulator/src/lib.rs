//! Proves by simulation what `model::saving` promises: no answer is ever lost, and none is overwritten in silence.
//!
//! A seed decides a schedule: what people do in a few tabs of a few devices, some of which others sign in on, and what
//! happens to their network, their storage, their sessions and the server meanwhile. They type in text fields,
//! sometimes what the server does not take; they add to lists of values and of documents and take from them. Tabs are
//! closed, crash, are frozen, or are put aside and brought back as they were. The machines are the real ones; the tabs
//! around them do what the page does, and the server decides by revision alone, like the real one. In the end
//! everything mends, and the rules are checked:
//!
//! - what was typed is on the device at once;
//! - one save of a tab is under way at a time;
//! - nothing is lost: every value that was typed, or a value that somebody typed or chose in its place knowingly, can
//!   be seen on the server or on a device, or was given up by a person;
//! - nobody is asked to choose between a value and one that was typed over it (but on a device where a write failed,
//!   the storage was wiped, or two tabs wrote at once: a needless question is better than a lost answer);
//! - what was removed from a list stays away (but where whoever added or removed it was not told in time that this
//!   arrived, or the storage that could have told them was wiped or full);
//! - everything comes to rest, and reaches the server;
//! - once people chose between the values that are left, everybody sees what the server holds;
//! - nothing is sent after the submission, nothing deleted returns, and nothing goes to whoever else signs in.
//!
//! It has no clock: whatever waits (a timer, a call, a word between tabs) can happen next or much later. That every
//! wait is short is for the tests of the machine to show.
//!
//! Whoever else signs in has drafts and copies of their own: that these do not mix is for the tests of the page and of
//! the server to show. Here they are in the way of the owner's tabs, which are still open.

#![forbid(unsafe_code)]

mod mutant;
mod oracle;
mod random;
mod schedule;
mod server;
mod step;
mod world;

pub use mutant::Mutant;
pub use random::Random;
pub use schedule::{Failure, STEPS, explain, run};
