//! The other browsers that tests drive: Firefox and WebKit.

use std::path::PathBuf;

use anyhow::Context;

use super::apt::{self, Program};

/// Programs of the two engines.
pub(crate) struct Engines {
    pub(crate) firefox: PathBuf,
    /// Drives WebKit.
    pub(crate) webkit_driver: PathBuf,
    /// The small browser that comes with WebKit's library.
    pub(crate) webkit: PathBuf,
    /// Runs a command with a display that nobody sees.
    pub(crate) display: PathBuf,
}

/// Finds the engines, or installs them where that needs no password.
///
/// # Errors
/// When one is missing and cannot be installed.
pub(crate) fn engines() -> anyhow::Result<Engines> {
    const PURPOSE: &str = "the main journeys are tested in Firefox and WebKit too";
    let firefox = apt::ensure(&Program {
        names: &["firefox-esr", "firefox"],
        package: "firefox-esr",
        version: "--version",
        purpose: PURPOSE,
    })?;
    let webkit_driver = apt::ensure(&Program {
        names: &["WebKitWebDriver"],
        package: "webkit2gtk-driver",
        // It says no version.
        version: "--help",
        purpose: PURPOSE,
    })?;
    let display = apt::ensure(&Program {
        names: &["xvfb-run"],
        package: "xvfb",
        version: "--help",
        purpose: "WebKit draws on it",
    })?;
    let webkit = mini_browser().context(
        "WebKit's MiniBrowser is missing: the driver of WebKit starts it. \
         Install it with `apt-get install libwebkit2gtk-4.1-0`, or the package manager of your system",
    )?;
    Ok(Engines { firefox, webkit_driver, webkit, display })
}

/// The library keeps it beside its own processes, in a folder that is named after the machine and the version.
fn mini_browser() -> Option<PathBuf> {
    let machine = format!("/usr/lib/{}-linux-gnu", std::env::consts::ARCH);
    let folders = [machine.as_str(), "/usr/lib64", "/usr/libexec"];
    let versions = ["webkitgtk-6.0", "webkit2gtk-4.1", "webkit2gtk-4.0"];
    folders
        .iter()
        .flat_map(|folder| versions.iter().map(move |version| PathBuf::from(folder).join(version).join("MiniBrowser")))
        .find(|program| program.is_file())
}
