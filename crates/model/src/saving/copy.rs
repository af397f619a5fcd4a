//! Copy of a draft that the device keeps, which outlives a crash, and the merge of copies and revisions.
//!
//! This module knows neither when to write nor when to send.

use habilitation_model_derive::FromJson;
use serde::Serialize;

use super::fingerprint;
use super::merge::{self, MergeInput};
use crate::draft::Draft;
use crate::field::{Field, Value, pointer};
use crate::wire::{self, Current, StoredRequest};

/// Most tabs whose versions a copy names, the last writers. A tab that slept since before may ask about changes that
/// the other tabs know.
const VERSIONS_MAX: usize = 32;
/// Most fingerprints of replaced values in a copy, the newest: some hundred edits. A restored server with an older
/// value causes a needless conflict.
const REPLACED_MAX: usize = 256;
/// Milliseconds after which a copy expires that nobody changed, and of which the server has everything: 30 days.
const EXPIRES_AFTER: u64 = 30 * 24 * 3_600_000;

/// A draft of one revision, as the server holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
pub struct SavedDraft {
    /// Revision of the draft.
    pub revision: u64,
    /// Time at which the server saved it, RFC 3339; empty where that is not known.
    #[serde(default)]
    pub saved_at: String,
    /// Answers as they were typed.
    pub draft: Draft,
}

/// Draft as the server holds it at one moment, with the times of its earlier revisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The draft and its revision.
    pub saved: SavedDraft,
    /// Times at which the revisions before it were saved, RFC 3339, the newest first. They tell a revision that grew
    /// out of a known one from one that a restored backup gave the same or a higher number. The list may be cut short.
    pub earlier: Vec<String>,
    /// Name of the other person who saved it, where the server tells one.
    pub saved_by: Option<String>,
}

impl From<SavedDraft> for Snapshot {
    /// Makes a snapshot of which no earlier revisions are known.
    fn from(saved: SavedDraft) -> Self {
        Self { saved, earlier: Vec::new(), saved_by: None }
    }
}

impl From<StoredRequest> for Snapshot {
    fn from(request: StoredRequest) -> Self {
        let StoredRequest { revision, updated_at, earlier, draft, saved_by, .. } = request;
        Self { saved: SavedDraft { revision, saved_at: updated_at, draft }, earlier, saved_by }
    }
}

impl From<Current> for Snapshot {
    fn from(current: Current) -> Self {
        let Current { revision, updated_at, earlier, draft, saved_by, .. } = current;
        Self { saved: SavedDraft { revision, saved_at: updated_at, draft }, earlier, saved_by }
    }
}

/// Revision of the merge base. Two that are equal are the same revision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BaseRevision {
    /// See [`DeviceCopy::era`].
    pub(super) era: u64,
    /// Number of the revision; 0 before the first save.
    pub revision: u64,
    /// Time at which it was saved, RFC 3339; empty where that is not known.
    pub saved_at: String,
}

impl BaseRevision {
    /// Returns the revision of a number that was saved at a time.
    #[must_use]
    pub fn of(revision: u64, saved_at: &str) -> Self {
        Self { era: 0, revision, saved_at: saved_at.to_owned() }
    }
}

/// Relation of a snapshot to the merge base of a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// The snapshot is the base revision.
    Same,
    /// The snapshot grew out of the base revision.
    Later,
    /// The snapshot did not grow out of the base revision: the server was restored from a backup since.
    Restored,
    /// The snapshot may be older than the base revision, which another tab learned of meanwhile.
    Overtaken,
}

/// Field with two values, neither of which is dropped before a person chooses. The conflict holds the other one: the
/// person's own stays in the draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
pub struct Conflict {
    /// The field.
    #[serde(serialize_with = "pointer::serialize")]
    pub field: Field,
    /// Draft that holds the other value, and nothing else.
    pub theirs: Draft,
    /// Time at which the server saved the other value, RFC 3339; none where another tab typed it.
    pub saved_at: Option<String>,
    /// Name of the other person who saved it, where the server told one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saved_by: Option<String>,
}

impl Conflict {
    /// Makes a conflict with a value that another tab typed.
    fn new(field: Field, theirs: Value<'_>) -> Self {
        let mut draft = Draft::default();
        field.set(&mut draft, theirs);
        Self { field, theirs: draft, saved_at: None, saved_by: None }
    }

