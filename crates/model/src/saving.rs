//! How a draft is kept: the machine that decides what is written, sent and said, and when.
//!
//! It is pure: events go in, effects come out, and whoever drives it decides nothing. It holds three drafts:
//! `base`, what the server last acknowledged; `mine`, what the person sees; and what is on its way.
//!
//! ```text
//!                     Edited                    timer, Flush, Hidden
//!   at rest  ───────────────────────▶  waiting ─────────────────────▶  sending
//!      ▲                                  ▲  ▲                            │
//!      │      nothing changed since       │  │  changed since             │
//!      └───────────── Saved ◀─────────────┼──┴──────── Saved ◀────────────┤
//!                                         │      (also: Refused by a      │
//!                                         │      draft equal to the sent) │
//!                                         ├───── Refused: merged ◀────────┤
//!                                         └───── Failed: backoff ◀────────┤
//!   stopped (signed out, deleted, too large, not understood) ◀── Failed ──┘
//! ```
//!
//! At most one save is under way; it is never aborted, and what was typed meanwhile goes with the next one.
//! A field that was changed to two different values is a conflict: both values are kept, the server's is what is sent,
//! and a person chooses.

use serde::Serialize;

use crate::draft::Draft;
use crate::field::{Field, Value};
use crate::object::objects;
use crate::scope::Scopes;

/// Milliseconds from an edit to its save: short enough for the promise of two seconds, long enough for a few words.
pub const SAVE_DELAY: u32 = 900;
/// Milliseconds before the first retry; it doubles up to [`RETRY_LONGEST`].
const RETRY_SHORTEST: u32 = 1_000;
/// Milliseconds between retries at most.
const RETRY_LONGEST: u32 = 60_000;

/// A draft as the server acknowledged it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Base {
    /// Its revision.
    pub revision: u64,
    /// What was typed.
    pub draft: Draft,
}

/// What the device keeps of a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeviceCopy {
    /// Version of the draft's shape, [`crate::SCHEMA`].
    pub schema: u32,
    /// What the server last acknowledged; nothing before the first save.
    pub base: Option<Base>,
    /// What the person sees.
    pub mine: Draft,
    /// Paths of the fields that were changed elsewhere to another value, and wait for a choice.
    pub conflicts: Vec<String>,
    /// When the person last changed it, in milliseconds since 1970.
    pub changed_at: u64,
}

objects! {
    Base open {revision, draft};
    DeviceCopy open {schema, mine, changed_at} [base, conflicts];
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The person changed an answer; the whole draft as it is now.
    Edited(Draft),
    /// The time asked for by [`Effect::Wake`] has come.
    Woken,
    /// Something is about to need that everything is on the server.
    Flush,
    /// The page is hidden or closing.
    Hidden,
    /// The device is back on the network.
    Online,
    /// The person is signed in again.
    SignedIn,
    /// The server acknowledged what was sent.
    Saved {
        /// The revision it made.
        revision: u64,
    },
    /// The server holds another revision than the one the save was based on.
    Refused(Base),
    /// The save did not get through.
    Failed {
        /// Why.
        failure: Failure,
        /// Any number, to spread retries.
        random: u32,
    },
    /// The person chose between two values of a field.
    Chosen {
        /// The field.
        field: Field,
        /// Which value stays.
        side: Side,
    },
    /// The request was submitted: the draft is no more.
    Submitted,
    /// The draft was deleted, here.
    Deleted,
}

/// Which of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The one typed here.
    Mine,
    /// The one saved elsewhere.
    Theirs,
}

/// Why a save did not get through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No answer: the network or the server is away.
    Unreachable,
    /// Nobody is signed in any more.
    SignedOut,
    /// The draft was deleted elsewhere.
    Gone,
    /// The request was submitted elsewhere.
    Submitted,
    /// The draft is larger than the server takes.
    TooLarge,
    /// The server does not understand the draft.
    NotUnderstood,
}

