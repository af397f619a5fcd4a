//! Tabs, which drive their machine as the page does, and the browser around them.

use std::collections::VecDeque;

use habilitation_model::Field;
use habilitation_model::saving::{DeviceCopy, Effect, Event, Machine, SavedTo, Side};

use super::{Device, Message, Session, Tab, World, trace};
use crate::action::{DeviceNumber, TabNumber};
use crate::mutant::Mutant;
use crate::oracle::{self, TypedId, value_in, value_of};
use crate::server::State;

impl World {
    /// Returns the machine that a tab opened now would have.
    pub(super) fn machine_of_new_tab(&self, device: DeviceNumber) -> Option<Machine> {
        let Device { stored, session, .. } = &self.devices[device];
        if *session == Session::Another {
            // The names of copies contain their owner.
            return None;
        }
        let reachable = self.is_served(device);
        let tab = number(self.tabs.len());
        let mut stored = stored.clone();
        if let Some(copy) = stored.as_mut().filter(|_| self.is(Mutant::OpensWithoutConflicts)) {
            copy.conflicts.clear();
        }
        match (stored, &self.server.state) {
            // Only the device that began the request knows of it.
            (None, State::Absent) => (device == 0).then(|| Machine::new(tab, self.prefilled.clone())),
            (Some(_), State::Absent) if reachable && self.is(Mutant::ForgetsWhatIsNotOnServer) => None,
            (Some(copy), State::Absent) if copy.base.is_some() && reachable => {
                let mut machine = Machine::from_device(tab, copy);
                // The effects are done already: the copy is on the device.
                let _ = machine.handle(Event::NotOnServer);
                Some(machine)
            }
            (Some(copy), _) if copy.base.is_none() || !reachable => Some(Machine::from_device(tab, copy)),
            (Some(copy), State::Draft(held)) => Some(Machine::open(tab, copy, held)),
            (None, State::Draft(held)) if reachable => Some(Machine::from_server(tab, held.saved.clone())),
            _ => None,
        }
    }

    pub(super) fn open(&mut self, device: DeviceNumber) {
        self.expire(device);
        let machine = self.machine_of_new_tab(device);
        if machine.is_none() && self.is(Mutant::ForgetsWhatIsNotOnServer) && matches!(self.server.state, State::Absent)
        {
            self.erase(device);
        }
        if let Some(machine) = machine {
            self.begin(device, machine);
        }
    }

    pub(super) fn begin(&mut self, device: DeviceNumber, machine: Machine) {
        let tab = self.tabs.len();
        self.tabs.push(Tab {
            device,
            machine,
            is_open: true,
            is_frozen: false,
            is_in_bfcache: false,
            seen: self.devices[device].writes,
            inbox: VecDeque::new(),
            timer: false,
            lock_is_wanted: false,
            unwritten: false,
            saving: false,
            asking: false,
            submitted: false,
            restores: self.server.restores,
            control: None,
            early: None,
        });
        if self.devices[device].is_offline {
            self.dispatch(tab, Event::Offline);
        }
        self.dispatch(tab, Event::Flush);
    }

    pub(super) fn close(&mut self, tab: TabNumber) {
        self.leave_control(tab);
        self.dispatch(tab, Event::Hidden);
        self.crash(tab);
    }

    /// Ends a tab at once, with everything that was only in its memory.
    pub(super) fn crash(&mut self, tab: TabNumber) {
        self.discard_tab(tab);
        // After a restore, an open tab may have held the last copy of something acknowledged.
        if self.tabs[tab].unwritten || self.server.was_restored {
            let copy = self.tabs[tab].machine.device_copy(0);
            self.oracle.mark_uncertain(oracle::unsettled(&copy));
            self.allow_loss_of(&copy);
        }
    }

    /// Loses the copy of a device. What its tabs add or remove may have been saved: only a tab that `knows` the rest
    /// can still tell.
    pub(super) fn forget(&mut self, number: DeviceNumber, knows: &[TabNumber]) {
        let device = &mut self.devices[number];
        device.has_forgotten = true;
        let stored = device.stored.clone();
        let others =
            self.open_tabs().into_iter().filter(|tab| self.tabs[*tab].device == number && !knows.contains(tab));
        let copies = others.map(|tab| self.tabs[tab].machine.device_copy(0)).chain(stored);
        self.oracle.mark_uncertain(copies.flat_map(|copy| oracle::unsettled(&copy)));
    }

