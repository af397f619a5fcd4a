//! A smaller program: what no browser runs is taken out, and the rest written so that it compresses well.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::{process, tools, workspace};

/// Shrinks the program in the folder and its loader.
///
/// Node.js does the work, with the library behind wasm-opt.
///
/// # Errors
/// When one of them is missing, or is not as wasm-bindgen writes it.
pub(super) fn program(dist: &Path) -> anyhow::Result<()> {
    let program = only(dist, "_bg.wasm").context("the build left no program")?;
    let loader = PathBuf::from(program.to_string_lossy().replace("_bg.wasm", ".js"));
    let script = workspace::root().join("crates/xtask/src/build/shrink.mjs");
    process::run(process::command("node").arg(script).args([&program, &loader]).arg(tools::build_packages()?))
}

/// The file of the folder whose name ends so.
fn only(folder: &Path, end: &str) -> Option<PathBuf> {
    let files = std::fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    files.into_iter().find(|file| file.file_name().and_then(OsStr::to_str).is_some_and(|name| name.ends_with(end)))
}
