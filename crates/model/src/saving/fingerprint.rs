//! Fingerprints of values (FNV-1a), which are kept where whole values would take too much room.

use crate::field::{Field, Value};

/// Returns the fingerprint of a value of a field that holds no list.
pub(super) fn of_value(field: Field, value: Value<'_>) -> u64 {
    match value {
        Value::Text(text) => of(field, text.as_bytes()),
        Value::Choice(chosen) => of(field, chosen.unwrap_or_default().as_bytes()),
        Value::YesNo(answer) => of(field, &[answer.map_or(2, u8::from)]),
        Value::Flag(ticked) => of(field, &[u8::from(ticked)]),
        Value::Scopes(_) | Value::Documents(_) => of(field, &[]),
    }
}

/// Returns the fingerprint of an element of a list.
pub(super) fn of_element(field: Field, key: &str) -> u64 {
    of(field, key.as_bytes())
}

/// Returns the fingerprints of the answer of a field: of its value, or of each element of its list.
pub(super) fn of_all(field: Field, value: Value<'_>) -> Vec<u64> {
    match value {
        Value::Scopes(scopes) => scopes.as_slice().iter().map(|scope| of_element(field, scope)).collect(),
        Value::Documents(documents) => documents.iter().map(|one| of_element(field, one.id.as_str())).collect(),
        _ => vec![of_value(field, value)],
    }
}

/// Returns the FNV-1a hash of a field and bytes, in the 53 bits that a number in JSON can hold.
fn of(field: Field, bytes: &[u8]) -> u64 {
    // A byte that no text holds separates the two.
    let all = field.path().bytes().chain([0xff]).chain(bytes.iter().copied());
    let mark =
        all.fold(0xcbf2_9ce4_8422_2325, |mark: u64, byte| (mark ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    mark >> 11
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_and_each_value_has_a_mark_of_its_own_that_json_can_hold() {
        let mut marks: Vec<u64> = Field::ALL
            .iter()
            .flat_map(|field| ["", "a", "b", "ab", "ba"].map(|text| of_value(*field, Value::Text(text))))
            .collect();
        assert!(marks.iter().all(|mark| *mark < 1 << 53));
        let all = marks.len();
        marks.sort_unstable();
        marks.dedup();
        assert_eq!(marks.len(), all);
    }
}
