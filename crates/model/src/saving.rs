//! Machine that decides when a draft is written to the device, and when it is sent.
//!
//! The machine is pure: events go in, effects come out, and the driver carries them out in their order and decides nothing.
//! A [`DeviceCopy`] outlives a crash; the rest of the machine does not.
//!
//! - A tab has one save in flight at most, and one tab of a browser sends at a time. A save is given up once its time limit
//!   has passed, never for a newer one: answers that were typed meanwhile go with the next save.
//! - A field that was changed to two different values is a conflict. Both values are kept, the server keeps its own, and a
//!   person chooses. A person who types over a value on the screen replaces it: that is no conflict.
//! - Answers that the server lacks are on the device in every case: no network, no session, a right that was taken away, the
//!   request submitted or deleted elsewhere.
//! - A server that was restored from a backup is merged field by field like another device. Values that it lost are sent again;
//!   values that differ and are not known to be older are conflicts. A draft that it does not know stays on the device.
//!
//! One case cannot be told from drafts and revisions alone: the response to a save is lost, and before the next try somebody
//! undoes the change exactly. This looks like a save that never arrived, and it is sent again. If it were taken for undone,
//! answers typed without a network would be lost whenever others had saved twice meanwhile. Sending again loses no answer,
//! since the value that gives way was on the screen when it was typed over. The person who undid the change sees it return,
//! marked as changed elsewhere.
//!
//! # States
//!
//! The states of the table are those of `state::State`, told apart further by the lock, the timer and `submitting`.
//! `Machine::handle` matches on state and event. The table has a line for each event that changes the state or orders an
//! effect; a test compares it with the machine.
//!
//! - `untouched`, `at rest`, `waiting`, `asking` are `Ready`: before the first edit, with nothing to send, until the timer
//!   fires, until the lock is granted. A lock that is no longer needed is released at once.
//! - `sending` and `sending, news` are `Sending`: with the current answers, or with older ones.
//! - `cut off` tries again, at ever longer intervals.
//! - `stopped` waits for a sign-in, for the person to look again where they had no right or, where the draft was rejected, for an
//!   edit.
//! - `closed`: no save is sent any more, and the device holds what the server lacks. The request was submitted or deleted
//!   elsewhere, or the server does not know it.
//! - `erased`: the device holds nothing of the draft, and nothing is left to be saved.
//! - `submitting` holds the saves of any other state back until the submission has a response.
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
//! at rest        NotOnServer          closed         WriteDevice
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
//! waiting        NotOnServer          closed         WriteDevice
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
//! asking         NotOnServer          closed         WriteDevice
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
//! sending        NotOnServer          closed         WriteDevice
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
//! sending, news  NotOnServer          closed         WriteDevice
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
//! cut off        NotOnServer          closed         WriteDevice
//! stopped        Hidden               stopped        WriteDevice
//! stopped        SignedIn             asking         Wake, RequestLock
//! stopped        OtherTabWrote        stopped        WriteDevice, ShowConflicts
//! stopped        Submitted            closed         WriteDevice
//! stopped        NotOnServer          closed         WriteDevice
//! closed         Hidden               closed         WriteDevice
//! closed         OtherTabWrote        closed         WriteDevice, ShowConflicts
//! closed         Submitted            closed         WriteDevice
//! submitting     Edited               submitting     WriteDevice
//! submitting     OtherTabWrote        submitting     ShowAnswers
//! submitting     NotSubmitted         at rest
//! submitting     Submitted            erased         EraseDevice
//! submitting     NotOnServer          closed         WriteDevice
//! ```
//!
//! # How to drive it
//!
//! To begin:
//!
//! - Make the machine with [`Machine::new`], [`Machine::from_server`], [`Machine::from_device`] or, where both have the draft,
//!   [`Machine::open`]. Then hand in [`Event::Flush`].
//!
//! The device copy:
//!
//! - To read it means: where its text is not the one last read or written, hand it in as [`Event::OtherTabWrote`] and carry
//!   out the effects. Where there is no copy, nothing is handed in.
//! - Read it before an event that [reads it first](Event::reads_device_first), when another tab sends a message, at a
//!   `storage` event, and when the page is shown again. The content of a message is never used: it may be late.
//! - [`Effect::WriteDevice`]: read the copy, then write [`Machine::device_copy`] and, where that succeeded, hand in
//!   [`Event::CopyWritten`].
//!
//! Sending:
//!
//! - [`Effect::RequestLock`]: ask for the lock of this draft, and hand in [`Event::LockGranted`] once it is held; at once where
//!   the browser has no locks. [`Effect::ReleaseLock`]: release it. A lock that a hidden page lost needs no event.
//! - [`Effect::Send`]: the body is in the effect. Exactly one of [`Event::Saved`], [`Event::Stale`] and
//!   [`Event::Failed`] is its response, the last one at the time limit too. A draft that the server holds by the response to another
//!   call, such as a submission over another revision, is [`Event::Found`].
//! - [`Failure::of_problem`] tells the meaning of a status. An error that is not a problem document of ours was intercepted:
//!   [`Failure::of_intercepted`].
//! - [`Effect::Verify`]: read the request, and hand in [`Event::Saved`] where the server holds the revision that the effect
//!   names, [`Event::Stale`] where it holds another one, or [`Event::Failed`]. A save that is sent before the response takes the
//!   place of the verification: then no event is the response to the verification any more.
//! - [`Effect::Wake`]: there is one timer, and a later order replaces the one before. Hand in [`Event::Woken`].
//! - Hand in [`Event::SignedIn`] also whenever somebody looks at the page again: they may have signed in elsewhere.
//!
//! The person:
//!
//! - The value of a control is an edit, even if no event told of it. Hand it in before an event that may
//!   [show other answers](Event::may_change_answers), which would overwrite it unseen.
//! - [`Effect::ShowAnswers`]: put all of these answers in the form. Answers that differ from [`Machine::mine`] in the next
//!   [`Event::Edited`] count as changed by the person.
//! - [`Effect::ShowConflicts`]: tell once that these fields have two values.
//!
//! Closing:
//!
//! - Hand in [`Event::Submitting`] before a submission leaves, then [`Event::Submitted`] or [`Event::NotSubmitted`].
//!   Tabs that receive the message of a submission or a deletion hand in the same event.
//! - After [`Failure::Gone`], [`Failure::NotOnServer`] and [`Failure::Submitted`], answers can only be kept in another request:
//!   [`DeviceCopy::as_new_request`] under a new id. Then, or where the person erases it, hand in [`Event::Erased`].

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
