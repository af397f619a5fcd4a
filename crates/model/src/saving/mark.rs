//! Short marks that tell values and versions from others (FNV-1a), where keeping the whole would take too much room.

use crate::field::{Field, Value};

/// The mark of what was added, part by part.
pub(super) struct Mark(u64);

impl Mark {
    pub(super) fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Adds a part. No text holds the byte that ends it.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().chain(&[0xff]) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    pub(super) fn add_value(&mut self, value: Value<'_>) {
        match value {
            Value::Text(text) => self.add(text.as_bytes()),
            Value::Choice(chosen) => self.add(chosen.unwrap_or_default().as_bytes()),
            Value::YesNo(answer) => self.add(&[answer.map_or(2, u8::from)]),
            Value::Flag(ticked) => self.add(&[u8::from(ticked)]),
            Value::Scopes(scopes) => scopes.as_slice().iter().for_each(|scope| self.add(scope.as_bytes())),
            Value::Documents(documents) => documents.iter().for_each(|one| self.add(one.id.as_str().as_bytes())),
        }
    }

    /// In 32 bits: enough among a few dozen.
    pub(super) fn short(&self) -> u32 {
        let [a, b, c, d, ..] = self.0.to_be_bytes();
        u32::from_be_bytes([a, b, c, d])
    }

    /// In 53 bits, which is all that a number in JSON can hold.
    fn long(&self) -> u64 {
        self.0 >> 11
    }
}

/// The mark of an element of a list.
pub(super) fn of_element(field: Field, key: &str) -> u64 {
    let mut mark = Mark::new();
    mark.add(field.path().as_bytes());
    mark.add(key.as_bytes());
    mark.long()
}

/// The mark of a value of a field that holds no list.
pub(super) fn of_value(field: Field, value: Value<'_>) -> u64 {
    let mut mark = Mark::new();
    mark.add(field.path().as_bytes());
    mark.add_value(value);
    mark.long()
}

/// The marks of what a field holds: of its value, or of each element of its list.
pub(super) fn of_all(field: Field, value: Value<'_>) -> Vec<u64> {
    match value {
        Value::Scopes(scopes) => scopes.as_slice().iter().map(|scope| of_element(field, scope)).collect(),
        Value::Documents(documents) => documents.iter().map(|one| of_element(field, one.id.as_str())).collect(),
        _ => vec![of_value(field, value)],
    }
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
