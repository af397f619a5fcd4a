//! Folder of mails: a file for each, where there is no relay. Files of before stay there when a relay comes.

use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::time::SystemTime;

use habilitation_model::Id;
use tokio::fs;
use tokio::io::AsyncWriteExt;

/// End of the name of a file that holds a mail.
const WHOLE: &str = ".eml";
/// End of the name of a file that is being written.
const PART: &str = ".part";

/// Folder of mails.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn at(path: PathBuf) -> Self {
        Self(path)
    }

    fn file(&self, delivery: &Id, end: &str) -> PathBuf {
        self.0.join(format!("{delivery}{end}"))
    }

    /// Writes a mail to its file, which is there whole or not at all. A repetition takes the place of the file before.
    pub(super) async fn write(&self, delivery: &Id, bytes: &[u8]) -> io::Result<()> {
        let (incoming, path) = (self.file(delivery, PART), self.file(delivery, WHOLE));
        let mut builder = fs::DirBuilder::new();
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        {
            builder.mode(0o700);
            options.mode(0o600);
        }
        builder.recursive(true).create(&self.0).await?;
        let mut file = options.open(&incoming).await?;
        file.write_all(bytes).await?;
        file.sync_all().await?;
        drop(file);
        fs::rename(&incoming, &path).await?;
        fs::File::open(&self.0).await?.sync_all().await
    }

    /// Removes files that were not finished before a time, and returns the deliveries whose mails are there whole.
    pub(super) async fn tidy(&self, before: SystemTime) -> io::Result<Vec<Id>> {
        let mut whole = Vec::new();
        let mut entries = match fs::read_dir(&self.0).await {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(whole),
            entries => entries?,
        };
        while let Some(entry) = entries.next_entry().await? {
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            if let Some(delivery) = name.strip_suffix(WHOLE) {
                whole.extend(Id::parse(delivery).ok());
            } else if name.ends_with(PART) {
                // One that is finished meanwhile has no such name any more.
                let written_at = entry.metadata().await.and_then(|metadata| metadata.modified());
                if written_at.is_ok_and(|at| at < before) {
                    removed(fs::remove_file(entry.path()).await)?;
                }
            }
        }
        Ok(whole)
    }

    /// Removes the file of a delivery, if there is one.
    pub(super) async fn remove(&self, delivery: &Id) -> io::Result<()> {
        removed(fs::remove_file(self.file(delivery, WHOLE)).await)
    }
}

/// Passes over that a file to remove was not there.
fn removed(outcome: io::Result<()>) -> io::Result<()> {
    outcome.or_else(|error| if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(error) })
}
