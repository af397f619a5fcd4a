//! Compressed copies beside the files of a folder, so that the server never compresses.

use std::path::Path;

use crate::{process, workspace};

/// Writes a `.br` and a `.gz` beside each file of the folder, where that is smaller.
///
/// Node.js does the work: it has to be there anyway, and its compressors are compiled already,
/// while ones in Rust would be the longest part of this crate's own compilation.
///
/// # Errors
/// When a file cannot be read or written.
pub(super) fn folder(folder: &Path) -> anyhow::Result<()> {
    let script = workspace::root().join("crates/xtask/src/build/compress.mjs");
    process::run(process::command("node").arg(script).arg(folder))
}
