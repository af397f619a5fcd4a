//! The bytes of documents on disk. Requests and people are unknown here: the store knows to whom a file belongs.
//!
//! A file is written under `incoming/`, flushed, and moved to `documents/`, whose entry is flushed too, before anyone
//! is told that it arrived. Each has a name of its own that is never used again, so a new version of a document does
//! not touch the bytes of the old one until the store refers to the new one.

use std::fmt;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use data_encoding::HEXLOWER;
use habilitation_model::document::{FileType, MAX_SIZE, SIGNATURE_LENGTH};
use http_body::Frame;
use jiff::Timestamp;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWriteExt, ReadBuf};

use crate::random::{Random, RandomUnavailable};

/// Folder of documents in the data folder.
pub(crate) const DOCUMENTS: &str = "documents";
/// Folder of mails in the data folder, where there is no relay.
pub(crate) const MAILS: &str = "mail";
/// File that is locked by the one process that may change the data folder.
pub(crate) const LOCK: &str = "lock";
/// Folder of documents that are on their way.
const INCOMING: &str = "incoming";

/// Mark of a data folder that is being restored from a backup.
pub(crate) const RESTORING: &str = "restoring";
/// File that is locked by whoever needs all documents to stay.
const HELD: &str = "held";
/// Longest wait until documents are held.
const HOLD_TIMEOUT: Duration = Duration::from_secs(10);

/// Name of a file among the documents: 32 hexadecimal digits, drawn at random.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FileName(String);

impl FileName {
    fn draw(random: &dyn Random) -> Result<Self, RandomUnavailable> {
        let mut bytes = [0; 16];
        random.fill(&mut bytes)?;
        Ok(Self(HEXLOWER.encode(&bytes)))
    }

    /// Reads a name; a text that could lead out of the folder is none.
    #[must_use]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (text.len() == 32 && text.bytes().all(hexadecimal)).then(|| Self(text.to_owned()))
    }

    /// Returns the digits.
    #[must_use]
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

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
    /// The disk or the source of names is out of order.
    #[error("the file cannot be written: {0}")]
    Failure(#[from] io::Error),
}

impl From<RandomUnavailable> for NotStored {
    fn from(error: RandomUnavailable) -> Self {
        Self::Failure(io::Error::other(error))
    }
}

/// The data folder cannot be used.
#[derive(Debug, Error)]
pub(crate) enum NotOpened {
    /// Another server uses it.
    #[error("another server is using it")]
    InUse,
    /// A restore was cut.
    #[error("a restore into it was not finished; run it again")]
    HalfRestored,
    /// The folder cannot be made, read or written.
    #[error("{0}")]
    Failure(#[from] io::Error),
}

/// The data folder.
pub(crate) struct Files {
    incoming: PathBuf,
    documents: PathBuf,
    held: PathBuf,
    random: Arc<dyn Random>,
    /// Held as long as this is used: two servers would clear each other's incoming files.
    _lock: File,
}

impl Files {
    /// Makes the folders that are missing, and clears what a crash left behind.
    pub(crate) fn open(data: &Path, random: Arc<dyn Random>) -> Result<Self, NotOpened> {
        make_private(data)?;
        let lock = lock(data)?;
        if data.join(RESTORING).exists() {
            return Err(NotOpened::HalfRestored);
        }
        let (incoming, documents) = (data.join(INCOMING), data.join(DOCUMENTS));
        for folder in [&incoming, &documents] {
            make_private(folder)?;
        }
        // Made by this user, before anybody else has reason to.
        let held = data.join(HELD);
        private().create(true).truncate(false).open(&held)?;
        for entry in fs::read_dir(&incoming)? {
            fs::remove_file(entry?.path())?;
        }
        File::open(data)?.sync_all()?;
        Ok(Self { incoming, documents, held, random, _lock: lock })
    }

    /// Begins to receive a file.
    pub(crate) async fn receive(&self) -> Result<Incoming, NotStored> {
        let name = FileName::draw(self.random.as_ref())?;
        let path = self.incoming.join(name.as_str());
        let file = tokio::fs::OpenOptions::from(private().create_new(true).clone()).open(&path).await?;
        Ok(Incoming {
            file,
            place: Unfinished { path: Some(path) },
            documents: self.documents.clone(),
            name,
            size: 0,
            first: Vec::with_capacity(SIGNATURE_LENGTH),
            file_type: None,
        })
    }

