//! End of a schedule: every failure ends, then the rules are checked.

use habilitation_model::saving::{Failure, SavedDraft, SavedTo, Side};

use super::people::Reading;
use super::{DEVICES, SECOND_PERSONS, World};
use crate::action::{Action, TabNumber};
use crate::oracle::{self, TypedId, value_of};

impl World {
    pub(super) fn open_tabs(&self) -> Vec<TabNumber> {
        (0..self.tabs.len()).filter(|tab| self.tabs[*tab].is_open).collect()
    }

    /// Returns every value that somebody can see: on the server, in a tab, or in a copy on a device.
    pub(super) fn visible_values(&self) -> Vec<TypedId> {
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

    /// Ends every failure, and lets all calls and messages arrive. A right that was taken is given back, or not.
    pub(crate) fn reconnect(&mut self, gives_right_back: bool) {
        self.note(|| "Every failure ends".to_owned());
        self.server.is_up = true;
        for device in 0..DEVICES {
            self.devices[device].is_full = false;
            if self.devices[device].is_offline {
                self.toggle_network(device);
            }
            self.apply(Action::SignIn(device));
        }
        for tab in self.open_tabs() {
            self.apply(Action::ThawTab(tab));
            self.apply(Action::LeaveBfcache(tab));
            self.apply(Action::LeaveControl(tab));
        }
        if gives_right_back {
            self.apply(Action::GiveRight);
        }
        self.come_to_rest();
    }

    /// Settles the world, and corrects the answers that the server rejects.
    fn come_to_rest(&mut self) {
        self.settle();
        while self.violated.is_none() && self.correct_rejected_answer() {
            self.settle();
        }
    }

    /// Types another value over one that the server rejects; returns whether there was one.
    fn correct_rejected_answer(&mut self) -> bool {
        for tab in self.open_tabs() {
            let machine = &self.tabs[tab].machine;
            if !matches!(machine.failure(), Some(Failure::TooLarge | Failure::NotUnderstood)) {
                continue;
            }
            let rejected = oracle::rejected_fields(machine.mine()).next();
            if let Some(field) = rejected {
                self.type_text(tab, field, Reading::Fresh, false);
                return true;
            }
        }
        false
    }

    /// Delivers calls, locks, messages and timers until none is left.
    pub(crate) fn settle(&mut self) {
        for _ in 0..200 {
            let mut moved = false;
            for device in 0..DEVICES {
                moved |= self.apply(Action::GrantLock(device));
            }
            while self.move_a_call() {
                moved = true;
            }
            for tab in self.open_tabs() {
                while self.apply(Action::ReceiveMessage(tab)) {
                    moved = true;
                }
                moved |= self.apply(Action::FireTimer(tab));
            }
            if !moved || self.violated.is_some() {
                return;
            }
        }
        self.violate(|| "everything comes to rest once every failure ends: this goes on for ever".to_owned());
    }

    /// Delivers a call or its response, or lets its time limit pass; returns whether there was one.
    fn move_a_call(&mut self) -> bool {
        (0..self.calls.len()).any(|call| {
            let hangs = self.calls[call].hangs;
            self.apply(Action::DeliverCall(call))
                || self.apply(Action::DeliverResponse(call))
                || (hangs && self.apply(Action::TimeOutCall(call)))
        })
    }

    /// Resolves every conflict and opens the request anew everywhere, until all tabs show the same.
    pub(crate) fn converge(&mut self, side: Side) {
        for _ in 0..DEVICES + 1 {
            for tab in self.open_tabs() {
                while self.apply(Action::ResolveConflict(tab, side)) {}
            }
            self.come_to_rest();
            for tab in self.open_tabs() {
                self.apply(Action::CloseTab(tab));
            }
            self.come_to_rest();
            for device in 0..DEVICES {
                if self.machine_of_new_tab(device).is_some() {
                    self.open(device);
                }
            }
            self.come_to_rest();
            if self.open_tabs().into_iter().all(|tab| self.has_converged(tab)) {
                return;
            }
        }
    }

    /// Checks that no tab waits for an event that will not come.
    pub(crate) fn check_rest(&mut self) {
        for tab in self.open_tabs() {
            let saved_to = self.tabs[tab].machine.saved_to();
            let was_restored = self.server.was_restored;
            // A single open tab cannot know that the server was restored.
            let may_not_know = self.tabs[tab].restores != self.server.restores;
            let at_rest = match saved_to {
                SavedTo::Server => self.server.state.held().is_some() || self.server.is_closed() || may_not_know,
                SavedTo::Nowhere => true,
                SavedTo::Device(Failure::Gone | Failure::Submitted) => self.server.is_closed() || was_restored,
                SavedTo::Device(Failure::NotOnServer) => was_restored,
                SavedTo::Device(Failure::NotPermitted) => self.only_reads(tab),
                _ => false,
            };
            if !at_rest {
                self.violate(|| {
                    format!("everything reaches the server once every failure ends: tab {tab} says {saved_to:?}")
                });
            }
        }
    }

    /// Checks that no value that was typed is lost.
    pub(crate) fn check_nothing_lost(&mut self) {
        if let Some(value) = self.oracle.lost(&self.visible_values()) {
            self.violate(|| format!("nothing is lost: nobody can see {value}, nor what replaced it"));
        }
    }

    /// Checks that every tab shows the draft of the server.
    pub(crate) fn check_convergence(&mut self) {
        if let Some(tab) = self.open_tabs().into_iter().find(|tab| !self.has_converged(*tab)) {
            self.violate(|| format!("all agree in the end: tab {tab} does not"));
        }
        // Whoever only reads removes nothing, whatever they see.
        let kept = self.open_tabs().into_iter().filter(|tab| self.only_reads(*tab));
        let kept: Vec<TypedId> =
            kept.flat_map(|tab| oracle::unsettled(&self.tabs[tab].machine.device_copy(0))).collect();
        let kept_on_device = self.devices[SECOND_PERSONS].stored.iter().flat_map(oracle::unsettled);
        let kept: Vec<TypedId> = kept_on_device.chain(kept).collect();
        if !self.server.second_person_edits {
            self.oracle.mark_uncertain(kept);
        }
        let returned =
            |saved: &SavedDraft| oracle::elements(&saved.draft).find(|element| self.oracle.stays_away(*element));
        if let Some(element) = self.server.draft().and_then(returned) {
            self.violate(|| format!("what was removed stays away: {element} does not"));
        }
    }

    /// Returns whether a tab is of a person who lost the right to change answers.
    fn only_reads(&self, tab: TabNumber) -> bool {
        self.tabs[tab].device == SECOND_PERSONS && !self.server.second_person_edits
    }

    pub(super) fn has_converged(&self, tab: TabNumber) -> bool {
        let machine = &self.tabs[tab].machine;
        // What they typed stays on their device.
        if self.only_reads(tab) && machine.failure() == Some(Failure::NotPermitted) {
            return true;
        }
        let sees_the_same = |saved: &SavedDraft| machine.mine() == &saved.draft && machine.conflicts().next().is_none();
        self.server.draft().is_none_or(sees_the_same)
    }
}
