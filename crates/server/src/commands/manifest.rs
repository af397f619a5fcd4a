//! Manifest of a backup: which files it has, and what is in them. A backup is whole once its manifest is in its place.

use std::fs;
use std::io;
use std::path::Path;

use habilitation_model::Id;
use serde::{Deserialize, Serialize};

use super::copying::{self, Digest};
use crate::files::FileName;

/// Name of the manifest in the folder of a backup.
pub(super) const MANIFEST: &str = "manifest.json";
/// Version of the layout of a backup.
const FORMAT: u32 = 1;

/// Returns whether a name is that of a database in a backup.
pub(super) fn is_database(name: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let digest = name.strip_prefix("database-").and_then(|rest| rest.strip_suffix(".sqlite"));
    digest.is_some_and(|digest| digest.len() == 64 && digest.bytes().all(is_digit))
}

/// Returns whether a name is that of a document.
pub(super) fn is_document(name: &str) -> bool {
    FileName::parse(name).is_some()
}

/// Returns whether a name is that of a mail.
pub(super) fn is_mail(name: &str) -> bool {
    name.strip_suffix(".eml").is_some_and(|delivery| Id::parse(delivery).is_ok())
}

/// Contents of a backup.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    format: u32,
    /// Release that made the backup.
    release: String,
    /// Time at which it began, by RFC 3339.
    pub(super) begun_at: String,
    /// Version of the tables.
    pub(super) tables: usize,
    /// Requests, drafts included.
    pub(super) requests: u64,
    pub(super) database: Entry,
    pub(super) documents: Vec<Entry>,
    /// Files of documents that the database names, and that were not whole in the data folder.
    pub(super) missing: Vec<String>,
    /// Files of mails, where there is no relay.
    pub(super) mails: Vec<Entry>,
}

/// Contents of a database, as of a time.
pub(super) struct Copied {
    pub(super) begun_at: String,
    pub(super) tables: usize,
    pub(super) requests: u64,
    pub(super) database: Entry,
}

/// File of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    /// Name in its folder.
    pub(super) file: String,
    pub(super) bytes: u64,
    /// SHA-256, in hexadecimal digits.
    pub(super) sha256: String,
}

impl Entry {
    pub(super) fn new(file: String, digest: Digest) -> Self {
        Self { file, bytes: digest.bytes, sha256: digest.sha256 }
    }

    pub(super) fn is_of(&self, digest: &Digest) -> bool {
        (self.bytes, &self.sha256) == (digest.bytes, &digest.sha256)
    }
}

impl Manifest {
    pub(super) fn new(copied: Copied, documents: Vec<Entry>, missing: Vec<String>, mails: Vec<Entry>) -> Self {
        let Copied { begun_at, tables, requests, database } = copied;
        let release = env!("CARGO_PKG_VERSION").to_owned();
        Self { format: FORMAT, release, begun_at, tables, requests, database, documents, missing, mails }
    }

    /// Returns counts, bytes and time, in a line.
    pub(super) fn summary(&self) -> String {
        let (requests, documents, mails) = (self.requests, self.documents.len(), self.mails.len());
        format!(
            "{requests} requests, {documents} documents and {mails} mails, {} bytes, as of {}",
            self.bytes(),
            self.begun_at
        )
    }

    /// Returns the name of a database in a backup, which tells its content.
    pub(super) fn database_name(digest: &Digest) -> String {
        format!("database-{}.sqlite", digest.sha256)
    }

    /// Returns the bytes of all files.
    pub(super) fn bytes(&self) -> u64 {
        self.database.bytes + self.documents.iter().chain(&self.mails).map(|entry| entry.bytes).sum::<u64>()
    }

    /// Reads the manifest of a folder; none if it has none.
    ///
    /// # Errors
    /// With a sentence, when it is no manifest that this release reads.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>, String> {
        let path = folder.join(MANIFEST);
        let wrong = |reason: String| format!("{}: {reason}", path.display());
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|error| wrong(error.to_string()))?,
        };
        let manifest: Self = serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
        if manifest.format != FORMAT {
            return Err(wrong(format!("release {} made it, which lays backups out otherwise", manifest.release)));
        }
        let database = Digest { bytes: manifest.database.bytes, sha256: manifest.database.sha256.clone() };
        let is_fit = manifest.database.file == Self::database_name(&database)
            && is_database(&manifest.database.file)
            && manifest.documents.iter().all(|entry| is_document(&entry.file))
            && manifest.missing.iter().all(|name| is_document(name))
            && manifest.mails.iter().all(|entry| is_mail(&entry.file));
        if is_fit { Ok(Some(manifest)) } else { Err(wrong("it names files that no backup has".to_owned())) }
    }

    /// Puts the manifest in its place, whole or not at all.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        copying::write(&folder.join(MANIFEST), &serde_json::to_vec_pretty(self)?)
    }
}
