//! Files in a bucket of an S3 store.
//!
//! A file of less than 5 MiB arrives by one call, which creates the object or fails; a larger one by an upload in parts, which
//! the store makes an object of when it is finished; its name was drawn for it alone. No more than a part is in memory. Each call bears a checksum, which the store verifies.
//!
//! An object bears the mark of the data folder to which all others belong. A bucket is adopted with the first upload; from then on
//! nothing is read, written or removed where the mark is missing or another: a second database never takes the documents of the first
//! for orphans, and no document goes to a bucket that is named by mistake.

mod place;
mod transport;
mod unfinished;

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use jiff::Timestamp;
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey, Checksum};
use object_store::client::ClientConfigKey;
use object_store::multipart::{MultipartStore, PartId};
use object_store::path::Path;
use object_store::{
    BackoffConfig, MultipartId, ObjectMeta, ObjectStore, ObjectStoreExt, PutMode, PutPayload, RetryConfig,
};
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};

pub use self::place::BucketPlace;
use self::transport::{Connector, Trouble, Way};
use super::blob_store::{BlobStore, BlobUpload, Listed, Outgoing, Page};
use super::bucket_mark::BucketMark;
use super::name::FileName;

/// Bytes of a part: the fewest that S3 takes, but for the last.
const PART: usize = 5 * 1024 * 1024;
/// Most uploads at a time: each has a part in memory.
const UPLOADS: usize = 64;
/// Files of one page of a list.
const PAGE: usize = 1_000;
/// Name of the object with the mark.
const MARK: &str = "mark";
/// Answers for which the whole of an operation waits, calls that are repeated included.
const PATIENCE: u32 = 3;

/// Settings of a bucket.
#[derive(Clone)]
pub(crate) struct BucketSettings {
    pub(crate) place: BucketPlace,
    /// Longest wait for an answer to begin, or to go on.
    pub(crate) timeout: Duration,
    /// Secret key, in place of `AWS_SECRET_ACCESS_KEY`.
    pub(crate) secret: Option<String>,
    /// Variables in place of those of the process.
    pub(crate) variables: Option<Vec<(String, String)>>,
}

/// Failure of an operation on a bucket.
pub(super) type Failure = object_store::Error;

/// Returns the failure of a call that `object_store` does not make.
fn malformed(error: impl Error + Send + Sync + 'static) -> Failure {
    Failure::Generic { store: "S3", source: Box::new(error) }
}

/// Owner of a bucket, by the mark in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Ours,
    Others,
    Nobodys,
}

/// Files in a bucket.
#[derive(Clone)]
pub(crate) struct Bucket {
    store: AmazonS3,
    way: Way,
    place: BucketPlace,
    mark: Arc<BucketMark>,
    /// Set once the mark was seen in the bucket.
    is_ours: Arc<OnceCell<()>>,
    creates: bool,
    patience: Duration,
    uploads: Arc<Semaphore>,
}

impl Bucket {
    /// Opens a bucket, for the data folder of a mark. No call is made: the bucket may be away.
    ///
    /// # Errors
    /// With a sentence, when the settings do not go together.
    pub(crate) fn open(settings: &BucketSettings, mark: BucketMark) -> Result<Self, String> {
        let connector = Connector::open(settings.timeout)
            .map_err(|error| format!("the certificates that this machine trusts cannot be read: {}", error.kind()))?;
        let mut builder = match &settings.variables {
            None => AmazonS3Builder::from_env(),
            Some(variables) => {
                let known = variables.iter().filter_map(|(name, value)| {
                    name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>().ok().map(|key| (key, value))
                });
                known.fold(AmazonS3Builder::new(), |builder, (key, value)| builder.with_config(key, value))
            }
        };
        if let Some(secret) = &settings.secret {
            builder = builder.with_secret_access_key(secret);
        }
        if builder.get_config_value(&AmazonS3ConfigKey::Checksum).is_none() {
            builder = builder.with_checksum_algorithm(Checksum::SHA256);
        }
        let value = |key| builder.get_config_value(&key).unwrap_or_default();
        let allows_http = transport::is_true(&value(AmazonS3ConfigKey::Client(ClientConfigKey::AllowHttp)));
        let creates = value(AmazonS3ConfigKey::ConditionalPut) != "disabled";
        let way = connector.way(allows_http);
        let retry = RetryConfig {
            backoff: BackoffConfig { init_backoff: Duration::from_millis(100), ..BackoffConfig::default() },
            max_retries: 2,
            retry_timeout: settings.timeout,
        };
        let store = builder
            .with_bucket_name(settings.place.name())
            .with_http_connector(connector)
            .with_retry(retry)
            .build()
            // Words of the library on missing keys, which name variables and no values.
            .map_err(|error| error.to_string())?;
        Ok(Self {
            store,
            way,
            place: settings.place.clone(),
            mark: Arc::new(mark),
            is_ours: Arc::default(),
            creates,
            patience: settings.timeout * PATIENCE,
            uploads: Arc::new(Semaphore::new(UPLOADS)),
        })
    }

