//! Oracle of the simulation: every value that a person typed, and the values that replaced it knowingly.
//!
//! Each edit types a value that was never typed before. A person who types over a value that is on their screen, or
//! chooses between two, replaces it knowingly: the old value leads to the new one. Nothing is lost as long as every
//! value leads to one that the server holds or a device shows.

use habilitation_model::field::Value;
use habilitation_model::saving::DeviceCopy;
use habilitation_model::{Document, Draft, Field, Id};

/// Text fields that people type in.
pub(crate) const FIELDS: [Field; 3] = [Field::ProjectName, Field::Description, Field::LegalBasis];

/// Lists that people add to and remove from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum List {
    /// Merges by value.
    Scopes,
    /// Merges by id.
    Documents,
}

/// Typed value by its number, which is also its text. 0 is the empty one.
pub(crate) type TypedId = usize;

#[derive(Default)]
struct Typed {
    /// Values that were typed over it.
    replaced_by: Vec<TypedId>,
    /// Values that were preferred to it.
    dropped_for: Vec<TypedId>,
    /// Set where it is an element of a list that a person removed.
    removed: bool,
    /// Set once the server held it.
    reached_the_server: bool,
    /// Set where the person gave it up, or where the storage failed and the tab ended: no device could have kept it.
    may_be_lost: bool,
    /// Set where it is kept in a new request.
    moved: bool,
    /// Set where a person preferred it to a value that had replaced it.
    came_back: bool,
    /// Set where it is an element of which a tab cannot tell whether it was saved or removed.
    uncertain: bool,
}

#[derive(Default)]
pub(crate) struct Oracle {
    values: Vec<Typed>,
}

impl Oracle {
    pub(crate) fn new() -> Self {
        Self { values: vec![Typed { may_be_lost: true, ..Typed::default() }] }
    }

    /// Records a new value, typed over those on the screen.
    pub(crate) fn typed(&mut self, over: &[TypedId]) -> TypedId {
        let value = self.values.len();
        self.values.push(Typed::default());
        for old in over {
            self.values[*old].replaced_by.push(value);
        }
        value
    }

    /// Records that a person preferred one value to another.
    pub(crate) fn chosen(&mut self, kept: TypedId, dropped: TypedId) {
        self.values[dropped].dropped_for.push(kept);
        self.values[kept].came_back = true;
    }

    pub(crate) fn removed(&mut self, element: TypedId) {
        self.values[element].removed = true;
    }

    /// Records that a tab may never learn whether these elements were saved. One whose save had no response looks, once
    /// it is removed, as if it had never arrived: it is sent again.
    pub(crate) fn mark_uncertain(&mut self, elements: impl IntoIterator<Item = TypedId>) {
        for element in elements {
            self.values[element].uncertain = true;
        }
    }

    /// Returns whether an element was removed and has to stay away.
    pub(crate) fn stays_away(&self, element: TypedId) -> bool {
        self.values[element].removed && !self.values[element].uncertain
    }

    /// Records that the server was restored with this draft: the values that it held since are gone. Tabs that removed
    /// or added an element meanwhile cannot tell.
    pub(crate) fn set_back(&mut self, held: Option<&Draft>) {
        for typed in &mut self.values {
            (typed.reached_the_server, typed.uncertain) = (false, true);
        }
        held.into_iter().for_each(|draft| self.reached_the_server(draft));
    }

    /// Records that the server holds this draft.
    pub(crate) fn reached_the_server(&mut self, draft: &Draft) {
        for value in values(draft) {
            self.values[value].reached_the_server = true;
        }
    }

    /// Records that a person gave these values up.
    pub(crate) fn given_up(&mut self, values: impl IntoIterator<Item = TypedId>) {
        for value in values {
            self.values[value].may_be_lost = true;
        }
    }

    /// Allows the loss of these values, unless the server had them.
    pub(crate) fn allow_loss_of(&mut self, values: impl IntoIterator<Item = TypedId>) {
        for value in values {
            self.values[value].may_be_lost |= !self.values[value].reached_the_server;
        }
    }

    /// Records that these values are kept in another request.
    pub(crate) fn moved(&mut self, values: impl IntoIterator<Item = TypedId>) {
        for value in values {
            self.values[value].moved = true;
        }
    }

    /// Returns whether `new` was typed over `old`, directly or not. A choice does not count: other tabs may not know of it yet.
    pub(crate) fn replaced(&self, old: TypedId, new: TypedId) -> bool {
        let typed_over = |typed: &Typed, next: &mut Vec<TypedId>| next.extend(&typed.replaced_by);
        // A value whose save had no response, and that was dropped meanwhile for the one before it, looks as if it had
        // not arrived. It is sent again, so that the person may be asked once more.
        let may_return = self.values[old].came_back || !self.values[old].dropped_for.is_empty();
        old != new && !may_return && self.leads_to(old, typed_over, |value| value == new)
    }

    fn leads_to(
        &self,
        from: TypedId,
        further: impl Fn(&Typed, &mut Vec<TypedId>),
        is_goal: impl Fn(TypedId) -> bool,
    ) -> bool {
        let mut seen = vec![false; self.values.len()];
        let mut next = vec![from];
        while let Some(value) = next.pop() {
            if is_goal(value) {
                return true;
            }
            if !std::mem::replace(&mut seen[value], true) {
                further(&self.values[value], &mut next);
            }
        }
        false
    }

