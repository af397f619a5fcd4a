//! Merge of lists element by element, without conflicts: scopes by their value, documents by their id.

use super::fingerprint;
use crate::document::Document;
use crate::draft::Draft;
use crate::field::{Field, Value};
use crate::scope::Scopes;

/// Input of the merge of a list. An element of the ancestor, of a known copy or of a sent list that is no longer in the
/// person's list was removed here.
pub(super) struct MergeInput<'a> {
    pub(super) before: Value<'a>,
    pub(super) theirs: Value<'a>,
    pub(super) known: &'a [Value<'a>],
    pub(super) sent: &'a [u64],
}

/// Merges a list into the person's one in `draft`; returns whether the field holds a list.
pub(super) fn lists(field: Field, draft: &mut Draft, input: &MergeInput<'_>) -> bool {
    match input.theirs {
        Value::Scopes(_) => {
            let merged = input.by_element(field, draft, scopes, String::as_str);
            field.set(draft, Value::Scopes(&Scopes::from_wire(merged)));
        }
        Value::Documents(_) => {
            let merged = input.by_element(field, draft, documents, |document| document.id.as_str());
            field.set(draft, Value::Documents(&merged));
        }
        _ => return false,
    }
    true
}

fn scopes(value: Value<'_>) -> &[String] {
    if let Value::Scopes(scopes) = value { scopes.as_slice() } else { &[] }
}

fn documents(value: Value<'_>) -> &[Document] {
    if let Value::Documents(documents) = value { documents } else { &[] }
}

impl MergeInput<'_> {
    /// Returns the elements of the other side that were kept here or are new, then those added here. So all sides come
    /// to the same list.
    fn by_element<T: Clone>(
        &self,
        field: Field,
        draft: &Draft,
        list: fn(Value<'_>) -> &[T],
        key: fn(&T) -> &str,
    ) -> Vec<T> {
        let has = |value, item: &T| list(value).iter().any(|other| key(other) == key(item));
        let mine = field.value(draft);
        let was_here = |item: &T| {
            has(self.before, item)
                || self.known.iter().any(|known| has(*known, item))
                || self.sent.contains(&fingerprint::of_element(field, key(item)))
        };
        let stays = |item: &&T| has(mine, item) || !was_here(item);
        let added = |item: &&T| !has(self.before, item) && !has(self.theirs, item);
        list(self.theirs).iter().filter(stays).chain(list(mine).iter().filter(added)).cloned().collect()
    }
}
