//! Secrets among the settings: read from a file of their own or the command line, and never shown.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::marker::PhantomData;
use std::path::Path;
use std::str::FromStr;

use clap::builder::TypedValueParser;
use clap::error::ErrorKind;
use clap::{Arg, Command, Error};

/// Most bytes of a file of secrets.
const MAX: u64 = 4 * 1024;

/// Returns the lines of a file of secrets, without empty ones.
///
/// # Errors
/// With a reason that quotes nothing of the file.
pub(super) fn lines(path: &Path) -> Result<Vec<String>, String> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX + 1).read_to_end(&mut bytes))
        .map_err(|error| error.kind().to_string())?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX) {
        return Err(format!("it has more than {MAX} bytes"));
    }
    let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    Ok(text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

/// Returns the one line of a file with a secret.
///
/// # Errors
/// As [`lines`], and when there is not exactly one.
pub(super) fn line(path: &Path) -> Result<String, String> {
    let mut lines = lines(path)?;
    match (lines.pop(), lines.is_empty()) {
        (Some(line), true) => Ok(line),
        _ => Err("it does not hold exactly one line".to_owned()),
    }
}

/// Parser of a secret on the command line: its error names the flag, and does not repeat the value.
pub(super) struct Concealed<T>(PhantomData<T>);

impl<T> Concealed<T> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T> Clone for Concealed<T> {
    fn clone(&self) -> Self {
        Self::new()
    }
}

impl<T: FromStr<Err = &'static str> + Clone + Send + Sync + 'static> TypedValueParser for Concealed<T> {
    type Value = T;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<T, Error> {
        let parsed = value.to_str().ok_or("it is not UTF-8").and_then(T::from_str);
        parsed.map_err(|reason| {
            let flag = argument.and_then(Arg::get_long).unwrap_or_default();
            Error::raw(ErrorKind::ValueValidation, format!("--{flag}: {reason}\n")).with_cmd(command)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_secrets_is_read_whole_or_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        let read = |text: &str| {
            std::fs::write(&path, text).unwrap();
            line(&path)
        };
        assert_eq!(read("secret\n").unwrap(), "secret");
        assert_eq!(read(&"x".repeat(4096)).unwrap().len(), 4096);
        assert_eq!(read(&"x".repeat(4097)).unwrap_err(), "it has more than 4096 bytes");
        assert_eq!(
            read(&["secret\n", &"\n".repeat(4096), "second"].concat()).unwrap_err(),
            "it has more than 4096 bytes"
        );
    }
}
