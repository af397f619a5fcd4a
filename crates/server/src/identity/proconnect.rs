//! Signing in with ProConnect (OpenID Connect Core 1.0): one redirection there and back, one call for tokens, one for claims.
//!
//! An answer that people bring back is believed once the provider signed it by the registered algorithm, for this service and for the
//! [attempt] that this browser began. No token is kept.
//!
//! [attempt]: attempt::Attempt

mod attempt;
mod claims;
mod discovery;
mod exchange;
mod keys;
mod limits;
mod refusal;
mod return_path;
mod returned;
mod token;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::sync::Semaphore;

pub(crate) use self::attempt::{Attempt, room_for_one};
pub(crate) use self::claims::Described;
use self::discovery::Provider;
use self::keys::KeyRing;
pub(crate) use self::refusal::Refusal;
pub(crate) use self::return_path::ReturnPath;
pub(crate) use self::returned::Returned;
use self::token::Expected;
use crate::addresses::{SIGN_IN_CALLBACK, SIGNED_OUT};
use crate::clock::Clock;
use crate::outgoing::{self, HttpClient};
use crate::public_url::PublicUrl;
use crate::settings::Registration;
use crate::team::TWO_FACTORS;

/// Shortest and longest time between two tries to read the provider's document.
const RETRY: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));
/// Time after which the document is read again.
const REFRESH: Duration = Duration::from_secs(600);

/// Registration of this service with ProConnect, and the way there.
pub(crate) struct ProConnect {
    registration: Registration,
    callback: String,
    signed_out: String,
    http: HttpClient,
    /// Addresses of the provider, once its document was read.
    provider: RwLock<Option<Arc<Provider>>>,
    keys: KeyRing,
    /// Room for people who wait for the provider.
    room: Semaphore,
    clock: Arc<dyn Clock>,
}

impl ProConnect {
    /// Opens the way to ProConnect; the provider need not answer yet.
    ///
    /// # Errors
    /// When the certificates that this machine trusts cannot be read.
    pub(crate) fn open(
        registration: Registration,
        public_url: &PublicUrl,
        clock: Arc<dyn Clock>,
    ) -> std::io::Result<Self> {
        Ok(Self {
            registration,
            callback: [&public_url.origin(), SIGN_IN_CALLBACK].concat(),
            signed_out: [&public_url.origin(), SIGNED_OUT].concat(),
            http: outgoing::client()?,
            provider: RwLock::default(),
            keys: KeyRing::default(),
            room: Semaphore::new(limits::SIGN_INS),
            clock,
        })
    }

    /// Reads the document of the provider once, and tells how that went.
    ///
    /// # Errors
    /// With a sentence on what is wrong.
    pub(crate) async fn check(&self) -> Result<String, String> {
        let issuer = self.registration.issuer.as_str();
        match discovery::read(&self.http, &self.registration.issuer).await {
            Ok(_) => Ok(format!("{issuer} answers with its document")),
            Err(reason) => Err(format!("{issuer}: {reason}")),
        }
    }

