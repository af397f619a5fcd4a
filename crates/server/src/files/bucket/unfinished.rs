//! Uploads in parts that nobody finished, as an S3 store lists them. `object_store` has no call for that.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use jiff::Timestamp;
use object_store::aws::AmazonS3;
use object_store::client::{HttpRequest, HttpRequestBody, HttpService};
use object_store::path::Path;
use object_store::signer::{SignedUrlOptions, Signer};
use serde::Deserialize;

use super::place::BucketPlace;
use super::transport::Way;
use super::{Failure, malformed};

/// Time for which the call is signed.
const VALID_FOR: Duration = Duration::from_secs(60);
/// Most bytes of a list.
const LIST_MAX: usize = 4 * 1024 * 1024;

/// Upload that was begun.
#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Unfinished {
    pub(super) key: String,
    pub(super) upload_id: String,
    /// Time at which it was begun, by RFC 3339.
    initiated: String,
}

impl Unfinished {
    /// Returns whether the upload was begun before a time. One of an unknown time was not.
    pub(super) fn is_older_than(&self, cutoff: Timestamp) -> bool {
        self.initiated.parse::<Timestamp>().is_ok_and(|at| at < cutoff)
    }
}

/// List, of which the store has answered the first part.
#[derive(Debug, Default, Deserialize)]
struct List {
    #[serde(default, rename = "Upload")]
    uploads: Vec<Unfinished>,
}

/// Lists the uploads of our prefix, 1,000 at most: those that are cleared make room for others in the next list.
pub(super) async fn list(store: &AmazonS3, way: &Way, place: &BucketPlace) -> Result<Vec<Unfinished>, Failure> {
    let mut query = vec![("uploads", String::new())];
    query.extend(place.prefix().map(|prefix| ("prefix", format!("{prefix}/"))));
    let options = SignedUrlOptions::default().with_query(query);
    let url = store.signed_url_opts(Method::GET, &Path::default(), VALID_FOR, &options).await?;
    let mut call = HttpRequest::new(HttpRequestBody::empty());
    *call.uri_mut() = url.as_str().parse().map_err(malformed)?;
    let answer = way.call(call).await.map_err(malformed)?;
    // Such a store clears them by itself, or has a rule for it.
    if answer.status() == StatusCode::NOT_IMPLEMENTED {
        return Ok(Vec::new());
    }
    if !answer.status().is_success() {
        return Err(malformed(std::io::Error::other("the bucket does not list uploads")));
    }
    let body = http_body_util::Limited::new(answer.into_body(), LIST_MAX);
    let body = http_body_util::BodyExt::collect(body).await.map_err(|error| malformed(std::io::Error::other(error)))?;
    read(&body.to_bytes())
}

fn read(bytes: &[u8]) -> Result<Vec<Unfinished>, Failure> {
    let list: List = quick_xml::de::from_reader(bytes).map_err(malformed)?;
    Ok(list.uploads)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_by_what_it_needs_and_what_it_does_not_tell_is_not_old() {
        let list = br#"<?xml version="1.0" encoding="UTF-8"?>
            <ListMultipartUploadsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Bucket>a</Bucket>
            <IsTruncated>false</IsTruncated>
            <Upload><Key>p/a</Key><UploadId>1</UploadId><Initiator><ID>x</ID></Initiator><Initiated>2026-11-22T12:00:00.000Z</Initiated></Upload>
            <Upload><Key>p/b</Key><UploadId>2</UploadId><Initiated>yesterday</Initiated></Upload>
            </ListMultipartUploadsResult>"#;
        let uploads = read(list).unwrap();
        let old: Vec<bool> =
            uploads.iter().map(|upload| upload.is_older_than("2026-11-22T12:00:01Z".parse().unwrap())).collect();
        assert_eq!((old, uploads[0].upload_id.as_str()), (vec![true, false], "1"));
        assert!(!uploads[0].is_older_than("2026-11-22T12:00:00Z".parse().unwrap()));
        assert_eq!(read(b"<ListMultipartUploadsResult/>").unwrap(), []);
        assert!(read(b"<html>").is_err());
    }
}