/// What to do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Write [`Machine::device_copy`] to the device.
    Keep,
    /// Erase the device's copy.
    Forget,
    /// Send this draft. The answer comes back as `Saved`, `Refused` or `Failed`.
    Send {
        /// The revision to match; none creates the draft.
        revision: Option<u64>,
        /// What to send.
        draft: Box<Draft>,
    },
    /// Send [`Event::Woken`] in so many milliseconds, in place of any wake-up asked for before.
    Wake {
        /// Milliseconds.
        after: u32,
    },
    /// Fields changed under the person's hands: show [`Machine::mine`] again.
    Show(Vec<Field>),
}

/// Where the answers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// Nothing was typed yet.
    Nowhere,
    /// Everything is on the server.
    Server,
    /// On this device, and about to be sent.
    OnTheWay,
    /// On this device only, until the trouble ends.
    Device(Failure),
    /// Submitted or deleted: there is nothing to save.
    Over,
}

/// The machine of one draft on one device.
#[derive(Clone, Debug)]
pub struct Machine {
    base: Option<Base>,
    mine: Draft,
    conflicts: Vec<Field>,
    /// The person changed something, now or before: a draft exists from its first edit on.
    touched: bool,
    under_way: Option<Draft>,
    failure: Option<Failure>,
    failures: u32,
    over: bool,
}

impl Machine {
    /// A draft that nobody touched yet; `mine` is what the form is filled with beforehand.
    #[must_use]
    pub fn new(mine: Draft) -> Self {
        Self::with(None, mine, Vec::new())
    }

    /// A draft as the server holds it.
    #[must_use]
    pub fn from_server(base: Base) -> Self {
        let mine = base.draft.clone();
        Self { touched: true, ..Self::with(Some(base), mine, Vec::new()) }
    }

    /// A draft as the device kept it. What of it the server lacks is sent at the first event.
    #[must_use]
    pub fn from_device(copy: DeviceCopy) -> Self {
        let conflicts = copy.conflicts.iter().filter_map(|path| Field::from_path(path)).collect();
        Self { touched: true, ..Self::with(copy.base, copy.mine, conflicts) }
    }

    /// A draft as the device kept it and as the server holds it, merged: whoever changed what elsewhere meanwhile.
    #[must_use]
    pub fn open(copy: DeviceCopy, current: Base) -> Self {
        let mut machine = Self::from_device(copy);
        machine.under_way = Some(machine.to_send());
        let _ = machine.refused(current);
        machine
    }

    fn with(base: Option<Base>, mine: Draft, conflicts: Vec<Field>) -> Self {
        Self { base, mine, conflicts, touched: false, under_way: None, failure: None, failures: 0, over: false }
    }

    /// What the person sees.
    #[must_use]
    pub fn mine(&self) -> &Draft {
        &self.mine
    }

    /// What the server last acknowledged.
    #[must_use]
    pub fn base(&self) -> Option<&Base> {
        self.base.as_ref()
    }

    /// Fields with two values, of which a person has to choose one; the other value is the [base](Self::base)'s.
    #[must_use]
    pub fn conflicts(&self) -> &[Field] {
        &self.conflicts
    }

    /// Where the answers are.
    #[must_use]
    pub fn whereabouts(&self) -> Whereabouts {
        match self.failure {
            _ if self.over => Whereabouts::Over,
            _ if !self.touched => Whereabouts::Nowhere,
            Some(failure) => Whereabouts::Device(failure),
            None if self.under_way.is_some() || self.has_news() => Whereabouts::OnTheWay,
            None => Whereabouts::Server,
        }
    }

    /// What the device is to keep.
    #[must_use]
    pub fn device_copy(&self, now: u64) -> DeviceCopy {
        DeviceCopy {
            schema: crate::SCHEMA,
            base: self.base.clone(),
            mine: self.mine.clone(),
            conflicts: self.conflicts.iter().map(|field| field.path().to_owned()).collect(),
            changed_at: now,
        }
    }

