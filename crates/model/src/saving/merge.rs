//! Lists merge element by element, so that they never conflict: scopes by their value, documents by their id.

use super::fingerprint;
use crate::document::Document;
use crate::draft::Draft;
use crate::field::{Field, Value};
use crate::scope::Scopes;

/// MergeInput of a list: its value before, the one elsewhere, those known here, and the marks of what was sent. What was in
/// one of these and is no longer in mine was removed here.
pub(super) struct MergeInput<'a> {
    pub(super) before: Value<'a>,
    pub(super) theirs: Value<'a>,
    pub(super) known: &'a [Value<'a>],
    pub(super) sent: &'a [u64],
}

/// Puts the merged list in `draft`, where mine is; answers whether the field holds a list at all.
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
    /// Returns what of theirs was kept here or is new, in their order; then what was added here. So all sides come to the
    /// same list.
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
