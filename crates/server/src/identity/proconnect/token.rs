//! Verification of what the provider signed (RFC 7519; OpenID Connect Core 1.0, section 3.1.3.7).

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::{Jwk, KeyAlgorithm};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Map, Value};

use super::refusal::Refusal;
use crate::secret::Secret;
use crate::settings::SigningAlgorithm;

/// Difference that is granted between the provider's clock and ours.
const LEEWAY: SignedDuration = SignedDuration::from_secs(30);

/// Properties that a token has to have.
pub(super) struct Expected<'a> {
    /// Algorithm that was registered, whatever the token says.
    pub(super) algorithm: SigningAlgorithm,
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) now: Timestamp,
}

impl Expected<'_> {
    fn algorithm(&self) -> (Algorithm, KeyAlgorithm) {
        match self.algorithm {
            SigningAlgorithm::Es256 => (Algorithm::ES256, KeyAlgorithm::ES256),
            SigningAlgorithm::Rs256 => (Algorithm::RS256, KeyAlgorithm::RS256),
        }
    }
}

/// Returns the identifier of the key with which a token says that it is signed, by the registered algorithm.
pub(super) fn key_id(jwt: &str, expected: &Expected<'_>) -> Result<String, Refusal> {
    let header = decode_header(jwt).map_err(|_| Refusal::untrusted("a token cannot be read"))?;
    if header.alg != expected.algorithm().0 {
        return Err(Refusal::untrusted("a token is signed by another algorithm than the registered one"));
    }
    header.kid.ok_or(Refusal::untrusted("a token names no key"))
}

/// Returns the claims of a token that is signed with a key, and is for this service and for now.
pub(super) fn verify(jwt: &str, key: &Jwk, expected: &Expected<'_>) -> Result<Map<String, Value>, Refusal> {
    let (algorithm, key_algorithm) = expected.algorithm();
    if key.common.key_algorithm.is_some_and(|declared| declared != key_algorithm) {
        return Err(Refusal::untrusted("a key is for another algorithm than the registered one"));
    }
    let mut rules = Validation::new(algorithm);
    // Present, and not only right where they are: the library checks some of them in that case alone.
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    rules.set_issuer(&[expected.issuer]);
    rules.set_audience(&[expected.client_id]);
    // The library asks the machine for the time: this is done below.
    rules.validate_exp = false;
    let key = DecodingKey::from_jwk(key).map_err(|_| Refusal::untrusted("a key of the provider is none"))?;
    let token = decode::<Map<String, Value>>(jwt, &key, &rules);
    let claims = token.map_err(|_| Refusal::untrusted("a token is not signed, or not for this service"))?.claims;
    check_parties(&claims, expected)?;
    check_times(&claims, expected.now)?;
    Ok(claims)
}