    /// Returns the place of the bucket.
    pub(crate) fn place(&self) -> &BucketPlace {
        &self.place
    }

    fn path(&self, name: &str) -> Path {
        Path::from(self.place.key(name))
    }

    /// Does one operation, within the time for it.
    async fn within<T>(
        &self,
        operation: &'static str,
        doing: impl Future<Output = Result<T, Failure>>,
    ) -> io::Result<T> {
        let done = tokio::time::timeout(self.patience, doing).await;
        done.map_err(|_| failed(operation, io::ErrorKind::HostUnreachable, &Trouble::TooSlow))?
            .map_err(|failure| of(operation, &failure))
    }

    async fn put(&self, name: &str, payload: PutPayload) -> Result<(), Failure> {
        let mode = if self.creates { PutMode::Create } else { PutMode::Overwrite };
        self.store.put_opts(&self.path(name), payload, mode.into()).await.map(drop)
    }

    /// Returns the mark in the bucket, if there is one.
    async fn marked(&self) -> Result<Option<String>, Failure> {
        match self.store.get(&self.path(MARK)).await {
            Err(Failure::NotFound { .. }) => Ok(None),
            found => Ok(Some(String::from_utf8_lossy(&found?.bytes().await?).into_owned())),
        }
    }

    async fn whose(&self) -> io::Result<Whose> {
        Ok(match self.within("mark", self.marked()).await? {
            None => Whose::Nobodys,
            Some(marked) if marked == self.mark.as_str() => Whose::Ours,
            Some(_) => Whose::Others,
        })
    }

    /// Returns why a bucket is not used, in words after its place; none where it may be.
    fn refusal(&self, whose: Whose) -> Option<String> {
        match (whose, self.mark.adopted()) {
            (Whose::Ours, _) | (Whose::Nobodys, None) => None,
            (Whose::Others, _) => Some("it belongs to another data folder".to_owned()),
            (Whose::Nobodys, Some(place)) => {
                Some(format!("it does not bear the mark of this data folder, whose documents are in {place}"))
            }
        }
    }

    /// Verifies that the objects belong to this data folder. The first bucket, if nobody has it, is adopted.
    async fn verify_mark(&self) -> io::Result<()> {
        let verify = async || {
            let mut whose = self.whose().await?;
            if whose == Whose::Nobodys && self.mark.adopted().is_none() {
                whose = match self.put(MARK, self.mark.as_str().to_owned().into()).await {
                    // Somebody else did meanwhile.
                    Err(Failure::AlreadyExists { .. }) => self.whose().await?,
                    done => done.map(|()| Whose::Ours).map_err(|failure| of("mark", &failure))?,
                };
            }
            if whose != Whose::Ours {
                let reason = self.refusal(whose).unwrap_or_default();
                tracing::error!(place = %self.place, "nothing is read, written or removed in the bucket: {reason}");
                return Err(io::Error::new(io::ErrorKind::HostUnreachable, reason));
            }
            // Before any document is kept there.
            let (mark, place) = (Arc::clone(&self.mark), self.place.to_string());
            tokio::task::spawn_blocking(move || mark.adopt(&place)).await.map_err(io::Error::other)?
        };
        // One asks for all; whoever waits for that does so no longer than for one operation.
        let asking = self.is_ours.get_or_try_init(verify);
        match tokio::time::timeout(self.patience, asking).await {
            Ok(verified) => verified.copied(),
            Err(_) => Err(failed("mark", io::ErrorKind::HostUnreachable, &Trouble::TooSlow)),
        }
    }

    /// Returns whether anything was ever kept in a bucket, and verifies that this is the one.
    async fn is_adopted(&self) -> io::Result<bool> {
        match self.mark.adopted() {
            None => Ok(false),
            Some(_) => self.verify_mark().await.map(|()| true),
        }
    }

    /// Marks a bucket that holds nothing of others, for a restore into it.
    ///
    /// # Errors
    /// With a sentence.
    pub(crate) async fn take_over(&self) -> Result<(), String> {
        let place = &self.place;
        let wrong = |error: io::Error| format!("--bucket {place}: {error}");
        match self.whose().await.map_err(wrong)? {
            Whose::Others => Err(format!("--bucket {place}: it belongs to another data folder; name another prefix")),
            Whose::Nobodys if !self.list(None).await.map_err(wrong)?.files.is_empty() => {
                Err(format!("--bucket {place}: it is not empty; name another prefix"))
            }
            Whose::Ours | Whose::Nobodys => self.verify_mark().await.map_err(wrong),
        }
    }

