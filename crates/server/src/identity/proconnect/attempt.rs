//! Attempts to sign in that a browser has begun, each in a cookie of its own: two that begin at the same moment do not overwrite each
//! other. An attempt is good for ten minutes and for one callback.

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

/// Characters of an attempt's state in the name of its cookie.
const NAMED: usize = 16;

/// Attempt to sign in. All that it shows to others follows from one secret.
pub(crate) struct Attempt {
    secret: Secret,
    begun_at: Timestamp,
    wants_two_factors: bool,
    path: ReturnPath,
}

impl Attempt {
    /// Begins an attempt.
    ///
    /// # Errors
    /// When the source of random bytes is out of order.
    pub(crate) fn begin(
        path: ReturnPath,
        wants_two_factors: bool,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<Self, RandomUnavailable> {
        Ok(Self { secret: Secret::draw(random)?, begun_at: now, wants_two_factors, path })
    }

    /// Finds the attempt of a state among the cookies of a call, unless it is over. How long that takes tells nothing of the state.
    pub(crate) fn find(headers: &HeaderMap, public_url: &PublicUrl, state: &str, now: Timestamp) -> Option<Self> {
        let name = [prefix(public_url), state.get(..NAMED)?].concat();
        let attempt = parse(cookie::value(headers, &name)?)?;
        (attempt.derived("state").is(state) && now.duration_since(attempt.begun_at) < LIFETIME).then_some(attempt)
    }

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

    /// Returns whether the provider is asked for two factors.
    pub(crate) fn wants_two_factors(&self) -> bool {
        self.wants_two_factors
    }

    /// Returns the cookie that keeps the attempt in the browser.
    pub(crate) fn cookie(&self, public_url: &PublicUrl) -> Option<HeaderValue> {
        let Self { secret, begun_at, wants_two_factors, path } = self;
        let factors = if *wants_two_factors { "2" } else { "1" };
        let value = [secret.as_str(), &begun_at.as_second().to_string(), factors, path.as_str()].join(".");
        set(&self.name(public_url), &value, LIFETIME.as_secs(), public_url)
    }

    /// Returns the cookie that takes the attempt out of the browser.
    pub(crate) fn spent(&self, public_url: &PublicUrl) -> Option<HeaderValue> {
        set(&self.name(public_url), "", 0, public_url)
    }

    fn name(&self, public_url: &PublicUrl) -> String {
        let state = self.state();
        [prefix(public_url), state.get(..NAMED).unwrap_or_default()].concat()
    }

    fn derived(&self, label: &str) -> Secret {
        Secret::of(&Sha256::digest([label, ":", self.secret.as_str()].concat()).into())
    }
}

/// Returns the cookies that make room for one more attempt: they take the first ones out of the browser.
pub(crate) fn room_for_one(headers: &HeaderMap, public_url: &PublicUrl) -> Vec<HeaderValue> {
    let begun_at = |value: &str| parse(value).map(|attempt| attempt.begun_at);
    let mut known: Vec<_> = cookie::beginning_with(headers, prefix(public_url))
        .map(|(name, value)| (begun_at(value), name.to_owned()))
        .collect();
    known.sort();
    known.truncate((known.len() + 1).saturating_sub(MOST));
    known.iter().filter_map(|(_, name)| set(name, "", 0, public_url)).collect()
}

fn set(name: &str, value: &str, age: i64, public_url: &PublicUrl) -> Option<HeaderValue> {
    let attributes = cookie::attributes(public_url);
    HeaderValue::from_str(&format!("{name}={value}; HttpOnly{attributes}; Max-Age={age}")).ok()
}

fn parse(kept: &str) -> Option<Attempt> {
    let mut parts = kept.splitn(4, '.');
    Some(Attempt {
        secret: Secret::parse(parts.next()?)?,
        begun_at: Timestamp::from_second(parts.next()?.parse().ok()?).ok()?,
        wants_two_factors: match parts.next()? {
            "1" => false,
            "2" => true,
            _ => return None,
        },
        path: ReturnPath::parse(parts.next()?)?,
    })
}

/// Returns the beginning of the names of the cookies. With the prefix, browsers take them for this very host alone (RFC 6265bis,
/// section 4.1.3.2).
fn prefix(public_url: &PublicUrl) -> &'static str {
    if public_url.is_secure() { "__Host-habilitation_signin_" } else { "habilitation_signin_" }
}

#[cfg(test)]
mod tests {
    use axum::http::header::COOKIE;
    use data_encoding::BASE64URL_NOPAD;

    use super::*;
    use crate::random::SystemRandom;

