//! What is left once everything mended, and whether it is what was promised.

use habilitation_model::saving::{Base, Failure, Side, Whereabouts};

use super::people::Reading;
use super::{DEVICES, World};
use crate::step::{Step, TabNumber};
use crate::truth::{self, Value, value_of};

impl World {
    pub(super) fn open_tabs(&self) -> Vec<TabNumber> {
        (0..self.tabs.len()).filter(|tab| self.tabs[*tab].is_open).collect()
    }

    /// Every value that somebody can see: on the server, in a tab, or in a copy on a device.
    pub(super) fn there(&self) -> Vec<Value> {
        let mut there = Vec::new();
        there.extend(self.server.state.held().into_iter().flat_map(truth::values));
        for tab in self.tabs.iter().filter(|tab| tab.is_open) {
            there.extend(truth::values(tab.machine.mine()));
            there.extend(tab.control.map(|written| written.value));
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
            self.take(Step::SignIn(device));
        }
        for tab in self.open_tabs() {
            self.take(Step::Thaw(tab));
            self.take(Step::BringBack(tab));
            self.take(Step::LeaveControl(tab));
        }
        self.come_to_rest();
    }

    /// Lets everything come to its end, and mends what the server does not take.
    fn come_to_rest(&mut self) {
        self.settle();
        while self.broken.is_none() && self.mend_what_is_refused() {
            self.settle();
        }
    }

    /// The person sees in some tab what the server does not take, and types something else; answers whether there was
    /// any.
    fn mend_what_is_refused(&mut self) -> bool {
        for tab in self.open_tabs() {
            let machine = &self.tabs[tab].machine;
            if !matches!(machine.failure(), Some(Failure::TooLarge | Failure::NotUnderstood)) {
                continue;
            }
            let refused = truth::refused_fields(machine.mine()).next();
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
                moved |= self.take(Step::Grant(device));
            }
            while self.move_a_call() {
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

    /// Brings a call further: there, back, or to the end of the time that it may take.
    fn move_a_call(&mut self) -> bool {
        (0..self.calls.len()).any(|call| {
            let hangs = self.calls[call].hangs;
            self.take(Step::Arrive(call)) || self.take(Step::Answer(call)) || (hangs && self.take(Step::GiveUp(call)))
        })
    }

    /// Chooses in every conflict, and opens the request anew everywhere, until all have heard of everything.
    pub(crate) fn agree(&mut self, side: Side) {
        for _ in 0..DEVICES + 1 {
            for tab in self.open_tabs() {
                while self.take(Step::Choose(tab, side)) {}
            }
            self.come_to_rest();
            for tab in self.open_tabs() {
                self.take(Step::Close(tab));
            }
            self.come_to_rest();
            for device in 0..DEVICES {
                if self.opened(device).is_some() {
                    self.open(device);
                }
            }
            self.come_to_rest();
            if self.open_tabs().into_iter().all(|tab| self.agrees(tab)) {
                return;
            }
        }
    }

    /// No tab is left waiting for something that will not come.
    pub(crate) fn check_rest(&mut self) {
        for tab in self.open_tabs() {
            let whereabouts = self.tabs[tab].machine.whereabouts();
            let was_restored = self.server.was_restored;
            // A tab that was left open and alone cannot know that a backup came back.
            let may_not_know = self.tabs[tab].restores != self.server.restores;
            let at_rest = match whereabouts {
                Whereabouts::Server => self.server.state.held().is_some() || self.server.is_over() || may_not_know,
                Whereabouts::Nowhere => true,
                Whereabouts::Device(Failure::Gone | Failure::Submitted) => self.server.is_over() || was_restored,
                Whereabouts::Device(Failure::Unknown) => was_restored,
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
        let returned = |base: &Base| truth::elements(&base.draft).find(|element| self.truth.stays_away(*element));
        if let Some(element) = self.server.draft().and_then(returned) {
            self.breaks(|| format!("what was removed stays away: {element} does not"));
        }
    }

    pub(super) fn agrees(&self, tab: TabNumber) -> bool {
        let machine = &self.tabs[tab].machine;
        let sees_the_same = |base: &Base| machine.mine() == &base.draft && machine.conflicts().next().is_none();
        self.server.draft().is_none_or(sees_the_same)
    }
}
