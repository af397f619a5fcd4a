//! Versions of a draft's shape, and the migrations from older ones to the newest.
//!
//! Browsers, files and the server all read old drafts by this module, so that a change of shape is written down once. A
//! stored draft stands beside its `schema`, which is read first. An older draft is migrated one version after the
//! other; a newer one is refused, because its unknown members would be lost at the next save.

use habilitation_model_derive::FromJson;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::saving::DeviceCopy;
use crate::{Draft, SCHEMA};

/// Text in JSON, with the parser that reads it: the browser's in the page, `serde_json` elsewhere.
pub trait Json {
    /// Returns the length in bytes.
    fn length(&self) -> usize;

    /// Returns the value, where the text is one of this type.
    fn read<T: DeserializeOwned>(&self) -> Option<T>;
}

impl Json for str {
    fn length(&self) -> usize {
        self.len()
    }

    fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(self).ok()
    }
}

/// Reason why a stored draft cannot be filled in further. Its text must be kept as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Written by a newer version: reload, or wait for that version.
    #[error("of a newer version")]
    Newer,
    /// Of no known version, or not shaped as its version tells.
    #[error("not understood")]
    Broken,
}

/// Migration from one version of the draft's shape to the next.
pub struct Migration {
    /// Changes a draft, and keeps members that it does not know.
    pub draft: fn(&mut Value),
    /// Pointers of renamed fields: the old one and the new one.
    pub renamed: &'static [(&'static str, &'static str)],
}

/// Versions of the draft's shape that a program reads. Tests make up their own; the program's is [`Ours`].
pub trait History {
    /// Version that the program writes.
    const NEWEST: u32;
    /// Migrations to [`NEWEST`](Self::NEWEST), the oldest first. While there are none, none of their code is compiled.
    const MIGRATIONS: &'static [Migration];
}

/// History of this program, which has one version.
pub struct Ours;

impl History for Ours {
    const NEWEST: u32 = SCHEMA;
    const MIGRATIONS: &'static [Migration] = &[];
}

/// Members of an envelope that tell how to read the others. An absent one is 0 or empty.
#[derive(Default, FromJson)]
#[serde(default)]
pub(crate) struct Envelope {
    pub(crate) format: String,
    pub(crate) schema: u32,
}

/// Reads a draft that is stored apart from its version, as the server's database does.
///
/// # Errors
/// [`Unreadable`]: the draft must be kept as it is.
pub fn read_draft<J: Json + ?Sized>(schema: u32, json: &J) -> Result<Draft, Unreadable> {
    read_draft_in::<Ours, _>(schema, json)
}

/// Reads a draft by the migrations of a given history.
///
/// # Errors
/// [`Unreadable`]: the draft must be kept as it is.
pub fn read_draft_in<H: History, J: Json + ?Sized>(schema: u32, json: &J) -> Result<Draft, Unreadable> {
    let Some(migrations) = migrations_from::<H>(schema)? else { return json.read().ok_or(Unreadable::Broken) };
    let mut draft: Value = json.read().ok_or(Unreadable::Broken)?;
    for migration in migrations {
        (migration.draft)(&mut draft);
    }
    serde_json::from_value(draft).map_err(|_| Unreadable::Broken)
}

/// Reads a device copy, of this version or an older one.
///
/// # Errors
/// [`Unreadable`]: the copy must be kept as it is.
pub fn read_copy<J: Json + ?Sized>(json: &J) -> Result<DeviceCopy, Unreadable> {
    read_copy_in::<Ours, _>(json)
}

/// Reads a device copy by the migrations of a given history.
///
/// # Errors
/// [`Unreadable`]: the copy must be kept as it is.
pub fn read_copy_in<H: History, J: Json + ?Sized>(json: &J) -> Result<DeviceCopy, Unreadable> {
    read_envelope::<_, H, _>(json)
}

/// Returns whether an envelope is of a newer version, of which no other member may be read.
pub fn is_newer<J: Json + ?Sized>(json: &J) -> bool {
    json.read().is_some_and(|Envelope { schema, .. }| schema > SCHEMA)
}

