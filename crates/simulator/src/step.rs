//! Steps that a schedule can take. Steps name tabs, devices and calls by number; one that makes no sense where it stands is
//! skipped, so that any part of a schedule is a schedule.

use habilitation_model::saving::Side;

use crate::oracle::List;

/// A tab, by the order in which it was opened.
pub(crate) type TabNumber = usize;
/// A device.
pub(crate) type DeviceNumber = usize;
/// A call, by its place among those that are on the network.
pub(crate) type CallNumber = usize;

/// Statuses with which a proxy or firewall answers in the place of the server.
pub(crate) const INTERCEPTED_STATUSES: [u16; 16] =
    [200, 204, 302, 400, 401, 403, 404, 405, 408, 409, 410, 412, 413, 422, 451, 502];

/// Time that the clock of a device says, beside that of the server.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Clock {
    #[default]
    Right,
    YearsBehind,
    YearsAhead,
    /// More than the 30 days after which an acknowledged copy goes: a clock that was set, or the time that passed.
    WeeksAhead,
}

impl Clock {
    pub(crate) const ALL: [Self; 4] = [Self::Right, Self::YearsBehind, Self::YearsAhead, Self::WeeksAhead];

    /// Milliseconds since 1970, where the server's clock says so.
    pub(crate) fn read(self, servers: u64) -> u64 {
        const DAY: u64 = 24 * 3_600_000;
        match self {
            Self::Right => servers,
            Self::YearsBehind => servers - 4_000 * DAY,
            Self::YearsAhead => servers + 4_000 * DAY,
            Self::WeeksAhead => servers + 40 * DAY,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// A person types a new value in one of the text fields.
    Type(TabNumber, usize),
    /// A person types, in a tab whose view of the device's storage is a moment behind.
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
    /// The person comes back to it.
    BringBack(TabNumber),
    /// A word of other tabs arrives.
    Receive(TabNumber),
    /// A tool writes a value into the control of a text field, and tells nobody. The person has the focus there.
    ToolWrites(TabNumber, usize),
    /// The person leaves that control: what stands in it is their answer.
    LeaveControl(TabNumber),
    /// The person duplicates a tab in which nothing was typed yet.
    Duplicate(TabNumber),
    /// The first message that another tab ever sent arrives now. Only a mutant reads it.
    ReceiveLate(TabNumber),
    /// The browser gives the lock to whoever waits longest.
    Grant(DeviceNumber),
    /// A call reaches the server.
    Arrive(CallNumber),
    /// A call reaches the server a second time.
    Repeat(CallNumber),
    /// An answer reaches the tab.
    Answer(CallNumber),
    /// The tab gives up waiting; the call may still arrive.
    GiveUp(CallNumber),
    /// A proxy or firewall answers with this status in the place of the server. The flag says whether the server saw the call.
    Intercept(CallNumber, u16, bool),
    /// The server has no time for the call, and says so: by one of the statuses that invite to come again.
    Defer(CallNumber, u16),
    /// The call never ends, whether or not it reached the server.
    Hang(CallNumber),
    /// The network loses the call, or its answer.
    Lose(CallNumber),
    /// The device's network goes or comes.
    Network(DeviceNumber),
    /// The server goes or comes.
    Server,
    /// The operator copies what the server holds.
    Backup,
    /// The server comes back as it was at the last copy.
    Restore,
    /// The clock of a device is set.
    SetClock(DeviceNumber, Clock),
    /// The session of the device's person ends.
    SignOut(DeviceNumber),
    SignIn(DeviceNumber),
    /// Another person signs in on the device.
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
