//! Handling of events, and what a page reads of the machine.

use super::copy::{BaseRevision, Conflict, DeviceCopy, SavedDraft, Snapshot};
use super::effect::Effect;
use super::event::{Event, Side};
use super::failure::{CloseReason, Failure, FailureKind, Obstacle, PassingFailure};
use super::saved_to::SavedTo;
use super::state::{InFlight, Lock, State, Timer};
use crate::draft::Draft;
use crate::field::Field;

mod responses;
mod sending;
#[cfg(test)]
mod table;

/// Most copies that are remembered, to tell which of them another tab knew when it wrote.
const KNOWN_COPIES_MAX: usize = 8;

/// The machine of one draft in one tab.
#[derive(Clone, Debug)]
pub struct Machine {
    tab: u32,
    copy: DeviceCopy,
    /// The last copies on the device that this tab wrote or took in, the newest last.
    known_copies: Vec<DeviceCopy>,
    /// Set once the person changed an answer: a draft exists from its first edit on.
    begun: bool,
    /// Set once the server told that it holds the merge base, since this machine began.
    verified: bool,
    state: State,
    /// Set while a submission is in flight, which holds every save back. It is apart from the state because a save that
    /// was sent before gets its response meanwhile.
    submitting: bool,
    lock: Lock,
    timer: Option<Timer>,
    /// Set once the time to save has come: changed answers are sent at the next occasion. It is apart from the state
    /// because it outlives a failure.
    overdue: bool,
    /// Attempts in a row that had no response.
    without_response: u32,
    /// Attempts in a row that were stale.
    stale_responses: u32,
}

impl Machine {
    /// Makes the machine of a draft that nobody touched yet; `mine` holds the answers filled in beforehand. `tab` is
    /// any number that no other tab of the browser has, here and below.
    #[must_use]
    pub fn new(tab: u32, mine: Draft) -> Self {
        let copy = DeviceCopy { prefilled: mine.clone(), ..DeviceCopy::new(mine, 0) };
        Self { begun: false, ..Self::from_device(tab, copy) }
    }

    /// Makes the machine of a draft that the server holds.
    #[must_use]
    pub fn from_server(tab: u32, saved: SavedDraft) -> Self {
        let copy = DeviceCopy { base: Some(saved.clone()), ..DeviceCopy::new(saved.draft, 0) };
        Self { verified: true, ..Self::from_device(tab, copy) }
    }

    /// Makes the machine of a draft that the device kept. It counts as saved only once the server told that it holds
    /// it: the server may have been restored since.
    #[must_use]
    pub fn from_device(tab: u32, copy: DeviceCopy) -> Self {
        Self {
            tab,
            known_copies: vec![copy.clone()],
            copy,
            begun: true,
            verified: false,
            state: State::Ready,
            submitting: false,
            lock: Lock::Free,
            timer: None,
            overdue: false,
            without_response: 0,
            stale_responses: 0,
        }
    }

    /// Makes the machine of a draft that the device kept, merged with the draft that the server holds.
    #[must_use]
    pub fn open(tab: u32, copy: DeviceCopy, current: &Snapshot) -> Self {
        let mut machine = Self::from_device(tab, copy);
        machine.mark_verified();
        let asked = machine.base_revision();
        machine.rebase(current, &asked, &[]);
        machine
    }

    /// Returns the answers that the person sees.
    #[must_use]
    pub fn mine(&self) -> &Draft {
        &self.copy.mine
    }

    /// Returns the merge base: the draft that the server last acknowledged.
    #[must_use]
    pub fn base(&self) -> Option<&SavedDraft> {
        self.copy.base.as_ref()
    }

    /// Returns the revision of the merge base.
    #[must_use]
    pub fn base_revision(&self) -> BaseRevision {
        self.copy.base_revision()
    }

    /// Returns the fields with two values, of which a person has to choose one. A field with more than two is listed
    /// again once the person chose between the first two.
    pub fn conflicts(&self) -> impl Iterator<Item = &Conflict> {
        let all = &self.copy.conflicts;
        all.iter().enumerate().filter_map(|(place, conflict)| {
            let is_first = all[..place].iter().all(|before| before.field != conflict.field);
            is_first.then_some(conflict)
        })
    }

    /// Returns the failure that keeps the answers from the server, or would if there were any to send.
    #[must_use]
    pub fn failure(&self) -> Option<Failure> {
        self.state.failure()
    }

