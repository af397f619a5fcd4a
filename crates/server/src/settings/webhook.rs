//! Settings of notices to a partner, and of mails that come back.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use axum::http::Uri;
use clap::Args;
use data_encoding::BASE64;
use thiserror::Error;

use super::secrets::{self, Concealed};
use super::values::{email, is_protected};

/// Bytes that a secret of Standard Webhooks has.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// Least characters of the secret with which mails that came back are told.
const BOUNCE_SECRET_MIN: usize = 24;

/// Notices to a partner, and mails that come back.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Notices to a partner, mails that come back")]
pub struct WebhookSettings {
    /// Address to which notices of habilitations go, by Standard Webhooks [default: none go anywhere]. It may hold a secret: no error
    /// repeats it.
    #[arg(long, env = "HABILITATION_WEBHOOK_URL", value_name = "URL", value_parser = Concealed::<WebhookUrl>::new(), hide_env_values = true)]
    pub webhook_url: Option<WebhookUrl>,

    /// Secret with which notices are signed, such as `whsec_…`. While one replaces another, both are given, separated by a comma
    /// in the variable.
    #[arg(
        long,
        env = "HABILITATION_WEBHOOK_SECRET",
        value_name = "SECRET",
        value_delimiter = ',',
        value_parser = Concealed::<WebhookSecret>::new(),
        hide_env_values = true
    )]
    pub webhook_secret: Vec<WebhookSecret>,

    /// File with that secret, or with two, a line each, in place of `--webhook-secret`.
    #[arg(long, env = "HABILITATION_WEBHOOK_SECRET_FILE", value_name = "FILE", conflicts_with = "webhook_secret")]
    pub webhook_secret_file: Option<PathBuf>,

    /// E-mail of the operator, who is told of notices not taken, and of drafts to decide on [default: the log tells it].
    #[arg(long, env = "HABILITATION_OPERATOR_EMAIL", value_name = "E-MAIL", value_parser = email)]
    pub operator_email: Option<String>,

    /// Secret with which the mail server tells of mails that came back [default: nobody does].
    #[arg(long, env = "HABILITATION_BOUNCE_SECRET", value_name = "SECRET", value_parser = Concealed::<BounceSecret>::new(), hide_env_values = true)]
    pub bounce_secret: Option<BounceSecret>,

    /// File with that secret, in place of `--bounce-secret`.
    #[arg(long, env = "HABILITATION_BOUNCE_SECRET_FILE", value_name = "FILE", conflicts_with = "bounce_secret")]
    pub bounce_secret_file: Option<PathBuf>,
}

/// Settings of notices that do not go together, or a secret that cannot be read.
#[derive(Debug, Error)]
pub enum WrongWebhookSettings {
    /// Notices could not be signed.
    #[error("--webhook-url needs --webhook-secret or --webhook-secret-file: notices are signed")]
    NoSecret,
    /// A secret cannot be read.
    #[error("{option} {path}: {reason}", path = path.display())]
    Secret {
        /// The flag that names the file.
        option: &'static str,
        /// The file.
        path: PathBuf,
        /// Description of what is wrong.
        reason: String,
    },
}

impl WebhookSettings {
    /// Returns the secrets with which notices are signed, and at least one if there are notices.
    ///
    /// # Errors
    /// When there is none, or the file cannot be read.
    pub(crate) fn secrets(&self) -> Result<Vec<WebhookSecret>, WrongWebhookSettings> {
        let secrets = match &self.webhook_secret_file {
            None => self.webhook_secret.clone(),
            Some(path) => secrets::lines(path)
                .and_then(|lines| lines.iter().map(|line| Ok(line.parse()?)).collect())
                .map_err(|reason| wrong("--webhook-secret-file", path, reason))?,
        };
        if self.webhook_url.is_some() && secrets.is_empty() { Err(WrongWebhookSettings::NoSecret) } else { Ok(secrets) }
    }

    /// Returns the secret with which the mail server tells of mails that came back, if it does.
    ///
    /// # Errors
    /// When its file cannot be read.
    pub(crate) fn bounces(&self) -> Result<Option<BounceSecret>, WrongWebhookSettings> {
        let Some(path) = &self.bounce_secret_file else { return Ok(self.bounce_secret.clone()) };
        let secret = secrets::line(path).and_then(|line| Ok(line.parse()?));
        secret.map(Some).map_err(|reason| wrong("--bounce-secret-file", path, reason))
    }
}