    /// Verifies that documents of this data folder are here, if there are any.
    ///
    /// # Errors
    /// With a sentence, when the bucket is another one, or was emptied.
    pub(crate) async fn verify_ours(&self, has_documents: bool) -> Result<(), String> {
        let place = &self.place;
        let whose = self.whose().await.map_err(|error| format!("--bucket {place}: {error}"))?;
        match self.refusal(whose) {
            Some(reason) => Err(format!("--bucket {place}: {reason}")),
            None if has_documents && whose == Whose::Nobodys => {
                Err(format!("--bucket {place}: it bears no mark, so no document of this data folder is there"))
            }
            None => Ok(()),
        }
    }

    /// Writes, reads and removes an object, and looks whose the bucket is.
    ///
    /// # Errors
    /// With a sentence.
    pub(crate) async fn check(&self, probe: &FileName) -> Result<String, String> {
        self.verify_ours(false).await?;
        let place = &self.place;
        let wrong = |error: io::Error| format!("--bucket {place}: {error}");
        let written = Bytes::from_static(b"check");
        self.within("write", self.put(probe.as_str(), written.clone().into())).await.map_err(wrong)?;
        let read = async { self.store.get(&self.path(probe.as_str())).await?.bytes().await };
        let read = self.within("read", read).await;
        let removed = self.delete(std::slice::from_ref(probe)).await;
        if read.map_err(wrong)? != written {
            return Err(format!("--bucket {place}: an object reads back otherwise"));
        }
        removed.map_err(wrong)?;
        Ok(format!("{place} can be written and read"))
    }

    async fn delete(&self, names: &[FileName]) -> io::Result<()> {
        let mut removed = Ok(());
        for names in names.chunks(PAGE) {
            let paths: Vec<_> = names.iter().map(|name| Ok(self.path(name.as_str()))).collect();
            let each = async { Ok(self.store.delete_stream(stream::iter(paths).boxed()).collect::<Vec<_>>().await) };
            for gone in self.within("remove", each).await? {
                match gone {
                    Ok(_) | Err(Failure::NotFound { .. }) => {}
                    Err(failure) => removed = Err(of("remove", &failure)),
                }
            }
        }
        removed
    }
}

#[async_trait]
impl BlobStore for Bucket {
    async fn begin(&self, name: &FileName) -> io::Result<Box<dyn BlobUpload>> {
        let room = Arc::clone(&self.uploads).try_acquire_owned().map_err(|_| io::ErrorKind::ResourceBusy)?;
        self.verify_mark().await?;
        let path = self.path(name.as_str());
        Ok(Box::new(Upload {
            bucket: self.clone(),
            name: name.clone(),
            path,
            waiting: Vec::new(),
            length: 0,
            in_parts: None,
            _room: room,
        }))
    }

    async fn read(&self, name: &FileName) -> io::Result<Outgoing> {
        self.is_adopted().await?;
        let found = self.within("read", self.store.get(&self.path(name.as_str()))).await?;
        let parts = found.into_stream().map_ok(Frame::data).map_err(|failure| of("read", &failure));
        Ok(StreamBody::new(parts).boxed_unsync())
    }

    async fn remove(&self, names: &[FileName]) -> io::Result<()> {
        if self.is_adopted().await? { self.delete(names).await } else { Ok(()) }
    }

    async fn list(&self, after: Option<&FileName>) -> io::Result<Page> {
        let prefix = self.place.prefix().map(Path::from);
        let mut objects = match after {
            None => self.store.list(prefix.as_ref()),
            Some(after) => self.store.list_with_offset(prefix.as_ref(), &self.path(after.as_str())),
        };
        let mut page = Page::default();
        while let Some(object) = self.within("list", objects.try_next()).await? {
            page.files.extend(self.listed(&object));
            if page.files.len() == PAGE {
                page.next = page.files.last().map(|file| file.name.clone());
                break;
            }
        }
        Ok(page)
    }

    async fn clear_unfinished(&self, before: Timestamp) -> io::Result<()> {
        if !self.is_adopted().await? {
            return Ok(());
        }
        let uploads = self.within("list", unfinished::list(&self.store, &self.way, &self.place)).await?;
        for upload in uploads.iter().filter(|upload| upload.is_older_than(before)) {
            // Uploads of others are theirs.
            if self.place.name_of(&upload.key).and_then(FileName::parse).is_some() {
                let path = Path::from(upload.key.as_str());
                self.within("remove", self.store.abort_multipart(&path, &upload.upload_id)).await?;
            }
        }
        Ok(())
    }
}

