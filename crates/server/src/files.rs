//! The bytes of documents, in the data folder or in a bucket. Requests and people are unknown here: the store knows to whom a file
//! belongs.
//!
//! Each file has a name of its own that is never used again, so a new version of a document does not touch the bytes of the old one
//! until the store refers to the new one. Nobody is told that a file arrived before it is safe.

mod blob_store;
mod bucket;
mod bucket_mark;
#[cfg(test)]
mod contract;
mod data_folder;
mod folder;
mod name;

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use habilitation_model::document::{FileType, MAX_SIZE, SIGNATURE_LENGTH};
use jiff::Timestamp;
use thiserror::Error;

pub(crate) use self::blob_store::{BlobStore, BlobUpload, Listed, Outgoing};
pub use self::bucket::BucketPlace;
pub(crate) use self::bucket::{Bucket, BucketSettings};
pub(crate) use self::bucket_mark::BucketMark;
use self::data_folder::HELD;
pub(crate) use self::data_folder::{
    DOCUMENTS, LOCK, MAILS, NotOpened, RESTORING, hold_documents, lock, make_private, private,
};
use self::folder::Folder;
pub(crate) use self::name::FileName;
use crate::random::{Random, RandomUnavailable};

/// Reason why bytes were not kept.
#[derive(Debug, Error)]
pub(crate) enum NotStored {
    /// There are none.
    #[error("the file is empty")]
    Empty,
    /// The bytes are of no accepted type.
    #[error("the file is of another type")]
    OfAnotherType,
    /// There are more than a document may have.
    #[error("the file is too large")]
    TooLarge,
    /// The disk, the bucket or the source of names is out of order.
    #[error("the file cannot be written: {0}")]
    Failure(#[from] io::Error),
}

impl From<RandomUnavailable> for NotStored {
    fn from(error: RandomUnavailable) -> Self {
        Self::Failure(io::Error::other(error))
    }
}

/// Longest time for which a call waits until files are removed that it does not need any more.
const REMOVAL_WAIT: Duration = Duration::from_secs(5);

/// The files of a server.
pub(crate) struct Files {
    blobs: Arc<dyn BlobStore>,
    held: Arc<Path>,
    random: Arc<dyn Random>,
    /// Held as long as this is used: two servers would clear each other's incoming files.
    _lock: File,
}

impl Files {
    /// Opens the data folder, and the bucket of its documents where there is one. A bucket may be away.
    pub(crate) fn open(
        data: &Path,
        bucket: Option<&BucketSettings>,
        random: Arc<dyn Random>,
    ) -> Result<Self, NotOpened> {
        make_private(data)?;
        let lock = lock(data)?;
        if data.join(RESTORING).exists() {
            return Err(NotOpened::HalfRestored);
        }
        verify_place(data, bucket.is_some())?;
        let blobs: Arc<dyn BlobStore> = match bucket {
            None => Arc::new(Folder::open(data)?),
            Some(settings) => {
                Arc::new(Bucket::open(settings, BucketMark::of(data, random.as_ref())?).map_err(NotOpened::Bucket)?)
            }
        };
        // Made by this user, before anybody else has reason to.
        let held: Arc<Path> = data.join(HELD).into();
        private().create(true).truncate(false).open(&held)?;
        File::open(data)?.sync_all()?;
        Ok(Self { blobs, held, random, _lock: lock })
    }

    /// Begins to receive a file.
    pub(crate) async fn receive(&self) -> Result<Incoming, NotStored> {
        let name = FileName::draw(self.random.as_ref())?;
        let upload = self.blobs.begin(&name).await?;
        Ok(Incoming { upload, name, size: 0, first: Vec::with_capacity(SIGNATURE_LENGTH), file_type: None })
    }

    /// Opens a document to be sent.
    pub(crate) async fn read(&self, name: &FileName) -> io::Result<Outgoing> {
        self.blobs.read(name).await
    }

    /// Removes files to which nothing refers. One that cannot be removed now, or while documents are
    /// [held](hold_documents), is found again by [`Self::older_than`].
    pub(crate) async fn remove(&self, names: Vec<FileName>) {
        if names.is_empty() {
            return;
        }
        // Where it takes longer, nobody waits. The log tells what failed; a purge tries again, and fails if it still cannot.
        let removing = tokio::spawn(remove(Arc::clone(&self.blobs), Arc::clone(&self.held), names));
        let _ = tokio::time::timeout(REMOVAL_WAIT, removing).await;
    }

