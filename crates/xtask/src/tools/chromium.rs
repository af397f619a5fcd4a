//! The browser that tests and measurements drive.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, bail};

use crate::process;

/// Names under which the browser is installed.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Finds the browser, or installs it where that needs no password.
///
/// # Errors
/// When it is missing and cannot be installed.
pub(crate) fn chromium() -> anyhow::Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    const MISSING: &str = "Chromium is missing: the browser tests and measurements drive it. \
        Install it with `apt-get install chromium`, or the package manager of your system";
    if !is_root() || process::find("apt-get").is_none() {
        bail!(MISSING);
    }
    eprintln!("      chromium is installed: the browser tests and measurements drive it");
    process::run(&mut apt_get(&["update"])).context(MISSING)?;
    process::run(&mut apt_get(&["install", "--yes", "chromium"])).context(MISSING)?;
    find().context("chromium was installed and does not work")
}

fn find() -> Option<PathBuf> {
    NAMES.iter().filter_map(|name| process::find(name)).find(|program| process::version(program).is_some())
}

fn apt_get(arguments: &[&str]) -> Command {
    let mut command = process::command("apt-get");
    command.args(["--quiet", "--quiet"]).args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn is_root() -> bool {
    process::capture(process::command("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}
