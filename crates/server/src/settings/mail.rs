//! Settings of mails: the relay, and the service that mails speak for.

use std::fs;
use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;
use thiserror::Error;

use super::secrets;
use super::values::{email, web_address};

/// Longest notice on silence, in bytes.
const NOTICE_MAX: u64 = 8 * 1024;

/// Relay of mails, and the service that they speak for.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Mails")]
pub struct MailSettings {
    /// Relay of mails, such as `smtps://user:password@relay.example` or `smtp://relay.example?tls=required` [default: mails
    /// are files in the folder `mail` of the data].
    #[arg(long, env = "HABILITATION_SMTP", value_name = "URL", hide_env_values = true)]
    pub smtp: Option<String>,

    /// File with the address of the relay, in place of `--smtp`.
    #[arg(long, env = "HABILITATION_SMTP_FILE", value_name = "FILE", conflicts_with = "smtp")]
    pub smtp_file: Option<PathBuf>,

    /// E-mail from which mails are sent [default: the one for questions].
    #[arg(long, env = "HABILITATION_MAIL_FROM", value_name = "E-MAIL", value_parser = email)]
    pub mail_from: Option<String>,

    /// E-mail of the team that examines requests [default: the one for questions].
    #[arg(long, env = "HABILITATION_TEAM_EMAIL", value_name = "E-MAIL", value_parser = email)]
    pub team_email: Option<String>,

    /// Name of the service that answers requests. An acknowledgement has to name it (CRPA R. 112-11-1).
    #[arg(long, env = "HABILITATION_SERVICE_NAME", value_name = "NAME")]
    pub service_name: Option<String>,

    /// Postal address of that service; a semicolon parts two lines.
    #[arg(long, env = "HABILITATION_SERVICE_ADDRESS", value_name = "ADDRESS")]
    pub service_address: Option<String>,

    /// Phone number of that service.
    #[arg(long, env = "HABILITATION_SERVICE_PHONE", value_name = "NUMBER")]
    pub service_phone: Option<String>,

    /// Court to which a decision may be brought.
    #[arg(long, env = "HABILITATION_COURT", value_name = "NAME", default_value = "tribunal administratif de Paris")]
    pub court: String,

    /// Text file on what silence means. In it, `{jour}` stands for the day of the answer, `{demande}` for the word « demande » or
    /// « modification », and `{tribunal}` for the court [default: by CRPA L. 231-1 and L. 231-4].
    #[arg(long, env = "HABILITATION_SILENCE_NOTICE", value_name = "FILE")]
    pub silence_notice: Option<PathBuf>,

    /// Address of the space in which a technical contact finds the access of a service.
    #[arg(long, env = "HABILITATION_PARTNER_SPACE_URL", value_name = "URL", default_value = "https://partenaires.franceconnect.gouv.fr", value_parser = web_address)]
    pub partner_space_url: String,
}

/// Settings of mails that do not go together, or cannot be read.
#[derive(Debug, Error)]
pub enum WrongMailSettings {
    /// The service is not named, although mails leave.
    #[error("with --smtp or --smtp-file, {0} has to be given: an acknowledgement names the service (CRPA R. 112-11-1)")]
    ServiceMissing(&'static str),
    /// The file with the address of the relay cannot be read.
    #[error("--smtp-file {path}: {reason}", path = path.display())]
    RelayFile {
        /// The file.
        path: PathBuf,
        /// Description of what is wrong.
        reason: String,
    },
    /// The address of the relay is none.
    #[error("--smtp is no address such as smtps://user:password@relay.example or smtp://relay.example?tls=required")]
    NoRelay,
    /// The way to the relay is open to others.
    #[error("--smtp has to begin with smtps:// or to end with ?tls=required, unless the relay is on this machine")]
    RelayInsecure,
    /// No mail can be sent from the address.
    #[error("--mail-from {0}: no mail can be sent from there")]
    NoSender(String),
    /// The notice on silence cannot be read.
    #[error("--silence-notice {path}: {reason}", path = path.display())]
    Notice {
        /// The file.
        path: PathBuf,
        /// Description of what is wrong.
        reason: String,
    },
}

impl MailSettings {
    /// Returns the address of the relay, if mails leave.
    ///
    /// # Errors
    /// When others could read along, or when the service that mails speak for is not named.
    pub(crate) fn relay(&self) -> Result<Option<String>, WrongMailSettings> {
        let address = match (&self.smtp, &self.smtp_file) {
            (Some(address), _) => address.clone(),
            (None, Some(path)) => {
                secrets::line(path).map_err(|reason| WrongMailSettings::RelayFile { path: path.clone(), reason })?
            }
            (None, None) => return Ok(None),
        };
        for (option, setting) in [
            ("--service-name", &self.service_name),
            ("--service-address", &self.service_address),
            ("--service-phone", &self.service_phone),
        ] {
            if setting.as_ref().is_none_or(|text| text.trim().is_empty()) {
                return Err(WrongMailSettings::ServiceMissing(option));
            }
        }
        if is_private(&address) { Ok(Some(address)) } else { Err(WrongMailSettings::RelayInsecure) }
    }

