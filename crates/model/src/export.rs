//! File into which an applicant exports a draft, and its import.
//!
//! A file may come from anywhere: it is read as hostile input, and each [`ImportError`] names a way in which it may be wrong.

use habilitation_model_derive::FromJson;
use serde::Serialize;
use serde::de::IgnoredAny;

use crate::SCHEMA;
use crate::draft::Draft;
use crate::field::Field;
use crate::schema::{self, Envelope, History, Json, Ours, Unreadable};

/// Format that the file declares.
pub const FORMAT: &str = "habilitation-draft";
/// Largest file, in bytes: what the server takes as a body.
pub const MAX_SIZE: usize = 256 * 1024;

/// A draft as a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
pub struct Export {
    /// [`FORMAT`].
    pub format: String,
    /// Version of the draft's shape, [`SCHEMA`].
    pub schema: u32,
    /// Time of the export, RFC 3339.
    pub exported_at: String,
    /// Draft that was exported.
    pub draft: Draft,
}

impl Export {
    /// Returns the file of a draft.
    #[must_use]
    pub fn new(draft: Draft, exported_at: String) -> Self {
        Self { format: FORMAT.to_owned(), schema: SCHEMA, exported_at, draft }
    }
}

/// Reason for which a file cannot be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Over [`MAX_SIZE`].
    #[error("too large")]
    TooLarge,
    /// Not JSON: another kind of file, or one cut short.
    #[error("not JSON")]
    NotJson,
    /// JSON of another format.
    #[error("of another format")]
    OtherFormat,
    /// Written by a newer version.
    #[error("of a newer version")]
    Newer,
    /// Changed by somebody: a member is missing, unknown or of the wrong type.
    #[error("not understood")]
    Broken,
}

/// Reads a file, for a new request. Commitments are unticked, texts are cleaned, and files are left out, since their
/// bytes stayed with the exported request.
///
/// # Errors
/// [`ImportError`]: nothing of the file is taken.
pub fn import<J: Json + ?Sized>(file: &J) -> Result<Draft, ImportError> {
    import_in::<Ours, _>(file)
}

/// Reads a file by the migrations of a given history.
///
/// # Errors
/// [`ImportError`]: nothing of the file is taken.
pub fn import_in<H: History, J: Json + ?Sized>(file: &J) -> Result<Draft, ImportError> {
    if file.length() > MAX_SIZE {
        return Err(ImportError::TooLarge);
    }
    file.read::<IgnoredAny>().ok_or(ImportError::NotJson)?;
    let envelope: Envelope = file.read().ok_or(ImportError::OtherFormat)?;
    if envelope.format != FORMAT {
        return Err(ImportError::OtherFormat);
    }
    match schema::read_envelope::<Export, H, _>(file) {
        Ok(export) => {
            let mut draft = export.draft.duplicate();
            draft.rewrite(Field::clean);
            Ok(draft)
        }
        Err(Unreadable::Newer) => Err(ImportError::Newer),
        Err(Unreadable::Broken) => Err(ImportError::Broken),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Id};

    fn filled() -> Draft {
        let mut draft = Draft::default();
        draft.project.name = "Carte des transports".into();
        draft.data.scopes = draft.data.scopes.with("email", true);
        draft
    }

    fn file(draft: &Draft) -> String {
        serde_json::to_string(&Export::new(draft.clone(), "2026-11-25T10:00:00Z".to_owned())).unwrap()
    }

    #[test]
    fn what_is_exported_is_what_is_imported() {
        assert_eq!(import(file(&filled()).as_str()), Ok(filled()));
    }

    #[test]
    fn commitments_and_files_are_not_imported() {
        let mut draft = filled();
        draft.terms.accepted = true;
        draft.organisation.member = true;
        draft.project.mockups = vec![Document {
            id: Id::new(0, [0; 10]),
            name: "maquette.png".to_owned(),
            size: 1,
            media_type: "image/png".to_owned(),
        }];
        assert_eq!(import(file(&draft).as_str()), Ok(filled()));
    }

    #[test]
    fn each_way_to_be_wrong_has_a_name() {
        let good = file(&filled());
        let cut_short = &good[..good.len() - 1];
        let too_deep = "[".repeat(100_000);
        for not_json in ["", "PK\u{3}\u{4}", "{", "{} {}", cut_short, too_deep.as_str()] {
            assert_eq!(import(not_json), Err(ImportError::NotJson), "{not_json:.40}");
        }
        let other = good.replace(FORMAT, "something-else");
        for other in ["{}", "[]", "1", "null", "\"x\"", r#"{"format": 1}"#, r#"{"format": "habilitation"}"#, &other] {
            assert_eq!(import(other), Err(ImportError::OtherFormat), "{other:.40}");
        }
        let (this, next) = (format!("\"schema\":{SCHEMA}"), format!("\"schema\":{}", SCHEMA + 1));
        assert_eq!(import(good.replace(&this, &next).as_str()), Err(ImportError::Newer));
        for (from, to) in [
            (this.as_str(), "\"schema\":0"),
            ("\"Carte des transports\"", "12"),
            ("\"Carte des transports\"", "\"a\\u0000b\""),
            ("\"draft\":{", "\"draft\":{\"unknown\":1,"),
            ("\"exported_at\":", "\"__proto__\":{},\"exported_at\":"),
            ("\"exported_at\":\"2026-11-25T10:00:00Z\",", ""),
            ("[\"email\"]", "{\"0\":\"email\"}"),
        ] {
            let broken = good.replace(from, to);
            assert_ne!(broken, good, "{from}");
            assert_eq!(import(broken.as_str()), Err(ImportError::Broken), "{broken}");
        }
        let mut long = filled();
        long.project.description = "x".repeat(MAX_SIZE).as_str().into();
        assert_eq!(import(file(&long).as_str()), Err(ImportError::TooLarge));
    }

    #[test]
    fn texts_are_cleaned_and_not_refused() {
        let mut draft = filled();
        draft.project.name = "\u{feff}Carte\tdes\r\ntransports\u{1b}".into();
        draft.project.description = "Une carte.\u{b}Pour\ttous\u{200b}.".into();
        draft.people.dpo.email = "dpo@val\u{200b}lon.example".into();
        let mut expected = filled();
        expected.project.name = "Carte des transports".into();
        expected.project.description = "Une carte.\nPour tous.".into();
        expected.people.dpo.email = "dpo@vallon.example".into();
        assert_eq!(import(file(&draft).as_str()), Ok(expected));
    }

    #[test]
    fn answers_that_are_wrong_are_imported_to_be_mended() {
        let mut draft = filled();
        draft.project.launch_date = "un jour".into();
        assert_eq!(import(file(&draft).as_str()), Ok(draft));
    }
}
