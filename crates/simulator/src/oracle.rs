//! The oracle of what really happened: every value that a person typed, and which value took its place knowingly.
//!
//! Each edit types a value that was never typed before. Whoever types over a value that is on their screen, or chooses
//! between two, replaces it knowingly: the old value leads to the new one. Nothing is lost as long as every value leads
//! to one that is still there: on the server, or shown on a device.

use habilitation_model::field::Value as Held;
use habilitation_model::saving::DeviceCopy;
use habilitation_model::{Document, Draft, Field, Id};

/// The text fields that people type in.
pub(crate) const FIELDS: [Field; 3] = [Field::ProjectName, Field::Description, Field::LegalBasis];

/// The lists that people add to and take from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum List {
    /// Merges by value, in an order of its own.
    Scopes,
    /// Merges by id, in the order in which they were added.
    Documents,
}

/// A value by its number, which is also its text. 0 is the empty one.
pub(crate) type Value = usize;

#[derive(Default)]
struct Typed {
    /// Values that were typed over it.
    replaced_by: Vec<Value>,
    /// Values that were preferred to it.
    dropped_for: Vec<Value>,
    /// An element of a list, which somebody may have removed.
    removed: bool,
    /// The server held it.
    reached_the_server: bool,
    /// The person gave it up, or their storage was broken and their tab gone: nobody could have kept it.
    may_be_lost: bool,
    /// Set where it lives on in a request that was begun again.
    moved: bool,
    /// Set where a person preferred it to a value that had replaced it.
    came_back: bool,
    /// An element that may look new to somebody, or still there, whatever was done to it.
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

    /// A new value, typed over those on the screen.
    pub(crate) fn typed(&mut self, over: &[Value]) -> Value {
        let value = self.values.len();
        self.values.push(Typed::default());
        for old in over {
            self.values[*old].replaced_by.push(value);
        }
        value
    }

    /// A person preferred one value to another.
    pub(crate) fn chosen(&mut self, kept: Value, dropped: Value) {
        self.values[dropped].dropped_for.push(kept);
        self.values[kept].came_back = true;
    }

    pub(crate) fn removed(&mut self, element: Value) {
        self.values[element].removed = true;
    }

    /// Takes that some tab may never learn what became of these elements. One that came with a save without an answer looks, once
    /// it is removed, as if it had never arrived: it is sent again.
    pub(crate) fn mark_uncertain(&mut self, elements: impl IntoIterator<Item = Value>) {
        for element in elements {
            self.values[element].uncertain = true;
        }
    }

    /// Returns whether an element was removed and has to stay away.
    pub(crate) fn stays_away(&self, element: Value) -> bool {
        self.values[element].removed && !self.values[element].uncertain
    }

    /// The server came back from a backup, with this draft in it: what it held since, it never had. Whoever removed or added an
    /// element meanwhile cannot tell.
    pub(crate) fn set_back(&mut self, held: Option<&Draft>) {
        for typed in &mut self.values {
            (typed.reached_the_server, typed.uncertain) = (false, true);
        }
        held.into_iter().for_each(|draft| self.reached_the_server(draft));
    }

    /// The server holds this draft now.
    pub(crate) fn reached_the_server(&mut self, draft: &Draft) {
        for value in values(draft) {
            self.values[value].reached_the_server = true;
        }
    }

    /// The person gave these up.
    pub(crate) fn given_up(&mut self, values: impl IntoIterator<Item = Value>) {
        for value in values {
            self.values[value].may_be_lost = true;
        }
    }

    /// Takes that these could not be kept, unless the server had them.
    pub(crate) fn allow_loss_of(&mut self, values: impl IntoIterator<Item = Value>) {
        for value in values {
            self.values[value].may_be_lost |= !self.values[value].reached_the_server;
        }
    }

    /// Takes that these live on in another request.
    pub(crate) fn moved(&mut self, values: impl IntoIterator<Item = Value>) {
        for value in values {
            self.values[value].moved = true;
        }
    }

    /// Returns whether `new` was typed over `old`, directly or not. A choice does not count: other tabs may not know of it yet.
    pub(crate) fn replaced(&self, old: Value, new: Value) -> bool {
        let typed_over = |typed: &Typed, next: &mut Vec<Value>| next.extend(&typed.replaced_by);
        // A value whose save was never answered, and that somebody dropped meanwhile for the one before it, looks as if
        // it had not arrived: it is sent again. Nobody can tell, so that whoever replaced it may be asked once more.
        let may_return = self.values[old].came_back || !self.values[old].dropped_for.is_empty();
        old != new && !may_return && self.leads_to(old, typed_over, |value| value == new)
    }

