//! What outlives a crash: the copy of a draft that the device keeps, and how copies and revisions are merged.
//!
//! It knows neither when to write nor when to send.

use serde::Serialize;

use super::merge;
use crate::draft::Draft;
use crate::field::{Field, Value, pointer};
use crate::object::objects;

/// How many attempts without an answer are remembered.
const SENT_MAX: usize = 8;

/// A draft as the server acknowledged it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Base {
    /// Its revision.
    pub revision: u64,
    /// When the server took it, RFC 3339; empty where that is not known.
    pub saved_at: String,
    /// What was typed.
    pub draft: Draft,
}

/// A field with two values, neither of which may go until a person chooses. This is the other one: the person's own stays
/// in the draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// The field.
    #[serde(serialize_with = "pointer::serialize")]
    pub field: Field,
    /// A draft that holds the other value, and nothing else.
    pub theirs: Draft,
    /// When the server took the other value, RFC 3339; none where it was typed in another tab and not saved yet.
    pub saved_at: Option<String>,
}

impl Conflict {
    fn new(field: Field, theirs: Value<'_>, saved_at: Option<String>) -> Self {
        let mut draft = Draft::default();
        field.set(&mut draft, theirs);
        Self { field, theirs: draft, saved_at }
    }

    /// The other value.
    #[must_use]
    pub fn other(&self) -> Value<'_> {
        self.field.value(&self.theirs)
    }
}

/// What the device keeps of a draft, for all tabs of one browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeviceCopy {
    /// Version of the draft's shape, [`crate::SCHEMA`].
    pub schema: u32,
    /// Grows with each write, whichever tab it comes from.
    pub version: u64,
    /// What the server last acknowledged; nothing before the first save.
    pub base: Option<Base>,
    /// What the person sees.
    pub mine: Draft,
    /// Fields that wait for a choice.
    pub conflicts: Vec<Conflict>,
    /// What was sent over `base` without an answer so far: the server may hold any of it.
    pub sent: Vec<Draft>,
    /// When the person last changed it, in milliseconds since 1970.
    pub changed_at: u64,
}

objects! {
    Base open {revision, draft} [saved_at];
    Conflict open {field, theirs} [saved_at];
    DeviceCopy open {schema, mine, changed_at} [version, base, conflicts, sent];
}

/// Fields that are no longer what the person saw.
#[derive(Default)]
pub(super) struct Changes {
    /// They have another value.
    pub(super) shown: Vec<Field>,
    /// They have two.
    pub(super) asked: Vec<Field>,
}

impl DeviceCopy {
    /// A draft that the server knows nothing of.
    #[must_use]
    pub fn begun(mine: Draft, now: u64) -> Self {
        Self {
            schema: crate::SCHEMA,
            version: 0,
            base: None,
            mine,
            conflicts: Vec::new(),
            sent: Vec::new(),
            changed_at: now,
        }
    }

    /// The same answers, to begin another request with where this one was deleted or submitted elsewhere. The bytes of
    /// files went with it.
    #[must_use]
    pub fn anew(&self, now: u64) -> Self {
        let mut mine = self.mine.clone();
        mine.project.mockups.clear();
        mine.legal.documents.clear();
        Self::begun(mine, now)
    }

    /// What the server should hold: mine, but for fields that wait for a choice, where it keeps its own.
    pub(super) fn to_send(&self) -> Draft {
        let mut draft = self.mine.clone();
        let empty = Draft::default();
        for conflict in &self.conflicts {
            conflict.field.set(&mut draft, conflict.field.value(self.acknowledged(&empty)));
        }
        draft
    }

    /// Whether the server lacks something that it should hold.
    #[must_use]
    pub fn has_news(&self) -> bool {
        self.base.as_ref().is_none_or(|base| base.draft != self.to_send())
    }

    /// Remembers an attempt. The first ones are kept, of which an answer may have been lost, and the last ones.
    pub(super) fn remember_sent(&mut self, draft: &Draft) {
        if !self.sent.contains(draft) {
            self.sent.push(draft.clone());
        }
        if self.sent.len() > SENT_MAX {
            self.sent.remove(SENT_MAX / 2);
        }
    }

    /// The server acknowledged this.
    pub(super) fn acknowledge(&mut self, base: Base) {
        self.base = Some(base);
        self.sent.clear();
    }

    /// The person changed the draft. Changing a field that waits for a choice is a choice.
    pub(super) fn edit(&mut self, mine: Draft) {
        for field in Field::ALL.iter().copied() {
            if field.value(&mine) != field.value(&self.mine) {
                self.settle(field);
            }
        }
        self.mine = mine;
    }

    /// Ends the first conflict of a field, and hands it back.
    pub(super) fn settle(&mut self, field: Field) -> Option<Conflict> {
        let place = self.conflicts.iter().position(|conflict| conflict.field == field)?;
        Some(self.conflicts.remove(place))
    }

