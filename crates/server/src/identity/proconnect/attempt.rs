//! Attempts to sign in that a browser has begun, in a cookie of its own. An attempt is good for ten minutes and for one callback.

use axum::http::{HeaderMap, HeaderValue};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::return_path::ReturnPath;
use crate::cookie;
use crate::public_url::PublicUrl;
use crate::random::{Random, RandomUnavailable};
use crate::secret::Secret;

/// Most attempts of one browser at the same time: one in each tab.
const MOST: usize = 4;
/// Time within which an attempt must come to its end.
const LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// Attempt to sign in. All that it shows to others follows from one secret.
pub(crate) struct Attempt {
    secret: Secret,
    begun_at: Timestamp,
    path: ReturnPath,
}

impl Attempt {
    /// Returns the value by which the provider leads back to this attempt.
    pub(crate) fn state(&self) -> String {
        self.derived("state").as_str().to_owned()
    }

    /// Returns the value that the identity token of this attempt has to repeat.
    pub(super) fn nonce(&self) -> String {
        self.derived("nonce").as_str().to_owned()
    }

    /// Returns the proof that whoever redeems the code began the attempt (RFC 7636).
    pub(super) fn verifier(&self) -> String {
        self.derived("verifier").as_str().to_owned()
    }

    /// Returns the challenge of that proof, by `S256`.
    pub(super) fn challenge(&self) -> String {
        Secret::of(&self.derived("verifier").hash()).as_str().to_owned()
    }

    /// Returns the place to which the attempt leads back.
    pub(crate) fn path(&self) -> &ReturnPath {
        &self.path
    }

    fn derived(&self, label: &str) -> Secret {
        Secret::of(&Sha256::digest([label, ":", self.secret.as_str()].concat()).into())
    }
}

/// The attempts of one browser, the last one at the end.
#[derive(Default)]
pub(crate) struct Attempts(Vec<Attempt>);

impl Attempts {
    /// Reads the attempts in the cookies of a call, those that are not over.
    pub(crate) fn read(headers: &HeaderMap, public_url: &PublicUrl, now: Timestamp) -> Self {
        let kept = cookie::value(headers, name(public_url)).unwrap_or_default();
        let attempts =
            kept.split('|').filter_map(parse).filter(|attempt| now.duration_since(attempt.begun_at) < LIFETIME);
        let mut attempts: Vec<Attempt> = attempts.collect();
        attempts.drain(..attempts.len().saturating_sub(MOST));
        Self(attempts)
    }

    /// Adds an attempt, and drops the first one where there are too many.
    ///
    /// # Errors
    /// When the source of random bytes is out of order.
    pub(crate) fn begin(
        &mut self,
        path: ReturnPath,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<&Attempt, RandomUnavailable> {
        let attempt = Attempt { secret: Secret::draw(random)?, begun_at: now, path };
        if self.0.len() == MOST {
            self.0.remove(0);
        }
        self.0.push(attempt);
        let last = self.0.len() - 1;
        Ok(&self.0[last])
    }

    /// Takes the attempt of a state out of the others. How long that takes tells nothing of the states.
    pub(crate) fn take(&mut self, state: &str) -> Option<Attempt> {
        let mut found = None;
        for (place, attempt) in self.0.iter().enumerate() {
            if attempt.derived("state").is(state) {
                found = Some(place);
            }
        }
        found.map(|place| self.0.remove(place))
    }

    /// Returns the cookie that keeps the attempts in the browser.
    pub(crate) fn cookie(&self, public_url: &PublicUrl) -> Option<HeaderValue> {
        let (name, attributes) = (name(public_url), cookie::attributes(public_url));
        let age = if self.0.is_empty() { 0 } else { LIFETIME.as_secs() };
        let one = |attempt: &Attempt| {
            let Attempt { secret, begun_at, path } = attempt;
            [secret.as_str(), ".", &begun_at.as_second().to_string(), ".", path.as_str()].concat()
        };
        let value = self.0.iter().map(one).collect::<Vec<_>>().join("|");
        HeaderValue::from_str(&format!("{name}={value}; HttpOnly{attributes}; Max-Age={age}")).ok()
    }
}

fn parse(kept: &str) -> Option<Attempt> {
    let (secret, rest) = kept.split_once('.')?;
    let (begun_at, path) = rest.split_once('.')?;
    Some(Attempt {
        secret: Secret::parse(secret)?,
        begun_at: Timestamp::from_second(begun_at.parse().ok()?).ok()?,
        path: ReturnPath::parse(path)?,
    })
}

/// Returns the name of the cookie. With the prefix, browsers take it for this very host alone (RFC 6265bis, section 4.1.3.2).
fn name(public_url: &PublicUrl) -> &'static str {
    if public_url.is_secure() { "__Host-habilitation_signin" } else { "habilitation_signin" }
}