    /// Ends a tab, its calls and its lock.
    fn discard_tab(&mut self, tab: TabNumber) {
        let written = self.tabs[tab].control.take();
        self.oracle.given_up(written.map(|written| written.value));
        self.tabs[tab].is_open = false;
        self.tabs[tab].inbox.clear();
        self.stop_waiting(tab);
        self.release(tab);
    }

    /// Allows the loss of the values that a copy alone shows.
    pub(super) fn allow_loss_of(&mut self, copy: &DeviceCopy) {
        let there = self.visible_values();
        let gone: Vec<TypedId> = oracle::shown(copy).filter(|value| !there.contains(value)).collect();
        self.oracle.allow_loss_of(gone);
    }

    pub(super) fn release(&mut self, tab: TabNumber) {
        let device = &mut self.devices[self.tabs[tab].device];
        device.queue.retain(|waiting| *waiting != tab);
        if device.lock == Some(tab) {
            device.lock = None;
        }
    }

    pub(super) fn thaw(&mut self, tab: TabNumber) {
        self.tabs[tab].is_frozen = false;
        let device = &self.devices[self.tabs[tab].device];
        let (is_offline, has_lock) = (device.is_offline, device.lock == Some(tab));
        self.dispatch(tab, if is_offline { Event::Offline } else { Event::Online });
        self.tell_looked_at(tab);
        // The lock was granted while the tab was frozen.
        if has_lock {
            self.dispatch(tab, Event::LockGranted);
        }
    }

    /// Puts a page into the back/forward cache, without its lock and its channels.
    pub(super) fn enter_bfcache(&mut self, tab: TabNumber) {
        self.leave_control(tab);
        self.dispatch(tab, Event::Hidden);
        self.release(tab);
        let tab = &mut self.tabs[tab];
        tab.inbox.clear();
        (tab.is_frozen, tab.is_in_bfcache) = (true, true);
    }

    /// Takes a page out of the back/forward cache. It received no message meanwhile.
    pub(super) fn leave_bfcache(&mut self, tab: TabNumber) {
        (self.tabs[tab].is_frozen, self.tabs[tab].is_in_bfcache) = (false, false);
        if self.is(Mutant::ComesBackWithoutReading) {
            self.tabs[tab].seen = self.devices[self.tabs[tab].device].writes;
            self.write_copy(tab);
        }
        self.read_device_copy_first(tab);
        if self.tabs[tab].lock_is_wanted {
            self.request_lock(tab);
        }
        self.tell_looked_at(tab);
    }

    /// Tells a tab that the person looks at it: they may have signed in elsewhere.
    pub(super) fn tell_looked_at(&mut self, tab: TabNumber) {
        if !self.is(Mutant::StaysSignedOut) {
            self.dispatch(tab, Event::SignedIn);
        }
    }

    /// Reads the device's copy, unless the tab knows it.
    pub(super) fn read_device_copy(&mut self, tab: TabNumber) {
        let device = &self.devices[self.tabs[tab].device];
        if self.tabs[tab].seen == device.writes {
            return;
        }
        self.tabs[tab].seen = device.writes;
        match device.stored.clone() {
            Some(copy) if self.is(Mutant::TrustsEveryWriter) => self.trust_as_newest(tab, copy),
            Some(copy) => self.dispatch(tab, Event::OtherTabWrote(Box::new(copy))),
            None if self.is(Mutant::TakesWipedForDeleted) => self.dispatch(tab, Event::Erased),
            None => self.tabs[tab].unwritten |= self.is_ahead(tab),
        }
    }

    pub(super) fn is_one_write_behind(&self, tab: TabNumber) -> bool {
        let Tab { seen, device, .. } = &self.tabs[tab];
        let device = &self.devices[*device];
        let can_be_overwritten = device.stored.is_some() && !device.is_full && self.tabs[device.last_writer].is_open;
        can_be_overwritten && *seen + 1 == device.writes
    }