    /// Reads the document of the provider until it answers, then again now and then.
    pub(crate) async fn discover_forever(&self) {
        let mut wait = RETRY.0;
        loop {
            match discovery::read(&self.http, &self.registration.issuer).await {
                Ok(provider) => {
                    *self.provider.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(provider));
                    wait = RETRY.0;
                    tokio::time::sleep(REFRESH).await;
                }
                Err(reason) => {
                    // What was read before stays good: addresses seldom change.
                    tracing::warn!(reason, "the document of ProConnect cannot be read; it will be tried again");
                    tokio::time::sleep(wait).await;
                    wait = (2 * wait).min(RETRY.1);
                }
            }
        }
    }

    fn provider(&self) -> Option<Arc<Provider>> {
        self.provider.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the address at which a person signs in at the provider; none while the provider is not known. The provider proposes
    /// the e-mail address of the hint to them.
    pub(crate) fn sign_in_address(&self, attempt: &Attempt, hint: Option<&str>) -> Option<String> {
        let provider = self.provider()?;
        let Registration { client_id, scopes, .. } = &self.registration;
        // Never `acr_values`: the provider would answer with what was asked.
        let asked = if attempt.wants_two_factors() {
            json!({"id_token": {"acr": {"essential": true, "values": TWO_FACTORS}, "amr": null}})
        } else {
            json!({"id_token": {"acr": null, "amr": null}})
        };
        let (state, nonce, challenge) = (attempt.state(), attempt.nonce(), attempt.challenge());
        let (asked, hint) = (asked.to_string(), hint.map(|hint| ("login_hint", hint)));
        let parameters = [
            ("response_type", "code"),
            ("client_id", client_id),
            ("redirect_uri", &self.callback),
            ("scope", scopes),
            ("state", &state),
            ("nonce", &nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("claims", &asked),
        ];
        Some(with_query(&provider.authorization_endpoint, &parameters.into_iter().chain(hint).collect::<Vec<_>>()))
    }

    /// Returns the address at which a person signs out at the provider, if it has one. The way back tells `state`.
    pub(crate) fn sign_out_address(&self, state: Option<&str>) -> Option<String> {
        let provider = self.provider()?;
        let endpoint = provider.end_session_endpoint.as_deref()?;
        let query = [("client_id", &*self.registration.client_id), ("post_logout_redirect_uri", &self.signed_out)];
        let state = state.map(|state| ("state", state));
        Some(with_query(endpoint, &query.into_iter().chain(state).collect::<Vec<_>>()))
    }

    /// Returns the person who came back from the provider, as it describes them.
    ///
    /// # Errors
    /// When the provider refused, does not answer, or says anything that is not signed for this attempt.
    pub(crate) async fn finish(&self, attempt: &Attempt, returned: &Returned) -> Result<Described, Refusal> {
        // RFC 9207: the answer of another provider is none to this attempt.
        if returned.issuer.as_deref() != Some(self.registration.issuer.as_str()) {
            return Err(Refusal::untrusted("the callback names another issuer, or none"));
        }
        let code = returned.outcome()?;
        // Where the provider hangs, nobody stands in line for it.
        let _room = self.room.try_acquire().map_err(|_| Refusal::unavailable("too many wait for the provider"))?;
        let described = tokio::time::timeout(limits::SIGN_IN_TIME, self.describe(attempt, code)).await;
        described.unwrap_or(Err(Refusal::unavailable("the provider takes too long")))
    }

    /// Returns the person of a code, as the provider describes them.
    async fn describe(&self, attempt: &Attempt, code: &str) -> Result<Described, Refusal> {
        let provider = self.provider().ok_or_else(|| Refusal::unavailable("the provider is not known"))?;
        let way = exchange::Way { http: &self.http, provider: &provider, registration: &self.registration };
        let tokens = way.redeem(code, &self.callback, &attempt.verifier()).await?;
        let identity = self.verify(&provider, &tokens.id_token).await?;
        token::check_nonce(&identity, &attempt.nonce())?;
        let claims = self.verify(&provider, &way.userinfo(&tokens.access_token).await?).await?;
        if identity.get("sub") != claims.get("sub") {
            return Err(Refusal::untrusted("the claims are of another person than the identity token"));
        }
        claims::describe(&self.registration, &identity, &claims)
    }

    /// Returns the claims of a token that the provider signed for this service.
    async fn verify(&self, provider: &Provider, jwt: &str) -> Result<Map<String, Value>, Refusal> {
        let expected = Expected {
            algorithm: self.registration.algorithm,
            issuer: self.registration.issuer.as_str(),
            client_id: &self.registration.client_id,
            now: self.clock.now(),
        };
        let key_id = token::key_id(jwt, &expected)?;
        let fetch = async || keys::fetch(&self.http, &provider.jwks_uri).await;
        let key = self.keys.find(&key_id, || self.clock.now(), fetch).await?;
        token::verify(jwt, &key, &expected)
    }
}

/// Returns an address with parameters added to its query.
fn with_query(address: &str, parameters: &[(&str, &str)]) -> String {
    let separator = if address.contains('?') { "&" } else { "?" };
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    [address, separator, &query].concat()
}
