//! Bodies of calls: read within limits of size and time, and refused with the place that is wrong, without repeating the body.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, EXPECT, TRANSFER_ENCODING};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use habilitation_model::wire::BODY_MAX;
use http_body::{Body as _, Frame, SizeHint};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};
use tokio::time::Instant;

use crate::problem::{Problem, ProblemType};

/// Longest wait for the next bytes of a body.
const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// Slowest pace of a body in the long run, in bytes a second. Without it, a byte from time to time would hold a connection for
/// ever.
const PACE_MIN: u64 = 1024;

/// A body that is being read.
pub(crate) struct Incoming {
    body: Body,
    begun: Instant,
    read: u64,
}

impl Incoming {
    pub(crate) fn new(body: Body) -> Self {
        Self { body, begun: Instant::now(), read: 0 }
    }

    /// Returns the next bytes; `None` at the end.
    pub(crate) async fn next_bytes(&mut self) -> Result<Option<Bytes>, Problem> {
        loop {
            let frame = match tokio::time::timeout(READ_TIMEOUT, self.body.frame()).await {
                Err(_) => return Err(Problem::new(ProblemType::TooSlow)),
                Ok(None) => return Ok(None),
                Ok(Some(Err(_))) => return Err(Problem::new(ProblemType::InvalidBody).detail("The body broke off.")),
                Ok(Some(Ok(frame))) => frame,
            };
            // Trailers are ignored.
            if let Ok(bytes) = frame.into_data() {
                self.read += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                if is_too_slow(self.begun.elapsed(), self.read) {
                    return Err(Problem::new(ProblemType::TooSlow));
                }
                return Ok(Some(bytes));
            }
        }
    }
}

/// Returns whether a body is slower than allowed, after this time and number of bytes.
fn is_too_slow(elapsed: Duration, read: u64) -> bool {
    elapsed > READ_TIMEOUT + Duration::from_secs(read / PACE_MIN)
}

/// Returns the announced length of a body, if there is one.
pub(crate) fn announced_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Returns the announced media type, in lower case and without parameters; empty if there is none.
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Refuses a body that would have to be unpacked first.
pub(crate) fn refuse_encoded(headers: &HeaderMap) -> Result<(), Problem> {
    let plain = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"identity");
    if headers.get_all(CONTENT_ENCODING).iter().all(plain) {
        Ok(())
    } else {
        Err(Problem::new(ProblemType::UnsupportedMediaType).detail("The body must not be compressed."))
    }
}

/// A JSON body of the form that a handler wants.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        Unread(request).json(BODY_MAX).await.map(Self)
    }
}

/// A JSON body that may be absent.
pub(crate) struct OptionalJson<T>(pub(crate) T);

impl<T: DeserializeOwned + Default, S: Send + Sync> FromRequest<S> for OptionalJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let headers = request.headers();
        // RFC 9112, section 6.3: without either header a call has no body.
        if announced_length(headers).unwrap_or_default() == 0 && !headers.contains_key(TRANSFER_ENCODING) {
            return Ok(Self(T::default()));
        }
        Unread(request).json(BODY_MAX).await.map(Self)
    }
}

/// Most bytes of a body that holds no more than a few short texts.
pub(crate) const SMALL_MAX: u64 = 1024;

/// A body that a handler reads once it has counted the call.
pub(crate) struct Unread(Request);

impl<S: Send + Sync> FromRequest<S> for Unread {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        Ok(Self(request))
    }
}

impl Unread {
    /// Reads JSON of the form that is wanted, of at most [`SMALL_MAX`] bytes.
    pub(crate) async fn small_json<T: DeserializeOwned>(self) -> Result<T, Problem> {
        self.json(SMALL_MAX).await
    }

    /// Reads JSON of the form that is wanted, of at most so many bytes.
    pub(crate) async fn json<T: DeserializeOwned>(self, max: u64) -> Result<T, Problem> {
        parse(&self.bytes("application/json", max).await?)
    }

