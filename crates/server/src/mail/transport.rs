//! Ways out: a relay (SMTP), or a folder that holds a file for each mail.

use std::path::{Path, PathBuf};
use std::time::Duration;

use habilitation_model::Id;
use lettre::transport::smtp::Error;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use tokio::fs;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

/// Longest time in which a connection to a relay is made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
/// Longest time in which a relay takes a mail, from the connection to its last answer.
const SENDING_TIMEOUT: Duration = Duration::from_secs(60);

/// Outcome of sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sending {
    /// The mail was taken.
    Taken,
    /// The mail is refused for good; the number is that of the relay's answer.
    Refused(Option<u16>),
    /// The mail was not taken this time.
    NotNow(Option<u16>),
}

/// Way out.
pub(crate) enum Transport {
    /// Folder for files, where there is no relay.
    Folder(PathBuf),
    /// Relay.
    Relay(AsyncSmtpTransport<Tokio1Executor>),
}

impl Transport {
    /// Returns the way to a relay, by its address.
    pub(super) fn relay(address: &str) -> Result<Self, Error> {
        let relay = AsyncSmtpTransport::<Tokio1Executor>::from_url(address)?;
        Ok(Self::Relay(relay.timeout(Some(CONNECT_TIMEOUT)).build()))
    }

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
                    Sending::NotNow(None)
                }
            },
            Self::Relay(relay) => {
                let bytes = message.formatted();
                // The transport itself limits nothing but the time of the connection.
                match timeout(SENDING_TIMEOUT, relay.send_raw(message.envelope(), &bytes)).await {
                    Ok(Ok(_)) => Sending::Taken,
                    Ok(Err(error)) => refusal(&error),
                    Err(_) => Sending::NotNow(None),
                }
            }
        }
    }
}

/// Returns the outcome that an error is. Its text may hold an address, so it goes no further.
fn refusal(error: &Error) -> Sending {
    let code = error.status().map(u16::from);
    // Whether we may send at all is no matter of the mail (RFC 4954, section 6).
    let is_ours = code.is_some_and(|code| (530..=538).contains(&code));
    if error.is_permanent() && !is_ours { Sending::Refused(code) } else { Sending::NotNow(code) }
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

#[cfg(test)]
mod tests {
    use habilitation_fixtures::id;
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_relay_that_never_answers_is_left_alone_after_a_minute() {
        // The system takes the connection; nobody greets.
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let transport = Transport::relay(&format!("smtp://{}", listener.local_addr().unwrap())).unwrap();
        let message = Message::builder()
            .from("a@x.example".parse().unwrap())
            .to("b@x.example".parse().unwrap())
            .body("Bonjour".to_owned())
            .unwrap();
        let sending = timeout(2 * SENDING_TIMEOUT, transport.send(&id(7), &message)).await;
        assert_eq!(sending, Ok(Sending::NotNow(None)));
    }
}