    /// Returns the other value.
    #[must_use]
    pub fn other(&self) -> Value<'_> {
        self.field.value(&self.theirs)
    }
}

/// Version of a copy: the tab that wrote it, and a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, FromJson)]
pub struct Version {
    /// Number of the tab, which no other has.
    pub tab: u32,
    /// Number larger than those of all versions that the tab knew.
    pub number: u64,
}

/// Copy of a draft that the device keeps for all tabs of one browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
pub struct DeviceCopy {
    /// Version of the draft's shape, [`crate::SCHEMA`].
    pub schema: u32,
    /// Last version of each tab that the copy grew out of, its own at the end. It tells a tab whether the writer knew
    /// the tab's own version.
    #[serde(default)]
    pub versions: Vec<Version>,
    /// Merge base: the draft that the server last acknowledged; none before the first save.
    pub base: Option<SavedDraft>,
    /// [`Snapshot::earlier`] of the base.
    #[serde(default)]
    pub earlier: Vec<String>,
    /// Answers that the person sees.
    pub mine: Draft,
    /// Fields with two values, which wait for a choice.
    #[serde(default)]
    pub conflicts: Vec<Conflict>,
    /// Fingerprints of the values that were sent over `base` without a response so far: the server may hold any of
    /// them. All are kept until a response comes, since none is less likely than another. A page that keeps a field
    /// under another name or in another form no longer recognises the value, and may ask about it needlessly.
    #[serde(default)]
    pub sent_marks: Vec<u64>,
    /// Number of times that the server was found restored from a backup. Revisions of a later era are newer, whatever
    /// their number.
    #[serde(default)]
    pub era: u64,
    /// Fingerprints of values that were acknowledged and replaced since, the newest last. A restored server that holds
    /// one of them again has no news.
    #[serde(default)]
    pub replaced_marks: Vec<u64>,
    /// Set where the server does not know the request, though it once acknowledged it: this may be the last copy.
    #[serde(default, rename = "unknown")]
    pub not_on_server: bool,
    /// Answers filled in beforehand, until the server acknowledged a first save. No person typed them, and tabs that
    /// were duplicated before the first edit have them in common.
    #[serde(default)]
    pub prefilled: Draft,
    /// Time at which the person last changed it, in milliseconds since 1970.
    pub changed_at: u64,
}

/// Fields that differ from those that the person saw.
#[derive(Default)]
pub(super) struct Changes {
    /// Fields that have another value.
    pub(super) changed: Vec<Field>,
    /// Fields that have one value more than before.
    pub(super) conflicting: Vec<Field>,
}

impl DeviceCopy {
    /// Returns the copy of a draft that the server does not have.
    #[must_use]
    pub fn new(mine: Draft, now: u64) -> Self {
        Self {
            schema: crate::SCHEMA,
            versions: Vec::new(),
            base: None,
            earlier: Vec::new(),
            mine,
            conflicts: Vec::new(),
            sent_marks: Vec::new(),
            era: 0,
            replaced_marks: Vec::new(),
            not_on_server: false,
            prefilled: Draft::default(),
            changed_at: now,
        }
    }

    /// Returns a copy with the same answers for another request, where this one was deleted or submitted elsewhere.
    /// Files are left out, since their bytes belong to this one.
    #[must_use]
    pub fn as_new_request(&self, now: u64) -> Self {
        let mut mine = self.mine.clone();
        mine.project.mockups.clear();
        mine.legal.documents.clear();
        Self { conflicts: self.conflicts.clone(), ..Self::new(mine, now) }
    }

    /// Returns the draft that the server should hold: the person's answers, but for fields in conflict, where it keeps
    /// its own.
    pub(super) fn to_send(&self) -> Draft {
        let mut draft = self.mine.clone();
        let empty = Draft::default();
        for conflict in &self.conflicts {
            conflict.field.set(&mut draft, conflict.field.value(self.acknowledged(&empty)));
        }
        draft
    }

    /// Returns whether the server lacks an answer that it should hold.
    #[must_use]
    pub fn needs_saving(&self) -> bool {
        self.base.as_ref().is_none_or(|base| base.draft != self.to_send())
    }

