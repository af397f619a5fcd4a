//! Joining of the scripts: each is one file, made of its modules.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use crate::process;

/// Scripts that have modules: the beginning of the file's name, and the folder of the modules.
const SCRIPTS: [(&str, &str); 2] = [("boot-", BOOT), ("embed.js", "embed")];

/// Folder of the modules of the script that starts the page.
const BOOT: &str = "boot";

/// Modules that are fetched only where they are needed.
const FETCHED_LATER: [&str; 2] = ["documents.js", "embed.js"];

/// Bundles each script with its modules, with the esbuild on `path`.
///
/// # Errors
/// When a module is missing, or esbuild does not understand it.
pub(super) fn bundle(dist: &Path, path: &OsStr) -> anyhow::Result<()> {
    for (beginning, modules) in SCRIPTS {
        let script = script(dist, beginning)?;
        let mut arguments = vec!["--bundle".to_owned(), "--format=esm".to_owned()];
        if modules == BOOT {
            arguments.extend(FETCHED_LATER.map(|name| format!("--external:{}", dist.join(name).display())));
        }
        let mut esbuild = process::command("esbuild");
        esbuild.arg(&script).args(arguments).args([
            "--minify",
            "--target=esnext",
            "--charset=utf8",
            "--log-level=warning",
        ]);
        esbuild.arg("--allow-overwrite").arg(format!("--outfile={}", script.display()));
        process::run(esbuild.env("PATH", path))?;
        fs::remove_dir_all(dist.join(modules)).with_context(|| format!("dist/{modules} cannot be removed"))?;
    }
    Ok(())
}

/// Returns the one script of the folder whose name begins so.
fn script(dist: &Path, beginning: &str) -> anyhow::Result<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dist).context("dist cannot be read")? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(beginning) && name.ends_with(".js") {
            found.push(entry.path());
        }
    }
    ensure!(found.len() == 1, "dist/ has {} files {beginning}*.js", found.len());
    Ok(found.remove(0))
}