fn wrong(option: &'static str, path: &Path, reason: String) -> WrongWebhookSettings {
    WrongWebhookSettings::Secret { option, path: path.to_owned(), reason }
}

/// Address to which notices go. Nobody reads along on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookUrl(Uri);

impl WebhookUrl {
    pub(crate) fn as_uri(&self) -> &Uri {
        &self.0
    }
}

impl FromStr for WebhookUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uri: Uri = text.parse().map_err(|_| "it is no address")?;
        if is_protected(&uri) { Ok(Self(uri)) } else { Err("it does not begin with https://") }
    }
}

/// Secret with which notices are signed.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret(Vec<u8>);

impl WebhookSecret {
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl FromStr for WebhookSecret {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let encoded = text.strip_prefix("whsec_").unwrap_or(text);
        let bytes = BASE64.decode(encoded.as_bytes()).map_err(|_| "it is not whsec_ and base64")?;
        if SECRET_BYTES.contains(&bytes.len()) { Ok(Self(bytes)) } else { Err("it has not 24 to 64 bytes") }
    }
}

/// Secret with which the mail server tells of mails that came back.
#[derive(Clone, PartialEq, Eq)]
pub struct BounceSecret(String);

impl BounceSecret {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BounceSecret {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_fit = text.chars().count() >= BOUNCE_SECRET_MIN && text.chars().all(|c| c.is_ascii_graphic());
        if is_fit { Ok(Self(text.to_owned())) } else { Err("it has not 24 visible characters or more") }
    }
}

// Settings may be printed; secrets are not.
impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret")
    }
}

impl fmt::Debug for BounceSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BounceSecret")
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::settings::Settings;

    #[test]
    fn notices_go_where_nobody_reads_along() {
        for (url, is_fit) in [
            ("https://partenaires.example/webhook", true),
            ("http://127.0.0.1:9000/webhook", true),
            ("http://[::1]:9000", true),
            ("http://partenaires.example", false),
            ("http://localhost.example", false),
            ("ftp://partenaires.example", false),
            ("/webhook", false),
            ("", false),
        ] {
            assert_eq!(WebhookUrl::from_str(url).is_ok(), is_fit, "{url}");
        }
    }

    #[test]
    fn secrets_are_long_enough_and_are_not_printed() {
        let secret = WebhookSecret::from_str("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        assert_eq!((secret.bytes().len(), format!("{secret:?}")), (24, "WebhookSecret".to_owned()));
        for short in ["whsec_MfKQ9r8G", "whsec_é", "", "whsec_"] {
            assert!(WebhookSecret::from_str(short).is_err(), "{short}");
        }
        assert!(BounceSecret::from_str("short").is_err() && BounceSecret::from_str(&" ".repeat(30)).is_err());
        assert_eq!(format!("{:?}", BounceSecret::from_str(&"a".repeat(24)).unwrap()), "BounceSecret");
    }

    #[test]
    fn secrets_stand_in_files_as_well_and_no_error_repeats_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        let parse = |flags: &[&str]| {
            let flags = std::iter::once(&"habilitation-server").chain(flags);
            Settings::try_parse_from(flags).map(|settings| settings.webhook).map_err(|error| error.to_string())
        };
        let url = "--webhook-url=https://partenaires.example";
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        assert!(matches!(parse(&[url]).unwrap().secrets(), Err(WrongWebhookSettings::NoSecret)));
        let by_file = |text: &str| {
            std::fs::write(&path, text).unwrap();
            parse(&[url, "--webhook-secret-file", path.to_str().unwrap()]).unwrap().secrets()
        };
        assert_eq!(by_file(&format!("{secret}\n{secret}\n")).unwrap().len(), 2);
        assert!(matches!(by_file(""), Err(WrongWebhookSettings::NoSecret)));
        let error = by_file("whsec_motdepasse").unwrap_err().to_string();
        assert!(error.contains("--webhook-secret-file") && !error.contains("motdepasse"), "{error}");
        std::fs::write(&path, "a".repeat(24)).unwrap();
        let bounces = parse(&["--bounce-secret-file", path.to_str().unwrap()]).unwrap().bounces();
        assert!(bounces.unwrap().is_some());
        for flag in ["--webhook-secret", "--bounce-secret"] {
            let error = parse(&[flag, "motdepasse"]).unwrap_err();
            assert!(error.contains(flag) && !error.contains("motdepasse"), "{error}");
        }
    }
}