    /// Remembers the values that an attempt sends and the server is not known to have.
    pub(super) fn remember_sent(&mut self, draft: &Draft) {
        let empty = Draft::default();
        let acknowledged = self.acknowledged(&empty);
        let brings = |field: &Field| field.value(draft) != field.value(acknowledged);
        let brought = Field::ALL.iter().copied().filter(brings);
        let marks: Vec<u64> = brought.flat_map(|field| fingerprint::of_all(field, field.value(draft))).collect();
        self.remember_fingerprints(&marks);
    }

    /// Returns whether the server holds a value that was sent from here and replaced in the draft since.
    fn was_sent_and_replaced(&self, field: Field, held: Value<'_>, mine: Value<'_>) -> bool {
        let kept = fingerprint::of_all(field, mine);
        fingerprint::of_all(field, held).iter().any(|mark| self.sent_marks.contains(mark) && !kept.contains(mark))
    }

    fn remember_fingerprints(&mut self, marks: &[u64]) {
        for mark in marks {
            if !self.sent_marks.contains(mark) {
                self.sent_marks.push(*mark);
            }
        }
    }

    /// Acknowledges a save that was sent over a revision.
    pub(super) fn acknowledge_save(&mut self, saved: SavedDraft, base: &BaseRevision) {
        // Where another tab saved meanwhile, the revision before this one is not known.
        let is_next = *base == self.base_revision();
        let before = self.base.iter().map(|base| &base.saved_at).chain(&self.earlier).filter(|_| is_next);
        let earlier = before.take(wire::EARLIER_MAX).cloned().collect();
        self.acknowledge(Snapshot { earlier, ..saved.into() });
    }

    /// Replaces the merge base by a draft that the server holds.
    pub(super) fn acknowledge(&mut self, current: Snapshot) {
        self.earlier = current.earlier;
        if let Some(before) = self.base.replace(current.saved) {
            self.remember_replaced(&before.draft);
        }
        self.prefilled = Draft::default();
        self.not_on_server = false;
        self.remember_replaced_sent();
    }

    /// Remembers values that were sent and are not in the acknowledged draft: a late call may still bring them to a
    /// restored server.
    fn remember_replaced_sent(&mut self) {
        let sent = std::mem::take(&mut self.sent_marks);
        self.remember_replaced_among(sent);
    }

    fn remember_replaced_among(&mut self, sent: Vec<u64>) {
        if sent.is_empty() {
            return;
        }
        let empty = Draft::default();
        let acknowledged = self.acknowledged(&empty);
        let held: Vec<u64> =
            Field::ALL.iter().flat_map(|field| fingerprint::of_all(*field, field.value(acknowledged))).collect();
        let replaced: Vec<u64> = sent.into_iter().filter(|mark| !held.contains(mark)).collect();
        self.remember_replaced_fingerprints(&replaced);
    }

    /// Remembers values of an earlier base that the acknowledged draft does not hold.
    fn remember_replaced(&mut self, before: &Draft) {
        let empty = Draft::default();
        let acknowledged = self.acknowledged(&empty);
        let mut marks: Vec<u64> = Vec::new();
        for field in Field::ALL.iter().copied() {
            let (was, is) = (field.value(before), field.value(acknowledged));
            if was != is && !was.is_empty() {
                let now = fingerprint::of_all(field, is);
                marks.extend(fingerprint::of_all(field, was).into_iter().filter(|mark| !now.contains(mark)));
            }
        }
        self.remember_replaced_fingerprints(&marks);
    }

    fn remember_replaced_fingerprints(&mut self, marks: &[u64]) {
        let new: Vec<u64> = marks.iter().copied().filter(|mark| !self.replaced_marks.contains(mark)).collect();
        self.replaced_marks.extend(new);
        self.replaced_marks.drain(..self.replaced_marks.len().saturating_sub(REPLACED_MAX));
    }

    /// Returns whether the copy has expired: the server has everything, and nobody changed it for 30 days. `now` is in
    /// milliseconds since 1970. A copy that holds answers which the server lacks never expires, since the clock of a
    /// device may be set.
    #[must_use]
    pub fn has_expired(&self, now: u64) -> bool {
        !self.is_unsent() && now.saturating_sub(self.changed_at) > EXPIRES_AFTER
    }

