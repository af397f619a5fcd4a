//! Settings of signing in with ProConnect.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use axum::http::Uri;
use clap::{Args, ValueEnum};
use thiserror::Error;

use super::secrets;
use super::values::is_protected;

/// Scopes that are asked for unless the operator says otherwise.
const SCOPES: &str = "openid given_name usual_name email siret idp_id organization_label roles phone";
/// Lengths that the secret of a client may have.
const SECRET_LENGTHS: std::ops::RangeInclusive<usize> = 16..=512;

/// Signing in with ProConnect. Issuer, identifier and secret go together.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Signing in with ProConnect")]
pub struct ProConnectSettings {
    /// Issuer of ProConnect, such as `https://auth.agentconnect.gouv.fr/api/v2` [default: nobody signs in with ProConnect].
    #[arg(long, env = "HABILITATION_PROCONNECT_ISSUER", value_name = "URL")]
    pub proconnect_issuer: Option<Issuer>,

    /// Identifier that ProConnect gave this service.
    #[arg(long, env = "HABILITATION_PROCONNECT_CLIENT_ID", value_name = "IDENTIFIER")]
    pub proconnect_client_id: Option<String>,

    /// File with the secret that ProConnect gave this service.
    #[arg(long, env = "HABILITATION_PROCONNECT_SECRET_FILE", value_name = "FILE")]
    pub proconnect_secret_file: Option<PathBuf>,

    /// Algorithm that was registered for signatures, of the identity token and of the user's claims alike.
    #[arg(
        long,
        env = "HABILITATION_PROCONNECT_ALGORITHM",
        value_name = "ALGORITHM",
        value_enum,
        default_value = "es256"
    )]
    pub proconnect_algorithm: SigningAlgorithm,

    /// Scopes to ask for, parted by spaces. One that was not registered refuses the whole sign-in.
    #[arg(long, env = "HABILITATION_PROCONNECT_SCOPES", value_name = "SCOPES", default_value = SCOPES, value_parser = scopes)]
    pub proconnect_scopes: String,

    /// Identifier (`idp_id`) of an identity provider that verifies the organisation of its people. They may be members of the team.
    /// Repeat it, or separate them by commas.
    #[arg(
        long,
        env = "HABILITATION_TRUSTED_IDENTITY_PROVIDERS",
        value_name = "IDENTIFIER",
        value_delimiter = ',',
        value_parser = provider
    )]
    pub trusted_identity_providers: Vec<String>,
}

/// Issuer of identities, as it names itself in all that it signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer(String);

impl Issuer {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Issuer {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uri: Uri = text.parse().map_err(|_| "it is no address")?;
        let has_user = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
        if !is_protected(&uri) {
            Err("it does not begin with https://")
        } else if text.ends_with('/') {
            Err("it must be written as ProConnect writes it, without a slash at its end")
        } else if uri.query().is_some() || text.contains('#') || has_user {
            Err("it must end after its path, and carry no user name")
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

/// Algorithm of signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SigningAlgorithm {
    /// ECDSA on the curve P-256, with SHA-256.
    Es256,
    /// RSA by PKCS #1 version 1.5, with SHA-256.
    Rs256,
}

/// Secret of a client of ProConnect.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ClientSecret(String);

impl ClientSecret {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads the secret from its file, of which a line break at the end is no part.
    fn read(path: &Path) -> Result<Self, WrongProConnectSettings> {
        let wrong = |reason: String| WrongProConnectSettings::Secret { path: path.to_owned(), reason };
        let secret = secrets::line(path).map_err(wrong)?;
        if SECRET_LENGTHS.contains(&secret.len()) && secret.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(secret))
        } else {
            Err(wrong("it does not hold one line of 16 to 512 visible characters".to_owned()))
        }
    }
}

// Settings may be printed; secrets are not.
impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret")
    }
}

/// Registration of this service with ProConnect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Registration {
    pub(crate) issuer: Issuer,
    pub(crate) client_id: String,
    pub(crate) secret: ClientSecret,
    pub(crate) algorithm: SigningAlgorithm,
    pub(crate) scopes: String,
    /// Identity providers whose word on organisations is taken.
    pub(crate) trusted_providers: Vec<String>,
}

/// Settings of ProConnect that do not go together, or a secret that cannot be read.
#[derive(Debug, Error)]
pub enum WrongProConnectSettings {
    /// Some settings are there without the others.
    #[error(
        "signing in with ProConnect needs --proconnect-issuer, --proconnect-client-id and --proconnect-secret-file \
         together: {0} is missing"
    )]
    Half(&'static str),
    /// The identifier cannot be one.
    #[error("--proconnect-client-id is not made of 1 to 256 visible characters")]
    ClientId,
    /// The secret cannot be read.
    #[error("--proconnect-secret-file {path}: {reason}", path = path.display())]
    Secret {
        /// The file.
        path: PathBuf,
        /// Description of what is wrong.
        reason: String,
    },
}

