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

/// Finds or installs Chromium's headless shell, which halves the time of the tests.
///
/// `None` on systems that have no package of it: the whole browser does as well.
pub(crate) fn headless_chromium() -> Option<PathBuf> {
    let shell = apt::ensure(&Program {
        names: &["chromium-headless-shell", "chrome-headless-shell"],
        package: "chromium-headless-shell",
        version: "--version",
        purpose: "the browser tests take half the time in it",
    });
    shell.inspect_err(|error| eprintln!("      The tests go on in the whole browser: {error:#}")).ok()
}