/// Reads an envelope that holds its own version.
pub(crate) fn read_envelope<T: DeserializeOwned, H: History, J: Json + ?Sized>(json: &J) -> Result<T, Unreadable> {
    let Envelope { schema, .. } = json.read().ok_or(Unreadable::Broken)?;
    let Some(migrations) = migrations_from::<H>(schema)? else { return json.read().ok_or(Unreadable::Broken) };
    let mut envelope: Value = json.read().ok_or(Unreadable::Broken)?;
    for migration in migrations {
        migrate(&mut envelope, migration);
    }
    envelope["schema"] = H::NEWEST.into();
    T::deserialize(envelope).map_err(|_| Unreadable::Broken)
}

/// Returns the migrations that a version lacks; none for the newest.
#[inline(always)]
fn migrations_from<H: History>(schema: u32) -> Result<Option<&'static [Migration]>, Unreadable> {
    if schema > H::NEWEST {
        return Err(Unreadable::Newer);
    }
    if schema == H::NEWEST {
        return Ok(None);
    }
    // For the compiler, which then leaves out what would be made of them.
    if H::MIGRATIONS.is_empty() {
        return Err(Unreadable::Broken);
    }
    let steps = usize::try_from(H::NEWEST - schema).unwrap_or(usize::MAX);
    let first = H::MIGRATIONS.len().checked_sub(steps).ok_or(Unreadable::Broken)?;
    Ok(Some(&H::MIGRATIONS[first..]))
}

