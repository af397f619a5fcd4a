//! The machine that decides when a draft is written to the device, when it is sent, and what is told.
//!
//! It is pure: events go in, effects come out, and whoever drives it carries them out in their order and decides
//! nothing. A [`DeviceCopy`] outlives a crash; the rest of the machine is about the moment.
//!
//! - A tab has one save under way at most, and one tab of a browser sends at a time. A save is never given up for a newer
//!   one, only once its time is over: what was typed meanwhile goes with the next one.
//! - A field that was changed to two different values is a conflict. Both values are kept, the server keeps its own,
//!   and a person chooses. Whoever types over a value that they saw replaces it: that is no conflict.
//! - What the server lacks is on the device, whatever happens: no network, nobody signed in, the request submitted or
//!   deleted elsewhere.
//! - A server that came back from a backup is met field by field like another device: what it lost is sent again, what
//!   differs and is not known to be older waits for a choice. A draft that it does not know stays on the device.
//!
//! One thing cannot be known from drafts and revisions alone. The answer to a save is lost, and before the next try
//! somebody undoes its change to the letter: this looks like a save that never arrived. It is sent again. Taken for
//! undone instead, what was typed without a network would be lost whenever others had saved twice meanwhile. Sending
//! again loses no answer, since the value that gives way was on the screen when it was typed over. Nor is it silent:
//! whoever undid the change sees it return, marked as changed elsewhere.
//!
//! # States
//!
//! `state::State` has a variant for each state, and `Machine::handle` matches on state and event. The table has a line for
//! each event that changes the state or orders something; a test compares it with what the machine does.
//!
//! - `untouched`, `at rest`, `waiting`, `asking` are `Ready`: before the first edit, with nothing to send, until the timer
//!   fires, until the lock is granted. A lock that is no longer needed is released at once.
//! - `sending` and `sending, news` are `Sending`: with the answers of now, or with older ones.
//! - `cut off` tries again, later and later.
//! - `stopped` waits for a sign-in or, where the draft was rejected, for an edit.
//! - `closed`: no save is sent any more, and the device holds what the server lacks. The request was submitted or deleted
//!   elsewhere, or the server does not know it.
//! - `erased`: the device holds nothing of the draft, and nothing is left to be saved.
//! - `submitting` holds the saves of any other state back until the submission is answered.
//!
//! ```text
//! state          event                next state     orders
//! untouched      Edited               waiting        WriteDevice, Wake
//! untouched      Offline              cut off
//! untouched      OtherTabWrote        waiting        ShowAnswers, Wake
//! untouched      Submitting           submitting
//! untouched      Submitted            erased         EraseDevice
//! at rest        Edited               waiting        WriteDevice, Wake
//! at rest        Offline              cut off
//! at rest        OtherTabWrote        waiting        ShowAnswers, Wake
//! at rest        Submitting           submitting
//! at rest        Submitted            erased         EraseDevice
//! at rest        Unknown              closed         WriteDevice
//! waiting        Woken                asking         Wake, RequestLock
//! waiting        Flush                asking         Wake, RequestLock
//! waiting        Hidden               sending        WriteDevice, Send
//! waiting        Offline              cut off        Wake
//! waiting        Online               asking         Wake, RequestLock
//! waiting        SignedIn             asking         Wake, RequestLock
//! waiting        OtherTabWrote        waiting        WriteDevice, ShowConflicts
//! waiting        Submitting           submitting
//! waiting        NotSubmitted         asking         Wake, RequestLock
//! waiting        Submitted            closed         WriteDevice
//! waiting        Unknown              closed         WriteDevice
//! asking         Woken                sending        WriteDevice, Send
//! asking         Flush                asking         Wake
//! asking         Hidden               sending        WriteDevice, Send
//! asking         Offline              asking         Wake
//! asking         Online               asking         Wake
//! asking         SignedIn             asking         Wake
//! asking         LockGranted          sending        WriteDevice, Send
//! asking         OtherTabWrote        asking         WriteDevice, ShowConflicts
//! asking         Submitting           submitting
//! asking         NotSubmitted         asking         Wake
//! asking         Submitted            closed         WriteDevice
//! asking         Unknown              closed         WriteDevice
//! sending        Hidden               sending        WriteDevice
//! sending        Online               sending        Wake
//! sending        SignedIn             sending        Wake
//! sending        OtherTabWrote        sending, news  WriteDevice, ShowConflicts
//! sending        Saved                at rest        WriteDevice, ReleaseLock
//! sending        Stale: as sent       at rest        WriteDevice, ReleaseLock
//! sending        Stale: other         at rest        WriteDevice, ShowConflicts, ReleaseLock
//! sending        Failed: Unreachable  cut off        ReleaseLock, Wake
//! sending        Failed: SignedOut    stopped        ReleaseLock
//! sending        Failed: Gone         closed         ReleaseLock
//! sending        Submitting           submitting
//! sending        Submitted            closed         WriteDevice
//! sending        Unknown              closed         WriteDevice
//! sending, news  Edited               sending        WriteDevice
//! sending, news  Hidden               sending, news  WriteDevice
//! sending, news  OtherTabWrote        sending, news  WriteDevice, ShowConflicts
//! sending, news  Saved                waiting        WriteDevice, ReleaseLock
//! sending, news  Stale: as sent       asking         WriteDevice, ReleaseLock, Wake, RequestLock
//! sending, news  Stale: other         waiting        WriteDevice, ShowConflicts, ReleaseLock
//! sending, news  Failed: Unreachable  cut off        ReleaseLock, Wake
//! sending, news  Failed: SignedOut    stopped        ReleaseLock
//! sending, news  Failed: Gone         closed         ReleaseLock
//! sending, news  Submitting           submitting
//! sending, news  Submitted            closed         WriteDevice
//! sending, news  Unknown              closed         WriteDevice
//! cut off        Woken                asking         Wake, RequestLock
//! cut off        Flush                asking         Wake, RequestLock
//! cut off        Hidden               sending        WriteDevice, Send
//! cut off        Offline              cut off        Wake
//! cut off        Online               asking         Wake, RequestLock
//! cut off        SignedIn             asking         Wake, RequestLock
//! cut off        OtherTabWrote        cut off        WriteDevice, ShowConflicts
//! cut off        Submitting           submitting
//! cut off        NotSubmitted         asking         Wake, RequestLock
//! cut off        Submitted            closed         WriteDevice
//! cut off        Unknown              closed         WriteDevice
//! stopped        Hidden               stopped        WriteDevice
//! stopped        SignedIn             asking         Wake, RequestLock
//! stopped        OtherTabWrote        stopped        WriteDevice, ShowConflicts
//! stopped        Submitted            closed         WriteDevice
//! stopped        Unknown              closed         WriteDevice
//! closed         Hidden               closed         WriteDevice
//! closed         OtherTabWrote        closed         WriteDevice, ShowConflicts
//! closed         Submitted            closed         WriteDevice
//! submitting     Edited               submitting     WriteDevice
//! submitting     OtherTabWrote        submitting     ShowAnswers
//! submitting     NotSubmitted         at rest
//! submitting     Submitted            erased         EraseDevice
//! submitting     Unknown              closed         WriteDevice
//! ```
//!
//! # How to drive it
//!
//! To begin:
//!
//! - Build it with [`Machine::new`], [`Machine::from_server`], [`Machine::from_device`] or, where both have the draft,
//!   [`Machine::open`]. Then hand in [`Event::Flush`].
//!
//! The device's copy:
//!
//! - To look at it is to read it and, where its text is not the one last read or written, to hand it in as
//!   [`Event::OtherTabWrote`] and carry out what that orders. Where it is gone, there is nothing to hand in.
//! - Look at it before an event that [looks first](Event::reads_device_first), when another tab sends a message, at a
//!   `storage` event, and when the page is shown again. What a message carries is never used: it may be late.
//! - [`Effect::WriteDevice`]: look at it, then write [`Machine::device_copy`] and, where that succeeded, hand in
//!   [`Event::CopyWritten`].
//!
//! Sending:
//!
//! - [`Effect::RequestLock`]: ask for the lock of this draft, and hand in [`Event::LockGranted`] once it is held; at once where
//!   there are no locks. [`Effect::ReleaseLock`]: let it go. A lock that a hidden page let go by itself needs no word.
//! - [`Effect::Send`]: the body is in the effect. Exactly one of [`Event::Saved`], [`Event::Stale`] and
//!   [`Event::Failed`] answers it, the last one after a limit of time too: a call that is never answered failed. What the
//!   server is found to hold by another way, such as a submission over another revision, is [`Event::Found`].
//! - What a status means stands in [`Failure::of_problem`]. An error that is not a problem document of ours
//!   was intercepted: [`Failure::of_intercepted`].
//! - [`Effect::Verify`]: read the request, and hand in [`Event::Saved`] where the server holds the revision that the effect
//!   names, [`Event::Stale`] where it holds another one, or [`Event::Failed`]. A save that is sent before the answer takes the
//!   place of the verification: then no event answers the verification any more.
//! - [`Effect::Wake`]: there is one timer, and a later order replaces the one before. Hand in [`Event::Woken`].
//! - Hand in [`Event::SignedIn`] also whenever somebody looks at the page again: they may have signed in where the page
//!   could not hear of it.
//!
//! The person:
//!
//! - What stands in a control is an edit, whatever event told of it or did not: hand it in before an event that may
//!   [show something else](Event::may_change_answers), lest that be overwritten unseen.
//! - [`Effect::ShowAnswers`]: put all of these answers in the form. Whatever differs from [`Machine::mine`] in the next
//!   [`Event::Edited`] counts as changed by the person.
//! - [`Effect::ShowConflicts`]: tell once that these fields have two values.
//!
//! Closing:
//!
//! - Hand in [`Event::Submitting`] before a submission leaves, then [`Event::Submitted`] or [`Event::NotSubmitted`].
//!   Tabs that hear of a submission or a deletion hand in the same event.
//! - After [`Failure::Gone`], [`Failure::Unknown`] and [`Failure::Submitted`], what is left can only be kept as another request:
//!   [`DeviceCopy::as_new_request`] under a new id. Then, or where the person gives it up, hand in [`Event::Discarded`].

mod copy;
mod effect;
mod event;
mod failure;
mod fingerprint;
mod machine;
mod merge;
mod saved_to;
mod state;
#[cfg(test)]
mod tests;
mod timing;

pub use copy::{BaseRevision, Conflict, DeviceCopy, SavedDraft, Snapshot, Version};
pub use effect::Effect;
pub use event::{Event, Side};
pub use failure::{Failure, invites_again};
pub use machine::Machine;
pub use saved_to::SavedTo;
pub use timing::{LOCK_PATIENCE, SAVE_DELAY};
