//! The crates that the page or the server contains, and their licences.
//!
//! Those are its normal dependencies for its target, found by walking the graph that
//! cargo resolved; macros run in the compiler and leave nothing of themselves in it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::Value;

use crate::tools::WASM;
use crate::{process, workspace};

/// A crate that is contained.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Crate {
    pub(crate) name: String,
    pub(crate) version: String,
    /// Expression of SPDX.
    pub(crate) licence: String,
    pub(crate) repository: Option<String>,
    folder: PathBuf,
}

/// Writes the list of the page.
///
/// # Errors
/// When cargo cannot tell the dependencies, or a file cannot be read or written.
pub(super) fn write(list: &Path) -> anyhow::Result<()> {
    write_list(list, "page", &crates_of("Cargo.toml", WASM)?)
}

/// Writes a list of crates with their licences.
///
/// # Errors
/// When a file cannot be read or written.
pub(crate) fn write_list(list: &Path, whose: &str, crates: &BTreeSet<Crate>) -> anyhow::Result<()> {
    std::fs::write(list, text(whose, crates)?).with_context(|| format!("{} cannot be written", list.display()))
}

/// Returns the third-party crates that the package of a manifest contains where it is built for a target.
///
/// # Errors
/// When cargo cannot tell the dependencies.
pub(crate) fn crates_of(manifest: &str, target: &str) -> anyhow::Result<BTreeSet<Crate>> {
    let mut ask = process::cargo();
    ask.args(["metadata", "--format-version=1", "--locked", "--filter-platform", target, "--manifest-path", manifest]);
    let metadata = serde_json::from_str(&process::capture(&mut ask)?)
        .context("`cargo metadata` answered something else than JSON")?;
    contained(&metadata).context("`cargo metadata` has an unknown form")
}

/// The third-party crates that the root package contains, by name and version.
fn contained(metadata: &Value) -> Option<BTreeSet<Crate>> {
    let packages = by_id(metadata["packages"].as_array()?)?;
    let nodes = by_id(metadata["resolve"]["nodes"].as_array()?)?;
    let mut crates = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut waiting = vec![metadata["resolve"]["root"].as_str()?];
    while let Some(id) = waiting.pop() {
        let package = packages.get(id)?;
        if !seen.insert(id) || is_macro(package) {
            continue;
        }
        // Packages without a source are those of this workspace.
        if !package["source"].is_null() {
            crates.insert(third_party(package)?);
        }
        for dependency in nodes.get(id)?["deps"].as_array()? {
            let mut kinds = dependency["dep_kinds"].as_array()?.iter();
            if kinds.any(|kind| kind["kind"].is_null()) {
                waiting.push(dependency["pkg"].as_str()?);
            }
        }
    }
    Some(crates)
}

fn by_id(list: &[Value]) -> Option<BTreeMap<&str, &Value>> {
    list.iter().map(|entry| Some((entry["id"].as_str()?, entry))).collect()
}

fn is_macro(package: &Value) -> bool {
    let mut kinds = package["targets"].as_array().into_iter().flatten().map(|target| &target["kind"]);
    kinds.any(|kind| kind.as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "proc-macro")))
}

fn third_party(package: &Value) -> Option<Crate> {
    let manifest = Path::new(package["manifest_path"].as_str()?);
    Some(Crate {
        name: package["name"].as_str()?.to_owned(),
        version: package["version"].as_str()?.to_owned(),
        licence: package["license"].as_str().unwrap_or("see the text").to_owned(),
        repository: package["repository"].as_str().map(str::to_owned),
        folder: manifest.parent()?.to_owned(),
    })
}

