//! Documents of a server as a command reads and writes them: in the data folder, or in the bucket.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use axum::body::Bytes;
use http_body_util::BodyExt;
use tokio::runtime::Runtime;

use super::copying::{Digest, NotCopied, copy, copy_from, digest, digest_of};
use crate::files::{BlobStore, Bucket, BucketMark, DOCUMENTS, FileName, Listed, Outgoing, verify_place};
use crate::random::SystemRandom;
use crate::settings::Settings;

/// Bytes that are written to a bucket at a time.
const CHUNK: usize = 256 * 1024;

/// Place of the documents of a server.
pub(super) enum Documents {
    /// Folder of the data folder.
    Folder(PathBuf),
    /// Bucket, with what waits for it.
    Bucket(Box<Shelf>),
}

/// Bucket that is used by one thread.
pub(super) struct Shelf {
    runtime: Runtime,
    bucket: Bucket,
}

impl Documents {
    /// Returns the place of the documents that are there.
    ///
    /// # Errors
    /// With a sentence, when the settings do not go together.
    pub(super) fn of(settings: &Settings) -> Result<Self, String> {
        let data = &settings.data;
        let wrong = |error: io::Error| format!("--data {}: {error}", data.display());
        let bucket = settings.bucket.bucket().map_err(|error| error.to_string())?;
        verify_place(data, bucket.is_some()).map_err(|error| format!("--data {}: {error}", data.display()))?;
        match bucket {
            None => Ok(Self::Folder(data.join(DOCUMENTS))),
            Some(bucket) => {
                // A server that has not started yet has no mark: then nothing is in the bucket either.
                let mark = match BucketMark::known(data).map_err(wrong)? {
                    Some(mark) => mark,
                    None => BucketMark::passing(FileName::draw(&SystemRandom).map_err(|error| error.to_string())?),
                };
                Shelf::open(Bucket::open(&bucket, mark)?)
            }
        }
    }

    /// Returns an empty place for the documents of a restore, which goes on where it was cut.
    ///
    /// # Errors
    /// With a sentence, when the bucket is not empty, or away.
    pub(super) fn for_restore(settings: &Settings) -> Result<Self, String> {
        let data = &settings.data;
        let bucket = settings.bucket.bucket().map_err(|error| error.to_string())?;
        // A restore that was cut goes on in the same place.
        verify_place(data, bucket.is_some()).map_err(|error| format!("--data {}: {error}", data.display()))?;
        match bucket {
            None => Ok(Self::Folder(data.join(DOCUMENTS))),
            Some(bucket) => {
                let mark = BucketMark::of(data, &SystemRandom)
                    .map_err(|error| format!("--data {}: {error}", data.display()))?;
                let documents = Shelf::open(Bucket::open(&bucket, mark)?)?;
                if let Self::Bucket(shelf) = &documents {
                    shelf.runtime.block_on(shelf.bucket.take_over())?;
                }
                Ok(documents)
            }
        }
    }

    /// Verifies that a bucket is the one in which documents were kept.
    ///
    /// # Errors
    /// With a sentence, when it is not, or away.
    pub(super) fn verify_ours(&self, has_documents: bool) -> Result<(), String> {
        match self {
            Self::Folder(_) => Ok(()),
            Self::Bucket(shelf) => shelf.runtime.block_on(shelf.bucket.verify_ours(has_documents)),
        }
    }

    /// Reads a document to its end.
    pub(super) fn digest(&self, name: &FileName) -> io::Result<Digest> {
        match self {
            Self::Folder(folder) => digest(&folder.join(name.as_str())),
            Self::Bucket(shelf) => digest_of(&mut shelf.read(name)?),
        }
    }

    /// Copies a document to a file.
    pub(super) fn copy(&self, name: &FileName, to: &Path) -> Result<Digest, NotCopied> {
        match self {
            Self::Folder(folder) => copy(&folder.join(name.as_str()), to),
            Self::Bucket(shelf) => {
                let from = PathBuf::from(format!("{}/{name}", shelf.bucket.place()));
                match shelf.read(name) {
                    Ok(mut reading) => copy_from(&mut reading, &from, to),
                    Err(error) => Err(NotCopied::From(from, error)),
                }
            }
        }
    }

