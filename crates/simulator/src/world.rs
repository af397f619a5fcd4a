//! A few devices with their tabs and their storage, a network, and a server; and what may happen to them.
//!
//! The tabs do what the page does: they carry out the machine's effects, by the contract in `model::saving`.

use std::collections::VecDeque;
use std::fmt::Write as _;

use habilitation_model::saving::{Base, DeviceCopy, Effect, Event, Failure, Machine, Side, Whereabouts};
use habilitation_model::{Draft, Field};

use crate::mutant::Mutant;
use crate::server::{Answer, Request, Server, State};
use crate::step::{DeviceNumber, Step, TabNumber};
use crate::truth::{self, FIELDS, Truth, Value, elements, value_in, value_of};

/// Devices, each of another person or of the same one.
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
    signed_out: bool,
    lock: Option<TabNumber>,
    queue: VecDeque<TabNumber>,
}

/// A tab, for as long as the page is loaded.
pub(crate) struct Tab {
    pub(crate) device: DeviceNumber,
    pub(crate) machine: Machine,
    pub(crate) is_open: bool,
    pub(crate) is_frozen: bool,
    /// The write that it saw or made last.
    seen: u64,
    /// Words of other tabs that it has not heard yet.
    unheard: VecDeque<Word>,
    timer: bool,
    /// What it shows is not on the device: a write failed, or the storage was wiped.
    unwritten: bool,
    saving: bool,
    asking: bool,
    /// It was told that the request is submitted.
    submitted: bool,
    /// For a mutant.
    early: Option<Draft>,
}

/// What tabs of one browser tell each other.
#[derive(Clone)]
enum Word {
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
}

pub(crate) struct World {
    pub(crate) devices: [Device; DEVICES],
    pub(crate) tabs: Vec<Tab>,
    pub(crate) calls: Vec<Call>,
    pub(crate) server: Server,
    truth: Truth,
    has_locks: bool,
    /// A storage was full, wiped, or written by two tabs at once: what its tabs knew of each other's saves went with it.
    has_forgotten: bool,
    mutant: Option<Mutant>,
    /// The rule that was broken first.
    pub(crate) broken: Option<String>,
    trace: Option<String>,
}