    /// Returns whether the copy holds answers that no other place may have. Such a copy is erased only if the person
    /// wants it.
    #[must_use]
    pub fn is_unsent(&self) -> bool {
        self.needs_saving() || !self.conflicts.is_empty() || self.not_on_server
    }

    /// Replaces the answers by those that the person edited. A changed field in conflict is a choice.
    pub(super) fn edit(&mut self, mine: Draft) {
        for field in Field::ALL.iter().copied() {
            if field.value(&mine) != field.value(&self.mine) {
                self.take_conflict(field);
            }
        }
        self.mine = mine;
    }

    /// Removes and returns the first conflict of a field.
    pub(super) fn take_conflict(&mut self, field: Field) -> Option<Conflict> {
        let place = self.conflicts.iter().position(|conflict| conflict.field == field)?;
        Some(self.conflicts.remove(place))
    }

    /// Returns the copy that a tab writes after `before`, which it came from or which was merged into it.
    pub(super) fn following(&self, before: &Self, tab: u32) -> Self {
        let number = |version: &Version| version.number;
        let newest = before.versions.iter().map(number).max().unwrap_or(0);
        // An insertion in order, since a sort of the library would be the only one of the program (docs/weight.md).
        let mut versions: Vec<Version> = Vec::new();
        for version in before.versions.iter().filter(|version| version.tab != tab) {
            versions.insert(versions.partition_point(|earlier| number(earlier) <= version.number), *version);
        }
        versions.push(Version { tab, number: newest + 1 });
        versions.drain(..versions.len().saturating_sub(VERSIONS_MAX));
        Self { versions, ..self.clone() }
    }

    /// Returns this copy as merged into one that came from `before`.
    pub(super) fn taken_into(mut self, before: &Self) -> Self {
        for version in &before.versions {
            if !self.knows(*version) {
                self.versions.retain(|other| other.tab != version.tab);
                self.versions.insert(0, *version);
            }
        }
        self
    }

    /// Returns whether both copies are the same version.
    pub(super) fn is_same_version(&self, other: &Self) -> bool {
        self.versions.last().is_some_and(|own| other.versions.last() == Some(own))
    }

    fn knows(&self, version: Version) -> bool {
        self.versions.iter().any(|known| known.tab == version.tab && known.number >= version.number)
    }

    /// Returns whether the writer of the copy knew an earlier one.
    pub(super) fn knew_of(&self, earlier: &Self) -> bool {
        earlier.versions.last().is_some_and(|version| self.knows(*version))
    }

    /// Returns the revision of the merge base.
    #[must_use]
    pub fn base_revision(&self) -> BaseRevision {
        let (revision, saved_at) =
            self.base.as_ref().map_or((0, String::new()), |base| (base.revision, base.saved_at.clone()));
        BaseRevision { era: self.era, revision, saved_at }
    }

    /// Returns the rank of the base among those that tabs of this device know: the larger, the newer. The time only
    /// makes all tabs agree where a number was given twice.
    fn rank(&self) -> (u64, u64, &str) {
        let (revision, saved_at) = self.base.as_ref().map_or((0, ""), |base| (base.revision, &base.saved_at));
        (self.era, revision, saved_at)
    }

    /// Returns the relation of a snapshot to the merge base. `asked` is the base revision when the server was asked:
    /// where another tab learned of a newer one since, a lower number may be old news.
    pub(super) fn relation(&self, current: &Snapshot, asked: &BaseRevision) -> Relation {
        let Some(base) = &self.base else { return Relation::Later };
        if grew_out_of(&current.saved, &current.earlier, base) {
            if current.saved.revision == base.revision { Relation::Same } else { Relation::Later }
        } else if *asked == self.base_revision() {
            Relation::Restored
        } else {
            Relation::Overtaken
        }
    }

    /// Returns whether a revision, saved over `asked`, is newer than the base.
    pub(super) fn is_ahead(&self, revision: u64, asked: &BaseRevision) -> bool {
        *asked == self.base_revision() || (asked.era == self.era && self.rank().1 < revision)
    }

    fn acknowledged<'a>(&'a self, empty: &'a Draft) -> &'a Draft {
        self.base.as_ref().map_or(empty, |base| &base.draft)
    }

