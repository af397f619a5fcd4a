//! Paths of the checkout, of what is built from it, and of the cache outside it.

use std::path::{Path, PathBuf};

use anyhow::Context;

/// The root of the checkout.
pub(crate) fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here)
}

/// The built page, as it is served.
pub(crate) fn dist() -> PathBuf {
    root().join("dist")
}

/// The browser tests, a package of its own.
pub(crate) fn browser_tests() -> PathBuf {
    root().join("tests/browser")
}

/// Cargo's target folder, wherever the environment or the user's settings put it.
///
/// # Errors
/// When this program does not run from a target folder.
pub(crate) fn target() -> anyhow::Result<PathBuf> {
    // target/debug/xtask
    let program = std::env::current_exe().context("this program has no path")?;
    let target = program.ancestors().nth(2);
    Ok(target.context("this program is not in a target folder")?.to_owned())
}

/// Folder of tools that take minutes to build, shared by all checkouts.
///
/// # Errors
/// When neither `HABILITATION_CACHE` nor `HOME` is set.
pub(crate) fn cache() -> anyhow::Result<PathBuf> {
    if let Some(chosen) = std::env::var_os("HABILITATION_CACHE") {
        return Ok(PathBuf::from(chosen));
    }
    let home = std::env::var_os("HOME")
        .context("neither HABILITATION_CACHE nor HOME is set: there is no folder for the tools")?;
    Ok(Path::new(&home).join(".cache/habilitation"))
}

/// The version of a package in Cargo.lock; the first one where there are several.
///
/// # Errors
/// When Cargo.lock cannot be read or does not name the package.
pub(crate) fn locked_version(package: &str) -> anyhow::Result<String> {
    let path = root().join("Cargo.lock");
    let lock = std::fs::read_to_string(&path).context("Cargo.lock cannot be read")?;
    version_in(&lock, package).map(str::to_owned).with_context(|| format!("Cargo.lock names no package `{package}`"))
}

fn version_in<'lock>(lock: &'lock str, package: &str) -> Option<&'lock str> {
    let entry = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    entry.1.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_from_the_entry_of_that_very_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-shared\"\nversion = \"9.9.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.126\"\nsource = \"…\"\n";
        assert_eq!(version_in(lock, "wasm-bindgen"), Some("0.2.126"));
        assert_eq!(version_in(lock, "bindgen"), None);
    }

    #[test]
    fn the_root_is_where_the_lock_file_is() {
        assert!(root().join("Cargo.lock").is_file());
    }
}
