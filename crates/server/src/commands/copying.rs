//! Files that are copied whole or not at all, with their digests, and how far that has come.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::files::private;

/// End of the name of a file that is not whole yet.
pub(super) const PART: &str = ".part";
/// Folder that a file system may have at its root.
pub(super) const LOST_AND_FOUND: &str = "lost+found";
/// Ends of the names of files that SQLite keeps beside a database.
pub(super) const JOURNALS: [&str; 3] = ["-journal", "-wal", "-shm"];
/// Bytes that are copied at a time.
const CHUNK: usize = 256 * 1024;
/// Time between two lines of progress.
const EVERY: Duration = Duration::from_secs(1);

/// Length and SHA-256 of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Digest {
    pub(super) bytes: u64,
    /// Hexadecimal digits.
    pub(super) sha256: String,
}

/// A file that was not copied, with the end at which that failed.
#[derive(Debug, Error)]
pub(super) enum NotCopied {
    /// The source cannot be read.
    #[error("{path}: {1}", path = .0.display())]
    From(PathBuf, io::Error),
    /// The copy cannot be written.
    #[error("{path}: {1}", path = .0.display())]
    To(PathBuf, io::Error),
}

/// End at which bytes did not pass.
#[derive(Debug)]
enum Side {
    Read(io::Error),
    Write(io::Error),
}

/// Reads a file to its end.
pub(super) fn digest(path: &Path) -> io::Result<Digest> {
    digest_of(&mut File::open(path)?)
}

/// Reads to the end.
pub(super) fn digest_of(source: &mut impl Read) -> io::Result<Digest> {
    pass(source, &mut io::sink()).map_err(|(Side::Read(error) | Side::Write(error))| error)
}

/// Copies a file. The copy bears its name once all of it is on the disk.
pub(super) fn copy(from: &Path, to: &Path) -> Result<Digest, NotCopied> {
    let mut source = File::open(from).map_err(|error| NotCopied::From(from.to_owned(), error))?;
    copy_from(&mut source, from, to)
}

/// Copies the bytes of a place as they are read. The copy bears its name once all of it is on the disk.
pub(super) fn copy_from(source: &mut impl Read, from: &Path, to: &Path) -> Result<Digest, NotCopied> {
    let of_source = |error| NotCopied::From(from.to_owned(), error);
    place(to, |target| pass(source, target)).map_err(|side| match side {
        Side::Read(error) => of_source(error),
        Side::Write(error) => NotCopied::To(to.to_owned(), error),
    })
}

/// Writes a file, which bears its name once all of it is on the disk.
pub(super) fn write(to: &Path, bytes: &[u8]) -> io::Result<()> {
    place(to, |target| target.write_all(bytes).map_err(Side::Write))
        .map_err(|(Side::Read(error) | Side::Write(error))| error)
}

/// Removes a file, if there is one.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Removes the journals of a database that is no more. SQLite would take them for those of the one that comes.
pub(super) fn remove_journals(database: &Path) -> io::Result<()> {
    for end in JOURNALS {
        let mut path = database.as_os_str().to_owned();
        path.push(end);
        remove(Path::new(&path))?;
    }
    Ok(())
}

/// Makes the list of a folder safe on the disk.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Returns the name of a file while it is not whole.
pub(super) fn part(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(PART);
    path.with_file_name(name)
}

fn place<T>(to: &Path, fill: impl FnOnce(&mut File) -> Result<T, Side>) -> Result<T, Side> {
    let part = part(to);
    let mut target = private().create(true).truncate(true).open(&part).map_err(Side::Write)?;
    let filled = fill(&mut target)?;
    let name = || {
        target.sync_all()?;
        fs::rename(part, to)?;
        to.parent().map_or(Ok(()), sync_folder)
    };
    name().map_err(Side::Write)?;
    Ok(filled)
}

fn pass(from: &mut impl Read, to: &mut impl Write) -> Result<Digest, Side> {
    let (mut chunk, mut hash, mut bytes) = (vec![0; CHUNK], Sha256::new(), 0);
    loop {
        let length = match from.read(&mut chunk) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read.map_err(Side::Read)?,
        };
        if length == 0 {
            return Ok(Digest { bytes, sha256: HEXLOWER.encode(&hash.finalize()) });
        }
        hash.update(&chunk[..length]);
        to.write_all(&chunk[..length]).map_err(Side::Write)?;
        bytes += u64::try_from(length).unwrap_or_default();
    }
}

/// Counts of what is done, told on the standard error once a second and at the end.
pub(super) struct Progress {
    what: &'static str,
    files: (usize, usize),
    bytes: (u64, u64),
    told: Instant,
}

impl Progress {
    /// Begins to count files, of which there are so many, with so many bytes.
    pub(super) fn of(what: &'static str, files: usize, bytes: u64) -> Self {
        Self { what, files: (0, files), bytes: (0, bytes), told: Instant::now() }
    }

    /// Counts one file.
    pub(super) fn count(&mut self, bytes: u64) {
        self.files.0 += 1;
        self.bytes.0 += bytes;
        if self.told.elapsed() >= EVERY || self.files.0 == self.files.1 {
            self.told = Instant::now();
            let ((files, all_files), (bytes, all_bytes)) = (self.files, self.bytes);
            eprintln!("{}: {files} of {all_files} files, {bytes} of {all_bytes} bytes", self.what);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// End of a copy that takes nothing, as a full disk.
    struct Full;

    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_copy_that_fails_is_blamed_on_the_end_that_failed() {
        let folder = tempfile::tempdir().unwrap();
        let (there, missing) = (folder.path().join("there"), folder.path().join("missing/file"));
        fs::write(&there, "bytes").unwrap();
        assert!(matches!(copy(&there, &missing), Err(NotCopied::To(path, _)) if path == missing));
        assert!(matches!(copy(&missing, &there), Err(NotCopied::From(path, _)) if path == missing));
        assert!(matches!(pass(&mut &b"bytes"[..], &mut Full), Err(Side::Write(_))));
        assert_eq!(fs::read(&there).unwrap(), b"bytes");
    }
}
