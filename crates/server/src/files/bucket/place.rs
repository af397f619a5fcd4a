//! Place of documents in an S3 store, as an operator names it.

use std::fmt;
use std::str::FromStr;

/// Longest prefix, in bytes: a key has 1,024 at most.
const PREFIX_MAX: usize = 512;

/// Bucket, and the prefix of our objects in it: `s3://name/prefix`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketPlace {
    name: String,
    /// Segments joined by `/`; empty where objects stand at the top.
    prefix: String,
}

impl BucketPlace {
    /// Returns the name of the bucket.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the key of an object.
    pub(super) fn key(&self, name: &str) -> String {
        if self.prefix.is_empty() { name.to_owned() } else { format!("{}/{name}", self.prefix) }
    }

    /// Returns the prefix, if there is one.
    pub(super) fn prefix(&self) -> Option<&str> {
        (!self.prefix.is_empty()).then_some(&*self.prefix)
    }

    /// Returns the name of an object of ours, by its key.
    pub(super) fn name_of<'a>(&self, key: &'a str) -> Option<&'a str> {
        match self.prefix() {
            None => Some(key),
            Some(prefix) => key.strip_prefix(prefix)?.strip_prefix('/'),
        }
    }
}

impl FromStr for BucketPlace {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let rest = text.strip_prefix("s3://").ok_or("it does not begin with s3://")?;
        let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
        let is_of_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-._".contains(&byte);
        let is_of_prefix = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        let is_segment = |segment: &str| !matches!(segment, "" | "." | "..") && segment.bytes().all(is_of_prefix);
        if !(3..=63).contains(&name.len()) || !name.bytes().all(is_of_name) {
            Err("the name of a bucket has 3 to 63 small letters, digits, - . or _")
        } else if prefix.len() > PREFIX_MAX || !(prefix.is_empty() || prefix.split('/').all(is_segment)) {
            Err("the prefix has letters, digits, - . or _ between single slashes")
        } else {
            Ok(Self { name: name.to_owned(), prefix: prefix.to_owned() })
        }
    }
}

impl fmt::Display for BucketPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}", self.name)?;
        self.prefix().map_or(Ok(()), |prefix| write!(f, "/{prefix}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_bucket_with_or_without_a_prefix() {
        for (text, shown, key) in [
            ("s3://documents", "s3://documents", "a"),
            ("s3://documents/", "s3://documents", "a"),
            ("s3://documents/prod", "s3://documents/prod", "prod/a"),
            ("s3://documents/prod/2026/", "s3://documents/prod/2026", "prod/2026/a"),
        ] {
            let place: BucketPlace = text.parse().unwrap();
            assert_eq!((place.to_string().as_str(), place.key("a").as_str()), (shown, key), "{text}");
            assert_eq!(place.name_of(key), Some("a"), "{text}");
        }
        let place: BucketPlace = "s3://documents/prod".parse().unwrap();
        assert_eq!((place.name_of("production/a"), place.name_of("a")), (None, None));
        for text in [
            "documents",
            "https://documents",
            "s3://",
            "s3://ab",
            "s3://Documents",
            "s3://user@documents",
            "s3://documents//a",
            "s3://documents/../a",
            "s3://documents/a b",
            "s3://documents/?a",
        ] {
            assert!(text.parse::<BucketPlace>().is_err(), "{text}");
        }
    }
}
