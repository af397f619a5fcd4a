//! Actions of a schedule. They name tabs, devices and calls by number; an action that makes no sense is skipped, so that any part
//! of a schedule is a schedule.

use habilitation_model::saving::Side;

use crate::oracle::List;

/// A tab, by the order in which it was opened.
pub(crate) type TabNumber = usize;
/// A device, by its index.
pub(crate) type DeviceNumber = usize;
/// A call, by its index among the calls on the network.
pub(crate) type CallNumber = usize;

/// Statuses with which a proxy or firewall responds in the place of the server.
pub(crate) const INTERCEPTED_STATUSES: [u16; 16] =
    [200, 204, 302, 400, 401, 403, 404, 405, 408, 409, 410, 412, 413, 422, 451, 502];

/// Clock of a device, compared with the clock of the server.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Clock {
    #[default]
    Right,
    YearsBehind,
    YearsAhead,
    /// More than the 30 days after which an acknowledged copy expires: the clock was set, or the time has passed.
    WeeksAhead,
}

impl Clock {
    pub(crate) const ALL: [Self; 4] = [Self::Right, Self::YearsBehind, Self::YearsAhead, Self::WeeksAhead];

    /// Returns the time of the device in milliseconds since 1970, by that of the server.
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

/// Action of a person, a browser, the network, the server or an operator.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Action {
    /// A person types a new value in one of the text fields.
    TypeText(TabNumber, usize),
    /// A person types in a tab that has not read the latest write to the device's storage.
    TypeInRace(TabNumber, usize),
    /// A person types a value that the server rejects: too large, or not understood.
    TypeRejected(TabNumber, usize),
    /// A person adds an element to a list.
    AddElement(TabNumber, List),
    /// A person removes the first element of a list.
    RemoveElement(TabNumber, List),
    /// A person chooses between the two values of a field.
    ResolveConflict(TabNumber, Side),
    /// The timer of a tab fires.
    FireTimer(TabNumber),
    /// A person goes to another step of the form.
    ChangeStep(TabNumber),
    /// A tab becomes hidden.
    HideTab(TabNumber),
    /// A person closes a tab.
    CloseTab(TabNumber),
    /// A tab crashes.
    CrashTab(TabNumber),
    /// A person opens the draft in a new tab.
    OpenTab(DeviceNumber),
    /// The browser freezes a tab.
    FreezeTab(TabNumber),
    /// The browser thaws a frozen tab.
    ThawTab(TabNumber),
    /// A person goes to another page, and the browser keeps this one in its back/forward cache.
    EnterBfcache(TabNumber),
    /// A person comes back to a page in the back/forward cache.
    LeaveBfcache(TabNumber),
    /// A message of another tab arrives.
    ReceiveMessage(TabNumber),
    /// A tool writes a value into the focused control of a text field, without an event.
    WriteByTool(TabNumber, usize),
    /// A person leaves the control that a tool wrote into, whose value becomes their answer.
    LeaveControl(TabNumber),
    /// A person duplicates a tab in which nothing was typed yet.
    DuplicateTab(TabNumber),
    /// The first message that any tab sent arrives a second time. Only a mutant reads it.
    ReceiveLateMessage(TabNumber),
    /// The browser grants the lock to the tab that waits longest.
    GrantLock(DeviceNumber),
    /// A call reaches the server.
    DeliverCall(CallNumber),
    /// A call reaches the server a second time.
    DeliverCallAgain(CallNumber),
    /// A response reaches the tab.
    DeliverResponse(CallNumber),
    /// The tab waits no longer for the response; the call may still reach the server.
    TimeOutCall(CallNumber),
    /// A proxy or firewall responds with this status in the place of the server. The flag is set where the call reached the
    /// server all the same.
    InterceptCall(CallNumber, u16, bool),
    /// The server responds that it has no time for the call, with a status that invites to come again.
    DeferCall(CallNumber, u16),
    /// The call never ends, whether or not it reached the server.
    HangCall(CallNumber),
    /// The network loses the call or its response.
    LoseCall(CallNumber),
    /// The network of a device fails or recovers.
    ToggleNetwork(DeviceNumber),
    /// The server stops or starts.
    ToggleServer,
    /// The operator makes a backup of the server.
    BackUpServer,
    /// The operator restores the server from its last backup.
    RestoreServer,
    /// Someone sets the clock of a device.
    SetClock(DeviceNumber, Clock),
    /// The session on a device ends.
    EndSession(DeviceNumber),
    /// The owner of the draft signs in on a device.
    SignIn(DeviceNumber),
    /// Another person signs in on a device.
    SignInAnother(DeviceNumber),
    /// The owner signs out in a tab, which erases the saved copies of the device.
    SignOut(TabNumber),
    /// The storage of a device becomes full, or has room again.
    ToggleFullStorage(DeviceNumber),
    /// The storage of a device is wiped.
    WipeStorage(DeviceNumber),
    /// A person submits the request.
    Submit(TabNumber),
    /// A person deletes the draft.
    Delete(TabNumber),
    /// The owner makes a reader of the second person.
    TakeRight,
    /// The owner lets the second person change answers again.
    GiveRight,
    /// A person begins a new request with the answers of one that they cannot change any more.
    BeginNewRequest(TabNumber),
    /// A person erases the copy of the device.
    Erase(TabNumber),
}
