//! Time and body of a save.

use super::Machine;
use crate::saving::effect::Effect;
use crate::saving::state::{InFlight, Lock, State, Timer};
use crate::saving::timing::{LOCK_PATIENCE, RETRY_LONGEST, RETRY_SHORTEST, SAVE_DELAY, retry_after};

impl Machine {
    /// Returns whether there is a save or a verification to send.
    pub(super) fn has_to_send(&self) -> bool {
        self.begun && (self.copy.needs_saving() || !self.verified)
    }

    /// Returns whether the draft holds an answer that the server never acknowledged.
    pub(super) fn is_unsent(&self) -> bool {
        self.begun && self.copy.is_unsent()
    }

    pub(super) fn may_send(&self) -> bool {
        !self.submitting
            && match &self.state {
                State::Ready | State::CutOff(_) => self.has_to_send(),
                // A verification that takes its time holds no save up.
                State::Sending(in_flight) => in_flight.is_verification && self.copy.needs_saving(),
                State::Stopped(_) | State::Closed(..) | State::Erased => false,
            }
    }

    /// Returns whether a save is in flight; a verification is none.
    fn is_saving(&self) -> bool {
        matches!(&self.state, State::Sending(in_flight) if !in_flight.is_verification)
    }

    fn wake(&mut self, timer: Timer, after: u32, effects: &mut Vec<Effect>) {
        self.timer = Some(timer);
        effects.push(Effect::Wake { after });
    }

    /// Orders a timer for a save of the changed answers, unless one runs.
    pub(super) fn send_soon(&mut self, effects: &mut Vec<Effect>) {
        let is_awaited = matches!(self.timer, Some(Timer::Save | Timer::Retry));
        if is_awaited || self.submitting || !self.has_to_send() {
            return;
        }
        match &self.state {
            // The body is read when the lock is granted, with all answers that were changed until then.
            State::Ready | State::CutOff(_) if self.lock == Lock::Requested => {}
            State::Ready | State::Sending(InFlight { failure: None, .. }) => {
                self.wake(Timer::Save, SAVE_DELAY, effects);
            }
            State::CutOff(_) => self.wake(Timer::Retry, RETRY_SHORTEST, effects),
            State::Sending(_) | State::Stopped(_) | State::Closed(..) | State::Erased => {}
        }
    }

    pub(super) fn woken(&mut self, effects: &mut Vec<Effect>) {
        match self.timer.take() {
            Some(Timer::Lock) if self.lock == Lock::Requested && self.may_send() => self.send(effects),
            Some(Timer::Save) if self.is_saving() => self.overdue = true,
            _ => self.start(effects),
        }
    }

    /// Asks for the lock, to send a save or a verification.
    pub(super) fn start(&mut self, effects: &mut Vec<Effect>) {
        if !self.may_send() {
            return;
        }
        if self.lock == Lock::Held {
            return self.send(effects);
        }
        self.wake(Timer::Lock, LOCK_PATIENCE, effects);
        if self.lock == Lock::Free {
            self.lock = Lock::Requested;
            effects.push(Effect::RequestLock);
        }
    }

    pub(super) fn lock_granted(&mut self, effects: &mut Vec<Effect>) {
        if self.lock == Lock::Held {
            return;
        }
        // The network or the next retry is waited for.
        let waits = self.timer == Some(Timer::Retry);
        if self.lock == Lock::Requested && !waits && self.may_send() {
            self.lock = Lock::Held;
            self.send(effects);
        } else {
            self.lock = Lock::Free;
            effects.push(Effect::ReleaseLock);
        }
    }

    /// Sends the draft as it is at this moment. The device has it before: if the response is lost, the draft of the
    /// server is recognised later.
    pub(super) fn send(&mut self, effects: &mut Vec<Effect>) {
        let base = self.base_revision();
        let draft = self.copy.to_send();
        self.copy.remember_sent(&draft);
        self.overdue = false;
        let is_verification = self.base().is_some_and(|base| base.draft == draft);
        effects.push(Effect::WriteDevice);
        effects.push(if is_verification {
            Effect::Verify(base.clone())
        } else {
            Effect::Send { base: self.base().is_some().then(|| base.clone()), draft: Box::new(draft.clone()) }
        });
        let failure = match self.state {
            State::CutOff(failure) => Some(failure),
            State::Sending(InFlight { failure, .. }) => failure,
            _ => None,
        };
        self.state = State::Sending(InFlight { draft, base, is_verification, signed_in_since: false, failure });
    }

    /// Orders a rare retry while the browser tells that it is offline, which may be wrong.
    pub(super) fn try_rarely(&mut self, effects: &mut Vec<Effect>) {
        if self.has_to_send() {
            self.wake(Timer::Retry, RETRY_LONGEST, effects);
        }
    }

    pub(super) fn send_now(&mut self, effects: &mut Vec<Effect>) {
        self.overdue = true;
        self.go_on(effects);
    }

    /// Sends at once if the time has come, soon otherwise.
    pub(super) fn go_on(&mut self, effects: &mut Vec<Effect>) {
        if self.overdue && !self.is_saving() {
            self.overdue = false;
            self.start(effects);
        } else {
            self.send_soon(effects);
        }
    }

    /// Tries again after a time that doubles with each failure.
    pub(super) fn retry(&mut self, failures: u32, random: u32, pause: u32, effects: &mut Vec<Effect>) {
        self.wake(Timer::Retry, retry_after(failures, random, pause), effects);
    }
}
