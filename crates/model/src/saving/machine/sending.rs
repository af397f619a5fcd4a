//! When to send, and what.

use super::Machine;
use crate::saving::effect::Effect;
use crate::saving::state::{InFlight, State, Timer, Turn};
use crate::saving::timing::{RETRY_LONGEST, RETRY_SHORTEST, SAVE_DELAY, TURN_PATIENCE, retry_after};

impl Machine {
    /// Whether there is something to send, if only to hear that the server still has it.
    pub(super) fn has_news(&self) -> bool {
        self.touched && (self.copy.has_news() || !self.confirmed)
    }

    /// Whether the server never acknowledged something of it.
    pub(super) fn is_unsent(&self) -> bool {
        self.touched && self.copy.is_unsent()
    }

    pub(super) fn may_send(&self) -> bool {
        !self.submitting
            && match &self.state {
                State::Ready | State::CutOff(_) => self.has_news(),
                // A question that takes its time holds no answer up.
                State::Sending(in_flight) => in_flight.asks && self.copy.has_news(),
                State::Stopped(_) | State::Ended(..) | State::Over => false,
            }
    }

    /// Whether a save is on its way; a question is none.
    fn is_saving(&self) -> bool {
        matches!(&self.state, State::Sending(in_flight) if !in_flight.asks)
    }

    fn wake(&mut self, timer: Timer, after: u32, effects: &mut Vec<Effect>) {
        self.timer = Some(timer);
        effects.push(Effect::Wake { after });
    }

    /// Sees to it that what was changed is sent in a moment.
    pub(super) fn wake_soon(&mut self, effects: &mut Vec<Effect>) {
        let is_awaited = matches!(self.timer, Some(Timer::Save | Timer::Retry));
        if is_awaited || self.submitting || !self.has_news() {
            return;
        }
        match &self.state {
            // The body is read when the turn comes: what was changed until then goes with it.
            State::Ready | State::CutOff(_) if self.turn == Turn::Asked => {}
            State::Ready | State::Sending(InFlight { outage: None, .. }) => self.wake(Timer::Save, SAVE_DELAY, effects),
            State::CutOff(_) => self.wake(Timer::Retry, RETRY_SHORTEST, effects),
            State::Sending(_) | State::Stopped(_) | State::Ended(..) | State::Over => {}
        }
    }

    pub(super) fn woken(&mut self, effects: &mut Vec<Effect>) {
        match self.timer.take() {
            Some(Timer::Turn) if self.turn == Turn::Asked && self.may_send() => self.send(effects),
            Some(Timer::Save) if self.is_saving() => self.due = true,
            _ => self.start(effects),
        }
    }

    /// Asks for the turn to send what there is.
    pub(super) fn start(&mut self, effects: &mut Vec<Effect>) {
        if !self.may_send() {
            return;
        }
        if self.turn == Turn::Held {
            return self.send(effects);
        }
        self.wake(Timer::Turn, TURN_PATIENCE, effects);
        if self.turn == Turn::NotAsked {
            self.turn = Turn::Asked;
            effects.push(Effect::AskTurn);
        }
    }

    pub(super) fn turn(&mut self, effects: &mut Vec<Effect>) {
        if self.turn == Turn::Held {
            return;
        }
        // Waiting for the network, or for the next retry.
        let waits = self.timer == Some(Timer::Retry);
        if self.turn == Turn::Asked && !waits && self.may_send() {
            self.turn = Turn::Held;
            self.send(effects);
        } else {
            self.turn = Turn::NotAsked;
            effects.push(Effect::EndTurn);
        }
    }

    /// The body is read here, when it leaves. It is on the device before: should the answer be lost, what comes back
    /// later is known to be ours.
    pub(super) fn send(&mut self, effects: &mut Vec<Effect>) {
        let over = self.basis();
        let draft = self.copy.to_send();
        self.copy.remember_sent(&draft);
        self.due = false;
        let named = self.base().is_some().then(|| over.clone());
        let asks = self.base().is_some_and(|base| base.draft == draft);
        effects.extend([Effect::Keep, Effect::Send { over: named, draft: Box::new(draft.clone()), asks }]);
        let outage = match self.state {
            State::CutOff(outage) => Some(outage),
            State::Sending(InFlight { outage, .. }) => outage,
            _ => None,
        };
        self.state = State::Sending(InFlight { draft, over, asks, signed_in_since: false, outage });
    }

    /// Browsers have been wrong about the network: a try now and then.
    pub(super) fn try_rarely(&mut self, effects: &mut Vec<Effect>) {
        if self.has_news() {
            self.wake(Timer::Retry, RETRY_LONGEST, effects);
        }
    }

    pub(super) fn send_now(&mut self, effects: &mut Vec<Effect>) {
        self.due = true;
        self.go_on(effects);
    }

    /// Sends what there is: at once if its time came, soon otherwise.
    pub(super) fn go_on(&mut self, effects: &mut Vec<Effect>) {
        if self.due && !self.is_saving() {
            self.due = false;
            self.start(effects);
        } else {
            self.wake_soon(effects);
        }
    }

    /// Tries again after a time that doubles with each failure.
    pub(super) fn retry(&mut self, failures: u32, random: u32, pause: u32, effects: &mut Vec<Effect>) {
        self.wake(Timer::Retry, retry_after(failures, random, pause), effects);
    }
}
