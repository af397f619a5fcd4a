//! The end of a schedule: all troubles end, and what is left is checked.

use habilitation_model::saving::{Failure, SavedDraft, SavedTo, Side};

use super::people::Reading;
use super::{DEVICES, World};
use crate::oracle::{self, Value, value_of};
use crate::step::{Step, TabNumber};

impl World {
    pub(super) fn open_tabs(&self) -> Vec<TabNumber> {
        (0..self.tabs.len()).filter(|tab| self.tabs[*tab].is_open).collect()
    }

    /// Every value that somebody can see: on the server, in a tab, or in a copy on a device.
    pub(super) fn visible_values(&self) -> Vec<Value> {
        let mut there = Vec::new();
        there.extend(self.server.state.held().into_iter().flat_map(oracle::values));
        for tab in self.tabs.iter().filter(|tab| tab.is_open) {
            there.extend(oracle::values(tab.machine.mine()));
            there.extend(tab.control.map(|written| written.value));
            there.extend(tab.machine.device_copy(0).conflicts.iter().map(|conflict| value_of(conflict.other())));
        }
        for copy in self.devices.iter().filter_map(|device| device.stored.as_ref()) {
            there.extend(oracle::shown(copy));
        }
        there
    }

    /// Ends all troubles: what waits gets through, until nothing is left to be done.
    pub(crate) fn reconnect(&mut self) {
        self.note(|| "Everything mends".to_owned());
        self.server.is_up = true;
        for device in 0..DEVICES {
            self.devices[device].is_full = false;
            if self.devices[device].is_offline {
                self.network(device);
            }
            self.apply(Step::SignIn(device));
        }
        for tab in self.open_tabs() {
            self.apply(Step::Thaw(tab));
            self.apply(Step::BringBack(tab));
            self.apply(Step::LeaveControl(tab));
        }
        self.come_to_rest();
    }

    /// Lets everything come to its end, and mends what the server does not take.
    fn come_to_rest(&mut self) {
        self.settle();
        while self.violated.is_none() && self.mend_what_is_refused() {
            self.settle();
        }
    }

    /// Types something else where the server does not take an answer; returns whether there was any.
    fn mend_what_is_refused(&mut self) -> bool {
        for tab in self.open_tabs() {
            let machine = &self.tabs[tab].machine;
            if !matches!(machine.failure(), Some(Failure::TooLarge | Failure::NotUnderstood)) {
                continue;
            }
            let refused = oracle::refused_fields(machine.mine()).next();
            if let Some(field) = refused {
                self.type_in(tab, field, Reading::Fresh, false);
                return true;
            }
        }
        false
    }

    /// Lets everything that is under way come to its end.
    pub(crate) fn settle(&mut self) {
        for _ in 0..200 {
            let mut moved = false;
            for device in 0..DEVICES {
                moved |= self.apply(Step::Grant(device));
            }
            while self.move_a_call() {
                moved = true;
            }
            for tab in self.open_tabs() {
                while self.apply(Step::Receive(tab)) {
                    moved = true;
                }
                moved |= self.apply(Step::Wake(tab));
            }
            if !moved || self.violated.is_some() {
                return;
            }
        }
        self.violate(|| "everything comes to rest once it mends: this goes on for ever".to_owned());
    }

    /// Brings a call further: there, back, or to the end of the time that it may take.
    fn move_a_call(&mut self) -> bool {
        (0..self.calls.len()).any(|call| {
            let hangs = self.calls[call].hangs;
            self.apply(Step::Arrive(call))
                || self.apply(Step::Answer(call))
                || (hangs && self.apply(Step::GiveUp(call)))
        })
    }

    /// Chooses in every conflict, and opens the request anew everywhere, until all have heard of everything.
    pub(crate) fn converge(&mut self, side: Side) {
        for _ in 0..DEVICES + 1 {
            for tab in self.open_tabs() {
                while self.apply(Step::Choose(tab, side)) {}
            }
            self.come_to_rest();
            for tab in self.open_tabs() {
                self.apply(Step::Close(tab));
            }
            self.come_to_rest();
            for device in 0..DEVICES {
                if self.opened(device).is_some() {
                    self.open(device);
                }
            }
            self.come_to_rest();
            if self.open_tabs().into_iter().all(|tab| self.has_converged(tab)) {
                return;
            }
        }
    }

    /// No tab is left waiting for something that will not come.
    pub(crate) fn check_rest(&mut self) {
        for tab in self.open_tabs() {
            let saved_to = self.tabs[tab].machine.saved_to();
            let was_restored = self.server.was_restored;
            // A tab that was left open and alone cannot know that a backup came back.
            let may_not_know = self.tabs[tab].restores != self.server.restores;
            let at_rest = match saved_to {
                SavedTo::Server => self.server.state.held().is_some() || self.server.is_over() || may_not_know,
                SavedTo::Nowhere => true,
                SavedTo::Device(Failure::Gone | Failure::Submitted) => self.server.is_over() || was_restored,
                SavedTo::Device(Failure::Unknown) => was_restored,
                _ => false,
            };
            if !at_rest {
                self.violate(|| format!("everything reaches the server once it mends: tab {tab} says {saved_to:?}"));
            }
        }
    }

    /// Checks that nothing that was typed is lost.
    pub(crate) fn check_nothing_lost(&mut self) {
        if let Some(value) = self.oracle.lost(&self.visible_values()) {
            self.violate(|| format!("nothing is lost: nobody can see {value}, nor what replaced it"));
        }
    }

    /// Checks that every tab shows what the server holds.
    pub(crate) fn check_convergence(&mut self) {
        if let Some(tab) = self.open_tabs().into_iter().find(|tab| !self.has_converged(*tab)) {
            self.violate(|| format!("all agree in the end: tab {tab} does not"));
        }
        let returned =
            |saved: &SavedDraft| oracle::elements(&saved.draft).find(|element| self.oracle.stays_away(*element));
        if let Some(element) = self.server.draft().and_then(returned) {
            self.violate(|| format!("what was removed stays away: {element} does not"));
        }
    }

    pub(super) fn has_converged(&self, tab: TabNumber) -> bool {
        let machine = &self.tabs[tab].machine;
        let sees_the_same = |saved: &SavedDraft| machine.mine() == &saved.draft && machine.conflicts().next().is_none();
        self.server.draft().is_none_or(sees_the_same)
    }
}
