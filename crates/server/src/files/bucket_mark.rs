//! Bucket of a data folder: the mark by which the folder knows its objects, and the place where it adopted one.
//!
//! A bucket is adopted before the first document is kept in it. From then on documents are there or nowhere: a bucket without the mark
//! is another one, or an emptied one.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::data_folder::private;
use super::name::FileName;
use crate::random::Random;

/// File with the mark, and on a second line the place of the bucket once one is adopted.
const BUCKET_MARK: &str = "bucket-mark";

/// Mark of a data folder.
#[derive(Debug)]
pub(crate) struct BucketMark {
    mark: FileName,
    /// Place of the bucket that was adopted.
    adopted: OnceLock<String>,
    /// Folder in which it is remembered; none for whoever only looks.
    data: Option<PathBuf>,
}

impl BucketMark {
    /// Returns the mark of a data folder. It is drawn once.
    pub(crate) fn of(data: &Path, random: &dyn Random) -> io::Result<Self> {
        if let Some(known) = Self::known(data)? {
            return Ok(known);
        }
        let mark = FileName::draw(random).map_err(io::Error::other)?;
        write(data, mark.as_str())?;
        Ok(Self { mark, adopted: OnceLock::new(), data: Some(data.to_owned()) })
    }

    /// Returns the mark of a data folder, if it has one.
    pub(crate) fn known(data: &Path) -> io::Result<Option<Self>> {
        let text = match fs::read_to_string(data.join(BUCKET_MARK)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            text => text?,
        };
        let mut lines = text.lines().map(str::trim);
        let Some(mark) = lines.next().and_then(FileName::parse) else {
            return Err(io::Error::other(format!("{BUCKET_MARK} holds no mark")));
        };
        let adopted = lines.next().map(|place| OnceLock::from(place.to_owned())).unwrap_or_default();
        Ok(Some(Self { mark, adopted, data: Some(data.to_owned()) }))
    }

    /// Returns a mark that no folder remembers.
    pub(crate) fn passing(mark: FileName) -> Self {
        Self { mark, adopted: OnceLock::new(), data: None }
    }

    /// Returns the mark as it stands in the bucket.
    pub(super) fn as_str(&self) -> &str {
        self.mark.as_str()
    }

    /// Returns the place of the bucket that was adopted.
    pub(super) fn adopted(&self) -> Option<&str> {
        self.adopted.get().map(String::as_str)
    }

    /// Remembers that a bucket was adopted.
    pub(super) fn adopt(&self, place: &str) -> io::Result<()> {
        if self.adopted().is_none() {
            if let Some(data) = &self.data {
                write(data, &format!("{}\n{place}\n", self.mark))?;
            }
            let _ = self.adopted.set(place.to_owned());
        }
        Ok(())
    }
}

/// Writes the file. It is under its name once it is whole.
fn write(data: &Path, text: &str) -> io::Result<()> {
    let part = data.join(format!("{BUCKET_MARK}.part"));
    let mut file = private().create(true).truncate(true).open(&part)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(part, data.join(BUCKET_MARK))?;
    File::open(data)?.sync_all()
}

/// Returns whether documents of a data folder are in a bucket.
pub(super) fn has_adopted(data: &Path) -> io::Result<bool> {
    Ok(BucketMark::known(data)?.is_some_and(|known| known.adopted().is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    #[test]
    fn the_mark_of_a_data_folder_is_drawn_once_and_what_it_adopted_is_remembered() {
        let folder = tempfile::tempdir().unwrap();
        assert!(BucketMark::known(folder.path()).unwrap().is_none());
        let drawn = BucketMark::of(folder.path(), &SystemRandom).unwrap();
        assert!(drawn.adopted().is_none() && !has_adopted(folder.path()).unwrap());
        drawn.adopt("s3://documents/prod").unwrap();
        let known = BucketMark::of(folder.path(), &SystemRandom).unwrap();
        assert_eq!((known.as_str(), known.adopted()), (drawn.as_str(), Some("s3://documents/prod")));
        fs::write(folder.path().join(BUCKET_MARK), "").unwrap();
        assert!(BucketMark::of(folder.path(), &SystemRandom).is_err());
    }
}
