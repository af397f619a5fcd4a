//! Files that are copied whole or not at all, with their digests, and how far that has come.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use crate::files::private;

/// End of the name of a file that is not whole yet.
pub(super) const PART: &str = ".part";
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

/// Reads a file to its end.
pub(super) fn digest(path: &Path) -> io::Result<Digest> {
    pass(&mut File::open(path)?, &mut io::sink())
}

/// Copies a file. The copy bears its name once all of it is on the disk.
pub(super) fn copy(from: &Path, to: &Path) -> io::Result<Digest> {
    let mut source = File::open(from)?;
    place(to, |target| pass(&mut source, target))
}

/// Writes a file, which bears its name once all of it is on the disk.
pub(super) fn write(to: &Path, bytes: &[u8]) -> io::Result<()> {
    place(to, |target| target.write_all(bytes))
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

fn place<T>(to: &Path, fill: impl FnOnce(&mut File) -> io::Result<T>) -> io::Result<T> {
    let part = part(to);
    let mut target = private().create(true).truncate(true).open(&part)?;
    let filled = fill(&mut target)?;
    target.sync_all()?;
    fs::rename(part, to)?;
    to.parent().map_or(Ok(()), sync_folder)?;
    Ok(filled)
}

fn pass(from: &mut impl Read, to: &mut impl Write) -> io::Result<Digest> {
    let (mut chunk, mut hash, mut bytes) = (vec![0; CHUNK], Sha256::new(), 0);
    loop {
        let length = match from.read(&mut chunk) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        if length == 0 {
            return Ok(Digest { bytes, sha256: HEXLOWER.encode(&hash.finalize()) });
        }
        hash.update(&chunk[..length]);
        to.write_all(&chunk[..length])?;
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
