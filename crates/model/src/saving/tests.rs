//! Scripts of the machine: events, and the effects that they order.

mod backups;
mod closing;
mod responses;

mod failures;
mod sending;
mod tabs;

use std::ops::Deref;
use std::sync::atomic::{AtomicU32, Ordering};

use super::Effect::{EraseDevice, ReleaseLock, RequestLock, ShowAnswers, ShowConflicts, WriteDevice};
use super::Event::{
    CopyWritten, Erased, Flush, Hidden, LockGranted, NotSubmitted, Offline, Online, SignedIn, Submitting, Woken,
};
use super::timing::RETRY_LONGEST;
use super::*;
use crate::draft::Draft;
use crate::field::{Field, Value};
use crate::scope::Scopes;

/// Machine with the effects of its last event.
#[derive(Clone)]
struct Script {
    machine: Machine,
    /// Effects of the last event.
    effects: Vec<Effect>,
}

/// Begins a script.
fn script(machine: Machine) -> Script {
    Script { machine, effects: Vec::new() }
}

impl Script {
    /// Hands an event in.
    fn on(&mut self, event: Event) -> &mut Self {
        self.effects = self.machine.handle(event);
        self
    }

    /// Checks all effects, in their order.
    #[track_caller]
    fn then(&mut self, effects: impl AsRef<[Effect]>) -> &mut Self {
        assert_eq!(self.effects, effects.as_ref());
        self
    }

    /// Checks all effects, with the reason for them.
    #[track_caller]
    fn then_because(&mut self, reason: &str, effects: impl AsRef<[Effect]>) -> &mut Self {
        assert_eq!(self.effects, effects.as_ref(), "{reason}");
        self
    }
}

impl Deref for Script {
    type Target = Machine;

    fn deref(&self) -> &Machine {
        &self.machine
    }
}

fn named(name: &str) -> Draft {
    let mut draft = Draft::default();
    draft.project.name = name.into();
    draft
}

fn legal(basis: &str) -> Draft {
    let mut draft = Draft::default();
    draft.legal.basis = basis.into();
    draft
}

fn scoped(scopes: &[&str]) -> Draft {
    let mut draft = Draft::default();
    draft.data.scopes = Scopes::from_wire(scopes.iter().map(|scope| (*scope).to_owned()).collect());
    draft
}

/// Returns the number of a tab that no other has.
fn another_tab() -> u32 {
    static TABS: AtomicU32 = AtomicU32::new(0);
    TABS.fetch_add(1, Ordering::Relaxed)
}

fn saved_draft(revision: u64, draft: Draft) -> SavedDraft {
    SavedDraft { revision, saved_at: format!("2026-11-25T10:00:{revision:02}Z"), draft }
}

fn base_revision(revision: u64) -> BaseRevision {
    let SavedDraft { revision, saved_at, .. } = saved_draft(revision, Draft::default());
    BaseRevision::of(revision, &saved_at)
}

fn stale(current: SavedDraft) -> Event {
    Event::Stale(current.into())
}

/// Returns the event that the server holds this draft, as it was asked just now.
fn found(machine: &Machine, current: SavedDraft) -> Event {
    Event::Found { current: current.into(), asked: machine.base_revision() }
}

fn saved(revision: u64) -> Event {
    let SavedDraft { revision, saved_at, .. } = saved_draft(revision, Draft::default());
    Event::Saved { revision, saved_at }
}

fn failed(failure: Failure) -> Event {
    Event::Failed { failure, random: 0, pause: 0 }
}

fn edited(draft: Draft) -> Event {
    Event::Edited(draft)
}

fn wake(after: u32) -> Effect {
    Effect::Wake { after }
}

/// Returns the effects that ask for the lock.
fn asked() -> Vec<Effect> {
    vec![wake(LOCK_PATIENCE), RequestLock]
}

/// Returns the effects that send once the lock is held.
fn sent(revision: Option<u64>, draft: Draft) -> Vec<Effect> {
    vec![WriteDevice, Effect::Send { base: revision.map(base_revision), draft: Box::new(draft) }]
}

/// Returns the effects that verify a revision.
fn verified(revision: u64) -> Vec<Effect> {
    vec![WriteDevice, Effect::Verify(base_revision(revision))]
}

/// Returns a machine whose first save of `draft` is in flight.
fn sending(draft: &Draft) -> Script {
    let mut machine = script(Machine::new(another_tab(), Draft::default()));
    machine.on(edited(draft.clone())).then([WriteDevice, wake(SAVE_DELAY)]);
    machine.on(Woken).then(asked());
    machine.on(LockGranted).then(sent(None, draft.clone()));
    machine
}

/// Returns a machine that saved `draft` as a revision.
fn at_rest(revision: u64, draft: Draft) -> Script {
    script(Machine::from_server(another_tab(), saved_draft(revision, draft)))
}

/// Edits the draft, and sends it.
fn send_now(machine: &mut Script, draft: Draft) {
    machine.on(edited(draft));
    send(machine);
}

/// Sends the draft of a machine.
fn send(machine: &mut Script) {
    machine.on(Flush);
    let effects = machine.on(LockGranted).effects.clone();
    assert!(matches!(effects.last(), Some(Effect::Send { .. })), "{effects:?}");
}

/// Writes the copy of a tab, where the other tabs see it.
fn write(machine: &mut Script) -> DeviceCopy {
    let copy = machine.device_copy(0);
    machine.on(CopyWritten).then([]);
    copy
}

fn other_tab_wrote(copy: &DeviceCopy) -> Event {
    Event::OtherTabWrote(Box::new(copy.clone()))
}

fn fields_in_conflict(machine: &Machine) -> Vec<Field> {
    machine.conflicts().map(|conflict| conflict.field).collect()
}

/// Returns a machine that saved `first`, then `second`, both acknowledged: its base is revision 2.
fn saved_twice(first: Draft, second: Draft) -> Script {
    let mut machine = at_rest(1, first);
    send_now(&mut machine, second);
    machine.on(saved(2));
    assert_eq!(machine.saved_to(), SavedTo::Server);
    machine
}
