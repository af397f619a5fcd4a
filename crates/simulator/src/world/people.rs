//! Actions of people.

use habilitation_model::field::Value;
use habilitation_model::saving::{DeviceCopy, Event, Machine, Side};
use habilitation_model::{Draft, Field};

use super::tabs::number;
use super::{Session, Tab, World, Written};
use crate::action::{DeviceNumber, TabNumber};
use crate::mutant::Mutant;
use crate::oracle::{self, List, value_in, value_of};
use crate::server::Request;

impl World {
    pub(super) fn type_text(&mut self, tab: TabNumber, field: Field, reading: Reading, is_rejected: bool) {
        let written = self.tabs[tab].control.take_if(|written| written.field == field);
        self.leave_control(tab);
        let machine = &self.tabs[tab].machine;
        let mut draft = machine.mine().clone();
        let mut over = vec![value_in(field, &draft)];
        over.extend(written.map(|written| written.value));
        let conflict = machine.conflicts().find(|conflict| conflict.field == field);
        over.extend(conflict.map(|conflict| value_of(conflict.other())));
        let value = self.oracle.typed(&over);
        field.set(&mut draft, Value::Text(&oracle::text(value, is_rejected)));
        if reading == Reading::Behind {
            // The tab whose copy is overwritten is the only one to hold it, until it reads the new one.
            let device = &mut self.devices[self.tabs[tab].device];
            device.has_forgotten = true;
            let (overwritten, writes) = (device.last_writer, device.writes);
            self.tabs[overwritten].unwritten = true;
            self.tabs[tab].seen = writes;
        }
        self.edit(tab, draft);
        let kept = |copy: &DeviceCopy| value_in(field, &copy.mine) == value;
        if !self.devices[self.tabs[tab].device].stored.as_ref().is_some_and(kept) && !self.tabs[tab].unwritten {
            self.violate(|| format!("what was typed is on the device at once: {value} is not"));
        }
    }

    /// Writes a value into a control without an event, as tools do.
    pub(super) fn write_by_tool(&mut self, tab: TabNumber, field: Field) {
        let machine = &self.tabs[tab].machine;
        let mut over = vec![value_in(field, machine.mine())];
        let conflict = machine.conflicts().find(|conflict| conflict.field == field);
        over.extend(conflict.map(|conflict| value_of(conflict.other())));
        let value = self.oracle.typed(&over);
        self.tabs[tab].control = Some(Written { field, value });
    }

    /// Takes the value of a control as the answer, before the control is left or shows another value.
    pub(super) fn leave_control(&mut self, tab: TabNumber) {
        let Some(Written { field, value }) = self.tabs[tab].control.take() else { return };
        if !self.is(Mutant::WipesAtBlur) {
            let mut draft = self.tabs[tab].machine.mine().clone();
            field.set(&mut draft, Value::Text(&oracle::text(value, false)));
            self.edit(tab, draft);
        }
    }

    /// Duplicates a tab in which nothing was typed yet. The new one begins with the same answers, unless there is a
    /// copy by now.
    pub(super) fn duplicate_tab(&mut self, tab: TabNumber) {
        let device = self.tabs[tab].device;
        if self.devices[device].stored.is_some() {
            return self.open(device);
        }
        let mine = self.tabs[tab].machine.mine().clone();
        let machine = Machine::new(number(self.tabs.len()), mine);
        self.begin(device, machine);
    }

    pub(super) fn add_element(&mut self, tab: TabNumber, list: List) {
        self.leave_control(tab);
        let element = self.oracle.typed(&[]);
        let mut draft = self.tabs[tab].machine.mine().clone();
        list.add(element, &mut draft);
        self.edit(tab, draft);
    }

    pub(super) fn remove_element(&mut self, tab: TabNumber, list: List) {
        self.leave_control(tab);
        let mut draft = self.tabs[tab].machine.mine().clone();
        let Some(element) = list.elements(&draft).next() else { return };
        self.oracle.removed(element);
        list.remove(element, &mut draft);
        self.edit(tab, draft);
    }

    pub(super) fn edit(&mut self, tab: TabNumber, draft: Draft) {
        if self.is(Mutant::AbortsInFlight) && self.tabs[tab].saving {
            self.abort(tab);
        }
        self.dispatch(tab, Event::Edited(draft));
    }

    pub(super) fn resolve_conflict(&mut self, tab: TabNumber, side: Side) {
        self.leave_control(tab);
        let machine = &self.tabs[tab].machine;
        let Some(conflict) = machine.conflicts().next() else { return };
        let (field, mine, theirs) =
            (conflict.field, value_in(conflict.field, machine.mine()), value_of(conflict.other()));
        match side {
            Side::Mine => self.oracle.chosen(mine, theirs),
            Side::Theirs => self.oracle.chosen(theirs, mine),
        }
        self.dispatch(tab, Event::Chosen { field, side });
    }

    pub(super) fn submit(&mut self, tab: TabNumber) {
        let base = self.tabs[tab].machine.base_revision();
        self.tabs[tab].asking = true;
        if !self.is(Mutant::SavesAfterSubmission) {
            self.dispatch(tab, Event::Submitting);
        }
        self.call(tab, Request::Submit { base });
    }

    pub(super) fn delete(&mut self, tab: TabNumber) {
        let base = self.tabs[tab].machine.base_revision();
        self.tabs[tab].asking = true;
        self.call(tab, Request::Delete { base });
    }

    pub(super) fn begin_new_request(&mut self, tab: TabNumber) {
        self.read_device_copy(tab);
        let copy = self.tabs[tab].machine.device_copy(0);
        self.oracle.moved(oracle::shown(&copy.as_new_request(0)));
        // The page tells the person that files are not taken along.
        self.oracle.given_up(List::Documents.elements(&copy.mine));
        self.dispatch(tab, Event::Erased);
    }

    /// Signs out, and erases the copy if the server has all of it. Other tabs are not told.
    pub(super) fn sign_out(&mut self, tab: TabNumber) {
        let number = self.tabs[tab].device;
        self.devices[number].session = Session::Nobody;
        if self.devices[number].stored.as_ref().is_some_and(|copy| !copy.is_unsent()) {
            self.erase_acknowledged(number);
        }
        self.close(tab);
    }

    /// Erases a copy of which the server has everything, as far as the device knows.
    pub(super) fn erase_acknowledged(&mut self, number: DeviceNumber) {
        // A tab that has not read the copy yet never learns its content.
        let writes = self.devices[number].writes;
        let is_behind = |tab: &Tab| tab.is_open && tab.device == number && tab.seen != writes;
        if self.tabs.iter().any(is_behind) {
            self.forget(number, &[]);
        }
        let copy = self.devices[number].stored.clone();
        self.erase(number);
        if self.server.was_restored
            && let Some(copy) = copy
        {
            self.allow_loss_of(&copy);
        }
    }

    /// Erases the copy if it has expired, as the page does at its start.
    pub(super) fn expire(&mut self, number: DeviceNumber) {
        let now = self.devices[number].clock.read(self.server.now());
        let Some(copy) = &self.devices[number].stored else { return };
        let is_old = |copy: &DeviceCopy| now.saturating_sub(copy.changed_at) > 30 * 24 * 3_600_000;
        if copy.has_expired(now) || (self.is(Mutant::ExpiresUnsent) && is_old(copy)) {
            self.erase_acknowledged(number);
        }
    }

    pub(super) fn give_up_all(&mut self, tab: TabNumber) {
        let copy = self.tabs[tab].machine.device_copy(0);
        self.oracle.given_up(oracle::shown(&copy));
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    Fresh,
    Behind,
}