    /// Returns the place that holds the answers.
    #[must_use]
    pub fn saved_to(&self) -> SavedTo {
        match &self.state {
            State::Erased => SavedTo::Erased,
            _ if !self.begun => SavedTo::Nowhere,
            State::Closed(CloseReason::NotOnServer, _) => SavedTo::Device(Failure::NotOnServer),
            state if state.in_flight().is_none() && !self.has_to_send() => SavedTo::Server,
            state => state.failure().map_or(SavedTo::OnTheWay, SavedTo::Device),
        }
    }

    /// Returns the copy that the device should keep.
    #[must_use]
    pub fn device_copy(&self, now: u64) -> DeviceCopy {
        let copy =
            self.known_copies.last().map_or_else(|| self.copy.clone(), |seen| self.copy.following(seen, self.tab));
        DeviceCopy { changed_at: now, ..copy }
    }

    /// Handles an event; the effects are to be carried out in order.
    #[must_use]
    #[expect(clippy::match_same_arms, reason = "the arms stand by subject, as a reader holds them beside the table")]
    pub fn handle(&mut self, event: Event) -> Vec<Effect> {
        let mut effects = Vec::new();
        match (&mut self.state, event) {
            // A lock that is granted late is left to the other tabs.
            (State::Erased, Event::LockGranted) => effects.push(Effect::ReleaseLock),
            (State::Erased, _) => {}

            // The answers change.
            (_, Event::Edited(mine)) => self.edited(mine, &mut effects),
            (_, Event::Chosen { field, side }) => self.chosen(field, side, &mut effects),
            (_, Event::OtherTabWrote(copy)) => self.other_tab_wrote(*copy, &mut effects),
            (_, Event::Found { current, asked }) => self.found(&current, &asked, &mut effects),
            (_, Event::CopyWritten) => self.remember_copy(self.device_copy(self.copy.changed_at)),

            // Answers may be sent.
            (_, Event::Woken) => self.woken(&mut effects),
            (_, Event::Flush) => self.start(&mut effects),
            (_, Event::Hidden) => self.hidden(&mut effects),
            (_, Event::LockGranted) => self.lock_granted(&mut effects),

            // A failure begins or ends.
            (State::Ready, Event::Offline) => {
                self.state = State::CutOff(PassingFailure::Unreachable);
                self.try_rarely(&mut effects);
            }
            (State::CutOff(_), Event::Offline) => self.try_rarely(&mut effects),
            (State::Sending(in_flight), Event::Offline) => {
                in_flight.failure.get_or_insert(PassingFailure::Unreachable);
            }
            (State::Stopped(_) | State::Closed(..), Event::Offline) => {}
            (State::CutOff(_) | State::Sending(InFlight { failure: Some(_), .. }), Event::Online)
            | (State::Stopped(Obstacle::SignedOut | Obstacle::NotPermitted), Event::SignedIn) => {
                self.recovered();
                self.send_now(&mut effects);
            }
            (State::Sending(in_flight), Event::SignedIn) => {
                in_flight.signed_in_since = true;
                self.send_now(&mut effects);
            }
            (_, Event::Online | Event::SignedIn) => self.send_now(&mut effects),

            // The server responds. The last attempt before closing may still get a response.
            (State::Sending(_) | State::Closed(_, Some(_)), Event::Saved { revision, saved_at }) => {
                self.saved(revision, saved_at, &mut effects);
            }
            (State::Sending(_) | State::Closed(_, Some(_)), Event::Stale(current)) => {
                self.stale(&current, &mut effects);
            }
            (State::Sending(_), Event::Failed { failure, random, pause }) => {
                self.failed(failure, random, pause, &mut effects);
            }
            (State::Closed(..), Event::Failed { .. }) => {
                self.take_in_flight(&mut effects);
            }
            (_, Event::Saved { .. } | Event::Stale(_) | Event::Failed { .. }) => {}

            // The draft is submitted, deleted, not on the server, or erased.
            (_, Event::Submitting) => self.submitting = true,
            (_, Event::NotSubmitted) => {
                self.submitting = false;
                self.start(&mut effects);
            }
            (_, Event::Submitted) => self.close_or_erase(CloseReason::Submitted, &mut effects),
            (_, Event::Deleted) => self.close_or_erase(CloseReason::Gone, &mut effects),
            (State::Closed(..), Event::NotOnServer) => self.submitting = false,
            // A draft that nobody typed in is on no server, and leaves nothing on the device.
            (_, Event::NotOnServer) if !self.begun => self.submitting = false,
            (_, Event::NotOnServer) => self.close_as_not_on_server(&mut effects),
            (_, Event::Erased) => self.erase(&mut effects),
        }
        effects
    }