    pub(super) fn receive_message(&mut self, tab: TabNumber) {
        let Some(message) = self.tabs[tab].inbox.pop_front() else { return };
        self.read_device_copy(tab);
        match message {
            Message::Written => {}
            Message::Submitted => self.learn_of_submission(tab),
            Message::Deleted => self.dispatch(tab, Event::Deleted),
        }
    }

    pub(super) fn receive_late_message(&mut self, tab: TabNumber) {
        if let Some(copy) = self.devices[self.tabs[tab].device].first_message.clone() {
            self.trust_as_newest(tab, copy);
        }
    }

    /// Takes a copy as the newest one, as a mutant does: as if it had been written over the tab's last one.
    pub(super) fn trust_as_newest(&mut self, tab: TabNumber, copy: DeviceCopy) {
        let DeviceCopy { versions, .. } = self.tabs[tab].machine.device_copy(0);
        self.dispatch(tab, Event::OtherTabWrote(Box::new(DeviceCopy { versions, ..copy })));
    }

    pub(super) fn send_to_others(&mut self, tab: TabNumber, message: &Message) {
        let device = self.tabs[tab].device;
        for (number, other) in self.tabs.iter_mut().enumerate() {
            if other.is_open && !other.is_in_bfcache && other.device == device && number != tab {
                other.inbox.push_back(message.clone());
            }
        }
    }

    pub(super) fn learn_of_submission(&mut self, tab: TabNumber) {
        self.tabs[tab].submitted = true;
        self.tabs[tab].asking = false;
        if !self.is(Mutant::SavesAfterSubmission) {
            let copy = self.tabs[tab].machine.device_copy(0);
            self.dispatch(tab, Event::Submitted);
            if self.server.was_restored {
                // A copy that was saved and erased is lost with the server that was restored since.
                self.allow_loss_of(&copy);
            }
        }
    }

    pub(super) fn dispatch(&mut self, tab: TabNumber, event: Event) {
        if event.reads_device_first() {
            self.read_device_copy_first(tab);
        }
        if !self.tabs[tab].is_open {
            return;
        }
        if event.may_change_answers() && !self.is(Mutant::OverwritesUnseen) {
            self.leave_control(tab);
        }
        if self.trace.is_some() {
            let said = trace::event(&event);
            self.note(|| format!("    tab {tab} ← {said}"));
        }
        let effects = self.tabs[tab].machine.handle(event);
        for effect in effects {
            self.carry_out(tab, effect);
        }
        if self.tabs[tab].machine.saved_to() == SavedTo::Erased {
            self.discard_tab(tab);
        }
    }

    pub(super) fn carry_out(&mut self, tab: TabNumber, effect: Effect) {
        if self.trace.is_some() {
            let said = trace::effect(&effect);
            self.note(|| format!("    tab {tab} → {said}"));
        }
        match effect {
            Effect::WriteDevice => self.write_copy(tab),
            Effect::EraseDevice => self.erase(self.tabs[tab].device),
            Effect::RequestLock => {
                self.tabs[tab].lock_is_wanted = true;
                self.request_lock(tab);
            }
            Effect::ReleaseLock => {
                self.tabs[tab].lock_is_wanted = false;
                self.release(tab);
            }
            Effect::Send { base, draft } => self.send(tab, base, draft),
            Effect::Verify(base) => self.verify(tab, base),
            Effect::Wake { .. } => self.tabs[tab].timer = true,
            Effect::ShowAnswers(_) => {}
            Effect::ShowConflicts(fields) => self.conflicts_shown(tab, &fields),
        }
    }