impl ProConnectSettings {
    /// Returns the registration, if people sign in with ProConnect here.
    ///
    /// # Errors
    /// When settings are missing, or the secret cannot be read.
    pub(crate) fn registration(&self) -> Result<Option<Registration>, WrongProConnectSettings> {
        let missing = WrongProConnectSettings::Half;
        let (issuer, client_id, secret) =
            match (&self.proconnect_issuer, &self.proconnect_client_id, &self.proconnect_secret_file) {
                (None, None, None) => return Ok(None),
                (Some(issuer), Some(client_id), Some(secret)) => (issuer, client_id, secret),
                (None, _, _) => return Err(missing("--proconnect-issuer")),
                (_, None, _) => return Err(missing("--proconnect-client-id")),
                (_, _, None) => return Err(missing("--proconnect-secret-file")),
            };
        if !(1..=256).contains(&client_id.len()) || !client_id.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(WrongProConnectSettings::ClientId);
        }
        Ok(Some(Registration {
            issuer: issuer.clone(),
            client_id: client_id.clone(),
            secret: ClientSecret::read(secret)?,
            algorithm: self.proconnect_algorithm,
            scopes: self.proconnect_scopes.clone(),
            trusted_providers: self.trusted_identity_providers.clone(),
        }))
    }
}

#[cfg(test)]
impl Registration {
    /// Returns a registration with an issuer, and with the identity providers that are trusted.
    pub(crate) fn made_up(issuer: &str, trusted: &[&str]) -> Self {
        Self {
            issuer: Issuer(issuer.to_owned()),
            client_id: "habilitation".to_owned(),
            secret: ClientSecret("0123456789abcdef".to_owned()),
            algorithm: SigningAlgorithm::Es256,
            scopes: SCOPES.to_owned(),
            trusted_providers: trusted.iter().map(|provider| (*provider).to_owned()).collect(),
        }
    }
}

fn provider(text: &str) -> Result<String, &'static str> {
    if (1..=256).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(text.to_owned())
    } else {
        Err("it is not made of 1 to 256 visible characters")
    }
}

fn scopes(text: &str) -> Result<String, &'static str> {
    let scopes: Vec<&str> = text.split_ascii_whitespace().collect();
    let is_scope = |scope: &&str| scope.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\'));
    if !scopes.contains(&"openid") {
        Err("it does not name openid")
    } else if text.len() > 512 || !scopes.iter().all(is_scope) {
        Err("it is not a list of scopes parted by spaces")
    } else {
        Ok(scopes.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::settings::Settings;

    fn registration(flags: &[&str]) -> Result<Option<Registration>, String> {
        let flags = std::iter::once(&"habilitation-server").chain(flags);
        let settings = Settings::try_parse_from(flags).map_err(|error| error.to_string())?;
        settings.proconnect.registration().map_err(|error| error.to_string())
    }

    #[test]
    fn half_a_set_is_refused_by_the_name_of_what_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        std::fs::write(&path, "0123456789abcdef\n").unwrap();
        let all = [
            ["--proconnect-issuer", "https://auth.example/api/v2"],
            ["--proconnect-client-id", "habilitation"],
            ["--proconnect-secret-file", path.to_str().unwrap()],
        ];
        assert_eq!(registration(&[]), Ok(None));
        let whole = registration(&all.concat()).unwrap().unwrap();
        assert_eq!((whole.secret.as_str(), whole.algorithm), ("0123456789abcdef", SigningAlgorithm::Es256));
        assert!(whole.scopes.starts_with("openid given_name") && !format!("{whole:?}").contains("0123"));
        for missing in 0..all.len() {
            let half: Vec<&str> = (0..all.len()).filter(|one| *one != missing).flat_map(|one| all[one]).collect();
            let error = registration(&half).unwrap_err();
            assert!(error.ends_with(&format!("{} is missing", all[missing][0])), "{error}");
        }
        for secret in ["", "short", "0123456789 abcdef", "0123456789abcdef\n\nx", "é".repeat(20).as_str()] {
            std::fs::write(&path, secret).unwrap();
            let error = registration(&all.concat()).unwrap_err();
            assert!(error.contains("--proconnect-secret-file") && !error.contains("0123"), "{error}");
        }
    }

    #[test]
    fn the_issuer_is_written_as_it_writes_itself_and_nobody_reads_along() {
        for (issuer, is_fit) in [
            ("https://auth.agentconnect.gouv.fr/api/v2", true),
            ("http://localhost:9080/api/v2", true),
            ("http://auth.agentconnect.gouv.fr/api/v2", false),
            ("https://auth.agentconnect.gouv.fr/api/v2/", false),
            ("https://moi@auth.agentconnect.gouv.fr/api/v2", false),
            ("https://auth.agentconnect.gouv.fr/api/v2?a", false),
            ("auth.agentconnect.gouv.fr", false),
        ] {
            assert_eq!(issuer.parse::<Issuer>().is_ok(), is_fit, "{issuer}");
        }
    }

    #[test]
    fn scopes_may_leave_out_all_but_one() {
        assert_eq!(scopes(" openid  email ").as_deref(), Ok("openid email"));
        assert!(scopes("email").is_err() && scopes("openid \"").is_err());
    }
}