    fn leads_to(
        &self,
        from: Value,
        further: impl Fn(&Typed, &mut Vec<Value>),
        is_goal: impl Fn(Value) -> bool,
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

    /// A value that leads to none of those that are there.
    pub(crate) fn lost(&self, there: &[Value]) -> Option<Value> {
        let mut is_there = vec![false; self.values.len()];
        for value in there {
            is_there[*value] = true;
        }
        let is_kept = |value: Value| {
            let typed = &self.values[value];
            is_there[value] || typed.moved || typed.may_be_lost || typed.removed
        };
        let replaced = |typed: &Typed, next: &mut Vec<Value>| {
            next.extend(&typed.replaced_by);
            next.extend(&typed.dropped_for);
        };
        (1..self.values.len()).find(|value| !self.leads_to(*value, replaced, is_kept))
    }
}

/// The value that a draft holds in a text field.
pub(crate) fn value_in(field: Field, draft: &Draft) -> Value {
    value_of(field.value(draft))
}

/// The value that is written so.
pub(crate) fn value_of(held: Held<'_>) -> Value {
    match held {
        Held::Text(text) => text.trim_end_matches(REFUSED).parse().unwrap_or(0),
        _ => 0,
    }
}

/// Endings of the texts that the server does not take.
const REFUSED: [char; 2] = [TOO_LARGE, NOT_UNDERSTOOD];
const TOO_LARGE: char = '…';
const NOT_UNDERSTOOD: char = '?';

/// A value as it is typed in a field.
pub(crate) fn text(value: Value, is_refused: bool) -> String {
    match (is_refused, value % 2) {
        (false, _) => value.to_string(),
        (true, 0) => format!("{value}{TOO_LARGE}"),
        (true, _) => format!("{value}{NOT_UNDERSTOOD}"),
    }
}

fn ends_with(field: Field, draft: &Draft, mark: char) -> bool {
    matches!(field.value(draft), Held::Text(text) if text.ends_with(mark))
}

pub(crate) fn is_too_large(draft: &Draft) -> bool {
    FIELDS.into_iter().any(|field| ends_with(field, draft, TOO_LARGE))
}

pub(crate) fn is_not_understood(draft: &Draft) -> bool {
    FIELDS.into_iter().any(|field| ends_with(field, draft, NOT_UNDERSTOOD))
}

/// The fields of which the server does not take the draft.
pub(crate) fn refused_fields(draft: &Draft) -> impl Iterator<Item = Field> {
    FIELDS.into_iter().filter(|field| REFUSED.into_iter().any(|mark| ends_with(*field, draft, mark)))
}

impl List {
    pub(crate) const ALL: [Self; 2] = [Self::Scopes, Self::Documents];

    /// The elements of the list in a draft.
    pub(crate) fn elements(self, draft: &Draft) -> impl Iterator<Item = Value> {
        let (scopes, documents): (&[String], &[Document]) = match self {
            Self::Scopes => (draft.data.scopes.as_slice(), &[]),
            Self::Documents => (&[], &draft.legal.documents),
        };
        let names = documents.iter().map(|document| &document.name);
        scopes.iter().chain(names).filter_map(|element| element.parse().ok())
    }

    pub(crate) fn add(self, element: Value, draft: &mut Draft) {
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

    pub(crate) fn remove(self, element: Value, draft: &mut Draft) {
        let name = element.to_string();
        match self {
            Self::Scopes => draft.data.scopes = draft.data.scopes.with(&name, false),
            Self::Documents => draft.legal.documents.retain(|document| document.name != name),
        }
    }
}

/// The elements in all of a draft's lists.
pub(crate) fn elements(draft: &Draft) -> impl Iterator<Item = Value> {
    List::ALL.into_iter().flat_map(|list| list.elements(draft))
}

/// The elements that a copy adds to what the server acknowledged, or takes from it.
pub(crate) fn unsettled(copy: &DeviceCopy) -> Vec<Value> {
    let mine: Vec<Value> = elements(&copy.mine).collect();
    let base: Vec<Value> = copy.base.iter().flat_map(|base| elements(&base.draft)).collect();
    let only_in = |these: &[Value], those: &[Value]| -> Vec<Value> {
        these.iter().copied().filter(|element| !those.contains(element)).collect()
    };
    [only_in(&mine, &base), only_in(&base, &mine)].concat()
}

/// Every value in a draft.
pub(crate) fn values(draft: &Draft) -> impl Iterator<Item = Value> {
    FIELDS.into_iter().map(|field| value_in(field, draft)).chain(elements(draft))
}

/// Every value that a copy shows.
pub(crate) fn shown(copy: &DeviceCopy) -> impl Iterator<Item = Value> {
    values(&copy.mine).chain(copy.conflicts.iter().map(|conflict| value_of(conflict.other())))
}