    /// Reads a body of a media type, of at most so many bytes.
    pub(crate) async fn bytes(self, wanted: &str, max: u64) -> Result<Vec<u8>, Problem> {
        let Self(request) = self;
        refuse_encoded(request.headers())?;
        if media_type(request.headers()) != wanted {
            return Err(Problem::new(ProblemType::UnsupportedMediaType).detail(format!("The body must be `{wanted}`.")));
        }
        let too_large = || Problem::new(ProblemType::TooLarge).limit(max);
        if announced_length(request.headers()).is_some_and(|length| length > max) {
            return Err(too_large());
        }
        let mut body = Incoming::new(request.into_body());
        let mut read = Vec::new();
        while let Some(bytes) = body.next_bytes().await? {
            read.extend_from_slice(&bytes);
            if u64::try_from(read.len()).unwrap_or(u64::MAX) > max {
                return Err(too_large());
            }
        }
        Ok(read)
    }
}

/// Reads JSON. Nesting is bounded by the parser.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|error| wrong(&pointer(error.path()), error.inner()))?;
    deserializer.end().map_err(|error| wrong("", &error))?;
    Ok(value)
}

/// Maps a parse error to a code of ours: the parser's own message may repeat what was typed.
fn wrong(pointer: &str, error: &serde_json::Error) -> Problem {
    let words = error.to_string();
    let (code, detail) = if error.is_eof() || error.is_syntax() || error.is_io() {
        if words.starts_with("recursion limit") {
            ("too_deep", "The JSON is nested too deeply.".to_owned())
        } else {
            let place = format!("line {}, column {}", error.line(), error.column());
            ("syntax", format!("The body is not JSON: see {place}."))
        }
    } else if words.starts_with("unknown field") {
        ("unknown_member", "A member is not known there.".to_owned())
    } else if words.starts_with("missing field") {
        ("missing_member", "A member is missing there.".to_owned())
    } else if words.starts_with("duplicate field") {
        ("duplicate_member", "A member is there twice.".to_owned())
    } else if words.starts_with("invalid type") {
        ("wrong_type", "A value has the wrong JSON type.".to_owned())
    } else if words.contains("U+0000") {
        ("null_character", "A text holds the character U+0000.".to_owned())
    } else {
        ("wrong_value", "A value is not one that can stand there.".to_owned())
    };
    Problem::new(ProblemType::InvalidBody).detail(detail).error(pointer.to_owned(), code)
}

/// Most characters of a member's name in an answer: all names of the API are shorter, and others are of the caller.
const NAME_MAX: usize = 60;

/// Returns the JSON pointer of a place (RFC 6901). A name of more than [`NAME_MAX`] characters is cut.
fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        let name = match segment {
            Segment::Map { key } => {
                key.chars().take(NAME_MAX).collect::<String>().replace('~', "~0").replace('/', "~1")
            }
            Segment::Seq { index } => index.to_string(),
            Segment::Enum { .. } | Segment::Unknown => continue,
        };
        pointer.push('/');
        pointer.push_str(&name);
    }
    pointer
}

/// Body of an answer, which holds a guard until all of it was handed over.
pub(crate) struct GuardedBody<T> {
    body: Body,
    _guard: T,
}

impl<T> GuardedBody<T> {
    pub(crate) fn new(body: Body, guard: T) -> Self {
        Self { body, _guard: guard }
    }
}

impl<T: Unpin> http_body::Body for GuardedBody<T> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Most bytes that are read and dropped after a refusal.
const DRAIN_MAX: u64 = 32 * 1024 * 1024;
/// Longest time of reading after a refusal.
const DRAIN_TIME: Duration = Duration::from_secs(10);

/// Goes on reading the body of a call that was answered early, for a while. A client that is still sending would otherwise find its
/// connection reset and never read the answer (RFC 9112, section 9.6).
pub(crate) async fn drain(request: Request, next: Next) -> Response {
    // A client that waits for `100 Continue` has not begun to send.
    if request.headers().contains_key(EXPECT) {
        return next.run(request).await;
    }
    next.run(request.map(|body| Body::new(Drained { body: Some(body) }))).await
}

/// Body that is read to its end even after it is dropped.
struct Drained {
    body: Option<Body>,
}

impl http_body::Body for Drained {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match &mut self.body {
            Some(body) => Pin::new(body).poll_frame(context),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(SizeHint::default, Body::size_hint)
    }
}

