//! World of a schedule: devices with their tabs and their storage, a network, a server, and the actions that change
//! them.
//!
//! The tabs do what the page does: they carry out the machine's effects, by the contract in `model::saving`.

mod checks;
mod network;
mod people;
mod tabs;
mod trace;

use std::collections::VecDeque;
use std::fmt::Write as _;

use habilitation_model::field::Value;
use habilitation_model::saving::{DeviceCopy, Event, Failure, Machine, SavedTo};
use habilitation_model::{Draft, Field};

use crate::action::{Action, Clock, DeviceNumber, TabNumber};
use crate::mutant::Mutant;
use crate::oracle::{self, FIELDS, Oracle, TypedId};
use crate::server::{Request, Response, Server};
use people::Reading;

/// Devices that people use who take part in the request, and others too.
pub(crate) const DEVICES: usize = 3;
/// Device of a second person, who changes the same draft while the owner lets them.
pub(crate) const SECOND_PERSONS: DeviceNumber = DEVICES - 1;
/// Most tabs that one schedule opens.
pub(crate) const TABS_MAX: usize = 12;

/// Device, with the state that its browser shares among tabs.
#[derive(Default)]
pub(crate) struct Device {
    stored: Option<DeviceCopy>,
    /// Number of writes and erasures so far. A tab compares it where the page compares texts.
    writes: u64,
    first_message: Option<DeviceCopy>,
    last_writer: TabNumber,
    is_full: bool,
    is_offline: bool,
    session: Session,
    /// Set where a write failed, the storage was wiped, or two tabs wrote at once: its tabs may not know each other's
    /// saves.
    has_forgotten: bool,
    clock: Clock,
    lock: Option<TabNumber>,
    queue: VecDeque<TabNumber>,
}

/// Session on a device.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Session {
    /// Session of the person who owns the draft.
    #[default]
    Owner,
    Another,
    Nobody,
}

/// Tab, as long as its page is loaded.
pub(crate) struct Tab {
    pub(crate) device: DeviceNumber,
    pub(crate) machine: Machine,
    pub(crate) is_open: bool,
    pub(crate) is_frozen: bool,
    /// Set while the page is in the back/forward cache: it holds no lock and receives no message.
    is_in_bfcache: bool,
    /// Number of the last write that the tab read or made.
    seen: u64,
    /// Messages of other tabs that it has not received yet.
    inbox: VecDeque<Message>,
    timer: bool,
    /// Set while the machine waits for the lock or holds it.
    lock_is_wanted: bool,
    /// Set where the device does not hold the answers of the tab: a write failed, or the storage was wiped.
    unwritten: bool,
    saving: bool,
    asking: bool,
    /// Set once the tab knows that the request is submitted.
    submitted: bool,
    /// Number of restores of the server before the tab was opened.
    restores: u32,
    /// Value that a tool wrote into the focused control.
    control: Option<Written>,
    /// Body that was read when the lock was requested, as a mutant does.
    early: Option<Draft>,
}

/// Value of a control that no event told the page of.
#[derive(Clone, Copy)]
struct Written {
    field: Field,
    value: TypedId,
}

/// Message to the other tabs of a browser.
#[derive(Clone)]
enum Message {
    Written,
    Submitted,
    Deleted,
}

/// Call on the network.
pub(crate) struct Call {
    tab: TabNumber,
    device: DeviceNumber,
    request: Request,
    pub(crate) response: Option<Response>,
    /// Set while the tab waits for the response.
    pub(crate) awaited: bool,
    /// Set where no response will ever come: only the time limit ends the waiting.
    pub(crate) hangs: bool,
}

pub(crate) struct World {
    pub(crate) devices: [Device; DEVICES],
    pub(crate) tabs: Vec<Tab>,
    pub(crate) calls: Vec<Call>,
    pub(crate) server: Server,
    /// Answers that a new request begins with.
    prefilled: Draft,
    oracle: Oracle,
    has_locks: bool,
    mutant: Option<Mutant>,
    /// First rule that was broken.
    pub(crate) violated: Option<String>,
    trace: Option<String>,
}

impl World {
    pub(crate) fn new(has_locks: bool, mutant: Option<Mutant>, traced: bool) -> Self {
        let mut oracle = Oracle::new();
        let known = oracle.typed(&[]);
        oracle.given_up([known]);
        let mut prefilled = Draft::default();
        FIELDS[0].set(&mut prefilled, Value::Text(&oracle::text(known, false)));
        Self {
            devices: Default::default(),
            tabs: Vec::new(),
            calls: Vec::new(),
            server: Server::new(mutant),
            prefilled,
            oracle,
            has_locks,
            mutant,
            violated: None,
            trace: traced.then(String::new),
        }
    }

    pub(crate) fn trace(self) -> Option<String> {
        self.trace
    }