    /// Returns the answers that the copy grew out of: the acknowledged ones, or those filled in beforehand.
    fn origin(&self) -> &Draft {
        self.base.as_ref().map_or(&self.prefilled, |base| &base.draft)
    }

    /// Merges the draft of a restored server. The common ancestor is not known: each of its values that was not
    /// replaced here before is news.
    pub(super) fn rebase_restored(&mut self, current: &Snapshot, known: &[Self]) {
        let marks = [self.sent_marks.as_slice(), &self.replaced_marks].concat();
        self.merge(&Draft::default(), current, known, &marks);
        self.era += 1;
        // The server lost the values of the base, and nobody replaced them.
        self.base = None;
        self.acknowledge(current.clone());
    }

    /// Merges the draft that the server holds, field by field. A value that was sent from here, or that the person
    /// typed over in `known`, is no news.
    pub(super) fn rebase(&mut self, current: &Snapshot, known: &[Self]) {
        let before = self.origin().clone();
        let marks = self.sent_marks.clone();
        self.merge(&before, current, known, &marks);
        self.acknowledge(current.clone());
    }

    /// Merges the draft of the server field by field, with `before` as the common ancestor. A value with one of the
    /// `marks` is no news.
    fn merge(&mut self, before: &Draft, current: &Snapshot, known: &[Self], marks: &[u64]) {
        let Snapshot { saved, saved_by, .. } = current;
        let mut mine = self.mine.clone();
        for field in Field::ALL.iter().copied() {
            let (was, here, there) = (field.value(before), field.value(&self.mine), field.value(&saved.draft));
            if was == there {
                continue;
            }
            // A conflict with a value that the server replaced becomes one with the value that it holds.
            self.conflicts.retain(|conflict| conflict.field != field || conflict.other() != was);
            let known: Vec<Value<'_>> = known.iter().map(|copy| field.value(&copy.mine)).collect();
            let input = MergeInput { before: was, theirs: there, known: &known, sent: marks };
            if here == there || merge::lists(field, &mut mine, &input) {
                continue;
            }
            let was_sent = marks.contains(&fingerprint::of_value(field, there));
            let was_typed_over = was != here && known.contains(&there);
            if was_sent || was_typed_over {
                continue;
            }
            if was == here {
                field.set(&mut mine, there);
            } else {
                let (saved_at, saved_by) = (Some(saved.saved_at.clone()), saved_by.clone());
                self.conflicts.push(Conflict { saved_at, saved_by, ..Conflict::new(field, there) });
            }
        }
        self.mine = mine;
        self.drop_settled();
    }

    /// Returns whether a field holds the answer filled in beforehand, untouched since.
    fn is_prefilled(&self, field: Field) -> bool {
        let prefilled = field.value(&self.prefilled);
        !prefilled.is_empty() && prefilled == field.value(&self.mine)
    }

    /// Returns whether the server lost this copy's base before it saved the other one's, which is newer.
    fn is_lost_beside(&self, other: &Self) -> bool {
        let (Some(known), Some(base)) = (&self.base, &other.base) else { return false };
        let is_later = other.era == self.era && grew_out_of(base, &other.earlier, known);
        other.rank() > self.rank() && !is_later
    }

    /// Returns this copy as merged with the draft of the server that another one knows.
    fn brought_to(&self, other: &Self, known: &[Self]) -> Self {
        let mut copy = self.clone();
        if let Some(base) = other.base.as_ref().filter(|_| other.rank() > self.rank()) {
            let current = Snapshot { earlier: other.earlier.clone(), ..base.clone().into() };
            if self.is_lost_beside(other) {
                copy.rebase_restored(&current, known);
                copy.era = other.era;
            } else {
                copy.rebase(&current, known);
            }
        }
        copy
    }

