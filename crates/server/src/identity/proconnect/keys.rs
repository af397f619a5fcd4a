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
/// Time after a fetch that failed in which none is tried, so that nobody waits for it again.
const RETRY: SignedDuration = SignedDuration::from_secs(10);
/// Time for which keys are good where no others can be fetched.
const LIFETIME_WITHOUT_ANSWER: SignedDuration = SignedDuration::from_hours(1);
/// Most keys that are kept.
const MOST: usize = 50;

/// Known keys of the provider.
#[derive(Default)]
pub(super) struct KeyRing(Mutex<Keys>);

#[derive(Default)]
struct Keys {
    known: Vec<Jwk>,
    fetched_at: Option<Timestamp>,
    /// Time of the last fetch, where it failed or nobody waited for its end.
    failed_at: Option<Timestamp>,
}

impl KeyRing {
    /// Returns the key of an identifier. Whoever comes while keys are fetched waits for them, and for the fetch alone.
    ///
    /// # Errors
    /// When there is no such key, or the keys cannot be fetched.
    pub(super) async fn find(
        &self,
        id: &str,
        now: impl Fn() -> Timestamp,
        fetch: impl AsyncFnOnce() -> Result<Vec<Jwk>, Refusal>,
    ) -> Result<Jwk, Refusal> {
        let mut keys = self.0.lock().await;
        let called_at = now();
        if keys.are_wanted(id, called_at) && is_past(keys.failed_at, RETRY, called_at) {
            // Until it has succeeded: whoever waits for it may give up.
            keys.failed_at = Some(called_at);
            if let Ok(known) = fetch().await {
                *keys = Keys { known, fetched_at: Some(called_at), failed_at: None };
            } else {
                keys.failed_at = Some(now());
            }
        }
        let is_awaited = keys.failed_at.is_some() && keys.are_wanted(id, called_at);
        match keys.get(id) {
            Some(key) if !is_past(keys.fetched_at, LIFETIME_WITHOUT_ANSWER, called_at) => Ok(key.clone()),
            _ if is_awaited => Err(Refusal::unavailable("the keys of the provider cannot be fetched")),
            _ => Err(Refusal::untrusted("a signature names a key that the provider does not have")),
        }
    }
}

impl Keys {
    /// Returns whether others have to be fetched for a key.
    fn are_wanted(&self, id: &str, now: Timestamp) -> bool {
        is_past(self.fetched_at, LIFETIME, now) || (self.get(id).is_none() && is_past(self.fetched_at, PAUSE, now))
    }

    fn get(&self, id: &str) -> Option<&Jwk> {
        self.known.iter().find(|key| key.common.key_id.as_deref() == Some(id))
    }
}

/// Returns whether a time has passed since another; since one that is to come, always: the clock was set back.
fn is_past(since: Option<Timestamp>, time: SignedDuration, now: Timestamp) -> bool {
    since.is_none_or(|since| since > now || now.duration_since(since) >= time)
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

    use habilitation_model::wire::SignInRefusal;
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
            (ring.find(id, || at(seconds), fetch).await.is_ok(), fetches.get())
        };
        assert_eq!(find("a", 0, &["a"]).await, (true, 1));
        assert_eq!(find("a", 59, &["a"]).await, (true, 1));
        assert_eq!(find("b", 59, &["a", "b"]).await, (false, 1), "not yet");
        assert_eq!(find("b", 60, &["b"]).await, (true, 2), "keys are rotated");
        assert_eq!(find("a", 61, &["b"]).await, (false, 2), "what left the set is not believed");
        assert_eq!(find("b", 659, &["b"]).await, (true, 2));
        assert_eq!(find("b", 660, &[]).await, (false, 3));
    }

    /// Looks for a key at a provider that does not answer; tells whether it was asked.
    async fn find_without_answer(ring: &KeyRing, id: &str, seconds: i64) -> (Result<(), SignInRefusal>, bool) {
        let asked = Cell::new(false);
        let fetch = async || {
            asked.set(true);
            Err(Refusal::unavailable("away"))
        };
        let found = ring.find(id, || at(seconds), fetch).await;
        (found.map(|_| ()).map_err(|refusal| refusal.code), asked.get())
    }

    #[tokio::test]
    async fn a_fetch_that_failed_is_not_tried_again_for_ten_seconds() {
        let ring = KeyRing::default();
        let away = Err(SignInRefusal::Unavailable);
        assert_eq!(find_without_answer(&ring, "a", 0).await, (away, true));
        assert_eq!(find_without_answer(&ring, "a", 9).await, (away, false));
        assert_eq!(find_without_answer(&ring, "a", 10).await, (away, true));
        assert!(ring.find("a", || at(19), async || Ok(set(&["a"]))).await.is_err(), "nobody is asked");
        assert!(ring.find("a", || at(20), async || Ok(set(&["a"]))).await.is_ok());
        assert_eq!(find_without_answer(&ring, "b", 80).await, (away, true));
        assert_eq!(find_without_answer(&ring, "a", 81).await, (Ok(()), false), "an unknown key is in nobody's way");
    }

    #[tokio::test]
    async fn without_an_answer_known_keys_are_good_for_an_hour() {
        let ring = KeyRing::default();
        assert!(ring.find("a", || at(0), async || Ok(set(&["a"]))).await.is_ok());
        assert_eq!(find_without_answer(&ring, "a", 600).await, (Ok(()), true));
        assert_eq!(find_without_answer(&ring, "a", 601).await, (Ok(()), false));
        assert_eq!(find_without_answer(&ring, "a", 3_599).await, (Ok(()), true));
        assert_eq!(find_without_answer(&ring, "a", 3_600).await, (Err(SignInRefusal::Unavailable), false));
    }

    #[tokio::test]
    async fn a_fetch_that_nobody_waited_for_counts_as_failed() {
        let ring = KeyRing::default();
        let never = ring.find("a", || at(0), async || std::future::pending().await);
        assert!(tokio::time::timeout(std::time::Duration::from_millis(1), never).await.is_err());
        assert_eq!(find_without_answer(&ring, "a", 1).await, (Err(SignInRefusal::Unavailable), false));
    }

    #[tokio::test]
    async fn keys_are_fetched_again_where_the_clock_was_set_back() {
        let ring = KeyRing::default();
        assert!(ring.find("a", || at(9_000), async || Ok(set(&["a"]))).await.is_ok());
        assert!(ring.find("b", || at(0), async || Ok(set(&["b"]))).await.is_ok());
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
