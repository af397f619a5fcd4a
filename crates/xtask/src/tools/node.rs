//! Node.js, and what comes from the npm registry.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::{process, workspace};

/// The oldest Node.js that all packages accept.
const OLDEST_NODE: u32 = 20;

/// Checks that Node.js and npm are there.
///
/// # Errors
/// When they are missing or too old.
pub(crate) fn node() -> anyhow::Result<()> {
    let said = process::version("node");
    if said.as_deref().and_then(major).is_none_or(|major| major < OLDEST_NODE) {
        bail!(
            "Node.js {OLDEST_NODE} or newer is missing: it makes the page smaller and runs \
             the browser tests. Install it with `apt-get install nodejs npm`, or the package manager \
             of your system"
        );
    }
    if process::version("npm").is_none() {
        bail!(
            "npm is missing: it installs what makes the page smaller, and the browser tests. \
             Install it with `apt-get install npm`, or the package manager of your system"
        );
    }
    Ok(())
}

/// The program of `crates/xtask/npm` that the build calls.
const MINIFIER: &str = "esbuild";

/// Folder in the cache for the packages of `crates/xtask/npm`.
///
/// # Errors
/// When the cache cannot be found.
pub(crate) fn build_packages() -> anyhow::Result<PathBuf> {
    Ok(workspace::cache()?.join("tools/npm"))
}

/// Finds or installs what makes the page smaller and answers the folder it is in.
///
/// # Errors
/// When it is missing and cannot be installed.
pub(super) fn build_tools() -> anyhow::Result<PathBuf> {
    let installed = build_packages()?;
    std::fs::create_dir_all(&installed).with_context(|| format!("{} cannot be created", installed.display()))?;
    let package = workspace::root().join("crates/xtask/npm");
    for file in ["package.json", "package-lock.json"] {
        std::fs::copy(package.join(file), installed.join(file))
            .with_context(|| format!("crates/xtask/npm/{file} cannot be copied"))?;
    }
    packages(&installed)?;
    let folder = installed.join("node_modules/.bin");
    if process::version(folder.join(MINIFIER)).is_none() {
        bail!("{}/{MINIFIER} was installed and does not work: remove the folder and try again", folder.display());
    }
    Ok(folder)
}

/// Installs the packages of a folder exactly as its lock file has them, unless they are there.
///
/// # Errors
/// When npm fails.
pub(crate) fn packages(folder: &Path) -> anyhow::Result<()> {
    node()?;
    let lock = std::fs::read(folder.join("package-lock.json"))
        .with_context(|| format!("{} has no package-lock.json", folder.display()))?;
    // A copy of the lock file, left when all was well, tells what is installed.
    let record = folder.join("node_modules/.installed-lock.json");
    if std::fs::read(&record).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    eprintln!("      npm installs what {} asks for", folder.join("package.json").display());
    let mut npm = process::command("npm");
    // None of these packages needs to run a script of its own to be installed.
    npm.current_dir(folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    process::run(&mut npm).with_context(|| format!("the packages of {} are missing", folder.display()))?;
    std::fs::write(&record, lock).with_context(|| format!("{} cannot be written", record.display()))
}

/// The major version in what `node --version` says.
fn major(said: &str) -> Option<u32> {
    said.trim_start_matches('v').split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_of_node_is_read() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("not found"), None);
    }
}