    /// Merges the copy of another tab.
    pub(super) fn join(&mut self, seen: &[Self], other: &Self) {
        if self.shows_the_same(other) {
            self.remember_fingerprints(&other.sent_marks);
            self.remember_replaced_fingerprints(&other.replaced_marks);
            self.era = self.era.max(other.era);
            self.not_on_server |= other.not_on_server;
            return;
        }
        let common = seen.iter().rposition(|copy| other.knew_of(copy));
        // The other tab may not know that values which this tab saw since were typed over.
        let since = &seen[common.unwrap_or(0)..];
        let mut mine = self.brought_to(other, since);
        let theirs = other.brought_to(self, common.map_or(&[], |place| &seen[place..=place]));
        let (before_mine, before_theirs) = self.ancestors(other, common.map(|place| &seen[place]));
        if other.rank() >= self.rank() {
            mine.remember_fingerprints(&other.sent_marks);
        } else {
            mine.remember_replaced_among(other.sent_marks.clone());
        }
        mine.remember_replaced_fingerprints(&other.replaced_marks);
        mine.not_on_server |= other.not_on_server;
        let empty = Draft::default();
        let acknowledged = mine.acknowledged(&empty);
        let mut joined = mine.clone();
        joined.conflicts.clear();
        let merge = TabMerge {
            mine: Branch { copy: self, before: &before_mine, after: &mine },
            theirs: Branch { copy: other, before: &before_theirs, after: &theirs },
            since,
            acknowledged,
        };
        for field in Field::ALL.iter().copied() {
            merge.merge_field(field, &mut joined);
        }
        joined.drop_settled();
        *self = joined;
    }

    /// Returns the common ancestor of this copy and another one, brought to the draft from the server that each knows.
    /// The common ancestor is the newest copy seen here that the other tab knew; where there is none, the draft from the
    /// server, or the answers filled in beforehand.
    fn ancestors(&self, other: &Self, common: Option<&Self>) -> (Self, Self) {
        // Two copies that the server lost from one another have no known ancestor.
        let are_unrelated = common.is_none() && (self.is_lost_beside(other) || other.is_lost_beside(self));
        let origin = other.base.as_ref().filter(|_| !are_unrelated).map(|base| base.draft.clone());
        let apart = Self::new(origin.unwrap_or_default(), 0);
        let ancestor = common.unwrap_or(&apart);
        // Values from the server are no change of a tab, unless the server lost them since.
        let before = |copy: &Self, beside: &Self| {
            let was_lost = are_unrelated || copy.is_lost_beside(beside);
            if was_lost { ancestor.clone() } else { ancestor.brought_to(copy, &[]) }
        };
        (before(self, other), before(other, self))
    }

    /// Returns the fields that differ from those that the person saw before.
    pub(super) fn changes_since(&self, before: &Self) -> Changes {
        let mut changes = Changes::default();
        for field in Field::ALL.iter().copied() {
            if field.value(&self.mine) != field.value(&before.mine) {
                changes.changed.push(field);
            }
            let others = |copy: &Self| copy.conflicts_of(field).count();
            if others(self) > others(before) {
                changes.conflicting.push(field);
            }
        }
        changes
    }

    /// Returns whether a person would see no difference in another tab.
    pub(super) fn shows_the_same(&self, other: &Self) -> bool {
        self.base == other.base && Field::ALL.iter().all(|field| self.candidates(*field) == other.candidates(*field))
    }

    fn conflicts_of(&self, field: Field) -> impl Iterator<Item = &Conflict> {
        self.conflicts.iter().filter(move |conflict| conflict.field == field)
    }

    /// Returns the value of a field and the other ones in conflict with it.
    fn candidates(&self, field: Field) -> Candidates<'_> {
        Candidates { value: field.value(&self.mine), others: self.conflicts_of(field).map(Conflict::other).collect() }
    }

    /// Drops conflicts between equal values, and all but one for each value.
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

/// Copy of one tab in a merge of two, beside what it grew out of.
struct Branch<'a> {
    /// The copy as the tab wrote it.
    copy: &'a DeviceCopy,
    /// The common ancestor, with the draft from the server that the tab knows.
    before: &'a DeviceCopy,
    /// The copy, with the draft from the server that the other tab knows.
    after: &'a DeviceCopy,
}

impl Branch<'_> {
    /// Returns whether the tab changed the field itself.
    fn changed(&self, field: Field) -> bool {
        self.copy.candidates(field) != self.before.candidates(field) && !self.copy.is_prefilled(field)
    }
}

/// Merge of the copies of two tabs, field by field.
struct TabMerge<'a> {
    mine: Branch<'a>,
    theirs: Branch<'a>,
    /// Copies that this tab saw since the common ancestor.
    since: &'a [DeviceCopy],
    /// Draft that the server last acknowledged to either.
    acknowledged: &'a Draft,
}

