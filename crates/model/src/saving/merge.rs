//! Lists merge element by element, so that they never conflict: scopes by their value, documents by their id.

use crate::draft::Draft;
use crate::field::{Field, Value};
use crate::scope::Scopes;

/// Puts the merged list in `draft`; answers whether the field holds a list at all.
pub(super) fn lists(field: Field, draft: &mut Draft, before: Value<'_>, mine: Value<'_>, theirs: Value<'_>) -> bool {
    match (before, mine, theirs) {
        (Value::Scopes(before), Value::Scopes(mine), Value::Scopes(theirs)) => {
            let merged = by_element(before.as_slice(), mine.as_slice(), theirs.as_slice(), |a, b| a == b);
            field.set(draft, Value::Scopes(&Scopes::from_wire(merged)));
            true
        }
        (Value::Documents(before), Value::Documents(mine), Value::Documents(theirs)) => {
            field.set(draft, Value::Documents(&by_element(before, mine, theirs, |a, b| a.id == b.id)));
            true
        }
        _ => false,
    }
}

/// What both kept, then what each added, mine first.
fn by_element<T: Clone>(before: &[T], mine: &[T], theirs: &[T], same: impl Fn(&T, &T) -> bool) -> Vec<T> {
    let has = |list: &[T], item: &T| list.iter().any(|other| same(other, item));
    let stays = |item: &&T| !has(before, item) || has(theirs, item);
    let added = |item: &&T| !has(before, item) && !has(mine, item);
    mine.iter().filter(stays).chain(theirs.iter().filter(added)).cloned().collect()
}