    fn note(&mut self, line: impl FnOnce() -> String) {
        if let Some(trace) = &mut self.trace {
            // Writing to a string cannot fail.
            let _ = writeln!(trace, "{}", line());
        }
    }

    fn violate(&mut self, rule: impl FnOnce() -> String) {
        if self.violated.is_none() {
            let rule = rule();
            self.note(|| format!("BROKEN: {rule}"));
            self.violated = Some(rule);
        }
    }

    fn is(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    /// Applies an action; returns whether it makes sense here.
    pub(crate) fn apply(&mut self, action: Action) -> bool {
        if !self.makes_sense(action) {
            return false;
        }
        self.note(|| format!("{action:?}"));
        match action {
            Action::TypeText(tab, field) => self.type_text(tab, FIELDS[field], Reading::Fresh, false),
            Action::TypeInRace(tab, field) => self.type_text(tab, FIELDS[field], Reading::Behind, false),
            Action::TypeRejected(tab, field) => self.type_text(tab, FIELDS[field], Reading::Fresh, true),
            Action::AddElement(tab, list) => self.add_element(tab, list),
            Action::RemoveElement(tab, list) => self.remove_element(tab, list),
            Action::ResolveConflict(tab, side) => self.resolve_conflict(tab, side),
            Action::FireTimer(tab) => {
                self.tabs[tab].timer = false;
                self.dispatch(tab, Event::Woken);
            }
            Action::WriteByTool(tab, field) => self.write_by_tool(tab, FIELDS[field]),
            Action::LeaveControl(tab) => self.leave_control(tab),
            Action::DuplicateTab(tab) => self.duplicate_tab(tab),
            Action::InterceptCall(call, status, acted) => self.intercept(call, status, acted),
            Action::DeferCall(call, status) => self.calls[call].response = Some(Response::ComeAgain(status)),
            Action::HangCall(call) => self.calls[call].hangs = true,
            Action::BackUpServer => self.server.back_up(),
            Action::RestoreServer => self.restore_server(),
            Action::SetClock(device, clock) => self.devices[device].clock = clock,
            Action::ChangeStep(tab) => {
                self.leave_control(tab);
                self.dispatch(tab, Event::Flush);
            }
            Action::HideTab(tab) => self.dispatch(tab, Event::Hidden),
            Action::CloseTab(tab) => self.close(tab),
            Action::CrashTab(tab) => self.crash(tab),
            Action::OpenTab(device) => self.open(device),
            Action::FreezeTab(tab) => self.tabs[tab].is_frozen = true,
            Action::ThawTab(tab) => self.thaw(tab),
            Action::EnterBfcache(tab) => self.enter_bfcache(tab),
            Action::LeaveBfcache(tab) => self.leave_bfcache(tab),
            Action::ReceiveMessage(tab) => self.receive_message(tab),
            Action::ReceiveLateMessage(tab) => self.receive_late_message(tab),
            Action::GrantLock(device) => self.grant_lock(device),
            Action::DeliverCall(call) => self.deliver_call(call),
            Action::DeliverCallAgain(call) => self.deliver_call_again(call),
            Action::DeliverResponse(call) => self.deliver_response(call),
            Action::TimeOutCall(call) => self.time_out_call(call),
            Action::LoseCall(call) => {
                self.time_out_call(call);
                self.calls.swap_remove(call);
            }
            Action::ToggleNetwork(device) => self.toggle_network(device),
            Action::ToggleServer => self.server.is_up = !self.server.is_up,
            Action::EndSession(device) => self.devices[device].session = Session::Nobody,
            Action::SignIn(device) => self.sign_in(device, Session::Owner),
            Action::SignInAnother(device) => self.sign_in(device, Session::Another),
            Action::SignOut(tab) => self.sign_out(tab),
            Action::ToggleFullStorage(device) => self.devices[device].is_full = !self.devices[device].is_full,
            Action::WipeStorage(device) => self.wipe_storage(device),
            Action::Submit(tab) => self.submit(tab),
            Action::Delete(tab) => self.delete(tab),
            Action::TakeRight => self.server.second_person_edits = false,
            Action::GiveRight => self.give_right(),
            Action::BeginNewRequest(tab) => self.begin_new_request(tab),
            Action::Erase(tab) => {
                self.read_device_copy(tab);
                self.give_up_all(tab);
                self.dispatch(tab, Event::Erased);
            }
        }
        true
    }

    fn makes_sense(&self, action: Action) -> bool {
        let open = |tab: TabNumber| self.tabs.get(tab).is_some_and(|tab| tab.is_open);
        let awake = |tab: TabNumber| open(tab) && !self.tabs[tab].is_frozen;
        let call = |call: usize| self.calls.get(call);
        match action {
            Action::TypeText(tab, _) | Action::TypeRejected(tab, _) | Action::AddElement(tab, _) => {
                awake(tab) && !self.tabs[tab].asking
            }
            Action::TypeInRace(tab, _) => awake(tab) && !self.tabs[tab].asking && self.is_one_write_behind(tab),
            Action::WriteByTool(tab, _) => awake(tab) && !self.tabs[tab].asking && self.tabs[tab].control.is_none(),
            Action::LeaveControl(tab) => awake(tab) && !self.tabs[tab].asking && self.tabs[tab].control.is_some(),
            Action::DuplicateTab(tab) => {
                let is_untouched = || self.tabs[tab].machine.saved_to() == SavedTo::Nowhere;
                self.tabs.len() < TABS_MAX && awake(tab) && is_untouched()
            }
            Action::InterceptCall(number, ..) | Action::DeferCall(number, _) => {
                call(number).is_some_and(|call| call.response.is_none() && !call.hangs)
            }
            Action::HangCall(number) => call(number).is_some_and(|call| !call.hangs),
            Action::RemoveElement(tab, list) => {
                awake(tab) && !self.tabs[tab].asking && list.elements(self.tabs[tab].machine.mine()).next().is_some()
            }
            Action::ResolveConflict(tab, _) => awake(tab) && self.tabs[tab].machine.conflicts().next().is_some(),
            Action::FireTimer(tab) => awake(tab) && self.tabs[tab].timer,
            Action::ChangeStep(tab)
            | Action::HideTab(tab)
            | Action::FreezeTab(tab)
            | Action::EnterBfcache(tab)
            | Action::CloseTab(tab) => awake(tab),
            Action::CrashTab(tab) => open(tab),
            Action::OpenTab(_) => self.tabs.len() < TABS_MAX,
            Action::ThawTab(tab) => open(tab) && self.tabs[tab].is_frozen && !self.tabs[tab].is_in_bfcache,
            Action::LeaveBfcache(tab) => open(tab) && self.tabs[tab].is_in_bfcache,
            Action::ReceiveMessage(tab) => awake(tab) && !self.tabs[tab].inbox.is_empty(),
            Action::ReceiveLateMessage(tab) => self.is(Mutant::TrustsLateMessages) && awake(tab),
            Action::GrantLock(device) => self.devices[device].lock.is_none() && !self.devices[device].queue.is_empty(),
            Action::DeliverCall(number) => {
                call(number).is_some_and(|call| call.response.is_none() && !call.hangs)
                    && self.reaches_the_server(number)
            }
            Action::DeliverCallAgain(number) => {
                let is_let_in = |call: &Call| {
                    call.response.as_ref().is_some_and(|response| {
                        !matches!(response, Response::SignedOut | Response::Intercepted(_) | Response::ComeAgain(_))
                    })
                };
                call(number).is_some_and(is_let_in)
            }
            Action::DeliverResponse(number) => call(number).is_some_and(|call| {
                call.response.is_some()
                    && !call.hangs
                    && (!call.awaited || (awake(call.tab) && !self.devices[call.device].is_offline))
            }),
            Action::TimeOutCall(number) => {
                let is_patient = self.is(Mutant::WaitsForEver);
                call(number).is_some_and(|call| call.awaited && awake(call.tab) && !is_patient)
            }
            Action::LoseCall(number) => call(number).is_some_and(|call| !call.awaited || awake(call.tab)),
            Action::EndSession(device) => self.devices[device].session != Session::Nobody,
            Action::SignIn(device) => self.devices[device].session != Session::Owner,
            Action::SignInAnother(device) => self.devices[device].session == Session::Nobody,
            Action::SignOut(tab) => awake(tab) && !self.tabs[tab].asking && self.is_served(self.tabs[tab].device),
            Action::WipeStorage(device) => self.devices[device].stored.is_some(),
            Action::Submit(tab) => {
                let ready =
                    |tab: &Tab| tab.machine.saved_to() == SavedTo::Server && tab.machine.conflicts().next().is_none();
                awake(tab) && !self.tabs[tab].asking && ready(&self.tabs[tab])
            }
            Action::Delete(tab) => awake(tab) && !self.tabs[tab].asking && self.tabs[tab].machine.base().is_some(),
            Action::BeginNewRequest(tab) | Action::Erase(tab) => {
                awake(tab)
                    && matches!(
                        self.tabs[tab].machine.failure(),
                        Some(Failure::Gone | Failure::NotOnServer | Failure::Submitted | Failure::NotPermitted)
                    )
            }
            Action::TakeRight => self.server.second_person_edits,
            Action::GiveRight => !self.server.second_person_edits,
            Action::ToggleNetwork(_)
            | Action::ToggleServer
            | Action::ToggleFullStorage(_)
            | Action::BackUpServer
            | Action::RestoreServer
            | Action::SetClock(..) => true,
        }
    }
}
