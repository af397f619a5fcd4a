//! Splits the page's program into parts, along the functions that `src/lazy.rs` defers.
//!
//! usage: splitter PROGRAM.wasm FOLDER
//!
//! PROGRAM.wasm is the output of the linker, before wasm-bindgen. The folder gets
//!
//! - `first.wasm`, which goes through wasm-bindgen in its place,
//! - a file for each other part, named after it (`rest.wasm`), and `chunk_N.wasm` for code that several of them share. They use
//!   the memory and the table of the first,
//! - `parts.json`, an object that tells for each part which files it takes, by their names without the extension.

mod panics;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(program), Some(folder)) = (arguments.next(), arguments.next()) else {
        anyhow::bail!("usage: splitter PROGRAM.wasm FOLDER");
    };
    let bytes = std::fs::read(&program).with_context(|| format!("{} cannot be read", program.display()))?;
    let bytes = panics::remove(&bytes).context("reports of panics cannot be removed")?;
    let first = folder.join("first.wasm");
    let mut options = wasm_split_cli_support::Options::new(&bytes);
    options.output_dir = &folder;
    options.main_out_path = &first;
    let split = wasm_split_cli_support::transform(options).map_err(|error| anyhow!("{error:?}"))?;
    for module in &split.split_modules {
        let stem = module.file_stem().and_then(|stem| stem.to_str()).context("a part has no name")?;
        rename(module, &folder.join(name(stem)).with_extension("wasm"))?;
    }
    let parts: BTreeMap<&String, Vec<&str>> =
        split.prefetch_map.iter().map(|(part, files)| (part, files.iter().map(|file| name(file)).collect())).collect();
    let json = serde_json::to_string(&parts).context("the parts cannot be listed")?;
    std::fs::write(folder.join("parts.json"), json).context("the list of parts cannot be written")
}

/// Returns the name of a part, given the name that the library gives its file.
fn name(stem: &str) -> &str {
    stem.strip_prefix("split_").unwrap_or(stem)
}

fn rename(from: &Path, to: &Path) -> anyhow::Result<()> {
    std::fs::rename(from, to).with_context(|| format!("{} cannot be renamed", from.display()))
}
