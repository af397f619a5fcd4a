//! Fingerprint of everything that goes into the page, by which an up-to-date build is not made again.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::{process, workspace};

/// Files and folders that the page is made of, the steps of its build included.
const INPUTS: [&str; 19] = [
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "Trunk.toml",
    "build.rs",
    "crates/model",
    "crates/model-derive",
    "crates/splitter",
    "crates/xtask/npm",
    "crates/xtask/src/build",
    "crates/xtask/src/build.rs",
    "crates/xtask/src/tools",
    "crates/xtask/src/tools.rs",
    "index.html",
    "public",
    "src",
    "style",
];

/// The fingerprint of the inputs and of the compiler.
///
/// # Errors
/// When a file cannot be read.
pub(super) fn inputs() -> anyhow::Result<u64> {
    let mut files = Vec::new();
    for input in INPUTS {
        collect(&workspace::root().join(input), &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    process::version("rustc").hash(&mut hasher);
    for file in files {
        file.strip_prefix(workspace::root())?.hash(&mut hasher);
        let content = std::fs::read(&file);
        content.with_context(|| format!("{} cannot be read", file.display()))?.hash(&mut hasher);
    }
    Ok(hasher.finish())
}

/// Returns whether `dist/` was built from these inputs.
///
/// # Errors
/// When the target folder cannot be found.
pub(super) fn is_built(inputs: u64) -> anyhow::Result<bool> {
    let built = std::fs::read_to_string(record()?).unwrap_or_default();
    // The list of licences is written after everything that Trunk makes.
    Ok(built == text(inputs) && workspace::dist().join("licences.txt").is_file())
}

/// Notes that `dist/` was built from these inputs.
///
/// # Errors
/// When the note cannot be written.
pub(super) fn remember(inputs: u64) -> anyhow::Result<()> {
    let record = record()?;
    std::fs::write(&record, text(inputs)).with_context(|| format!("{} cannot be written", record.display()))
}

/// Notes that `dist/` holds nothing to rely on.
///
/// # Errors
/// When the note cannot be removed.
pub(super) fn forget() -> anyhow::Result<()> {
    let record = record()?;
    match std::fs::remove_file(&record) {
        Err(failure) if failure.kind() != std::io::ErrorKind::NotFound => {
            Err(failure).with_context(|| format!("{} cannot be removed", record.display()))
        }
        _ => Ok(()),
    }
}

fn record() -> anyhow::Result<PathBuf> {
    Ok(workspace::target()?.join("page.fingerprint"))
}

/// Content of the record; it names the checkout, since several may share a target folder.
fn text(inputs: u64) -> String {
    format!("{inputs:016x} {}\n", workspace::root().display())
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    if path.is_dir() {
        let entries = std::fs::read_dir(path).with_context(|| format!("{} cannot be read", path.display()))?;
        for entry in entries {
            collect(&entry?.path(), files)?;
        }
    } else if path.is_file() {
        files.push(path.to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_under_a_folder_counts() {
        let mut files = Vec::new();
        collect(&workspace::root().join("crates/xtask/src"), &mut files).unwrap();
        let here = workspace::root().join("crates/xtask/src/build/fingerprint.rs");
        assert!(files.contains(&here), "{files:?}");
    }

    #[test]
    fn the_same_files_give_the_same_fingerprint() {
        assert_eq!(inputs().unwrap(), inputs().unwrap());
    }
}
