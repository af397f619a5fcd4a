//! Stores of bytes, by names that tell nothing: the folder, or a bucket.

use std::io;

use async_trait::async_trait;
use axum::body::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use jiff::Timestamp;

use super::name::FileName;

/// Bytes of a file that are being sent, a part at a time.
pub(crate) type Outgoing = UnsyncBoxBody<Bytes, io::Error>;

/// Keeps files. Each has a name of its own that is never used again, and never changes.
///
/// A failure is told by its kind: `StorageFull` where there is no room, `HostUnreachable` where the store is away, `ResourceBusy` where
/// it has too much to do. All of these may pass.
#[async_trait]
pub(crate) trait BlobStore: Send + Sync {
    /// Begins to take a file. There is none of that name until the [upload](BlobUpload) is finished.
    async fn begin(&self, name: &FileName) -> io::Result<Box<dyn BlobUpload>>;

    /// Opens a file to be sent.
    async fn read(&self, name: &FileName) -> io::Result<Outgoing>;

    /// Removes files. One that is not there is no failure.
    ///
    /// # Errors
    /// When a file cannot be removed. Those that can are gone.
    async fn remove(&self, names: &[FileName]) -> io::Result<()>;

    /// Lists files by their names, from the first after this one.
    async fn list(&self, after: Option<&FileName>) -> io::Result<Page>;

    /// Clears uploads that were begun before a time and never finished.
    async fn clear_unfinished(&self, before: Timestamp) -> io::Result<()>;
}

/// Upload of one file. Dropping it takes back what came.
#[async_trait]
pub(crate) trait BlobUpload: Send {
    /// Takes the next bytes.
    async fn take(&mut self, bytes: Bytes) -> io::Result<()>;

    /// Makes the file safe: when this answers, it is there whole and stays.
    async fn finish(self: Box<Self>) -> io::Result<()>;
}

/// Part of a list of files.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) files: Vec<Listed>,
    /// Name after which the list goes on, if it does.
    pub(crate) next: Option<FileName>,
}

/// File of a list.
#[derive(Debug)]
pub(crate) struct Listed {
    pub(crate) name: FileName,
    /// Bytes.
    pub(crate) size: u64,
    /// Time at which the file arrived, by the clock of the store.
    pub(crate) arrived_at: Timestamp,
}
