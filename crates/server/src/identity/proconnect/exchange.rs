//! Calls by which a code becomes tokens (RFC 6749, section 4.1.3), and a token the claims of a person.

use axum::body::Bytes;
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderValue, Request, StatusCode};
use http_body_util::Full;
use serde::Deserialize;

use super::discovery::Provider;
use super::limits::LIMITS;
use super::refusal::Refusal;
use crate::outgoing::{self, Answer, HttpClient};
use crate::settings::Registration;

/// Tokens of one sign-in. None is kept, and others of the answer are not even read.
#[derive(Deserialize)]
pub(super) struct Tokens {
    pub(super) access_token: String,
    pub(super) id_token: String,
}

/// Error in the provider's answer.
#[derive(Deserialize)]
struct Denied {
    error: String,
}

/// Way to the provider's endpoints.
pub(super) struct Way<'a> {
    pub(super) http: &'a HttpClient,
    pub(super) provider: &'a Provider,
    pub(super) registration: &'a Registration,
}

impl Way<'_> {
    /// Redeems a code for tokens. The secret goes in the body: the provider takes no other way.
    pub(super) async fn redeem(&self, code: &str, callback: &str, verifier: &str) -> Result<Tokens, Refusal> {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", callback),
                ("client_id", &self.registration.client_id),
                ("client_secret", self.registration.secret.as_str()),
                ("code_verifier", verifier),
            ])
            .finish();
        let call = Request::post(&self.provider.token_endpoint)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ACCEPT, "application/json")
            .body(Full::from(body));
        let answer = self.call(call).await?;
        if answer.status == StatusCode::OK {
            return serde_json::from_slice(&answer.body)
                .map_err(|_| Refusal::untrusted("the provider answers a code with something else than tokens"));
        }
        let denied = serde_json::from_slice(&answer.body).map(|Denied { error }| error);
        Err(match denied.as_deref() {
            Ok("invalid_grant") => Refusal::expired("the code was used, or is too old"),
            Ok("invalid_client" | "unauthorized_client") => {
                Refusal::untrusted("the provider does not take the identifier or the secret of this service")
            }
            _ if answer.status.is_server_error() => Refusal::unavailable("the provider fails to redeem a code"),
            _ => Refusal::untrusted("the provider refuses to redeem a code"),
        })
    }

    /// Returns the signed claims of the person whose token this is.
    pub(super) async fn userinfo(&self, access_token: &str) -> Result<String, Refusal> {
        let mut bearer = HeaderValue::from_str(&["Bearer ", access_token].concat())
            .map_err(|_| Refusal::untrusted("the access token is none"))?;
        bearer.set_sensitive(true);
        let call = Request::get(&self.provider.userinfo_endpoint).header(AUTHORIZATION, bearer).body(Full::default());
        let answer = self.call(call).await?;
        if answer.status.is_server_error() {
            return Err(Refusal::unavailable("the provider fails to tell who it is"));
        }
        if answer.status != StatusCode::OK {
            return Err(Refusal::untrusted("the provider refuses to tell who it is"));
        }
        if answer.media_type != "application/jwt" {
            return Err(Refusal::untrusted("the claims are not signed: an algorithm has to be registered for them"));
        }
        let text = std::str::from_utf8(&answer.body);
        text.map(|text| text.trim().to_owned()).map_err(|_| Refusal::untrusted("the claims are no token"))
    }

    async fn call(&self, call: axum::http::Result<Request<Full<Bytes>>>) -> Result<Answer, Refusal> {
        let unavailable = |_| Refusal::unavailable("the provider does not answer");
        let call = call.map_err(|_| Refusal::unavailable("the provider has no address that can be called"))?;
        outgoing::call(self.http, call, LIMITS).await.map_err(unavailable)
    }
}
