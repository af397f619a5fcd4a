//! Keys with which the provider signs. They are fetched when they are old, and when a signature names one that is not known.

use axum::body::Bytes;
use axum::http::{Request, StatusCode};
use http_body_util::Full;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use serde_json::Value;
use tokio::sync::Mutex;

use super::limits::LIMITS;
use super::refusal::Refusal;
use crate::outgoing::{self, HttpClient};

/// Time for which keys are good.
const LIFETIME: SignedDuration = SignedDuration::from_mins(10);
/// Shortest time between two fetches for keys that are not known: anybody may name one.
const PAUSE: SignedDuration = SignedDuration::from_mins(1);
/// Most keys that are kept.
const MOST: usize = 50;

/// Known keys of the provider.
#[derive(Default)]
pub(super) struct KeyRing(Mutex<Keys>);

#[derive(Default)]
struct Keys {
    known: Vec<Jwk>,
    fetched_at: Option<Timestamp>,
}

impl KeyRing {
    /// Returns the key of an identifier. Whoever comes while keys are fetched waits for them.
    ///
    /// # Errors
    /// When there is no such key, or the keys cannot be fetched.
    pub(super) async fn find(
        &self,
        id: &str,
        now: Timestamp,
        fetch: impl AsyncFnOnce() -> Result<Vec<Jwk>, Refusal>,
    ) -> Result<Jwk, Refusal> {
        let mut keys = self.0.lock().await;
        let is_past = |time| keys.fetched_at.is_none_or(|at| now.duration_since(at) >= time);
        if is_past(LIFETIME) || (keys.get(id).is_none() && is_past(PAUSE)) {
            let known = fetch().await?;
            *keys = Keys { known, fetched_at: Some(now) };
        }
        keys.get(id).cloned().ok_or(Refusal::untrusted("a signature names a key that the provider does not have"))
    }
}

impl Keys {
    fn get(&self, id: &str) -> Option<&Jwk> {
        self.known.iter().find(|key| key.common.key_id.as_deref() == Some(id))
    }
}

/// Fetches the keys.
pub(super) async fn fetch(http: &HttpClient, address: &str) -> Result<Vec<Jwk>, Refusal> {
    let unavailable = || Refusal::unavailable("the keys of the provider cannot be fetched");
    let call = Request::get(address).body(Full::<Bytes>::default()).map_err(|_| unavailable())?;
    let answer = outgoing::call(http, call, LIMITS).await.map_err(|_| unavailable())?;
    if answer.status != StatusCode::OK {
        return Err(unavailable());
    }
    parse(&answer.body).ok_or_else(unavailable)
}

/// Reads a set of keys (RFC 7517, section 5). Those that cannot be read are none of ours.
fn parse(set: &[u8]) -> Option<Vec<Jwk>> {
    let mut set: Value = serde_json::from_slice(set).ok()?;
    let Value::Array(keys) = set.get_mut("keys")?.take() else { return None };
    let keys = keys.into_iter().filter_map(|key| serde_json::from_value::<Jwk>(key).ok());
    let signs = |key: &Jwk| key.common.key_id.is_some() && key.common.public_key_use != Some(PublicKeyUse::Encryption);
    Some(keys.filter(signs).take(MOST).collect())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use serde_json::json;

    use super::*;

    fn set(ids: &[&str]) -> Vec<Jwk> {
        let point = "A".repeat(43);
        let keys: Vec<Value> =
            ids.iter().map(|id| json!({"kty": "EC", "crv": "P-256", "x": point, "y": point, "kid": id})).collect();
        parse(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_796_000_000 + seconds).unwrap()
    }

    #[tokio::test]
    async fn an_unknown_key_is_asked_for_once_a_minute_and_known_ones_again_after_ten() {
        let (ring, fetches) = (KeyRing::default(), Cell::new(0));
        let find = async |id: &str, seconds: i64, there: &[&str]| {
            let fetch = async || {
                fetches.set(fetches.get() + 1);
                Ok(set(there))
            };
            (ring.find(id, at(seconds), fetch).await.is_ok(), fetches.get())
        };
        assert_eq!(find("a", 0, &["a"]).await, (true, 1));
        assert_eq!(find("a", 59, &["a"]).await, (true, 1));
        assert_eq!(find("b", 59, &["a", "b"]).await, (false, 1), "not yet");
        assert_eq!(find("b", 60, &["b"]).await, (true, 2), "keys are rotated");
        assert_eq!(find("a", 61, &["b"]).await, (false, 2), "what left the set is not believed");
        assert_eq!(find("b", 659, &["b"]).await, (true, 2));
        assert_eq!(find("b", 660, &[]).await, (false, 3));
    }

    #[tokio::test]
    async fn without_an_answer_nothing_is_believed_and_the_next_asks_again() {
        let ring = KeyRing::default();
        let away = async || Err(Refusal::unavailable("away"));
        assert!(ring.find("a", at(0), away).await.is_err());
        assert!(ring.find("a", at(1), async || Ok(set(&["a"]))).await.is_ok());
        assert!(ring.find("a", at(601), async || Err(Refusal::unavailable("away"))).await.is_err());
    }

    #[test]
    fn a_key_that_cannot_be_read_hides_no_other() {
        let keys = json!({"keys": [{"kty": "new"}, 7, {"kty": "EC", "crv": "P-256", "x": "A", "y": "A", "kid": "a"},
            {"kty": "EC", "crv": "P-256", "x": "A", "y": "A", "kid": "b", "use": "enc"}]});
        let parsed = parse(keys.to_string().as_bytes()).unwrap();
        assert_eq!(parsed.iter().map(|key| key.common.key_id.as_deref()).collect::<Vec<_>>(), [Some("a")]);
        assert!(parse(b"{}").is_none() && parse(b"<html>").is_none());
    }
}