    /// Takes an event; the effects are to be carried out in order.
    #[must_use]
    pub fn handle(&mut self, event: Event) -> Vec<Effect> {
        if self.over {
            return Vec::new();
        }
        match event {
            Event::Edited(mine) => self.edited(mine),
            Event::Woken | Event::Flush => self.send(),
            Event::Hidden => {
                let mut effects = if self.touched { vec![Effect::Keep] } else { Vec::new() };
                effects.extend(self.send());
                effects
            }
            Event::Online => self.resume(Failure::Unreachable),
            Event::SignedIn => self.resume(Failure::SignedOut),
            Event::Saved { revision } => self.saved(revision),
            Event::Refused(current) => self.refused(current),
            Event::Failed { failure, random } => self.failed(failure, random),
            Event::Chosen { field, side } => self.chosen(field, side),
            Event::Submitted | Event::Deleted => {
                self.over = true;
                vec![Effect::Forget]
            }
        }
    }

    fn edited(&mut self, mine: Draft) -> Vec<Effect> {
        if mine == self.mine {
            return Vec::new();
        }
        self.mine = mine;
        self.touched = true;
        // A draft that was too large or not understood may be mended by this edit.
        if matches!(self.failure, Some(Failure::TooLarge | Failure::NotUnderstood)) {
            self.failure = None;
        }
        let mut effects = vec![Effect::Keep];
        if self.under_way.is_none() && self.failure.is_none() {
            effects.push(Effect::Wake { after: SAVE_DELAY });
        }
        effects
    }

    /// What the server should hold: mine, but for fields that wait for a choice, where it keeps its own.
    fn to_send(&self) -> Draft {
        let mut draft = self.mine.clone();
        if let Some(base) = &self.base {
            for field in &self.conflicts {
                field.set(&mut draft, field.value(&base.draft));
            }
        }
        draft
    }

    fn has_news(&self) -> bool {
        self.touched && self.base.as_ref().is_none_or(|base| base.draft != self.to_send())
    }

    fn send(&mut self) -> Vec<Effect> {
        let may_send = matches!(self.failure, None | Some(Failure::Unreachable));
        if self.under_way.is_some() || !may_send || !self.has_news() {
            return Vec::new();
        }
        let draft = self.to_send();
        self.under_way = Some(draft.clone());
        vec![Effect::Send { revision: self.base.as_ref().map(|base| base.revision), draft: Box::new(draft) }]
    }

    fn resume(&mut self, ended: Failure) -> Vec<Effect> {
        if self.failure == Some(ended) {
            self.failure = None;
            self.failures = 0;
        }
        self.send()
    }

    fn saved(&mut self, revision: u64) -> Vec<Effect> {
        let Some(draft) = self.under_way.take() else { return Vec::new() };
        self.base = Some(Base { revision, draft });
        self.failure = None;
        self.failures = 0;
        let mut effects = vec![Effect::Keep];
        if self.has_news() {
            effects.push(Effect::Wake { after: SAVE_DELAY });
        }
        effects
    }

    fn refused(&mut self, current: Base) -> Vec<Effect> {
        let Some(sent) = self.under_way.take() else { return Vec::new() };
        // The answer to an earlier attempt was lost: what is there is what was sent.
        if current.draft == sent {
            self.under_way = Some(sent);
            return self.saved(current.revision);
        }
        let empty = Draft::default();
        let before = self.base.as_ref().map_or(&empty, |base| &base.draft);
        let mut shown = Vec::new();
        let mut merged = self.mine.clone();
        for field in Field::ALL.iter().copied() {
            match merge(field, before, &self.mine, &current.draft) {
                Merged::Mine => {}
                Merged::Both(draft) => {
                    field.set(&mut merged, field.value(&draft));
                    self.conflicts.retain(|waiting| *waiting != field);
                }
                Merged::Conflict if self.conflicts.contains(&field) => {}
                Merged::Conflict => self.conflicts.push(field),
            }
            if field.value(&merged) != field.value(&self.mine) {
                shown.push(field);
            }
        }
        let conflicts = std::mem::take(&mut self.conflicts);
        self.conflicts = Field::ALL.iter().copied().filter(|field| conflicts.contains(field)).collect();
        self.mine = merged;
        self.base = Some(current);
        self.failure = None;
        let mut effects = vec![Effect::Keep, Effect::Show(shown)];
        if self.has_news() {
            effects.push(Effect::Wake { after: SAVE_DELAY });
        }
        effects
    }

