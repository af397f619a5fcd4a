//! Files in a folder of the disk.
//!
//! A file is written under `incoming/`, flushed, and moved to `documents/`, whose entry is flushed too, before anyone
//! is told that it arrived.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll};

use async_trait::async_trait;
use axum::body::Bytes;
use http_body::Frame;
use http_body_util::BodyExt;
use jiff::Timestamp;
use tokio::io::{AsyncRead, AsyncWriteExt, ReadBuf};

use super::blob_store::{BlobStore, BlobUpload, Listed, Outgoing, Page};
use super::data_folder::{DOCUMENTS, make_private, private};
use super::name::FileName;

/// Folder of documents that are on their way.
const INCOMING: &str = "incoming";
/// Bytes of a document that are sent at a time.
const PART: usize = 64 * 1024;

/// Files in a data folder, which is locked.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    incoming: PathBuf,
    documents: PathBuf,
}

impl Folder {
    /// Makes the folders that are missing, and clears what a crash left behind.
    pub(super) fn open(data: &Path) -> io::Result<Self> {
        let (incoming, documents) = (data.join(INCOMING), data.join(DOCUMENTS));
        for folder in [&incoming, &documents] {
            make_private(folder)?;
        }
        for entry in fs::read_dir(&incoming)? {
            fs::remove_file(entry?.path())?;
        }
        File::open(data)?.sync_all()?;
        Ok(Self { incoming, documents })
    }

    fn list_all(&self) -> io::Result<Vec<Listed>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.documents)? {
            let entry = entry?;
            let Some(name) = entry.file_name().to_str().and_then(FileName::parse) else { continue };
            let found = entry.metadata()?;
            let arrived_at = Timestamp::try_from(found.modified()?).unwrap_or(Timestamp::MIN);
            files.push(Listed { name, size: found.len(), arrived_at });
        }
        Ok(files)
    }
}

#[async_trait]
impl BlobStore for Folder {
    async fn begin(&self, name: &FileName) -> io::Result<Box<dyn BlobUpload>> {
        let (path, to) = (self.incoming.join(name.as_str()), self.documents.join(name.as_str()));
        if tokio::fs::try_exists(&to).await? {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let file = tokio::fs::OpenOptions::from(private().create_new(true).clone()).open(&path).await?;
        Ok(Box::new(Upload { file, place: Unfinished { path: Some(path) }, to }))
    }

    async fn read(&self, name: &FileName) -> io::Result<Outgoing> {
        let file = tokio::fs::File::open(self.documents.join(name.as_str())).await?;
        Ok(Parts { file, part: vec![0; PART].into_boxed_slice() }.boxed_unsync())
    }

    async fn remove(&self, names: &[FileName]) -> io::Result<()> {
        let mut removed = Ok(());
        for name in names {
            match tokio::fs::remove_file(self.documents.join(name.as_str())).await {
                Err(error) if error.kind() != io::ErrorKind::NotFound => removed = Err(error),
                _ => {}
            }
        }
        removed
    }

    async fn list(&self, after: Option<&FileName>) -> io::Result<Page> {
        let folder = self.clone();
        let mut files = tokio::task::spawn_blocking(move || folder.list_all()).await.map_err(io::Error::other)??;
        files.retain(|file| after.is_none_or(|after| file.name > *after));
        files.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(Page { files, next: None })
    }

    /// Does nothing: what a crash left behind is cleared at the next start.
    async fn clear_unfinished(&self, _: Timestamp) -> io::Result<()> {
        Ok(())
    }
}

/// File that is being received.
struct Upload {
    file: tokio::fs::File,
    place: Unfinished,
    to: PathBuf,
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

#[async_trait]
impl BlobUpload for Upload {
    async fn take(&mut self, bytes: Bytes) -> io::Result<()> {
        self.file.write_all(&bytes).await
    }

    /// Makes the file safe: when this answers, the bytes and the entry of the folder are on disk.
    async fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        let Some(from) = self.place.path.clone() else { return Err(io::ErrorKind::NotFound.into()) };
        let to = self.to.clone();
        let moved = tokio::task::spawn_blocking(move || {
            fs::rename(from, &to)?;
            to.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
        });
        moved.await.map_err(io::Error::other)??;
        self.place.path = None;
        Ok(())
    }
}

/// A file that is being sent.
struct Parts {
    file: tokio::fs::File,
    part: Box<[u8]>,
}

impl http_body::Body for Parts {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::contract::Bench;

    /// Opens the store of a folder of its own.
    async fn opened() -> Bench {
        let data = tempfile::tempdir().unwrap();
        let folder = Folder::open(data.path()).unwrap();
        Bench::new(folder, data)
    }

    crate::files::contract::obeyed_by!(opened);

    #[test]
    fn what_a_crash_left_behind_is_cleared_at_the_next_start() {
        let data = tempfile::tempdir().unwrap();
        Folder::open(data.path()).unwrap();
        let left = data.path().join("incoming/unfinished");
        fs::write(&left, b"%PDF").unwrap();
        Folder::open(data.path()).unwrap();
        assert!(!left.exists());
    }

    #[tokio::test]
    async fn nothing_of_a_file_that_does_not_come_whole_is_left_on_the_disk() {
        let data = tempfile::tempdir().unwrap();
        let folder = Folder::open(data.path()).unwrap();
        let name = FileName::parse("0123456789abcdef0123456789abcdef").unwrap();
        let mut upload = folder.begin(&name).await.unwrap();
        upload.take(Bytes::from_static(b"%PDF")).await.unwrap();
        assert!(data.path().join("incoming").join(name.as_str()).exists());
        drop(upload);
        assert_eq!(fs::read_dir(data.path().join("incoming")).unwrap().count(), 0);
    }
}
