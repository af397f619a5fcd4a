//! Responses of the server.

use super::Machine;
use crate::saving::copy::{BaseRevision, DeviceCopy, Relation, SavedDraft, Snapshot};
use crate::saving::effect::Effect;
use crate::saving::failure::{CloseReason, Failure, FailureKind, Obstacle, PassingFailure};
use crate::saving::state::{InFlight, Lock, State};

/// Failures in a row after which an intercepted save is told as such.
const INTERCEPTED_AFTER: u32 = 2;

impl Machine {
    /// Takes the call in flight out of the state, and releases the lock.
    pub(super) fn take_in_flight(&mut self, effects: &mut Vec<Effect>) -> Option<InFlight> {
        if self.lock == Lock::Held {
            self.lock = Lock::Free;
            effects.push(Effect::ReleaseLock);
        }
        self.state.take_in_flight()
    }

    /// Notes that the server told what it holds.
    pub(super) fn mark_verified(&mut self) {
        self.verified = true;
        self.copy.not_on_server = false;
    }

    pub(super) fn recovered(&mut self) {
        self.without_response = 0;
        self.state.recover();
    }

    pub(super) fn saved(&mut self, revision: u64, saved_at: String, effects: &mut Vec<Effect>) {
        let mut ends = Vec::new();
        let Some(InFlight { draft, base, is_verification, .. }) = self.take_in_flight(&mut ends) else { return };
        if is_verification {
            // A save of another tab may be in flight still: only a save ends that.
            self.copy.not_on_server = false;
        } else if self.copy.is_ahead(revision, &base) {
            // Another tab may have saved meanwhile.
            self.copy.acknowledge_save(SavedDraft { revision, saved_at, draft }, &base);
        }
        self.stale_responses = 0;
        self.mark_verified();
        self.recovered();
        effects.push(Effect::WriteDevice);
        effects.append(&mut ends);
        self.go_on(effects);
    }

    pub(super) fn stale(&mut self, current: &Snapshot, effects: &mut Vec<Effect>) {
        let mut ends = Vec::new();
        let Some(InFlight { draft, base, .. }) = self.take_in_flight(&mut ends) else { return };
        let relation = self.copy.relation(current, &base);
        self.mark_verified();
        let is_news = matches!(relation, Relation::Later | Relation::Restored);
        if current.saved.draft == draft && is_news {
            // The response to an earlier attempt was lost: the server holds the draft that was sent.
            self.copy.acknowledge(current.clone());
            self.copy.era += u64::from(relation == Relation::Restored);
            effects.push(Effect::WriteDevice);
        } else if is_news {
            self.take_in(current, &base, effects);
        }
        let is_as_sent = current.saved.draft == draft && is_news;
        self.recovered();
        effects.append(&mut ends);
        let stale_responses = self.stale_responses;
        self.stale_responses = if is_as_sent { 0 } else { stale_responses.saturating_add(1) };
        if is_news && stale_responses == 0 {
            self.overdue = true;
            self.go_on(effects);
        } else if self.may_send() {
            // A server for which each save is stale is not asked more often than one that is out of reach. The tab's number
            // is random enough to spread the retries.
            self.retry(stale_responses, self.tab, 0, effects);
        }
    }

    pub(super) fn found(&mut self, current: &Snapshot, asked: &BaseRevision, effects: &mut Vec<Effect>) {
        self.mark_verified();
        self.stale_responses = 0;
        self.recovered();
        self.take_in(current, asked, effects);
        self.overdue = true;
        self.go_on(effects);
    }

    /// Merges the draft that the server holds, if it is news.
    fn take_in(&mut self, current: &Snapshot, asked: &BaseRevision, effects: &mut Vec<Effect>) {
        let before = self.copy.clone();
        let known = self.known_copies.clone();
        if self.rebase(current, asked, &known) {
            self.clear_rejection();
            effects.push(Effect::WriteDevice);
            self.show_changes(&before, effects);
        }
    }

    /// Brings the copy to the draft that the server holds; returns whether that is news.
    pub(super) fn rebase(&mut self, current: &Snapshot, asked: &BaseRevision, known: &[DeviceCopy]) -> bool {
        match self.copy.relation(current, asked) {
            Relation::Later => self.copy.rebase(current, known),
            Relation::Restored => self.copy.rebase_restored(current, known),
            Relation::Same | Relation::Overtaken => return false,
        }
        true
    }

    pub(super) fn failed(&mut self, failure: Failure, random: u32, pause: u32, effects: &mut Vec<Effect>) {
        let Some(InFlight { draft, signed_in_since, .. }) = self.take_in_flight(effects) else { return };
        match failure.kind() {
            // The person may have corrected it meanwhile.
            FailureKind::Obstacle(Obstacle::TooLarge | Obstacle::NotUnderstood) if draft != self.copy.to_send() => {
                self.go_on(effects);
            }
            FailureKind::Obstacle(Obstacle::SignedOut | Obstacle::NotPermitted) if signed_in_since => {
                self.start(effects);
            }
            FailureKind::Obstacle(obstacle) => self.state = State::Stopped(obstacle),
            FailureKind::Close(CloseReason::NotOnServer) => self.close_as_not_on_server(effects),
            // A verification leaves nothing on the device that the server lacks.
            FailureKind::Close(_) if !self.is_unsent() => self.erase(effects),
            FailureKind::Close(reason) => self.state.close(reason),
            FailureKind::Passing(passing) => {
                // A single intercepted save may be chance.
                let is_chance = passing == PassingFailure::Intercepted && self.without_response < INTERCEPTED_AFTER;
                self.state = State::CutOff(if is_chance { PassingFailure::Unreachable } else { passing });
                let failures = self.without_response;
                self.without_response = failures.saturating_add(1);
                self.retry(failures, random, pause, effects);
            }
        }
    }
}
