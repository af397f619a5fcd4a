//! Document in which the provider says where its endpoints are (OpenID Connect Discovery 1.0).

use axum::body::Bytes;
use axum::http::uri::Scheme;
use axum::http::{Request, StatusCode, Uri};
use http_body_util::Full;
use serde::Deserialize;

use super::limits::LIMITS;
use crate::outgoing::{self, HttpClient};
use crate::settings::{Issuer, is_protected};

/// Addresses of the provider.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Provider {
    issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) userinfo_endpoint: String,
    pub(super) jwks_uri: String,
    pub(super) end_session_endpoint: Option<String>,
}

/// Reads the document.
///
/// # Errors
/// With a reason for the log.
pub(super) async fn read(http: &HttpClient, issuer: &Issuer) -> Result<Provider, &'static str> {
    let address = [issuer.as_str(), "/.well-known/openid-configuration"].concat();
    let call = Request::get(address).body(Full::<Bytes>::default()).map_err(|_| "its address cannot be called")?;
    let answer = outgoing::call(http, call, LIMITS).await.map_err(|_| "the provider does not answer")?;
    if answer.status != StatusCode::OK {
        return Err("the provider answers with another status than 200");
    }
    parse(&answer.body, issuer)
}

fn parse(document: &[u8], issuer: &Issuer) -> Result<Provider, &'static str> {
    let provider: Provider =
        serde_json::from_slice(document).map_err(|_| "the document is not one of OpenID Connect")?;
    // Section 4.3: who answers for another issuer is not believed.
    if provider.issuer != issuer.as_str() {
        return Err("the document is of another issuer than --proconnect-issuer");
    }
    let endpoints =
        [&provider.authorization_endpoint, &provider.token_endpoint, &provider.userinfo_endpoint, &provider.jwks_uri];
    // A stand-in on this machine has no TLS; a provider that has leads nobody to where there is none.
    let needs_tls = !issuer.as_str().starts_with("http://");
    let is_fit = |address: &String| {
        let is_fit = |uri: Uri| is_protected(&uri) && (!needs_tls || uri.scheme() == Some(&Scheme::HTTPS));
        address.parse().is_ok_and(is_fit) && address.bytes().all(|byte| byte.is_ascii_graphic())
    };
    if endpoints.into_iter().chain(&provider.end_session_endpoint).all(is_fit) {
        Ok(provider)
    } else {
        Err("an address in the document does not begin with https://")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_document_of_another_issuer_or_without_tls_is_not_believed() {
        let issuer: Issuer = "https://auth.example/api/v2".parse().unwrap();
        let document = json!({
            "issuer": "https://auth.example/api/v2",
            "authorization_endpoint": "https://auth.example/api/v2/authorize",
            "token_endpoint": "https://auth.example/api/v2/token",
            "userinfo_endpoint": "https://auth.example/api/v2/userinfo",
            "jwks_uri": "https://auth.example/api/v2/jwks",
            "end_session_endpoint": "https://auth.example/api/v2/session/end",
            "scopes_supported": ["openid"],
        });
        let read = |document: &serde_json::Value| parse(document.to_string().as_bytes(), &issuer);
        assert!(read(&document).unwrap().end_session_endpoint.is_some());
        for (member, value) in [
            ("issuer", json!("https://auth.example/api/v2/")),
            ("issuer", json!("https://evil.example/api/v2")),
            ("issuer", json!(null)),
            ("token_endpoint", json!("http://auth.example/api/v2/token")),
            ("token_endpoint", json!("http://localhost:8080/token")),
            ("authorization_endpoint", json!("javascript:alert(1)")),
            ("authorization_endpoint", json!("https://auth.example/\r\nset-cookie: a")),
            ("jwks_uri", json!(7)),
            ("end_session_endpoint", json!("//evil.example")),
        ] {
            let mut wrong = document.clone();
            wrong[member] = value;
            assert!(read(&wrong).is_err(), "{wrong}");
        }
        assert!(parse(b"<html>", &issuer).is_err());
    }
}