    // Acts of the person.

    fn edited(&mut self, mine: Draft, effects: &mut Vec<Effect>) {
        if mine == self.copy.mine {
            return;
        }
        self.copy.edit(mine);
        self.changed_here(effects);
    }

    fn chosen(&mut self, field: Field, side: Side, effects: &mut Vec<Effect>) {
        let Some(conflict) = self.copy.take_conflict(field) else { return };
        if side == Side::Theirs {
            field.set(&mut self.copy.mine, conflict.other());
            effects.push(Effect::ShowAnswers(vec![field]));
        }
        self.changed_here(effects);
    }

    fn changed_here(&mut self, effects: &mut Vec<Effect>) {
        self.begun = true;
        self.clear_rejection();
        effects.push(Effect::WriteDevice);
        self.send_soon(effects);
    }

    /// Leaves the state of a rejected draft, which an edit may have corrected.
    fn clear_rejection(&mut self) {
        if matches!(self.state, State::Stopped(Obstacle::TooLarge | Obstacle::NotUnderstood)) {
            self.state = State::Ready;
        }
    }

    fn hidden(&mut self, effects: &mut Vec<Effect>) {
        if self.may_send() {
            // A page that may be closing cannot wait for the lock.
            self.send(effects);
        } else if self.is_unsent() {
            effects.push(Effect::WriteDevice);
        }
    }

    // Writes of other tabs.

    fn remember_copy(&mut self, copy: DeviceCopy) {
        if self.known_copies.len() == KNOWN_COPIES_MAX {
            self.known_copies.remove(0);
        }
        self.known_copies.push(copy);
    }

    fn other_tab_wrote(&mut self, copy: DeviceCopy, effects: &mut Vec<Effect>) {
        let Some(last) = self.known_copies.last().filter(|last| !last.is_same_version(&copy)).cloned() else { return };
        let before = self.copy.clone();
        self.begun = true;
        self.copy.join(&self.known_copies, &copy);
        if self.copy.mine != before.mine {
            self.clear_rejection();
        }
        if !self.copy.shows_the_same(&copy) {
            effects.push(Effect::WriteDevice);
        }
        self.remember_copy(copy.taken_into(&last));
        self.show_changes(&before, effects);
        // A save of another tab got through, so that one of this tab would too.
        let got_through = before.base_revision() != self.base_revision();
        let may_pass = |failure: Failure| {
            matches!(
                failure.kind(),
                FailureKind::Passing(_) | FailureKind::Obstacle(Obstacle::SignedOut | Obstacle::NotPermitted)
            )
        };
        if got_through && self.failure().is_some_and(may_pass) {
            self.recovered();
            self.overdue = true;
        }
        self.go_on(effects);
    }

    fn show_changes(&self, before: &DeviceCopy, effects: &mut Vec<Effect>) {
        let changes = self.copy.changes_since(before);
        if !changes.changed.is_empty() {
            effects.push(Effect::ShowAnswers(changes.changed));
        }
        if !changes.conflicting.is_empty() {
            effects.push(Effect::ShowConflicts(changes.conflicting));
        }
    }

    // The end of the draft.

    /// Closes a submitted or deleted draft while the device holds answers that the server lacks; erases it otherwise.
    fn close_or_erase(&mut self, reason: CloseReason, effects: &mut Vec<Effect>) {
        self.submitting = false;
        if self.is_unsent() {
            self.state.close(reason);
            // Another tab may have erased the copy.
            effects.push(Effect::WriteDevice);
        } else {
            self.erase(effects);
        }
    }

    /// Closes a draft that the server does not know any more. This copy may be the last one.
    fn close_as_not_on_server(&mut self, effects: &mut Vec<Effect>) {
        self.submitting = false;
        self.state.close(CloseReason::NotOnServer);
        self.copy.not_on_server = true;
        effects.push(Effect::WriteDevice);
    }

    fn erase(&mut self, effects: &mut Vec<Effect>) {
        effects.push(Effect::EraseDevice);
        self.take_in_flight(effects);
        self.state = State::Erased;
    }
}