impl Drop for Drained {
    fn drop(&mut self) {
        let Some(mut body) = self.body.take().filter(|body| !body.is_end_stream()) else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(tokio::time::timeout(DRAIN_TIME, async move {
            let mut read = 0;
            while let Some(Ok(frame)) = body.frame().await {
                read += frame.data_ref().map_or(0, |bytes| u64::try_from(bytes.len()).unwrap_or(u64::MAX));
                if read > DRAIN_MAX {
                    break;
                }
            }
        }));
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;
    use habilitation_model::wire::DraftToSave;

    use super::*;

    #[test]
    fn bytes_may_come_slowly_but_not_one_by_one() {
        for (seconds, read, too_slow) in
            [(30, 1, false), (31, 1, true), (31, 1024, false), (600, 570 * 1024, false), (600, 560 * 1024, true)]
        {
            assert_eq!(is_too_slow(Duration::from_secs(seconds), read), too_slow, "{read} bytes in {seconds} s");
        }
    }

    /// Status, code and pointer of what is wrong with a body.
    fn wrong(body: &str) -> Option<(String, String)> {
        let problem = parse::<DraftToSave>(body.as_bytes()).err()?;
        assert_eq!(problem.clone().into_response().status(), 400);
        let error = problem.first_error().clone();
        Some((error.code, error.pointer))
    }

    #[test]
    fn a_wrong_body_is_told_by_code_and_place() {
        let deep = format!("{{\"schema\": 1, \"draft\": {}", "[".repeat(1000));
        for (body, code, pointer) in [
            ("", "syntax", ""),
            ("{", "syntax", ""),
            ("nonsense", "syntax", ""),
            ("{\"schema\": 1, \"draft\": {}} {}", "syntax", ""),
            ("[]", "wrong_type", ""),
            ("[1, {}]", "wrong_type", ""),
            ("null", "wrong_type", ""),
            ("{\"schema\": 1, \"draft\": []}", "wrong_type", "/draft"),
            ("{\"schema\": 1, \"draft\": {\"project\": [\"name\"]}}", "wrong_type", "/draft/project"),
            ("{\"schema\": 1}", "missing_member", ""),
            ("{\"schema\": 1, \"draft\": {}, \"x\": 1}", "unknown_member", "/x"),
            ("{\"schema\": 1, \"schema\": 1, \"draft\": {}}", "duplicate_member", ""),
            ("{\"schema\": \"1\", \"draft\": {}}", "wrong_type", "/schema"),
            ("{\"schema\": 5000000000, \"draft\": {}}", "wrong_value", "/schema"),
            ("{\"schema\": 1, \"draft\": {\"project\": {\"nom\": \"\"}}}", "unknown_member", "/draft/project/nom"),
            ("{\"schema\": 1, \"draft\": {\"a/b~c\": 1}}", "unknown_member", "/draft/a~1b~0c"),
            ("{\"schema\": 1, \"draft\": {\"project\": {\"name\": 7}}}", "wrong_type", "/draft/project/name"),
            (
                "{\"schema\": 1, \"draft\": {\"data\": {\"scopes\": [\"email\", 7]}}}",
                "wrong_type",
                "/draft/data/scopes/1",
            ),
            (
                "{\"schema\": 1, \"draft\": {\"legal\": {\"documents\": [{\"id\": \"x\", \"name\": \"\", \"size\": 1, \"type\": \"\"}]}}}",
                "wrong_value",
                "/draft/legal/documents/0/id",
            ),
            (
                "{\"schema\": 1, \"draft\": {\"project\": {\"name\": \"a\\u0000\"}}}",
                "null_character",
                "/draft/project/name",
            ),
            (&deep, "wrong_type", "/draft"),
        ] {
            assert_eq!(wrong(body), Some((code.to_owned(), pointer.to_owned())), "{body:.80}");
        }
    }

    #[test]
    fn a_name_is_told_as_far_as_one_of_ours_may_go() {
        let (_, pointer) = wrong(&format!("{{\"schema\": 1, \"draft\": {{\"{}\": 1}}}}", "k".repeat(200_000))).unwrap();
        assert_eq!(pointer, format!("/draft/{}", "k".repeat(60)));
    }

    #[test]
    fn what_was_typed_is_not_repeated() {
        for body in ["{\"schema\": 1, \"draft\": {\"terms\": {\"accepted\": \"Noémie\"}}}", "Noémie"] {
            let problem = parse::<DraftToSave>(body.as_bytes()).unwrap_err();
            assert!(!format!("{problem:?}").contains("Noémie"));
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = "[".repeat(1000);
        let problem = parse::<serde_json::Value>(deep.as_bytes()).unwrap_err();
        assert_eq!(problem.first_error().code, "too_deep");
    }
}
