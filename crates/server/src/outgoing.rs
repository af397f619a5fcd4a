//! Calls to servers of others: over TLS, within limits of time and of bytes. A redirection is an answer like any other.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{Request, StatusCode};
use http_body::Body;
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use thiserror::Error;

/// Time after which a connection that nobody uses is closed: before most servers do, so that no call meets a closed one.
const IDLE: Duration = Duration::from_secs(15);

/// Client that calls servers of others, with bodies of a type.
pub(crate) type ClientOf<B> = Client<HttpsConnector<HttpConnector>, B>;
/// Client that calls servers of others.
pub(crate) type HttpClient = ClientOf<Full<Bytes>>;

/// Returns a client that trusts the certificates that this machine trusts.
///
/// # Errors
/// When they cannot be read.
pub(crate) fn client<B>() -> std::io::Result<ClientOf<B>>
where
    B: Body<Data: Send> + Send,
{
    let connector = HttpsConnectorBuilder::new().with_native_roots()?.https_or_http().enable_http1().build();
    let mut client = Client::builder(TokioExecutor::new());
    Ok(client.pool_timer(TokioTimer::new()).pool_idle_timeout(IDLE).build(connector))
}

/// Limits on one call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallLimits {
    /// Longest time until the answer was read.
    pub(crate) time: Duration,
    /// Most bytes of its body.
    pub(crate) bytes: usize,
}

/// Answer of another server, read to its end.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// Media type, in lower case and without parameters.
    pub(crate) media_type: String,
    /// Seconds after which to call again, where the answer says so (RFC 9110, section 10.2.3).
    pub(crate) retry_after: Option<u64>,
    pub(crate) body: Bytes,
}

/// Reason why a call has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum NoAnswer {
    /// There is no answer, or not to its end.
    #[error("no answer")]
    Unreachable,
    /// The answer took too long.
    #[error("no answer in time")]
    TooSlow,
    /// The answer is longer than any that makes sense.
    #[error("an answer that is too long")]
    TooLong,
}

/// Calls another server once.
pub(crate) async fn call(
    client: &HttpClient,
    call: Request<Full<Bytes>>,
    limits: CallLimits,
) -> Result<Answer, NoAnswer> {
    let answering = async {
        let answer = client.request(call).await.map_err(|_| NoAnswer::Unreachable)?;
        let (head, body) = answer.into_parts();
        let body = Limited::new(body, limits.bytes).collect().await.map_err(|error| {
            let is_too_long = error.is::<http_body_util::LengthLimitError>();
            if is_too_long { NoAnswer::TooLong } else { NoAnswer::Unreachable }
        })?;
        let declared = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let retry_after = head.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
        Ok(Answer { status: head.status, media_type, retry_after, body: body.to_bytes() })
    };
    tokio::time::timeout(limits.time, answering).await.unwrap_or(Err(NoAnswer::TooSlow))
}
