//! Smaller programs: what nothing uses is taken out, and what stays is written so that it compresses well.

use std::path::Path;

use super::split::{self, Parts};
use crate::{process, tools, workspace};

/// Shrinks the parts of the program in the folder and its loader.
///
/// Node.js does the work, with the library behind wasm-opt.
///
/// # Errors
/// When one of them is missing, or is not as wasm-bindgen writes it.
pub(super) fn program(dist: &Path) -> anyhow::Result<()> {
    let parts = Parts::of(dist)?;
    let script = workspace::root().join("crates/xtask/src/build/shrink.mjs");
    let mut node = process::command("node");
    node.arg(script).arg(tools::build_packages()?).arg(split::list()?).arg(&parts.loader).arg(&parts.first);
    process::run(node.args(&parts.deferred))
}