/// Checks that a token is of the issuer alone and for this service alone: the library is content with one of several.
fn check_parties(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<(), Refusal> {
    if claims.get("iss").and_then(Value::as_str) != Some(expected.issuer) {
        return Err(Refusal::untrusted("a token is of other issuers too"));
    }
    let audience = claims.get("aud");
    let is_us = |value: &Value| value.as_str() == Some(expected.client_id);
    let is_for_us_alone = match audience {
        Some(Value::Array(all)) => all.len() == 1 && all.iter().all(is_us),
        Some(one) => is_us(one),
        None => false,
    };
    if is_for_us_alone { Ok(()) } else { Err(Refusal::untrusted("a token is for other services too")) }
}

fn check_times(claims: &Map<String, Value>, now: Timestamp) -> Result<(), Refusal> {
    let now = now.as_second();
    let time = |name: &str| claims.get(name).and_then(|time| time.as_i64().or_else(|| whole(time.as_f64()?)));
    let leeway = LEEWAY.as_secs();
    let is_early = |time: i64| time.saturating_sub(leeway) > now;
    if time("exp").is_none_or(|end| end.saturating_add(leeway) <= now) {
        Err(Refusal::untrusted("a token has expired"))
    } else if time("iat").is_none_or(is_early) {
        Err(Refusal::untrusted("a token was issued in the future, or does not say when"))
    } else if claims.contains_key("nbf") && time("nbf").is_none_or(is_early) {
        Err(Refusal::untrusted("a token is not valid yet"))
    } else {
        Ok(())
    }
}

/// Returns the whole seconds of a time.
#[expect(clippy::cast_possible_truncation, reason = "a time beyond all times is the last of them")]
fn whole(seconds: f64) -> Option<i64> {
    seconds.is_finite().then_some(seconds as i64)
}

/// Checks that an identity token was made for an attempt.
pub(super) fn check_nonce(claims: &Map<String, Value>, nonce: &str) -> Result<(), Refusal> {
    let found = claims.get("nonce").and_then(Value::as_str);
    if found.and_then(Secret::parse).is_some_and(|found| found.is(nonce)) {
        Ok(())
    } else {
        Err(Refusal::untrusted("the identity token is of another attempt, or of none"))
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::encoding::AsDer;
    use aws_lc_rs::rsa::{KeyPair, KeySize};
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
    use data_encoding::BASE64URL_NOPAD;
    use jsonwebtoken::{EncodingKey, Header, encode};
    use serde_json::json;

    use super::*;

    const ISSUER: &str = "https://auth.example/api/v2";
    const NOW: i64 = 1_796_000_000;

    struct Signer {
        key: EncodingKey,
        algorithm: Algorithm,
        public: Jwk,
    }

    impl Signer {
        fn es256() -> Self {
            let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
            let der = pair.to_pkcs8v1().unwrap();
            Self::of(EncodingKey::from_ec_der(der.as_ref()), Algorithm::ES256)
        }

        fn rs256() -> Self {
            let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
            let der = AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&pair).unwrap();
            Self::of(EncodingKey::from_rsa_der(pkcs1(der.as_ref())), Algorithm::RS256)
        }

        fn of(key: EncodingKey, algorithm: Algorithm) -> Self {
            let mut public = Jwk::from_encoding_key(&key, algorithm).unwrap();
            public.common.key_id = Some("a".to_owned());
            Self { key, algorithm, public }
        }

        fn sign(&self, claims: &Value) -> String {
            let header = Header { kid: Some("a".to_owned()), ..Header::new(self.algorithm) };
            encode(&header, claims, &self.key).unwrap()
        }
    }

    /// The RSA key within its wrapping (RFC 5208): what follows the algorithm, an octet string.
    fn pkcs1(pkcs8: &[u8]) -> &[u8] {
        let start = (0..pkcs8.len() - 4)
            .find(|at| pkcs8[*at] == 0x04 && pkcs8[at + 1] == 0x82 && pkcs8[at + 4] == 0x30)
            .unwrap();
        &pkcs8[start + 4..]
    }

    fn claims() -> Value {
        json!({"iss": ISSUER, "aud": "habilitation", "sub": "1", "exp": NOW + 60, "iat": NOW - 1, "nonce": "n"})
    }

    fn with(member: &str, value: Value) -> Value {
        let mut claims = claims();
        claims[member] = value;
        claims
    }

    fn without(member: &str) -> Value {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(member);
        claims
    }

    fn expected(algorithm: SigningAlgorithm) -> Expected<'static> {
        let now = Timestamp::from_second(NOW).unwrap();
        Expected { algorithm, issuer: ISSUER, client_id: "habilitation", now }
    }

    fn check(jwt: &str, key: &Jwk, algorithm: SigningAlgorithm) -> Result<Map<String, Value>, &'static str> {
        let expected = expected(algorithm);
        key_id(jwt, &expected).and_then(|_| verify(jwt, key, &expected)).map_err(|refusal| refusal.reason)
    }

    #[test]
    fn what_is_signed_by_the_registered_algorithm_is_believed() {
        for (signer, algorithm) in
            [(Signer::es256(), SigningAlgorithm::Es256), (Signer::rs256(), SigningAlgorithm::Rs256)]
        {
            let jwt = signer.sign(&claims());
            assert_eq!(check(&jwt, &signer.public, algorithm).unwrap()["sub"], "1");
            let alone = signer.sign(&with("aud", json!(["habilitation"])));
            assert!(check(&alone, &signer.public, algorithm).is_ok());
        }
    }

    #[test]
    fn no_other_algorithm_is_whatever_the_token_says() {
        let (ec, rsa) = (Signer::es256(), Signer::rs256());
        assert!(check(&ec.sign(&claims()), &ec.public, SigningAlgorithm::Rs256).is_err());
        assert!(check(&rsa.sign(&claims()), &rsa.public, SigningAlgorithm::Es256).is_err());
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        for alg in ["none", "None", "HS256", "ES384", ""] {
            let jwt = [&part(&json!({"alg": alg, "kid": "a"})), ".", &part(&claims()), "."].concat();
            assert!(check(&jwt, &ec.public, SigningAlgorithm::Es256).is_err(), "{alg}");
        }
        // A public key that everybody knows, taken for a secret that both sides share.
        let shared = EncodingKey::from_secret(serde_json::to_string(&ec.public).unwrap().as_bytes()).unwrap();
        let header = Header { kid: Some("a".to_owned()), ..Header::new(Algorithm::HS256) };
        let jwt = encode(&header, &claims(), &shared).unwrap();
        assert!(check(&jwt, &ec.public, SigningAlgorithm::Es256).is_err());
        let mut other_use = ec.public.clone();
        other_use.common.key_algorithm = Some(KeyAlgorithm::ES384);
        assert!(check(&ec.sign(&claims()), &other_use, SigningAlgorithm::Es256).is_err());
    }

    #[test]
    fn another_key_a_changed_text_or_no_key_is_refused() {
        let (ours, other) = (Signer::es256(), Signer::es256());
        let jwt = ours.sign(&claims());
        assert!(check(&jwt, &other.public, SigningAlgorithm::Es256).is_err());
        let (head, rest) = jwt.split_once('.').unwrap();
        let (_, signature) = rest.split_once('.').unwrap();
        let changed = BASE64URL_NOPAD.encode(with("sub", json!("2")).to_string().as_bytes());
        let forged = [head, ".", &changed, ".", signature].concat();
        assert!(check(&forged, &ours.public, SigningAlgorithm::Es256).is_err());
        let nameless = encode(&Header::new(Algorithm::ES256), &claims(), &ours.key).unwrap();
        assert_eq!(check(&nameless, &ours.public, SigningAlgorithm::Es256), Err("a token names no key"));
        for text in ["", ".", "..", "a.b.c", "é"] {
            assert!(check(text, &ours.public, SigningAlgorithm::Es256).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_for_others_or_for_another_time_or_does_not_say_is_refused() {
        let signer = Signer::es256();
        for claims in [
            with("iss", json!("https://evil.example")),
            with("iss", json!([ISSUER, "https://evil.example"])),
            without("iss"),
            with("aud", json!("other")),
            with("aud", json!(["habilitation", "other"])),
            with("aud", json!([])),
            without("aud"),
            without("sub"),
            with("exp", json!(NOW - 30)),
            with("exp", json!("tomorrow")),
            without("exp"),
            with("iat", json!(NOW + 31)),
            without("iat"),
            with("nbf", json!(NOW + 31)),
            with("nbf", json!("yesterday")),
        ] {
            let found = check(&signer.sign(&claims), &signer.public, SigningAlgorithm::Es256);
            assert!(found.is_err(), "{claims}");
        }
        for claims in [with("exp", json!(NOW - 29)), with("iat", json!(NOW + 30)), with("nbf", json!(NOW))] {
            assert!(check(&signer.sign(&claims), &signer.public, SigningAlgorithm::Es256).is_ok(), "{claims}");
        }
    }

    #[test]
    fn the_nonce_is_that_of_the_attempt_and_is_there() {
        let nonce = "A".repeat(43);
        let found = |claims: &Value| check_nonce(claims.as_object().unwrap(), &nonce).is_ok();
        assert!(found(&with("nonce", json!(nonce))));
        for claims in [
            without("nonce"),
            with("nonce", json!("B".repeat(43))),
            with("nonce", json!("")),
            with("nonce", json!(null)),
        ] {
            assert!(!found(&claims), "{claims}");
        }
    }
}