fn text(whose: &str, crates: &BTreeSet<Crate>) -> anyhow::Result<String> {
    let rule = "=".repeat(80);
    let mut text = format!("The {whose} contains these crates, in whole or in part.\n\n");
    for Crate { name, version, licence, .. } in crates {
        writeln!(text, "  {name} {version}: {licence}")?;
    }
    text.push_str(
        "\nIt also contains parts of the Rust standard library (MIT OR Apache-2.0). Where a crate\n\
         offers a choice that includes the Apache License 2.0 and carries no text of its own, its\n\
         text is the one at the end of this file.\n",
    );
    // Many crates carry the same text of the Apache License: each text is printed once.
    let mut printed: HashMap<String, String> = HashMap::new();
    for found in crates {
        write!(text, "\n{rule}\n{} {}: {}\n", found.name, found.version, found.licence)?;
        if let Some(repository) = &found.repository {
            writeln!(text, "{repository}")?;
        }
        for file in licence_files(&found.folder)? {
            let content = std::fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
            let title = file.file_name().unwrap_or_default().to_string_lossy();
            let content = String::from_utf8_lossy(&content).replace("\r\n", "\n");
            let content = content.trim().to_owned();
            match printed.get(&content) {
                Some(first) => writeln!(text, "\n--- {title}: the same text as {first}")?,
                None => {
                    write!(text, "\n--- {title}\n\n{content}\n")?;
                    printed.insert(content, format!("{title} of {} {}", found.name, found.version));
                }
            }
        }
    }
    let apache =
        std::fs::read_to_string(workspace::root().join("LICENSE-APACHE")).context("LICENSE-APACHE cannot be read")?;
    write!(text, "\n{rule}\nApache License 2.0\n\n{apache}")?;
    Ok(text)
}

/// The files of a crate that hold its licence, by name.
fn licence_files(folder: &Path) -> anyhow::Result<BTreeSet<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut files = BTreeSet::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        let named = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"];
        if path.is_file() && named.iter().any(|start| name.starts_with(start)) {
            files.insert(path);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn package(id: &str, source: Option<&str>, kind: &str) -> Value {
        json!({
            "id": id, "name": id, "version": "1.0.0", "license": "MIT", "repository": null,
            "source": source, "manifest_path": format!("/crates/{id}/Cargo.toml"),
            "targets": [{ "kind": [kind] }],
        })
    }

    fn depends(id: &str, kind: Option<&str>) -> Value {
        json!({ "pkg": id, "dep_kinds": [{ "kind": kind, "target": null }] })
    }

    #[test]
    fn only_what_ends_in_the_page_is_listed() {
        let registry = Some("registry");
        let metadata = json!({
            "packages": [
                package("page", None, "cdylib"),
                package("model", None, "lib"),
                package("linked", registry, "lib"),
                package("linked-deeper", registry, "lib"),
                package("macros", registry, "proc-macro"),
                package("of-the-macros", registry, "lib"),
                package("for-tests", registry, "lib"),
                package("of-the-build", registry, "lib"),
            ],
            "resolve": { "root": "page", "nodes": [
                { "id": "page", "deps": [
                    depends("model", None), depends("macros", None), depends("for-tests", Some("dev")),
                ]},
                { "id": "model", "deps": [depends("linked", None), depends("of-the-build", Some("build"))] },
                { "id": "linked", "deps": [depends("linked-deeper", None)] },
                { "id": "linked-deeper", "deps": [] },
                { "id": "macros", "deps": [depends("of-the-macros", None)] },
                { "id": "of-the-macros", "deps": [] },
                { "id": "for-tests", "deps": [] },
                { "id": "of-the-build", "deps": [] },
            ]},
        });
        let crates = contained(&metadata).unwrap();
        let names: Vec<_> = crates.iter().map(|found| found.name.as_str()).collect();
        assert_eq!(names, ["linked", "linked-deeper"]);
    }

    #[test]
    fn licence_files_are_known_by_their_name() {
        let files = licence_files(workspace::root()).unwrap();
        let names: Vec<_> = files.iter().filter_map(|file| file.file_name()).collect();
        assert_eq!(names, ["LICENSE-APACHE", "LICENSE-MIT"]);
    }
}
