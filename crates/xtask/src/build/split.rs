//! Splitting of the program: the first part has all that the first field needs, the rest is fetched on demand.
//!
//! `src/lazy.rs` declares the functions that are deferred.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::{process, tools, workspace};

/// The files of the program. They share a name: one is no use without the others.
pub(super) struct Parts {
    /// Part that starts the page.
    pub(super) first: PathBuf,
    /// Part that the first one fetches.
    pub(super) rest: PathBuf,
    /// The script that loads the first part, and the rest for it.
    pub(super) loader: PathBuf,
}

impl Parts {
    /// The files of the program in the folder, whether they are there yet or not.
    ///
    /// # Errors
    /// When there is no program.
    pub(super) fn of(dist: &Path) -> anyhow::Result<Self> {
        let files = std::fs::read_dir(dist).context("the build left nothing")?;
        let name = |entry: std::io::Result<std::fs::DirEntry>| entry.ok()?.file_name().into_string().ok();
        let mut names = files.filter_map(name);
        let stem = names.find_map(|name| name.strip_suffix("_bg.wasm").map(str::to_owned));
        let stem = stem.context("the build left no program")?;
        let file = |end: &str| dist.join(format!("{stem}{end}"));
        Ok(Self { first: file("_bg.wasm"), rest: file("_rest.wasm"), loader: file(".js") })
    }
}

/// Replaces the whole program in the folder by its two parts and their loader.
///
/// # Errors
/// When the program is not there, or cannot be cut.
pub(super) fn program(dist: &Path, path: &OsStr) -> anyhow::Result<()> {
    let parts = Parts::of(dist)?;
    let target = workspace::target()?;
    // What the linker made: which code refers to which is known no more once wasm-bindgen has been at it.
    let linked = target.join(tools::WASM).join("page/habilitation.wasm");
    let work = target.join("split");
    std::fs::create_dir_all(&work).with_context(|| format!("{} cannot be made", work.display()))?;
    process::run(process::cargo().args(["run", "--quiet", "--package", "splitter", "--"]).arg(linked).arg(&work))
        .context("the program cannot be cut in two")?;
    let mut bindgen = process::command("wasm-bindgen");
    // The rest shares the table of the first part, which is only kept that way.
    bindgen.args(["--target", "web", "--no-typescript", "--keep-lld-exports", "--out-name", "first", "--out-dir"]);
    process::run(bindgen.arg(&work).arg(work.join("first.wasm")).env("PATH", path))?;
    for (from, to) in [("first_bg.wasm", &parts.first), ("first.js", &parts.loader), ("rest.wasm", &parts.rest)] {
        std::fs::copy(work.join(from), to).with_context(|| format!("{} cannot be written", to.display()))?;
    }
    Ok(())
}