    fn url() -> PublicUrl {
        "https://habilitation.example".parse().unwrap()
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_796_000_000 + seconds).unwrap()
    }

    fn begin(path: &str, seconds: i64) -> Attempt {
        Attempt::begin(ReturnPath::parse(path).unwrap(), false, &SystemRandom, at(seconds)).unwrap()
    }

    fn headers(cookies: &[String]) -> HeaderMap {
        [(COOKIE, HeaderValue::from_str(&cookies.join("; ")).unwrap())].into_iter().collect()
    }

    /// Returns the part of a cookie that the browser sends back.
    fn sent_back(cookie: Option<HeaderValue>) -> String {
        cookie.unwrap().to_str().unwrap().split(';').next().unwrap().to_owned()
    }

    fn find(cookies: &[String], state: &str, seconds: i64) -> Option<Attempt> {
        Attempt::find(&headers(cookies), &url(), state, at(seconds))
    }

    #[test]
    fn an_attempt_is_found_by_its_state() {
        let begun = begin("/?page=aide", 0);
        let (state, nonce, verifier) = (begun.state(), begun.nonce(), begun.verifier());
        assert_eq!([state.len(), nonce.len(), verifier.len(), begun.challenge().len()], [43; 4]);
        assert!(state != nonce && nonce != verifier && verifier != state);
        let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(&verifier));
        assert_eq!(begun.challenge(), challenge);
        let cookie = sent_back(begun.cookie(&url()));
        assert!(cookie.starts_with("__Host-habilitation_signin_"), "{cookie}");
        assert!(!cookie.contains(&state) && !cookie.contains(&verifier), "what others see does not open the cookie");
        let cookies = [cookie];
        for other in [&nonce, "", &state[..16], &[&state[..16], &nonce[16..]].concat()] {
            assert!(find(&cookies, other, 1).is_none(), "{other}");
        }
        let found = find(&cookies, &state, 599).unwrap();
        assert_eq!((found.nonce(), found.verifier(), found.path().as_str()), (nonce, verifier, "/?page=aide"));
        assert!(!found.wants_two_factors());
        let gone = begun.spent(&url()).unwrap();
        let ending = "=; HttpOnly; Path=/; SameSite=Lax; Secure; Max-Age=0";
        assert!(gone.to_str().unwrap().ends_with(ending), "{gone:?}");
    }

    #[test]
    fn what_was_asked_for_is_known_when_the_person_comes_back() {
        let begun = Attempt::begin(ReturnPath::default(), true, &SystemRandom, at(0)).unwrap();
        assert!(find(&[sent_back(begun.cookie(&url()))], &begun.state(), 1).unwrap().wants_two_factors());
    }

    #[test]
    fn an_attempt_is_over_after_ten_minutes_and_is_this_browsers_own() {
        let (begun, other) = (begin("/", 0), begin("/", 0));
        let cookie = [sent_back(begun.cookie(&url()))];
        assert!(find(&cookie, &begun.state(), 600).is_none());
        assert!(find(&["a=b".to_owned()], &begun.state(), 1).is_none());
        assert!(find(&[sent_back(other.cookie(&url()))], &begun.state(), 1).is_none());
    }

    #[test]
    fn two_attempts_that_begin_at_the_same_moment_are_both_kept() {
        let attempts = [begin("/?page=aide", 0), begin("/?page=affichage", 0)];
        // Each answer knows nothing of the other.
        let cookies = attempts.each_ref().map(|attempt| sent_back(attempt.cookie(&url())));
        for attempt in &attempts {
            assert_eq!(find(&cookies, &attempt.state(), 1).unwrap().path(), attempt.path());
        }
    }

    #[test]
    fn four_tabs_sign_in_at_the_same_time_and_a_fifth_takes_the_place_of_the_first() {
        let longest = ["/?", &"a".repeat(798)].concat();
        let attempts: Vec<Attempt> = (0..4).map(|second| begin(&longest, second)).collect();
        let cookies: Vec<String> = attempts.iter().map(|attempt| sent_back(attempt.cookie(&url()))).collect();
        assert!(cookies.iter().map(String::len).sum::<usize>() < 4_096, "no server takes endless headers");
        assert!(room_for_one(&headers(&cookies[1..]), &url()).is_empty());
        let made = room_for_one(&headers(&cookies), &url());
        assert_eq!(made, [attempts[0].spent(&url()).unwrap()]);
        let odd = "__Host-habilitation_signin_odd=x".to_owned();
        let made = room_for_one(&headers(&[&cookies[1..], &[odd]].concat()), &url());
        assert_eq!(made.len(), 1, "what is no attempt goes first");
        assert!(made[0].to_str().unwrap().starts_with("__Host-habilitation_signin_odd=;"));
    }

    #[test]
    fn a_cookie_that_somebody_made_up_leads_nowhere_else() {
        let begun = begin("/", 0);
        let secret = begun.secret.as_str();
        for (kept, is_read) in [
            (String::new(), false),
            (".".to_owned(), false),
            ("A.1.1.//evil.example".to_owned(), false),
            (format!("{secret}.1796000000.1.//evil.example"), false),
            (format!("{secret}.1796000000.3./"), false),
            (format!("{secret}.x.1./"), false),
            (format!("{secret}.1796000000.1./"), true),
        ] {
            let cookie = format!("{}={kept}", begun.name(&url()));
            assert_eq!(find(&[cookie], &begun.state(), 1).is_some(), is_read, "{kept}");
        }
    }
}
