//! How a draft is kept: the machine that decides what is written, sent and said, and when.
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
//! One line for each event that changes the state or orders something; a test compares them with what the machine does.
//!
//! - `asking`: for the turn. A turn that is no longer needed is given back at once.
//! - `cut off`: tries again, later and later.
//! - `stopped`: waits for a sign-in or, where the draft was refused, for an edit.
//! - `ended`: submitted or deleted elsewhere while something never reached the server, or no longer known there.
//!
//! ```text
//! state          event                next state     orders
//! untouched      Edited               waiting        Keep, Wake
//! untouched      Offline              cut off
//! untouched      Elsewhere            waiting        Show, Wake
//! untouched      Submitting           submitting
//! untouched      Submitted            over           Forget
//! untouched      Unknown              ended          Keep
//! at rest        Edited               waiting        Keep, Wake
//! at rest        Offline              cut off
//! at rest        Elsewhere            waiting        Show, Wake
//! at rest        Submitting           submitting
//! at rest        Submitted            over           Forget
//! at rest        Unknown              ended          Keep
//! waiting        Woken                asking         Wake, AskTurn
//! waiting        Flush                asking         Wake, AskTurn
//! waiting        Hidden               sending        Keep, Send
//! waiting        Offline              cut off        Wake
//! waiting        Online               asking         Wake, AskTurn
//! waiting        SignedIn             asking         Wake, AskTurn
//! waiting        Elsewhere            waiting        Keep, Ask
//! waiting        Submitting           submitting
//! waiting        NotSubmitted         asking         Wake, AskTurn
//! waiting        Submitted            ended          Keep
//! waiting        Unknown              ended          Keep
//! asking         Woken                sending        Keep, Send
//! asking         Flush                asking         Wake
//! asking         Hidden               sending        Keep, Send
//! asking         Offline              asking         Wake
//! asking         Online               asking         Wake
//! asking         SignedIn             asking         Wake
//! asking         Turn                 sending        Keep, Send
//! asking         Elsewhere            asking         Keep, Ask
//! asking         Submitting           submitting
//! asking         NotSubmitted         asking         Wake
//! asking         Submitted            ended          Keep
//! asking         Unknown              ended          Keep
//! sending        Hidden               sending        Keep
//! sending        Online               sending        Wake
//! sending        SignedIn             sending        Wake
//! sending        Elsewhere            sending, news  Keep, Ask
//! sending        Saved                at rest        Keep, EndTurn
//! sending        Refused: as sent     at rest        Keep, EndTurn
//! sending        Refused: other       at rest        Keep, Ask, EndTurn
//! sending        Failed: Unreachable  cut off        EndTurn, Wake
//! sending        Failed: SignedOut    stopped        EndTurn
//! sending        Failed: Gone         ended          EndTurn
//! sending        Submitting           submitting
//! sending        Submitted            ended          Keep
//! sending        Unknown              ended          Keep
//! sending, news  Edited               sending        Keep
//! sending, news  Hidden               sending, news  Keep
//! sending, news  Elsewhere            sending, news  Keep, Ask
//! sending, news  Saved                waiting        Keep, EndTurn
//! sending, news  Refused: as sent     asking         Keep, EndTurn, Wake, AskTurn
//! sending, news  Refused: other       waiting        Keep, Ask, EndTurn
//! sending, news  Failed: Unreachable  cut off        EndTurn, Wake
//! sending, news  Failed: SignedOut    stopped        EndTurn
//! sending, news  Failed: Gone         ended          EndTurn
//! sending, news  Submitting           submitting
//! sending, news  Submitted            ended          Keep
//! sending, news  Unknown              ended          Keep
//! cut off        Woken                asking         Wake, AskTurn
//! cut off        Flush                asking         Wake, AskTurn
//! cut off        Hidden               sending        Keep, Send
//! cut off        Offline              cut off        Wake
//! cut off        Online               asking         Wake, AskTurn
//! cut off        SignedIn             asking         Wake, AskTurn
//! cut off        Elsewhere            cut off        Keep, Ask
//! cut off        Submitting           submitting
//! cut off        NotSubmitted         asking         Wake, AskTurn
//! cut off        Submitted            ended          Keep
//! cut off        Unknown              ended          Keep
//! stopped        Hidden               stopped        Keep
//! stopped        SignedIn             asking         Wake, AskTurn
//! stopped        Elsewhere            stopped        Keep, Ask
//! stopped        Submitted            ended          Keep
//! stopped        Unknown              ended          Keep
//! ended          Hidden               ended          Keep
//! ended          Elsewhere            ended          Keep, Ask
//! ended          Submitted            ended          Keep
//! submitting     Edited               submitting     Keep
//! submitting     Elsewhere            submitting     Show
//! submitting     NotSubmitted         at rest
//! submitting     Submitted            over           Forget
//! submitting     Unknown              ended          Keep
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
//!   [`Event::Elsewhere`] and carry out what that orders. Where it is gone, there is nothing to hand in.
//! - Look at it before an event that [looks first](Event::looks_first), when another tab sends a message, at a
//!   `storage` event, and when the page is shown again. What a message carries is never used: it may be late.
//! - [`Effect::Keep`]: look at it, then write [`Machine::device_copy`] and, where that succeeded, hand in
//!   [`Event::Kept`].
//!
//! Sending:
//!
//! - [`Effect::AskTurn`]: ask for the lock of this draft, and hand in [`Event::Turn`] once it is held; at once where
//!   there are no locks. [`Effect::EndTurn`]: let it go. A lock that a hidden page let go by itself needs no word.
//! - [`Effect::Send`]: the body is in the effect. Exactly one of [`Event::Saved`], [`Event::Refused`] and
//!   [`Event::Failed`] answers it, the last one after a limit of time too: a call that is never answered failed. What the
//!   server is found to hold by another way, such as a submission that is refused, is [`Event::Found`].
//! - What a status means stands in [`Failure::of_problem`]. An answer that is not a problem document of ours is somebody
//!   else's: [`Failure::of_stranger`].
//!   Where it [asks](Effect::Send::asks), there is nothing to save: ask for the request instead, and hand in
//!   [`Event::Saved`] where it is the revision that was named, [`Event::Refused`] where it is another one. A save that is
//!   sent before the answer takes the question's place: then nothing answers the question any more.
//! - [`Effect::Wake`]: there is one timer, and a later order replaces the one before. Hand in [`Event::Woken`].
//! - Hand in [`Event::SignedIn`] also whenever somebody looks at the page again: they may have signed in where the page
//!   could not hear of it.
//!
//! The person:
//!
//! - What stands in a control is an edit, whatever event told of it or did not: hand it in before an event that may
//!   [show something else](Event::may_show), lest that be overwritten unseen.
//! - [`Effect::Show`]: put all of these answers in the form. Whatever differs from [`Machine::mine`] in the next
//!   [`Event::Edited`] counts as changed by the person.
//! - [`Effect::Ask`]: tell once that these fields have two values.
//!
//! The end:
//!
//! - Hand in [`Event::Submitting`] before a submission leaves, then [`Event::Submitted`] or [`Event::NotSubmitted`].
//!   Tabs that hear of a submission or a deletion hand in the same event.
//! - After [`Failure::Gone`], [`Failure::Unknown`] and [`Failure::Submitted`], what is left can only be kept as another request:
//!   [`DeviceCopy::anew`] under a new id. Then, or where the person gives it up, hand in [`Event::LetGo`].

mod copy;
mod effect;
mod event;
mod failure;
mod machine;
mod mark;
mod merge;
mod state;
#[cfg(test)]
mod tests;
mod timing;
mod whereabouts;

pub use copy::{Base, Basis, Conflict, DeviceCopy, Snapshot, Version};
pub use effect::Effect;
pub use event::{Event, Side};
pub use failure::{Failure, invites_again};
pub use machine::Machine;
pub use timing::{SAVE_DELAY, TURN_PATIENCE};
pub use whereabouts::Whereabouts;
