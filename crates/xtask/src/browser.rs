//! Runs of the browser tests: Playwright, with the browsers and the server that it is told of.

use std::path::Path;
use std::process::Command;

use crate::{process, tools, workspace};

/// A run of Playwright Test on the built page and the real server, still without arguments.
///
/// # Errors
/// When Chromium or a package is missing and cannot be installed.
pub(crate) fn playwright(server: &Path) -> anyhow::Result<Command> {
    let chromium = tools::chromium()?;
    let headless = tools::headless_chromium().unwrap_or_else(|| chromium.clone());
    let folder = workspace::browser_tests();
    tools::packages(&folder)?;
    let mut command = process::command("node");
    command
        .current_dir(&folder)
        .args(["node_modules/@playwright/test/cli.js", "test"])
        .env("HABILITATION_CHROMIUM", chromium)
        .env("HABILITATION_HEADLESS_CHROMIUM", headless)
        .env("HABILITATION_SERVER", server)
        .env("HABILITATION_DIST", workspace::dist());
    Ok(command)
}

/// A run of Playwright Test in Firefox and WebKit, on the built page and the real server, still without arguments.
///
/// # Errors
/// When an engine or a package is missing and cannot be installed.
pub(crate) fn engines(server: &Path) -> anyhow::Result<Command> {
    let engines = tools::engines()?;
    let folder = workspace::browser_tests();
    tools::packages(&folder)?;
    // WebKit draws on a display; Firefox does without.
    let mut command = process::command(engines.display);
    command
        .current_dir(&folder)
        .args(["--auto-servernum", "node", "node_modules/@playwright/test/cli.js", "test"])
        .args(["--config", "engines/playwright.config.ts"])
        .env("HABILITATION_FIREFOX", engines.firefox)
        .env("HABILITATION_WEBKIT", engines.webkit)
        .env("HABILITATION_WEBKIT_DRIVER", engines.webkit_driver)
        .env("HABILITATION_SERVER", server)
        .env("HABILITATION_DIST", workspace::dist());
    Ok(command)
}
