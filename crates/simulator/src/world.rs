//! A few devices with their tabs and their storage, a network, and a server; and what may happen to them.
//!
//! The tabs do what the page does: they carry out the machine's effects, by the contract in `model::saving`.

mod end;
mod network;
mod people;
mod tabs;
mod trace;

use std::collections::VecDeque;
use std::fmt::Write as _;

use habilitation_model::field::Value as Held;
use habilitation_model::saving::{DeviceCopy, Event, Failure, Machine, SavedTo};
use habilitation_model::{Draft, Field};

use crate::mutant::Mutant;
use crate::oracle::{self, FIELDS, Oracle, Value};
use crate::server::{Answer, Request, Server};
use crate::step::{Clock, DeviceNumber, Step, TabNumber};
use people::Reading;

/// Devices of the person whose draft it is, which others may use too.
pub(crate) const DEVICES: usize = 3;
/// Tabs that are ever opened in one schedule, at most.
pub(crate) const TABS_MAX: usize = 12;

/// A device: what its browser shares among its tabs.
#[derive(Default)]
pub(crate) struct Device {
    stored: Option<DeviceCopy>,
    /// Grows with each write or erasure: what a tab compares the text for.
    writes: u64,
    first_message: Option<DeviceCopy>,
    last_writer: TabNumber,
    is_full: bool,
    is_offline: bool,
    session: Session,
    /// A write failed, the storage was wiped, or two tabs wrote at once: what its tabs knew of each other's saves went
    /// with it.
    has_forgotten: bool,
    clock: Clock,
    lock: Option<TabNumber>,
    queue: VecDeque<TabNumber>,
}

/// The session of a device.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Session {
    /// The person whose draft it is.
    #[default]
    Owner,
    Another,
    Nobody,
}

/// A tab, for as long as the page is loaded.
pub(crate) struct Tab {
    pub(crate) device: DeviceNumber,
    pub(crate) machine: Machine,
    pub(crate) is_open: bool,
    pub(crate) is_frozen: bool,
    /// The browser keeps the page to come back to: it holds no lock and hears nothing.
    is_aside: bool,
    /// The write that it saw or made last.
    seen: u64,
    /// Words of other tabs that it has not heard yet.
    inbox: VecDeque<Message>,
    timer: bool,
    /// The machine waits for its turn, or has it.
    lock_is_wanted: bool,
    /// Set where what it shows is not on the device: a write failed, or the storage was wiped.
    unwritten: bool,
    saving: bool,
    asking: bool,
    /// Set once it was told that the request is submitted.
    submitted: bool,
    /// Number of times that the server had come back from its backup when the tab was opened.
    restores: u32,
    /// Value that a tool wrote into the control that has the focus.
    control: Option<Written>,
    /// For a mutant.
    early: Option<Draft>,
}

/// A value that stands in a control, and of which no event told.
#[derive(Clone, Copy)]
struct Written {
    field: Field,
    value: Value,
}

/// A message that tabs of one browser send each other.
#[derive(Clone)]
enum Message {
    Written,
    Submitted,
    Deleted,
}

/// A call on the network.
pub(crate) struct Call {
    tab: TabNumber,
    device: DeviceNumber,
    request: Request,
    pub(crate) answer: Option<Answer>,
    /// The tab still waits for the answer.
    pub(crate) awaited: bool,
    /// Set where no answer will ever come: only a limit of time ends the waiting.
    pub(crate) hangs: bool,
}

pub(crate) struct World {
    pub(crate) devices: [Device; DEVICES],
    pub(crate) tabs: Vec<Tab>,
    pub(crate) calls: Vec<Call>,
    pub(crate) server: Server,
    /// Answers that a new request is filled with beforehand.
    prefilled: Draft,
    oracle: Oracle,
    has_locks: bool,
    mutant: Option<Mutant>,
    /// The rule that was broken first.
    pub(crate) violated: Option<String>,
    trace: Option<String>,
}

