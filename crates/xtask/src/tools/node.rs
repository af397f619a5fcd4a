//! Node.js, and what comes from the npm registry.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::is_version;
use crate::{process, workspace};

/// The oldest Node.js that all packages accept.
const OLDEST_NODE: u32 = 20;

/// The version of Binaryen, of which `wasm-opt` is a part.
const BINARYEN: &str = "132";

/// Checks that Node.js and npm are there.
///
/// # Errors
/// When they are missing or too old.
pub(crate) fn node() -> anyhow::Result<()> {
    let said = process::version("node");
    if said.as_deref().and_then(major).is_none_or(|major| major < OLDEST_NODE) {
        bail!(
            "Node.js {OLDEST_NODE} or newer is missing: it runs wasm-opt, the compression and the \
             browser tests. Install it with `apt-get install nodejs npm`, or the package manager \
             of your system"
        );
    }
    if process::version("npm").is_none() {
        bail!(
            "npm is missing: it installs wasm-opt and the browser tests. \
             Install it with `apt-get install npm`, or the package manager of your system"
        );
    }
    Ok(())
}

/// Finds or installs `wasm-opt` and answers the folder it is in.
///
/// # Errors
/// When it is missing and cannot be installed.
pub(super) fn wasm_opt() -> anyhow::Result<PathBuf> {
    node()?;
    if let Some(found) = process::find("wasm-opt")
        && works(&found)
        && let Some(folder) = found.parent()
    {
        return Ok(folder.to_owned());
    }
    let installed = workspace::cache()?.join(format!("tools/binaryen-{BINARYEN}"));
    let programs = Path::new("node_modules/.bin");
    if works(&installed.join(programs).join("wasm-opt")) {
        return Ok(installed.join(programs));
    }
    eprintln!("      wasm-opt {BINARYEN} is installed: it makes the page's WebAssembly smaller");
    remove(&installed)?;
    std::fs::create_dir_all(&installed).with_context(|| format!("{} cannot be created", installed.display()))?;
    let package = workspace::root().join("crates/xtask/binaryen");
    for file in ["package.json", "package-lock.json"] {
        std::fs::copy(package.join(file), installed.join(file))
            .with_context(|| format!("crates/xtask/binaryen/{file} cannot be copied"))?;
    }
    install(&installed).context(
        "wasm-opt is missing: it makes the page's WebAssembly smaller. \
         Install it with `npm install --global binaryen@132`",
    )?;
    let folder = installed.join(programs);
    if !works(&folder.join("wasm-opt")) {
        bail!("{}/wasm-opt was installed and does not work", folder.display());
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
    install(folder).with_context(|| format!("`npm ci` failed in {}", folder.display()))?;
    std::fs::write(&record, lock).with_context(|| format!("{} cannot be written", record.display()))
}

fn install(folder: &Path) -> anyhow::Result<()> {
    let mut npm = process::command("npm");
    npm.current_dir(folder).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    process::run(&mut npm)
}

fn works(wasm_opt: &Path) -> bool {
    process::version(wasm_opt).is_some_and(|said| is_version(&said, BINARYEN))
}

fn remove(folder: &Path) -> anyhow::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(failure) if failure.kind() != std::io::ErrorKind::NotFound => {
            Err(failure).with_context(|| format!("{} cannot be removed", folder.display()))
        }
        _ => Ok(()),
    }
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
