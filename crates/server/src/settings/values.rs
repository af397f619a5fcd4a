//! Values of settings, as the command line gives them.

use std::net::IpAddr;

use axum::http::Uri;
use habilitation_model::email::Email;
use habilitation_model::web_address::WebAddress;

pub(super) fn web_address(text: &str) -> Result<String, &'static str> {
    WebAddress::parse(text)
        .map(|_| text.to_owned())
        .map_err(|_| "it is not a web address such as https://site.example/page")
}

pub(super) fn email(text: &str) -> Result<String, &'static str> {
    Email::parse(text)
        .map(|email| email.as_str().to_owned())
        .map_err(|_| "it is not an e-mail address such as contact@site.example")
}

/// Returns whether nobody reads along on the way to an address: over TLS, or on this machine.
pub(crate) fn is_protected(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let is_loopback = host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
    match uri.scheme_str() {
        Some("https") => !host.is_empty(),
        Some("http") => is_loopback,
        _ => false,
    }
}