    /// Removes files as [`Self::remove`] does, for who has to know of it.
    ///
    /// # Errors
    /// When files cannot be removed, though nobody holds them. Those that can are gone.
    pub(crate) async fn try_remove(&self, names: Vec<FileName>) -> io::Result<()> {
        if names.is_empty() {
            return Ok(());
        }
        remove(Arc::clone(&self.blobs), Arc::clone(&self.held), names).await
    }

    /// Returns files that arrived before this time, from a name on, and the name after which there may be more.
    pub(crate) async fn older_than(
        &self,
        cutoff: Timestamp,
        after: Option<&FileName>,
    ) -> io::Result<(Vec<FileName>, Option<FileName>)> {
        let page = self.blobs.list(after).await?;
        let old = page.files.into_iter().filter(|file| file.arrived_at < cutoff).map(|file| file.name);
        Ok((old.collect(), page.next))
    }

    /// Clears uploads that were begun before a time and never finished.
    pub(crate) async fn clear_unfinished(&self, before: Timestamp) -> io::Result<()> {
        self.blobs.clear_unfinished(before).await
    }
}

/// Removes files, unless somebody holds them.
async fn remove(blobs: Arc<dyn BlobStore>, held: Arc<Path>, names: Vec<FileName>) -> io::Result<()> {
    // Locked until the last of them is gone: whoever holds documents waits for that.
    let free = File::open(held).map_err(TryLockError::Error);
    let _free = match free.and_then(|file| file.try_lock_shared().map(|()| file)) {
        Ok(file) => file,
        Err(TryLockError::WouldBlock) => return Ok(()),
        Err(TryLockError::Error(error)) => {
            tracing::error!(error = %error.kind(), "files that are not needed any more cannot be removed");
            return Err(error);
        }
    };
    blobs.remove(&names).await.inspect_err(|error| {
        tracing::error!(error = %error.kind(), "a file that is not needed any more cannot be removed");
    })
}

/// Verifies that documents of a data folder are in a bucket if one is set, and in the folder otherwise.
pub(crate) fn verify_place(data: &Path, has_bucket: bool) -> Result<(), NotOpened> {
    if !has_bucket && bucket_mark::has_adopted(data)? {
        Err(NotOpened::InBucket)
    } else if has_bucket && has_files(&data.join(DOCUMENTS))? {
        Err(NotOpened::InFolder)
    } else {
        Ok(())
    }
}

/// Returns whether a folder is there and holds anything.
fn has_files(folder: &Path) -> io::Result<bool> {
    match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        entries => Ok(entries?.next().is_some()),
    }
}

/// A file that is being received. Dropping it takes back what came.
pub(crate) struct Incoming {
    upload: Box<dyn BlobUpload>,
    name: FileName,
    size: u64,
    first: Vec<u8>,
    file_type: Option<FileType>,
}

/// A file that is safe.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) file: FileName,
    pub(crate) file_type: FileType,
    pub(crate) size: u64,
}

impl Incoming {
    /// Takes the next bytes. The type is judged as soon as enough of them are there.
    pub(crate) async fn take(&mut self, bytes: Bytes) -> Result<(), NotStored> {
        self.size += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if self.size > MAX_SIZE {
            return Err(NotStored::TooLarge);
        }
        if self.file_type.is_none() {
            let wanted = SIGNATURE_LENGTH - self.first.len();
            self.first.extend(bytes.iter().take(wanted));
            if self.first.len() == SIGNATURE_LENGTH {
                self.file_type = Some(FileType::of_bytes(&self.first).ok_or(NotStored::OfAnotherType)?);
            }
        }
        Ok(self.upload.take(bytes).await?)
    }

