//! What can happen next. Steps name tabs, devices and calls by number; one that makes no sense where it stands is
//! skipped, so that any part of a schedule is a schedule.

use habilitation_model::saving::Side;

use crate::truth::List;

/// A tab, by the order in which it was opened.
pub(crate) type TabNumber = usize;
/// A device.
pub(crate) type DeviceNumber = usize;
/// A call, by its place among those that are on the network.
pub(crate) type CallNumber = usize;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// A person types a new value in one of the text fields.
    Type(TabNumber, usize),
    /// The same, in a tab whose view of the device's storage is a moment behind.
    TypeInARace(TabNumber, usize),
    /// A person types more than the server takes, or what it does not understand.
    TypeTooMuch(TabNumber, usize),
    /// A person adds an element to a list.
    Add(TabNumber, List),
    /// A person removes the first element of a list.
    Remove(TabNumber, List),
    /// A person chooses between two values.
    Choose(TabNumber, Side),
    /// The timer fires.
    Wake(TabNumber),
    /// The person goes to another step of the form.
    Flush(TabNumber),
    /// The tab is no longer seen.
    Hide(TabNumber),
    Close(TabNumber),
    Crash(TabNumber),
    Open(DeviceNumber),
    Freeze(TabNumber),
    Thaw(TabNumber),
    /// The person goes to another page, and the browser keeps this one to come back to.
    PutAside(TabNumber),
    /// They come back to it.
    BringBack(TabNumber),
    /// A word of other tabs arrives.
    Hear(TabNumber),
    /// The first message that another tab ever sent arrives now. Only a mutant reads it.
    HearLate(TabNumber),
    /// The browser gives the lock to whoever waits longest.
    Grant(DeviceNumber),
    /// A call reaches the server.
    Arrive(CallNumber),
    /// It reaches the server a second time.
    Repeat(CallNumber),
    /// Its answer reaches the tab.
    Answer(CallNumber),
    /// The tab gives up waiting; the call may still arrive.
    GiveUp(CallNumber),
    /// The network loses the call, or its answer.
    Lose(CallNumber),
    /// The device's network goes or comes.
    Network(DeviceNumber),
    /// The server goes or comes.
    Server,
    /// The session of the device's person ends.
    SignOut(DeviceNumber),
    SignIn(DeviceNumber),
    /// Somebody else signs in on the device.
    SignInAnother(DeviceNumber),
    /// The person signs out in a tab. What the server has goes from the device.
    Leave(TabNumber),
    /// The device's storage becomes full, or free again.
    Fill(DeviceNumber),
    /// The device's storage is wiped.
    Wipe(DeviceNumber),
    Submit(TabNumber),
    Delete(TabNumber),
    /// After a deletion or a submission elsewhere, the person goes on with a new request.
    BeginAgain(TabNumber),
    /// Or gives up what only this device has.
    LetGo(TabNumber),
}