impl TabMerge<'_> {
    /// Merges one field into `joined`, which holds the own value and no conflict of it.
    fn merge_field(&self, field: Field, joined: &mut DeviceCopy) {
        let (mine, theirs) = (self.mine.after, self.theirs.after);
        let (here, there) = (mine.candidates(field), theirs.candidates(field));
        // The tab with the newer base knew more when it merged the draft of the server.
        let is_behind = self.theirs.copy.rank() > self.mine.copy.rank();
        let was = if is_behind { self.theirs.before } else { self.mine.before }.candidates(field);
        let (mine_is_new, theirs_is_new) = (self.mine.changed(field), self.theirs.changed(field));
        let acknowledged = field.value(self.acknowledged);
        // The other tab took the value from the server; here it was replaced since it was sent.
        let was_replaced = || self.mine.copy.was_sent_and_replaced(field, acknowledged, here.value);
        let taken = if here == there || (!theirs_is_new && (mine_is_new || !is_behind || was_replaced())) {
            mine
        } else if !mine_is_new {
            theirs
        } else if merge::lists(
            field,
            &mut joined.mine,
            &MergeInput { before: was.value, theirs: there.value, known: &[], sent: &[] },
        ) {
            return;
        } else if there.is(acknowledged) {
            mine
        } else if here.is(acknowledged) {
            theirs
        } else {
            self.merge_changed_twice(field, &was, joined);
            return;
        };
        field.set(&mut joined.mine, field.value(&taken.mine));
        joined.conflicts.extend(taken.conflicts_of(field).cloned());
    }

    /// Merges a field that both tabs changed without knowing of each other; `was` holds the values before.
    fn merge_changed_twice(&self, field: Field, was: &Candidates<'_>, joined: &mut DeviceCopy) {
        let (mine, theirs) = (self.mine.after, self.theirs.after);
        let (here, there) = (mine.candidates(field), theirs.candidates(field));
        let theirs_is_old = there.value == was.value;
        let was_seen = self.since.iter().any(|copy| field.value(&copy.mine) == there.value);
        let theirs_gives_way = theirs_is_old || was_seen;
        let mine_gives_way = !theirs_gives_way && here.value == was.value;
        // A conflict of one tab alone may be settled in the other: its value was typed over, or another value was
        // preferred that does not give way in its turn.
        let known = [was.value, field.value(self.acknowledged)];
        let disposed = |side: &Candidates<'_>, gives_way: bool, value: Value<'_>| {
            let typed_over = known.contains(&value) && side.value != value;
            !gives_way && !side.others.contains(&value) && (typed_over || was.others.contains(&value))
        };
        let stays = |conflict: &&Conflict| {
            let value = conflict.other();
            !disposed(&here, mine_gives_way, value) && !disposed(&there, theirs_is_old, value)
        };
        let all = mine.conflicts_of(field).chain(theirs.conflicts_of(field));
        joined.conflicts.extend(all.filter(stays).cloned());
        if mine_gives_way {
            field.set(&mut joined.mine, there.value);
        } else if !theirs_gives_way {
            joined.conflicts.push(Conflict::new(field, there.value));
        }
    }
}

/// Returns whether a revision is a known one or grew out of it, by the times of the `earlier` ones. Where a time is not
/// known, the number decides.
fn grew_out_of(saved: &SavedDraft, earlier: &[String], known: &SavedDraft) -> bool {
    let is_known = |time: &String| time.is_empty() || known.saved_at.is_empty() || *time == known.saved_at;
    match saved.revision.checked_sub(known.revision) {
        None => false,
        Some(0) => is_known(&saved.saved_at),
        Some(gap) => earlier.get(usize::try_from(gap - 1).unwrap_or(usize::MAX)).is_none_or(is_known),
    }
}

/// Value of a field, and the other ones in conflict with it, in any order.
struct Candidates<'a> {
    value: Value<'a>,
    others: Vec<Value<'a>>,
}

impl Candidates<'_> {
    /// Returns whether the field has this value, and no conflict.
    fn is(&self, value: Value<'_>) -> bool {
        self.value == value && self.others.is_empty()
    }
}

impl PartialEq for Candidates<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
            && self.others.len() == other.others.len()
            && self.others.iter().all(|value| other.others.contains(value))
    }
}