#[cfg(test)]
mod tests {
    use axum::http::header::COOKIE;
    use data_encoding::BASE64URL_NOPAD;

    use super::*;
    use crate::random::SystemRandom;

    const URL: &str = "https://habilitation.example";

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_796_000_000 + seconds).unwrap()
    }

    fn path(text: &str) -> ReturnPath {
        ReturnPath::parse(text).unwrap()
    }

    fn read(cookie: &str, now: Timestamp) -> Attempts {
        let headers = [(COOKIE, HeaderValue::from_str(cookie).unwrap())].into_iter().collect();
        Attempts::read(&headers, &URL.parse().unwrap(), now)
    }

    fn sent_back(attempts: &Attempts) -> String {
        let cookie = attempts.cookie(&URL.parse().unwrap()).unwrap();
        cookie.to_str().unwrap().split(';').next().unwrap().to_owned()
    }

    #[test]
    fn an_attempt_is_found_by_its_state_once() {
        let mut attempts = Attempts::default();
        let begun = attempts.begin(path("/?page=aide"), &SystemRandom, at(0)).unwrap();
        let (state, nonce, verifier) = (begun.state(), begun.nonce(), begun.verifier());
        assert_eq!([state.len(), nonce.len(), verifier.len(), begun.challenge().len()], [43; 4]);
        assert!(state != nonce && nonce != verifier && verifier != state);
        let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(&verifier));
        assert_eq!(begun.challenge(), challenge);
        let cookie = sent_back(&attempts);
        assert!(cookie.starts_with("__Host-habilitation_signin="), "{cookie}");
        assert!(!cookie.contains(&state) && !cookie.contains(&verifier), "what others see does not open the cookie");
        let mut known = read(&cookie, at(599));
        assert!(known.take(&nonce).is_none() && known.take("").is_none());
        let found = known.take(&state).unwrap();
        assert_eq!((found.nonce(), found.verifier(), found.path().as_str()), (nonce, verifier, "/?page=aide"));
        assert!(known.take(&state).is_none(), "it is used up");
        let gone = known.cookie(&URL.parse().unwrap()).unwrap();
        let attributes = "__Host-habilitation_signin=; HttpOnly; Path=/; SameSite=Lax; Secure; Max-Age=0";
        assert_eq!(gone.to_str().unwrap(), attributes);
    }

    #[test]
    fn an_attempt_is_over_after_ten_minutes_and_is_this_browsers_own() {
        let mut attempts = Attempts::default();
        let state = attempts.begin(path("/"), &SystemRandom, at(0)).unwrap().state();
        assert!(read(&sent_back(&attempts), at(600)).take(&state).is_none());
        assert!(read("a=b", at(1)).take(&state).is_none());
        let mut other = Attempts::default();
        other.begin(path("/"), &SystemRandom, at(0)).unwrap();
        assert!(read(&sent_back(&other), at(1)).take(&state).is_none());
    }

    #[test]
    fn four_tabs_sign_in_at_the_same_time_and_a_fifth_takes_the_place_of_the_first() {
        let longest = path(&["/?", &"a".repeat(798)].concat());
        let mut attempts = Attempts::default();
        let begin = |attempts: &mut Attempts| attempts.begin(longest.clone(), &SystemRandom, at(0)).unwrap().state();
        let states: Vec<String> = (0..5).map(|_| begin(&mut attempts)).collect();
        assert!(attempts.cookie(&URL.parse().unwrap()).unwrap().len() < 4_096, "browsers keep no longer ones");
        let mut known = read(&sent_back(&attempts), at(1));
        let found: Vec<bool> = states.iter().map(|state| known.take(state).is_some()).collect();
        assert_eq!(found, [false, true, true, true, true]);
    }

    #[test]
    fn a_cookie_that_somebody_made_up_leads_nowhere_else() {
        let secret = "A".repeat(43);
        for kept in
            ["", ".", "A.1.//evil.example", &format!("{secret}.1796000000.//evil.example"), &format!("{secret}.x./")]
        {
            let attempts = read(&format!("__Host-habilitation_signin={kept}"), at(1));
            assert!(attempts.0.is_empty(), "{kept}");
        }
        assert_eq!(read(&format!("__Host-habilitation_signin={secret}.1796000000./"), at(1)).0.len(), 1);
    }
}