    fn revision(&self) -> u64 {
        self.base.as_ref().map_or(0, |base| base.revision)
    }

    fn acknowledged<'a>(&'a self, empty: &'a Draft) -> &'a Draft {
        self.base.as_ref().map_or(empty, |base| &base.draft)
    }

    /// Brings the copy to what the server holds now, field by field. A value of the server's that is among `known` is no
    /// news to the person: it is theirs, or they typed over it.
    pub(super) fn rebase(&mut self, current: &Base, known: Option<&Draft>) {
        let empty = Draft::default();
        let before = self.acknowledged(&empty).clone();
        let known: Vec<&Draft> = self.sent.iter().chain(known).collect();
        let mut mine = self.mine.clone();
        for field in Field::ALL.iter().copied() {
            let (was, here, there) = (field.value(&before), field.value(&self.mine), field.value(&current.draft));
            if was == there {
                continue;
            }
            // A conflict with the value that has just been replaced on the server is now one with the value that is there.
            self.conflicts.retain(|conflict| conflict.field != field || conflict.other() != was);
            if here == there || known.iter().any(|draft| field.value(draft) == there) {
                continue;
            }
            if was == here {
                field.set(&mut mine, there);
            } else if !merge::lists(field, &mut mine, was, here, there) {
                self.conflicts.push(Conflict::new(field, there, Some(current.saved_at.clone())));
            }
        }
        self.mine = mine;
        self.acknowledge(current.clone());
        self.drop_settled();
    }

    /// Takes in what another tab made of `ancestor`, the last copy that both had seen.
    pub(super) fn join(&mut self, ancestor: &Self, other: &Self) {
        let (mut mine, mut theirs) = (self.clone(), other.clone());
        match (&self.base, &other.base) {
            (_, Some(base)) if base.revision > self.revision() => mine.rebase(base, Some(&ancestor.mine)),
            (Some(base), _) if base.revision > other.revision() => theirs.rebase(base, Some(&ancestor.mine)),
            _ => theirs.sent.iter().for_each(|draft| mine.remember_sent(draft)),
        }
        let empty = Draft::default();
        let acknowledged = mine.acknowledged(&empty).clone();
        let mut joined = mine.clone();
        joined.conflicts.clear();
        for field in Field::ALL.iter().copied() {
            let (here, there) = (mine.leaf(field), theirs.leaf(field));
            let was = ancestor.leaf(field);
            let taken = if here == there || other.leaf(field) == was {
                &mine
            } else if self.leaf(field) == was {
                &theirs
            } else if merge::lists(field, &mut joined.mine, was.0, here.0, there.0) {
                continue;
            } else if there == (field.value(&acknowledged), Vec::new()) {
                &mine
            } else if here == (field.value(&acknowledged), Vec::new()) {
                &theirs
            } else {
                // Typed here and there, neither knowing of the other.
                joined.conflicts.extend(mine.conflicts_of(field).chain(theirs.conflicts_of(field)).cloned());
                joined.conflicts.push(Conflict::new(field, there.0, None));
                continue;
            };
            field.set(&mut joined.mine, field.value(&taken.mine));
            joined.conflicts.extend(taken.conflicts_of(field).cloned());
        }
        joined.drop_settled();
        *self = joined;
    }

    /// What differs from what the person saw before.
    pub(super) fn changes_since(&self, before: &Self) -> Changes {
        let mut changes = Changes::default();
        for field in Field::ALL.iter().copied() {
            if field.value(&self.mine) != field.value(&before.mine) {
                changes.shown.push(field);
            }
            let others = |copy: &Self| copy.conflicts_of(field).count();
            if others(self) > others(before) {
                changes.asked.push(field);
            }
        }
        changes
    }

    /// Whether other tabs would see no difference.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        self.base == other.base
            && self.mine == other.mine
            && self.conflicts == other.conflicts
            && self.sent == other.sent
    }

    fn conflicts_of(&self, field: Field) -> impl Iterator<Item = &Conflict> {
        self.conflicts.iter().filter(move |conflict| conflict.field == field)
    }

    /// All that the copy says of a field.
    fn leaf(&self, field: Field) -> (Value<'_>, Vec<Value<'_>>) {
        (field.value(&self.mine), self.conflicts_of(field).map(Conflict::other).collect())
    }

    /// Two equal values are no conflict, and one conflict is enough for each value.
    fn drop_settled(&mut self) {
        let mut kept: Vec<Conflict> = Vec::new();
        for conflict in std::mem::take(&mut self.conflicts) {
            let is_new = |other: &Conflict| other.field != conflict.field || other.other() != conflict.other();
            if conflict.other() != conflict.field.value(&self.mine) && kept.iter().all(is_new) {
                kept.push(conflict);
            }
        }
        self.conflicts = kept;
    }
}
