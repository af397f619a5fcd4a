//! A smaller program: what no browser runs is taken out, and the rest written so that it compresses well.

use std::ffi::OsStr;
use std::path::Path;

use anyhow::Context;

use crate::{process, tools, workspace};

/// The features of WebAssembly that the compiler uses: wasm-opt refuses a module with any other.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// What counts is the size after brotli, and these make that smaller, some of them against the size before: code that is
/// alike compresses to next to nothing as long as it stays alike. Functions that stay small have few locals, which then
/// have short numbers.
const OPTIMISATIONS: [&str; 9] = [
    "-Oz",
    "--converge",
    "--low-memory-unused",
    "--always-inline-max-function-size=1",
    "--one-caller-inline-max-function-size=10",
    "--skip-pass=local-cse",
    "--skip-pass=merge-similar-functions",
    "--strip-producers",
    "--strip-target-features",
];

/// Shrinks the program in the folder, with the wasm-opt on `path`.
///
/// # Errors
/// When there is no program, or a tool does not understand it.
pub(super) fn program(dist: &Path, path: &OsStr) -> anyhow::Result<()> {
    let entries = std::fs::read_dir(dist).with_context(|| format!("{} cannot be read", dist.display()))?;
    let files = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    let program = files.iter().find(|file| file.extension() == Some(OsStr::new("wasm")));
    let program = program.context("the build left no WebAssembly")?;
    let script = workspace::root().join("crates/xtask/src/build/shrink.mjs");
    process::run(process::command("node").arg(script).arg(program).arg(tools::build_packages()?))?;
    let mut optimise = process::command("wasm-opt");
    optimise.arg(program).args(FEATURES).args(OPTIMISATIONS).arg("-o").arg(program);
    process::run(optimise.env("PATH", path))
}