    /// Returns a value that leads to none of those that are there.
    pub(crate) fn lost(&self, there: &[TypedId]) -> Option<TypedId> {
        let mut is_there = vec![false; self.values.len()];
        for value in there {
            is_there[*value] = true;
        }
        let is_kept = |value: TypedId| {
            let typed = &self.values[value];
            is_there[value] || typed.moved || typed.may_be_lost || typed.removed
        };
        let replaced = |typed: &Typed, next: &mut Vec<TypedId>| {
            next.extend(&typed.replaced_by);
            next.extend(&typed.dropped_for);
        };
        (1..self.values.len()).find(|value| !self.leads_to(*value, replaced, is_kept))
    }
}

/// Returns the value of a text field in a draft.
pub(crate) fn value_in(field: Field, draft: &Draft) -> TypedId {
    value_of(field.value(draft))
}

/// Returns the value that a text is of.
pub(crate) fn value_of(held: Value<'_>) -> TypedId {
    match held {
        Value::Text(text) => text.trim_end_matches(REJECTED).parse().unwrap_or(0),
        _ => 0,
    }
}

/// Endings of the texts that the server rejects.
const REJECTED: [char; 2] = [TOO_LARGE, NOT_UNDERSTOOD];
const TOO_LARGE: char = '…';
const NOT_UNDERSTOOD: char = '?';

/// Returns the text of a value as a person types it.
pub(crate) fn text(value: TypedId, is_rejected: bool) -> String {
    match (is_rejected, value % 2) {
        (false, _) => value.to_string(),
        (true, 0) => format!("{value}{TOO_LARGE}"),
        (true, _) => format!("{value}{NOT_UNDERSTOOD}"),
    }
}

fn ends_with(field: Field, draft: &Draft, mark: char) -> bool {
    matches!(field.value(draft), Value::Text(text) if text.ends_with(mark))
}

pub(crate) fn is_too_large(draft: &Draft) -> bool {
    FIELDS.into_iter().any(|field| ends_with(field, draft, TOO_LARGE))
}

pub(crate) fn is_not_understood(draft: &Draft) -> bool {
    FIELDS.into_iter().any(|field| ends_with(field, draft, NOT_UNDERSTOOD))
}

/// Returns the fields for which the server rejects a draft.
pub(crate) fn rejected_fields(draft: &Draft) -> impl Iterator<Item = Field> {
    FIELDS.into_iter().filter(|field| REJECTED.into_iter().any(|mark| ends_with(*field, draft, mark)))
}

impl List {
    pub(crate) const ALL: [Self; 2] = [Self::Scopes, Self::Documents];

    /// Returns the elements of the list in a draft.
    pub(crate) fn elements(self, draft: &Draft) -> impl Iterator<Item = TypedId> {
        let (scopes, documents): (&[String], &[Document]) = match self {
            Self::Scopes => (draft.data.scopes.as_slice(), &[]),
            Self::Documents => (&[], &draft.legal.documents),
        };
        let names = documents.iter().map(|document| &document.name);
        scopes.iter().chain(names).filter_map(|element| element.parse().ok())
    }

    pub(crate) fn add(self, element: TypedId, draft: &mut Draft) {
        match self {
            Self::Scopes => draft.data.scopes = draft.data.scopes.with(&element.to_string(), true),
            Self::Documents => draft.legal.documents.push(Document {
                id: Id::new(u64::try_from(element).unwrap_or(u64::MAX), [0; 10]),
                name: element.to_string(),
                size: 1,
                media_type: "application/pdf".to_owned(),
            }),
        }
    }

    pub(crate) fn remove(self, element: TypedId, draft: &mut Draft) {
        let name = element.to_string();
        match self {
            Self::Scopes => draft.data.scopes = draft.data.scopes.with(&name, false),
            Self::Documents => draft.legal.documents.retain(|document| document.name != name),
        }
    }
}

/// Returns the elements of all lists in a draft.
pub(crate) fn elements(draft: &Draft) -> impl Iterator<Item = TypedId> {
    List::ALL.into_iter().flat_map(|list| list.elements(draft))
}

/// Returns the elements that a copy adds to the acknowledged ones, or removes from them.
pub(crate) fn unsettled(copy: &DeviceCopy) -> Vec<TypedId> {
    let mine: Vec<TypedId> = elements(&copy.mine).collect();
    let base: Vec<TypedId> = copy.base.iter().flat_map(|base| elements(&base.draft)).collect();
    let only_in = |these: &[TypedId], those: &[TypedId]| -> Vec<TypedId> {
        these.iter().copied().filter(|element| !those.contains(element)).collect()
    };
    [only_in(&mine, &base), only_in(&base, &mine)].concat()
}

/// Returns every value in a draft.
pub(crate) fn values(draft: &Draft) -> impl Iterator<Item = TypedId> {
    FIELDS.into_iter().map(|field| value_in(field, draft)).chain(elements(draft))
}

/// Returns every value that a copy shows.
pub(crate) fn shown(copy: &DeviceCopy) -> impl Iterator<Item = TypedId> {
    values(&copy.mine).chain(copy.conflicts.iter().map(|conflict| value_of(conflict.other())))
}
