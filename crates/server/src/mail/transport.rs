//! Ways out: a relay (SMTP), or a folder that holds a file for each mail.

use std::path::{Path, PathBuf};

use habilitation_model::Id;
use lettre::Message;
use tokio::fs;
use tokio::io::AsyncWriteExt;

use super::relay::Relay;
use super::sending::Sending;

/// Way out.
pub(crate) enum Transport {
    /// Folder for files, where there is no relay.
    Folder(PathBuf),
    /// Relay.
    Relay(Relay),
}

impl Transport {
    /// Removes the file of a delivery, if there is one.
    pub(super) async fn forget(&self, delivery: &Id) {
        if let Self::Folder(folder) = self
            && let Err(error) = fs::remove_file(file(folder, delivery)).await
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(error = %error.kind(), "the file of a mail cannot be removed");
        }
    }

    pub(super) async fn send(&self, delivery: &Id, message: &Message) -> Sending {
        match self {
            Self::Folder(folder) => match write(folder, delivery, &message.formatted()).await {
                Ok(()) => Sending::Taken,
                Err(error) => {
                    tracing::error!(error = %error.kind(), "a mail cannot be written to its folder");
                    Sending::Closed(None)
                }
            },
            Self::Relay(relay) => relay.send(message).await,
        }
    }
}

fn file(folder: &Path, delivery: &Id) -> PathBuf {
    folder.join(format!("{delivery}.eml"))
}

/// Writes a mail to its file, which is there whole or not at all. A repetition takes the place of the file before.
async fn write(folder: &Path, delivery: &Id, bytes: &[u8]) -> std::io::Result<()> {
    let (incoming, path) = (folder.join(format!("{delivery}.part")), file(folder, delivery));
    let mut builder = fs::DirBuilder::new();
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        builder.mode(0o700);
        options.mode(0o600);
    }
    builder.recursive(true).create(folder).await?;
    let mut file = options.open(&incoming).await?;
    file.write_all(bytes).await?;
    file.sync_all().await?;
    drop(file);
    fs::rename(&incoming, &path).await?;
    fs::File::open(folder).await?.sync_all().await
}