    fn failed(&mut self, failure: Failure, random: u32) -> Vec<Effect> {
        if self.under_way.take().is_none() {
            return Vec::new();
        }
        if failure == Failure::Submitted {
            self.over = true;
            return vec![Effect::Forget];
        }
        self.failure = Some(failure);
        if failure != Failure::Unreachable {
            return Vec::new();
        }
        let longest = RETRY_SHORTEST.saturating_mul(1 << self.failures.min(16)).min(RETRY_LONGEST);
        self.failures = self.failures.saturating_add(1);
        // Between half and the whole of it, so that clients cut off together do not come back together.
        vec![Effect::Wake { after: longest / 2 + random % (longest / 2) }]
    }

    fn chosen(&mut self, field: Field, side: Side) -> Vec<Effect> {
        let Some(place) = self.conflicts.iter().position(|waiting| *waiting == field) else { return Vec::new() };
        self.conflicts.remove(place);
        let mut effects = Vec::new();
        if let (Side::Theirs, Some(base)) = (side, &self.base) {
            field.set(&mut self.mine, field.value(&base.draft));
            effects.push(Effect::Show(vec![field]));
        }
        effects.insert(0, Effect::Keep);
        if self.under_way.is_none() && self.has_news() {
            effects.push(Effect::Wake { after: SAVE_DELAY });
        }
        effects
    }
}

enum Merged {
    /// What is here stays.
    Mine,
    /// This draft's value of the field takes its place.
    Both(Box<Draft>),
    /// Two different values, neither of which may go.
    Conflict,
}

/// Merges one field three ways. Scopes merge by element and documents by id: what one side added or removed is added
/// or removed, so that they never conflict.
fn merge(field: Field, base: &Draft, mine: &Draft, theirs: &Draft) -> Merged {
    let with = |value: Value<'_>| {
        let mut draft = Draft::default();
        field.set(&mut draft, value);
        Merged::Both(Box::new(draft))
    };
    let (before, here, there) = (field.value(base), field.value(mine), field.value(theirs));
    match (before, here, there) {
        _ if here == there || before == there => Merged::Mine,
        _ if before == here => with(there),
        (Value::Scopes(before), Value::Scopes(here), Value::Scopes(there)) => {
            let merged = by_element(before.as_slice(), here.as_slice(), there.as_slice(), |a, b| a == b);
            with(Value::Scopes(&Scopes::from_wire(merged)))
        }
        (Value::Documents(before), Value::Documents(here), Value::Documents(there)) => {
            with(Value::Documents(&by_element(before, here, there, |a, b| a.id == b.id)))
        }
        _ => Merged::Conflict,
    }
}

