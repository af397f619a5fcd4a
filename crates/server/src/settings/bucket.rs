//! Settings of the bucket of documents.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use thiserror::Error;

use super::secrets;
use crate::files::{BucketPlace, BucketSettings};

/// Bucket of the documents.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Bucket of documents")]
pub struct BucketArguments {
    /// Bucket of an S3 store for the documents, such as `s3://name/prefix` [default: none, they are in the data folder]. Its
    /// address and its keys come from the usual variables: `AWS_ENDPOINT_URL`, `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`…
    #[arg(long, env = "HABILITATION_BUCKET", value_name = "URL")]
    pub bucket: Option<BucketPlace>,

    /// File with the secret key, in place of `AWS_SECRET_ACCESS_KEY`.
    #[arg(long, env = "HABILITATION_BUCKET_SECRET_FILE", value_name = "FILE")]
    pub bucket_secret_file: Option<PathBuf>,

    /// Longest wait for an answer of the bucket, in seconds.
    #[arg(long, env = "HABILITATION_BUCKET_TIMEOUT_SECONDS", value_name = "SECONDS", default_value_t = 15, value_parser = clap::value_parser!(u16).range(1..=60))]
    pub bucket_timeout_seconds: u16,

    /// Values in place of the variables `AWS_…` of the process, for tests.
    #[arg(skip)]
    pub variables: Option<Vec<(String, String)>>,
}

/// Settings of the bucket that cannot be read.
#[derive(Debug, Error)]
pub enum WrongBucketSettings {
    /// The secret key cannot be read.
    #[error("--bucket-secret-file {path}: {reason}", path = path.display())]
    Secret {
        /// The file.
        path: PathBuf,
        /// Description of what is wrong.
        reason: String,
    },
}

impl BucketArguments {
    /// Returns the bucket, where documents are in one.
    ///
    /// # Errors
    /// When the file with the secret key cannot be read.
    pub(crate) fn bucket(&self) -> Result<Option<BucketSettings>, WrongBucketSettings> {
        let Some(place) = self.bucket.clone() else { return Ok(None) };
        let read = |path: &PathBuf| {
            secrets::line(path).map_err(|reason| WrongBucketSettings::Secret { path: path.clone(), reason })
        };
        let secret = self.bucket_secret_file.as_ref().map(read).transpose()?;
        let timeout = Duration::from_secs(self.bucket_timeout_seconds.into());
        Ok(Some(BucketSettings { place, timeout, secret, variables: self.variables.clone() }))
    }
}