    /// Opens a document to be sent.
    pub(crate) async fn read(&self, name: &FileName) -> io::Result<Outgoing> {
        let file = tokio::fs::File::open(self.documents.join(name.as_str())).await?;
        Ok(Outgoing { file, part: vec![0; PART].into_boxed_slice() })
    }

    /// Removes files to which nothing refers. One that cannot be removed now, or while documents are
    /// [held](hold_documents), is found again by [`Self::older_than`].
    pub(crate) async fn remove(&self, names: Vec<FileName>) {
        // The log tells what failed; a purge tries again, and fails if it still cannot.
        let _ = self.try_remove(names).await;
    }

    /// Removes files as [`Self::remove`] does, for who has to know of it.
    ///
    /// # Errors
    /// When files cannot be removed, though nobody holds them. Those that can are gone.
    pub(crate) async fn try_remove(&self, names: Vec<FileName>) -> io::Result<()> {
        if names.is_empty() {
            return Ok(());
        }
        // Locked until the last of them is gone: whoever holds documents waits for that.
        let free = File::open(&self.held).map_err(TryLockError::Error);
        let _free = match free.and_then(|file| file.try_lock_shared().map(|()| file)) {
            Ok(file) => file,
            Err(TryLockError::WouldBlock) => return Ok(()),
            Err(TryLockError::Error(error)) => {
                tracing::error!(error = %error.kind(), "files that are not needed any more cannot be removed");
                return Err(error);
            }
        };
        let mut removed = Ok(());
        for name in names {
            match tokio::fs::remove_file(self.documents.join(name.as_str())).await {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    tracing::error!(error = %error.kind(), "a file that is not needed any more cannot be removed");
                    removed = Err(error);
                }
                _ => {}
            }
        }
        removed
    }

    /// Returns the files that arrived before this time.
    pub(crate) fn older_than(&self, cutoff: Timestamp) -> io::Result<Vec<FileName>> {
        let mut old = Vec::new();
        for entry in fs::read_dir(&self.documents)? {
            let entry = entry?;
            let since_1970 =
                entry.metadata()?.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or(Duration::ZERO);
            let is_old =
                i128::try_from(since_1970.as_millis()).is_ok_and(|at| at < i128::from(cutoff.as_millisecond()));
            old.extend(entry.file_name().to_str().and_then(FileName::parse).filter(|_| is_old));
        }
        Ok(old)
    }
}

/// Locks the data folder, for the one process that may change it.
pub(crate) fn lock(data: &Path) -> Result<File, NotOpened> {
    let lock = private().create(true).truncate(false).open(data.join(LOCK))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(NotOpened::InUse),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Keeps a server from removing documents, as long as the file is open. The server goes on with all else.
///
/// # Errors
/// When somebody else holds them.
pub(crate) fn hold_documents(data: &Path) -> io::Result<File> {
    let path = data.join(HELD);
    let file = match File::open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => make_for_owner(data, &path)?,
        opened => opened?,
    };
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if begun.elapsed() < HOLD_TIMEOUT => {
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(TryLockError::WouldBlock) => return Err(io::Error::other("another backup is under way")),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

/// Makes a file that belongs to the owner of the data folder: the server, whoever runs this.
fn make_for_owner(data: &Path, path: &Path) -> io::Result<File> {
    let file = match private().create_new(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return File::open(path),
        made => made?,
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        let owner = fs::metadata(data)?;
        if file.metadata()?.uid() != owner.uid() {
            fchown(&file, Some(owner.uid()), Some(owner.gid()))?;
        }
    }
    Ok(file)
}

/// Makes a folder that only this user may read. One that exists keeps its permissions.
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// Returns options that create a file for this user alone, whatever the folder's permissions.
pub(crate) fn private() -> fs::OpenOptions {
    let mut options = fs::OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Bytes of a document that are sent at a time.
const PART: usize = 64 * 1024;

/// A document that is being sent, a part at a time.
pub(crate) struct Outgoing {
    file: tokio::fs::File,
    part: Box<[u8]>,
}

impl http_body::Body for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let Self { file, part } = self.get_mut();
        let mut read = ReadBuf::new(part);
        match Pin::new(file).poll_read(context, &mut read) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Err(error)) => Poll::Ready(Some(Err(error))),
            Poll::Ready(Ok(())) if read.filled().is_empty() => Poll::Ready(None),
            Poll::Ready(Ok(())) => Poll::Ready(Some(Ok(Frame::data(Bytes::copy_from_slice(read.filled()))))),
        }
    }
}