/// What both kept, then what each added, mine first.
fn by_element<T: Clone>(before: &[T], mine: &[T], theirs: &[T], same: impl Fn(&T, &T) -> bool) -> Vec<T> {
    let has = |list: &[T], item: &T| list.iter().any(|other| same(other, item));
    let stays = |item: &&T| !has(before, item) || has(theirs, item);
    let added = |item: &&T| !has(before, item) && !has(mine, item);
    mine.iter().filter(stays).chain(theirs.iter().filter(added)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Draft {
        let mut draft = Draft::default();
        draft.project.name = name.into();
        draft
    }

    fn base(revision: u64, draft: Draft) -> Base {
        Base { revision, draft }
    }

    fn send(revision: Option<u64>, draft: Draft) -> Vec<Effect> {
        vec![Effect::Send { revision, draft: Box::new(draft) }]
    }

    /// A machine whose first save of `draft` is under way.
    fn sending(draft: &Draft) -> Machine {
        let mut machine = Machine::new(Draft::default());
        let _ = machine.handle(Event::Edited(draft.clone()));
        assert_eq!(machine.handle(Event::Woken), send(None, draft.clone()));
        machine
    }

    #[test]
    fn nothing_is_written_or_sent_before_the_first_edit() {
        let mut machine = Machine::new(named("rempli d’avance"));
        for event in [Event::Woken, Event::Flush, Event::Hidden, Event::Online] {
            assert_eq!(machine.handle(event), []);
        }
        assert_eq!(machine.whereabouts(), Whereabouts::Nowhere);
    }

    #[test]
    fn an_edit_is_kept_at_once_and_sent_soon() {
        let mut machine = Machine::new(Draft::default());
        let effects = machine.handle(Event::Edited(named("a")));
        assert_eq!(effects, [Effect::Keep, Effect::Wake { after: SAVE_DELAY }]);
        assert_eq!(machine.whereabouts(), Whereabouts::OnTheWay);
        assert_eq!(machine.handle(Event::Woken), send(None, named("a")));
        assert_eq!(machine.handle(Event::Saved { revision: 1 }), [Effect::Keep]);
        assert_eq!(machine.whereabouts(), Whereabouts::Server);
    }

    #[test]
    fn one_save_is_under_way_at_a_time_and_later_edits_go_with_the_next() {
        let mut machine = sending(&named("a"));
        assert_eq!(machine.handle(Event::Edited(named("ab"))), [Effect::Keep]);
        assert_eq!(machine.handle(Event::Flush), []);
        let effects = machine.handle(Event::Saved { revision: 1 });
        assert_eq!(effects, [Effect::Keep, Effect::Wake { after: SAVE_DELAY }]);
        assert_eq!(machine.handle(Event::Woken), send(Some(1), named("ab")));
    }

    #[test]
    fn a_lost_answer_is_recognised_by_what_the_server_holds() {
        let mut machine = sending(&named("a"));
        let _ = machine.handle(Event::Failed { failure: Failure::Unreachable, random: 7 });
        assert_eq!(machine.whereabouts(), Whereabouts::Device(Failure::Unreachable));
        assert_eq!(machine.handle(Event::Woken), send(None, named("a")));
        assert_eq!(machine.handle(Event::Refused(base(1, named("a")))), [Effect::Keep]);
        assert_eq!(machine.whereabouts(), Whereabouts::Server);
        assert_eq!(machine.base(), Some(&base(1, named("a"))));
    }

    #[test]
    fn retries_come_later_and_later_up_to_a_minute() {
        let mut machine = sending(&named("a"));
        let mut waits = Vec::new();
        for _ in 0..10 {
            match machine.handle(Event::Failed { failure: Failure::Unreachable, random: 0 }).as_slice() {
                [Effect::Wake { after }] => waits.push(*after),
                other => panic!("{other:?}"),
            }
            assert_eq!(machine.handle(Event::Woken).len(), 1);
        }
        assert_eq!(waits, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000]);
    }

    #[test]
    fn being_online_again_sends_at_once() {
        let mut machine = sending(&named("a"));
        let _ = machine.handle(Event::Failed { failure: Failure::Unreachable, random: 0 });
        assert_eq!(machine.handle(Event::Online), send(None, named("a")));
    }

    #[test]
    fn being_signed_out_stops_sending_until_signed_in_again() {
        let mut machine = sending(&named("a"));
        assert_eq!(machine.handle(Event::Failed { failure: Failure::SignedOut, random: 0 }), []);
        assert_eq!(machine.handle(Event::Edited(named("ab"))), [Effect::Keep]);
        assert_eq!(machine.handle(Event::Flush), []);
        assert_eq!(machine.handle(Event::Online), []);
        assert_eq!(machine.handle(Event::SignedIn), send(None, named("ab")));
    }

    #[test]
    fn a_draft_that_was_too_large_is_sent_again_once_it_changed() {
        let mut machine = sending(&named("a"));
        assert_eq!(machine.handle(Event::Failed { failure: Failure::TooLarge, random: 0 }), []);
        assert_eq!(machine.handle(Event::Flush), []);
        assert_eq!(machine.handle(Event::Edited(named("b"))), [Effect::Keep, Effect::Wake { after: SAVE_DELAY }]);
    }

    #[test]
    fn different_fields_merge_by_themselves() {
        let mut machine = Machine::from_server(base(1, Draft::default()));
        let _ = machine.handle(Event::Edited(named("ici")));
        let _ = machine.handle(Event::Woken);
        let mut theirs = Draft::default();
        theirs.legal.basis = "ailleurs".into();
        let effects = machine.handle(Event::Refused(base(2, theirs.clone())));
        assert_eq!(effects[..2], [Effect::Keep, Effect::Show(vec![Field::LegalBasis])]);
        let mut both = theirs;
        both.project.name = "ici".into();
        assert_eq!(machine.mine(), &both);
        assert_eq!(machine.handle(Event::Woken), send(Some(2), both));
    }

    #[test]
    fn scopes_merge_by_element() {
        let with = |scopes: &[&str]| {
            let mut draft = Draft::default();
            draft.data.scopes = Scopes::from_wire(scopes.iter().map(|scope| (*scope).to_owned()).collect());
            draft
        };
        let mut machine = Machine::from_server(base(1, with(&["gender", "email"])));
        let _ = machine.handle(Event::Edited(with(&["gender", "email", "birthdate"])));
        let _ = machine.handle(Event::Woken);
        let _ = machine.handle(Event::Refused(base(2, with(&["email", "family_name"]))));
        assert_eq!(machine.mine(), &with(&["family_name", "birthdate", "email"]));
        assert_eq!(machine.conflicts(), []);
    }

    #[test]
    fn two_values_of_one_field_wait_for_a_choice_while_the_rest_is_saved() {
        for (side, kept) in [(Side::Mine, "ici"), (Side::Theirs, "ailleurs")] {
            let mut machine = Machine::from_server(base(1, named("avant")));
            let _ = machine.handle(Event::Edited(named("ici")));
            let _ = machine.handle(Event::Woken);
            let _ = machine.handle(Event::Refused(base(2, named("ailleurs"))));
            assert_eq!(machine.conflicts(), [Field::ProjectName]);
            assert_eq!(machine.mine(), &named("ici"));
            assert_eq!(machine.handle(Event::Flush), [], "nothing to send but the conflict");

            let mut restored = Machine::from_device(machine.device_copy(0));
            assert_eq!(restored.conflicts(), [Field::ProjectName]);
            let _ = restored.handle(Event::Chosen { field: Field::ProjectName, side });
            assert_eq!(restored.mine(), &named(kept));
            assert_eq!(restored.conflicts(), []);
            let expected = if side == Side::Mine { send(Some(2), named("ici")) } else { Vec::new() };
            assert_eq!(restored.handle(Event::Flush), expected);
        }
    }

    #[test]
    fn nothing_is_saved_after_submission_or_deletion() {
        for end in [Event::Submitted, Event::Deleted] {
            let mut machine = sending(&named("a"));
            assert_eq!(machine.handle(end), [Effect::Forget]);
            for event in [Event::Edited(named("b")), Event::Woken, Event::Hidden, Event::Saved { revision: 1 }] {
                assert_eq!(machine.handle(event), []);
            }
            assert_eq!(machine.whereabouts(), Whereabouts::Over);
        }
    }

    #[test]
    fn a_draft_is_opened_with_what_was_typed_here_and_saved_elsewhere() {
        let mut machine = Machine::from_server(base(1, Draft::default()));
        let _ = machine.handle(Event::Edited(named("ici")));
        let mut theirs = Draft::default();
        theirs.legal.basis = "ailleurs".into();
        let opened = Machine::open(machine.device_copy(0), base(4, theirs));
        assert_eq!(opened.mine().project.name.as_str(), "ici");
        assert_eq!(opened.mine().legal.basis.as_str(), "ailleurs");
        assert_eq!(opened.whereabouts(), Whereabouts::OnTheWay);

        let unchanged = Machine::from_server(base(1, named("avant"))).device_copy(0);
        let opened = Machine::open(unchanged, base(2, named("après")));
        assert_eq!(opened.mine(), &named("après"));
        assert_eq!(opened.whereabouts(), Whereabouts::Server);
    }

    #[test]
    fn what_the_device_kept_is_sent_after_a_crash() {
        let machine = sending(&named("a"));
        let mut restored = Machine::from_device(machine.device_copy(0));
        assert_eq!(restored.handle(Event::Flush), send(None, named("a")));
    }
}
