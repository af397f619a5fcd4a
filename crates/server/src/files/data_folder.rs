//! The data folder: who may change it, and who may read what is made there.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use thiserror::Error;

/// Folder of documents in the data folder, where they are not in a bucket.
pub(crate) const DOCUMENTS: &str = "documents";
/// Folder of mails in the data folder, where there is no relay.
pub(crate) const MAILS: &str = "mail";
/// File that is locked by the one process that may change the data folder.
pub(crate) const LOCK: &str = "lock";
/// Mark of a data folder that is being restored from a backup.
pub(crate) const RESTORING: &str = "restoring";
/// File that is locked by whoever needs all documents to stay.
pub(super) const HELD: &str = "held";
/// Longest wait until documents are held.
const HOLD_TIMEOUT: Duration = Duration::from_secs(10);

/// The data folder cannot be used.
#[derive(Debug, Error)]
pub(crate) enum NotOpened {
    /// Another server uses it.
    #[error("another server is using it")]
    InUse,
    /// A restore was cut.
    #[error("a restore into it was not finished; run it again")]
    HalfRestored,
    /// Documents are in the folder, and a bucket is set.
    #[error("its documents are in the folder, not in a bucket: a backup and a restore with --bucket move them")]
    InFolder,
    /// Documents are in a bucket, and none is set.
    #[error("its documents are in a bucket: --bucket is missing")]
    InBucket,
    /// The bucket's settings do not go together.
    #[error("--bucket: {0}")]
    Bucket(String),
    /// The folder cannot be made, read or written.
    #[error("{0}")]
    Failure(#[from] io::Error),
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
