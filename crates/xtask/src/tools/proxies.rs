//! The proxies behind which the server is tested.

use super::apt::{self, Program};

const PURPOSE: &str = "the server is tested behind it, with the configuration of docs/proxies.md";

const PROXIES: [Program; 2] = [
    Program { names: &["nginx"], package: "nginx-light", version: "-v", purpose: PURPOSE },
    Program { names: &["caddy"], package: "caddy", version: "version", purpose: PURPOSE },
];

/// Finds the proxies, or installs them where that needs no password. The tests look for them by themselves.
///
/// # Errors
/// When one is missing and cannot be installed.
pub(crate) fn proxies() -> anyhow::Result<()> {
    PROXIES.iter().try_for_each(|proxy| apt::ensure(proxy).map(drop))
}
