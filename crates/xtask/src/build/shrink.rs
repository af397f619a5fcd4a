//! Smaller programs: what nothing uses is taken out, and what stays is written so that it compresses well.

use std::path::Path;
use std::process::Command;

use super::split::{self, Parts};
use crate::{process, tools, workspace};

/// Shrinks the parts of the program in the folder and its loader.
///
/// Node.js does the work, with the library behind wasm-opt: in two processes, since the first part takes as long as all others.
///
/// # Errors
/// When one of them is missing, or is not as wasm-bindgen writes it.
pub(super) fn program(dist: &Path) -> anyhow::Result<()> {
    let parts = Parts::of(dist)?;
    let mut first = shrinking("first")?;
    first.arg(&parts.first).arg(&parts.loader).arg(split::list()?);
    let mut deferred = shrinking("deferred")?;
    deferred.args(&parts.deferred);
    process::run_both(&mut first, &mut deferred)
}

/// The script that shrinks, for parts of a kind, still without their files.
fn shrinking(kind: &str) -> anyhow::Result<Command> {
    let mut node = process::command("node");
    node.arg(workspace::root().join("crates/xtask/src/build/shrink.mjs")).arg(tools::build_packages()?).arg(kind);
    Ok(node)
}
