//! The page as our own server serves it: it says itself where its API is. On a static host the page asks `config.json`,
//! and answers itself where there is none; no accident on the way may ever make such a demonstration of the real service.

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};

/// Writes `served.html` beside `index.html`.
///
/// # Errors
/// When a file cannot be read or written, or `index.html` is no whole document.
pub(super) fn write(dist: &Path) -> anyhow::Result<()> {
    let html = fs::read_to_string(dist.join("index.html")).context("the page has no index.html")?;
    let served = html.replacen("<html", "<html data-api=api", 1);
    ensure!(served != html, "index.html has no <html>");
    fs::write(dist.join("served.html"), served).context("dist/served.html cannot be written")
}
