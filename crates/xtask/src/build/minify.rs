//! Shorter JavaScript and style sheets: without comments, long names and blanks.
//!
//! Trunk has a minifier too; it gives up on the loader that wasm-bindgen writes.

use std::ffi::OsStr;
use std::path::Path;

use anyhow::Context;

use crate::process;

/// The loader of wasm-bindgen frees forgotten closures when JavaScript's garbage is collected. Where that happens in a page
/// that was left and is kept for "back", Chromium throws the page away, since kept pages must not run. Ours are freed by their
/// owners, or live as long as the page.
const NO_FINALIZERS: &str = "--define:FinalizationRegistry=undefined";

/// Minifies each script and style sheet of the folder in its place, with the esbuild on `path`.
///
/// # Errors
/// When a file cannot be read, or esbuild does not understand it.
pub(super) fn folder(folder: &Path, path: &OsStr) -> anyhow::Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    for entry in entries {
        let file = entry?.path();
        if file.extension().is_some_and(|extension| extension == "js" || extension == "css") {
            let mut esbuild = process::command("esbuild");
            // `light-dark()` and nested rules stay as they are written: no browser older than them is served.
            // What the loader keeps for functions that are not imported any more goes; the modules have no other effects.
            esbuild.arg(&file).args([
                "--minify",
                "--tree-shaking=true",
                "--target=esnext",
                "--charset=utf8",
                NO_FINALIZERS,
                "--log-level=warning",
            ]);
            esbuild.arg("--allow-overwrite").arg(format!("--outfile={}", file.display()));
            process::run(esbuild.env("PATH", path))?;
        }
    }
    Ok(())
}
