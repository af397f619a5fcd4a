//! Setting of the public directory of establishments.

use std::str::FromStr;

use axum::http::Uri;

use super::values::is_protected;

/// Address at which the directory is searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryUrl(String);

impl DirectoryUrl {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DirectoryUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uri: Uri = text.parse().map_err(|_| "it is no address")?;
        let has_user = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
        if !is_protected(&uri) {
            Err("it does not begin with https://")
        } else if uri.query().is_some() || text.contains('#') || has_user {
            Err("it must end after its path, and carry no user name")
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}