impl World {
    pub(crate) fn new(has_locks: bool, mutant: Option<Mutant>, traced: bool) -> Self {
        Self {
            devices: Default::default(),
            tabs: Vec::new(),
            calls: Vec::new(),
            server: Server::new(mutant),
            truth: Truth::new(),
            has_locks,
            has_forgotten: false,
            mutant,
            broken: None,
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

    fn breaks(&mut self, rule: impl FnOnce() -> String) {
        if self.broken.is_none() {
            let rule = rule();
            self.note(|| format!("BROKEN: {rule}"));
            self.broken = Some(rule);
        }
    }

    fn is(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    /// Takes a step; answers whether it makes sense here.
    pub(crate) fn take(&mut self, step: Step) -> bool {
        if !self.makes_sense(step) {
            return false;
        }
        self.note(|| format!("{step:?}"));
        match step {
            Step::Type(tab, field) => self.type_in(tab, FIELDS[field], Reading::Fresh),
            Step::TypeInARace(tab, field) => self.type_in(tab, FIELDS[field], Reading::Stale),
            Step::Tick(tab) => {
                let element = self.truth.typed(&[]);
                self.set_scope(tab, element, true);
            }
            Step::Untick(tab) => {
                let element = elements(self.tabs[tab].machine.mine()).next();
                if let Some(element) = element {
                    self.truth.removed(element);
                    self.set_scope(tab, element, false);
                }
            }
            Step::Choose(tab, side) => self.choose(tab, side),
            Step::Wake(tab) => {
                self.tabs[tab].timer = false;
                self.happened(tab, Event::Woken);
            }
            Step::Flush(tab) => self.happened(tab, Event::Flush),
            Step::Hide(tab) => self.happened(tab, Event::Hidden),
            Step::Close(tab) => {
                self.happened(tab, Event::Hidden);
                self.disappear(tab);
            }
            Step::Crash(tab) => self.disappear(tab),
            Step::Open(device) => self.open(device),
            Step::Freeze(tab) => self.tabs[tab].is_frozen = true,
            Step::Thaw(tab) => self.thaw(tab),
            Step::Hear(tab) => self.hear(tab),
            Step::HearLate(tab) => self.hear_late(tab),
            Step::Grant(device) => self.grant(device),
            Step::Arrive(call) => self.arrive(call),
            Step::Repeat(call) => {
                let request = self.calls[call].request.clone();
                if self.reaches_the_server(call) {
                    let _ = self.serve(&request);
                }
            }
            Step::Answer(call) => self.answer(call),
            Step::GiveUp(call) => self.give_up(call),
            Step::Lose(call) => {
                self.give_up(call);
                self.calls.swap_remove(call);
            }
            Step::Network(device) => self.network(device),
            Step::Server => self.server.is_up = !self.server.is_up,
            Step::SignOut(device) => self.devices[device].signed_out = true,
            Step::SignIn(device) => self.sign_in(device),
            Step::Fill(device) => {
                self.has_forgotten = true;
                self.devices[device].is_full = !self.devices[device].is_full;
            }
            Step::Wipe(device) => self.wipe(device),
            Step::Submit(tab) => self.submit(tab),
            Step::Delete(tab) => self.delete(tab),
            Step::BeginAgain(tab) => {
                self.look(tab);
                let again = self.tabs[tab].machine.device_copy(0).anew(0);
                self.truth.moved(truth::shown(&again));
                self.happened(tab, Event::LetGo);
            }
            Step::LetGo(tab) => {
                self.look(tab);
                self.give_up_all(tab);
                self.happened(tab, Event::LetGo);
            }
        }
        true
    }

    fn makes_sense(&self, step: Step) -> bool {
        let open = |tab: TabNumber| self.tabs.get(tab).is_some_and(|tab| tab.is_open);
        let awake = |tab: TabNumber| open(tab) && !self.tabs[tab].is_frozen;
        let call = |call: usize| self.calls.get(call);
        match step {
            Step::Type(tab, _) | Step::Tick(tab) => awake(tab) && !self.tabs[tab].asking,
            Step::TypeInARace(tab, _) => awake(tab) && !self.tabs[tab].asking && self.is_a_moment_behind(tab),
            Step::Untick(tab) => {
                awake(tab) && !self.tabs[tab].asking && elements(self.tabs[tab].machine.mine()).next().is_some()
            }
            Step::Choose(tab, _) => awake(tab) && self.tabs[tab].machine.conflicts().next().is_some(),
            Step::Wake(tab) => awake(tab) && self.tabs[tab].timer,
            Step::Flush(tab) | Step::Hide(tab) | Step::Freeze(tab) | Step::Close(tab) => awake(tab),
            Step::Crash(tab) => open(tab),
            Step::Open(_) => self.tabs.len() < TABS_MAX,
            Step::Thaw(tab) => open(tab) && self.tabs[tab].is_frozen,
            Step::Hear(tab) => awake(tab) && !self.tabs[tab].unheard.is_empty(),
            Step::HearLate(tab) => self.is(Mutant::TrustsLateMessages) && awake(tab),
            Step::Grant(device) => self.devices[device].lock.is_none() && !self.devices[device].queue.is_empty(),
            Step::Arrive(number) => {
                call(number).is_some_and(|call| call.answer.is_none()) && self.reaches_the_server(number)
            }
            Step::Repeat(number) => call(number).is_some_and(|call| call.answer.is_some()),
            Step::Answer(number) => call(number).is_some_and(|call| {
                call.answer.is_some() && (!call.awaited || (awake(call.tab) && !self.devices[call.device].is_offline))
            }),
            Step::GiveUp(number) => call(number).is_some_and(|call| call.awaited && awake(call.tab)),
            Step::Lose(number) => call(number).is_some_and(|call| !call.awaited || awake(call.tab)),
            Step::SignOut(device) => !self.devices[device].signed_out,
            Step::SignIn(device) => self.devices[device].signed_out,
            Step::Wipe(device) => self.devices[device].stored.is_some(),
            Step::Submit(tab) => {
                let ready = |tab: &Tab| {
                    tab.machine.whereabouts() == Whereabouts::Server && tab.machine.conflicts().next().is_none()
                };
                awake(tab) && !self.tabs[tab].asking && ready(&self.tabs[tab])
            }
            Step::Delete(tab) => awake(tab) && !self.tabs[tab].asking && self.tabs[tab].machine.base().is_some(),
            Step::BeginAgain(tab) | Step::LetGo(tab) => {
                awake(tab) && matches!(self.tabs[tab].machine.failure(), Some(Failure::Gone | Failure::Submitted))
            }
            Step::Network(_) | Step::Server | Step::Fill(_) => true,
        }
    }

    // People.

    fn type_in(&mut self, tab: TabNumber, field: Field, reading: Reading) {
        let machine = &self.tabs[tab].machine;
        let mut draft = machine.mine().clone();
        let mut over = vec![value_in(field, &draft)];
        let conflict = machine.conflicts().find(|conflict| conflict.field == field);
        over.extend(conflict.map(|conflict| value_of(conflict.other())));
        let value = self.truth.typed(&over);
        field.set(&mut draft, habilitation_model::field::Value::Text(&value.to_string()));
        if reading == Reading::Stale {
            // Until it hears of it, the tab whose copy is written over has the only one.
            let device = &self.devices[self.tabs[tab].device];
            let (overwritten, writes) = (device.last_writer, device.writes);
            self.tabs[overwritten].unwritten = true;
            self.tabs[tab].seen = writes;
            self.has_forgotten = true;
        }
        self.edit(tab, draft);
        let kept = |copy: &DeviceCopy| value_in(field, &copy.mine) == value;
        if !self.devices[self.tabs[tab].device].stored.as_ref().is_some_and(kept) && !self.tabs[tab].unwritten {
            self.breaks(|| format!("what was typed is on the device at once: {value} is not"));
        }
    }

    fn set_scope(&mut self, tab: TabNumber, element: Value, ticked: bool) {
        let mut draft = self.tabs[tab].machine.mine().clone();
        draft.data.scopes = draft.data.scopes.with(&element.to_string(), ticked);
        self.edit(tab, draft);
    }

    fn edit(&mut self, tab: TabNumber, draft: Draft) {
        if self.is(Mutant::AbortsInFlight) && self.tabs[tab].saving {
            self.abort(tab);
        }
        self.happened(tab, Event::Edited(draft));
    }

    fn choose(&mut self, tab: TabNumber, side: Side) {
        let machine = &self.tabs[tab].machine;
        let Some(conflict) = machine.conflicts().next() else { return };
        let (field, mine, theirs) =
            (conflict.field, value_in(conflict.field, machine.mine()), value_of(conflict.other()));
        match side {
            Side::Mine => self.truth.chosen(mine, theirs),
            Side::Theirs => self.truth.chosen(theirs, mine),
        }
        self.happened(tab, Event::Chosen { field, side });
    }

    fn submit(&mut self, tab: TabNumber) {
        let Some(revision) = self.tabs[tab].machine.base().map(|base| base.revision) else { return };
        self.tabs[tab].asking = true;
        if !self.is(Mutant::SavesAfterSubmission) {
            self.happened(tab, Event::Submitting);
        }
        self.call(tab, Request::Submit { revision });
    }

    fn delete(&mut self, tab: TabNumber) {
        let Some(revision) = self.tabs[tab].machine.base().map(|base| base.revision) else { return };
        self.tabs[tab].asking = true;
        self.call(tab, Request::Delete { revision });
    }

    fn give_up_all(&mut self, tab: TabNumber) {
        let copy = self.tabs[tab].machine.device_copy(0);
        self.truth.given_up(truth::shown(&copy));
    }

    // Tabs.

    /// What a tab that is opened now would begin with.
    fn opened(&self, device: DeviceNumber) -> Option<Machine> {
        let Device { stored, is_offline, signed_out, .. } = &self.devices[device];
        let reachable = !is_offline && !signed_out && self.server.is_up;
        let mut stored = stored.clone();
        if let Some(copy) = stored.as_mut().filter(|_| self.is(Mutant::OpensWithoutConflicts)) {
            copy.conflicts.clear();
        }
        match (stored, &self.server.state) {
            // Only the device that began the request knows of it.
            (None, State::Absent) => (device == 0).then(|| Machine::new(Draft::default())),
            (Some(copy), _) if copy.base.is_none() || !reachable => Some(Machine::from_device(copy)),
            (Some(copy), State::Draft(base)) => Some(Machine::open(copy, base.clone())),
            (None, State::Draft(base)) if reachable => Some(Machine::from_server(base.clone())),
            _ => None,
        }
    }

    fn open(&mut self, device: DeviceNumber) {
        let Some(machine) = self.opened(device) else { return };
        let tab = self.tabs.len();
        self.tabs.push(Tab {
            device,
            machine,
            is_open: true,
            is_frozen: false,
            seen: self.devices[device].writes,
            unheard: VecDeque::new(),
            timer: false,
            unwritten: false,
            saving: false,
            asking: false,
            submitted: false,
            early: None,
        });
        if self.devices[device].is_offline {
            self.happened(tab, Event::Offline);
        }
        self.happened(tab, Event::Flush);
    }

    /// The tab is gone, with everything that was only in its memory.
    fn disappear(&mut self, tab: TabNumber) {
        self.tabs[tab].is_open = false;
        self.tabs[tab].unheard.clear();
        for call in &mut self.calls {
            call.awaited &= call.tab != tab;
        }
        self.release(tab);
        if self.tabs[tab].unwritten {
            let copy = self.tabs[tab].machine.device_copy(0);
            self.forgive(&copy);
        }
    }

    /// Nobody could have kept what a copy shows and no other place has.
    fn forgive(&mut self, copy: &DeviceCopy) {
        let there = self.there();
        let gone: Vec<Value> = truth::shown(copy).filter(|value| !there.contains(value)).collect();
        self.truth.forgive(gone);
    }

    fn release(&mut self, tab: TabNumber) {
        let device = &mut self.devices[self.tabs[tab].device];
        device.queue.retain(|waiting| *waiting != tab);
        if device.lock == Some(tab) {
            device.lock = None;
        }
    }

    fn thaw(&mut self, tab: TabNumber) {
        self.tabs[tab].is_frozen = false;
        let device = &self.devices[self.tabs[tab].device];
        let (is_offline, signed_out, has_lock) = (device.is_offline, device.signed_out, device.lock == Some(tab));
        self.happened(tab, if is_offline { Event::Offline } else { Event::Online });
        if !signed_out && !self.is(Mutant::StaysSignedOut) {
            self.happened(tab, Event::SignedIn);
        }
        // It came while the tab could not hear it.
        if has_lock {
            self.happened(tab, Event::Turn);
        }
    }

    /// Reads the device's copy, if it is not the one that the tab knows.
    fn look(&mut self, tab: TabNumber) {
        let device = &self.devices[self.tabs[tab].device];
        if self.tabs[tab].seen == device.writes {
            return;
        }
        self.tabs[tab].seen = device.writes;
        match device.stored.clone() {
            Some(copy) if self.is(Mutant::TrustsEveryWriter) => self.hear_as_new(tab, copy),
            Some(copy) => self.happened(tab, Event::Elsewhere(Box::new(copy))),
            None => self.tabs[tab].unwritten = true,
        }
    }

    fn is_a_moment_behind(&self, tab: TabNumber) -> bool {
        let Tab { seen, device, .. } = &self.tabs[tab];
        let device = &self.devices[*device];
        let can_be_overwritten = device.stored.is_some() && !device.is_full && self.tabs[device.last_writer].is_open;
        can_be_overwritten && *seen + 1 == device.writes
    }

    fn hear(&mut self, tab: TabNumber) {
        let Some(word) = self.tabs[tab].unheard.pop_front() else { return };
        self.look(tab);
        match word {
            Word::Written => {}
            Word::Submitted => self.told_submitted(tab),
            Word::Deleted => self.happened(tab, Event::Deleted),
        }
    }

    fn hear_late(&mut self, tab: TabNumber) {
        if let Some(copy) = self.devices[self.tabs[tab].device].first_message.clone() {
            self.hear_as_new(tab, copy);
        }
    }

    /// A mutant's way: as if the copy had just been written over what the tab wrote last.
    fn hear_as_new(&mut self, tab: TabNumber, copy: DeviceCopy) {
        let DeviceCopy { version, lineage, .. } = self.tabs[tab].machine.device_copy(0);
        self.happened(tab, Event::Elsewhere(Box::new(DeviceCopy { version, lineage, ..copy })));
    }

    fn tell_others(&mut self, tab: TabNumber, word: &Word) {
        let device = self.tabs[tab].device;
        for (number, other) in self.tabs.iter_mut().enumerate() {
            if other.is_open && other.device == device && number != tab {
                other.unheard.push_back(word.clone());
            }
        }
    }

    fn told_submitted(&mut self, tab: TabNumber) {
        self.tabs[tab].submitted = true;
        self.tabs[tab].asking = false;
        if !self.is(Mutant::SavesAfterSubmission) {
            self.happened(tab, Event::Submitted);
        }
    }

    fn happened(&mut self, tab: TabNumber, event: Event) {
        if !matches!(event, Event::Edited(_) | Event::Chosen { .. } | Event::Kept | Event::Elsewhere(_)) {
            self.look_first(tab);
        }
        if !self.tabs[tab].is_open {
            return;
        }
        if self.trace.is_some() {
            let said = said(&event);
            self.note(|| format!("    tab {tab} ← {said}"));
        }
        let effects = self.tabs[tab].machine.handle(event);
        for effect in effects {
            self.carry_out(tab, effect);
        }
        if self.tabs[tab].machine.whereabouts() == Whereabouts::Over {
            self.disappear(tab);
        }
    }

    fn carry_out(&mut self, tab: TabNumber, effect: Effect) {
        if self.trace.is_some() {
            let said = ordered(&effect);
            self.note(|| format!("    tab {tab} → {said}"));
        }
        match effect {
            Effect::Keep => self.keep(tab),
            Effect::Forget => self.erase(self.tabs[tab].device),
            Effect::AskTurn => self.ask_turn(tab),
            Effect::EndTurn => self.release(tab),
            Effect::Send { revision, draft } => self.send(tab, revision, draft),
            Effect::Wake { .. } => self.tabs[tab].timer = true,
            Effect::Show(_) => {}
            Effect::Ask(fields) => self.asked(tab, &fields),
        }
    }

    fn keep(&mut self, tab: TabNumber) {
        self.look_first(tab);
        if !self.tabs[tab].is_open {
            return;
        }
        let number = self.tabs[tab].device;
        if self.is(Mutant::KeepsLate)
            && !self.tabs[tab].saving
            && self.tabs[tab].machine.whereabouts() == Whereabouts::OnTheWay
        {
            return;
        }
        let copy = self.tabs[tab].machine.device_copy(0);
        let device = &mut self.devices[number];
        if device.is_full {
            self.tabs[tab].unwritten = true;
            return;
        }
        device.writes += 1;
        if device.first_message.is_none() {
            device.first_message = Some(copy.clone());
        }
        device.stored = Some(copy);
        device.last_writer = tab;
        self.tabs[tab].seen = device.writes;
        self.tabs[tab].unwritten = false;
        self.happened(tab, Event::Kept);
        self.tell_others(tab, &Word::Written);
    }

    fn erase(&mut self, number: DeviceNumber) {
        let device = &mut self.devices[number];
        device.writes += 1;
        device.stored = None;
        for tab in &mut self.tabs {
            tab.unwritten |= tab.is_open && tab.device == number;
        }
    }

    fn wipe(&mut self, number: DeviceNumber) {
        self.has_forgotten = true;
        let copy = self.devices[number].stored.take();
        self.erase(number);
        if let Some(copy) = copy {
            self.forgive(&copy);
        }
    }

    fn ask_turn(&mut self, tab: TabNumber) {
        if self.is(Mutant::ReadsBodyEarly) {
            self.tabs[tab].early = Some(self.tabs[tab].machine.mine().clone());
        }
        if self.has_locks {
            self.devices[self.tabs[tab].device].queue.push_back(tab);
        } else {
            self.happened(tab, Event::Turn);
        }
    }

    /// What another tab wrote comes before what may be sent.
    fn look_first(&mut self, tab: TabNumber) {
        if !self.is(Mutant::OverwritesOtherTabs) {
            self.look(tab);
        }
    }

    fn grant(&mut self, number: DeviceNumber) {
        let device = &mut self.devices[number];
        device.lock = device.queue.pop_front();
        if let Some(tab) = device.lock.filter(|tab| !self.tabs[*tab].is_frozen) {
            self.happened(tab, Event::Turn);
        }
    }

    /// A person is asked to choose: never between a value and one that it replaced knowingly.
    fn asked(&mut self, tab: TabNumber, fields: &[Field]) {
        if self.is(Mutant::PrefersTheirs) || self.is(Mutant::PrefersMine) {
            let side = if self.is(Mutant::PrefersTheirs) { Side::Theirs } else { Side::Mine };
            for field in fields {
                self.happened(tab, Event::Chosen { field: *field, side });
            }
            return;
        }
        let machine = &self.tabs[tab].machine;
        let needless = machine.conflicts().find_map(|conflict| {
            let (mine, other) = (value_in(conflict.field, machine.mine()), value_of(conflict.other()));
            (fields.contains(&conflict.field) && self.truth.replaced(other, mine)).then_some((mine, other))
        });
        // After the end, what one tab knew may have been erased before the others read it.
        if let Some((mine, other)) = needless.filter(|_| !self.server.is_over() && !self.has_forgotten) {
            self.breaks(|| format!("nobody is asked about a value that they replaced: {other} was, by {mine}"));
        }
    }

    // The network.

    fn call(&mut self, tab: TabNumber, request: Request) {
        let device = self.tabs[tab].device;
        self.calls.push(Call { tab, device, request, answer: None, awaited: true });
    }

    fn send(&mut self, tab: TabNumber, revision: Option<u64>, mut draft: Box<Draft>) {
        if self.tabs[tab].saving {
            self.breaks(|| format!("one save is under way at a time: tab {tab} sends a second one"));
        }
        if self.tabs[tab].submitted {
            self.breaks(|| format!("nothing is sent after the submission: tab {tab} does"));
        }
        if let Some(early) = self.tabs[tab].early.take() {
            *draft = early;
        }
        self.tabs[tab].saving = true;
        self.call(tab, Request::Save { revision, draft });
        if self.is(Mutant::ForgetsWhenSent) {
            let device = &mut self.devices[self.tabs[tab].device];
            device.writes += 1;
            device.stored = None;
        }
    }

    /// A mutant's way: the save under way is dropped, and a new one will be sent as if there had been none.
    fn abort(&mut self, tab: TabNumber) {
        let copy = DeviceCopy { sent: Vec::new(), ..self.tabs[tab].machine.device_copy(0) };
        for call in &mut self.calls {
            call.awaited &= call.tab != tab;
        }
        self.release(tab);
        self.tabs[tab].saving = false;
        self.tabs[tab].asking = false;
        self.tabs[tab].timer = false;
        self.tabs[tab].machine = Machine::from_device(copy);
    }

    fn reaches_the_server(&self, call: usize) -> bool {
        !self.devices[self.calls[call].device].is_offline
    }

    fn arrive(&mut self, number: usize) {
        let call = &self.calls[number];
        let request = call.request.clone();
        let answer = if self.devices[call.device].signed_out { Answer::SignedOut } else { self.serve(&request) };
        self.note(|| format!("    server: {}", answered(&answer)));
        self.calls[number].answer = Some(answer);
    }

    fn serve(&mut self, request: &Request) -> Answer {
        let was_over = self.server.is_over();
        if let (Request::Delete { .. }, Some(base)) = (request, self.server.draft().cloned()) {
            let answer = self.server.answer(request);
            if matches!(answer, Answer::Deleted) {
                // Whoever deletes a revision means all that it holds.
                self.truth.given_up(truth::values(&base.draft));
            }
            return answer;
        }
        let answer = self.server.answer(request);
        if let (Answer::Saved { .. }, Request::Save { draft, .. }) = (&answer, request) {
            self.truth.reached_the_server(draft);
            if was_over {
                self.breaks(|| "nothing is saved after a submission, and nothing deleted returns".to_owned());
            }
        }
        answer
    }

    fn give_up(&mut self, number: usize) {
        let call = &mut self.calls[number];
        if !std::mem::replace(&mut call.awaited, false) {
            return;
        }
        let (tab, is_save) = (call.tab, matches!(call.request, Request::Save { .. }));
        self.conclude(tab, is_save, Answer::Away);
    }

    fn answer(&mut self, number: usize) {
        let call = self.calls.swap_remove(number);
        if let (true, Some(answer)) = (call.awaited, call.answer) {
            self.conclude(call.tab, matches!(call.request, Request::Save { .. }), answer);
        }
    }

    /// Tells the tab how its call ended.
    fn conclude(&mut self, tab: TabNumber, is_save: bool, answer: Answer) {
        if is_save {
            self.tabs[tab].saving = false;
            let event = self.outcome_of_save(tab, answer);
            return self.happened(tab, event);
        }
        self.tabs[tab].asking = false;
        self.look(tab);
        match answer {
            Answer::Submitted => {
                self.told_submitted(tab);
                self.tell_others(tab, &Word::Submitted);
            }
            Answer::SubmittedBefore => {
                self.happened(tab, Event::NotSubmitted);
                self.told_submitted(tab);
            }
            Answer::Deleted => {
                self.tell_others(tab, &Word::Deleted);
                self.give_up_all(tab);
                self.happened(tab, Event::LetGo);
            }
            Answer::Gone => self.happened(tab, Event::Deleted),
            Answer::Stale(current) => {
                self.happened(tab, Event::Found(*current));
                self.happened(tab, Event::NotSubmitted);
            }
            Answer::Saved { .. } | Answer::SignedOut | Answer::Away => self.happened(tab, Event::NotSubmitted),
        }
    }

    fn outcome_of_save(&mut self, tab: TabNumber, answer: Answer) -> Event {
        let failure = match answer {
            Answer::Saved { revision } => return Event::Saved { revision, saved_at: revision.to_string() },
            Answer::Stale(current) if self.is(Mutant::RetriesWithoutComparing) => {
                let draft = self.tabs[tab].machine.base().map(|base| base.draft.clone()).unwrap_or_default();
                return Event::Refused(Base { draft, ..*current });
            }
            Answer::Stale(current) => return Event::Refused(*current),
            Answer::Gone if self.is(Mutant::DeletedReturns) => {
                let copy = self.tabs[tab].machine.device_copy(0).anew(0);
                self.release(tab);
                self.tabs[tab].machine = Machine::from_device(copy);
                return Event::Flush;
            }
            Answer::Gone => Failure::Gone,
            Answer::SubmittedBefore => {
                self.tabs[tab].submitted = true;
                Failure::Submitted
            }
            Answer::SignedOut => Failure::SignedOut,
            Answer::Away | Answer::Submitted | Answer::Deleted => Failure::Unreachable,
        };
        Event::Failed { failure, random: 0 }
    }

    fn network(&mut self, number: DeviceNumber) {
        let device = &mut self.devices[number];
        device.is_offline = !device.is_offline;
        let is_offline = device.is_offline;
        for tab in self.awake_tabs_of(number) {
            self.happened(tab, if is_offline { Event::Offline } else { Event::Online });
        }
    }

    fn sign_in(&mut self, number: DeviceNumber) {
        self.devices[number].signed_out = false;
        if self.is(Mutant::StaysSignedOut) {
            return;
        }
        for tab in self.awake_tabs_of(number) {
            self.happened(tab, Event::SignedIn);
        }
    }

    fn awake_tabs_of(&self, device: DeviceNumber) -> Vec<TabNumber> {
        let is_one = |tab: &Tab| tab.is_open && !tab.is_frozen && tab.device == device;
        (0..self.tabs.len()).filter(|number| is_one(&self.tabs[*number])).collect()
    }

    // What is left.

    fn open_tabs(&self) -> Vec<TabNumber> {
        (0..self.tabs.len()).filter(|tab| self.tabs[*tab].is_open).collect()
    }

    /// Every value that somebody can see: on the server, in a tab, or in a copy on a device.
    fn there(&self) -> Vec<Value> {
        let mut there = Vec::new();
        if let State::Draft(base) | State::Submitted(base) = &self.server.state {
            there.extend(truth::values(&base.draft));
        }
        for tab in self.tabs.iter().filter(|tab| tab.is_open) {
            there.extend(truth::values(tab.machine.mine()));
            there.extend(tab.machine.device_copy(0).conflicts.iter().map(|conflict| value_of(conflict.other())));
        }
        for copy in self.devices.iter().filter_map(|device| device.stored.as_ref()) {
            there.extend(truth::shown(copy));
        }
        there
    }

    /// Everything mends: what waits gets through, until nothing is left to be done.
    pub(crate) fn heal(&mut self) {
        self.note(|| "Everything mends".to_owned());
        self.server.is_up = true;
        for device in 0..DEVICES {
            self.devices[device].is_full = false;
            if self.devices[device].is_offline {
                self.network(device);
            }
            if self.devices[device].signed_out {
                self.sign_in(device);
            }
        }
        for tab in self.open_tabs() {
            self.take(Step::Thaw(tab));
        }
        self.settle();
    }

    /// Lets everything that is under way come to its end.
    pub(crate) fn settle(&mut self) {
        for _ in 0..200 {
            let mut moved = false;
            for device in 0..DEVICES {
                moved |= self.take(Step::Grant(device));
            }
            while self.take(Step::Arrive(0)) || self.take(Step::Answer(0)) {
                moved = true;
            }
            for tab in self.open_tabs() {
                while self.take(Step::Hear(tab)) {
                    moved = true;
                }
                moved |= self.take(Step::Wake(tab));
            }
            if !moved || self.broken.is_some() {
                return;
            }
        }
        self.breaks(|| "everything comes to rest once it mends: this goes on for ever".to_owned());
    }

    /// Chooses in every conflict, and opens the request anew everywhere, until all have heard of everything.
    pub(crate) fn agree(&mut self, side: Side) {
        for _ in 0..DEVICES + 1 {
            for tab in self.open_tabs() {
                while self.take(Step::Choose(tab, side)) {}
            }
            self.settle();
            for tab in self.open_tabs() {
                self.take(Step::Close(tab));
            }
            self.settle();
            for device in 0..DEVICES {
                if self.opened(device).is_some() {
                    self.open(device);
                }
            }
            self.settle();
            if self.open_tabs().into_iter().all(|tab| self.agrees(tab)) {
                return;
            }
        }
    }

    /// No tab is left waiting for something that will not come.
    pub(crate) fn check_rest(&mut self) {
        for tab in self.open_tabs() {
            let whereabouts = self.tabs[tab].machine.whereabouts();
            let at_rest = match whereabouts {
                Whereabouts::Server => matches!(self.server.state, State::Draft(_)) || self.server.is_over(),
                Whereabouts::Nowhere => true,
                Whereabouts::Device(Failure::Gone | Failure::Submitted) => self.server.is_over(),
                _ => false,
            };
            if !at_rest {
                self.breaks(|| format!("everything reaches the server once it mends: tab {tab} says {whereabouts:?}"));
            }
        }
    }

    /// Nothing that was typed is lost.
    pub(crate) fn check_nothing_lost(&mut self) {
        if let Some(value) = self.truth.lost(&self.there()) {
            self.breaks(|| format!("nothing is lost: nobody can see {value}, nor what replaced it"));
        }
    }

    /// Everybody sees what the server holds.
    pub(crate) fn check_agreement(&mut self) {
        if let Some(tab) = self.open_tabs().into_iter().find(|tab| !self.agrees(*tab)) {
            self.breaks(|| format!("all agree in the end: tab {tab} does not"));
        }
    }

    fn agrees(&self, tab: TabNumber) -> bool {
        let machine = &self.tabs[tab].machine;
        let sees_the_same = |base: &Base| machine.mine() == &base.draft && machine.conflicts().next().is_none();
        self.server.draft().is_none_or(sees_the_same)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Fresh,
    Stale,
}

/// A draft in a few characters: the values of its fields and its list.
fn brief(draft: &Draft) -> String {
    let fields: Vec<String> = FIELDS.into_iter().map(|field| value_in(field, draft).to_string()).collect();
    let elements: Vec<String> = elements(draft).map(|element| element.to_string()).collect();
    format!("[{} {{{}}}]", fields.join(" "), elements.join(" "))
}

fn brief_copy(copy: &DeviceCopy) -> String {
    let base = copy.base.as_ref().map(|base| format!("{}{}", base.revision, brief(&base.draft)));
    let conflicts: Vec<String> = copy
        .conflicts
        .iter()
        .map(|conflict| format!("{}≠{}", conflict.field.path(), value_of(conflict.other())))
        .collect();
    let sent: Vec<String> = copy.sent.iter().map(brief).collect();
    format!("v{} base {base:?} mine {} conflicts {conflicts:?} sent {sent:?}", copy.version, brief(&copy.mine))
}

fn said(event: &Event) -> String {
    match event {
        Event::Edited(draft) => format!("Edited {}", brief(draft)),
        Event::Elsewhere(copy) => format!("Elsewhere {}", brief_copy(copy)),
        Event::Refused(base) => format!("Refused {}{}", base.revision, brief(&base.draft)),
        Event::Found(base) => format!("Found {}{}", base.revision, brief(&base.draft)),
        other => format!("{other:?}"),
    }
}

fn ordered(effect: &Effect) -> String {
    match effect {
        Effect::Send { revision, draft } => format!("Send over {revision:?} {}", brief(draft)),
        other => format!("{other:?}"),
    }
}

fn answered(answer: &Answer) -> String {
    match answer {
        Answer::Stale(base) => format!("Stale {}{}", base.revision, brief(&base.draft)),
        other => format!("{other:?}"),
    }
}