    pub(super) fn write_copy(&mut self, tab: TabNumber) {
        self.read_device_copy_first(tab);
        if !self.tabs[tab].is_open {
            return;
        }
        let number = self.tabs[tab].device;
        if self.is(Mutant::KeepsLate)
            && !self.tabs[tab].saving
            && self.tabs[tab].machine.saved_to() == SavedTo::OnTheWay
        {
            return;
        }
        let now = self.devices[number].clock.read(self.server.now());
        let copy = self.tabs[tab].machine.device_copy(now);
        if self.devices[number].is_full {
            self.forget(number, &[tab]);
            self.tabs[tab].unwritten = true;
            return;
        }
        let device = &mut self.devices[number];
        device.writes += 1;
        if device.first_message.is_none() {
            device.first_message = Some(copy.clone());
        }
        device.stored = Some(copy);
        device.last_writer = tab;
        self.tabs[tab].seen = device.writes;
        self.tabs[tab].unwritten = false;
        self.dispatch(tab, Event::CopyWritten);
        self.send_to_others(tab, &Message::Written);
    }

    pub(super) fn erase(&mut self, number: DeviceNumber) {
        let device = &mut self.devices[number];
        device.writes += 1;
        device.stored = None;
        for tab in self.open_tabs() {
            self.tabs[tab].unwritten |= self.tabs[tab].device == number && self.is_ahead(tab);
        }
    }

    /// Returns whether the tab shows answers that the server may lack.
    fn is_ahead(&self, tab: TabNumber) -> bool {
        let copy = self.tabs[tab].machine.device_copy(0);
        copy.needs_saving() || !copy.conflicts.is_empty()
    }

    pub(super) fn wipe_storage(&mut self, number: DeviceNumber) {
        self.forget(number, &[]);
        let copy = self.devices[number].stored.take();
        self.erase(number);
        if let Some(copy) = copy {
            self.allow_loss_of(&copy);
        }
    }

    pub(super) fn request_lock(&mut self, tab: TabNumber) {
        if self.is(Mutant::ReadsBodyEarly) {
            self.tabs[tab].early = Some(self.tabs[tab].machine.mine().clone());
        }
        if self.has_locks {
            self.devices[self.tabs[tab].device].queue.push_back(tab);
        } else {
            self.dispatch(tab, Event::LockGranted);
        }
    }

    /// Reads the device's copy before a write or a save, so that another tab's write is merged and not overwritten.
    pub(super) fn read_device_copy_first(&mut self, tab: TabNumber) {
        if !self.is(Mutant::OverwritesOtherTabs) {
            self.read_device_copy(tab);
        }
    }

    pub(super) fn grant_lock(&mut self, number: DeviceNumber) {
        let device = &mut self.devices[number];
        device.lock = device.queue.pop_front();
        if let Some(tab) = device.lock.filter(|tab| !self.tabs[*tab].is_frozen) {
            self.dispatch(tab, Event::LockGranted);
        }
    }

    /// Checks that no conflict is between a value and one that replaced it knowingly.
    pub(super) fn conflicts_shown(&mut self, tab: TabNumber, fields: &[Field]) {
        if self.is(Mutant::PrefersTheirs) || self.is(Mutant::PrefersMine) {
            let side = if self.is(Mutant::PrefersTheirs) { Side::Theirs } else { Side::Mine };
            for field in fields {
                self.dispatch(tab, Event::Chosen { field: *field, side });
            }
            return;
        }
        let machine = &self.tabs[tab].machine;
        let needless = machine.conflicts().find_map(|conflict| {
            let (mine, other) = (value_in(conflict.field, machine.mine()), value_of(conflict.other()));
            (fields.contains(&conflict.field) && self.oracle.replaced(other, mine)).then_some((mine, other))
        });
        // After the request is closed, a copy may have been erased before the other tabs read it.
        let may_ask =
            self.server.is_closed() || self.server.was_restored || self.devices[self.tabs[tab].device].has_forgotten;
        if let Some((mine, other)) = needless.filter(|_| !may_ask) {
            self.violate(|| format!("nobody is asked about a value that they replaced: {other} was, by {mine}"));
        }
    }

    pub(super) fn awake_tabs_of(&self, device: DeviceNumber) -> Vec<TabNumber> {
        let is_one = |tab: &Tab| tab.is_open && !tab.is_frozen && tab.device == device;
        (0..self.tabs.len()).filter(|number| is_one(&self.tabs[*number])).collect()
    }
}

/// Returns the number by which a tab's machine knows it.
pub(super) fn number(tab: TabNumber) -> u32 {
    u32::try_from(tab).unwrap_or(u32::MAX)
}