impl Bucket {
    /// Returns an object as a file, if it is one.
    fn listed(&self, object: &ObjectMeta) -> Option<Listed> {
        let name = FileName::parse(self.place.name_of(object.location.as_ref())?)?;
        let arrived_at = Timestamp::from_millisecond(object.last_modified.timestamp_millis()).ok()?;
        Some(Listed { name, size: object.size, arrived_at })
    }
}

/// File on its way to the bucket.
struct Upload {
    bucket: Bucket,
    name: FileName,
    path: Path,
    /// Bytes that are not sent yet, fewer than a part.
    waiting: Vec<Bytes>,
    length: usize,
    in_parts: Option<InParts>,
    _room: OwnedSemaphorePermit,
}

/// Upload in parts, as far as it came.
struct InParts {
    id: MultipartId,
    sent: Vec<PartId>,
}

impl Upload {
    /// Sends the bytes that wait as the next part.
    async fn send_part(&mut self) -> io::Result<()> {
        let Self { bucket, path, waiting, length, in_parts, .. } = self;
        let InParts { id, sent } = match in_parts {
            Some(in_parts) => in_parts,
            none => {
                let id = bucket.within("write", bucket.store.create_multipart(path)).await?;
                none.insert(InParts { id, sent: Vec::new() })
            }
        };
        let part = PutPayload::from_iter(waiting.drain(..));
        *length = 0;
        sent.push(bucket.within("write", bucket.store.put_part(path, id, sent.len(), part)).await?);
        Ok(())
    }
}

#[async_trait]
impl BlobUpload for Upload {
    async fn take(&mut self, mut bytes: Bytes) -> io::Result<()> {
        while self.length + bytes.len() >= PART {
            let rest = bytes.split_off(PART - self.length);
            self.waiting.push(bytes);
            self.send_part().await?;
            bytes = rest;
        }
        if !bytes.is_empty() {
            self.length += bytes.len();
            self.waiting.push(bytes);
        }
        Ok(())
    }

    async fn finish(mut self: Box<Self>) -> io::Result<()> {
        if self.in_parts.is_none() {
            let whole = PutPayload::from_iter(self.waiting.drain(..));
            return self.bucket.within("write", self.bucket.put(self.name.as_str(), whole)).await;
        }
        if self.length > 0 {
            self.send_part().await?;
        }
        let Some(InParts { id, sent }) = &self.in_parts else { return Ok(()) };
        let finish = self.bucket.store.complete_multipart(&self.path, id, sent.clone());
        self.bucket.within("write", finish).await?;
        self.in_parts = None;
        Ok(())
    }
}

impl Drop for Upload {
    /// Aborts an upload that was cut, so that its parts take no room. What stays is cleared by a purge.
    fn drop(&mut self) {
        let Some(InParts { id, .. }) = self.in_parts.take() else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (bucket, path) = (self.bucket.clone(), self.path.clone());
        runtime.spawn(async move { bucket.within("abort", bucket.store.abort_multipart(&path, &id)).await });
    }
}

/// Tells a failure by its kind. The library's words may hold addresses, and those of a store keys: they are not repeated.
fn of(operation: &'static str, failure: &Failure) -> io::Error {
    if matches!(failure, Failure::NotFound { .. }) {
        // The bucket, where a write meets this.
        let kind = if operation == "read" { io::ErrorKind::NotFound } else { io::ErrorKind::HostUnreachable };
        return failed(operation, kind, &"there is no such object or bucket");
    }
    let mut cause: Option<&(dyn Error + 'static)> = Some(failure);
    while let Some(error) = cause {
        match error.downcast_ref::<Trouble>() {
            // Whoever reads needs no room.
            Some(Trouble::Full) if operation != "read" => {
                return failed(operation, io::ErrorKind::StorageFull, &Trouble::Full);
            }
            Some(trouble) => return failed(operation, io::ErrorKind::HostUnreachable, trouble),
            None => cause = error.source(),
        }
    }
    let reason = match failure {
        Failure::AlreadyExists { .. } | Failure::Precondition { .. } => "an object of that name is there",
        Failure::PermissionDenied { .. } | Failure::Unauthenticated { .. } => "its keys are refused",
        _ => "it fails",
    };
    failed(operation, io::ErrorKind::HostUnreachable, &reason)
}

fn failed(operation: &'static str, kind: io::ErrorKind, reason: &dyn std::fmt::Display) -> io::Error {
    tracing::warn!(operation, %reason, "the bucket does not do what is asked");
    io::Error::new(kind, format!("the bucket: {reason}"))
}

#[cfg(test)]
mod tests;