impl World {
    pub(crate) fn new(has_locks: bool, mutant: Option<Mutant>, traced: bool) -> Self {
        let mut oracle = Oracle::new();
        let known = oracle.typed(&[]);
        oracle.given_up([known]);
        let mut prefilled = Draft::default();
        FIELDS[0].set(&mut prefilled, Held::Text(&oracle::text(known, false)));
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

    /// Takes a step; answers whether it makes sense here.
    pub(crate) fn apply(&mut self, step: Step) -> bool {
        if !self.makes_sense(step) {
            return false;
        }
        self.note(|| format!("{step:?}"));
        match step {
            Step::Type(tab, field) => self.type_in(tab, FIELDS[field], Reading::Fresh, false),
            Step::TypeInARace(tab, field) => self.type_in(tab, FIELDS[field], Reading::Stale, false),
            Step::TypeTooMuch(tab, field) => self.type_in(tab, FIELDS[field], Reading::Fresh, true),
            Step::Add(tab, list) => self.add(tab, list),
            Step::Remove(tab, list) => self.remove(tab, list),
            Step::Choose(tab, side) => self.choose(tab, side),
            Step::Wake(tab) => {
                self.tabs[tab].timer = false;
                self.dispatch(tab, Event::Woken);
            }
            Step::ToolWrites(tab, field) => self.tool_writes(tab, FIELDS[field]),
            Step::LeaveControl(tab) => self.leave_control(tab),
            Step::Duplicate(tab) => self.duplicate(tab),
            Step::Intercept(call, status, acted) => self.intercept(call, status, acted),
            Step::Defer(call, status) => self.calls[call].answer = Some(Answer::ComeAgain(status)),
            Step::Hang(call) => self.calls[call].hangs = true,
            Step::Backup => self.server.back_up(),
            Step::Restore => self.restore(),
            Step::SetClock(device, clock) => self.devices[device].clock = clock,
            Step::Flush(tab) => {
                self.leave_control(tab);
                self.dispatch(tab, Event::Flush);
            }
            Step::Hide(tab) => self.dispatch(tab, Event::Hidden),
            Step::Close(tab) => self.close(tab),
            Step::Crash(tab) => self.crash(tab),
            Step::Open(device) => self.open(device),
            Step::Freeze(tab) => self.tabs[tab].is_frozen = true,
            Step::Thaw(tab) => self.thaw(tab),
            Step::PutAside(tab) => self.put_aside(tab),
            Step::BringBack(tab) => self.bring_back(tab),
            Step::Receive(tab) => self.receive(tab),
            Step::ReceiveLate(tab) => self.receive_late(tab),
            Step::Grant(device) => self.grant(device),
            Step::Arrive(call) => self.arrive(call),
            Step::Repeat(call) => self.repeat(call),
            Step::Answer(call) => self.answer(call),
            Step::GiveUp(call) => self.give_up(call),
            Step::Lose(call) => {
                self.give_up(call);
                self.calls.swap_remove(call);
            }
            Step::Network(device) => self.network(device),
            Step::Server => self.server.is_up = !self.server.is_up,
            Step::SignOut(device) => self.devices[device].session = Session::Nobody,
            Step::SignIn(device) => self.sign_in(device, Session::Owner),
            Step::SignInAnother(device) => self.sign_in(device, Session::Another),
            Step::Leave(tab) => self.leave(tab),
            Step::Fill(device) => self.devices[device].is_full = !self.devices[device].is_full,
            Step::Wipe(device) => self.wipe(device),
            Step::Submit(tab) => self.submit(tab),
            Step::Delete(tab) => self.delete(tab),
            Step::BeginAgain(tab) => self.begin_again(tab),
            Step::LetGo(tab) => {
                self.read_device_copy(tab);
                self.give_up_all(tab);
                self.dispatch(tab, Event::Discarded);
            }
        }
        true
    }

    fn makes_sense(&self, step: Step) -> bool {
        let open = |tab: TabNumber| self.tabs.get(tab).is_some_and(|tab| tab.is_open);
        let awake = |tab: TabNumber| open(tab) && !self.tabs[tab].is_frozen;
        let call = |call: usize| self.calls.get(call);
        match step {
            Step::Type(tab, _) | Step::TypeTooMuch(tab, _) | Step::Add(tab, _) => awake(tab) && !self.tabs[tab].asking,
            Step::TypeInARace(tab, _) => awake(tab) && !self.tabs[tab].asking && self.is_a_moment_behind(tab),
            Step::ToolWrites(tab, _) => awake(tab) && !self.tabs[tab].asking && self.tabs[tab].control.is_none(),
            Step::LeaveControl(tab) => awake(tab) && !self.tabs[tab].asking && self.tabs[tab].control.is_some(),
            Step::Duplicate(tab) => {
                let is_untouched = || self.tabs[tab].machine.saved_to() == SavedTo::Nowhere;
                self.tabs.len() < TABS_MAX && awake(tab) && is_untouched()
            }
            Step::Intercept(number, ..) | Step::Defer(number, _) => {
                call(number).is_some_and(|call| call.answer.is_none() && !call.hangs)
            }
            Step::Hang(number) => call(number).is_some_and(|call| !call.hangs),
            Step::Remove(tab, list) => {
                awake(tab) && !self.tabs[tab].asking && list.elements(self.tabs[tab].machine.mine()).next().is_some()
            }
            Step::Choose(tab, _) => awake(tab) && self.tabs[tab].machine.conflicts().next().is_some(),
            Step::Wake(tab) => awake(tab) && self.tabs[tab].timer,
            Step::Flush(tab) | Step::Hide(tab) | Step::Freeze(tab) | Step::PutAside(tab) | Step::Close(tab) => {
                awake(tab)
            }
            Step::Crash(tab) => open(tab),
            Step::Open(_) => self.tabs.len() < TABS_MAX,
            Step::Thaw(tab) => open(tab) && self.tabs[tab].is_frozen && !self.tabs[tab].is_aside,
            Step::BringBack(tab) => open(tab) && self.tabs[tab].is_aside,
            Step::Receive(tab) => awake(tab) && !self.tabs[tab].inbox.is_empty(),
            Step::ReceiveLate(tab) => self.is(Mutant::TrustsLateMessages) && awake(tab),
            Step::Grant(device) => self.devices[device].lock.is_none() && !self.devices[device].queue.is_empty(),
            Step::Arrive(number) => {
                call(number).is_some_and(|call| call.answer.is_none() && !call.hangs) && self.reaches_the_server(number)
            }
            Step::Repeat(number) => {
                let is_let_in = |call: &Call| {
                    call.answer.as_ref().is_some_and(|answer| {
                        !matches!(answer, Answer::SignedOut | Answer::Intercepted(_) | Answer::ComeAgain(_))
                    })
                };
                call(number).is_some_and(is_let_in)
            }
            Step::Answer(number) => call(number).is_some_and(|call| {
                call.answer.is_some()
                    && !call.hangs
                    && (!call.awaited || (awake(call.tab) && !self.devices[call.device].is_offline))
            }),
            Step::GiveUp(number) => {
                let is_patient = self.is(Mutant::WaitsForEver);
                call(number).is_some_and(|call| call.awaited && awake(call.tab) && !is_patient)
            }
            Step::Lose(number) => call(number).is_some_and(|call| !call.awaited || awake(call.tab)),
            Step::SignOut(device) => self.devices[device].session != Session::Nobody,
            Step::SignIn(device) => self.devices[device].session != Session::Owner,
            Step::SignInAnother(device) => self.devices[device].session == Session::Nobody,
            Step::Leave(tab) => awake(tab) && !self.tabs[tab].asking && self.is_answered(self.tabs[tab].device),
            Step::Wipe(device) => self.devices[device].stored.is_some(),
            Step::Submit(tab) => {
                let ready =
                    |tab: &Tab| tab.machine.saved_to() == SavedTo::Server && tab.machine.conflicts().next().is_none();
                awake(tab) && !self.tabs[tab].asking && ready(&self.tabs[tab])
            }
            Step::Delete(tab) => awake(tab) && !self.tabs[tab].asking && self.tabs[tab].machine.base().is_some(),
            Step::BeginAgain(tab) | Step::LetGo(tab) => {
                awake(tab)
                    && matches!(
                        self.tabs[tab].machine.failure(),
                        Some(Failure::Gone | Failure::Unknown | Failure::Submitted)
                    )
            }
            Step::Network(_) | Step::Server | Step::Fill(_) | Step::Backup | Step::Restore | Step::SetClock(..) => true,
        }
    }
}