    /// Makes the file safe: when this answers, it is there whole and stays.
    pub(crate) async fn finish(self) -> Result<Kept, NotStored> {
        if self.size == 0 {
            return Err(NotStored::Empty);
        }
        // A file of fewer bytes than the longest signature may still bear a shorter one.
        let file_type = self.file_type.or_else(|| FileType::of_bytes(&self.first)).ok_or(NotStored::OfAnotherType)?;
        self.upload.finish().await?;
        Ok(Kept { file: self.name, file_type, size: self.size })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::random::SystemRandom;

    fn files(folder: &Path) -> Files {
        Files::open(folder, None, Arc::new(SystemRandom)).unwrap()
    }

    fn entries(folder: &Path, name: &str) -> usize {
        fs::read_dir(folder.join(name)).unwrap().count()
    }

    async fn keep(files: &Files, parts: &[&'static [u8]]) -> Result<Kept, NotStored> {
        let mut incoming = files.receive().await?;
        for part in parts {
            incoming.take(Bytes::from_static(part)).await?;
        }
        incoming.finish().await
    }

    #[tokio::test]
    async fn a_file_that_comes_in_parts_is_kept_whole() {
        let folder = tempfile::tempdir().unwrap();
        let files = files(folder.path());
        let kept = keep(&files, &[b"%P", b"DF-", b"1.7\n", b"rest"]).await.unwrap();
        assert_eq!((kept.file_type, kept.size), (FileType::Pdf, 13));
        let bytes = fs::read(folder.path().join("documents").join(kept.file.as_str())).unwrap();
        assert_eq!(bytes, b"%PDF-1.7\nrest");
        assert_eq!(entries(folder.path(), "incoming"), 0);
    }

    #[tokio::test]
    async fn what_is_refused_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let files = files(folder.path());
        assert!(matches!(keep(&files, &[]).await, Err(NotStored::Empty)));
        assert!(matches!(keep(&files, &[b"plain text"]).await, Err(NotStored::OfAnotherType)));
        assert!(matches!(keep(&files, &[b"%PDF"]).await, Err(NotStored::OfAnotherType)));
        let mut incoming = files.receive().await.unwrap();
        incoming.take(Bytes::from_static(b"%PDF-1.7")).await.unwrap();
        let rest = usize::try_from(MAX_SIZE).unwrap() - 8;
        incoming.take(vec![0; rest].into()).await.unwrap();
        assert!(matches!(incoming.take(Bytes::from_static(b"x")).await, Err(NotStored::TooLarge)));
        drop(incoming);
        assert_eq!((entries(folder.path(), "incoming"), entries(folder.path(), "documents")), (0, 0));
    }

    #[tokio::test]
    async fn a_short_file_may_bear_a_short_signature() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(keep(&files(folder.path()), &[b"\xff\xd8\xff"]).await.unwrap().file_type, FileType::Jpeg);
    }

    #[test]
    fn two_servers_never_share_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let _first = files(folder.path());
        assert!(matches!(Files::open(folder.path(), None, Arc::new(SystemRandom)), Err(NotOpened::InUse)));
    }

    #[tokio::test]
    async fn no_document_goes_while_documents_are_held() {
        let folder = tempfile::tempdir().unwrap();
        let files = files(folder.path());
        let name = keep(&files, &[b"%PDF-1.7"]).await.unwrap().file;
        let held = hold_documents(folder.path()).unwrap();
        files.remove(vec![name.clone()]).await;
        assert_eq!(entries(folder.path(), "documents"), 1);
        drop(held);
        files.remove(vec![name]).await;
        assert_eq!(entries(folder.path(), "documents"), 0);
    }

    #[tokio::test]
    async fn documents_that_cannot_be_removed_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let files = files(folder.path());
        let name = keep(&files, &[b"%PDF-1.7"]).await.unwrap().file;
        let held = folder.path().join(HELD);
        assert!(held.exists(), "the server makes it, whoever comes later");
        fs::remove_file(&held).unwrap();
        assert!(files.try_remove(vec![name.clone()]).await.is_err());
        assert_eq!(entries(folder.path(), "documents"), 1);
        drop(hold_documents(folder.path()).unwrap());
        files.try_remove(vec![name]).await.unwrap();
        assert_eq!(entries(folder.path(), "documents"), 0);
    }

    #[tokio::test]
    async fn a_folder_with_documents_is_not_used_with_a_bucket_nor_one_of_a_bucket_without() {
        let settings = BucketSettings {
            place: "s3://documents".parse().unwrap(),
            timeout: Duration::from_secs(1),
            secret: None,
            variables: Some(vec![
                ("AWS_ACCESS_KEY_ID".to_owned(), "a".to_owned()),
                ("AWS_SECRET_ACCESS_KEY".to_owned(), "b".to_owned()),
            ]),
        };
        let open = |folder: &Path, bucket| Files::open(folder, bucket, Arc::new(SystemRandom));
        let folder = tempfile::tempdir().unwrap();
        keep(&files(folder.path()), &[b"%PDF-1.7"]).await.unwrap();
        assert!(matches!(open(folder.path(), Some(&settings)), Err(NotOpened::InFolder)));

        let folder = tempfile::tempdir().unwrap();
        drop(open(folder.path(), Some(&settings)).unwrap());
        drop(open(folder.path(), None).expect("nothing was kept in the bucket: the folder is not bound to it"));
        BucketMark::known(folder.path()).unwrap().unwrap().adopt("s3://documents").unwrap();
        assert!(matches!(open(folder.path(), None), Err(NotOpened::InBucket)));
        assert!(open(folder.path(), Some(&settings)).is_ok());
    }
}