    /// Returns whether a document has another length, where that is known without reading it.
    pub(super) fn is_of_another_length(&self, name: &FileName, size: u64) -> bool {
        match self {
            Self::Folder(folder) => fs::symlink_metadata(folder.join(name.as_str()))
                .is_ok_and(|found| !found.is_file() || found.len() != size),
            Self::Bucket(_) => false,
        }
    }

    /// Returns the sizes of all documents that are there.
    ///
    /// # Errors
    /// With a sentence, when they cannot be listed.
    pub(super) fn sizes(&self) -> Result<BTreeMap<FileName, u64>, String> {
        match self {
            Self::Folder(folder) => {
                let size = |entry: fs::DirEntry| {
                    let name = entry.file_name().to_str().and_then(FileName::parse)?;
                    Some((name, entry.metadata().ok()?.len()))
                };
                match fs::read_dir(folder) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeMap::new()),
                    Err(error) => Err(format!("{}: {error}", folder.display())),
                    Ok(entries) => Ok(entries.filter_map(|entry| size(entry.ok()?)).collect()),
                }
            }
            Self::Bucket(shelf) => {
                let files = shelf.list().map_err(|error| format!("--bucket {}: {error}", shelf.place()))?;
                Ok(files.into_iter().map(|file| (file.name, file.size)).collect())
            }
        }
    }

    /// Returns whether a document was lost, by the reason for which it cannot be read.
    pub(super) fn is_loss(&self, error: &io::Error) -> bool {
        match self {
            // Whoever may not read one may read none: that is no damage.
            Self::Folder(_) => error.kind() != io::ErrorKind::PermissionDenied,
            // A bucket that is away comes back.
            Self::Bucket(_) => error.kind() == io::ErrorKind::NotFound,
        }
    }
}

impl Shelf {
    fn open(bucket: Bucket) -> Result<Documents, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        Ok(Documents::Bucket(Box::new(Self { runtime, bucket })))
    }

    fn read(&self, name: &FileName) -> io::Result<Reading<'_>> {
        let body = self.runtime.block_on(self.bucket.read(name))?;
        Ok(Reading { runtime: &self.runtime, body, bytes: Bytes::new() })
    }

    /// Returns the files of the bucket.
    pub(super) fn list(&self) -> io::Result<Vec<Listed>> {
        let (mut files, mut after) = (Vec::new(), None);
        loop {
            let page = self.runtime.block_on(self.bucket.list(after.as_ref()))?;
            files.extend(page.files);
            match page.next {
                None => return Ok(files),
                next => after = next,
            }
        }
    }

    /// Writes a file to the bucket, whole or not at all.
    pub(super) fn write(&self, name: &FileName, from: &Path) -> Result<(), String> {
        let mut file = File::open(from).map_err(|error| format!("{}: {error}", from.display()))?;
        self.runtime
            .block_on(async {
                let mut upload = self.bucket.begin(name).await?;
                loop {
                    let mut chunk = Vec::with_capacity(CHUNK);
                    (&mut file).take(u64::try_from(CHUNK).unwrap_or_default()).read_to_end(&mut chunk)?;
                    if chunk.is_empty() {
                        return upload.finish().await;
                    }
                    upload.take(chunk.into()).await?;
                }
            })
            .map_err(|error| format!("{}/{name}: {error}", self.bucket.place()))
    }

    /// Removes files.
    pub(super) fn remove(&self, names: &[FileName]) -> io::Result<()> {
        self.runtime.block_on(self.bucket.remove(names))
    }

    /// Returns the place of the bucket.
    pub(super) fn place(&self) -> String {
        self.bucket.place().to_string()
    }

    /// Writes, reads and removes an object.
    ///
    /// # Errors
    /// With a sentence.
    pub(super) fn check(&self) -> Result<String, String> {
        let probe = FileName::draw(&SystemRandom).map_err(|error| error.to_string())?;
        self.runtime.block_on(self.bucket.check(&probe))
    }
}

/// Document of a bucket that is being read.
struct Reading<'a> {
    runtime: &'a Runtime,
    body: Outgoing,
    bytes: Bytes,
}

impl Read for Reading<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.bytes.is_empty() {
            match self.runtime.block_on(self.body.frame()) {
                None => return Ok(0),
                Some(frame) => self.bytes = frame?.into_data().unwrap_or_default(),
            }
        }
        let length = buffer.len().min(self.bytes.len());
        buffer[..length].copy_from_slice(&self.bytes.split_to(length));
        Ok(length)
    }
}