    /// Returns the operator's notice on silence, if there is one.
    ///
    /// # Errors
    /// When the file cannot be read, is too long, or does not tell the day.
    pub(crate) fn notice(&self) -> Result<Option<String>, WrongMailSettings> {
        let Some(path) = &self.silence_notice else { return Ok(None) };
        let wrong = |reason: String| WrongMailSettings::Notice { path: path.clone(), reason };
        let length = fs::metadata(path).map_err(|error| wrong(error.to_string()))?.len();
        if length > NOTICE_MAX {
            return Err(wrong(format!("it has more than {NOTICE_MAX} bytes")));
        }
        let text = fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        if !text.contains("{jour}") {
            return Err(wrong("it does not tell the day, as {jour}".to_owned()));
        }
        Ok(Some(text))
    }
}

/// Returns whether nobody else reads along on the way to a relay.
fn is_private(address: &str) -> bool {
    let Some((scheme, rest)) = address.split_once("://") else { return false };
    if scheme.eq_ignore_ascii_case("smtps") {
        return true;
    }
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = place.split('/').next().unwrap_or_default();
    let host_and_port = authority.rsplit('@').next().unwrap_or_default();
    let host = match host_and_port.strip_prefix('[') {
        Some(bracketed) => bracketed.split(']').next(),
        None => host_and_port.split(':').next(),
    };
    let host = host.unwrap_or_default();
    let is_loopback = host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
    is_loopback || query.split('&').any(|pair| pair == "tls=required")
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        mail: MailSettings,
    }

    fn settings(flags: &[&str]) -> MailSettings {
        Only::try_parse_from(std::iter::once(&"mails").chain(flags)).unwrap().mail
    }

    #[test]
    fn mails_leave_in_the_name_of_a_service_that_can_be_reached() {
        assert!(matches!(settings(&[]).relay(), Ok(None)));
        let mut flags = vec!["--smtp=smtps://relay.example"];
        for option in ["--service-name", "--service-address", "--service-phone"] {
            let error = settings(&flags).relay().unwrap_err().to_string();
            assert!(error.contains(option), "{error}");
            flags.extend([option, "a"]);
        }
        assert_eq!(settings(&flags).relay().unwrap().as_deref(), Some("smtps://relay.example"));
        for option in ["--service-name", "--service-address", "--service-phone"] {
            let place = flags.iter().position(|flag| *flag == option).unwrap();
            let mut blank = flags.clone();
            blank[place + 1] = " ";
            let error = settings(&blank).relay().unwrap_err().to_string();
            assert!(error.contains(option), "{error}");
        }
    }

    #[test]
    fn the_relay_may_stand_in_a_file_of_one_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("smtp");
        let named = ["--service-name=a", "--service-address=a", "--service-phone=a", "--smtp-file"];
        let read = || settings(&[&named[..], &[path.to_str().unwrap()]].concat()).relay();
        assert!(read().unwrap_err().to_string().contains("--smtp-file"));
        for (text, is_fit) in [
            ("smtps://user:motdepasse@relay.example\n", true),
            ("", false),
            ("smtps://a.example\nsmtps://motdepasse.example\n", false),
            ("smtp://user:motdepasse@relay.example", false),
        ] {
            fs::write(&path, text).unwrap();
            match read() {
                Ok(relay) => assert!(is_fit && relay.as_deref() == Some(text.trim_end()), "{text}"),
                Err(error) => assert!(!is_fit && !error.to_string().contains("motdepasse"), "{error}"),
            }
        }
    }

    #[test]
    fn nobody_reads_along_on_the_way_to_the_relay() {
        for (address, is_fit) in [
            ("smtps://user:word@relay.example", true),
            ("smtp://relay.example?tls=required", true),
            ("smtp://relay.example:587/ehlo?tls=required", true),
            ("smtp://127.0.0.1:2525", true),
            ("smtp://[::1]:2525", true),
            ("smtp://localhost", true),
            ("smtp://relay.example", false),
            ("smtp://relay.example?tls=opportunistic", false),
            ("smtp://localhost@relay.example", false),
            ("SMTP://user:word@relay.example", false),
            ("SMTPS://relay.example", true),
            ("relay.example", false),
            ("smtp://relay.example/localhost?tls=requiredly", false),
        ] {
            assert_eq!(is_private(address), is_fit, "{address}");
        }
    }

    #[test]
    fn a_notice_tells_the_day() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("silence.txt");
        let read = || settings(&["--silence-notice", path.to_str().unwrap()]).notice();
        assert!(read().unwrap_err().to_string().contains("--silence-notice"));
        fs::write(&path, "Sans réponse…").unwrap();
        assert!(read().unwrap_err().to_string().contains("{jour}"));
        fs::write(&path, "Sans réponse le {jour}…").unwrap();
        assert_eq!(read().unwrap().as_deref(), Some("Sans réponse le {jour}…"));
        assert!(matches!(settings(&[]).notice(), Ok(None)));
    }
}