/// A file that is being received. Dropping it removes what came.
pub(crate) struct Incoming {
    file: tokio::fs::File,
    place: Unfinished,
    documents: PathBuf,
    name: FileName,
    size: u64,
    first: Vec<u8>,
    file_type: Option<FileType>,
}

/// A file that is removed unless it is taken.
struct Unfinished {
    path: Option<PathBuf>,
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(path) = self.path.take() {
            // What stays is cleared at the next start.
            let _ = fs::remove_file(path);
        }
    }
}

/// A file that is safe on disk.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) file: FileName,
    pub(crate) file_type: FileType,
    pub(crate) size: u64,
}

impl Incoming {
    /// Takes the next bytes. The type is judged as soon as enough of them are there.
    pub(crate) async fn take(&mut self, bytes: &Bytes) -> Result<(), NotStored> {
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
        Ok(self.file.write_all(bytes).await?)
    }

    /// Makes the file safe: when this answers, the bytes and the entry of the folder are on disk.
    pub(crate) async fn finish(mut self) -> Result<Kept, NotStored> {
        if self.size == 0 {
            return Err(NotStored::Empty);
        }
        // A file of fewer bytes than the longest signature may still bear a shorter one.
        let file_type = self.file_type.or_else(|| FileType::of_bytes(&self.first)).ok_or(NotStored::OfAnotherType)?;
        self.file.flush().await?;
        self.file.sync_all().await?;
        let Some(from) = self.place.path.clone() else { return Err(NotStored::Empty) };
        let (to, folder) = (self.documents.join(self.name.as_str()), self.documents.clone());
        let moved = tokio::task::spawn_blocking(move || {
            fs::rename(from, to)?;
            File::open(folder)?.sync_all()
        });
        moved.await.map_err(io::Error::other)??;
        self.place.path = None;
        Ok(Kept { file: self.name, file_type, size: self.size })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    fn files(folder: &Path) -> Files {
        Files::open(folder, Arc::new(SystemRandom)).unwrap()
    }

    fn entries(folder: &Path, name: &str) -> usize {
        fs::read_dir(folder.join(name)).unwrap().count()
    }

    async fn keep(files: &Files, parts: &[&'static [u8]]) -> Result<Kept, NotStored> {
        let mut incoming = files.receive().await?;
        for part in parts {
            incoming.take(&Bytes::from_static(part)).await?;
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
        incoming.take(&Bytes::from_static(b"%PDF-1.7")).await.unwrap();
        let rest = usize::try_from(MAX_SIZE).unwrap() - 8;
        incoming.take(&vec![0; rest].into()).await.unwrap();
        assert!(matches!(incoming.take(&Bytes::from_static(b"x")).await, Err(NotStored::TooLarge)));
        drop(incoming);
        assert_eq!((entries(folder.path(), "incoming"), entries(folder.path(), "documents")), (0, 0));
    }

    #[tokio::test]
    async fn a_short_file_may_bear_a_short_signature() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(keep(&files(folder.path()), &[b"\xff\xd8\xff"]).await.unwrap().file_type, FileType::Jpeg);
    }

    #[test]
    fn what_a_crash_left_behind_is_cleared_at_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        drop(files(folder.path()));
        fs::write(folder.path().join("incoming/unfinished"), b"%PDF").unwrap();
        drop(files(folder.path()));
        assert_eq!(entries(folder.path(), "incoming"), 0);
    }

    #[test]
    fn two_servers_never_share_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let _first = files(folder.path());
        assert!(matches!(Files::open(folder.path(), Arc::new(SystemRandom)), Err(NotOpened::InUse)));
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

    #[cfg(unix)]
    #[test]
    fn what_another_user_makes_in_the_data_folder_belongs_to_its_owner() {
        use std::os::unix::fs::{MetadataExt, chown};
        let folder = tempfile::tempdir().unwrap();
        // Where this user may not give folders away, owner and user are the same.
        let _ = chown(folder.path(), Some(65_532), Some(65_532));
        drop(hold_documents(folder.path()).unwrap());
        let owner = |path: &Path| fs::metadata(path).unwrap().uid();
        assert_eq!(owner(&folder.path().join(HELD)), owner(folder.path()));
    }

    #[test]
    fn nothing_that_leads_elsewhere_is_a_name() {
        for text in ["", "..", "../0123456789abcdef0123456789abc", "0123456789ABCDEF0123456789ABCDEF"] {
            assert_eq!(FileName::parse(text), None, "{text}");
        }
        assert!(FileName::parse("0123456789abcdef0123456789abcdef").is_some());
    }
}