/// Migrates every draft in an envelope, of an export or a device copy.
fn migrate(envelope: &mut Value, migration: &Migration) {
    for pointer in ["/draft", "/mine", "/base/draft"] {
        envelope.pointer_mut(pointer).into_iter().for_each(migration.draft);
    }
    let conflicts = envelope.get_mut("conflicts").and_then(Value::as_array_mut);
    for conflict in conflicts.into_iter().flatten() {
        conflict.get_mut("theirs").into_iter().for_each(migration.draft);
        if let Some(field) = conflict.get_mut("field") {
            let new = migration.renamed.iter().find(|(old, _)| *field == *old).map(|(_, new)| *new);
            *field = new.map_or_else(|| field.take(), Value::from);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Field;
    use crate::saving::{BaseRevision, Machine, Side};

    /// Made-up history: two versions ago `project.name` was called `project.title`, and `project.yearly_volume` was a number.
    struct MadeUp;

    impl History for MadeUp {
        const NEWEST: u32 = 9;
        const MIGRATIONS: &'static [Migration] = &[
            Migration {
                draft: |draft| {
                    if let Some(project) = draft.pointer_mut("/project").and_then(Value::as_object_mut)
                        && let Some(title) = project.remove("title")
                    {
                        project.insert("name".to_owned(), title);
                    }
                },
                renamed: &[("/project/title", "/project/name")],
            },
            Migration {
                draft: |draft| {
                    if let Some(volume @ Value::Number(_)) = draft.pointer_mut("/project/yearly_volume") {
                        *volume = volume.to_string().into();
                    }
                },
                renamed: &[],
            },
        ];
    }

    /// Device copy without eras and times of earlier revisions.
    const COPY_BEFORE_ERAS: &str = include_str!("../tests/drafts/device-copy-before-eras.json");

    #[test]
    fn a_copy_from_before_eras_is_filled_in_further_and_saved_over_its_revision() {
        let copy = read_copy(COPY_BEFORE_ERAS).unwrap();
        assert_eq!((copy.era, copy.earlier.len(), copy.sent_marks.as_slice()), (0, 0, &[42][..]));
        let machine = Machine::from_device(1, copy);
        assert_eq!(machine.mine().project.name.as_str(), "Guichet citoyen");
        assert_eq!(machine.base_revision(), BaseRevision::of(2, "2026-11-22T12:00:00.000Z"));
        assert_eq!(machine.conflicts().next().map(|conflict| conflict.field), Some(Field::LegalBasis));
    }

    const OLD_COPY: &str = include_str!("../tests/drafts/device-copy-two-versions-old.json");

    fn old(schema: u32) -> String {
        OLD_COPY.replace("\"schema\": 7", &format!("\"schema\": {schema}"))
    }

    #[test]
    fn a_copy_of_this_version_is_read_as_it_is() {
        let copy = DeviceCopy::new(Draft::default(), 12);
        let json = serde_json::to_string(&copy).unwrap();
        assert_eq!(read_copy(json.as_str()), Ok(copy));
    }

    #[test]
    fn what_a_newer_server_tells_of_a_request_is_never_guessed_at() {
        for json in [r#"{"schema": 2, "draft": {}}"#, r#"{"schema": 9, "state": "archived", "draft": [1]}"#] {
            assert!(is_newer(json), "{json}");
        }
        for json in [r#"{"schema": 1, "draft": {}}"#, r#"{"draft": {}}"#, "<html>"] {
            assert!(!is_newer(json), "{json}");
        }
    }

    #[test]
    fn an_older_copy_is_brought_up_with_all_of_its_drafts() {
        let copy = read_copy_in::<MadeUp, _>(OLD_COPY).unwrap();
        assert_eq!(copy.schema, 9);
        assert_eq!(copy.mine.project.name.as_str(), "Carte des transports");
        assert_eq!(copy.mine.project.yearly_volume.as_str(), "12000");
        let base = copy.base.as_ref().unwrap();
        assert_eq!((base.revision, base.draft.project.name.as_str()), (4, "Transports"));

        let machine = Machine::from_device(1, copy);
        let conflict = machine.conflicts().next().unwrap();
        assert_eq!((conflict.field, conflict.theirs.project.name.as_str()), (Field::ProjectName, "Transports"));
    }

    #[test]
    fn a_choice_of_an_older_page_is_still_to_be_made() {
        let mut machine = Machine::from_device(1, read_copy_in::<MadeUp, _>(OLD_COPY).unwrap());
        let chosen = crate::saving::Event::Chosen { field: Field::ProjectName, side: Side::Theirs };
        assert!(!machine.handle(chosen).is_empty());
        assert_eq!(machine.mine().project.name.as_str(), "Transports");
    }

    #[test]
    fn only_the_migrations_that_are_missing_are_made() {
        let json = old(8).replace("title", "name");
        let copy = read_copy_in::<MadeUp, _>(json.as_str()).unwrap();
        assert_eq!(copy.mine.project.name.as_str(), "Carte des transports");
        assert_eq!(copy.mine.project.yearly_volume.as_str(), "12000");
    }

    #[test]
    fn a_newer_copy_is_never_guessed_at() {
        for json in [old(SCHEMA + 1), r#"{"schema": 4000000000, "mine": "?"}"#.to_owned()] {
            assert_eq!(read_copy(json.as_str()), Err(Unreadable::Newer));
        }
    }

    #[test]
    fn a_copy_of_no_known_version_is_left_alone() {
        let older_than_all = old(6);
        for json in
            ["", "12", "[]", "{}", r#"{"schema": -1}"#, r#"{"schema": "1"}"#, r#"{"schema": 1}"#, "{\"schema\": 0}"]
        {
            assert_eq!(read_copy(json), Err(Unreadable::Broken), "{json}");
        }
        assert_eq!(read_copy_in::<MadeUp, _>(older_than_all.as_str()), Err(Unreadable::Broken));
    }

    #[test]
    fn an_older_copy_that_lies_is_left_alone() {
        let json = OLD_COPY.replace("\"Carte des transports\"", "[1]");
        assert_eq!(read_copy_in::<MadeUp, _>(json.as_str()), Err(Unreadable::Broken));
        for json in
            [r#"{"schema": 7}"#, r#"{"schema": 7, "mine": 1, "sent_marks": 2, "conflicts": [3, {"field": {}}]}"#]
        {
            assert_eq!(read_copy_in::<MadeUp, _>(json), Err(Unreadable::Broken), "{json}");
        }
    }
}
