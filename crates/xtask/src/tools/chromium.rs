//! The browser that tests and measurements drive.

use std::path::PathBuf;

use super::apt::{self, Program};

/// Finds the browser, or installs it where that needs no password.
///
/// # Errors
/// When it is missing and cannot be installed.
pub(crate) fn chromium() -> anyhow::Result<PathBuf> {
    apt::ensure(&Program {
        names: &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
        package: "chromium",
        version: "--version",
        purpose: "the browser tests and measurements drive it",
    })
}
